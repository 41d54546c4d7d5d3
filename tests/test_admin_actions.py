"""Actions of the admin call the services of the portal, for the roles that may, inside their units."""

from __future__ import annotations

import pytest
from django.utils import timezone

from latsar.accounts.models import AuditEntry, DataView
from latsar.jobs.models import Job
from latsar.notices.enums import MailState
from latsar.notices.models import OutboxMail
from participants.contacts import ContactState
from participants.enums import MovementState, Stage
from participants.models import ActivationSlip, ContactRequest, Movement, OrientationProgramme, Participant
from tests.admin_pages import act, address, person_of, text
from tests.participants.orientations import approved, join, make_programme


@pytest.fixture
def asked(cast) -> ContactRequest:
    person = person_of(cast.kupang, "Maria Contoh", stage=Stage.VERIFIED, phone="081200000900")
    return ContactRequest.objects.create(participant=person, phone="081200000999", old_phone="081200000900")


@pytest.mark.parametrize("who", ["admin_kupang", "pksdm"])
def test_contact_request_is_accepted_or_refused_with_a_reason(who, cast, asked, sign_in):
    client = sign_in(getattr(cast, who))
    assert "Tulis sebab penolakannya" in text(act(client, ContactRequest, "refuse_chosen", [asked]))
    asked.refresh_from_db()
    assert asked.state == ContactState.WAITING
    act(client, ContactRequest, "accept_chosen", [asked])
    asked.refresh_from_db()
    assert (asked.state, Participant.objects.get().phone) == (ContactState.ACCEPTED, "081200000999")


def test_contact_request_of_others_and_by_readers_stays(cast, asked, sign_in):
    assert act(sign_in(cast.admin_badung), ContactRequest, "accept_chosen", [asked]).status_code == 404
    assert act(sign_in(cast.pimpinan), ContactRequest, "accept_chosen", [asked]).status_code == 404
    asked.refresh_from_db()
    assert asked.state == ContactState.WAITING


def test_contact_request_list_shows_no_address_and_its_page_is_a_look(cast, asked, sign_in):
    client = sign_in(cast.admin_kupang)
    assert "081200000999" not in text(client.get(address(ContactRequest, "changelist")))
    assert "081200000999" in text(client.get(address(ContactRequest, "change", asked.pk)))
    assert DataView.objects.about(asked.participant).count() == 1


@pytest.mark.parametrize("who", ["admin_kupang", "pksdm"])
def test_slip_is_voided(who, cast, sign_in):
    person = person_of(cast.kupang, "Maria Contoh", stage=Stage.VERIFIED)
    slip = ActivationSlip.objects.create(participant=person, code_hash="1" * 64, printed_by=cast.pksdm, valid_until=timezone.localdate())
    assert act(sign_in(cast.admin_badung), ActivationSlip, "void_chosen", [slip]).status_code == 404
    act(sign_in(getattr(cast, who)), ActivationSlip, "void_chosen", [slip])
    slip.refresh_from_db()
    assert slip.voided_by == getattr(cast, who)
    assert AuditEntry.objects.about(person).filter(verb="void_slip").count() == 1


def test_movement_is_decided_by_pksdm_alone_and_refused_with_a_reason(cast, sign_in):
    person = person_of(cast.kupang, "Maria Contoh", stage=Stage.APPROVED)
    movement = Movement.objects.create(
        participant=person, kind="defer", reason="illness", note="Sakit", effective_on=timezone.localdate(), proposed_by=cast.admin_kupang
    )
    act(sign_in(cast.admin_kupang), Movement, "accept_chosen", [movement])
    movement.refresh_from_db()
    assert movement.state == MovementState.PROPOSED
    client = sign_in(cast.pksdm)
    assert "Tulis sebab penolakannya" in text(act(client, Movement, "refuse_chosen", [movement]))
    act(client, Movement, "refuse_chosen", [movement], reason="Surat dokter belum ada")
    movement.refresh_from_db()
    assert (movement.state, movement.decision_note) == (MovementState.REFUSED, "Surat dokter belum ada")


def test_mail_that_failed_is_sent_again_by_pksdm(cast, sign_in):
    mail = OutboxMail.objects.create(
        key="k", to="a@contoh.go.id", subject="s", body="b", state=MailState.FAILED, failure="busy", attempts=3
    )
    assert act(sign_in(cast.admin_kupang), OutboxMail, "retry_chosen", [mail]).status_code in (403, 404)
    act(sign_in(cast.pksdm), OutboxMail, "retry_chosen", [mail])
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (MailState.QUEUED, 0)


@pytest.mark.parametrize("who", ["admin_kupang", "pksdm"])
def test_people_are_invited_and_get_slips(who, cast, sign_in):
    client = sign_in(getattr(cast, who))
    ready, early = person_of(cast.kupang, "Maria Contoh", stage=Stage.VERIFIED), person_of(cast.kupang, "Yohana Contoh")
    page = text(act(client, Participant, "invite_chosen", [ready, early]))
    assert "1 orang diundang" in page
    assert "Yohana Contoh" in page
    assert OutboxMail.objects.filter(to=ready.email).exists()
    act(client, Participant, "print_slips", [ready])
    assert Job.objects.get(task="participants.print_slips").requested_by == getattr(cast, who)


@pytest.mark.parametrize("action", ["invite_chosen", "print_slips"])
def test_people_are_invited_by_no_reader(action, cast, sign_in):
    ready = person_of(cast.kupang, "Maria Contoh", stage=Stage.VERIFIED)
    act(sign_in(cast.pimpinan), Participant, action, [ready])
    assert (OutboxMail.objects.count(), Job.objects.count()) == (0, 0)


def test_orientation_shows_its_sessions_and_the_members_in_sight(cast, sign_in):
    programme = make_programme(cast.pksdm)
    join(programme, approved(cast.kupang, full_name="Maria Contoh"), cast.pksdm)
    join(programme, approved(cast.badung, full_name="Ketut Contoh"), cast.pksdm)
    for who, names in ((cast.admin_kupang, (True, False)), (cast.pksdm, (True, True))):
        page = text(sign_in(who).get(address(OrientationProgramme, "change", programme.pk)))
        assert "Materi 8" in page
        assert ("Maria Contoh" in page, "Ketut Contoh" in page) == names
