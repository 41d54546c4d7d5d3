"""Who is told about a decided movement. Called inside the transaction."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from latsar.notices.services import notify
from participants.enums import MovementState
from participants.models import Movement, Participant


def decided(movement: Movement, person: Participant) -> None:
    """Tell the proposer the answer, and the person what took effect."""
    names = {"kind": movement.get_kind_display(), "name": person.full_name, "state": movement.get_state_display()}
    if movement.proposed_by_id != movement.decided_by_id:
        text = _("%(kind)s %(name)s: %(state)s.") % names
        notify(user=movement.proposed_by, text=text, url=movement.get_absolute_url())
    if movement.state == MovementState.APPLIED and person.user is not None:
        text = _("%(kind)s atas nama Anda berlaku. Lihat riwayatnya.") % names
        notify(user=person.user, text=text, url=reverse("participant_movements", args=[person.pk]))
