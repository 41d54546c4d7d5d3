"""Who is told about a decided movement. Called inside the transaction."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from latsar.notices.enums import NoticeKind
from latsar.notices.services import notify
from participants.enums import MovementState
from participants.models import Movement, Participant


def decided(movement: Movement, person: Participant) -> None:
    """Tell the proposer the answer, and the person what took effect."""
    if movement.proposed_by_id != movement.decided_by_id:
        notify(
            user=movement.proposed_by,
            text=lambda: _("%(kind)s %(name)s: %(state)s.") % _names(movement, person),
            url=movement.get_absolute_url(),
            kind=NoticeKind.PLACEMENT,
        )
    if movement.state == MovementState.APPLIED and person.user is not None:
        notify(
            user=person.user,
            text=lambda: _("%(kind)s atas nama Anda berlaku. Lihat riwayatnya.") % _names(movement, person),
            url=reverse("participant_movements", args=[person.pk]),
            kind=NoticeKind.PLACEMENT,
        )


def _names(movement: Movement, person: Participant) -> dict[str, str]:
    return {"kind": movement.get_kind_display(), "name": person.full_name, "state": movement.get_state_display()}
