"""The rancangan on the home pages: what waits for a mentor, how far a coach's groups are, the author's next step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Exists, Min, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aktualisasi import deadlines, habituasi_home, tables
from aktualisasi.enums import PaperKind, PaperStage, Reviewer
from aktualisasi.models import Paper
from aktualisasi.paths import home_url
from latsar.accounts.models import User
from latsar.dashboard.registry import Panel, Part, Todo
from latsar.training import calendar
from latsar.training.enums import BatchStage, PhaseKind
from latsar.training.models import BatchPhase
from latsar.ui import words
from latsar.ui.components import Entry
from mentoring.capacity import capacity_of
from mentoring.models import GroupCoach
from participants.enums import Stage
from participants.models import Participant, Placement

DATES_SHOWN = 4
MOST_COACHLESS, GROUPS_NAMED = 500, 3
GROUP_STAGES = (None, *PaperStage)
"""The columns of a coach's table; None is nothing begun."""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group of a coach: how many stand at each stage, in the order of the columns."""

    name: str
    batch: str
    url: str
    size: int
    counts: Sequence[tuple[str, int]]
    seminar: tables.Due | None
    seminar_day: str
    is_over: bool


def mentor_part(user: User) -> Part:
    """Put the reviews that wait first, then everybody the mentor guides, the load and the next dates; habituasi beside them."""
    this_year = timezone.localdate().year
    work = calendar.from_database(range(this_year - 1, this_year + 3))
    own, habituasi = _guided_part(user, work), habituasi_home.mentor_part(user, work)
    return Part(todos=[*own.todos, *habituasi.todos], panels=own.panels, lead=own.lead)


def _guided_part(user: User, work: calendar.WorkCalendar) -> Part:
    rows = tables.mentees_of(user, work)
    waiting = [row for row in rows if row.is_mine_to_answer]
    found = capacity_of(user, len(rows))
    capacity: dict[str, object] = {"load": found.load, "limit": found.places, "bar": found.bar, "is_full": found.is_full}
    panels = [
        Panel("aktualisasi/_mentees_panel.html", {"rows": rows}, order=20),
        Panel("aktualisasi/_capacity_panel.html", capacity, order=30, aside=True),
    ]
    if dates := _next_dates({pk for row in rows if (pk := row.assignment.participant.batch_id)}):
        panels.append(
            Panel(
                "dashboard/_timeline_panel.html",
                {"id": "h-lanjut", "title": _("Yang terjadi berikutnya"), "entries": dates},
                40,
                aside=True,
            )
        )
    lead = ngettext("%(n)s peserta Anda bimbing.", "%(n)s peserta Anda bimbing.", len(rows)) % {"n": len(rows)} if rows else ""
    return Part(todos=[_review(row.paper, row.due) for row in waiting if row.paper], panels=panels, lead=lead)


def _review(paper: Paper, due: tables.Due | None) -> Todo:
    facts = {"paper": str(paper.get_kind_display()).lower(), "name": paper.rancangan.participant}
    return Todo(
        _("Tinjau %(paper)s %(name)s") % facts,
        _("Versi %(number)s, %(title)s") % {"number": paper.last_number, "title": paper.rancangan.title},  # type: ignore[attr-defined]
        reverse("paper_review", args=[paper.pk]),
        _("Tinjau"),
        due.date if due else None,
    )


def _next_dates(batch_ids: set[int]) -> list[Entry]:
    """List the coming phases of these batches, those of one day and name put together."""
    today = timezone.localdate()
    coming = BatchPhase.objects.filter(batch_id__in=batch_ids, starts_on__gte=today).select_related("batch")
    by_day = groupby(coming.order_by("starts_on", "name", "batch_id"), key=lambda phase: (phase.starts_on, phase.name))
    together = [(day, name, ", ".join(phase.batch.label for phase in phases)) for (day, name), phases in by_day]
    return [
        Entry(
            format_html("<b>{}</b><br>{}", words.short_date(day), _("%(phase)s mulai, %(batch)s") % {"phase": name, "batch": labels}),
            is_new=n == 0,
        )
        for n, (day, name, labels) in enumerate(together[:DATES_SHOWN])
    ]


def coach_part(user: User) -> Part:
    """Show a coach's groups by the stage of their rancangan, and which are not ready for the seminar that comes."""
    found = tables.groups_of(user)
    seminars = _seminars({group.batch.pk for group in found})
    rows = [_group_row(number, group, seminars.get(group.batch.pk)) for number, group in enumerate(found, 1)]
    rows.sort(key=lambda row: (row.is_over, row.seminar.date if row.seminar else date.max))
    queue = [item for item in tables.queue_of(user) if item.role == Reviewer.COACH] if found else []
    todos = [*(_review(item.paper, item.due) for item in queue), *(item for row in rows if (item := _group_todo(row)))]
    panels = [Panel("aktualisasi/_groups_panel.html", {"rows": rows, "heads": _heads()}, order=20)]
    if dates := _next_dates({group.batch.pk for group in found}):
        panels.append(
            Panel(
                "dashboard/_timeline_panel.html",
                {"id": "h-lanjut", "title": _("Yang terjadi berikutnya"), "entries": dates},
                40,
                aside=True,
            )
        )
    people = sum(row.size for row in rows)
    lead = _("Anda mendampingi %(people)s orang dalam %(groups)s kelompok.") % {"people": people, "groups": len(rows)} if rows else ""
    return Part(todos=todos, panels=panels, lead=lead)


def coachless_part(user: User, institute_id: int | None) -> Part:
    """Name the papers that the mentor approved and nobody can answer, for their group has no coach; one query."""
    named = GroupCoach.objects.filter(batch=OuterRef("seat__batch_id"), group=OuterRef("group"))
    waiting = Q(participant__rancangan__papers__stage=PaperStage.AT_COACH)
    rows = Placement.objects.visible_to(user).active().filter(waiting, seat__batch__institute=institute_id)
    rows = rows.exclude(seat__batch__stage=BatchStage.CLOSED).exclude(Exists(named)).select_related("seat__batch")
    since = Min("participant__rancangan__papers__stage_at", filter=waiting)
    found = list(rows.annotate(since=since).order_by("since", "pk")[:MOST_COACHLESS])
    if not found:
        return Part()
    groups = Counter((row.seat.batch, row.group) for row in found)
    names = [
        _("%(batch)s kelompok %(group)s") % {"batch": batch.label, "group": group}
        if group
        else _("%(batch)s, belum berkelompok") % {"batch": batch.label}
        for batch, group in groups
    ]
    title = ngettext("Tetapkan coach, %(n)s naskah menunggu", "Tetapkan coach, %(n)s naskah menunggu", len(found)) % {
        "n": words.thousands(len(found))
    }
    url = reverse("batch_coaches", args=[found[0].seat.batch_id])
    return Part(todos=[Todo(title, "; ".join(names[:GROUPS_NAMED]), url, _("Tetapkan"), timezone.localdate(found[0].since))])


def _heads() -> list[str]:
    return [str(PaperStage(stage).label) if stage else _("Belum mulai") for stage in GROUP_STAGES]


def _seminars(batch_ids: set[int]) -> dict[int, date]:
    phases = BatchPhase.objects.filter(batch_id__in=batch_ids, kind=PhaseKind.PROPOSAL_SEMINAR).order_by("-order")
    return dict(phases.values_list("batch_id", "starts_on"))


def _group_row(number: int, group: tables.Group, seminar: date | None) -> GroupRow:
    counts = Counter(member.paper.stage if member.paper else None for member in group.members)
    return GroupRow(
        name=_("Kelompok %(n)s") % {"n": group.number},
        batch=f"{group.batch.label} {group.batch.year}",
        url=f"{reverse('mentoring_home')}#h-kel-{number}",
        size=len(group.members),
        counts=[(head, counts[stage]) for head, stage in zip(_heads(), GROUP_STAGES, strict=True)],
        seminar=tables.due_on(seminar),
        seminar_day=words.day_and_month(seminar) if seminar else "",
        is_over=group.batch.stage == BatchStage.CLOSED,
    )


def _group_todo(row: GroupRow) -> Todo | None:
    approved = row.counts[-1][1]
    left = row.size - approved
    if not left or row.seminar is None or row.is_over:
        return None
    title = ngettext("Dampingi %(n)s orang sampai rancangannya disetujui", "Dampingi %(n)s orang sampai rancangannya disetujui", left)
    detail = _("%(group)s, %(batch)s: %(done)s dari %(size)s sudah disetujui. Tanggalnya adalah seminar rancangan.")
    facts = {"group": row.name, "batch": row.batch, "done": approved, "size": row.size}
    return Todo(title % {"n": left}, detail % facts, row.url, _("Buka kelompok"), row.seminar.date)


def author_part(user: User) -> Part:
    """Tell the author the next step of the paper at hand, and of the habituasi once its plan is approved; three queries."""
    rows = Paper.objects.visible_to(user).filter(rancangan__participant__user=user).with_seminar().with_reader_days()
    rows = habituasi_home.with_habituasi(rows).select_related("rancangan__participant__batch__scheme", "rancangan__participant__satker")
    papers = {paper.kind: paper for paper in rows}
    own, habituasi = _paper_part(user, papers), habituasi_home.author_part(user, papers.get(PaperKind.RANCANGAN))
    return Part(todos=[*own.todos, *habituasi.todos], panels=[*own.panels, *habituasi.panels])


def _paper_part(user: User, papers: Mapping[str, Paper]) -> Part:
    paper = papers.get(PaperKind.LAPORAN) or papers.get(PaperKind.RANCANGAN)
    person = paper.rancangan.participant if paper else _person(user)
    if person is None or person.stage not in (Stage.PLACED, Stage.TRAINING):
        return Part()
    if paper is None or paper.is_editable:
        return Part(todos=[_writing(person, paper)])
    due = tables.due_on(paper.seminar_on)  # type: ignore[attr-defined]  # annotated
    text = _("Coach sudah menyetujuinya. Seminar mulai") if due else _("Coach sudah menyetujuinya.")
    if tables.is_waiting(paper):
        reader = _("Mentor menjawab paling lambat") if paper.stage == PaperStage.SUBMITTED else _("Coach menjawab paling lambat")
        text, due = reader, tables.due_on(deadlines.answer_due(paper))
    context: dict[str, object] = {"paper": paper, "pill": tables.stage_pill(paper), "text": text, "due": due, "url": home_url(paper.kind)}
    return Part(panels=[Panel("aktualisasi/_own_panel.html", context, order=10)])


def _person(user: User) -> Participant | None:
    """Read who has no paper yet, with the first day of the seminar rancangan."""
    phases = BatchPhase.objects.filter(batch=OuterRef("batch"), kind=PhaseKind.PROPOSAL_SEMINAR).order_by("order")
    rows = Participant.objects.visible_to(user).filter(user=user).annotate(seminar_on=Subquery(phases.values("starts_on")[:1]))
    return rows.select_related("batch__scheme").first()


def _first_day(person: Participant) -> date | None:
    day = person.seminar_on  # type: ignore[attr-defined]  # annotated
    return deadlines.due_of(person.batch, day) if person.batch and day else None


def _writing(person: Participant, paper: Paper | None) -> Todo:
    kind = paper.kind if paper else PaperKind.RANCANGAN
    day = deadlines.due_dates([paper]).get(paper.pk) if paper else _first_day(person)
    returned = paper is not None and paper.stage == PaperStage.RETURNED
    if kind == PaperKind.LAPORAN:
        title, detail = (
            _("Ajukan laporan aktualisasi ke mentor"),
            _("Disusun dari kegiatan dan bukti habituasi Anda, sebelum seminar hasil."),
        )
    else:
        title, detail = _("Ajukan rancangan aktualisasi ke mentor"), _("Isu, kegiatan, dan jadwal, sebelum seminar rancangan.")
    if returned:
        title = _("Perbaiki laporan aktualisasi") if kind == PaperKind.LAPORAN else _("Perbaiki rancangan aktualisasi")
        detail = _("Dikembalikan dengan catatan.")
    return Todo(title, detail, home_url(kind), _("Lanjutkan") if paper else _("Mulai menulis"), day)
