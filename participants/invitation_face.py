"""The state of one person's invitation in words: for a row of a list and for the card on the person's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from latsar.notices.models import MailState
from latsar.ui import components, words
from participants.enums import LEFT, Stage
from participants.invitation_states import LABELS, InviteState
from participants.invitations import ActivationSlip, SlipState
from participants.models import Invitation, Participant
from participants.policies import INVITABLE, is_active

INVITATION_FIELDS = (
    "user__password",
    "user__last_login",
    "invitation__mailed_at",
    "invitation__mail__state",
    "invitation__slip__valid_until",
    "invitation__slip__printed_at",
    "invitation__slip__used_at",
    "invitation__slip__voided_at",
)
"""What must be loaded for the state of a row."""

PILLS = {
    InviteState.EARLY: ("", "hourglass-split"),
    InviteState.READY: ("warn", "envelope"),
    InviteState.QUEUED: ("info", "hourglass-split"),
    InviteState.SENT: ("info", "envelope"),
    InviteState.FAILED: ("bad", "exclamation-triangle-fill"),
    InviteState.SLIP: ("info", "printer"),
    InviteState.LAPSED: ("warn", "clock"),
    InviteState.ACTIVE: ("ok", "check-lg"),
}


@dataclass(frozen=True, slots=True)
class InvitationCard:
    """What the person's page says about the invitation."""

    state: InviteState
    pill: SafeString
    invitation: Invitation | None
    link_until: datetime | None
    slip: ActivationSlip | None
    slip_state: str

    @property
    def is_active(self) -> bool:
        return self.state == InviteState.ACTIVE

    @property
    def has_open_slip(self) -> bool:
        return self.state == InviteState.SLIP


def invitation_of(person: Participant) -> Invitation | None:
    """Return the row of a person, loaded or fetched; nothing for who was never invited."""
    return getattr(person, "invitation", None)


def invite_state(person: Participant, now: datetime) -> InviteState:
    """Read the state of a loaded person; the twin of `invitation_states.conditions`."""
    invitation = invitation_of(person)
    if is_active(person):
        return InviteState.ACTIVE
    if invitation is None:
        return InviteState.READY if person.stage in INVITABLE else InviteState.EARLY
    if invitation.slip is not None and invitation.slip.state_on(timezone.localdate(now)) == SlipState.OPEN:
        return InviteState.SLIP
    mail_state = invitation.mail.state if invitation.mail else ""
    if mail_state == MailState.QUEUED:
        return InviteState.QUEUED
    if mail_state == MailState.FAILED:
        return InviteState.FAILED
    until = _link_until(invitation)
    return InviteState.SENT if mail_state == MailState.SENT and until is not None and until >= now else InviteState.LAPSED


def invitation_face(person: Participant, now: datetime) -> str:
    """Draw the state of a row, with the day it happened or ends."""
    state, invitation = invite_state(person, now), invitation_of(person)
    pill = _pill_of(person, state)
    if state == InviteState.SLIP and invitation is not None and invitation.slip is not None:
        return _noted(pill, _("sampai %(day)s") % {"day": words.short_date(invitation.slip.valid_until)})
    until = _link_until(invitation) if invitation else None
    if state == InviteState.SENT and until is not None:
        return _noted(pill, _("sampai %(day)s") % {"day": words.short_date(timezone.localdate(until))})
    return pill


def state_pill(state: InviteState) -> SafeString:
    kind, symbol = PILLS[state]
    return components.pill(kind, str(LABELS[state]), symbol)


def _pill_of(person: Participant, state: InviteState) -> SafeString:
    """Draw the state; of who cannot be invited yet, or any more, say which it is."""
    if state == InviteState.EARLY and person.stage == Stage.DEFERRED:
        return components.pill("warn", _("Latsar ditunda"), "hourglass-split")
    if state == InviteState.EARLY and person.stage in LEFT:
        return components.pill("", _("Tidak diundang"), "dash-lg")
    return state_pill(state)


def invitation_card(person: Participant, now: datetime) -> InvitationCard:
    """Collect what the page of a person says: who sent what when, until when it works."""
    row = Invitation.objects.filter(participant=person).select_related("mail", "mailed_by", "slip__printed_by").first()
    person.invitation = row  # type: ignore[assignment]  # the state below reads it from here
    state, slip = invite_state(person, now), row.slip if row else None
    slip_state = slip.state_on(timezone.localdate(now)).label if slip else ""
    return InvitationCard(state, _pill_of(person, state), row, _link_until(row) if row else None, slip, str(slip_state))


def _link_until(invitation: Invitation) -> datetime | None:
    return invitation.mailed_at + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT) if invitation.mailed_at else None


def _noted(pill: SafeString, note: str) -> SafeString:
    return format_html('<div>{}</div><small class="muted">{}</small>', pill, note)
