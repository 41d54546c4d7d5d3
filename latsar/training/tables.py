"""Rows of the batch list and of a laid-out schedule, ready for lean templates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latsar.accounts.models import User
from latsar.training.calendar import SATURDAY
from latsar.training.enums import BatchStage, Method, PhaseKind
from latsar.training.layout import PhaseDates
from latsar.training.models import Batch, Holiday, Institute, Wave
from latsar.ui import charts, components, strip, words
from latsar.ui.numbers import whole_number

PAGE_SIZE = 50
STAGE_PILLS = {
    BatchStage.DRAFT: ("", "pencil"),
    BatchStage.OPEN: ("info", "calendar-check"),
    BatchStage.RUNNING: ("info", "play-fill"),
    BatchStage.CLOSED: ("ok", "check-lg"),
}
SERIES = {
    PhaseKind.MOOC: 1,
    PhaseKind.E_LEARNING: 1,
    PhaseKind.CLASSICAL: 1,
    PhaseKind.PROPOSAL_SEMINAR: 2,
    PhaseKind.RESULT_SEMINAR: 2,
    PhaseKind.HABITUASI: 3,
    PhaseKind.PKTBT: 4,
}


@dataclass(frozen=True)
class Filter:
    """One choice of the filter form: name, label and options as (value, text, is chosen)."""

    name: str
    label: str
    options: Sequence[tuple[str, str, bool]]


@dataclass(frozen=True)
class BatchRow:
    batch: Batch
    url: str
    dates: str
    taken: int
    seat_bar: SafeString
    pill: SafeString


def seats_taken() -> Count:
    """Count the occupied seats of each batch."""
    return Count("seats__placements", filter=Q(seats__placements__released_at=None), distinct=True)


def taken_seats(batches: Iterable[Batch]) -> dict[int, int]:
    """Count the occupied seats of these batches in one query."""
    rows = Batch.objects.filter(pk__in=[batch.pk for batch in batches]).order_by().annotate(taken=seats_taken())
    return dict(rows.values_list("pk", "taken"))


def stage_pill(batch: Batch) -> SafeString:
    kind, icon = STAGE_PILLS[BatchStage(batch.stage)]
    return components.pill(kind, batch.get_stage_display(), icon)


SORTS: dict[str, tuple[str, ...]] = {
    "mulai": ("starts_on", "institute__name", "number"),
    "selesai": ("ends_on", "institute__name", "number"),
    "nomor": ("number", "-year", "institute__name"),
    "lembaga": ("institute__name", "-year", "number"),
    "kursi": ("capacity", "-starts_on"),
}
USUAL_SORT = "-mulai"


def sort_of(choices: Mapping[str, str]) -> str:
    """Return the order in force: newest first where none or an unknown one is asked for."""
    asked = choices.get("urut", "")
    return asked if asked.removeprefix("-") in SORTS else USUAL_SORT


def batches_of(user: User, choices: Mapping[str, str]) -> QuerySet[Batch]:
    """Batches a person may see, narrowed and sorted; unknown choices select nothing."""
    rows = _chosen(Batch.objects.visible_to(user).search(choices.get("q", "")), choices)
    order = sort_of(choices)
    columns = SORTS[order.removeprefix("-")]
    first = columns[0] if not order.startswith("-") else f"-{columns[0]}"
    return rows.select_related("institute", "scheme", "wave").order_by(first, *columns[1:], "pk")


def batch_page(user: User, choices: Mapping[str, str], number: str) -> Page:
    """One page of the batches a person may see."""
    return Paginator(batches_of(user, choices), PAGE_SIZE).get_page(number)


def _chosen(batches: QuerySet[Batch], choices: Mapping[str, str]) -> QuerySet[Batch]:
    for name, column in (("tahun", "year"), ("lembaga", "institute_id"), ("gelombang", "wave_id")):
        if value := choices.get(name, ""):
            number = whole_number(value)
            batches = batches.filter(**{column: number}) if number is not None else batches.none()
    for name, column in (("keadaan", "stage"), ("metode", "method")):
        if value := choices.get(name, ""):
            batches = batches.filter(**{column: value})
    return batches


def batch_rows(page: Page) -> list[BatchRow]:
    """Count the seats of the page's batches in one query."""
    taken = taken_seats(page)
    return [
        BatchRow(
            batch=batch,
            url=batch.get_absolute_url(),
            dates=words.date_range(batch.starts_on, batch.ends_on),
            taken=taken[batch.pk],
            seat_bar=charts.bar(taken[batch.pk], batch.capacity),
            pill=stage_pill(batch),
        )
        for batch in page
    ]


def batch_filters(user: User, choices: Mapping[str, str]) -> list[Filter]:
    """The filters of the list with what the person can choose from."""
    batches = Batch.objects.visible_to(user).order_by()
    years = sorted(batches.values_list("year", flat=True).distinct(), reverse=True)
    institutes = Institute.objects.filter(pk__in=batches.values("institute_id")).order_by("name").values_list("pk", "name")
    waves = Wave.objects.filter(pk__in=batches.values("wave_id"))
    return [
        _filter("gelombang", _("Gelombang"), _("Semua gelombang"), [(str(wave.pk), str(wave)) for wave in waves], choices),
        _filter("tahun", _("Tahun"), _("Semua tahun"), [(str(year), str(year)) for year in years], choices),
        _filter("lembaga", _("Lembaga"), _("Semua lembaga"), [(str(pk), name) for pk, name in institutes], choices),
        _filter("keadaan", _("Keadaan"), _("Semua keadaan"), [(v, str(label)) for v, label in BatchStage.choices], choices),
        _filter("metode", _("Metode"), _("Semua metode"), [(v, str(label)) for v, label in Method.choices], choices),
    ]


def _filter(name: str, label: str, every: str, options: Iterable[tuple[str, str]], choices: Mapping[str, str]) -> Filter:
    chosen = choices.get(name, "")
    return Filter(name, label, [("", every, not chosen), *((value, text, value == chosen) for value, text in options)])


def strip_phases(phases: Iterable[PhaseDates], holidays: Iterable[date]) -> list[strip.Phase]:
    """The bars of a schedule; a phase says how many free days lie inside it."""
    free = set(holidays)
    bars = []
    for phase in phases:
        inside = sum(phase.starts_on <= day <= phase.ends_on and day.weekday() < SATURDAY for day in free)
        note = ngettext("%(count)d libur di tengahnya", "%(count)d libur di tengahnya", inside) % {"count": inside} if inside else ""
        bars.append(strip.Phase(phase.name, phase.starts_on, phase.ends_on, SERIES[PhaseKind(phase.kind)], note))
    return bars


def holidays_within(phases: Sequence[PhaseDates]) -> list[Holiday]:
    if not phases:
        return []
    span = (min(phase.starts_on for phase in phases), max(phase.ends_on for phase in phases))
    return list(Holiday.objects.filter(date__range=span).order_by("date"))


def holiday_legend(holidays: Sequence[Holiday]) -> str:
    """Name the free days, neighbours together: "18 Mar sampai 24 Mar (Hari Suci Nyepi, Idulfitri)"."""
    parts = []
    for days in _runs(holidays):
        names = dict.fromkeys(day.name for day in days if not day.is_joint_leave) or dict.fromkeys(day.name for day in days)
        parts.append(f"{words.short_date_range(days[0].date, days[-1].date)} ({', '.join(names)})")
    return ", ".join(parts)


def _runs(holidays: Sequence[Holiday]) -> Iterator[list[Holiday]]:
    numbered = enumerate(holidays)
    for _key, run in groupby(numbered, key=lambda pair: pair[1].date - timedelta(days=pair[0])):
        yield [holiday for _number, holiday in run]


def schedule_of(phases: Sequence[PhaseDates]) -> dict[str, Any]:
    """What a strip of phases needs: bars, free days with their legend, today, first and last day."""
    holidays = holidays_within(phases)
    days = [holiday.date for holiday in holidays]
    return {
        "bars": strip_phases(phases, days),
        "holidays": days,
        "holiday_legend": holiday_legend(holidays),
        "today": timezone.localdate(),
        "starts_on": min((phase.starts_on for phase in phases), default=None),
        "ends_on": max((phase.ends_on for phase in phases), default=None),
    }
