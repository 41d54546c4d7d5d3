"""Where somebody lands whose session has ended, or who opens the address of a form."""

from __future__ import annotations

from urllib.parse import unquote

PAGE = "http://testserver/peserta/?tahap=returned"
FORM = "/peserta/1/langkah/"


def test_access_middleware_form_after_session_end_leads_back_to_its_page(client, db):
    answer = client.post(FORM, headers={"referer": PAGE})
    assert answer.status_code == 302
    assert unquote(answer["Location"]) == "/masuk/?next=/peserta/?tahap=returned"


def test_access_middleware_form_from_another_site_leads_home(client, db):
    answer = client.post(FORM, headers={"referer": "https://contoh.org/peserta/"})
    assert answer["Location"] == "/masuk/?next=/"


def test_access_middleware_htmx_piece_after_session_end_leaves_the_page(client, db):
    answer = client.get("/pekerjaan/1/", headers={"hx-request": "true", "hx-current-url": PAGE})
    assert answer.status_code == 204
    assert unquote(answer["HX-Redirect"]) == "/masuk/?next=/peserta/?tahap=returned"


def test_access_middleware_page_after_session_end_leads_back_to_itself(client, db):
    assert client.get("/peserta/", headers={"referer": PAGE})["Location"] == "/masuk/?next=/peserta/"


def test_method_not_allowed_opened_as_a_page_says_so_in_words(cast, sign_in):
    answer = sign_in(cast.admin_kupang).get(FORM)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "hanya menerima isian dari tombol" in answer.content.decode()
