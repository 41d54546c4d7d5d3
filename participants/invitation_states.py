"""How far people's invitations are, as conditions on participants: every person is in exactly one state."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Case, CharField, Q, Value, When
from django.db.models.lookups import In
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from latsar.notices.models import MailState
from participants.policies import INVITABLE


class InviteState(StrEnum):
    """The words of the address."""

    EARLY = "nanti"
    READY = "siap"
    QUEUED = "antre"
    FAILED = "gagal"
    SENT = "terkirim"
    SLIP = "slip"
    LAPSED = "lewat"
    ACTIVE = "aktif"


LABELS: dict[InviteState, str | Promise] = {
    InviteState.READY: _("Siap diundang"),
    InviteState.EARLY: _("Belum diverifikasi"),
    InviteState.QUEUED: _("E-mail menunggu"),
    InviteState.SENT: _("E-mail terkirim"),
    InviteState.FAILED: _("E-mail gagal"),
    InviteState.SLIP: _("Slip dicetak"),
    InviteState.LAPSED: _("Lewat masa"),
    InviteState.ACTIVE: _("Akun aktif"),
}
"""In the order in which they are shown: from what waits to what is done."""

GROUPS = {
    "belum": frozenset({InviteState.EARLY, InviteState.READY}),
    "diundang": frozenset({InviteState.QUEUED, InviteState.SENT, InviteState.FAILED, InviteState.SLIP, InviteState.LAPSED}),
}


def conditions(now: datetime) -> list[tuple[InviteState, Q]]:
    """Return state and condition in the order in which they are asked: the first that holds is the person's state."""
    today = timezone.localdate(now)
    link_from = now - timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    active = Q(user__isnull=False) & ~Q(user__password__startswith=UNUSABLE_PASSWORD_PREFIX, user__last_login=None)
    slip = Q(invitation__slip__valid_until__gte=today, invitation__slip__used_at=None, invitation__slip__voided_at=None)
    return [
        (InviteState.ACTIVE, active),
        (InviteState.SLIP, slip),
        (InviteState.QUEUED, Q(invitation__mail__state=MailState.QUEUED)),
        (InviteState.FAILED, Q(invitation__mail__state=MailState.FAILED)),
        (InviteState.SENT, Q(invitation__mail__state=MailState.SENT, invitation__mailed_at__gte=link_from)),
        (InviteState.LAPSED, Q(invitation__isnull=False)),
        (InviteState.READY, Q(stage__in=INVITABLE)),
        (InviteState.EARLY, Q()),
    ]


def state_case(now: datetime) -> Case:
    """Return the state as a column."""
    *asked, (last, _always) = conditions(now)
    return Case(
        *(When(condition, then=Value(state.value)) for state, condition in asked), default=Value(last.value), output_field=CharField()
    )


def state_q(key: str, now: datetime) -> Q:
    """Return the condition of one state or of a group of states; of an unknown word nobody."""
    wanted = GROUPS.get(key) or ({InviteState(key)} if key in list(InviteState) else frozenset())
    return Q(In(state_case(now), [state.value for state in wanted])) if wanted else Q(pk__in=[])
