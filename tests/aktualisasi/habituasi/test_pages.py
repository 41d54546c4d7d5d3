"""The pages by role, the forms, and who is behind."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aktualisasi.habituasi_progress import begun_phases, behind_q, plans_under_way, progress_of
from aktualisasi.models import Evidence, Paper, PlanChange, WeeklyReport
from aktualisasi.services.opening import open_habituasi
from aktualisasi.services.recording import record_tahapan
from latsar.dashboard.registry import home_of, person_cards
from latsar.documents.models import UploadSession
from participants.models import Placement
from tests import factories
from tests.aktualisasi.habituasi.factories import add_plan
from tests.corpus import images, pdfs

HOME = "habituasi_home"


def post_files(client, work, files, **more):
    data = {
        "tahapan": work.steps[0].pk,
        "shown_on": work.today.isoformat(),
        "file": files,
        "caption": "Kegiatan",
        "proves": "",
        "upload": "",
    }
    return client.post(reverse("evidence_add"), data | more)


def photo(name: str = "foto.jpg", width: int = 80) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, images.saved(images.two_halves(width), "JPEG"))


def test_own_page_answers_what_by_when_what_next(work, sign_in) -> None:
    page = sign_in(work.story.author).get(reverse(HOME)).content.decode()
    assert "Minggu 2 dari" in page
    assert "0 dari 4 tahapan selesai" in page
    assert "Laporan minggu 2" in page
    assert "Simpan bukti" in page


def test_own_page_before_approval_shows_the_plan_and_the_lock(work, sign_in) -> None:
    Paper.objects.update(stage="submitted")
    page = sign_in(work.story.author).get(reverse(HOME)).content.decode()
    assert "Habituasi terkunci." in page
    assert "Langkah 1.1" in page
    assert "Simpan bukti" not in page


def test_plain_form_keeps_several_files_with_one_caption(work, sign_in) -> None:
    answer = post_files(sign_in(work.story.author), work, [photo(), SimpleUploadedFile("b.pdf", pdfs.plain())])
    assert answer.status_code == 302, answer.context["evidence_form"].errors
    assert (answer.status_code, list(Evidence.objects.values_list("caption", "kind").order_by("kind"))) == (
        302,
        [("Kegiatan", "jpeg"), ("Kegiatan", "pdf")],
    )


def test_refused_form_keeps_what_was_typed(work, sign_in) -> None:
    answer = post_files(sign_in(work.story.author), work, [SimpleUploadedFile("a.svg", b"<svg/>")], caption="Petugas melayani")
    assert answer.status_code == 422
    assert "Petugas melayani" in answer.content.decode()
    assert not Evidence.objects.exists()


def test_files_sent_in_pieces_are_named_and_a_broken_one_is_marked(work, sign_in) -> None:
    client = sign_in(work.story.author)
    ticket = client.get(reverse(HOME)).context["evidence_form"].ticket
    tokens = [send_in_pieces(client, ticket, *file) for file in (("a.jpg", photo().read()), ("b.jpg", b"bukan foto"))]
    answer = post_files(client, work, [], upload=",".join(tokens), captions=["Satu", "Dua"], caption="")
    page = answer.content.decode()
    assert (answer.status_code, Evidence.objects.count()) == (422, 0)
    assert page.count("Tidak dapat dipakai") == 1
    assert 'value="Satu"' in page
    good = post_files(client, work, [], upload=tokens[0], captions=["Satu"], caption="")
    assert (good.status_code, Evidence.objects.get().caption, UploadSession.objects.count()) == (302, "Satu", 1)


def send_in_pieces(client, ticket: str, name: str, content: bytes) -> str:
    facts = ",".join(f"{key} {b64encode(value.encode()).decode()}" for key, value in (("ticket", ticket), ("filename", name)))
    tus = {"Tus-Resumable": "1.0.0"}
    made = client.post(reverse("upload_start"), headers=tus | {"Upload-Length": str(len(content)), "Upload-Metadata": facts})
    sent = client.patch(made["Location"], content, content_type="application/offset+octet-stream", headers=tus | {"Upload-Offset": "0"})
    assert sent.status_code == 204
    return made["Location"].rstrip("/").split("/")[-1]


def test_pieces_of_another_persons_ticket_are_not_found(work, sign_in, cast) -> None:
    foreign = send_in_pieces(
        sign_in(work.story.author), sign_in(work.story.author).get(reverse(HOME)).context["evidence_form"].ticket, "a.jpg", photo().read()
    )
    other = factories.UserFactory()
    factories.RoleGrantFactory(user=other, role="peserta")
    assert post_files(sign_in(other), work, [], upload=foreign, captions=["x"]).status_code == 404


def test_weekly_autosave_answers_with_the_new_version_and_says_when_it_did_not_save(work, sign_in) -> None:
    client, address = sign_in(work.story.author), reverse("weekly_edit", args=[1])
    first = client.post(address, {"done": "Satu", "version": 0}, headers={"HX-Request": "true"})
    assert 'id="id_minggu_version"' in first.content.decode()
    client.post(address, {"done": "Dua", "version": 1}, headers={"HX-Request": "true"})
    stale = client.post(address, {"done": "Tiga", "version": 1}, headers={"HX-Request": "true"})
    assert (stale.status_code, "Belum tersimpan." in stale.content.decode()) == (200, True)
    whole = client.post(address, {"done": "Tiga", "version": 1})
    assert (whole.status_code, "Tiga" in whole.content.decode(), WeeklyReport.objects.get().done) == (409, True, "Dua")


def test_mentor_answers_from_the_queue_and_goes_on_with_the_next(work, sign_in) -> None:
    report = work.send(1)
    client = sign_in(work.story.mentor)
    assert "Laporan minggu 1, Penulis Contoh" in client.get(reverse(HOME)).content.decode()
    refused = client.post(reverse("weekly_move", args=[report.pk]), {"action": "return", "note": "", "version": report.version})
    assert (refused.status_code, "Tulis apa yang harus diperbaiki" in refused.content.decode()) == (422, True)
    answer = client.post(reverse("weekly_move", args=[report.pk]), {"action": "approve", "version": report.version})
    assert (answer.status_code, WeeklyReport.objects.get().stage) == (302, "approved")


def test_plan_change_page_shows_old_beside_new(work, sign_in) -> None:
    change = work.ask(text="Memasang di PPID")
    client = sign_in(work.story.mentor)
    page = client.get(change.get_absolute_url()).content.decode()
    assert page.index("Langkah 1.1") < page.index("<b>Memasang di PPID</b>")
    client.post(reverse("plan_change_move", args=[change.pk]), {"action": "approve"})
    assert PlanChange.objects.get().stage == "approved"


def test_removed_evidence_is_offered_back_on_the_page(work, sign_in) -> None:
    made = work.evidence(captions=["Foto lama"])
    client = sign_in(work.story.author)
    client.post(reverse("evidence_remove", args=[made.pk]))
    assert "Urungkan" in client.get(reverse(HOME)).content.decode()
    client.post(reverse("evidence_restore", args=[made.pk]))
    assert Evidence.objects.current().get() == made


def test_evidence_is_served_as_a_picture_and_as_a_file(work, sign_in) -> None:
    made = work.evidence()
    client = sign_in(work.story.mentor)
    picture = client.get(reverse("evidence_page", args=[made.pk, 1]) + "?kecil")
    assert (picture["Content-Type"], b"".join(picture)[8:12]) == ("image/webp", b"WEBP")
    file = client.get(reverse("evidence_file", args=[made.pk]))
    assert (file["Content-Type"], file["Content-Disposition"].startswith("attachment")) == ("image/jpeg", True)
    b"".join(file)
    assert client.get(reverse("evidence_page", args=[made.pk, 9])).status_code == 404


def test_tahapan_page_saves_and_keeps_a_refused_form(work, sign_in) -> None:
    client, address = sign_in(work.story.author), reverse("tahapan_detail", args=[work.steps[0].pk])
    late = (work.today + timedelta(days=3)).isoformat()
    refused = client.post(address, {"state": "done", "finished_on": late, "note": "Catatan saya", "version": 0})
    assert (refused.status_code, "Catatan saya" in refused.content.decode()) == (422, True)
    assert client.post(address, {"state": "done", "note": "", "version": 0}).status_code == 302
    assert client.post(address, {"state": "running", "note": "", "version": 0}).status_code == 409


def test_laporan_page_begins_saves_and_prints(work, sign_in) -> None:
    client = sign_in(work.story.author)
    assert "Susun laporan" in client.get(reverse("laporan_home")).content.decode()
    client.post(reverse("laporan_step"), {"langkah": "mulai"})
    page = client.get(reverse("laporan_home"))
    form = page.context["form"]
    data = {name: form[name].value() or "" for name in form.fields} | {"outcome": "Dua menit"}
    saved = client.post(reverse("laporan_edit"), data, headers={"HX-Request": "true"})
    assert 'id="kelengkapan"' in saved.content.decode()
    stale = client.post(reverse("laporan_edit"), data | {"outcome": "Tiga menit"})
    assert (stale.status_code, "Tiga menit" in stale.content.decode()) == (409, True)
    laporan = page.context["laporan"].pk
    assert client.get(reverse("laporan_pdf", args=[laporan])).content.startswith(b"%PDF-")
    shown = client.get(reverse("laporan_print", args=[laporan]), {"halaman": "99"})
    assert client.get(shown.context["picture"]).content[8:12] == b"WEBP"
    assert client.get(reverse("laporan_print_page", args=[laporan, shown.context["pages"] + 1])).status_code == 404


def mates(work, count: int) -> None:
    """Give the batch more people under the same mentor's province, each with a plan."""
    for n in range(count):
        person = factories.ParticipantFactory(satker=work.story.participant.satker, batch=work.phase.batch, stage="training")
        Placement.objects.create(participant=person, seat=work.phase.batch.seats.all()[n + 1], group=1, placed_by=work.story.admin)
        add_plan(factories.PaperFactory(rancangan__participant=person, rancangan__title="Lain", stage="approved").rancangan)


@pytest.mark.parametrize("who", ["admin_kupang", "coach_a", "lembaga_a", "pksdm"])
def test_progress_list_counts_the_same_queries_for_one_and_three(work, sign_in, cast, who) -> None:
    client, counts = sign_in(getattr(cast, who)), []
    client.get(reverse(HOME))
    for more in (0, 2):
        mates(work, more)
        client.get(reverse(HOME))  # who looked at whom is written once a day
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(HOME)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 16


def test_behind_says_the_same_as_the_numbers_of_each_row(work, cast) -> None:
    mates(work, 2)
    open_habituasi()
    for step in work.steps[:2]:
        record_tahapan(tahapan_id=step.pk, state="done", version=0, by=work.story.author)
    work.send(1)
    for shift in range(-3, 40, 2):
        day = work.today + timedelta(days=shift)
        phases = begun_phases(day)
        rows = plans_under_way(cast.pksdm, phases)
        told = set(rows.filter(behind_q(phases, day)).values_list("participant", flat=True))
        people = [row.participant for row in rows.select_related("participant__satker", "participant__batch")]
        counted = {row.participant.pk for row in progress_of(people, phases, day) if row.is_behind}
        assert (shift, told) == (shift, counted)


def test_progress_export_is_what_the_filter_shows(work, sign_in, cast) -> None:
    mates(work, 1)
    client = sign_in(cast.admin_kupang)
    answer = client.get(reverse("progress_export") + "?q=Penulis")
    assert (answer.status_code, answer.content[:2]) == (200, b"PK")
    assert "1 sampai 1 dari 1" in client.get(reverse(HOME) + "?q=Penulis").content.decode()


def test_homes_show_what_waits_and_the_card_stands_on_the_person(work, cast) -> None:
    work.send(1)
    work.ask()
    mentor = home_of(work.story.mentor, work.story.mentor.valid_grants[0])
    assert sorted(item.title for item in mentor.todos if "habituasi" in item.url) == [
        "Laporan minggu 1, Penulis Contoh, S.Kom.", "Perubahan rencana 1.1, Penulis Contoh, S.Kom.",
    ]  # fmt: skip
    own = home_of(work.story.author, work.story.author.valid_grants[0])
    assert [item.title for item in own.todos if "habituasi" in item.url] == ["Kirim laporan minggu 2 ke mentor"]
    unit = home_of(cast.admin_kupang, cast.admin_kupang.valid_grants[0])
    assert [panel.context["total"] for panel in unit.panels if panel.template.endswith("_habituasi_unit_panel.html")] == [1]
    cards = {card.title for card in person_cards(cast.admin_kupang, work.story.participant)}
    assert "Habituasi" in cards
