from __future__ import annotations

from latsar.notices.models import Notice
from latsar.notices.services import notify


def test_notices_shows_own_and_counts_unread(cast, sign_in):
    notify(user=cast.pksdm, text="Berkas dikembalikan", url="/peserta/")
    notify(user=cast.stranger, text="Bukan untuk Anda")
    html = sign_in(cast.pksdm).get("/pemberitahuan/").content.decode()
    assert "Berkas dikembalikan" in html
    assert "1 belum dibaca." in html
    assert "Bukan untuk Anda" not in html


def test_notices_read_marks_one_and_leads_on(cast, sign_in):
    notice = notify(user=cast.pksdm, text="Berkas dikembalikan", url="/peserta/")
    answer = sign_in(cast.pksdm).post("/pemberitahuan/baca/", {"id": notice.pk})
    assert (answer.status_code, answer.url) == (302, "/peserta/")
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_notices_read_never_leads_outside(cast, sign_in):
    notice = notify(user=cast.pksdm, text="Umpan", url="https://jahat.example/")
    assert sign_in(cast.pksdm).post("/pemberitahuan/baca/", {"id": notice.pk}).url == "/pemberitahuan/"


def test_notices_read_of_somebody_else_is_not_found(cast, sign_in):
    notice = notify(user=cast.pksdm, text="Berkas dikembalikan")
    client = sign_in(cast.stranger)
    assert client.post("/pemberitahuan/baca/", {"id": notice.pk}).status_code == 404
    assert client.post("/pemberitahuan/baca/", {"id": "x"}).status_code == 404
    assert not Notice.objects.get(pk=notice.pk).read_at


def test_notices_read_without_id_marks_all_of_mine(cast, sign_in):
    mine, other = notify(user=cast.pksdm, text="Satu"), notify(user=cast.stranger, text="Dua")
    sign_in(cast.pksdm).post("/pemberitahuan/baca/")
    assert Notice.objects.get(pk=mine.pk).read_at
    assert not Notice.objects.get(pk=other.pk).read_at
