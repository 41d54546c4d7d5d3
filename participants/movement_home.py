"""What movements ask of somebody on the home page."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max, Min, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.dashboard.registry import Todo
from latsar.ui import words
from participants.enums import MovementState, Stage
from participants.groups import people_url
from participants.models import Movement


def open_proposals(user: User) -> dict[str, Any]:
    """Return what the count of people takes along for PKSDM: number and oldest day of the proposals, without a query of their own."""
    if not user.has_role(Role.PKSDM):
        return {}
    waiting = Movement.objects.visible_to(user).waiting().order_by().values("state")
    return {
        "proposals": Max(Subquery(waiting.annotate(n=Count("pk")).values("n"))),
        "proposals_since": Max(Subquery(waiting.annotate(since=Min("proposed_at")).values("since"))),
    }


def to_decide(user: User, counts: dict[str, Any]) -> list[Todo]:
    """Say how many proposals wait for PKSDM and since when."""
    if not counts["proposals"]:
        return []
    title = ngettext("Putuskan %(n)s usulan perubahan status", "Putuskan %(n)s usulan perubahan status", counts["proposals"])
    since = _("Yang tertua menunggu sejak %(day)s.") % {"day": words.short_date(timezone.localdate(counts["proposals_since"]))}
    url = f"{reverse('movement_list')}?keadaan={MovementState.PROPOSED}"
    return [Todo(title % {"n": words.thousands(counts["proposals"])}, since, url, _("Buka usulan"))]


def to_resume(user: User, counts: dict[str, Any]) -> list[Todo]:
    """Name how many deferrals have reached their expected end: these people wait and their clock runs."""
    if not counts["resumable"]:
        return []
    title = ngettext(
        "%(n)s penundaan sudah sampai perkiraan akhirnya", "%(n)s penundaan sudah sampai perkiraan akhirnya", counts["resumable"]
    )
    text = _("Lanjutkan bila sudah siap; jam percobaan tetap berjalan.")
    url = people_url(tahap=Stage.DEFERRED.value, urut="batas")
    return [Todo(title % {"n": words.thousands(counts["resumable"])}, text, url, _("Buka daftarnya"), counts["resumable_by"])]
