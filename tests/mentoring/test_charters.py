"""Charters of mentors: for whom, once, signed like other documents, and back again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from latsar.accounts.errors import NotAllowed, Refused
from latsar.documents.models import IssuedDocument
from latsar.jobs.run import run_job
from mentoring import charter_words, services
from mentoring.models import MentorAssignment, MentorCertificate
from tests import factories
from tests.mentoring.conftest import make_mentor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def issuer():
    from latsar.documents.models import Issuer

    return Issuer.objects.create(
        name="KPU", line_1="KOMISI PEMILIHAN UMUM", city="Jakarta", signer_title="Kepala PKSDM", signer_name="Contoh, S.H.",
        legal_basis="Peraturan contoh",
    )  # fmt: skip


@pytest.fixture
def closed(cast, mentor):
    """A closed batch: two graduates of the mentor, one of another who took over, one who did not graduate."""
    batch = factories.BatchFactory(institute=cast.institute_a, stage="closed", starts_on=timezone.localdate().replace(month=1, day=5))
    facts = {"satker": cast.kupang, "batch": batch, "graduated_on": batch.ends_on}
    mine = factories.ParticipantFactory.create_batch(2, stage="graduated", **facts)
    for slot, person in enumerate(mine, 1):
        MentorAssignment.objects.create(mentor=mentor, participant=person, slot=slot, assigned_by=cast.pksdm)
    changed = factories.ParticipantFactory(stage="graduated", **facts)
    MentorAssignment.objects.create(
        mentor=mentor, participant=changed, slot=3, assigned_by=cast.pksdm, ended_at=timezone.now(), ended_by=cast.pksdm,
        assigned_at=timezone.now() - timedelta(days=9),
    )  # fmt: skip
    other = make_mentor(cast.badung)
    MentorAssignment.objects.create(mentor=other, participant=changed, slot=1, assigned_by=cast.pksdm)
    failed = factories.ParticipantFactory(satker=cast.kupang, batch=batch, stage="training")
    MentorAssignment.objects.create(mentor=make_mentor(cast.ende), participant=failed, slot=1, assigned_by=cast.pksdm)
    return batch, mine, other


def issue(batch, by, **more) -> None:
    run_job(services.issue_charters(batch_id=batch.pk, by=by, **more).pk, services.issue_items)


def test_charters_go_to_who_guided_to_the_end_once(cast, mentor, closed):
    batch, mine, other = closed
    assert charter_words.mentees_of(batch) == {
        mentor.pk: sorted(p.full_name for p in mine),
        other.pk: [charter_words.mentees_of(batch)[other.pk][0]],
    }
    issue(batch, cast.pksdm)
    rows = MentorCertificate.objects.select_related("document").order_by("mentor__user__full_name")
    assert {row.mentor for row in rows} == {mentor, other}
    document = MentorCertificate.objects.get(mentor=mentor).document
    assert (document.state, document.kind, document.holder) == ("issued", "mentor", mentor.user)
    assert document.face["printed"]["people"] == sorted(p.full_name for p in mine)
    with pytest.raises(Refused, match="Tidak ada piagam"):
        services.issue_charters(batch_id=batch.pk, by=cast.pksdm)


def test_charter_is_verifiable_downloadable_and_revocable_with_a_successor(cast, mentor, closed, sign_in):
    batch, _mine, _other = closed
    issue(batch, cast.pksdm)
    row = MentorCertificate.objects.select_related("document").get(mentor=mentor)
    public = sign_in(cast.stranger).get(f"/verifikasi/{row.document.token}/", follow=True).content.decode()
    assert str(mentor) in public
    assert row.document.number in public
    answer = sign_in(mentor.user).get(f"/piagam-mentor/{row.pk}/")
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    assert sign_in(cast.mentor_b).get(f"/piagam-mentor/{row.pk}/").status_code == 404
    client = sign_in(cast.pksdm)
    assert client.post(f"/piagam-mentor/{row.pk}/cabut/", {"reason": ""}).status_code == 422
    assert client.post(f"/piagam-mentor/{row.pk}/cabut/", {"reason": "Salah nama"}).status_code == 302
    issue(batch, cast.pksdm)
    row.document.refresh_from_db()
    assert (row.document.state, row.document.replaced_by.holder) == ("revoked", mentor.user)
    assert MentorCertificate.objects.current().filter(mentor=mentor).count() == 1


@pytest.mark.parametrize("who", ["admin_kupang", "provinsi_a", "pimpinan", "mentor_a", "lembaga_a"])
def test_only_pksdm_issues(cast, closed, who):
    with pytest.raises(NotAllowed):
        services.issue_charters(batch_id=closed[0].pk, by=getattr(cast, who))


def test_open_batch_and_own_charter_are_refused(cast, closed):
    batch, mine, _other = closed
    own = factories.MentorFactory(user=cast.pksdm, satker=cast.ende)
    MentorAssignment.objects.filter(participant=mine[0]).update(mentor=own, slot=1)
    issue(batch, cast.pksdm)
    assert not MentorCertificate.objects.filter(mentor=own).exists()
    batch.stage = "running"
    batch.save()
    with pytest.raises(Refused, match="Tutup dulu"):
        services.issue_charters(batch_id=batch.pk, by=cast.pksdm)


def test_batch_page_lists_issues_and_shows_a_draft(cast, mentor, closed, sign_in):
    batch, _mine, _other = closed
    client, url = sign_in(cast.pksdm), f"/angkatan/{batch.pk}/piagam-mentor/"
    assert "Terbitkan 2 piagam" in client.get(url).content.decode()
    draft = client.get(f"{url}{mentor.pk}/konsep/")
    assert b"".join(draft.streaming_content).startswith(b"%PDF-")
    assert not IssuedDocument.objects.exists()
    assert client.post(url).url.startswith("/pekerjaan/")
    assert sign_in(cast.admin_kupang).post(url).status_code == 404
    assert "Terbitkan" not in sign_in(cast.provinsi_a).get(url).content.decode()
