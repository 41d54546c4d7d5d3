"""Two or three plans side by side: their numbers, and who sits elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from latsar.ui import words
from participants.models import Participant
from participants.planning.plans import Plan, PlanAssignment

MOST = 3
PER_PAGE = 50
LESS, MORE, NEITHER = -1, 1, 0


@dataclass(frozen=True)
class Cell:
    """One number and how it differs from the first plan's: "+2, lebih baik"."""

    number: str
    difference: str = ""
    level: str = ""


@dataclass(frozen=True)
class Line:
    label: str
    cells: Sequence[Cell]
    names: Sequence[str]

    @property
    def named(self) -> list[tuple[Cell, str]]:
        return list(zip(self.cells, self.names, strict=True))


@dataclass(frozen=True)
class Elsewhere:
    """Somebody whose seat is not the same in all plans, with (seat, plan)."""

    person: Participant
    seats: Sequence[tuple[str, str]]


def measures() -> list[tuple[str, Callable[[Mapping[str, Any]], int], int]]:
    """Label, how it is read from the figures, and whether less or more is better."""
    return [
        (_("Tepat waktu"), lambda found: found["timely"], MORE),
        (_("Terlambat"), lambda found: found["late"], LESS),
        (_("Belum dapat kursi"), lambda found: found["unplaced"] + found["not_ready"], LESS),
        (_("Hari berisiko"), lambda found: found["days_at_risk"], LESS),
        (_("Satker dan provinsi terpecah"), lambda found: found["satker_splits"] + found["province_splits"], LESS),
        (_("Keluar provinsi"), lambda found: found["leavers"], NEITHER),
        (_("Kursi yang ditawarkan"), lambda found: found["seats"], NEITHER),
        (_("Biaya (Rp)"), lambda found: found["cost"], NEITHER),
    ]


def lines(plans: Sequence[Plan]) -> list[Line]:
    """The table; plans that were never computed are left out by the caller."""
    rows = []
    for label, read, better in measures():
        first = read(plans[0].figures)
        cells = [Cell(words.thousands(first))]
        cells += [_cell(read(plan.figures), first, better) for plan in plans[1:]]
        rows.append(Line(label, cells, [plan.name for plan in plans]))
    return rows


def _cell(number: int, first: int, better: int) -> Cell:
    difference = number - first
    if not difference:
        return Cell(words.thousands(number), _("sama"))
    if better == NEITHER:
        return Cell(words.thousands(number), words.signed(difference), "warn" if difference > 0 else "")
    is_better = (difference > 0) == (better == MORE)
    text = _("%(n)s, lebih baik") if is_better else _("%(n)s, lebih buruk")
    return Cell(words.thousands(number), text % {"n": words.signed(difference)}, "ok" if is_better else "bad")


def comparable(plans: QuerySet[Plan], ids: Sequence[int]) -> list[Plan]:
    """The computed plans among these, in the order asked, three at most."""
    found = {plan.pk: plan for plan in plans.filter(pk__in=list(ids)[:MOST], solved_at__isnull=False)}
    return [found[pk] for pk in dict.fromkeys(ids) if pk in found][:MOST]


def differing_people(plans: Sequence[Plan], people: QuerySet[Participant], number: str | None) -> tuple[Page, list[Elsewhere]]:
    """People whose seat is not the same in all plans, by deadline, one page with the seat in each."""
    first, others = plans[0], plans[1:]
    own = PlanAssignment.objects.filter(plan=first, participant=OuterRef("pk"))
    rows = people.none()
    for other in others:
        theirs = PlanAssignment.objects.filter(plan=other, participant=OuterRef("participant"))
        same = own.filter(Exists(theirs.filter(offer=None)), offer=None)
        same_batch = own.filter(Exists(theirs.filter(offer__batch=OuterRef("offer__batch"))), offer__batch__isnull=False)
        imagined = own.filter(
            Exists(
                theirs.filter(
                    offer__batch=None, offer__institute=OuterRef("offer__institute"), offer__starts_on=OuterRef("offer__starts_on"),
                    offer__golongan=OuterRef("offer__golongan"),
                )
            ),
            offer__batch=None, offer__isnull=False,
        )  # fmt: skip
        there = people.filter(Exists(own) | Exists(PlanAssignment.objects.filter(plan=other, participant=OuterRef("pk"))))
        rows = rows | there.exclude(Exists(same)).exclude(Exists(same_batch)).exclude(Exists(imagined))
    page = Paginator(rows.select_related("satker").order_by("deadline", "pk"), PER_PAGE).get_page(number)
    seats = PlanAssignment.objects.filter(plan__in=plans, participant__in=[person.pk for person in page])
    known = {(row.plan_id, row.participant_id): row for row in seats.select_related("offer__batch", "offer__institute")}
    return page, [Elsewhere(person, [(_seat(known.get((plan.pk, person.pk))), plan.name) for plan in plans]) for person in page]


def _seat(row: PlanAssignment | None) -> str:
    if row is None:
        return _("di luar cakupan")
    return f"{row.offer.label}, {row.offer.institute}" if row.offer else _("tanpa kursi")
