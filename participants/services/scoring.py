"""Raw scores written, and the sheet moved from hand to hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latsar.accounts import audit
from latsar.accounts.errors import IllegalMove, NoReason, NotAllowed, Refused, StaleVersion
from latsar.accounts.models import User
from latsar.notices.enums import NoticeKind
from latsar.notices.services import News, notify_many
from latsar.training.calendar import around
from latsar.training.models import Batch
from participants.enums import Stage
from participants.models import Participant
from participants.policies import is_self
from participants.scoring import policies, reading
from participants.scoring.enums import ScoreSource, SheetState
from participants.scoring.grading import missing
from participants.scoring.reading import CellKey
from participants.scoring.scores import Score, ScoreChange, ScoreRemark, ScoreSheet
from participants.scoring.workflow import SHEET_MOVES
from participants.services.results import compute_results, drop_results

NAMED = 3
SCORED = (Stage.TRAINING, Stage.GRADUATED)


@dataclass(frozen=True, slots=True)
class Entry:
    """A score as somebody typed it; `seen` is the version of the cell they looked at, 0 for an empty one."""

    key: CellKey
    value: Decimal | None
    seen: int


@dataclass(frozen=True, slots=True)
class Clash:
    """A cell that somebody else changed meanwhile: what was typed, what stands there now, and what stood there before both."""

    entry: Entry
    stored: Score
    before: Decimal | None


@dataclass(frozen=True, slots=True)
class Warrant:
    """The cells that a scorer of a seminar may write, and no others. Made by the app that knows the seminar, after it asked who scores what."""

    cells: frozenset[CellKey]


@dataclass
class Saved:
    changed: int = 0
    clashes: list[Clash] = field(default_factory=list)


def locked_batch(batch_id: int, by: User, warrant: Warrant | None = None) -> Batch:
    """Fetch a batch whose scores this person may touch; with a warrant the batch need not be in their sight. Raises NotAllowed."""
    rows = Batch.objects.visible_to(by) if warrant is None else Batch.objects.filter(stage__in=policies.SCORED_STAGES)
    batch = rows.select_related("scheme", "institute").filter(pk=batch_id).first()
    if batch is None or (warrant is None and not policies.can_see_sheet(by, batch)):
        raise NotAllowed
    return batch


def locked_sheet(batch: Batch) -> ScoreSheet:
    """Lock the sheet of the batch, making it with the first score."""
    ScoreSheet.objects.get_or_create(batch=batch)
    return ScoreSheet.objects.select_for_update(of=("self",)).select_related("batch").get(batch=batch)


@transaction.atomic
def save_scores(
    *, batch_id: int, entries: Sequence[Entry], by: User, source: str = ScoreSource.FORM, warrant: Warrant | None = None
) -> Saved:
    """Write the cells that are as they were seen; return those that somebody else changed meanwhile, untouched.

    What was typed into such a cell stays in the history, so neither value is lost. With a warrant exactly its cells may be
    written, of components that a seminar scores. Raises NotAllowed for a person or component out of reach, Refused once the
    sheet has left the hands of who fills it.
    """
    batch = locked_batch(batch_id, by, warrant)
    sheet = locked_sheet(batch)
    if sheet.state != SheetState.FILLING:
        raise Refused(
            _("Lembar nilai sedang %(state)s, jadi isinya tetap. Minta dikembalikan dahulu.") % {"state": sheet.get_state_display()}
        )
    if warrant is None:
        _check_reach(batch, entries, by)
    else:
        _check_warrant(batch, entries, by, warrant)
    people = {entry.key.participant_id for entry in entries}
    rows = Score.objects.filter(batch=batch, participant_id__in=people, is_remedial=False).select_related("entered_by")
    stored = {CellKey(row.participant_id, row.component_id, row.rater): row for row in rows}
    saved = Saved()
    changes: list[ScoreChange] = []
    for entry in entries:
        row = stored.get(entry.key)
        if entry.value == (row.value if row else None):
            continue
        if entry.seen != (row.version if row else 0):
            saved.clashes.append(_clash(batch, entry, row, changes, by))
            continue
        changes.append(_write(batch, entry, row, source, by))
        saved.changed += 1
    ScoreChange.objects.bulk_create(changes)
    _audit(sheet, changes, by)
    return saved


def _check_reach(batch: Batch, entries: Iterable[Entry], by: User) -> None:
    leaves = {leaf.pk: leaf for leaf in reading.tree_of(batch).leaves}
    people = {
        person.pk: person
        for person in Participant.objects.visible_to(by).filter(batch=batch, pk__in={entry.key.participant_id for entry in entries})
    }
    for entry in entries:
        leaf, person = leaves.get(entry.key.component_id), people.get(entry.key.participant_id)
        if leaf is None or person is None or not 1 <= entry.key.rater <= leaf.raters:
            raise NotAllowed
        if not policies.can_enter(by, batch, leaf, person):
            raise NotAllowed


def _check_warrant(batch: Batch, entries: Iterable[Entry], by: User, warrant: Warrant) -> None:
    leaves = {leaf.pk: leaf for leaf in reading.tree_of(batch).leaves}
    people = {person.pk: person for person in Participant.objects.filter(batch=batch, pk__in={e.key.participant_id for e in entries})}
    for entry in entries:
        leaf, person = leaves.get(entry.key.component_id), people.get(entry.key.participant_id)
        if entry.key not in warrant.cells or leaf is None or person is None or not 1 <= entry.key.rater <= leaf.raters:
            raise NotAllowed
        if not policies.is_examined(leaf) or is_self(by, person):
            raise NotAllowed


def _clash(batch: Batch, entry: Entry, row: Score | None, changes: list[ScoreChange], by: User) -> Clash:
    if row is None:  # a version of a row that never was: a form made up by hand
        raise NotAllowed
    before = ScoreChange.objects.filter(
        batch=batch,
        participant_id=entry.key.participant_id,
        component_id=entry.key.component_id,
        rater=entry.key.rater,
        is_remedial=False,
        version=entry.seen + 1,
    ).exclude(source=ScoreSource.CLASH)
    changes.append(_change(batch, entry, row.value, row.version, ScoreSource.CLASH, by))
    return Clash(entry, row, before.values_list("old", flat=True).first())


def _write(batch: Batch, entry: Entry, row: Score | None, source: str, by: User) -> ScoreChange:
    old = row.value if row else None
    if row is None:
        row = Score(batch=batch, participant_id=entry.key.participant_id, component_id=entry.key.component_id, rater=entry.key.rater)
        row.version = 0
    row.value, row.entered_by, row.entered_at = entry.value, by, timezone.now()
    row.version += 1
    row.save()
    return _change(batch, entry, old, row.version, source, by)


def _change(batch: Batch, entry: Entry, old: Decimal | None, version: int, source: str, by: User) -> ScoreChange:
    return ScoreChange(
        batch=batch,
        participant_id=entry.key.participant_id,
        component_id=entry.key.component_id,
        rater=entry.key.rater,
        old=old,
        new=entry.value,
        version=version,
        source=source,
        by=by,
    )


def _audit(sheet: ScoreSheet, changes: Sequence[ScoreChange], by: User) -> None:
    """Write one line into the sheet's trail, which no unit and no participant reads: the values are not public yet."""
    names = {leaf.pk: leaf.name for leaf in reading.tree_of(sheet.batch).leaves}
    nips = dict(Participant.objects.filter(pk__in={change.participant_id for change in changes}).values_list("pk", "nip"))
    told = {
        f"{nips[change.participant_id]} {names[change.component_id]} {change.rater}": [_plain(change.old), _plain(change.new)]
        for change in changes
        if change.source != ScoreSource.CLASH
    }
    if told:
        audit.record(verb="enter_scores", obj=sheet, by=by, changes=told)


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"


@transaction.atomic
def remark_score(*, batch_id: int, participant_id: int, component_id: int, note: str, late_days: int, seen: int, by: User) -> ScoreRemark:
    """Note why examiners differ, or how many working days a component came late. Raises StaleVersion, Refused, NotAllowed."""
    batch = locked_batch(batch_id, by)
    sheet = locked_sheet(batch)
    if sheet.state != SheetState.FILLING:
        raise Refused(_("Lembar nilai sudah dikirim, jadi catatannya tetap."))
    key = CellKey(participant_id, component_id)
    _check_reach(batch, [Entry(key, None, 0)], by)
    row = ScoreRemark.objects.filter(batch=batch, participant_id=participant_id, component_id=component_id).first()
    if seen != (row.version if row else 0):
        raise StaleVersion(_("Catatan ini baru saja diubah orang lain. Muat ulang halamannya, lalu ulangi."))
    row = row or ScoreRemark(batch=batch, participant_id=participant_id, component_id=component_id, version=0)
    before = [row.note, row.late_days]
    row.note, row.late_days, row.by, row.at = note.strip(), late_days, by, timezone.now()
    row.version += 1
    row.save()
    audit.record(
        verb="remark_score",
        obj=sheet,
        by=by,
        changes={"note": [before[0], row.note], "late_days": [before[1], row.late_days]},
        note=f"{row.participant.nip} {row.component.name}",
    )
    return row


@transaction.atomic
def note_difference(*, batch: Batch, participant_id: int, component_id: int, note: str, by: User) -> ScoreRemark:
    """Keep a scorer's own words on why the marks of a seminar differ; lateness stays as the institute wrote it.

    Called with the sheet locked, by the app that knows the seminar.
    """
    row = ScoreRemark.objects.filter(batch=batch, participant_id=participant_id, component_id=component_id).first()
    row = row or ScoreRemark(batch=batch, participant_id=participant_id, component_id=component_id, version=0)
    old = row.note
    row.note, row.by, row.at, row.version = note.strip()[:500], by, timezone.now(), row.version + 1
    row.save()
    label = f"{row.participant.nip} {row.component.name}"
    audit.record(verb="remark_score", obj=reading.sheet_of(batch), by=by, changes={"note": [old, row.note]}, note=label)
    return row


@transaction.atomic
def set_due(*, batch_id: int, due_on: date | None, by: User) -> ScoreSheet:
    """Say until when the sheet has to be final."""
    batch = locked_batch(batch_id, by)
    if not policies.runs_scores(by, batch):
        raise NotAllowed
    sheet = locked_sheet(batch)
    old, sheet.due_on = sheet.due_on, due_on
    sheet.save(update_fields=["due_on"])
    audit.record(verb="set_score_due", obj=batch, by=by, changes={"due_on": [old, due_on]})
    return sheet


@transaction.atomic
def move_sheet(*, batch_id: int, action: str, version: int, by: User, note: str = "") -> ScoreSheet:
    """Apply one move of the sheet and record who made it; finalising computes every result.

    Raises IllegalMove, NotAllowed, NoReason, StaleVersion, and Refused naming what is missing.
    """
    batch = locked_batch(batch_id, by)
    sheet = locked_sheet(batch)
    move = SHEET_MOVES.get(action)
    if move is None or not policies.is_actor(by, batch, move.actor):
        raise NotAllowed
    if sheet.version != version:
        raise StaleVersion(_("Lembar nilai ini baru saja berpindah tangan. Muat ulang halamannya, lalu ulangi."))
    if sheet.state not in move.sources:
        raise IllegalMove(_("Lembar nilai sekarang %(state)s, jadi langkah ini tidak berlaku.") % {"state": sheet.get_state_display()})
    if move.needs_note and not note.strip():
        raise NoReason({"note": _("Tulis alasannya, supaya yang mengisi tahu apa yang harus diperbaiki.")})
    if action in ("submit", "finalise"):
        require_complete(batch)
    old, sheet.state = sheet.state, move.target
    sheet.version += 1
    if action == "publish":
        sheet.objections_until = _objections_until(batch)
    sheet.save()
    sheet.changes.create(action=action, old=old, new=sheet.state, by=by, note=note.strip())
    audit.record(verb=f"{action}_scores", obj=batch, by=by, changes={"state": [old, sheet.state]}, note=note.strip())
    if action == "finalise":
        compute_results(batch=batch, by=by)
    if action == "reopen":
        drop_results(batch=batch, by=by)
    if action == "publish":
        _tell(batch, sheet)
    return sheet


def _objections_until(batch: Batch) -> date | None:
    days = batch.scheme.objection_days
    today = timezone.localdate()
    return around(today).add(today, days) if days else None


def require_complete(batch: Batch) -> None:
    """Refuse while a score is empty or examiners differ without a note, naming the first few people."""
    people = list(Participant.objects.filter(batch=batch, stage__in=SCORED).order_by("full_name", "pk").only("pk", "full_name", "batch"))
    if not people:
        raise Refused(_("Belum ada peserta yang sedang Latsar di angkatan ini."))
    rules = reading.rules_of(batch)
    marks = reading.marks_of(batch, [person.pk for person in people])
    empty = [person.full_name for person in people if missing(rules, marks[person.pk])]
    problems = []
    if empty:
        problems.append(_("Nilai belum lengkap: %(names)s.") % {"names": _named(empty)})
    noted = set(ScoreRemark.objects.filter(batch=batch).exclude(note="").values_list("participant_id", "component_id"))
    for leaf in rules.leaves:
        apart = []
        for person in people:
            values = [value for (key, _rater), value in marks[person.pk].scores.items() if key == leaf.key]
            if reading.differing(values, batch.scheme.score_tolerance) is not None and (person.pk, leaf.key) not in noted:
                apart.append(person.full_name)
        if apart:
            text = _("Selisih penguji %(component)s melewati toleransi tanpa catatan: %(names)s.")
            problems.append(text % {"component": leaf.name, "names": _named(apart)})
    if problems:
        raise Refused(problems)


def _named(names: Sequence[str]) -> str:
    if len(names) <= NAMED:
        return "; ".join(names)
    rest = len(names) - NAMED
    text = ngettext("%(names)s; dan %(n)d orang lagi", "%(names)s; dan %(n)d orang lagi", rest)
    return text % {"names": "; ".join(names[:NAMED]), "n": rest}


def _tell(batch: Batch, sheet: ScoreSheet) -> None:
    people = Participant.objects.filter(batch=batch, stage__in=SCORED, user__isnull=False).select_related("user")

    def text() -> str:
        return _("Nilai %(batch)s sudah diumumkan. Lihat hasil Anda dan rinciannya.") % {"batch": batch.label}

    notify_many(
        news=[
            News(
                person.user,
                text,
                NoticeKind.PLACEMENT,
                reverse("result_detail", args=[batch.pk, person.pk]),
                lambda: _("Lihat nilai"),
                sheet.objections_until,
            )
            for person in people
            if person.user is not None
        ]
    )
