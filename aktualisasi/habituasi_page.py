"""One habituasi as a page: its weeks, its kegiatan with their tahapan, reports and changes, with their words ready."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from aktualisasi.gates import is_plan_approved
from aktualisasi.habituasi import Evidence, PlanChange, TahapanWork, WeeklyReport
from aktualisasi.habituasi_enums import ChangeStage, ReportStage, WorkState
from aktualisasi.habituasi_progress import is_late
from aktualisasi.plan import Kegiatan, Tahapan
from aktualisasi.rancangan import Rancangan
from aktualisasi.report_weeks import Week, habituasi_of, planned_day, today_at, week_of, weeks_of
from aktualisasi.tables import Due
from latsar.accounts.models import User
from latsar.training.enums import PhaseKind
from latsar.training.models import BatchPhase
from latsar.ui import words
from latsar.ui.components import pill

REPORT_PILLS = {
    ReportStage.DRAFT: ("", "pencil"),
    ReportStage.SENT: ("info", "hourglass-split"),
    ReportStage.RETURNED: ("warn", "arrow-counterclockwise"),
    ReportStage.APPROVED: ("ok", "check-lg"),
}
CHANGE_PILLS = {
    ChangeStage.OPEN: ("info", "hourglass-split"),
    ChangeStage.APPROVED: ("ok", "check-lg"),
    ChangeStage.REFUSED: ("bad", "x-lg"),
    ChangeStage.WITHDRAWN: ("", "arrow-counterclockwise"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One tahapan: number, what is known of its days, how many pictures prove it."""

    tahapan: Tahapan
    number: str
    work: TahapanWork | None
    note: str
    pill: SafeString
    is_late: bool
    evidence: int
    change: PlanChange | None


@dataclass(frozen=True, slots=True)
class Fold:
    kegiatan: Kegiatan
    lines: list[Line]
    sentence: str
    level: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class WeekLine:
    """One week with its report, or without one."""

    week: Week
    report: WeeklyReport | None
    pill: SafeString
    days: str
    is_past: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class Habituasi:
    """All of one habituasi. `phase` is None while the batch has none; `is_open` says that writing may begin."""

    rancangan: Rancangan
    phase: BatchPhase | None
    weeks: list[Week]
    today: date
    folds: list[Fold]
    week_lines: list[WeekLine]
    changes: list[PlanChange]
    seminar: BatchPhase | None

    @property
    def lines(self) -> list[Line]:
        return [line for fold in self.folds for line in fold.lines]

    @property
    def total(self) -> int:
        return len(self.lines)

    @property
    def done(self) -> int:
        return sum(line.work is not None and line.work.state == WorkState.DONE for line in self.lines)

    @property
    def late(self) -> int:
        return sum(line.is_late for line in self.lines)

    @property
    def week(self) -> Week | None:
        """This week; after the end the last one."""
        return week_of(self.weeks, self.today) or (self.weeks[-1] if self.weeks and self.today > self.weeks[-1].ends_on else None)

    @property
    def has_begun(self) -> bool:
        return self.phase is not None and self.phase.starts_on <= self.today

    @property
    def is_open(self) -> bool:
        return self.has_begun and is_plan_approved(self.rancangan)

    @property
    def end(self) -> Due | None:
        return Due(self.phase.ends_on, (self.phase.ends_on - self.today).days) if self.phase else None

    @property
    def tahapan(self) -> list[Tahapan]:
        return [line.tahapan for line in self.lines]

    @property
    def kegiatan(self) -> list[Kegiatan]:
        return [fold.kegiatan for fold in self.folds]


def visible_tahapan(user: User) -> QuerySet[Tahapan]:
    """Return the tahapan of the plans that this person sees."""
    return Tahapan.objects.filter(kegiatan__rancangan__in=Rancangan.objects.visible_to(user))


def tahapan_of(rancangan: Rancangan) -> list[Tahapan]:
    """Return the tahapan of a plan in their printed order."""
    rows = Tahapan.objects.filter(kegiatan__rancangan=rancangan).select_related("kegiatan")
    return list(rows.order_by("kegiatan__order", "order"))


def habituasi_page(user: User, rancangan: Rancangan) -> Habituasi:
    """Read one habituasi; seven queries whatever its size."""
    person = rancangan.participant
    phase, today = habituasi_of(person), today_at(person)
    weeks = weeks_of(phase)
    shown: dict[int, int] = {}
    for tahapan_id in Evidence.objects.visible_to(user).current().filter(participant=person).values_list("tahapan", flat=True):
        shown[tahapan_id or 0] = shown.get(tahapan_id or 0, 0) + 1
    changes = list(PlanChange.objects.visible_to(user).filter(rancangan=rancangan).select_related("asked_by", "closed_by"))
    waiting = {change.tahapan_id: change for change in changes if change.stage == ChangeStage.OPEN}
    folds = [
        _fold(kegiatan, [_line(kegiatan, t, weeks, today, shown, waiting) for t in kegiatan.tahapan.all()], weeks)
        for kegiatan in rancangan.kegiatan.prefetch_related("tahapan__work")
    ]
    reports = {report.week: report for report in WeeklyReport.objects.visible_to(user).filter(participant=person)}
    seminar = BatchPhase.objects.filter(batch_id=person.batch_id or 0, kind=PhaseKind.RESULT_SEMINAR).order_by("order").first()
    lines = [_week_line(week, reports.get(week.number), today) for week in weeks if week.starts_on <= today]
    return Habituasi(rancangan, phase, weeks, today, folds, lines, changes, seminar)


def work_pill(state: str, *, late: bool) -> SafeString:
    """Show how far a tahapan is."""
    if late:
        return pill("bad", pgettext("tahapan", "Terlambat"), "exclamation-triangle-fill")
    kind, symbol = {"done": ("ok", "check-lg"), "running": ("info", "play-fill")}.get(state, ("", "circle"))
    return pill(kind, str(WorkState(state).label), symbol)


def report_pill(report: WeeklyReport) -> SafeString:
    kind, symbol = REPORT_PILLS[ReportStage(report.stage)]
    return pill(kind, report.get_stage_display(), symbol)


def change_pill(change: PlanChange) -> SafeString:
    kind, symbol = CHANGE_PILLS[ChangeStage(change.stage)]
    return pill(kind, change.get_stage_display(), symbol)


def prefill(page: Habituasi, week: Week, evidence: Sequence[Evidence]) -> str:
    """Return what the records of a week already say: tahapan that were done or begun in it, and what was photographed."""
    texts = []
    for line in page.lines:
        work = line.work
        if work is None:
            continue
        if work.finished_on and work.finished_on in week:
            texts.append(_("Menyelesaikan %(number)s %(text)s.") % {"number": line.number, "text": line.tahapan.text})
        elif work.started_on and work.started_on in week:
            texts.append(_("Mengerjakan %(number)s %(text)s.") % {"number": line.number, "text": line.tahapan.text})
    texts += [f"{words.long_date(one.shown_on)}: {one.caption}" for one in evidence if one.shown_on in week]
    return "\n".join(texts)


def _line(
    kegiatan: Kegiatan, tahapan: Tahapan, weeks: list[Week], today: date, shown: dict[int, int], waiting: dict[int | None, PlanChange]
) -> Line:
    work = getattr(tahapan, "work", None)
    state = work.state if work else WorkState.NOT_BEGUN
    planned_on, due_week = (work.planned_on, work.due_week) if work else (None, max(kegiatan.weeks, default=None))
    late = is_late(state, planned_on, due_week, weeks, today)
    count = shown.get(tahapan.pk, 0)
    note = _when(state, work, planned_on or planned_day(weeks, due_week), today, late=late)
    if count:
        note += ", " + ngettext("%(n)s bukti", "%(n)s bukti", count) % {"n": count}
    return Line(tahapan, f"{kegiatan.order}.{tahapan.order}", work, note, work_pill(state, late=late), late, count, waiting.get(tahapan.pk))


def _when(state: str, work: TahapanWork | None, planned: date | None, today: date, *, late: bool) -> str:
    if work and state == WorkState.DONE and work.finished_on:
        return words.day_and_month(work.finished_on)
    if planned is None:
        return _("belum berjadwal")
    if late:
        left = words.days_left((planned - today).days)
        return _("Rencana %(day)s, %(left)s") % {"day": words.day_and_month(planned), "left": left}
    if planned == today:
        return _("Hari ini")
    return words.short_date(planned)


def _fold(kegiatan: Kegiatan, lines: list[Line], weeks: list[Week]) -> Fold:
    done = sum(line.work is not None and line.work.state == WorkState.DONE for line in lines)
    late = sum(line.is_late for line in lines)
    facts = {"done": done, "total": len(lines), "late": late}
    if lines and done == len(lines):
        return Fold(kegiatan, lines, _("%(done)s dari %(total)s selesai") % facts, "is-ok fw-semibold", is_open=False)
    if late:
        text = ngettext("%(done)s dari %(total)s, %(late)s terlambat", "%(done)s dari %(total)s, %(late)s terlambat", late)
        return Fold(kegiatan, lines, text % facts, "is-bad fw-semibold", is_open=True)
    last = planned_day(weeks, max(kegiatan.weeks, default=None)) if weeks else None
    text = _("%(done)s dari %(total)s, sampai %(day)s") if last else _("%(done)s dari %(total)s")
    return Fold(kegiatan, lines, text % (facts | {"day": words.day_and_month(last) if last else ""}), "muted", is_open=True)


def _week_line(week: Week, report: WeeklyReport | None, today: date) -> WeekLine:
    face = report_pill(report) if report else pill("", _("Belum ditulis"), "circle")
    is_past = week.due_on < today
    if is_past and (report is None or report.is_editable):
        face = pill("bad", _("Belum dikirim"), "exclamation-triangle-fill") if report is None or report.stage == "draft" else face
    return WeekLine(week, report, face, words.short_date_range(week.starts_on, week.ends_on), is_past, today in week)
