"""Certificates of an orientasi tugas: the same engine as those of Latsar, with their own face."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import DataView, RoleGrant
from latsar.documents.models import DocumentKind, DocumentState, IssuedDocument
from latsar.jobs.models import ItemState, Job, JobState
from latsar.jobs.run import run_job
from participants.enums import OrientationStanding
from participants.models import OrientationCertificate, Participant
from participants.services.orientation import finish_programme, reopen_programme
from participants.services.orientation_certificates import (
    issue_orientation_certificates,
    issue_orientation_items,
    revoke_orientation_certificate,
)
from participants.services.orientation_members import mark_attendance
from tests import factories
from tests.issuing import body_of, make_issuer
from tests.participants.orientations import approved, join, make_programme


@pytest.fixture
def finished(cast):
    """Two who completed it, one who did not."""
    make_issuer()
    programme = make_programme(cast.provinsi_a, province=cast.province_a, place="Kupang")
    members = join(programme, approved(cast.kupang, 3), cast.provinsi_a)
    for session in programme.sessions.all():
        marks = {members[0].pk: "H", members[1].pk: "T", members[2].pk: "A"}
        mark_attendance(session_id=session.pk, marks=marks, seen={}, by=cast.provinsi_a)
    return finish_programme(programme_id=programme.pk, by=cast.provinsi_a)


def issue(programme, by) -> Job:
    job = issue_orientation_certificates(programme_id=programme.pk, by=by)
    run_job(job.pk, issue_orientation_items)
    job.refresh_from_db()
    return job


def test_issue_orientation_certificates_gives_one_to_each_who_completed_it(finished, cast):
    job = issue(finished, cast.provinsi_a)
    assert (job.state, job.done, job.failed) == (JobState.DONE, 2, 0)
    documents = IssuedDocument.objects.order_by("number")
    assert [(d.kind, d.state) for d in documents] == [(DocumentKind.ORIENTATION, DocumentState.ISSUED)] * 2
    printed = documents[0].face["printed"]
    assert (printed["hours"], printed["hours_words"], printed["method_text"]) == (10, "sepuluh", "secara daring")
    assert [row["subjects"] for row in printed["agenda"]] == [[["Materi 8", 6], ["Materi 13", 4]]]
    with pytest.raises(Refused, match="sudah memilikinya"):
        issue_orientation_certificates(programme_id=finished.pk, by=cast.provinsi_a)


@pytest.mark.parametrize("actor", ["provinsi_b", "admin_kupang", "pimpinan"])
def test_issue_orientation_certificates_by_others_is_refused(finished, cast, actor):
    with pytest.raises(NotAllowed):
        issue_orientation_certificates(programme_id=finished.pk, by=getattr(cast, actor))
    assert not Job.objects.exists()


def test_issue_orientation_certificates_of_an_open_programme_is_refused(cast):
    make_issuer()
    with pytest.raises(Refused, match="Selesaikan orientasinya"):
        issue_orientation_certificates(programme_id=make_programme(cast.pksdm).pk, by=cast.pksdm)


def test_issue_orientation_items_fails_one_and_issues_the_other(finished, cast):
    lacking = finished.members.filter(standing=OrientationStanding.PASSED).first().participant
    Participant.objects.filter(pk=lacking.pk).update(birth_place="")
    job = issue(finished, cast.pksdm)
    assert (job.state, job.done, job.failed) == (JobState.PARTIAL, 1, 1)
    assert job.items.get(state=ItemState.FAILED).fix_url == f"/peserta/{lacking.pk}/ubah/"


def test_issue_orientation_items_for_oneself_fails(finished, cast):
    own = finished.members.filter(standing=OrientationStanding.PASSED).first().participant
    Participant.objects.filter(pk=own.pk).update(user=cast.provinsi_a)
    job = issue(finished, cast.provinsi_a)
    assert "orang lain" in job.items.get(state=ItemState.FAILED).message


def test_issue_orientation_items_after_the_right_was_taken_away_issues_nothing(finished, cast):
    job = issue_orientation_certificates(programme_id=finished.pk, by=cast.provinsi_a)
    RoleGrant.objects.filter(user=cast.provinsi_a).delete()
    run_job(job.pk, issue_orientation_items)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert not IssuedDocument.objects.exists()


def test_revoke_orientation_certificate_is_public_and_its_successor_named(finished, cast, sign_in):
    issue(finished, cast.provinsi_a)
    certificate = OrientationCertificate.objects.first()
    with pytest.raises(NotAllowed):
        revoke_orientation_certificate(certificate_id=certificate.pk, reason="Salah nama", by=cast.provinsi_a)
    answer = sign_in(cast.pksdm).post(reverse("orientation_revoke", args=[certificate.pk]), {"reason": "Salah nama", "reissue": "on"})
    job = Job.objects.order_by("-pk").first()
    assert answer["Location"] == job.get_absolute_url()
    run_job(job.pk, issue_orientation_items)
    certificate.document.refresh_from_db()
    assert certificate.document.state == DocumentState.REVOKED
    assert certificate.document.replaced_by.state == DocumentState.ISSUED
    page = Client().get(certificate.document.get_absolute_url()).content.decode()
    assert "Salah nama" in page


def test_reopen_programme_with_certificates_is_refused(finished, cast):
    issue(finished, cast.provinsi_a)
    with pytest.raises(Refused, match="Cabut dahulu"):
        reopen_programme(programme_id=finished.pk, by=cast.provinsi_a)


def test_verify_page_of_an_orientation_shows_the_training(finished, cast):
    issue(finished, cast.provinsi_a)
    document = IssuedDocument.objects.first()
    page = Client().get(document.get_absolute_url()).content.decode()
    assert "Orientasi Tugas CPNS" in page
    assert document.number in page


def test_orientation_draft_says_konsep_and_takes_no_number(finished, cast, sign_in):
    member = finished.members.filter(standing=OrientationStanding.PASSED).first()
    answer = sign_in(cast.provinsi_a).get(reverse("orientation_draft", args=[finished.pk, member.pk]))
    assert body_of(answer).startswith(b"%PDF-")
    assert not IssuedDocument.objects.exists()


def test_participant_finds_the_own_certificate_at_home_and_on_the_person_page(finished, cast, sign_in):
    issue(finished, cast.provinsi_a)
    certificate = OrientationCertificate.objects.select_related("member__participant", "document").first()
    user = factories.UserFactory()
    factories.RoleGrantFactory(user=user, role="peserta")
    Participant.objects.filter(pk=certificate.member.participant_id).update(user=user)
    client, url = sign_in(user), reverse("orientation_file", args=[certificate.pk])
    assert url in client.get("/").content.decode()
    assert url in client.get(certificate.member.participant.get_absolute_url()).content.decode()
    assert body_of(client.get(url)).startswith(b"%PDF-")
    foreign = OrientationCertificate.objects.exclude(pk=certificate.pk).first()
    assert client.get(reverse("orientation_file", args=[foreign.pk])).status_code == 404


def test_orientation_file_and_draft_record_who_took_them_but_not_oneself(finished, cast, sign_in):
    issue(finished, cast.provinsi_a)
    certificate = OrientationCertificate.objects.select_related("member__participant").first()
    person, user = certificate.member.participant, factories.UserFactory()
    factories.RoleGrantFactory(user=user, role="peserta")
    Participant.objects.filter(pk=person.pk).update(user=user)
    file, draft = (
        reverse("orientation_file", args=[certificate.pk]),
        reverse("orientation_draft", args=[finished.pk, certificate.member_id]),
    )
    body_of(sign_in(user).get(file))
    assert not DataView.objects.about(person).exists()
    body_of(sign_in(cast.provinsi_a).get(file))
    body_of(sign_in(cast.pksdm).get(draft))
    assert {(row.viewer, row.kind) for row in DataView.objects.about(person)} == {(cast.provinsi_a, "file"), (cast.pksdm, "file")}
