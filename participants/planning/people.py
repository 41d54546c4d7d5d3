"""The people of a plan as a list: filtered, searched, sorted, in pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from latsar.ui.numbers import only_digits, whole_number
from participants.planning import page
from participants.planning.enums import NOT_READY, PlanReason
from participants.planning.plans import Plan, PlanAssignment

PER_PAGE = 50
ORDERS = {
    "batas": ("participant__deadline", "participant_id"), "-batas": ("-participant__deadline", "participant_id"),
    "nama": ("participant__full_name", "participant_id"), "-nama": ("-participant__full_name", "participant_id"),
    "satker": ("participant__satker__code", "participant__full_name", "pk"), "-satker": ("-participant__satker__code", "participant__full_name", "pk"),
}  # fmt: skip


def filters() -> list[tuple[str, str]]:
    """What can be looked at beside single seats."""
    return [
        ("", _("Semua orang")),
        ("tepat", _("Tepat waktu")),
        ("terlambat", _("Terlambat")),
        ("tanpa", _("Belum dapat kursi")),
        ("belum-siap", _("Belum siap ditempatkan")),
        ("keluar", _("Keluar provinsi")),
        ("tangan", _("Dipindah dengan tangan")),
    ]


def chosen(plan: Plan, choices: Mapping[str, str]) -> QuerySet[PlanAssignment]:
    """The rows of a filter; an unknown one selects nothing."""
    rows = plan.assignments.all()
    which = choices.get("kursi", "")
    if (offer_id := whole_number(which)) is not None:
        rows = rows.filter(offer_id=offer_id)
    elif which:
        rows = _named(rows, which)
    return _searched(rows, choices.get("cari", "").strip())


def _named(rows: QuerySet[PlanAssignment], which: str) -> QuerySet[PlanAssignment]:
    if which == "keluar":
        return page.leavers(rows)
    condition = {
        "tepat": Q(offer__isnull=False, reason=""),
        "terlambat": Q(reason=PlanReason.LATE),
        "tanpa": Q(offer=None),
        "belum-siap": Q(reason__in=NOT_READY),
        "tangan": Q(is_manual=True),
    }.get(which, Q(pk__in=[]))
    return rows.filter(condition)


def _searched(rows: QuerySet[PlanAssignment], text: str) -> QuerySet[PlanAssignment]:
    digits = text.replace(" ", "").replace(".", "")
    if digits and only_digits(digits):
        return rows.filter(participant__nip__contains=digits)
    for word in text.split()[:8]:
        rows = rows.filter(Q(participant__full_name__icontains=word) | Q(participant__satker__name__icontains=word))
    return rows


def people_page(plan: Plan, choices: Mapping[str, str], today: date) -> tuple[Page, list[page.PersonRow]]:
    """One page of people with everything that its rows say."""
    order = ORDERS.get(choices.get("urut", ""), ORDERS["batas"])
    rows = chosen(plan, choices).select_related("participant__satker", "participant__batch", "offer__batch", "offer__institute")
    shown = Paginator(rows.order_by(*order), PER_PAGE).get_page(choices.get("halaman"))
    return shown, page.person_rows(shown, today)


def heading(plan: Plan, choices: Mapping[str, str]) -> dict[str, Any]:
    """The offer that is looked at, or the name of the filter."""
    which = choices.get("kursi", "")
    offer_id = whole_number(which)
    if offer_id is not None:
        offer = plan.offers.select_related("batch", "institute").filter(pk=offer_id).first()
        return {"offer": offer, "heading": str(offer.label) if offer else _("Kursi tidak ada lagi"), "is_filtered": True}
    return {"offer": None, "heading": dict(filters()).get(which, _("Semua orang")), "is_filtered": bool(which or choices.get("cari"))}
