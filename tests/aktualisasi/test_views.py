from __future__ import annotations

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aktualisasi import services
from aktualisasi.models import PaperVersion, Rancangan, ReviewAnswer, ReviewNote
from latsar.documents.intake.refusal import MESSAGES
from mentoring.models import MentorAssignment
from mentoring.services import end_assignment
from tests import factories
from tests.corpus import pdfs

HTMX = {"HX-Request": "true"}
ALL_OK = dict.fromkeys(("own_task", "reasons", "root_cause", "values", "schedule"), "ok")
HOSTILE = {
    "javascript": (lambda: pdfs.active("javascript_in_names", packed=True), "javascript"),
    "attachment": (lambda: pdfs.active("attachment", packed=False), "embedded_file"),
    **{name: pdfs.DAMAGED[name] for name in ("user_password", "owner_password", "truncated", "html_before", "zip_after", "empty")},
}


def status(client, url: str) -> int:
    """Ask and read to the end: a file that is sent must not stay open."""
    answer = client.get(url)
    b"".join(answer)
    return answer.status_code


def body(answer) -> str:
    return answer.content.decode()


def pdf(content: bytes, name: str = "rancangan.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def test_aktualisasi_home_get_writes_nothing(story, sign_in) -> None:
    client = sign_in(story.author)
    with CaptureQueriesContext(connection) as seen:
        assert client.get("/aktualisasi/").status_code == 200
    assert not Rancangan.objects.exists()
    assert {query["sql"].split()[0] for query in seen if "django_session" not in query["sql"]} == {"SELECT"}


def test_aktualisasi_home_says_what_is_missing(story, sign_in) -> None:
    assert "Belum dapat diajukan" in body(sign_in(story.author).get("/aktualisasi/"))


def test_aktualisasi_home_before_placement_says_why_and_where_to_begin(story, sign_in) -> None:
    type(story.participant).objects.update(stage="approved", batch=None)
    client = sign_in(story.author)
    page = body(client.get("/aktualisasi/"))
    assert "Rancangan belum dapat diajukan" in page
    assert "/aktualisasi/rancangan/" in page
    assert client.post("/aktualisasi/rancangan/unggah/", {"file": pdf(pdfs.plain())}).status_code == 404


def test_paper_upload_keeps_the_document_and_gives_it_back_whole(story, sign_in) -> None:
    content = pdfs.signed()
    client = sign_in(story.author)
    answer = client.post("/aktualisasi/rancangan/unggah/", {"file": pdf(content)}, follow=True)
    assert "Versi 1 tersimpan, 1 halaman." in body(answer)
    version = PaperVersion.objects.get()
    got = client.get(f"/aktualisasi/berkas/{version.pk}/")
    got_bytes = b"".join(got)
    assert hashlib.sha256(got_bytes).hexdigest() == hashlib.sha256(content).hexdigest() == version.sha256
    assert got["Content-Disposition"] == 'attachment; filename="rancangan.pdf"'
    assert (got["X-Content-Type-Options"], got["Cache-Control"]) == ("nosniff", "private, no-store")
    assert got["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize("name", HOSTILE)
def test_paper_upload_hostile_is_refused_beside_the_field(story, sign_in, name) -> None:
    make, code = HOSTILE[name]
    answer = sign_in(story.author).post(
        "/aktualisasi/rancangan/unggah/", {"title": "Arsip", "summary": "Isi", "version": 0, "file": pdf(make())}
    )
    assert answer.status_code == 422
    text = body(answer)
    assert str(MESSAGES[code]) in text
    assert text.index('id="id_file_error"') < text.index(str(MESSAGES[code])) < text.index('name="file"')
    assert not PaperVersion.objects.exists()


def test_paper_upload_without_file_says_so(story, sign_in) -> None:
    assert "Belum ada berkas. Pilih PDF Anda" in body(sign_in(story.author).post("/aktualisasi/rancangan/unggah/", {}))


def test_whole_way_from_submission_over_return_to_approval(story, sign_in) -> None:
    writer, mentor = sign_in(story.author), sign_in(story.mentor)
    paper = story.write()
    steps, url = f"/aktualisasi/naskah/{paper.pk}/langkah/", f"/aktualisasi/naskah/{paper.pk}/tinjau/"
    writer.post("/aktualisasi/rancangan/unggah/", {"file": pdf(pdfs.with_pages(3))})
    assert "Rancangan diajukan ke mentor." in body(writer.post(steps, {"action": "submit"}, follow=True))
    first = PaperVersion.objects.get()
    assert "Halaman 1 dari 3" in body(mentor.get(url))
    turned = mentor.post(
        url, {"seen_version_id": first.pk, "page": 1, "text": "Catatan saat membalik", "own_task": "ok", "go": "2"}, follow=True
    )
    assert "Halaman 2 dari 3" in body(turned)
    assert "Catatan saat membalik" in body(turned)
    assert "Catatan saat membalik" not in body(writer.get("/aktualisasi/"))
    mentor.post(url, {"seen_version_id": first.pk, "page": 2, "text": "", "action": "return"})
    back = body(writer.get("/aktualisasi/"))
    assert "Rancangan Anda dikembalikan." in back
    assert "Catatan saat membalik" in back
    assert "versi baru yang menjawab catatan" in back
    writer.post("/aktualisasi/rancangan/unggah/", {"file": pdf(pdfs.with_pages(4))})
    writer.post(steps, {"action": "submit"})
    second = PaperVersion.objects.get(number=2)
    refused = mentor.post(
        url, {"seen_version_id": second.pk, "page": 1, "text": "Tetap ada", "action": "approve", **ALL_OK, "values": "fix"}
    )
    assert refused.status_code == 409
    assert "Butir yang belum sesuai: Kaitan dengan nilai dasar jelas." in body(refused)
    assert "Tetap ada" in body(refused)
    mentor.post(url, {"seen_version_id": second.pk, "page": 1, "action": "approve", **ALL_OK})
    paper.refresh_from_db()
    assert paper.stage == "at_coach"
    assert mentor.get(url).status_code == 302


def test_paper_review_returned_without_a_note_says_so_beside_the_field(story, sign_in) -> None:
    paper = story.submit()
    facts = {"seen_version_id": paper.latest_version.pk, "page": 1, "text": "", "action": "return"}
    answer = sign_in(story.mentor).post(f"/aktualisasi/naskah/{paper.pk}/tinjau/", facts)
    assert answer.status_code == 409
    assert 'aria-describedby="id_text_error"' in body(answer)


def test_paper_review_of_a_version_that_was_replaced_keeps_the_note_and_shows_the_new_one(story, sign_in) -> None:
    paper = story.submit()
    seen = paper.latest_version
    services.move_paper(paper_id=paper.pk, action="withdraw", by=story.author)
    newer = story.upload(paper, 2)
    services.move_paper(paper_id=paper.pk, action="submit", by=story.author)
    facts = {"seen_version_id": seen.pk, "page": 1, "text": "Perjelas dampak isunya", "action": "return", "values": "fix"}
    answer = sign_in(story.mentor).post(f"/aktualisasi/naskah/{paper.pk}/tinjau/", facts)
    assert answer.status_code == 409
    assert "sudah mengunggah versi yang lebih baru" in body(answer)
    form = answer.context["form"]
    assert (form["text"].value(), form["seen_version_id"].value(), form["values"].value()) == ("Perjelas dampak isunya", newer.pk, None)
    assert not ReviewNote.objects.exists()


def test_paper_review_autosave_keeps_points_only(story, sign_in) -> None:
    paper = story.submit()
    facts = {"seen_version_id": paper.latest_version.pk, "page": 1, "text": "setengah jadi", "values": "fix"}
    answer = sign_in(story.mentor).post(f"/aktualisasi/naskah/{paper.pk}/tinjau/", facts, headers=HTMX)
    assert "4 butir belum dijawab" in body(answer)
    assert "1 dari 5" in body(answer)
    assert (ReviewAnswer.objects.count(), ReviewNote.objects.count()) == (1, 0)


@pytest.fixture
def addresses(story) -> list[str]:
    paper = story.submit()
    version = paper.latest_version
    return [f"/aktualisasi/naskah/{paper.pk}/", f"/aktualisasi/berkas/{version.pk}/", f"/aktualisasi/berkas/{version.pk}/halaman/1/"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("admin_kupang", 200), ("admin_ende", 404), ("provinsi_a", 200), ("provinsi_b", 404), ("pksdm", 200), ("pimpinan", 200),
        ("lembaga_a", 200), ("lembaga_b", 404), ("mentor_a", 200), ("mentor_b", 404), ("coach_a", 200), ("coach_b", 404),
        ("penguji_a", 404), ("stranger", 404),
    ],
)  # fmt: skip
def test_paper_file_and_page_follow_the_scope(cast, sign_in, addresses, name, expected) -> None:
    client = sign_in(getattr(cast, name))
    assert [status(client, url) for url in addresses] == [expected] * 3


def test_paper_file_closes_at_once_for_the_former_mentor(story, sign_in, addresses) -> None:
    client = sign_in(story.mentor)
    assert status(client, addresses[1]) == 200
    end_assignment(assignment_id=story.assignment.pk, reason="Pindah", by=story.admin)
    assert [status(client, url) for url in [*addresses, f"{addresses[0]}tinjau/"]] == [404] * 4


def test_paper_file_of_another_participant_is_404(story, cast, sign_in, addresses) -> None:
    other = factories.UserFactory()
    factories.RoleGrantFactory(user=other, role="peserta")
    factories.ParticipantFactory(satker=cast.kupang, user=other)
    client = sign_in(other)
    assert [status(client, url) for url in addresses] == [404] * 3
    assert client.post(f"{addresses[0]}langkah/", {"action": "withdraw"}).status_code == 404


def test_paper_review_only_for_the_present_mentor(story, cast, sign_in) -> None:
    url = f"/aktualisasi/naskah/{story.submit().pk}/tinjau/"
    seen = {
        name: sign_in(getattr(cast, name)).get(url).status_code for name in ("mentor_a", "mentor_b", "coach_a", "pksdm", "admin_kupang")
    }
    assert seen == {"mentor_a": 200, "mentor_b": 404, "coach_a": 302, "pksdm": 404, "admin_kupang": 404}


def test_paper_image_is_a_picture_in_two_sizes(story, sign_in, addresses) -> None:
    client = sign_in(story.mentor)
    large, small = client.get(addresses[2]), client.get(f"{addresses[2]}?kecil")
    assert (large["Content-Type"], large["Cache-Control"]) == ("image/webp", "private, no-store")
    assert len(b"".join(large)) > len(b"".join(small)) > 0
    assert status(client, addresses[2].replace("/1/", "/99/")) == 404


def test_paper_image_of_a_lost_file_is_404_not_500(story, sign_in, addresses) -> None:
    version = PaperVersion.objects.get()
    version.file.storage.delete(version.file.name)
    client = sign_in(story.mentor)
    assert [status(client, url) for url in addresses[1:]] == [404, 404]


def test_paper_file_goes_through_the_proxy_when_there_is_one(story, sign_in, addresses, settings) -> None:
    settings.SENDFILE = "x-accel"
    answer = sign_in(story.mentor).get(addresses[1])
    assert answer["X-Accel-Redirect"] == f"/_berkas/{PaperVersion.objects.get().file.name}"
    assert answer.content == b""


def test_paper_move_withdraw_by_the_author_and_reopen_by_the_coach(story, sign_in) -> None:
    paper = story.submit()
    url = f"/aktualisasi/naskah/{paper.pk}/langkah/"
    assert sign_in(story.mentor).post(url, {"action": "withdraw"}).status_code == 404
    assert sign_in(story.author).post(url, {"action": "approve"}).status_code == 404
    assert sign_in(story.author).post(url, {"action": "withdraw"}).status_code == 302
    services.move_paper(paper_id=paper.pk, action="submit", by=story.author)
    services.move_paper(paper_id=paper.pk, action="approve", by=story.mentor)
    services.move_paper(paper_id=paper.pk, action="accept", by=story.coach)
    assert sign_in(story.mentor).post(url, {"action": "reopen", "note": "Lampiran kurang"}).status_code == 404
    assert sign_in(story.coach).post(url, {"action": "reopen", "note": "Lampiran kurang"}).status_code == 302
    paper.refresh_from_db()
    assert paper.stage == "returned"


def test_aktualisasi_home_list_is_scoped_filtered_and_constant(story, cast, sign_in) -> None:
    paper = story.submit()
    client = sign_in(cast.provinsi_a)

    def count(url: str = "/aktualisasi/") -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    one = count()
    for satker in (cast.kupang, cast.ende):
        factories.PaperFactory(rancangan__participant=factories.ParticipantFactory(satker=satker), rancangan__title=f"Milik {satker}")
    factories.PaperFactory(rancangan__participant=factories.ParticipantFactory(satker=cast.denpasar), rancangan__title="Canari Bali")
    assert count() == one
    text = body(client.get("/aktualisasi/"))
    assert "Milik KPU Kabupaten Ende" in text
    assert "Canari" not in text
    waiting = body(client.get("/aktualisasi/?tahap=submitted"))
    assert paper.rancangan.title in waiting
    assert "Milik" not in waiting
    assert "Milik" not in body(client.get(f"/aktualisasi/?angkatan={story.participant.batch_id}"))
    assert "Tidak ada rancangan dengan saringan ini" in body(client.get("/aktualisasi/?q=tidakada"))


def test_paper_review_queries_do_not_grow_with_the_queue(story, cast, sign_in) -> None:
    paper = story.submit()
    client, url = sign_in(story.mentor), f"/aktualisasi/naskah/{paper.pk}/tinjau/"

    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    count()  # the first look of the day is written down
    one = count()
    for slot in (2, 3):
        other = factories.ParticipantFactory(satker=cast.kupang)
        factories.PaperFactory(rancangan__participant=other, stage="submitted")
        MentorAssignment.objects.create(mentor=story.assignment.mentor, participant=other, slot=slot, assigned_by=story.admin)
    assert count() == one
