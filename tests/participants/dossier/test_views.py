from __future__ import annotations

import base64
import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from latsar.accounts.enums import ViewKind
from latsar.accounts.models import AuditEntry, DataView
from latsar.documents.upload.sessions import UploadSession
from latsar.jobs.models import Job, JobState
from latsar.jobs.run import run_job
from participants.dossier import overview_export
from participants.enums import Stage
from participants.models import DossierDocument, Participant
from participants.services import collecting
from tests import factories
from tests.corpus import images, pdfs

pytestmark = pytest.mark.usefixtures("requirements")


@pytest.fixture
def person(cast) -> Participant:
    return factories.ParticipantFactory(satker=cast.kupang, full_name="Maria Contoh, S.Kom.")


def text(answer) -> str:
    return answer.content.decode()


def send(client, person, code="sk-cpns", content=None, name="SK.pdf", **facts):
    file = SimpleUploadedFile(name, pdfs.plain() if content is None else content)
    return client.post(reverse("dossier_attach", args=[person.pk, code]), {"file": file, **facts})


def with_file(person, **facts) -> DossierDocument:
    document = factories.DocumentFactory.build(participant=person, pages=2, uploaded_by=factories.UserFactory(), **facts)
    document.file.save("uji.pdf", ContentFile(pdfs.with_pages(2)))
    return document


def test_dossier_lists_every_line_with_its_state(cast, person, sign_in):
    factories.DocumentFactory(participant=person, state="returned", reason="Buram.", judged_by=cast.pksdm, judged_at=timezone.now())
    page = sign_in(cast.admin_kupang).get(person.dossier_url)
    assert [(row.line.code, row.line.state) for row in page.context["rows"]] == [
        ("sk-cpns", "returned"),
        ("surat-sehat", "missing"),
        ("bebas-narkoba", "missing"),
    ]
    assert "2 berkas wajib masih kurang: SK CPNS (dikembalikan), Surat keterangan sehat." in text(page)
    assert "Buram." in text(page)


def test_dossier_attach_plain_form_stores_and_goes_back_to_the_line(cast, person, sign_in):
    client = sign_in(cast.admin_kupang)
    answer = send(client, person)
    assert answer.headers["Location"] == f"{person.dossier_url}#berkas-sk-cpns"
    assert "SK CPNS tersimpan." in text(client.get(person.dossier_url))


@pytest.mark.parametrize(
    ("facts", "field", "said"),
    [
        ({"content": pdfs.active("launch", packed=False)}, "file", "menjalankan program"),
        ({"content": b""}, "file", "Berkas kosong"),
        ({"code": "surat-sehat"}, "issued_on", "Isi tanggal dokumen"),
        ({"code": "surat-sehat", "issued_on": "kemarin"}, "issued_on", "Tulis tanggalnya lengkap"),
    ],
)
def test_dossier_attach_refused_says_why_beside_the_field(cast, person, sign_in, facts, field, said):
    page = send(sign_in(cast.admin_kupang), person, **facts)
    assert page.status_code == 422
    error = re.search(rf'id="id_{facts.get("code", "sk-cpns")}_{field}_error">(.*?)</div>', text(page), re.DOTALL)
    assert said in error.group(1)
    assert not DossierDocument.objects.exists()


def test_dossier_attach_without_a_file_asks_for_one(cast, person, sign_in):
    page = sign_in(cast.admin_kupang).post(reverse("dossier_attach", args=[person.pk, "sk-cpns"]), {})
    assert (page.status_code, "Belum ada berkas." in text(page)) == (422, True)


def test_dossier_attach_of_a_line_that_is_not_asked_for_is_404(cast, person, sign_in):
    assert send(sign_in(cast.admin_kupang), person, code="tidak-ada").status_code == 404
    assert send(sign_in(cast.admin_kupang), person).status_code == 302


def in_pieces(client, page, code: str, content: bytes, name: str = "SK.pdf") -> str:
    """Send a file as the page's script does and return the upload's token."""
    ticket = next(row.form.ticket for row in page.context["rows"] if row.line.code == code)
    facts = {"filename": name, "ticket": ticket}
    metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in facts.items())
    begun = client.post(
        reverse("upload_start"), HTTP_TUS_RESUMABLE="1.0.0", HTTP_UPLOAD_LENGTH=str(len(content)), HTTP_UPLOAD_METADATA=metadata
    )
    where = begun.headers["Location"]
    sent = client.patch(where, content, content_type="application/offset+octet-stream", HTTP_TUS_RESUMABLE="1.0.0", HTTP_UPLOAD_OFFSET="0")
    assert sent.status_code == 204
    return where.strip("/").split("/")[-1]


def sent_in(page, code: str) -> list[tuple[str, bool]]:
    """Return what the line shows as sent already, and whether it is marked as unusable."""
    shown = text(page).partition(f'id="berkas-{code}"')[2].partition("</details>")[0]
    items = re.findall(r"<li [^>]*data-photo.*?</li>", shown, re.DOTALL)
    return [(re.search(r"data-name>(.*?)<", item).group(1), "Tidak dapat dipakai" in item) for item in items if "sudah terkirim" in item]


def test_dossier_attach_takes_the_file_that_came_in_pieces(cast, person, sign_in):
    client = sign_in(cast.admin_kupang)
    token = in_pieces(client, client.get(person.dossier_url), "sk-cpns", pdfs.with_pages(3))
    answer = client.post(reverse("dossier_attach", args=[person.pk, "sk-cpns"]), {"upload": token})
    assert answer.status_code == 302
    document = DossierDocument.objects.get()
    with document.file.open("rb") as stored:
        assert stored.read() == pdfs.with_pages(3)
    assert (document.name, UploadSession.objects.exists()) == ("SK.pdf", False)


def test_dossier_attach_with_the_upload_of_another_line_asks_again(cast, person, sign_in):
    client = sign_in(cast.admin_kupang)
    token = in_pieces(client, client.get(person.dossier_url), "bebas-narkoba", pdfs.plain())
    page = client.post(reverse("dossier_attach", args=[person.pk, "sk-cpns"]), {"upload": token})
    assert (page.status_code, "sudah tidak ada" in text(page)) == (422, True)
    assert client.post(reverse("dossier_attach", args=[person.pk, "bebas-narkoba"]), {"upload": token}).status_code == 302


def test_dossier_attach_keeps_the_pieces_while_the_date_is_missing(cast, person, sign_in):
    client = sign_in(cast.admin_kupang)
    token = in_pieces(client, client.get(person.dossier_url), "surat-sehat", pdfs.plain())
    address = reverse("dossier_attach", args=[person.pk, "surat-sehat"])
    page = client.post(address, {"upload": token})
    assert (page.status_code, sent_in(page, "surat-sehat"), f'value="{token}"' in text(page)) == (422, [("SK.pdf", False)], True)
    assert client.post(address, {"upload": token, "issued_on": timezone.localdate().isoformat()}).status_code == 302


def test_dossier_attach_refused_pieces_are_thrown_away(cast, person, sign_in):
    client = sign_in(cast.admin_kupang)
    token = in_pieces(client, client.get(person.dossier_url), "sk-cpns", b"%PDF-rusak")
    assert client.post(reverse("dossier_attach", args=[person.pk, "sk-cpns"]), {"upload": token}).status_code == 422
    assert not UploadSession.objects.exists()


def test_dossier_document_shows_pages_and_judges(cast, person, sign_in):
    document = with_file(person)
    client = sign_in(cast.provinsi_a)
    page = client.get(document.get_absolute_url(), {"halaman": 2})
    assert "Halaman 2 dari 2" in text(page)
    picture = client.get(reverse("dossier_page", args=[document.pk, 2]))
    assert (picture.headers["Content-Type"], b"".join(picture)[:4]) == ("image/webp", b"RIFF")
    assert client.get(reverse("dossier_page", args=[document.pk, 3])).status_code == 404
    refused = client.post(reverse("dossier_judge", args=[document.pk]), {"jawaban": "kembalikan"})
    assert (refused.status_code, "Tulis alasannya" in text(refused)) == (422, True)
    answer = client.post(reverse("dossier_judge", args=[document.pk]), {"jawaban": "kembalikan", "note": "Buram."})
    assert answer.headers["Location"] == person.dossier_url
    document.refresh_from_db()
    assert (document.state, document.reason) == ("returned", "Buram.")


def test_dossier_page_of_a_photo_is_a_small_picture(cast, person, sign_in):
    client = sign_in(cast.admin_kupang)
    send(client, person, content=images.phone_photo(), name="foto.jpg")
    document = DossierDocument.objects.get()
    picture = b"".join(client.get(reverse("dossier_page", args=[document.pk, 1])))
    assert picture[:4] == b"RIFF"
    original = client.get(reverse("dossier_file", args=[document.pk]))
    assert (original.headers["Content-Type"], original.headers["Content-Disposition"].startswith("attachment")) == ("image/jpeg", True)
    b"".join(original)


def test_dossier_remove_and_restore_by_the_button(cast, person, sign_in):
    document = factories.DocumentFactory(participant=person)
    client = sign_in(cast.admin_kupang)
    client.post(reverse("dossier_remove", args=[document.pk]))
    page = client.get(person.dossier_url)
    assert "Urungkan" in text(page)
    client.post(reverse("dossier_restore", args=[document.pk]))
    document.refresh_from_db()
    assert document.is_current


def test_participant_sees_and_fills_the_own_dossier(cast, person, sign_in):
    own = factories.UserFactory()
    factories.RoleGrantFactory(user=own, role="peserta")
    Participant.objects.filter(pk=person.pk).update(user=own)
    client = sign_in(own)
    page = client.get(person.dossier_url)
    assert (page.context["can_attach"], page.context["can_judge"], page.context["can_collect"]) == (True, False, False)
    assert send(client, person).status_code == 302
    assert client.post(reverse("dossier_collect", args=[person.pk])).status_code == 404


@pytest.mark.parametrize("reader", ["pimpinan", "lemb"])
def test_readers_see_the_dossier_and_change_nothing(cast, person, sign_in, reader):
    batch = factories.BatchFactory(institute=cast.institute_a)
    Participant.objects.filter(pk=person.pk).update(stage=Stage.PLACED, batch=batch)
    client = sign_in(cast.pimpinan if reader == "pimpinan" else cast.lembaga_a)
    page = client.get(person.dossier_url)
    assert (page.status_code, page.context["can_attach"], [row.form for row in page.context["rows"]]) == (200, False, [None] * 3)
    assert send(client, person).status_code == 404


def test_dossier_takes_the_same_queries_for_one_and_three_files(cast, person, sign_in):
    client, counts = sign_in(cast.admin_kupang), []
    client.get(person.dossier_url)
    for code in ("sk-cpns", "surat-sehat", "bebas-narkoba"):
        factories.DocumentFactory(participant=person, code=code)
        with CaptureQueriesContext(connection) as queries:
            client.get(person.dossier_url)
        counts.append(len(queries))
    assert counts[0] == counts[2]


# the queue


@pytest.fixture
def submitted(person) -> DossierDocument:
    document = with_file(person)
    Participant.objects.filter(pk=person.pk).update(stage=Stage.SUBMITTED)
    return document


def test_verification_queue_shows_the_first_waiting_document(cast, person, submitted, sign_in):
    page = sign_in(cast.provinsi_a).get(reverse("verification_queue"))
    assert page.context["sight"].shown.code == "sk-cpns"
    assert reverse("dossier_page", args=[submitted.pk, 1]) in text(page)
    assert "Kurang Surat keterangan sehat" in text(page)


def test_verification_queue_answers_documents_and_file_at_once(cast, person, submitted, sign_in):
    data = {"orang": person.pk, "putusan": "kembali", f"dok_{submitted.pk}": "kembali", f"alasan_{submitted.pk}": "Halaman 2 kosong."}
    sign_in(cast.provinsi_a).post(reverse("verification_queue"), data)
    person.refresh_from_db()
    submitted.refresh_from_db()
    assert (person.stage, person.return_note, submitted.state) == (Stage.RETURNED, "SK CPNS: Halaman 2 kosong.", "returned")


def test_verification_queue_may_answer_documents_alone(cast, person, submitted, sign_in):
    answer = sign_in(cast.provinsi_a).post(reverse("verification_queue"), {"orang": person.pk, f"dok_{submitted.pk}": "terima"})
    assert answer.headers["Location"] == f"{reverse('verification_queue')}?orang={person.pk}"
    person.refresh_from_db()
    submitted.refresh_from_db()
    assert (person.stage, submitted.state) == (Stage.SUBMITTED, "accepted")


def test_verification_queue_refused_answer_keeps_what_was_chosen(cast, person, submitted, sign_in):
    data = {"orang": person.pk, "putusan": "sesuai", f"dok_{submitted.pk}": "kembali", f"alasan_{submitted.pk}": "Buram."}
    page = sign_in(cast.provinsi_a).post(reverse("verification_queue"), data)
    point = page.context["sight"].points[0]
    assert (point.answer, point.reason, "Masih ada berkas yang dikembalikan" in text(page)) == ("kembali", "Buram.", True)
    submitted.refresh_from_db()
    assert submitted.state == "waiting"


def test_verification_queue_looking_at_another_document_keeps_the_answers(cast, person, submitted, sign_in):
    factories.DocumentFactory(participant=person, code="surat-sehat")
    data = {"orang": person.pk, "tampil": "surat-sehat", f"dok_{submitted.pk}": "terima"}
    page = sign_in(cast.provinsi_a).post(reverse("verification_queue"), data)
    assert (page.context["sight"].shown.code, page.context["sight"].points[0].answer) == ("surat-sehat", "terima")
    submitted.refresh_from_db()
    assert submitted.state == "waiting"


def test_verification_queue_answer_to_a_foreign_document_is_404(cast, person, submitted, sign_in):
    other = with_file(factories.ParticipantFactory(satker=cast.denpasar, stage=Stage.SUBMITTED))
    data = {"orang": person.pk, "putusan": "sesuai", f"dok_{other.pk}": "terima"}
    assert sign_in(cast.provinsi_a).post(reverse("verification_queue"), data).status_code == 404
    other.refresh_from_db()
    assert other.state == "waiting"


# who lacks what


@pytest.fixture
def crowd(cast, requirements) -> dict[str, Participant]:
    today, judged = timezone.localdate(), {"judged_by": cast.pksdm, "judged_at": timezone.now()}
    made = {name: factories.ParticipantFactory(satker=cast.kupang, full_name=name) for name in ("Lengkap", "Kurang", "Kembali", "Habis")}
    made["Bali"] = factories.ParticipantFactory(satker=cast.denpasar, full_name="Bali")
    for name in ("Lengkap", "Kembali", "Habis"):
        factories.DocumentFactory(participant=made[name], code="sk-cpns")
    dates = {"issued_on": today - timedelta(days=60), "expires_on": today + timedelta(days=30)}
    factories.DocumentFactory(participant=made["Lengkap"], code="surat-sehat", state="accepted", **judged, **dates)
    factories.DocumentFactory(participant=made["Kembali"], code="surat-sehat", state="returned", reason="x", **judged, **dates)
    over = {"issued_on": today - timedelta(days=91), "expires_on": today - timedelta(days=1)}
    factories.DocumentFactory(participant=made["Habis"], code="surat-sehat", state="accepted", **judged, **over)
    factories.DocumentFactory(participant=made["Kurang"], code="bebas-narkoba")
    return made


def test_dossier_overview_counts_each_person_once_per_unit(cast, crowd, sign_in):
    address = reverse("dossier_overview")
    nation = sign_in(cast.pksdm).get(address).context["units"]
    counts = {line.row.unit.code: line.row.counts for line in nation}
    assert counts["53"] == {"lengkap": 1, "kurang": 1, "dikembalikan": 1, "kedaluwarsa": 1, "menunggu": 0}
    assert counts["51"] == {"lengkap": 0, "kurang": 1, "dikembalikan": 0, "kedaluwarsa": 0, "menunggu": 0}
    province = sign_in(cast.provinsi_a).get(address).context
    assert ([line.row.unit.code for line in province["units"]], [f.number for f in province["figures"]]) == (["53.71"], [1, 1, 1, 1, 0])


@pytest.mark.parametrize(
    ("state", "name"), [("lengkap", "Lengkap"), ("kurang", "Kurang"), ("dikembalikan", "Kembali"), ("kedaluwarsa", "Habis")]
)
def test_dossier_overview_number_leads_to_its_people(cast, crowd, sign_in, state, name):
    page = sign_in(cast.provinsi_a).get(reverse("dossier_overview"), {"keadaan": state, "satker": "53.71"})
    assert [line.person.full_name for line in page.context["people"]] == [name]


def test_dossier_overview_of_a_satker_lists_people_with_what_they_lack(cast, crowd, sign_in):
    page = sign_in(cast.admin_kupang).get(reverse("dossier_overview"))
    lacking = {line.person.full_name: [one.code for one in line.lacking] for line in page.context["people"]}
    assert lacking == {"Lengkap": [], "Kurang": ["sk-cpns", "surat-sehat"], "Kembali": ["surat-sehat"], "Habis": ["surat-sehat"]}


def test_dossier_overview_counts_by_the_list_of_the_institute(cast, crowd, sign_in):
    factories.RequirementFactory(code="rekening", institute=cast.institute_a)
    batch = factories.BatchFactory(institute=cast.institute_a)
    Participant.objects.filter(pk=crowd["Lengkap"].pk).update(batch=batch, stage=Stage.PLACED)
    people = sign_in(cast.admin_kupang).get(reverse("dossier_overview"), {"keadaan": "kurang"}).context["people"]
    assert sorted(line.person.full_name for line in people) == ["Kurang", "Lengkap"]


def test_dossier_overview_leaves_graduates_out(cast, crowd, sign_in):
    batch = factories.BatchFactory()
    Participant.objects.filter(pk=crowd["Kurang"].pk).update(batch=batch, stage=Stage.GRADUATED, graduated_on=timezone.localdate())
    assert len(sign_in(cast.admin_kupang).get(reverse("dossier_overview")).context["people"]) == 3


def test_dossier_overview_takes_the_same_queries_for_one_and_four_people(cast, crowd, sign_in):
    client, counts = sign_in(cast.admin_kupang), []
    address = reverse("dossier_overview")
    client.get(address)
    for query in ({"keadaan": "kurang"}, {}):
        with CaptureQueriesContext(connection) as queries:
            client.get(address, query)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_dossier_export_writes_the_people_of_the_page(cast, crowd, sign_in):
    answer = sign_in(cast.provinsi_a).post(f"{reverse('dossier_export')}?keadaan=kurang")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[1] for row in rows if row[0] == crowd["Kurang"].nip] == ["Kurang"]
    assert not any("Bali" in row for row in rows)
    assert "SK CPNS, Surat keterangan sehat" in rows[-1]
    assert AuditEntry.objects.get(verb="export").note == "1 peserta, berkas ?keadaan=kurang"


# the ZIP


def test_dossier_collect_writes_the_originals_by_name_and_says_who_took_them(cast, person, sign_in):
    document = with_file(person)
    answer = sign_in(cast.admin_kupang).post(reverse("dossier_collect", args=[person.pk]))
    job = Job.objects.get()
    assert answer.headers["Location"] == job.get_absolute_url()
    run_job(job.pk, collecting.write_zip)
    job.refresh_from_db()
    assert (job.state, job.done) == (JobState.DONE, 1)
    with zipfile.ZipFile(job.result_file.path) as archive:
        assert archive.namelist() == [f"{person.nip}_sk-cpns_Maria-Contoh-S-Kom.pdf"]
        assert archive.read(archive.namelist()[0]) == pdfs.with_pages(2)
    entry = AuditEntry.objects.get(verb="collect_documents")
    assert (entry.object_id, entry.actor) == (str(document.participant_id), cast.admin_kupang)


def test_dossier_collect_batch_holds_only_the_people_in_sight(cast, person, sign_in):
    batch = factories.BatchFactory(institute=cast.institute_a, province=cast.province_a)
    other = factories.ParticipantFactory(satker=cast.ende, stage=Stage.PLACED, batch=batch)
    Participant.objects.filter(pk=person.pk).update(stage=Stage.PLACED, batch=batch)
    for one, seat in zip((person, other), batch.seats.all(), strict=False):
        factories.PlacementFactory(participant=one, seat=seat)
        with_file(one)
    names = {}
    for who in (cast.admin_kupang, cast.lembaga_a):
        sign_in(who).post(reverse("dossier_collect_batch", args=[batch.pk]))
        job = Job.objects.get(requested_by=who)
        run_job(job.pk, collecting.write_zip)
        job.refresh_from_db()
        with zipfile.ZipFile(job.result_file.path) as archive:
            names[who.username] = {name[:18] for name in archive.namelist()}
    assert names == {"admin.kupang": {person.nip}, "lembaga.a": {person.nip, other.nip}}


def test_dossier_collect_of_a_person_who_left_the_unit_writes_nothing_of_theirs(cast, person, sign_in):
    with_file(person)
    sign_in(cast.admin_kupang).post(reverse("dossier_collect", args=[person.pk]))
    Participant.objects.filter(pk=person.pk).update(satker=cast.ende)
    job = Job.objects.get()
    run_job(job.pk, collecting.write_zip)
    job.refresh_from_db()
    with zipfile.ZipFile(job.result_file.path) as archive:
        assert archive.namelist() == []


def test_dossier_collect_without_files_is_refused(cast, person, sign_in):
    assert sign_in(cast.admin_kupang).post(reverse("dossier_collect", args=[person.pk])).status_code == 409
    with_file(person)
    assert sign_in(cast.admin_kupang).post(reverse("dossier_collect", args=[person.pk])).status_code == 302


def test_dossier_collect_with_a_lost_file_takes_the_rest(cast, person, sign_in):
    with_file(person)
    factories.DocumentFactory(participant=person, code="surat-sehat")
    sign_in(cast.admin_kupang).post(reverse("dossier_collect", args=[person.pk]))
    job = Job.objects.get()
    run_job(job.pk, collecting.write_zip)
    job.refresh_from_db()
    assert (job.state, job.done, job.failed, job.message) == (
        JobState.PARTIAL, 1, 1, "1 berkas tidak ditemukan di penyimpanan dan tidak ikut di dalam ZIP.",
    )  # fmt: skip


def test_dossier_export_stands_in_the_trail_of_each_person_taken(cast, crowd, sign_in):
    sign_in(cast.provinsi_a).post(f"{reverse('dossier_export')}?keadaan=kurang")
    taken = DataView.objects.filter(kind=ViewKind.EXPORT).values_list("viewer", "object_id")
    assert list(taken) == [(cast.provinsi_a.pk, str(crowd["Kurang"].pk))]


def test_dossier_export_above_the_limit_is_a_job_that_leaves_nobody_out(cast, crowd, sign_in, monkeypatch):
    monkeypatch.setattr(overview_export, "DIRECT_LIMIT", 3)
    answer = sign_in(cast.provinsi_a).post(f"{reverse('dossier_export')}?provinsi=53")
    job = Job.objects.get()
    assert answer.headers["Location"] == job.get_absolute_url()
    run_job(job.pk, overview_export.build_export)
    job.refresh_from_db()
    with job.result_file.open() as stream:
        sheet = load_workbook(io.BytesIO(stream.read())).active
    names = {row[1] for row in sheet.iter_rows(values_only=True)}
    assert (job.total, {"Lengkap", "Kurang", "Kembali", "Habis"} <= names, "Bali" in names) == (4, True, False)
    assert DataView.objects.filter(kind=ViewKind.EXPORT).count() == 4


def test_queue_return_of_a_document_without_a_reason_is_said_beside_its_own_reason(cast, sign_in, submitted, person):
    typed = {
        "orang": person.pk,
        "putusan": "sesuai",
        f"dok_{submitted.pk}": "kembali",
        f"alasan_{submitted.pk}": " ",
        "isian_jabatan": "Salah",
    }
    answer = sign_in(cast.provinsi_a).post(reverse("verification_queue"), typed)
    text = answer.content.decode()
    field = re.search(rf'<input[^>]*id="alasan-{submitted.pk}"[^>]*>', text)
    assert field is not None
    assert f'is-invalid" form="putusan" id="alasan-{submitted.pk}"' in field[0]
    assert f'aria-invalid="true" aria-describedby="alasan-{submitted.pk}-error" data-focus' in field[0]
    assert "Tulis alasan mengembalikan SK CPNS, supaya" in text
    assert ('id="putusan-error"' in text, text.count("data-focus")) == (False, 1)
    assert ('value="sesuai" checked' in text, 'value="kembali" checked' in text, 'value="Salah"' in text) == (True, True, True)
    submitted.refresh_from_db()
    assert submitted.state == "waiting"


def test_queue_return_of_a_file_without_a_reason_is_said_beside_the_reason_of_the_file(cast, sign_in, submitted, person):
    text = sign_in(cast.provinsi_a).post(reverse("verification_queue"), {"orang": person.pk, "putusan": "kembali"}).content.decode()
    field = re.search(r'<textarea[^>]*id="alasan"[^>]*>', text)
    assert field is not None
    assert 'aria-describedby="alasan-help alasan-error" aria-invalid="true" data-focus' in field[0]
    assert ('id="putusan-error"' in text, text.count("data-focus")) == (False, 1)
