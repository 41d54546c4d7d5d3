"""Plans that wait on PKSDM's home page."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Max, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.dashboard.registry import Todo
from latsar.ui import words
from participants.planning.enums import PlanState
from participants.planning.plans import Plan

OLD_DAYS = 3


def waiting_plans(user: User, today: date) -> dict[str, Any]:
    """Return what the count of people takes along for PKSDM: drafts that lie or hold late people, without a query of their own."""
    if not user.has_role(Role.PKSDM):
        return {}
    drafts = Plan.objects.visible_to(user).kept().filter(state=PlanState.DRAFT)
    lying = drafts.filter(Q(created_at__date__lt=today - timedelta(days=OLD_DAYS)) | Q(figures__late__gt=0))
    counted = lying.order_by().values("state").annotate(n=Count("pk"), newest=Max("pk"))
    return {"plans": Max(Subquery(counted.values("n"))), "newest_plan": Max(Subquery(counted.values("newest")))}


def to_apply(user: User, counts: dict[str, Any]) -> list[Todo]:
    """Say that drafts wait: an old one leaves people without the seats that it gives them."""
    if not counts["plans"]:
        return []
    title = ngettext("Terapkan atau buang %(n)s konsep penempatan", "Terapkan atau buang %(n)s konsep penempatan", counts["plans"])
    text = _("Lebih dari tiga hari belum diterapkan, atau berisi orang yang akan terlambat. Kursinya belum tentu masih kosong.")
    url = (
        reverse("plan_detail", args=[counts["newest_plan"]])
        if counts["plans"] == 1
        else f"{reverse('plan_list')}?keadaan={PlanState.DRAFT}"
    )
    return [Todo(title % {"n": words.thousands(counts["plans"])}, text, url, _("Buka konsep"))]
