"""The angkatan on the home page: which run and in which phase, what their institute records next, what PKSDM opens, starts or closes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter
from urllib.parse import urlencode

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latsar.accounts.enums import Role
from latsar.accounts.models import RoleGrant, User
from latsar.dashboard.national import Attention
from latsar.dashboard.registry import Panel, Part, Todo
from latsar.training.enums import BatchStage
from latsar.training.models import Batch, BatchPhase
from latsar.ui import words
from participants.boards import current_phase
from participants.enums import ProgressState, Stage
from participants.groups import people_url
from participants.lagging import counted_phases, judge
from participants.models import Participant

RUNNING_SHOWN = {Role.LEMBAGA: 10}
RUNNING_SHOWN_ELSE = 5
MOVES_SHOWN = 5
OPEN_AHEAD = timedelta(days=60)
START_AHEAD = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A running angkatan, its present phase and what lags."""

    batch: Batch
    phase: BatchPhase | None
    phase_left: str
    people: int
    people_url: str
    attention: Attention | None
    roster_url: str


def running_part(user: User, grant: RoleGrant, today: date) -> Part:
    """Show the running angkatan that end first; to the institute also name what it has to record in them."""
    limit = RUNNING_SHOWN.get(Role(grant.role), RUNNING_SHOWN_ELSE)
    batches = (
        Batch.objects.visible_to(user)
        .filter(stage=BatchStage.RUNNING)
        .select_related("institute")
        .annotate(every=Window(Count("*")))
        .order_by("ends_on", "pk")[:limit]
    )
    found = list(batches)
    phases = list(counted_phases(user, [batch.pk for batch in found]).order_by("batch_id", "order")) if found else []
    by_batch = {batch_id: list(own) for batch_id, own in groupby(phases, key=attrgetter("batch_id"))}
    rows = [_row(batch, by_batch.get(batch.pk, []), today) for batch in found]
    context: dict[str, object] = {"rows": rows, "total": found[0].every if found else 0}  # type: ignore[attr-defined]  # annotated
    panel = Panel("participants/_running_panel.html", context, order=30)
    if grant.role != Role.LEMBAGA:
        return Part(panels=[panel])
    todos = [item for batch in found for item in (*to_mark(batch, by_batch.get(batch.pk, []), today), *to_graduate(batch, by_batch, today))]
    return Part(todos=todos, panels=[panel])


def _row(batch: Batch, phases: Sequence[BatchPhase], today: date) -> BatchRow:
    phase = current_phase(phases, today)
    behind = [item for one in phases if (item := judge(one, today))]
    return BatchRow(
        batch=batch,
        phase=phase,
        phase_left=_timing(phase, today) if phase else "",
        people=phases[0].people if phases else 0,  # type: ignore[attr-defined]  # annotated
        people_url=people_url(angkatan=batch.pk, tahap=Stage.TRAINING.value),
        attention=next((item for item in behind if item.level == "bad"), behind[0] if behind else None),
        roster_url=reverse("batch_roster", args=[batch.pk]),
    )


def _timing(phase: BatchPhase, today: date) -> str:
    if phase.starts_on > today:
        return _("mulai %(day)s") % {"day": words.short_date(phase.starts_on)}
    return _("sampai %(day)s, %(left)s") % {
        "day": words.short_date(phase.ends_on),
        "left": words.days_left((phase.ends_on - today).days),
    }


def to_mark(batch: Batch, phases: Sequence[BatchPhase], today: date) -> list[Todo]:
    """Name the first phase in which people wait for a mark: over and not finished, else under way and not begun."""
    behind = [phase for phase in phases if judge(phase, today)]
    over = [phase for phase in behind if phase.ends_on < today]
    if not behind:
        return []
    phase = (over or behind)[0]
    left = phase.people - (phase.done if over else phase.begun)  # type: ignore[attr-defined]  # annotated
    if over:
        title, state = ngettext("Tandai %(n)s orang selesai %(phase)s", "Tandai %(n)s orang selesai %(phase)s", left), ProgressState.RUNNING
        detail, due = _("%(batch)s. Fasenya sudah berakhir.") % {"batch": batch}, phase.ends_on
    else:
        title, state = ngettext("Tandai %(n)s orang mulai %(phase)s", "Tandai %(n)s orang mulai %(phase)s", left), ProgressState.WAITING
        detail, due = _("%(batch)s. Fasenya sedang berjalan.") % {"batch": batch}, phase.ends_on
    if over and phase.begun < phase.people:  # type: ignore[attr-defined]  # some did not even begin: both states are behind
        address = batch.get_absolute_url()
    else:
        address = f"{batch.get_absolute_url()}?{urlencode({'fase': phase.order, 'keadaan': state.value})}#peserta"
    return [Todo(title % {"n": words.thousands(left), "phase": phase.name}, detail, address, _("Tandai"), due)]


def to_graduate(batch: Batch, phases: dict[int, list[BatchPhase]], today: date) -> list[Todo]:
    """Ask for the result once the last day has come."""
    own = phases.get(batch.pk, [])
    people = own[0].people if own else 0  # type: ignore[attr-defined]  # annotated
    if not people or batch.ends_on > today:
        return []
    title = ngettext("Catat kelulusan %(n)s orang, %(batch)s", "Catat kelulusan %(n)s orang, %(batch)s", people)
    return [
        Todo(
            title % {"n": words.thousands(people), "batch": batch.label},
            _("Pelatihan berakhir %(day)s; sertifikat terbit sesudah kelulusan dicatat.") % {"day": words.long_date(batch.ends_on)},
            reverse("batch_graduate", args=[batch.pk]),
            _("Catat kelulusan"),
            batch.ends_on,
        )
    ]


def to_move_in(user: User, today: date) -> QuerySet[Batch]:
    """Return the angkatan that PKSDM opens before they fill, starts on their day, and closes after their end; the first few."""
    due = (
        Q(stage=BatchStage.DRAFT, starts_on__lte=today + OPEN_AHEAD)
        | Q(stage=BatchStage.OPEN, starts_on__lte=today + START_AHEAD)
        | Q(stage=BatchStage.RUNNING, ends_on__lt=today)
    )
    return Batch.objects.visible_to(user).filter(due).order_by("starts_on", "pk")[:MOVES_SHOWN]


def with_training(rows: QuerySet[Batch], user: User) -> QuerySet[Batch]:
    """Annotate `in_training`, how many people of an angkatan have not graduated."""
    training = Participant.objects.visible_to(user).filter(batch=OuterRef("pk"), stage=Stage.TRAINING).order_by().values("batch")
    return rows.annotate(in_training=Coalesce(Subquery(training.annotate(n=Count("*")).values("n"), output_field=IntegerField()), 0))


def move_todos(batches: Iterable[Batch], today: date) -> list[Todo]:
    """Name those of these angkatan that are to be moved, the first that began on top."""
    until = {BatchStage.DRAFT: today + OPEN_AHEAD, BatchStage.OPEN: today + START_AHEAD}
    due = [
        batch
        for batch in batches
        if (batch.ends_on < today if batch.stage == BatchStage.RUNNING else batch.starts_on <= until.get(BatchStage(batch.stage), date.min))
    ]
    return [_move(batch) for batch in sorted(due, key=lambda batch: (batch.starts_on, batch.pk))[:MOVES_SHOWN]]


def _move(batch: Batch) -> Todo:
    if batch.stage == BatchStage.DRAFT:
        verb, title, detail = _("Buka"), _("Buka %(batch)s"), _("Orang baru bisa ditempatkan sesudah angkatan dibuka.")
    elif batch.stage == BatchStage.OPEN:
        verb, title, detail = _("Mulai"), _("Mulai %(batch)s"), _("Yang sudah duduk mulai Latsar; penempatan ditutup.")
    else:
        verb, title, detail = _("Tutup"), _("Tutup %(batch)s"), _("Semua sudah dinyatakan lulus.")
        if left := batch.in_training:  # type: ignore[attr-defined]  # annotated
            detail = ngettext("%(n)s orang belum dinyatakan lulus.", "%(n)s orang belum dinyatakan lulus.", left) % {
                "n": words.thousands(left)
            }
    due = batch.ends_on if batch.stage == BatchStage.RUNNING else batch.starts_on
    return Todo(title % {"batch": batch}, detail, batch.get_absolute_url(), verb, due)
