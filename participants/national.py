"""The counts behind the national page and the reports: one grouped query over (unit, stage, slice of the deadline)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, Count, IntegerField, OuterRef, Q, Subquery, Value, When, Window
from django.db.models.functions import Coalesce

from latsar.accounts.models import User
from latsar.dashboard import registry
from latsar.dashboard.national import BatchLine, Line, Month, Picture, short_name
from latsar.satker.models import Satker, SatkerKind
from latsar.training.enums import BatchStage
from latsar.training.models import Batch, BatchPhase
from latsar.ui.charts import Bar
from participants.clock import BUCKETS, CRITICAL_DAYS, WATCHFUL_DAYS, Bucket
from participants.enums import ENDED, UNSEATED, Stage
from participants.groups import STAGE_GROUPS, people_url, stages_of
from participants.levels import late_q
from participants.models import Participant
from participants.people import ParticipantQuerySet
from participants.reachable import earliest_ends

MONTHS_AHEAD = 6
RUNNING_SHOWN = 5
GROUP_LABELS = {group.key: group.label for group in STAGE_GROUPS}
MEASURE_FILTERS = {
    "": {},
    "belum": {"tahap": "belum-kursi"},
    "kritis": {"batas": "kritis"},
    "ditempatkan": {"tahap": Stage.PLACED.value},
    "latsar": {"tahap": Stage.TRAINING.value},
    "lulus": {"tahap": Stage.GRADUATED.value},
}
"""The filters of the list that show the rows of each measure; "" is everybody."""
FUNNEL = ("", "sudah-diverifikasi", "sudah-disetujui", "sudah-ditempatkan", "sudah-mulai", Stage.GRADUATED.value)


@dataclass(frozen=True, slots=True)
class Cell:
    """So many people of one unit and stage whose deadline is at or after `since` and before `until`; None is open.

    `late` of them will not be through before their deadline, which is still to come.
    """

    unit_id: int
    stage: str
    since: date | None
    until: date | None
    people: int
    late: int = 0

    def ends_by(self, day: date) -> bool:
        """Whether the whole slice ends on or before the day; the day must be an edge."""
        return self.until is not None and self.until <= day + timedelta(days=1)

    def is_in(self, bucket: Bucket, today: date) -> bool:
        if self.stage in ENDED:
            return False
        above = bucket.low is None or (self.since is not None and self.since >= today + timedelta(days=bucket.low))
        return above and (bucket.high is None or self.ends_by(today + timedelta(days=bucket.high)))

    def critical(self, today: date) -> int:
        """Count whose clock is critical: over, soon over without a seat, or late. See `participants.levels`."""
        if self.stage in ENDED:
            return 0
        soon = today + timedelta(days=CRITICAL_DAYS if self.stage in UNSEATED else -1)
        return self.people if self.ends_by(soon) else self.late


def month_starts(today: date, count: int = MONTHS_AHEAD) -> list[date]:
    """Return the first days of the next months: where probation years end."""
    months = (today.year * 12 + today.month + number for number in range(count))
    return [date(month // 12, month % 12 + 1, 1) for month in months]


def edges(today: date) -> list[date]:
    """Return every day on which a bucket begins or after which a month of the chart ends."""
    bounds = {today + timedelta(days=bucket.low) for bucket in BUCKETS if bucket.low is not None}
    return sorted(bounds | {day + timedelta(days=1) for day in month_starts(today)})


def tally(people: ParticipantQuerySet, unit: str, today: date) -> list[Cell]:
    """Count people by unit, stage and slice of the deadline in one query, which the index `participant_funnel` covers, and the late in another."""
    bounds = edges(today)
    whens = [When(deadline__lt=day, then=Value(number)) for number, day in enumerate(bounds)]
    part = Case(*whens, default=Value(len(bounds)), output_field=IntegerField())
    open_bounds: list[date | None] = [None, *bounds, None]

    def count(rows: ParticipantQuerySet) -> dict[tuple[int, str, int], int]:
        counted = rows.order_by().annotate(part=part).values_list(unit, "stage", "part").annotate(people=Count("*"))
        return {(unit_id, stage, number): n for unit_id, stage, number, n in counted}

    late = count(people.filter(late_q(today, earliest_ends(today))))
    return [
        Cell(unit_id, stage, open_bounds[number], open_bounds[number + 1], n, late.get((unit_id, stage, number), 0))
        for (unit_id, stage, number), n in count(people).items()
    ]


def measure(cells: Iterable[Cell], today: date) -> dict[str, int]:
    """Count the measures of the map over some cells; "" is everybody."""
    counts = dict.fromkeys(MEASURE_FILTERS, 0)
    unseated = stages_of("belum-kursi")
    for cell in cells:
        counts[""] += cell.people
        counts["belum"] += cell.people * (cell.stage in unseated)
        counts["kritis"] += cell.critical(today)
        counts["ditempatkan"] += cell.people * (cell.stage == Stage.PLACED)
        counts["latsar"] += cell.people * (cell.stage == Stage.TRAINING)
        counts["lulus"] += cell.people * (cell.stage == Stage.GRADUATED)
    return counts


def picture(user: User, province: Satker | None, today: date) -> Picture:
    """Count what this person sees: the country by province, or one province by satker."""
    people = Participant.objects.visible_to(user)
    if province is not None:
        people = people.filter(province=province)
    cells = tally(people, "satker_id" if province else "province_id", today)
    where = {"provinsi": province.code} if province else {}
    lines = lines_of(user, province, cells, today)
    batches, batch_count = running_batches(user, people, province, today)
    return Picture(
        total=Line(
            province.name if province else "",
            province.code if province else "",
            measure(cells, today),
            _urls(where),
            sum(line.units for line in lines),
        ),
        lines=lines,
        funnel=_funnel(cells, where),
        buckets=_buckets(cells, where, today),
        clock_people=sum(cell.people for cell in cells if cell.stage not in ENDED),
        batches=batches,
        batch_count=batch_count,
        months=() if province else seats_against_demand(user, cells, today),
    )


def lines_of(user: User, province: Satker | None, cells: Sequence[Cell], today: date) -> list[Line]:
    """Return one line per province, or per satker of a province, people or not, in the order of their codes."""
    units = Satker.objects.visible_to(user).order_by("code")
    if province is None:
        satker = Satker.objects.order_by().filter(province=OuterRef("pk"), closed_on=None).values("province").annotate(n=Count("*"))
        units = units.filter(kind__in=[SatkerKind.PROVINCE, SatkerKind.SETJEN]).annotate(units=Coalesce(Subquery(satker.values("n")), 0))
    else:
        units = units.filter(province=province)
    by_unit: dict[int, list[Cell]] = defaultdict(list)
    for cell in cells:
        by_unit[cell.unit_id].append(cell)
    name: Callable[[Satker], str] = (lambda unit: unit.name) if province else short_name
    return [
        Line(
            name(unit),
            unit.code,
            measure(by_unit[unit.pk], today),
            _urls({"satker" if province else "provinsi": unit.code}),
            getattr(unit, "units", 1),
            is_setjen=unit.kind == SatkerKind.SETJEN,
        )
        for unit in units
        if unit.closed_on is None or by_unit[unit.pk]
    ]


def counted_lines(user: User, province: Satker | None, today: date) -> list[Line]:
    """Count the provinces of the country or the satker of one province, as far as the person sees them."""
    people = Participant.objects.visible_to(user)
    if province is not None:
        people = people.filter(province=province)
    return lines_of(user, province, tally(people, "satker_id" if province else "province_id", today), today)


def running_batches(user: User, people: ParticipantQuerySet, province: Satker | None, today: date) -> tuple[list[BatchLine], int]:
    """Return the running batches that end first, with the phase they are in, and how many there are."""
    running = Batch.objects.visible_to(user).filter(stage=BatchStage.RUNNING)
    if province is not None:
        running = running.filter(pk__in=people.filter(stage=Stage.TRAINING).values("batch_id"))
    rows = list(
        running.select_related("institute")
        .annotate(every=Window(Count("*")))
        .prefetch_related("phases")
        .order_by("ends_on", "pk")[:RUNNING_SHOWN]
    )
    if not rows:
        return [], 0
    pks = [row.pk for row in rows]
    counts = dict(people.filter(batch_id__in=pks).order_by().values_list("batch_id").annotate(n=Count("*")))
    attention = registry.attention_for(user, pks, today)
    return [
        BatchLine(
            title=f"{row.label} {row.institute}",
            note=f"{row.get_method_display()}, {row.capacity}",
            url=row.get_absolute_url(),
            phase=phase_now(list(row.phases.all()), today),
            people=counts.get(row.pk, 0),
            people_url=people_url(angkatan=row.pk, **({"provinsi": province.code} if province else {})),
            ends_on=row.ends_on,
            attention=attention.get(row.pk),
        )
        for row in rows
    ], int(rows[0].every)


def phase_now(phases: Sequence[BatchPhase], today: date) -> str:
    """Name the phase of today, else the one that comes next, else the last."""
    running = [phase for phase in phases if phase.starts_on <= today <= phase.ends_on]
    coming = [phase for phase in phases if phase.starts_on > today]
    best = running[:1] or coming[:1] or list(phases[-1:])
    return best[0].name if best else ""


def seats_against_demand(user: User, cells: Sequence[Cell], today: date) -> list[Month]:
    """Add up, to the first of each coming month, whose probation ends and which seats are through by then.

    A seat is one of an open or running batch; the seat of somebody who has graduated serves nobody else.
    """
    days = month_starts(today)
    graduated = Participant.objects.filter(batch=OuterRef("pk"), stage=Stage.GRADUATED).order_by().values("batch").annotate(n=Count("*"))
    live = Q(stage__in=[BatchStage.OPEN, BatchStage.RUNNING], ends_on__lte=days[-1])
    seats = [
        (ends_on, capacity - done)
        for ends_on, capacity, done in Batch.objects.visible_to(user)
        .filter(live)
        .order_by()
        .values_list("ends_on", "capacity", Coalesce(Subquery(graduated.values("n")), 0))
    ]
    waiting = [cell for cell in cells if cell.stage not in ENDED]
    return [
        Month(
            day,
            sum(cell.people for cell in waiting if cell.ends_by(day)),
            sum(count for ends_on, count in seats if ends_on <= day),
        )
        for day in days
    ]


def _funnel(cells: Sequence[Cell], where: dict[str, str]) -> list[Bar]:
    bars = []
    for key in FUNNEL:
        stages = stages_of(key)
        count = sum(cell.people for cell in cells if not key or cell.stage in stages)
        bars.append(Bar(str(_funnel_label(key)), count, people_url(**where, tahap=key)))
    return bars


def _funnel_label(key: str) -> object:
    if not key:
        return Stage.REGISTERED.label
    return GROUP_LABELS.get(key) or Stage(key).label


def _buckets(cells: Sequence[Cell], where: dict[str, str], today: date) -> list[Bar]:
    bars = []
    for bucket in BUCKETS:
        count = sum(cell.people for cell in cells if cell.is_in(bucket, today))
        bars.append(Bar(str(bucket.label), count, people_url(**where, batas=bucket.key), _level(bucket)))
    return bars


def _level(bucket: Bucket) -> str:
    if bucket.high is None or bucket.high > WATCHFUL_DAYS:
        return "ok"
    return "bad" if bucket.high <= CRITICAL_DAYS else "warn"


def _urls(where: dict[str, str]) -> dict[str, str]:
    return {key: people_url(**where, **filters) for key, filters in MEASURE_FILTERS.items()}
