"""Who is told about a movement. Called inside the transaction."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from latsar.accounts.enums import Role
from latsar.accounts.models import RoleGrant
from latsar.notices.enums import NoticeKind
from latsar.notices.services import News, notify, notify_many
from participants.enums import MovementKind
from participants.models import Movement, Participant


def answered(movement: Movement, person: Participant) -> None:
    """Tell the proposer what PKSDM decided."""
    if movement.proposed_by_id != movement.decided_by_id:
        notify(
            user=movement.proposed_by,
            text=lambda: _("%(kind)s %(name)s: %(state)s.") % _names(movement, person),
            url=movement.get_absolute_url(),
            kind=NoticeKind.PLACEMENT,
        )


def applied(movement: Movement, person: Participant, *, was_at: int) -> None:
    """Tell the person what took effect, and the offices: the satker `was_at`, and after a transfer the new one with its province."""
    known = {movement.proposed_by_id, movement.decided_by_id, person.user_id}
    offices = Q(role=Role.ADMIN_SATKER, satker_id__in={was_at, person.satker_id})
    if movement.kind == MovementKind.CHANGE_SATKER:
        offices |= Q(role=Role.ADMIN_PROVINSI, satker_id=person.province_id)
    grants = RoleGrant.objects.valid().filter(offices, user__is_active=True).exclude(user__in=known - {None}).select_related("user")
    news = [
        News(
            user,
            lambda: _applied_text(movement) % _names(movement, person),
            NoticeKind.PLACEMENT,
            person.get_absolute_url() if satker_id != was_at or was_at == person.satker_id else "",
        )
        for user, satker_id in {grant.user: grant.satker_id for grant in grants}.items()
    ]
    if person.user is not None and not movement.is_death:
        url = reverse("participant_movements", args=[person.pk])
        news.append(
            News(
                person.user,
                lambda: _("%(kind)s atas nama Anda berlaku. Lihat riwayatnya.") % _names(movement, person),
                NoticeKind.PLACEMENT,
                url,
            )
        )
    notify_many(news=news)


def _applied_text(movement: Movement) -> str:
    return _("%(name)s tercatat meninggal dunia.") if movement.is_death else _("%(kind)s %(name)s berlaku.")


def _names(movement: Movement, person: Participant) -> dict[str, str]:
    return {"kind": movement.get_kind_display(), "name": person.full_name, "state": movement.get_state_display()}
