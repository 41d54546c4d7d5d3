from __future__ import annotations

import hashlib
import json
import re
import subprocess
import threading
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from latsar.accounts.errors import IllegalMove, NotAllowed, Refused
from latsar.accounts.models import AuditEntry, RoleGrant
from latsar.dashboard.registry import home_of
from latsar.documents.check import SignatureState, check_pdf
from latsar.documents.models import DocumentState, IssuedDocument, Issuer, NumberSeries
from latsar.documents.sign import make_demo_key
from latsar.jobs.models import ItemState, Job, JobState
from latsar.jobs.run import run_job
from latsar.jobs.services import cancel_job, retry_job
from latsar.notices.models import Notice
from participants import certificate_home
from participants.models import Certificate, Participant
from participants.services import issuing
from participants.services.certificates import issue_batch_certificates, issue_items, revoke_certificate
from tests import factories
from tests.issuing import body_of, graduate, make_batch, make_issuer, numbers_of, stored_bytes


@pytest.fixture
def batch(cast):
    make_issuer()
    return make_batch(institute=cast.institute_a)


@pytest.fixture
def people(batch, cast):
    return graduate(batch, 3, satker=cast.kupang)


def _issue(batch, by) -> Job:
    job = issue_batch_certificates(batch_id=batch.pk, by=by)
    run_job(job.pk, issue_items)
    job.refresh_from_db()
    return job


def _states() -> list[tuple[str, str]]:
    return list(IssuedDocument.objects.order_by("number").values_list("number", "state"))


def test_issue_batch_certificates_issues_each_once_with_file_and_audit(batch, people, cast):
    job = _issue(batch, cast.pksdm)
    assert (job.state, job.done, job.failed) == (JobState.DONE, 3, 0)
    documents = list(IssuedDocument.objects.all())
    assert numbers_of([document.number for document in documents]) == [1, 2, 3]
    for document in documents:
        data = stored_bytes(document)
        assert data.startswith(b"%PDF-")
        assert hashlib.sha256(data).hexdigest() == document.sha256
        assert document.state == DocumentState.ISSUED
    assert Certificate.objects.current().count() == 3
    assert AuditEntry.objects.filter(verb="issue", model="documents.issueddocument", actor=cast.pksdm).count() == 3


def test_issue_batch_certificates_twice_finds_nobody_left(batch, people, cast):
    _issue(batch, cast.pksdm)
    with pytest.raises(Refused, match="sudah memilikinya"):
        issue_batch_certificates(batch_id=batch.pk, by=cast.pksdm)
    assert NumberSeries.objects.get().next_number == 4


def test_issue_batch_certificates_double_click_is_one_job(batch, people, cast):
    first = issue_batch_certificates(batch_id=batch.pk, by=cast.pksdm)
    assert issue_batch_certificates(batch_id=batch.pk, by=cast.pksdm) == first
    other = factories.UserFactory()
    factories.RoleGrantFactory(user=other, role="pksdm")
    with pytest.raises(Refused, match="sedang diterbitkan oleh"):
        issue_batch_certificates(batch_id=batch.pk, by=other)


@pytest.mark.parametrize("actor", ["admin_kupang", "provinsi_a", "lembaga_a", "pimpinan", "stranger"])
def test_issue_batch_certificates_by_others_is_refused(batch, people, cast, actor):
    with pytest.raises(NotAllowed):
        issue_batch_certificates(batch_id=batch.pk, by=getattr(cast, actor))
    assert not Job.objects.exists()


def test_issue_batch_certificates_without_issuer_says_what_to_do(batch, people, cast):
    Issuer.objects.all().delete()
    with pytest.raises(Refused, match="Belum ada penerbit dokumen"):
        issue_batch_certificates(batch_id=batch.pk, by=cast.pksdm)


def test_issue_items_after_the_right_was_taken_away_issues_nothing(batch, people, cast):
    job = issue_batch_certificates(batch_id=batch.pk, by=cast.pksdm)
    RoleGrant.objects.filter(user=cast.pksdm).delete()
    run_job(job.pk, issue_items)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert not IssuedDocument.objects.exists()


def test_issue_items_with_missing_birth_place_fails_one_and_takes_no_number(batch, people, cast):
    Participant.objects.filter(pk=people[1].pk).update(birth_place="")
    job = _issue(batch, cast.pksdm)
    assert (job.state, job.done, job.failed) == (JobState.PARTIAL, 2, 1)
    item = job.items.get(state=ItemState.FAILED)
    assert item.message == "Tempat lahir kosong, sedangkan templat mewajibkannya."
    assert item.fix_url == f"/peserta/{people[1].pk}/ubah/"
    Participant.objects.filter(pk=people[1].pk).update(birth_place="Ende")
    retry_job(job_id=job.pk, by=cast.pksdm)
    run_job(job.pk, issue_items)
    job.refresh_from_db()
    assert (job.state, job.done, job.failed) == (JobState.DONE, 3, 0)
    assert numbers_of([number for number, _state in _states()]) == [1, 2, 3]


def test_issue_items_crash_after_the_number_was_taken_uses_it_again(batch, people, cast, monkeypatch):
    """The worker dies between the two transactions: number and row are there, the file is not."""
    job = issue_batch_certificates(batch_id=batch.pk, by=cast.pksdm)

    class Killed(BaseException):
        pass

    def die(self, face):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(issuing.Press, "print", die)
        with pytest.raises(Killed):
            run_job(job.pk, issue_items)
    assert [state for _number, state in _states()] == [DocumentState.PREPARED]
    Participant.objects.filter(pk=Certificate.objects.get().participant_id).update(full_name="Nama Yang Diperbaiki, S.H.")
    Job.objects.filter(pk=job.pk).update(heartbeat_at="2020-01-01T00:00:00Z")
    run_job(job.pk, issue_items)
    assert numbers_of([number for number, _state in _states()]) == [1, 2, 3]
    assert {state for _number, state in _states()} == {DocumentState.ISSUED}
    repaired = IssuedDocument.objects.get(holder_name="Nama Yang Diperbaiki, S.H.")
    assert repaired.face["printed"]["name"] == "Nama Yang Diperbaiki, S.H."


def test_issue_items_cancelled_in_the_middle_keeps_what_is_done(batch, people, cast):
    job = issue_batch_certificates(batch_id=batch.pk, by=cast.pksdm)

    def work(runner):
        settle = runner.settle

        def settle_and_cancel(*args, **kwargs):
            settle(*args, **kwargs)
            Job.objects.filter(pk=job.pk).update(cancel_requested=True)
            runner._beaten = 0.0

        runner.settle = settle_and_cancel
        issue_items(runner)

    run_job(job.pk, work)
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert IssuedDocument.objects.filter(state=DocumentState.ISSUED).count() == 1
    retry_job(job_id=job.pk, by=cast.pksdm)
    run_job(job.pk, issue_items)
    assert numbers_of([number for number, _state in _states()]) == [1, 2, 3]


@pytest.mark.django_db(transaction=True)
def test_issue_items_ten_times_at_once_issues_each_once(batch, people, cast):
    job = issue_batch_certificates(batch_id=batch.pk, by=cast.pksdm)
    started = threading.Barrier(10)

    def hammer() -> None:
        started.wait()
        try:
            run_job(job.pk, issue_items)
        finally:
            connection.close()

    threads = [threading.Thread(target=hammer) for _n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, 1)
    assert numbers_of([number for number, _state in _states()]) == [1, 2, 3]
    assert NumberSeries.objects.get().next_number == 4
    assert Notice.objects.count() == 0


def test_issue_items_with_a_signer_publishes_what_validates(batch, people, cast, settings, tmp_path):
    settings.DOCUMENT_SIGNER_FILE = make_demo_key(tmp_path / "kunci.pem")
    _issue(batch, cast.pksdm)
    for document in IssuedDocument.objects.all():
        verdict = check_pdf(stored_bytes(document), document.sha256)
        assert (document.is_signed, verdict.same, verdict.signature) == (True, True, SignatureState.INTACT)
    upload = SimpleUploadedFile("surat.pdf", stored_bytes(document), "application/pdf")
    html = Client().post(document.get_absolute_url(), {"berkas": upload}).content.decode()
    assert "Tanda tangan elektroniknya utuh, atas nama Latsar KPU, kunci contoh." in html


def test_issue_items_with_an_unreadable_signer_issues_nothing(batch, people, cast, settings, tmp_path):
    settings.DOCUMENT_SIGNER_FILE = tmp_path / "tidak-ada.pem"
    job = _issue(batch, cast.pksdm)
    assert job.state == JobState.FAILED
    assert "Kunci tanda tangan tidak terbaca" in job.message
    assert not IssuedDocument.objects.exists()


def test_revoke_certificate_and_reissue_names_the_successor(batch, people, cast):
    _issue(batch, cast.pksdm)
    old = Certificate.objects.get(participant=people[0])
    revoke_certificate(certificate_id=old.pk, reason="Salah menulis tempat lahir.", by=cast.pksdm)
    job = issue_batch_certificates(batch_id=batch.pk, by=cast.pksdm, participant_ids={people[0].pk})
    run_job(job.pk, issue_items)
    old.document.refresh_from_db()
    assert old.document.state == DocumentState.REVOKED
    assert old.document.replaced_by == Certificate.objects.current().get(participant=people[0]).document
    with pytest.raises(IllegalMove):
        revoke_certificate(certificate_id=old.pk, reason="Sekali lagi.", by=cast.pksdm)


def test_revoke_certificate_without_reason_or_right_changes_nothing(batch, people, cast):
    _issue(batch, cast.pksdm)
    certificate = Certificate.objects.get(participant=people[0])
    with pytest.raises(Refused):
        revoke_certificate(certificate_id=certificate.pk, reason="  ", by=cast.pksdm)
    with pytest.raises(NotAllowed):
        revoke_certificate(certificate_id=certificate.pk, reason="Mau saja.", by=cast.provinsi_a)
    certificate.document.refresh_from_db()
    assert certificate.document.state == DocumentState.ISSUED


def test_issued_certificate_read_by_its_qr_leads_to_the_same_facts(batch, people, cast, settings, tmp_path):
    settings.PUBLIC_URL = "https://latsar.example"
    _issue(batch, cast.pksdm)
    document = Certificate.objects.get(participant=people[0]).document
    pdf = tmp_path / "sertifikat.pdf"
    pdf.write_bytes(stored_bytes(document))
    subprocess.run(["pdftoppm", "-r", "150", "-f", "1", "-l", "1", "-png", "-singlefile", pdf, tmp_path / "muka"], check=True)
    seen = subprocess.run(["zbarimg", "-q", "--raw", tmp_path / "muka.png"], check=True, capture_output=True, text=True)
    address = seen.stdout.strip()
    assert address.lower().startswith("https://latsar.example/verifikasi/")
    html = Client().get(re.sub(r"(?i)^https://latsar\.example", "", address)).content.decode()
    assert "Dokumen ini sah" in html
    assert document.number in html
    assert people[0].full_name in html
    assert people[0].nip not in html


def test_batch_certificates_page_shows_where_each_stands(batch, people, cast, sign_in):
    Participant.objects.filter(pk=people[1].pk).update(birth_place="")
    html = sign_in(cast.pksdm).get(f"/angkatan/{batch.pk}/sertifikat/").content.decode()
    assert "Terbitkan 3 sertifikat" in html
    assert "Tempat lahir kosong" in html
    assert f"/angkatan/{batch.pk}/sertifikat/konsep/{people[0].pk}/" in html
    answer = sign_in(cast.pksdm).post(f"/angkatan/{batch.pk}/sertifikat/")
    assert answer.url == f"/pekerjaan/{Job.objects.get().pk}/"


def test_batch_certificates_page_for_readers_offers_nothing(batch, people, cast, sign_in):
    client = sign_in(cast.provinsi_a)
    factories.PlacementFactory(participant=people[0], seat=batch.seats.first())
    html = client.get(f"/angkatan/{batch.pk}/sertifikat/").content.decode()
    assert people[0].full_name in html
    assert "Terbitkan" not in html
    assert client.post(f"/angkatan/{batch.pk}/sertifikat/").status_code == 404
    assert sign_in(cast.provinsi_b).get(f"/angkatan/{batch.pk}/sertifikat/").status_code == 404
    assert not Job.objects.exists()


def test_certificate_draft_prints_konsep_and_writes_nothing(batch, people, cast, sign_in, tmp_path):
    answer = sign_in(cast.pksdm).get(f"/angkatan/{batch.pk}/sertifikat/konsep/{people[0].pk}/")
    pdf = tmp_path / "konsep.pdf"
    pdf.write_bytes(body_of(answer))
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout
    assert "KONSEP" in text
    assert people[0].full_name in text
    assert not IssuedDocument.objects.exists()
    assert not NumberSeries.objects.exists()


def test_issued_certificate_prints_the_title_of_the_aktualisasi_where_there_is_one(batch, people, cast, tmp_path):
    title = "Optimalisasi Arsip Digital pada KPU Kota Kupang"
    Participant.objects.filter(pk=people[0].pk).update(aktualisasi_title=title)
    _issue(batch, cast.pksdm)
    printed = {}
    for certificate in Certificate.objects.select_related("document"):
        pdf = tmp_path / f"{certificate.participant_id}.pdf"
        pdf.write_bytes(stored_bytes(certificate.document))
        text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout
        printed[certificate.participant_id] = title in text
        assert ("Judul aktualisasi" in text) is printed[certificate.participant_id]
    assert printed == {people[0].pk: True, people[1].pk: False, people[2].pk: False}


def test_certificate_list_and_file_follow_the_scope(batch, people, cast, sign_in):
    owner = factories.UserFactory()
    factories.RoleGrantFactory(user=owner, role="peserta")
    Participant.objects.filter(pk=people[0].pk).update(user=owner)
    _issue(batch, cast.pksdm)
    mine, other = (Certificate.objects.get(participant=person) for person in people[:2])
    client = sign_in(owner)
    html = client.get("/sertifikat/").content.decode()
    assert mine.document.number in html
    assert other.document.number not in html
    answer = client.get(f"/sertifikat/{mine.pk}/unduh/")
    assert hashlib.sha256(body_of(answer)).hexdigest() == mine.document.sha256
    assert client.get(f"/sertifikat/{other.pk}/unduh/").status_code == 404
    assert sign_in(cast.provinsi_b).get(f"/sertifikat/{mine.pk}/unduh/").status_code == 404
    assert body_of(sign_in(cast.provinsi_a).get(f"/sertifikat/{mine.pk}/unduh/")).startswith(b"%PDF-")
    assert Notice.objects.filter(user=owner).count() == 1


def test_certificate_revoke_page_revokes_and_reissues(batch, people, cast, sign_in):
    _issue(batch, cast.pksdm)
    certificate = Certificate.objects.get(participant=people[0])
    client = sign_in(cast.pksdm)
    address = f"/sertifikat/{certificate.pk}/cabut/"
    assert "Jangan cabut" in client.get(address).content.decode()
    assert "has-error" in client.post(address, {"reason": ""}).content.decode()
    answer = client.post(address, {"reason": "Salah menulis gelar.", "reissue": "on"})
    assert answer.url == f"/pekerjaan/{Job.objects.order_by('-pk')[0].pk}/"
    assert client.get(address).status_code == 404
    assert sign_in(cast.provinsi_a).get(address).status_code == 404


@pytest.mark.parametrize("page", ["batch", "list"])
def test_certificate_pages_cost_the_same_for_one_and_three(batch, cast, sign_in, page):
    address = f"/angkatan/{batch.pk}/sertifikat/" if page == "batch" else "/sertifikat/"
    graduate(batch, 1, satker=cast.kupang)
    _issue(batch, cast.pksdm)
    client = sign_in(cast.pksdm)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    graduate(batch, 2, satker=cast.kupang)
    _issue(batch, cast.pksdm)
    with CaptureQueriesContext(connection) as three:
        client.get(address)
    assert len(three) == len(one)


def _command(*args: str) -> dict[str, object]:
    out = StringIO()
    call_command("issue_certificates", *args, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_issue_certificates_command_issues_and_then_skips(batch, people, cast):
    args = (f"--batch={batch.pk}", f"--as={cast.pksdm.username}")
    first, second = _command(*args), _command(*args)
    assert {key: first[key] for key in ("issued", "skipped", "failed")} == {"issued": 3, "skipped": 0, "failed": 0}
    assert {key: second[key] for key in ("issued", "skipped", "failed")} == {"issued": 0, "skipped": 3, "failed": 0}


@pytest.mark.parametrize(
    ("batch_id", "username", "words"),
    [("0", "pksdm.satu", "Tidak ada angkatan"), ("own", "tak.ada", "Tidak ada akun"), ("own", "provinsi.a", "tidak berhak")],
)
def test_issue_certificates_command_refuses_with_code_two(batch, people, cast, batch_id, username, words):
    with pytest.raises(CommandError, match=words) as refusal:
        _command(f"--batch={batch.pk if batch_id == 'own' else batch_id}", f"--as={username}")
    assert refusal.value.returncode == 2
    assert not Job.objects.exists()


def test_cancel_job_before_a_worker_came_issues_nothing(batch, people, cast):
    job = issue_batch_certificates(batch_id=batch.pk, by=cast.pksdm)
    cancel_job(job_id=job.pk, by=cast.pksdm)
    run_job(job.pk, issue_items)
    assert not IssuedDocument.objects.exists()


def test_home_names_the_batch_that_waits_for_certificates(batch, people, cast):
    grant = cast.pksdm.grants.get()

    def waiting():
        return [item for item in home_of(cast.pksdm, grant).todos if item.action == "Terbitkan"]

    (item,) = waiting()
    assert item.title == "Terbitkan sertifikat 3 orang, Angkatan II 2026"
    assert item.url == f"/angkatan/{batch.pk}/sertifikat/"
    _issue(batch, cast.pksdm)
    assert waiting() == []


def test_home_of_a_participant_offers_the_own_certificate(batch, people, cast):
    owner = factories.UserFactory()
    factories.RoleGrantFactory(user=owner, role="peserta")
    Participant.objects.filter(pk=people[0].pk).update(user=owner)
    assert certificate_home.own_certificate(owner) == []
    _issue(batch, cast.pksdm)
    (item,) = certificate_home.own_certificate(owner)
    assert item.url == f"/sertifikat/{Certificate.objects.get(participant=people[0]).pk}/unduh/"


def test_certificate_card_shows_number_or_that_it_is_to_come(batch, people, cast):
    waiting = certificate_home.certificate_card(cast.provinsi_a, people[0])
    assert waiting.rows == [("Keadaan", "Belum diterbitkan", f"/angkatan/{batch.pk}/sertifikat/")]
    _issue(batch, cast.pksdm)
    number = Certificate.objects.get(participant=people[0]).document.number
    assert certificate_home.certificate_card(cast.provinsi_a, people[0]).rows[0][1] == number
    assert certificate_home.certificate_card(cast.provinsi_b, people[0]).rows[0][1] == "Belum diterbitkan"
