"""The habituasi on the home pages: what waits for the mentor, the participant's week, who is behind in a unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aktualisasi import deadlines, tables
from aktualisasi.enums import PaperStage
from aktualisasi.gates import plan_approved_q
from aktualisasi.habituasi import PlanChange, TahapanWork, WeeklyReport
from aktualisasi.habituasi_enums import ReportStage, WorkState
from aktualisasi.habituasi_progress import begun_phases, behind_q, plans_under_way, progress_of
from aktualisasi.papers import Paper, PaperQuerySet
from aktualisasi.rancangan import Rancangan
from aktualisasi.report_weeks import habituasi_of, today_at, week_of, weeks_between
from latsar.accounts.models import RoleGrant, User
from latsar.dashboard.registry import Panel, Part, Todo
from latsar.training.calendar import WorkCalendar
from latsar.training.enums import PhaseKind
from latsar.training.models import BatchPhase
from latsar.ui import words
from participants.enums import Stage
from participants.models import Participant


@dataclass(frozen=True, slots=True)
class Waiting:
    """A weekly report or a change of plan that the mentor answers."""

    title: str
    name: str
    detail: str
    url: str
    due: tables.Due | None


def waiting_for(user: User, work: WorkCalendar | None = None) -> list[Waiting]:
    """Return what waits for a mentor's answer, the oldest first; four queries, three with a calendar."""
    reports = list(
        WeeklyReport.objects.mentored_by(user)
        .filter(stage=ReportStage.SENT)
        .select_related("participant__satker")
        .order_by("stage_at", "pk")
    )
    changes = list(
        PlanChange.objects.mentored_by(user).waiting().select_related("rancangan__participant__satker").order_by("asked_at", "pk")
    )
    dates = deadlines.mentor_dates([*(row.stage_at for row in reports), *(row.asked_at for row in changes)], work)
    found = [
        (
            row.stage_at,
            Waiting(str(row), row.participant.full_name, _sent(row), row.get_absolute_url(), tables.due_on(dates[row.stage_at])),
        )
        for row in reports
    ]
    for row in changes:
        title = _("Perubahan rencana %(number)s") % {"number": row.number}
        name = row.rancangan.participant.full_name
        found.append((row.asked_at, Waiting(title, name, row.reason, row.get_absolute_url(), tables.due_on(dates[row.asked_at]))))
    return [item for _at, item in sorted(found, key=lambda pair: pair[0])]


def _sent(report: WeeklyReport) -> str:
    day = words.short_date(timezone.localtime(report.stage_at))
    return _("Dikirim %(day)s, terlambat") % {"day": day} if report.sent_late else _("Dikirim %(day)s") % {"day": day}


def mentor_part(user: User, work: WorkCalendar) -> Part:
    """Put each report and change that waits among the to-dos."""
    return Part(
        todos=[
            Todo(f"{item.title}, {item.name}", item.detail, item.url, _("Jawab"), item.due.date if item.due else None)
            for item in waiting_for(user, work)
        ]
    )


def with_habituasi(rows: PaperQuerySet) -> PaperQuerySet:
    """Annotate the days of the habituasi of a paper's batch, and how many tahapan of its plan are under way and done."""
    phases = BatchPhase.objects.filter(batch=OuterRef("rancangan__participant__batch"), kind=PhaseKind.HABITUASI).order_by("order")
    works = TahapanWork.objects.filter(tahapan__kegiatan__rancangan=OuterRef("rancangan")).order_by()
    counted = works.values("tahapan__kegiatan__rancangan").annotate(n=Count("pk"), done=Count("pk", filter=Q(state=WorkState.DONE)))
    return rows.annotate(
        habituasi_starts_on=Subquery(phases.values("starts_on")[:1]),
        habituasi_ends_on=Subquery(phases.values("ends_on")[:1]),
        tahapan_total=Coalesce(Subquery(counted.values("n")), 0),
        tahapan_done=Coalesce(Subquery(counted.values("done")), 0),
    )


def author_part(user: User, plan: Paper | None) -> Part:
    """Tell the participant of this week's report, of what came back, and of tahapan that are late; one query.

    `plan` is the own rancangan as a paper, read with its habituasi.
    """
    if plan is None or plan.stage != PaperStage.APPROVED or plan.rancangan.participant.stage not in (Stage.PLACED, Stage.TRAINING):
        return Part()
    person = plan.rancangan.participant
    starts_on, ends_on, today = plan.habituasi_starts_on, plan.habituasi_ends_on, today_at(person)  # type: ignore[attr-defined]
    if starts_on is None or starts_on > today:
        return Part()
    weeks = weeks_between(starts_on, ends_on)
    reports = {report.week: report for report in WeeklyReport.objects.visible_to(user).filter(participant=person)}
    url, todos = reverse("habituasi_home"), []
    for week in weeks:
        report = reports.get(week.number)
        if week.starts_on > today or (report is not None and not report.is_editable):
            continue
        detail = (
            _("Mentor mengembalikannya: %(note)s") % {"note": report.note}
            if report and report.note
            else words.date_range(week.starts_on, week.ends_on)
        )
        title = _("Kirim laporan minggu %(n)s ke mentor") % {"n": week.number}
        todos.append(Todo(title, detail, f"{url}?minggu={week.number}#h-lap", _("Tulis laporan"), week.due_on))
    present = week_of(weeks, today)
    context: dict[str, object] = {
        "total": plan.tahapan_total,  # type: ignore[attr-defined]  # annotated
        "done": plan.tahapan_done,  # type: ignore[attr-defined]  # annotated
        "week": present.number if present else len(weeks),
        "weeks": len(weeks),
        "end": tables.due_on(ends_on),
    }
    return Part(todos=todos, panels=[Panel("aktualisasi/_habituasi_panel.html", context, order=12)])


def unit_panel(user: User, grant: RoleGrant) -> Panel | None:
    """Say how many of the unit's people are in habituasi and how many are behind; nothing while there is none."""
    today = timezone.localdate()
    phases = begun_phases(today)
    if not phases:
        return None
    counts = plans_under_way(user, phases).aggregate(total=Count("pk"), behind=Count("pk", filter=behind_q(phases, today)))
    total, behind = counts["total"], counts["behind"]
    if not total:
        return None
    text = ngettext("%(n)s orang sedang habituasi.", "%(n)s orang sedang habituasi.", total) % {"n": words.thousands(total)}
    return Panel("aktualisasi/_habituasi_unit_panel.html", {"text": text, "total": total, "behind": behind}, order=60)


def person_lines(user: User, participant: Participant, today: date) -> list[tuple[str, str, str]]:
    """Return the facts of one habituasi for the page of a person; empty while there is none."""
    phase = habituasi_of(participant)
    visible = Rancangan.objects.visible_to(user).filter(plan_approved_q(), participant=participant).exists()
    if phase is None or phase.starts_on > today or not visible:
        return []
    (row,) = progress_of([participant], [phase], today)
    url = reverse("habituasi_person", args=[participant.pk])
    lines = [(_("Tahapan selesai"), _("%(done)s dari %(total)s") % {"done": row.done, "total": row.total}, url)]
    if row.late:
        lines.append((_("Terlambat"), _("%(n)s tahapan") % {"n": row.late}, url))
    facts = {"approved": row.approved, "due": row.reports_due, "sent": row.sent}
    lines.append((_("Laporan mingguan"), _("%(approved)s disetujui, %(sent)s menunggu mentor, %(due)s jatuh tempo") % facts, ""))
    lines.append((_("Bukti"), words.thousands(row.evidence), ""))
    return lines
