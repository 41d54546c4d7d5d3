"""The rancangan on the home pages: what waits for a mentor, how far a coach's groups are, the author's next step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aktualisasi import deadlines, tables
from aktualisasi.enums import RancanganStage
from aktualisasi.models import Rancangan
from latsar.accounts.models import User
from latsar.dashboard.registry import Panel, Part, Todo
from latsar.training.enums import BatchStage, PhaseKind
from latsar.training.models import BatchPhase
from latsar.ui import words
from latsar.ui.components import Entry
from mentoring.capacity import capacity_of
from participants.enums import Stage
from participants.models import Participant

DATES_SHOWN = 4
GROUP_STAGES = (None, *RancanganStage)
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
    """Put the reviews that wait first, then everybody the mentor guides, the load and the next dates."""
    rows = tables.mentees_of(user)
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
    return Part(todos=[_review(row) for row in waiting], panels=panels, lead=lead)


def _review(row: tables.Mentee) -> Todo:
    rancangan = row.rancangan
    assert rancangan is not None
    return Todo(
        _("Tinjau rancangan %(name)s") % {"name": row.assignment.participant},
        _("Versi %(number)s, %(title)s") % {"number": rancangan.last_number, "title": rancangan.title},  # type: ignore[attr-defined]
        reverse("rancangan_review", args=[rancangan.pk]),
        _("Tinjau"),
        row.due.date if row.due else None,
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
    todos = [item for row in rows if (item := _group_todo(row))]
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


def _heads() -> list[str]:
    return [str(RancanganStage(stage).label) if stage else _("Belum mulai") for stage in GROUP_STAGES]


def _seminars(batch_ids: set[int]) -> dict[int, date]:
    phases = BatchPhase.objects.filter(batch_id__in=batch_ids, kind=PhaseKind.PROPOSAL_SEMINAR).order_by("-order")
    return dict(phases.values_list("batch_id", "starts_on"))


def _group_row(number: int, group: tables.Group, seminar: date | None) -> GroupRow:
    counts = Counter(rancangan.stage if rancangan else None for _person, rancangan, _pill in group.members)
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
    detail = _("%(group)s, %(batch)s: %(done)s dari %(size)s sudah disetujui mentor. Tanggalnya adalah seminar rancangan.")
    facts = {"group": row.name, "batch": row.batch, "done": approved, "size": row.size}
    return Todo(title % {"n": left}, detail % facts, row.url, _("Buka kelompok"), row.seminar.date)


def author_part(user: User) -> Part:
    """Tell the author of a rancangan the next step, or who has it now."""
    rancangan = Rancangan.objects.visible_to(user).filter(participant__user=user).with_seminar().select_related("participant").first()
    person = rancangan.participant if rancangan else Participant.objects.visible_to(user).filter(user=user).first()
    if person is None or person.stage not in (Stage.PLACED, Stage.TRAINING):
        return Part()
    if rancangan is None or rancangan.is_editable:
        return Part(todos=[_writing(person, rancangan)])
    due = tables.due_on(rancangan.seminar_on)  # type: ignore[attr-defined]  # annotated
    text = _("Mentor sudah menyetujuinya. Seminar rancangan mulai") if due else _("Mentor sudah menyetujuinya.")
    if rancangan.stage == RancanganStage.SUBMITTED:
        text, due = _("Mentor menjawab paling lambat"), tables.due_on(deadlines.answer_due(rancangan.stage_at))
    context: dict[str, object] = {"rancangan": rancangan, "pill": tables.stage_pill(rancangan), "text": text, "due": due}
    return Part(panels=[Panel("aktualisasi/_own_panel.html", context, order=10)])


def _writing(person: Participant, rancangan: Rancangan | None) -> Todo:
    if rancangan is None:
        seminar = deadlines.seminar_of(person)
        day = seminar.starts_on if seminar else None
    else:
        day = rancangan.seminar_on  # type: ignore[attr-defined]  # annotated
    title, detail = _("Ajukan rancangan aktualisasi ke mentor"), _("Judul, ringkasan, dan dokumen PDF, sebelum seminar rancangan.")
    if rancangan is not None and rancangan.stage == RancanganStage.RETURNED:
        title, detail = _("Perbaiki rancangan aktualisasi"), _("Mentor mengembalikannya dengan catatan.")
    return Todo(title, detail, reverse("aktualisasi_home"), _("Lanjutkan") if rancangan else _("Mulai menulis"), day)
