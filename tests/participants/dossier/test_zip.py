from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from latsar.accounts.errors import IllegalMove, NotAllowed, Refused
from latsar.jobs.models import ItemState, Job, JobState
from latsar.jobs.run import run_job
from latsar.jobs.services import cancel_job, retry_job
from participants.enums import ImportState, Stage
from participants.models import DossierDocument, DossierZip, Participant
from participants.services import dossier_zip
from participants.services.collecting import entry_name
from participants.services.dossier import attach_document
from tests import factories
from tests.corpus import dossier_zips, images, pdfs

pytestmark = pytest.mark.usefixtures("requirements")


@pytest.fixture
def person(cast) -> Participant:
    return factories.ParticipantFactory(satker=cast.kupang)


def preview(by, entries) -> DossierZip:
    return dossier_zip.preview_zip(content=dossier_zips.build(entries), filename="berkas.zip", by=by)


def run(archive: DossierZip, by):
    job = dossier_zip.commit_zip(zip_id=archive.pk, sha256=archive.sha256, by=by)
    run_job(job.pk, dossier_zip.attach_entries)
    job.refresh_from_db()
    return job


def test_preview_zip_says_for_each_file_what_would_happen(cast, person):
    today = timezone.localdate().isoformat()
    factories.RequirementFactory(code="skp", name="SKP")
    factories.RequirementFactory(code="pas-foto", name="Pas foto")
    factories.RequirementFactory(code="spmt", name="SPMT")
    attach_document(participant_id=person.pk, code="sk-cpns", content=pdfs.plain(), name="a.pdf", by=cast.admin_kupang)
    attach_document(participant_id=person.pk, code="skp", content=pdfs.plain(), name="a.pdf", by=cast.admin_kupang)
    foreign = factories.ParticipantFactory(satker=cast.denpasar)
    nip = person.nip
    archive = preview(
        cast.admin_kupang,
        {
            f"{nip}_sk-cpns.pdf": pdfs.plain(),
            f"{nip}_skp.pdf": pdfs.with_pages(2),
            f"{nip}/surat-sehat_{today}.pdf": pdfs.plain(),
            f"{foreign.nip}_sk-cpns.pdf": pdfs.plain(),
            "199403122025062999_sk-cpns.pdf": pdfs.plain(),
            f"{nip}_kk.pdf": pdfs.plain(),
            f"{nip}_spmt.exe": b"MZ",
            f"{nip}_pas-foto.jpg": pdfs.plain(),
            "catatan.pdf": pdfs.plain(),
            f"{nip}_bebas-narkoba.pdf": dossier_zips.good(),
            f"lain/{nip}/surat-sehat.pdf": pdfs.plain(),
            f"lagi/{nip}_skp.pdf": pdfs.with_pages(3),
        },
    )
    found = {row.entry.replace(nip, "N").replace(today, "D"): (row.outcome, row.reason) for row in archive.rows.all()}
    unknown = "NIP ini tidak ada dalam wewenang Anda."
    assert {name: outcome for name, (outcome, _reason) in found.items()} == {
        "N_sk-cpns.pdf": "same",
        "N_skp.pdf": "replace",
        "N/surat-sehat_D.pdf": "attach",
        f"{foreign.nip}_sk-cpns.pdf": "nip",
        "199403122025062999_sk-cpns.pdf": "nip",
        "N_kk.pdf": "code",
        "N_spmt.exe": "unsafe",
        "N_pas-foto.jpg": "unsafe",
        "catatan.pdf": "unsafe",
        "N_bebas-narkoba.pdf": "unsafe",
        "lain/N/surat-sehat.pdf": "unsafe",
        "lagi/N_skp.pdf": "unsafe",
    }
    assert {found[f"{foreign.nip}_sk-cpns.pdf"][1], found["199403122025062999_sk-cpns.pdf"][1]} == {unknown}
    assert found["N_bebas-narkoba.pdf"][1] == "ZIP di dalam ZIP tidak diterima."
    assert "Tulis tanggal dokumen di nama berkas" in found["lain/N/surat-sehat.pdf"][1]
    assert "dua berkas" in found["lagi/N_skp.pdf"][1]


def test_commit_zip_attaches_what_is_ready_and_names_what_is_refused(cast, person):
    archive = preview(
        cast.admin_kupang,
        {f"{person.nip}_sk-cpns.pdf": pdfs.plain(), f"{person.nip}_bebas-narkoba.pdf": pdfs.active("launch", packed=False)},
    )
    job = run(archive, cast.admin_kupang)
    assert (job.state, job.done, job.failed) == (JobState.PARTIAL, 1, 1)
    assert [one.code for one in DossierDocument.objects.current()] == ["sk-cpns"]
    assert "menjalankan program" in job.items.get(state=ItemState.FAILED).message
    archive.refresh_from_db()
    assert archive.state == ImportState.COMMITTED


def test_commit_zip_twice_and_run_twice_attaches_once(cast, person):
    archive = preview(cast.admin_kupang, {f"{person.nip}_bebas-narkoba.jpg": images.phone_photo()})
    job = run(archive, cast.admin_kupang)
    assert dossier_zip.commit_zip(zip_id=archive.pk, sha256=archive.sha256, by=cast.admin_kupang) == job
    job.items.update(state=ItemState.QUEUED)
    Job.objects.filter(pk=job.pk).update(state=JobState.QUEUED)
    run_job(job.pk, dossier_zip.attach_entries)
    job.refresh_from_db()
    assert (job.state, job.items.get().state, DossierDocument.objects.count()) == (JobState.DONE, ItemState.SKIPPED, 1)


def test_commit_zip_of_another_archive_or_person_is_refused(cast, person):
    archive = preview(cast.admin_kupang, {f"{person.nip}_sk-cpns.pdf": pdfs.plain()})
    with pytest.raises(Refused, match="bukan ZIP ini"):
        dossier_zip.commit_zip(zip_id=archive.pk, sha256="0" * 64, by=cast.admin_kupang)
    with pytest.raises(NotAllowed):
        dossier_zip.commit_zip(zip_id=archive.pk, sha256=archive.sha256, by=cast.pksdm)
    assert dossier_zip.commit_zip(zip_id=archive.pk, sha256=archive.sha256, by=cast.admin_kupang).total == 1


def test_attach_entries_checks_scope_and_lock_again(cast, person):
    moved = factories.ParticipantFactory(satker=cast.kupang)
    archive = preview(cast.admin_kupang, {f"{one.nip}_sk-cpns.pdf": pdfs.plain() for one in (person, moved)})
    Participant.objects.filter(pk=moved.pk).update(satker=cast.ende)
    job = run(archive, cast.admin_kupang)
    assert (job.done, job.failed, [one.participant for one in DossierDocument.objects.all()]) == (1, 1, [person])


def test_attach_entries_on_changed_bytes_attaches_nothing(cast, person):
    archive = preview(cast.admin_kupang, {f"{person.nip}_sk-cpns.pdf": pdfs.plain()})
    Path(archive.file.path).write_bytes(dossier_zips.build({f"{person.nip}_sk-cpns.pdf": pdfs.with_pages(2)}))
    job = run(archive, cast.admin_kupang)
    assert (job.state, "tidak sama dengan yang diperiksa" in job.message) == (JobState.FAILED, True)
    assert not DossierDocument.objects.exists()


def test_discard_zip_drops_rows_and_bytes(cast, person, django_capture_on_commit_callbacks):
    archive = preview(cast.admin_kupang, {f"{person.nip}_sk-cpns.pdf": pdfs.plain()})
    path = Path(archive.file.path)
    with django_capture_on_commit_callbacks(execute=True):
        dossier_zip.discard_zip(zip_id=archive.pk, by=cast.admin_kupang)
    assert (path.exists(), archive.rows.exists()) == (False, False)
    with pytest.raises(IllegalMove):
        dossier_zip.commit_zip(zip_id=archive.pk, sha256=archive.sha256, by=cast.admin_kupang)


def test_discard_stale_zips_waits_a_week(cast, person, django_capture_on_commit_callbacks):
    archive = preview(cast.admin_kupang, {f"{person.nip}_sk-cpns.pdf": pdfs.plain()})
    path = Path(archive.file.path)
    assert (dossier_zip.discard_stale_zips(), path.exists()) == (0, True)
    DossierZip.objects.update(uploaded_at=timezone.now() - timedelta(days=7, seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert dossier_zip.discard_stale_zips() == 1
    archive.refresh_from_db()
    assert (path.exists(), archive.state, dossier_zip.discard_stale_zips()) == (False, ImportState.DISCARDED, 0)


def test_preview_zip_locked_place_says_so(cast, person):
    attach_document(participant_id=person.pk, code="sk-cpns", content=pdfs.plain(), name="a.pdf", by=cast.admin_kupang)
    Participant.objects.filter(pk=person.pk).update(stage=Stage.SUBMITTED)
    row = preview(cast.admin_kupang, {f"{person.nip}_sk-cpns.pdf": pdfs.with_pages(2)}).rows.get()
    assert (row.outcome, "sedang diperiksa" in row.reason) == ("locked", True)


def test_zip_pages_lead_from_upload_to_the_job(cast, person, sign_in):
    client = sign_in(cast.admin_kupang)
    address = reverse("dossier_zip_upload")
    bad = client.post(address, {"file": SimpleUploadedFile("a.zip", b"bukan")})
    assert (bad.status_code, "bukan ZIP" in bad.content.decode()) == (422, True)
    assert client.post(address, {}).status_code == 422
    data = dossier_zips.build({f"{person.nip}_sk-cpns.pdf": pdfs.plain(), "x.pdf": b"x"})
    answer = client.post(address, {"file": SimpleUploadedFile("a.zip", data)})
    archive = DossierZip.objects.get()
    assert answer.headers["Location"] == archive.get_absolute_url()
    page = client.get(archive.get_absolute_url())
    assert (page.context["ready"], [figure.number for figure in page.context["figures"]]) == (1, [1, 1])
    assert len(client.get(archive.get_absolute_url(), {"hasil": "attach"}).context["page"].object_list) == 1
    answer = client.post(reverse("dossier_zip_commit", args=[archive.pk]), {"sha256": archive.sha256})
    archive.refresh_from_db()
    assert answer.headers["Location"] == archive.job.get_absolute_url()
    assert "a.zip" in client.get(address).content.decode()


def test_attach_entries_leaves_a_file_that_somebody_else_attached_after_the_preview(cast, person):
    attach_document(participant_id=person.pk, code="bebas-narkoba", content=pdfs.with_pages(4), name="a.pdf", by=cast.admin_kupang)
    entries = {f"{person.nip}_{code}.pdf": pdfs.plain() for code in ("sk-cpns", "bebas-narkoba")}
    archive = preview(cast.admin_kupang, entries)
    newer = attach_document(participant_id=person.pk, code="sk-cpns", content=pdfs.with_pages(3), name="b.pdf", by=cast.provinsi_a)
    job = run(archive, cast.admin_kupang)
    assert (job.state, job.done, job.failed) == (JobState.PARTIAL, 1, 1)
    assert "orang lain sejak Anda memeriksanya" in job.items.get(state=ItemState.FAILED).message
    assert DossierDocument.objects.current().get(code="sk-cpns") == newer


def test_zip_that_the_portal_wrote_is_read_again_as_what_is_there_already(cast, person):
    today = timezone.localdate()
    for code, content, name in (("sk-cpns", pdfs.plain(), "a.pdf"), ("surat-sehat", images.phone_photo(), "a.jpg")):
        attach_document(participant_id=person.pk, code=code, content=content, name=name, issued_on=today, by=cast.admin_kupang)
    entries = {}
    for document in DossierDocument.objects.select_related("participant"):
        with document.file.open() as stored:
            entries[entry_name(document)] = stored.read()
    archive = preview(cast.admin_kupang, entries)
    assert [(row.outcome, row.reason) for row in archive.rows.all()] == [("same", ""), ("same", "")]


@pytest.fixture
def stopped(cast, person) -> DossierZip:
    """An archive whose saving was cancelled after the first of two files."""
    archive = preview(cast.admin_kupang, {f"{person.nip}_{code}.pdf": pdfs.plain() for code in ("sk-cpns", "bebas-narkoba")})
    job = dossier_zip.commit_zip(zip_id=archive.pk, sha256=archive.sha256, by=cast.admin_kupang)
    first = job.items.order_by("position").first()
    attach_document(participant_id=person.pk, code="sk-cpns", content=pdfs.plain(), name="a.pdf", by=cast.admin_kupang)
    job.items.filter(pk=first.pk).update(state=ItemState.DONE)
    Job.objects.filter(pk=job.pk).update(done=1)
    cancel_job(job_id=job.pk, by=cast.admin_kupang)
    archive.refresh_from_db()
    return archive


def test_stopped_zip_says_so_and_goes_on_with_the_rest(cast, stopped, sign_in):
    page = sign_in(cast.admin_kupang).get(stopped.get_absolute_url()).content.decode()
    assert ("Penyimpanan terhenti." in page, "1 dari 2 berkas sudah tersimpan" in page, "Buang sisanya" in page) == (True, True, True)
    assert "Sedang disimpan" not in page
    job = retry_job(job_id=stopped.job_id, by=cast.admin_kupang)
    run_job(job.pk, dossier_zip.attach_entries)
    stopped.refresh_from_db()
    assert (stopped.state, DossierDocument.objects.current().count()) == (ImportState.COMMITTED, 2)


def test_stopped_zip_is_discarded_with_what_is_saved_left_alone(cast, stopped, sign_in):
    sign_in(cast.admin_kupang).post(reverse("dossier_zip_discard", args=[stopped.pk]))
    stopped.refresh_from_db()
    assert (stopped.state, bool(stopped.file), stopped.rows.count()) == (ImportState.COMMITTED, False, 2)
    assert [one.code for one in DossierDocument.objects.current()] == ["sk-cpns"]
    with pytest.raises(IllegalMove):
        dossier_zip.discard_zip(zip_id=stopped.pk, by=cast.admin_kupang)
