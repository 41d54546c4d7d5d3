"""How far each habituasi is: rows of a list in a fixed number of queries, and who is behind, told by the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO

from django.db.models import Count, Exists, IntegerField, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from aktualisasi.gates import plan_approved_q
from aktualisasi.habituasi import Evidence, TahapanWork, WeeklyReport
from aktualisasi.habituasi_enums import ReportStage, WorkState
from aktualisasi.plan import Tahapan
from aktualisasi.rancangan import Rancangan, RancanganQuerySet
from aktualisasi.report_weeks import Week, planned_day, weeks_of, weeks_past
from latsar.accounts.models import User
from latsar.reports.writers import Column, write_xlsx
from latsar.training.enums import PhaseKind
from latsar.training.models import BatchPhase
from participants.enums import SEATED
from participants.models import Participant, Placement

EXPORT_LIMIT = 5_000


@dataclass(slots=True)
class Progress:
    """One habituasi in numbers. `reports_due` are the weeks whose report day is over."""

    participant: Participant
    weeks: list[Week]
    today: date
    group: int | None = None
    total: int = 0
    done: int = 0
    late: int = 0
    evidence: int = 0
    sent: int = 0
    approved: int = 0
    handed_weeks: set[int] = field(default_factory=set)
    last_at: datetime | None = None

    @property
    def reports_due(self) -> int:
        return weeks_past(self.weeks, self.today)

    @property
    def reports_missing(self) -> int:
        return sum(week.due_on < self.today and week.number not in self.handed_weeks for week in self.weeks)

    @property
    def is_behind(self) -> bool:
        return bool(self.late or self.reports_missing)

    @property
    def percent(self) -> int:
        return self.done * 100 // self.total if self.total else 0


def begun_phases(today: date) -> list[BatchPhase]:
    """Return the habituasi that have begun of batches with somebody still in them."""
    live = Participant.objects.filter(stage__in=SEATED, batch=OuterRef("batch"))
    rows = BatchPhase.objects.filter(kind=PhaseKind.HABITUASI, starts_on__lte=today)
    return list(rows.filter(Exists(live)).order_by("batch", "-order"))


def plans_under_way(user: User, phases: Iterable[BatchPhase]) -> RancanganQuerySet:
    """Return the approved plans this person sees of people who are in a habituasi that has begun."""
    batches = [phase.batch_id for phase in phases]
    rows = Rancangan.objects.visible_to(user).filter(plan_approved_q())
    return rows.filter(participant__batch_id__in=batches, participant__stage__in=SEATED)


def behind_q(phases: Iterable[BatchPhase], today: date) -> Q:
    """Return the condition on a rancangan: a tahapan is late, or the report of a past week was not sent."""
    by_past: dict[tuple[int, bool, bool], list[int]] = defaultdict(list)
    for phase in phases:
        weeks = weeks_of(phase)
        past = weeks_past(weeks, today)
        by_past[past, past == len(weeks), phase.ends_on < today].append(phase.batch_id)
    found = Q(pk__in=[])
    for (past, is_last, is_over), batches in by_past.items():
        due = Q(planned_on__lt=today) | Q(planned_on=None, due_week__lte=past)
        if is_last:  # a week beyond the phase counts as its last
            due |= Q(planned_on=None, due_week__gt=past)
        if is_over:
            due |= Q(planned_on=None, due_week=None)
        late = TahapanWork.objects.filter(due, tahapan__kegiatan__rancangan=OuterRef("pk")).exclude(state=WorkState.DONE)
        handed = WeeklyReport.objects.handed_in().filter(participant=OuterRef("participant"), week__lte=past).order_by()
        count = Subquery(handed.values("participant").annotate(n=Count("pk")).values("n"), output_field=IntegerField())
        short = Rancangan.objects.annotate(handed=Coalesce(count, 0)).filter(handed__lt=past)
        found |= Q(participant__batch_id__in=batches) & (Exists(late) | Q(pk__in=short.values("pk")))
    return found


def progress_of(people: Sequence[Participant], phases: Iterable[BatchPhase], today: date) -> list[Progress]:
    """Return the numbers of these people, in their order; five queries whatever their number."""
    weeks = {phase.batch_id: weeks_of(phase) for phase in phases}
    rows = {person.pk: Progress(person, weeks.get(person.batch_id or 0, []), today) for person in people}
    _count_works(rows)
    shown = Evidence.objects.current().filter(participant__in=rows).order_by().values("participant")
    for found in shown.annotate(n=Count("pk"), at=Max("uploaded_at")):
        row = rows[found["participant"]]
        row.evidence, row.last_at = found["n"], _later(row.last_at, found["at"])
    reports = WeeklyReport.objects.filter(participant__in=rows).values_list("participant", "week", "stage", "updated_at")
    for pk, week, stage, at in reports:
        row = rows[pk]
        row.last_at = _later(row.last_at, at)
        row.sent += stage == ReportStage.SENT
        row.approved += stage == ReportStage.APPROVED
        if stage in (ReportStage.SENT, ReportStage.APPROVED):
            row.handed_weeks.add(week)
    for pk, group in Placement.objects.active().filter(participant__in=rows).values_list("participant", "group"):
        rows[pk].group = group
    return list(rows.values())


def is_late(state: str, planned_on: date | None, due_week: int | None, weeks: Sequence[Week], today: date) -> bool:
    """Say whether a tahapan is behind its day; the same rule as `behind_q`."""
    day = planned_on or planned_day(weeks, due_week)
    return state != WorkState.DONE and day is not None and (day < today if due_week or planned_on else weeks[-1].ends_on < today)


def workbook(rows: Sequence[Progress]) -> bytes:
    """Write the progress as a workbook."""
    columns = [
        Column(_("Nama"), 32), Column(_("NIP"), 22), Column(_("Satker"), 32), Column(_("Angkatan"), 28), Column(_("Kelompok"), 10, "int"),
        Column(_("Tahapan"), 10, "int"), Column(_("Tahapan selesai"), 10, "int"), Column(_("Tahapan terlambat"), 10, "int"), Column(_("Bukti"), 8, "int"),
        Column(_("Laporan mingguan jatuh tempo"), 12, "int"), Column(_("Laporan belum dikirim"), 12, "int"), Column(_("Laporan menunggu mentor"), 12, "int"),
        Column(_("Laporan disetujui"), 12, "int"), Column(_("Kegiatan terakhir"), 18, "datetime"),
    ]  # fmt: skip
    stream = BytesIO()
    write_xlsx(
        stream,
        sheet=_("Habituasi"),
        columns=columns,
        rows=(
            (
                row.participant.full_name, row.participant.nip, row.participant.satker.name, str(row.participant.batch or ""), row.group,
                row.total, row.done, row.late, row.evidence, row.reports_due, row.reports_missing, row.sent, row.approved, row.last_at,
            )
            for row in rows
        ),
    )  # fmt: skip
    return stream.getvalue()


def _count_works(rows: Mapping[int, Progress]) -> None:
    found = Tahapan.objects.filter(kegiatan__rancangan__participant__in=rows).values_list(
        "kegiatan__rancangan__participant", "work__state", "work__planned_on", "work__due_week", "work__updated_at", "work__version"
    )
    for pk, state, planned_on, due_week, at, version in found:
        row = rows[pk]
        row.total += 1
        row.done += state == WorkState.DONE
        row.late += is_late(state or WorkState.NOT_BEGUN, planned_on, due_week, row.weeks, row.today) if state else False
        if version and version > 1:
            row.last_at = _later(row.last_at, at)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(filter(None, (one, other)), default=None)
