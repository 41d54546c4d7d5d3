"""Printed slips: on paper in clear, in the database never, one in force per person."""

from __future__ import annotations

import io
import re
import subprocess
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from latsar.accounts.enums import Role
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import AuditEntry, User
from latsar.jobs.models import ItemState, Job, JobState
from latsar.jobs.run import run_job
from latsar.jobs.services import discard_results, retry_job
from participants.enums import Stage
from participants.invitations import SlipState, VoidReason
from participants.models import ActivationSlip, Participant
from participants.services.slips import print_slips, request_slips, void_slip
from participants.slip_code import LETTERS, hash_code, is_code, new_code, read_code
from tests import factories

CODE = re.compile(r"\b[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}\b")


@pytest.fixture
def person(cast) -> Participant:
    return factories.ParticipantFactory(satker=cast.kupang, stage=Stage.VERIFIED, full_name="Theodora Nahak, S.Kom.")


def printed(people, by) -> Job:
    """Ask for the slips and let a worker make them."""
    job = request_slips(participant_ids=[one.pk for one in people], by=by)
    run_job(job.pk, print_slips)
    job.refresh_from_db()
    return job


def text_of(job: Job) -> str:
    pdf = job.result_file.read()
    job.result_file.close()
    return subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, check=True, capture_output=True).stdout.decode()


def test_new_code_has_sixty_bits_and_no_sign_that_looks_like_another():
    assert (len(LETTERS), len(set(LETTERS)), set(LETTERS) & set("0O1I")) == (32, 32, set())
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert {len(code) for code in codes} == {12}


def test_read_code_takes_it_as_people_type_it():
    assert read_code(" h7km 2qxw-9trd ") == "H7KM2QXW9TRD"


def test_is_code_binds_the_code_to_one_person_and_survives_a_new_secret(settings):
    kept = hash_code("H7KM2QXW9TRD", 7)
    assert [is_code("H7KM2QXW9TRD", 7, kept), is_code("H7KM2QXW9TRD", 8, kept), is_code("H7KM2QXW9TRE", 7, kept)] == [True, False, False]
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another" * 10
    assert is_code("H7KM2QXW9TRD", 7, kept)


def test_print_slips_prints_the_facts_of_each_person_and_never_the_whole_nip(cast, person):
    other = factories.ParticipantFactory(satker=cast.ende, stage=Stage.APPROVED, full_name="Dr. Apolonia Sabuna, S.H., M.Hum.")
    job = printed([person, other], cast.provinsi_a)
    assert (job.state, job.done, job.total) == (JobState.DONE, 2, 2)
    text = text_of(job)
    for one in (person, other):
        assert (one.full_name in text, f"NIP berakhir {one.nip[-3:]}" in text, one.satker.name in text, one.nip in text) == (
            True,
            True,
            True,
            False,
        )
    assert len(set(CODE.findall(text))) == 2


def test_print_slips_keeps_the_code_nowhere_but_on_paper(cast, person, caplog):
    job = printed([person], cast.admin_kupang)
    code = CODE.search(text_of(job))[0]
    slip = ActivationSlip.objects.get()
    assert is_code(read_code(code), person.pk, slip.code_hash)
    kept = [*ActivationSlip.objects.values(), *Job.objects.values(), *job.items.values(), *AuditEntry.objects.values()]
    assert not [form for form in (code, read_code(code)) if form in str(kept) + caplog.text]


def test_print_slips_qr_leads_to_the_activation_page_and_carries_no_code(cast, person, settings, tmp_path):
    settings.PUBLIC_URL = "https://latsar.example"
    job = printed([person], cast.admin_kupang)
    (tmp_path / "slip.pdf").write_bytes(job.result_file.read())
    job.result_file.close()
    subprocess.run(["pdftoppm", "-png", "-r", "150", "slip.pdf", "slip"], cwd=tmp_path, check=True)
    picture = next(tmp_path.glob("slip*.png")).name
    read = subprocess.run(["zbarimg", "-q", "--raw", picture], cwd=tmp_path, check=True, capture_output=True, text=True).stdout.split()
    assert set(read) == {"HTTPS://LATSAR.EXAMPLE/aktivasi/"}


def test_print_slips_makes_an_account_without_password_and_an_audit_row(cast, person):
    printed([person], cast.admin_kupang)
    person.refresh_from_db()
    assert (person.user.username, person.user.has_usable_password(), person.user.has_role(Role.PESERTA)) == (person.nip, False, True)
    entry = AuditEntry.objects.about(person).get()
    assert (entry.verb, entry.actor) == ("print_slip", cast.admin_kupang)


def test_print_slips_for_an_address_that_is_taken_leaves_the_address_off(cast, person):
    factories.UserFactory(email=person.email)
    assert printed([person], cast.admin_kupang).state == JobState.DONE
    person.refresh_from_db()
    assert person.user.email == ""


def test_print_slips_again_kills_the_earlier_slip(cast, person):
    printed([person], cast.admin_kupang)
    printed([person], cast.provinsi_a)
    old, new = ActivationSlip.objects.order_by("pk")
    today = timezone.localdate()
    assert (old.state_on(today), old.void_reason, old.voided_by) == (SlipState.VOID, VoidReason.REPLACED, cast.provinsi_a)
    assert new.state_on(today) == SlipState.OPEN
    assert new.state_on(new.valid_until + timedelta(days=1)) == SlipState.EXPIRED


def test_two_slips_in_force_are_refused_by_the_database(cast, person):
    printed([person], cast.admin_kupang)
    with pytest.raises(IntegrityError), transaction.atomic():
        ActivationSlip.objects.create(participant=person, code_hash="x", printed_by=cast.pksdm, valid_until=timezone.localdate())


def test_print_slips_run_again_before_the_file_starts_over_with_new_codes(cast, person):
    """A worker that died between slips and file: nobody knows those codes, so they must not stay in force."""
    job = printed([person], cast.admin_kupang)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, result_file="", heartbeat_at=timezone.now() - timedelta(hours=1))
    run_job(job.pk, print_slips)
    job.refresh_from_db()
    lost, told = ActivationSlip.objects.order_by("pk")
    assert (lost.void_reason, told.voided_at) == (VoidReason.UNPRINTED, None)
    assert is_code(read_code(CODE.search(text_of(job))[0]), person.pk, told.code_hash)


def test_print_slips_run_again_after_the_file_changes_nothing(cast, person):
    job = printed([person], cast.admin_kupang)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, heartbeat_at=timezone.now() - timedelta(hours=1))
    run_job(job.pk, print_slips)
    assert ActivationSlip.objects.get().voided_at is None


def test_print_slips_cancelled_leaves_no_slip_in_force(cast, person):
    job = request_slips(participant_ids=[person.pk], by=cast.admin_kupang)

    def cancel_midway(runner):
        Job.objects.filter(pk=job.pk).update(cancel_requested=True)
        print_slips(runner)

    run_job(job.pk, cancel_midway)
    job.refresh_from_db()
    assert (job.state, ActivationSlip.objects.unused().count(), bool(job.result_file)) == (JobState.CANCELLED, 0, False)
    retry_job(job_id=job.pk, by=cast.admin_kupang)
    run_job(job.pk, print_slips)
    assert ActivationSlip.objects.unused().count() == 1


def test_print_slips_names_who_was_activated_meanwhile(cast, person):
    other = factories.ParticipantFactory(satker=cast.kupang, stage=Stage.APPROVED)
    job = request_slips(participant_ids=[person.pk, other.pk], by=cast.admin_kupang)
    Participant.objects.filter(pk=other.pk).update(user=factories.UserFactory())
    run_job(job.pk, print_slips)
    job.refresh_from_db()
    assert (job.state, other.full_name in job.message, person.full_name in text_of(job)) == (JobState.DONE, True, True)
    assert job.items.get(ref=str(other.pk)).state == ItemState.SKIPPED


@pytest.mark.parametrize("user", ["admin_ende", "provinsi_b", "pimpinan", "lembaga_a", "stranger"])
def test_request_slips_by_others_is_refused(cast, person, user):
    with pytest.raises(Refused):
        request_slips(participant_ids=[person.pk], by=getattr(cast, user))
    assert not User.objects.filter(username=person.nip).exists()


def test_void_slip_makes_it_worthless(cast, person):
    printed([person], cast.admin_kupang)
    void_slip(participant_id=person.pk, by=cast.admin_kupang)
    assert ActivationSlip.objects.get().void_reason == VoidReason.WITHDRAWN
    with pytest.raises(Refused, match="Tidak ada slip"):
        void_slip(participant_id=person.pk, by=cast.admin_kupang)
    with pytest.raises(NotAllowed):
        void_slip(participant_id=person.pk, by=cast.admin_ende)


def test_discard_results_deletes_the_file_when_its_time_is_over(cast, person, sign_in, django_capture_on_commit_callbacks):
    job = printed([person], cast.admin_kupang)
    storage, name, client = job.result_file.storage, job.result_file.name, sign_in(cast.admin_kupang)
    assert "Unduh sekarang" in client.get(job.get_absolute_url()).content.decode()
    assert discard_results() == 0
    Job.objects.filter(pk=job.pk).update(result_until=timezone.now())
    assert client.get(reverse("job_result", args=[job.pk])).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        assert discard_results() == 1
    assert not storage.exists(name)
    assert "lalu dihapus" in client.get(job.get_absolute_url()).content.decode()


def test_participant_bulk_previews_slips_and_then_asks_for_one_job(cast, person, sign_in):
    early = factories.ParticipantFactory(satker=cast.kupang)
    client, url = sign_in(cast.admin_kupang), reverse("participant_bulk")
    page = client.get(url, {"aksi": "print_slip", "pilih": [person.pk, early.pk]}).content.decode()
    assert (page.count('name="pilih"') == 1, "Belum bisa: 1 orang" in page, Job.objects.count()) == (True, True, 0)
    answer = client.post(url, {"aksi": "print_slip", "pilih": [person.pk], "pasti": "1"})
    assert answer.url == Job.objects.get().get_absolute_url()


def test_participant_slip_on_the_page_asks_for_a_job_and_void_ends_it(cast, person, sign_in):
    client = sign_in(cast.admin_kupang)
    assert client.post(reverse("participant_slip", args=[person.pk])).url == Job.objects.get().get_absolute_url()
    run_job(Job.objects.get().pk, print_slips)
    assert "Slip dicetak" in client.get(reverse("participant_detail", args=[person.pk])).content.decode()
    page = client.post(reverse("participant_slip_void", args=[person.pk]), follow=True).content.decode()
    assert "Dimatikan petugas" in page


def test_participant_slip_before_verification_says_why_not(cast, sign_in):
    early = factories.ParticipantFactory(satker=cast.kupang)
    page = sign_in(cast.admin_kupang).post(reverse("participant_slip", args=[early.pk]), follow=True).content.decode()
    assert ("sesudah berkas diverifikasi" in page, Job.objects.count()) == (True, 0)


def test_result_file_of_slips_is_one_pdf_of_four_to_a_sheet(cast):
    people = factories.ParticipantFactory.create_batch(5, satker=cast.kupang, stage=Stage.APPROVED)
    job = printed(people, cast.admin_kupang)
    info = subprocess.run(["pdfinfo", "-"], input=io.BytesIO(job.result_file.read()).read(), check=True, capture_output=True).stdout
    job.result_file.close()
    assert b"Pages:           2" in info
