from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aktualisasi.fields import digest
from aktualisasi.models import Issue, IssueCorrection, Kegiatan, Paper, Rancangan, RemovedRow
from latsar.accounts.models import AuditEntry
from participants.models import Participant

HOME = "/aktualisasi/rancangan/"
PAGES = ("", "profil/", "isu/", "akar/", "gagasan/", "kegiatan/", "nilai/", "jadwal/", "matriks/")


def body(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def client(builder, sign_in):
    return sign_in(builder.author)


def test_pages_of_an_empty_rancangan_open_and_write_nothing(client) -> None:
    for page in PAGES:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(HOME + page).status_code == 200
        assert {q["sql"].split()[0] for q in seen if "django_session" not in q["sql"]} == {"SELECT"}
    assert not Rancangan.objects.exists()


def test_pages_cost_the_same_for_one_and_three_rows(builder, client) -> None:
    builder.whole()

    def count(page: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(page).status_code == 200
        return len(seen)

    pages = [
        *(HOME + page for page in PAGES),
        f"{HOME}kegiatan/{Kegiatan.objects.get().pk}/",
        f"/aktualisasi/{Rancangan.objects.get().pk}/isi/",
    ]
    before = [count(page) for page in pages]
    for n in range(2):
        row = builder.kegiatan(f"Kegiatan {n}")
        builder.add("tahapan", row.pk)
        builder.issue("Lagi", "333")
    assert [count(page) for page in pages] == before


def test_field_endpoint_saves_and_says_when(client) -> None:
    answer = client.post(HOME + "isian/", {"kunci": "rancangan.title", "isi": "Menata arsip", "lihat": digest("")})
    said = answer.json()
    assert (answer.status_code, said["seen"]) == (200, digest("Menata arsip"))
    assert re.fullmatch(r"\d\d\.\d\d WI(B|TA|T)", said["at"])


def test_field_endpoint_conflict_is_409_with_the_stored_text(builder, client) -> None:
    builder.save("rancangan.title", "Jendela satu")
    answer = client.post(HOME + "isian/", {"kunci": "rancangan.title", "isi": "Jendela dua", "lihat": digest("")})
    assert (answer.status_code, answer.json()["stored"], answer.json()["url"]) == (409, "Jendela satu", f"{HOME}gagasan/#rancangan.title")
    again = client.post(HOME + "isian/", {"kunci": "rancangan.title", "isi": "Jendela dua", "lihat": answer.json()["seen"]})
    assert (again.status_code, Rancangan.objects.get().title) == (200, "Jendela dua")


def test_field_endpoint_dropping_keeps_the_typed_in_the_trail(builder, client) -> None:
    builder.save("rancangan.title", "Tersimpan")
    assert client.post(HOME + "isian/", {"kunci": "rancangan.title", "isi": "Ketikan", "lepas": "1"}).json()["text"] == "Tersimpan"
    assert AuditEntry.objects.get(verb="drop_field").changes["rancangan.title"] == ["Ketikan", "Tersimpan"]


def test_field_endpoint_names_what_does_not_fit(client) -> None:
    answer = client.post(HOME + "isian/", {"kunci": "rancangan.title", "isi": "x" * 251, "lihat": digest("")})
    assert (answer.status_code, "Terlalu panjang 1 huruf" in answer.json()["message"]) == (422, True)


def test_page_without_a_script_saves_all_fields_at_once(builder, client) -> None:
    data = {}
    for name in ("title", "summary", "idea"):
        data |= {f"rancangan.{name}": f"Isi {name}", f"lihat.rancangan.{name}": digest("")}
    answer = client.post(HOME + "gagasan/", {**data, "aksi": "lanjut"})
    assert answer.url == f"{HOME}kegiatan/"
    row = Rancangan.objects.get()
    assert (row.title, row.summary, row.idea) == ("Isi title", "Isi summary", "Isi idea")


def test_page_conflict_is_409_keeps_what_was_typed_and_saves_the_rest(builder, client) -> None:
    builder.save("rancangan.title", "Jendela satu")
    data = {
        "rancangan.title": "Jendela dua",
        "lihat.rancangan.title": digest(""),
        "rancangan.summary": "Ringkasan",
        "lihat.rancangan.summary": digest(""),
        "aksi": "lanjut",
    }
    answer = client.post(HOME + "gagasan/", data)
    text = body(answer)
    assert answer.status_code == 409
    assert "Jendela dua</textarea>" in text
    assert "Jendela satu" in text
    assert f'name="lihat.rancangan.title" value="{digest("Jendela satu")}"' in text
    row = Rancangan.objects.get()
    assert (row.title, row.summary) == ("Jendela satu", "Ringkasan")


def test_page_too_long_is_422_and_keeps_every_letter(client) -> None:
    long = "y" * 4001
    answer = client.post(HOME + "gagasan/", {"rancangan.idea": long, "lihat.rancangan.idea": digest("")})
    assert (answer.status_code, f"{long}</textarea>" in body(answer)) == (422, True)


def test_locked_fields_that_a_browser_does_not_send_are_left_alone(builder, client) -> None:
    issue = builder.issue("Arsip", "554")
    client.post(HOME + "isu/", {f"lihat.issue.{issue.pk}.urgency": digest("5")})
    issue.refresh_from_db()
    assert issue.urgency == 5


def test_weeks_without_a_tick_are_taken_away(builder, client) -> None:
    row = builder.kegiatan()
    builder.save(f"kegiatan.{row.pk}.weeks", "1,3")
    assert client.get(HOME + "jadwal/").content.decode().count(" checked>") == 2
    client.post(HOME + "jadwal/", {f"lihat.kegiatan.{row.pk}.weeks": digest("1,3")})
    row.refresh_from_db()
    assert row.weeks == []


def test_rows_are_added_moved_removed_and_brought_back_by_buttons(builder, client) -> None:
    assert client.post(HOME + "isu/", {"aksi": "tambah:issue"}).url.startswith(f"{HOME}isu/#issue.")
    first = Issue.objects.get()
    second = builder.issue("PPID")
    client.post(HOME + "isu/", {"aksi": f"naik:issue:{second.pk}"})
    assert list(Issue.objects.order_by("order")) == [second, first]
    answer = client.post(HOME + "isu/", {"aksi": f"hapus:issue:{second.pk}"})
    kept = RemovedRow.objects.get()
    assert answer.url == f"{HOME}isu/?hapus={kept.pk}"
    assert f'value="kembalikan:{kept.pk}"' in body(client.get(answer.url))
    assert "Baris yang dihapus" in body(client.get(HOME))
    client.post(HOME, {"aksi": f"kembalikan:{kept.pk}"})
    assert list(Issue.objects.order_by("order")) == [second, first]


def test_a_row_button_saves_what_was_typed_before_it_acts(builder, client) -> None:
    issue = builder.issue("Arsip")
    data = {
        f"issue.{issue.pk}.statement": "Diketik",
        f"lihat.issue.{issue.pk}.statement": digest("Arsip, statement"),
        "aksi": "tambah:issue",
    }
    client.post(HOME + "isu/", data)
    issue.refresh_from_db()
    assert (issue.statement, Issue.objects.count()) == ("Diketik", 2)


@pytest.mark.parametrize("action", ["tambah:user", "hapus:issue:999999", "naik:issue", "kembalikan:7", "tambah:tahapan:1", "hapus"])
def test_forged_buttons_change_nothing(builder, client, action) -> None:
    builder.issue("Arsip")
    assert client.post(HOME + "isu/", {"aksi": action}).status_code in (302, 404)
    assert (Issue.objects.count(), RemovedRow.objects.count()) == (1, 0)


def test_issues_page_shows_ranking_tie_and_failure(builder, client) -> None:
    builder.issue("Arsip", "554")
    builder.issue("PPID", "545")
    failed = builder.issue("Papan", "222")
    builder.save(f"issue.{failed.pk}.layak", "0", "1")
    text = body(client.get(HOME + "isu/"))
    assert text.count(">Sama tinggi, pilih satu</small>") == 2
    assert "Gugur: layak" in text
    assert text.count('name="rancangan.chosen_issue"') == 2
    assert re.search(rf'name="issue.{failed.pk}.urgency"[^>]* disabled', text)


def test_before_placement_one_writes_and_the_values_wait(builder, client) -> None:
    Participant.objects.update(stage="approved", batch=None)
    row = builder.kegiatan()
    text = body(client.get(f"{HOME}kegiatan/{row.pk}/"))
    assert "muncul setelah Anda ditempatkan" in text
    assert "Tanggal habituasi belum ada" in body(client.get(HOME + "jadwal/"))


def test_while_the_mentor_has_it_pages_are_read_only(builder, client) -> None:
    builder.whole()
    Paper.objects.update(stage="submitted", first_submitted_at=timezone.now())
    for page in (*PAGES, f"kegiatan/{Kegiatan.objects.get().pk}/"):
        text = body(client.get(HOME + page))
        assert "Hanya dapat dibaca." in text
        assert "<textarea" not in text
        assert 'name="aksi"' not in text
    answer = client.post(HOME + "gagasan/", {"rancangan.title": "Baru", "lihat.rancangan.title": digest("Isi title")})
    assert (answer.status_code, Rancangan.objects.get().title) == (422, "Isi title")


def test_foreign_kegiatan_is_404(builder, client, cast, sign_in) -> None:
    row = builder.kegiatan()
    assert client.get(f"{HOME}kegiatan/{row.pk + 1}/").status_code == 404
    assert sign_in(cast.mentor_a).get(f"{HOME}kegiatan/{row.pk}/").status_code == 404


def test_typed_markup_is_text_on_every_page(builder, client) -> None:
    builder.whole()
    row, hostile = Rancangan.objects.get(), "<img src=x onerror=alert(1)>"
    builder.save("rancangan.title", hostile, "Isi title")
    issue = row.chosen_issue
    builder.save(f"issue.{issue.pk}.statement", hostile, issue.statement)
    kegiatan = Kegiatan.objects.get()
    builder.save(f"kegiatan.{kegiatan.pk}.title", hostile, kegiatan.title)
    for page in (*(HOME + page for page in PAGES), f"{HOME}kegiatan/{kegiatan.pk}/", f"/aktualisasi/{row.pk}/isi/"):
        assert "<img src=x" not in body(client.get(page))


def test_content_page_for_the_mentor_with_the_correction_form(builder, story, sign_in) -> None:
    rancangan = builder.whole()
    mentor = sign_in(story.mentor)
    text = body(mentor.get(f"/aktualisasi/{rancangan.pk}/isi/"))
    assert "Sebab lingkungan, akar masalah" in text
    assert "Kaitan Akuntabel" in text
    url = f"/aktualisasi/{rancangan.pk}/koreksi/"
    assert mentor.post(url, {"text": "Tanpa nama"}).status_code == 422
    facts = {"superior_name": "Atasan", "superior_jabatan": "Kasubbag", "corrected_on": "2026-01-05", "text": "Perjelas."}
    answer = mentor.post(url, {**facts, "issue": str(rancangan.chosen_issue_id)})
    assert answer.url == f"/aktualisasi/{rancangan.pk}/isi/"
    assert IssueCorrection.objects.get().issue_id == rancangan.chosen_issue_id
    assert "Perjelas." in body(mentor.get(answer.url))
    assert "Perjelas." in body(sign_in(builder.author).get(HOME + "isu/"))
