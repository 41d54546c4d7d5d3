"""A few invitations of NTT in every state, and contact data that wait for the satker of Kupang."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.utils import timezone

from aktualisasi.demo.accounts import Cast
from latsar.accounts.models import User
from latsar.notices.enums import Failure
from latsar.notices.models import MailState, OutboxMail
from participants.models import ActivationSlip, Invitation, Participant
from participants.policies import INVITABLE
from participants.services.activation import Proof, activate_account
from participants.services.contacts import ask_contact
from participants.services.invitation import invite_participant
from participants.services.slips import issue_slip

SENT, FAILED, LAPSED, SLIPS, ACTIVE = 6, 2, 3, 4, 5


def record(cast: Cast) -> None:
    """Invite people of NTT by the province, and let some of them come in."""
    by, now = cast.users["provinsi.ntt"], timezone.now()
    ntt = Participant.objects.filter(province__code="53", user=None, stage__in=INVITABLE).order_by("satker__code", "deadline", "pk")
    people = iter(list(ntt[: SENT + FAILED + LAPSED + SLIPS + ACTIVE]))
    for _number, person in zip(range(SENT), people, strict=False):
        _mailed(person, by, state=MailState.SENT, sent_at=now, body="", html="")
    for _number, person in zip(range(FAILED), people, strict=False):
        _mailed(person, by, state=MailState.FAILED, failure=Failure.REFUSED)
    for _number, person in zip(range(LAPSED), people, strict=False):
        _mailed(person, by, state=MailState.SENT, sent_at=now - timedelta(days=5), body="", html="")
        Invitation.objects.filter(participant=person).update(mailed_at=now - timedelta(days=5))
    for number, person in zip(range(SLIPS), people, strict=False):
        slip = issue_slip(participant_id=person.pk, by=by).slip
        if not number:
            ActivationSlip.objects.filter(pk=slip.pk).update(valid_until=timezone.localdate() - timedelta(days=2))
    for number, person in zip(range(ACTIVE), people, strict=False):
        slip = issue_slip(participant_id=person.pk, by=by).slip
        account = activate_account(proof=Proof(slip.participant.user_id or 0, slip_id=slip.pk), password=secrets.token_urlsafe(24))
        if number < 2:
            ask_contact(participant_id=person.pk, by=account, email=person.email, phone=f"08120000091{number}")
    _ask_in_kupang(cast.users["peserta"])


def _mailed(person: Participant, by: User, **state: object) -> None:
    invited = invite_participant(participant_id=person.pk, by=by)
    OutboxMail.objects.filter(pk=Invitation.objects.get(participant=invited).mail_id or 0).update(**state)


def _ask_in_kupang(account: User) -> None:
    person = Participant.objects.filter(user=account).first()
    if person is not None:
        ask_contact(participant_id=person.pk, by=account, email=person.email, phone="081200000915")
