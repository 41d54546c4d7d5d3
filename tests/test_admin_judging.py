"""Dossier documents, certificates of orientation and seats in the admin: the portal's services, for who may, row by row."""

from __future__ import annotations

import zipfile

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from latsar.accounts.models import AuditEntry
from latsar.documents.models import DocumentState
from latsar.jobs.models import Job, JobState
from latsar.jobs.run import run_job
from latsar.training.enums import BatchStage
from participants.dossier.documents import DossierDocument
from participants.enums import ClosedWhy, DossierState, MovementKind, OrientationStanding, Stage
from participants.models import Movement, OrientationCertificate, OrientationMember, Placement
from participants.services.collecting import write_zip
from participants.services.orientation import finish_programme
from participants.services.orientation_certificates import issue_orientation_items
from participants.services.orientation_members import mark_attendance
from participants.services.placement import place_participant, release_participant
from tests import factories
from tests.admin_pages import act, address, person_of, text
from tests.issuing import make_issuer
from tests.participants.orientations import approved, join, make_programme

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(cast) -> DossierDocument:
    return factories.DocumentFactory(
        participant=person_of(cast.kupang, "Maria Contoh", stage=Stage.SUBMITTED), uploaded_by=cast.admin_kupang
    )


def state_of(row):
    row.refresh_from_db()
    return row.state


@pytest.mark.parametrize("who", ["provinsi_a", "pksdm"])
def test_documents_are_accepted_and_returned_with_a_reason(who, cast, paper, sign_in):
    client = sign_in(getattr(cast, who))
    assert "1 berkas diterima" in text(act(client, DossierDocument, "accept_chosen", [paper]))
    assert (state_of(paper), paper.judged_by) == (DossierState.ACCEPTED, getattr(cast, who))
    page = text(act(client, DossierDocument, "accept_chosen", [paper]))
    assert f"{paper}: Berkas ini sudah dijawab" in page
    assert f"{paper}: Tulis alasannya" in text(act(client, DossierDocument, "return_chosen", [paper]))
    assert state_of(paper) == DossierState.ACCEPTED
    act(client, DossierDocument, "return_chosen", [paper], reason="Halaman 2 tidak terbaca")
    assert (state_of(paper), paper.reason) == (DossierState.RETURNED, "Halaman 2 tidak terbaca")
    verbs = AuditEntry.objects.about(paper.participant).order_by("pk").values_list("verb", flat=True)
    assert [verb for verb in verbs if "document" in verb] == ["accept_document", "return_document"]


@pytest.mark.parametrize("who", ["admin_kupang", "pimpinan"])
def test_documents_are_judged_by_no_satker_and_no_reader(who, cast, paper, sign_in):
    client = sign_in(getattr(cast, who))
    assert 'value="accept_chosen"' not in text(client.get(address(DossierDocument, "changelist")))
    for action in ("accept_chosen", "return_chosen"):
        act(client, DossierDocument, action, [paper], reason="Sebab")
    assert state_of(paper) == DossierState.WAITING


@pytest.mark.parametrize("action", ["accept_chosen", "return_chosen", "collect_chosen"])
def test_documents_of_another_province_are_not_found_and_nothing_happens(action, cast, paper, sign_in):
    own = factories.DocumentFactory(participant=person_of(cast.badung, "Ketut Contoh", stage=Stage.SUBMITTED))
    assert act(sign_in(cast.provinsi_b), DossierDocument, action, [own, paper], reason="Sebab").status_code == 404
    assert (state_of(own), state_of(paper), Job.objects.exists()) == (DossierState.WAITING, DossierState.WAITING, False)


def test_documents_of_oneself_are_refused_by_name_while_the_others_go_on(cast, paper, sign_in):
    own = factories.DocumentFactory(participant=person_of(cast.kupang, "Diri Sendiri", stage=Stage.SUBMITTED, user=cast.provinsi_a))
    page = text(act(sign_in(cast.provinsi_a), DossierDocument, "accept_chosen", [own, paper]))
    assert f"{own}: bukan wewenang Anda." in page
    assert (state_of(own), state_of(paper)) == (DossierState.WAITING, DossierState.ACCEPTED)


@pytest.mark.parametrize("who", ["admin_kupang", "provinsi_a", "pksdm"])
def test_documents_are_collected_into_a_zip_by_a_job(who, cast, paper, sign_in):
    by = getattr(cast, who)
    paper.file.save("sk.pdf", ContentFile(b"%PDF-1.7 contoh"))
    other = factories.DocumentFactory(participant=paper.participant, code="ijazah")
    former = factories.DocumentFactory(
        participant=paper.participant, code="lama", closed_at=timezone.now(), closed_by=by, closed_why=ClosedWhy.REPLACED
    )
    page = text(act(sign_in(by), DossierDocument, "collect_chosen", [paper, former]))
    job = Job.objects.get()
    assert (job.requested_by, job.total, job.title) == (by, 1, "Berkas terpilih")
    assert "Berkas terpilih" in page
    run_job(job.pk, write_zip)
    job.refresh_from_db()
    assert job.state == JobState.DONE
    with job.result_file.open("rb") as stored, zipfile.ZipFile(stored) as archive:
        assert [name.split("_")[1] for name in archive.namelist()] == [paper.code]
    assert other.code != paper.code
    assert AuditEntry.objects.about(paper.participant).filter(verb="collect_documents", actor=by).count() == 1


def test_documents_that_do_not_count_any_more_are_named_and_not_collected(cast, paper, sign_in):
    former = factories.DocumentFactory(
        participant=paper.participant, code="lama", closed_at=timezone.now(), closed_by=cast.pksdm, closed_why=ClosedWhy.REPLACED
    )
    page = text(act(sign_in(cast.admin_kupang), DossierDocument, "collect_chosen", [former]))
    assert f"{former} versi 1 sudah diganti atau dihapus" in page
    assert "Belum ada berkas yang dapat diunduh." in page
    assert not Job.objects.exists()


def test_documents_are_collected_by_no_reader(cast, paper, sign_in):
    act(sign_in(cast.pimpinan), DossierDocument, "collect_chosen", [paper])
    assert not Job.objects.exists()


def test_documents_out_of_sight_at_the_workers_time_stay_out_of_the_zip(cast, paper, sign_in):
    paper.file.save("sk.pdf", ContentFile(b"%PDF-1.7 contoh"))
    act(sign_in(cast.admin_kupang), DossierDocument, "collect_chosen", [paper])
    type(paper.participant).objects.update(satker=cast.badung, province=cast.province_b)
    job = Job.objects.get()
    run_job(job.pk, write_zip)
    job.refresh_from_db()
    with job.result_file.open("rb") as stored, zipfile.ZipFile(stored) as archive:
        assert archive.namelist() == []


@pytest.fixture
def finished(cast):
    """Two who completed an orientasi tugas of NTT and one who did not."""
    make_issuer()
    programme = make_programme(cast.provinsi_a, province=cast.province_a)
    members = join(programme, approved(cast.kupang, 3), cast.provinsi_a)
    for session in programme.sessions.all():
        marks = dict(zip((member.pk for member in members), "HHA", strict=True))
        mark_attendance(session_id=session.pk, marks=marks, seen={}, by=cast.provinsi_a)
    finish_programme(programme_id=programme.pk, by=cast.provinsi_a)
    return members


def issue(client, members):
    page = text(act(client, OrientationMember, "issue_chosen", members))
    for job in Job.objects.filter(state=JobState.QUEUED):
        run_job(job.pk, issue_orientation_items)
    return page


@pytest.mark.parametrize("who", ["provinsi_a", "pksdm"])
def test_orientation_certificates_are_issued_for_the_chosen_and_refused_by_name(who, cast, finished, sign_in):
    client, (first, second, absent) = sign_in(getattr(cast, who)), finished
    page = issue(client, [first, absent])
    assert f"{absent}: Tidak tercatat menyelesaikan orientasi ini." in page
    assert list(OrientationCertificate.objects.values_list("member", flat=True)) == [first.pk]
    page = issue(client, [first, second])
    assert f"{first}: Sudah memiliki sertifikat yang berlaku." in page
    assert OrientationCertificate.objects.filter(member=second).count() == 1


def test_orientation_certificates_of_an_unfinished_programme_are_refused(cast, sign_in):
    make_issuer()
    (member,) = join(make_programme(cast.provinsi_a, province=cast.province_a), approved(cast.kupang), cast.provinsi_a)
    page = issue(sign_in(cast.provinsi_a), [member])
    assert f"{member}: Selesaikan orientasinya dahulu" in page
    assert not Job.objects.exists()


def test_orientation_certificates_of_two_programmes_are_two_jobs(cast, finished, sign_in):
    other = make_programme(cast.pksdm, title="Orientasi kedua")
    (member,) = join(other, approved(cast.badung), cast.pksdm)
    OrientationMember.objects.filter(pk=member.pk).update(standing=OrientationStanding.PASSED)
    type(other).objects.filter(pk=other.pk).update(state="finished", finished_at=timezone.now(), finished_by=cast.pksdm)
    page = issue(sign_in(cast.pksdm), [finished[0], member])
    assert (page.count("Dimulai: "), Job.objects.count(), OrientationCertificate.objects.count()) == (2, 2, 2)


@pytest.mark.parametrize("who", ["admin_kupang", "pimpinan"])
def test_orientation_certificates_are_issued_and_revoked_by_no_satker_and_no_reader(who, cast, finished, sign_in):
    issue(sign_in(cast.provinsi_a), finished[:1])
    client, certificate = sign_in(getattr(cast, who)), OrientationCertificate.objects.get()
    act(client, OrientationMember, "issue_chosen", finished[1:2])
    for action in ("revoke_chosen", "replace_chosen"):
        act(client, OrientationCertificate, action, [certificate], reason="Sebab")
    certificate.refresh_from_db()
    assert (certificate.revoked, Job.objects.count()) == (False, 1)


def test_orientation_of_another_province_is_not_found(cast, finished, sign_in):
    assert act(sign_in(cast.provinsi_b), OrientationMember, "issue_chosen", finished[:1]).status_code == 404
    assert not Job.objects.exists()


def test_orientation_member_in_sight_of_a_programme_run_by_others_is_refused(cast, sign_in):
    """A province sees its people in PKSDM's programme, and does not issue there."""
    make_issuer()
    (member,) = join(make_programme(cast.pksdm), approved(cast.kupang), cast.pksdm)
    page = issue(sign_in(cast.provinsi_a), [member])
    assert f"{member}: Bukan wewenang Anda." in page


def test_orientation_certificate_is_revoked_by_pksdm_with_a_reason_and_replaced(cast, finished, sign_in):
    issue(sign_in(cast.provinsi_a), finished[:1])
    certificate = OrientationCertificate.objects.get()
    act(sign_in(cast.provinsi_a), OrientationCertificate, "revoke_chosen", [certificate], reason="Salah nama")
    client = sign_in(cast.pksdm)
    assert f"{certificate}: Tulis alasannya." in text(act(client, OrientationCertificate, "revoke_chosen", [certificate]))
    certificate.refresh_from_db()
    assert certificate.revoked is False
    act(client, OrientationCertificate, "revoke_chosen", [certificate], reason="Salah nama")
    certificate.refresh_from_db()
    certificate.document.refresh_from_db()
    assert (certificate.revoked, certificate.document.state, certificate.document.revoke_reason) == (
        True,
        DocumentState.REVOKED,
        "Salah nama",
    )
    assert AuditEntry.objects.about(certificate.document).filter(verb="revoke", actor=cast.pksdm).count() == 1
    act(client, OrientationCertificate, "replace_chosen", [certificate])
    run_job(Job.objects.get(requested_by=cast.pksdm).pk, issue_orientation_items)
    successor = OrientationCertificate.objects.current().get()
    assert (successor.member, successor.document.replaces) == (certificate.member, certificate.document)


@pytest.fixture
def batches(cast):
    """Two open angkatan."""
    return [
        factories.BatchFactory(institute=cast.institute_a, province=cast.province_a, stage=BatchStage.OPEN, opened_by=cast.pksdm)
        for _n in range(2)
    ]


@pytest.fixture
def seated(cast, batches):
    return [place_participant(batch_id=batches[0].pk, participant_id=person.pk, by=cast.pksdm) for person in approved(cast.kupang, 2)]


def test_people_are_released_from_their_seats_with_a_reason(cast, seated, sign_in):
    client, (first, second) = sign_in(cast.pksdm), seated
    release_participant(participant_id=second.participant_id, reason="Cuti", by=cast.pksdm)
    page = text(act(client, Placement, "release_chosen", [first]))
    assert f"{first}: " in page
    first.refresh_from_db()
    assert first.released_at is None
    page = text(act(client, Placement, "release_chosen", [first, second], reason="Cuti melahirkan"))
    assert f"{second}: Sudah dilepas dari kursi ini." in page
    assert "1 orang dilepas dari kursi." in page
    first.refresh_from_db()
    first.participant.refresh_from_db()
    assert (first.release_reason, first.released_by, first.participant.stage) == ("Cuti melahirkan", cast.pksdm, Stage.APPROVED)
    assert AuditEntry.objects.about(first.participant).filter(verb="release", actor=cast.pksdm).count() == 1


def test_former_placement_releases_nobody_from_the_present_one(cast, batches, seated, sign_in):
    former = seated[0]
    release_participant(participant_id=former.participant_id, reason="Pindah", by=cast.pksdm)
    place_participant(batch_id=batches[1].pk, participant_id=former.participant_id, by=cast.pksdm)
    for action, more in (("release_chosen", {}), ("move_chosen", {"batch": batches[0].pk, "why": "duty"})):
        page = text(act(sign_in(cast.pksdm), Placement, action, [former], reason="Sebab", **more))
        assert f"{former}: Sudah dilepas dari kursi ini." in page
    assert Placement.objects.active().get(participant=former.participant).seat.batch == batches[1]


def test_people_are_moved_to_another_batch_as_a_recorded_movement(cast, batches, seated, sign_in):
    client, (first, second) = sign_in(cast.pksdm), seated
    for more in ({}, {"batch": batches[1].pk}, {"batch": batches[0].pk, "why": "duty"}):
        assert f"{first}: " in text(act(client, Placement, "move_chosen", [first], reason="Tugas pilkada", **more))
    act(client, Placement, "move_chosen", [first], reason="Tugas pilkada", batch="ngawur", why="duty")
    assert not Movement.objects.exists()
    page = text(act(client, Placement, "move_chosen", [first, second], reason="Tugas pilkada", batch=batches[1].pk, why="duty"))
    assert "2 orang pindah angkatan." in page
    assert {row.seat.batch for row in Placement.objects.active().select_related("seat__batch")} == {batches[1]}
    assert set(Movement.objects.values_list("kind", "note", "to_batch")) == {(MovementKind.CHANGE_BATCH, "Tugas pilkada", batches[1].pk)}


@pytest.mark.parametrize("who", ["admin_kupang", "provinsi_a", "pimpinan"])
def test_people_are_released_and_moved_by_pksdm_alone(who, cast, batches, seated, sign_in):
    client = sign_in(getattr(cast, who))
    page = text(client.get(address(Placement, "changelist")))
    assert ("release_chosen" in page, str(batches[1]) in page) == (False, False)
    act(client, Placement, "release_chosen", seated, reason="Sebab")
    act(client, Placement, "move_chosen", seated, reason="Sebab", batch=batches[1].pk, why="duty")
    assert {row.seat.batch for row in Placement.objects.active().select_related("seat__batch")} == {batches[0]}


def test_admin_satker_sees_documents_seats_and_certificates_of_its_own_people_only(cast, batches, paper, finished, sign_in):
    issue(sign_in(cast.provinsi_a), finished[:1])
    own, other = approved(cast.kupang, full_name="Orang Kupang")[0], approved(cast.ende, full_name="Orang Ende")[0]
    for person in (own, other):
        place_participant(batch_id=batches[0].pk, participant_id=person.pk, by=cast.pksdm)
        factories.DocumentFactory(participant=person, code="ijazah")
    client, neighbour = sign_in(cast.admin_kupang), sign_in(cast.admin_ende)
    for model in (DossierDocument, Placement):
        pages = [text(one.get(address(model, "changelist"))) for one in (client, neighbour)]
        assert [("Orang Kupang" in page, "Orang Ende" in page) for page in pages] == [(True, False), (False, True)]
    name = finished[0].participant.full_name
    for model in (OrientationMember, OrientationCertificate):
        assert [name in text(one.get(address(model, "changelist"))) for one in (client, neighbour)] == [True, False]


@pytest.mark.parametrize("model", [DossierDocument, OrientationMember, OrientationCertificate, Placement])
def test_lists_ask_as_often_for_one_row_as_for_three(model, cast, batches, finished, sign_in, django_assert_max_num_queries):
    people, client, counts = [member.participant for member in finished], sign_in(cast.pksdm), []
    OrientationMember.objects.update(standing=OrientationStanding.PASSED)

    def add(number):
        if model is DossierDocument:
            factories.DocumentFactory(participant=people[number])
        elif model is Placement:
            place_participant(batch_id=batches[0].pk, participant_id=people[number].pk, by=cast.pksdm)
        elif model is OrientationCertificate:
            issue(client, [finished[number]])

    client.get(address(model, "changelist"))
    for number in range(3):
        add(number)
        with django_assert_max_num_queries(40) as asked:
            client.get(address(model, "changelist"))
        counts.append(len(asked))
    assert counts[0] == counts[2]
