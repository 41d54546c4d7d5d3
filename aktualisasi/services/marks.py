"""Scores of a seminar: kept as typed, sent once, corrected with a reason. What is sent stands in the score sheet of the angkatan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aktualisasi import seminar_policies as policies
from aktualisasi.models import Seminar, SeminarMark, SeminarMarkScore, SeminarTurn
from aktualisasi.seminar_enums import MarkState, SeminarState
from aktualisasi.seminar_scoring import Scorer, components_of, scored_by, scorers_of
from aktualisasi.seminar_workflow import MARK_MOVES
from aktualisasi.services.seminars import apply_move
from latsar.accounts import audit
from latsar.accounts.errors import IllegalMove, NoReason, NotAllowed, Refused
from latsar.accounts.models import User
from latsar.training.models import ScoreComponent
from participants.models import ScoreRemark
from participants.scoring import reading
from participants.scoring.reading import CellKey
from participants.scoring.scores import Score
from participants.services.scoring import Entry, Warrant, locked_sheet, note_difference, save_scores

NOTE = "note"
"""The name of the note among the fields of a mark; every other field is a component's id."""


@dataclass(frozen=True, slots=True)
class Typed:
    """One field as somebody typed it; `seen` is the version of it that they looked at, 0 for an empty one."""

    value: Decimal | str | None
    seen: int


@dataclass(frozen=True, slots=True)
class FieldClash:
    """A field that another window saved meanwhile: what stands there now, and its version."""

    value: Decimal | str | None
    version: int


@dataclass
class Kept:
    """What a save did: the version of every field that is as typed now, and the fields that were saved elsewhere meanwhile."""

    mark: SeminarMark
    versions: dict[str, int] = field(default_factory=dict)
    clashes: dict[str, FieldClash] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CellClash:
    """A cell of the score sheet that somebody filled in otherwise: what the scorer gives, what stands there."""

    component: ScoreComponent
    mine: Decimal
    stored: Decimal
    version: int


@dataclass
class Sent:
    """What sending did. With clashes nothing was sent: the scorer chooses first."""

    mark: SeminarMark
    clashes: list[CellClash] = field(default_factory=list)


@transaction.atomic
def keep_marks(*, turn_id: int, rated_by: str, rater: int, fields: Mapping[str, Typed], by: User) -> Kept:
    """Keep fields of a draft that are as they were seen; what another window saved meanwhile is returned untouched.

    Saving what is stored already changes nothing, so that a form that is sent twice over a bad line is no conflict.
    Raises NotAllowed, IllegalMove once the marks are sent.
    """
    turn, scorer, components = _door(turn_id, rated_by, rater, "save", by)
    mark = _locked_mark(turn, scorer, by)
    _require(mark, "save")
    return _keep(mark, components, fields)


@transaction.atomic
def send_marks(
    *,
    turn_id: int,
    rated_by: str,
    rater: int,
    fields: Mapping[str, Typed],
    by: User,
    reason: str = "",
    chosen: Mapping[int, tuple[str, int]] | None = None,
) -> Sent | Kept:
    """Send the marks, or with a `reason` correct what was sent; the score sheet gets them in the scorer's own column.

    `chosen` answers earlier clashes with the score sheet: component id -> ("mine" or "theirs", version seen). Returns Kept with
    clashes where another window saved meanwhile, Sent with clashes where the sheet differs; then nothing is sent.
    Raises NotAllowed, IllegalMove, NoReason, Refused for empty or sealed scores and for a difference without a note.
    """
    action = "correct" if reason.strip() else "send"
    turn, scorer, components = _door(turn_id, rated_by, rater, action, by)
    mark = _locked_mark(turn, scorer, by)
    if mark.state == MarkState.SENT and action == "send":
        raise IllegalMove(_("Nilai ini sudah dikirim. Tulis alasannya bila ingin membetulkan."))
    _require(mark, action)
    before = _values(mark)
    kept = _keep(mark, components, fields)
    if kept.clashes:
        return kept
    _settle_chosen(mark, chosen or {})
    values = {row.component_id: row for row in mark.scores.all()}
    _require_complete(components, values)
    clashes = _write(turn, mark, components, values, chosen or {}, by)
    if clashes:
        return Sent(mark, clashes)
    mark.state, mark.typed_by = MarkState.SENT, by
    mark.sent_at = mark.sent_at or timezone.now()
    if action == "send":
        mark.by_deputy = by.pk != scorer.user.pk
    mark.save()
    after = _values(mark)
    mark.changes.create(action=action, values={"old": before, "new": after}, reason=reason.strip()[:500], by=by)
    audit.record(verb=f"{action}_marks", obj=turn.seminar, by=by, note=_("%(who)s, giliran %(n)d") % {"who": scorer.user, "n": turn.order})
    if turn.seminar.state == SeminarState.ANNOUNCED:
        apply_move(turn.seminar, "start", by=by)
    return Sent(mark)


def _door(turn_id: int, rated_by: str, rater: int, action: str, by: User) -> tuple[SeminarTurn, Scorer, list[ScoreComponent]]:
    """Lock the seminar and the turn, and find whose column this is. Raises NotAllowed, Refused before the day of the seminar."""
    rows = SeminarTurn.objects.visible_to(by).select_related("participant", "seminar__batch__scheme")
    turn = rows.filter(pk=turn_id).first()
    if turn is None:
        raise NotAllowed
    batch = turn.seminar.batch
    turn.seminar = Seminar.objects.select_for_update(of=("self",)).prefetch_related("examiners__user").get(pk=turn.seminar_id)
    turn.seminar.batch = batch
    components = scored_by(components_of(batch, turn.seminar.kind), rated_by, rater)
    found = [one for one in scorers_of(turn, components) if (one.rated_by, one.rater) == (rated_by, rater)]
    state = MarkState.SENT if action == "correct" else MarkState.DRAFT
    if not components or not found or not policies.can_mark(by, turn, rated_by, rater, action, state):
        raise NotAllowed
    if turn.seminar.day > timezone.localdate(timezone=turn.seminar.clock):
        raise Refused(_("Seminar ini belum hari ini. Nilai diisi mulai harinya."))
    return turn, found[0], components


def _locked_mark(turn: SeminarTurn, scorer: Scorer, by: User) -> SeminarMark:
    """Lock the marks of this column, made with the first field. Whose column it became meanwhile takes over an unsent draft."""
    deputy = by.pk != scorer.user.pk
    mark, made = SeminarMark.objects.get_or_create(
        turn=turn,
        rated_by=scorer.rated_by,
        rater=scorer.rater,
        defaults={"scorer": scorer.user, "typed_by": by, "by_deputy": deputy},
    )
    mark = SeminarMark.objects.select_for_update(of=("self",)).get(pk=mark.pk)
    if not made and mark.state == MarkState.DRAFT:
        if deputy and not mark.by_deputy and (mark.note or mark.scores.exclude(value=None).exists()):
            raise Refused(_("%(who)s sedang mengisi nilainya sendiri. Tunggu sampai dikirim.") % {"who": scorer.user})
        if (mark.scorer_id, mark.by_deputy) != (scorer.user.pk, deputy):
            mark.scorer, mark.by_deputy = scorer.user, deputy
            mark.save(update_fields=["scorer", "by_deputy"])
    return mark


def _require(mark: SeminarMark, action: str) -> None:
    if mark.state not in MARK_MOVES[action].sources:
        text = _("Nilai ini sudah dikirim, jadi isinya tetap.") if action == "save" else _("Nilai ini belum dikirim.")
        raise IllegalMove(text)


def _keep(mark: SeminarMark, components: Sequence[ScoreComponent], fields: Mapping[str, Typed]) -> Kept:
    kept, known = Kept(mark), {str(one.pk): one for one in components}
    stored = {str(row.component_id): row for row in mark.scores.all()}
    for name, typed in fields.items():
        if name == NOTE:
            _keep_note(mark, typed, kept)
            continue
        if name not in known or isinstance(typed.value, str):
            raise NotAllowed
        row = stored.get(name)
        if typed.value == (row.value if row else None):
            kept.versions[name] = row.version if row else 0
        elif typed.seen != (row.version if row else 0):
            kept.clashes[name] = FieldClash(row.value if row else None, row.version if row else 0)
        else:
            row = row or SeminarMarkScore(mark=mark, component=known[name], version=0)
            row.value, row.version = typed.value, row.version + 1
            row.save()
            kept.versions[name] = row.version
    return kept


def _keep_note(mark: SeminarMark, typed: Typed, kept: Kept) -> None:
    text = str(typed.value or "").strip()[:500]
    if text == mark.note:
        kept.versions[NOTE] = mark.note_version
    elif typed.seen != mark.note_version:
        kept.clashes[NOTE] = FieldClash(mark.note, mark.note_version)
    else:
        mark.note, mark.note_version = text, mark.note_version + 1
        mark.save(update_fields=["note", "note_version"])
        kept.versions[NOTE] = mark.note_version


def _settle_chosen(mark: SeminarMark, chosen: Mapping[int, tuple[str, int]]) -> None:
    """Take over what stands in the sheet where the scorer chose it."""
    wanted = [component for component, (choice, _seen) in chosen.items() if choice == "theirs"]
    cells = Score.objects.filter(
        batch=mark.turn.seminar.batch_id, participant=mark.turn.participant_id, component__in=wanted, rater=mark.rater, is_remedial=False
    )
    theirs = {cell.component_id: cell for cell in cells}
    for row in mark.scores.filter(component__in=wanted):
        if (cell := theirs.get(row.component_id)) is not None:
            row.value, row.version, row.cell_version = cell.value, row.version + 1, cell.version
            row.save()


def _require_complete(components: Sequence[ScoreComponent], values: Mapping[int, SeminarMarkScore]) -> None:
    empty = [one for one in components if one.pk not in values or values[one.pk].value is None]
    if empty:
        raise Refused({str(one.pk): _("%(name)s belum diisi.") % {"name": one.name} for one in empty})


def _write(
    turn: SeminarTurn,
    mark: SeminarMark,
    components: Sequence[ScoreComponent],
    values: Mapping[int, SeminarMarkScore],
    chosen: Mapping[int, tuple[str, int]],
    by: User,
) -> list[CellClash]:
    """Write the scorer's column of the sheet, all or none of it."""
    batch = turn.seminar.batch
    locked_sheet(batch)
    ids = [one.pk for one in components]
    rows = Score.objects.filter(batch=batch, participant=turn.participant_id, component__in=ids, is_remedial=False)
    cells = {(row.component_id, row.rater): row for row in rows}
    entries, clashes = [], []
    for one in components:
        value, cell = values[one.pk].value, cells.get((one.pk, mark.rater))
        assert value is not None
        seen = chosen[one.pk][1] if one.pk in chosen else values[one.pk].cell_version
        if cell is not None and cell.value is not None and cell.value != value and cell.version != seen:
            clashes.append(CellClash(one, value, cell.value, cell.version))
            continue
        entries.append(Entry(CellKey(turn.participant_id, one.pk, mark.rater), value, cell.version if cell else 0))
    if clashes:
        return clashes
    apart = _apart(turn, mark, components, values, cells)
    if apart and not mark.note:
        limit = f"{batch.scheme.score_tolerance:f}".rstrip("0").rstrip(".").replace(".", ",")
        names = ", ".join(one.name for one in apart)
        text = _("%(names)s berbeda lebih dari %(limit)s dengan penguji lain. Tulis sebabnya di catatan, lalu kirim lagi.")
        raise Refused({NOTE: text % {"names": names, "limit": limit}})
    warrant = Warrant(frozenset(entry.key for entry in entries))
    save_scores(batch_id=batch.pk, entries=entries, by=by, warrant=warrant)
    for one in apart:
        note_difference(batch=batch, participant_id=turn.participant_id, component_id=one.pk, note=mark.note, by=by)
    fresh = {row.component_id: row.version for row in rows.all() if row.rater == mark.rater}
    for one in components:
        values[one.pk].cell_version = fresh.get(one.pk, 0)
        values[one.pk].save(update_fields=["cell_version"])
    return []


def _apart(
    turn: SeminarTurn,
    mark: SeminarMark,
    components: Sequence[ScoreComponent],
    values: Mapping[int, SeminarMarkScore],
    cells: Mapping[tuple[int, int], Score],
) -> list[ScoreComponent]:
    """Return the components in which the scorers would be further apart than the scheme tolerates and nobody has said why."""
    batch = turn.seminar.batch
    noted = set(
        ScoreRemark.objects.filter(batch=batch, participant=turn.participant_id).exclude(note="").values_list("component_id", flat=True)
    )
    found = []
    for one in components:
        own = values[one.pk].value
        others = [cell.value for (pk, rater), cell in cells.items() if pk == one.pk and rater != mark.rater and cell.value is not None]
        if own is not None and one.pk not in noted and reading.differing([own, *others], batch.scheme.score_tolerance) is not None:
            found.append(one)
    return found


def _values(mark: SeminarMark) -> dict[str, str]:
    return {str(row.component_id): f"{row.value:.2f}" for row in mark.scores.all() if row.value is not None} | (
        {NOTE: mark.note} if mark.note else {}
    )


def require_reason(reason: str) -> str:
    """Return a reason for a correction. Raises NoReason when nothing is written."""
    if not reason.strip():
        raise NoReason({"reason": _("Tulis alasannya; perubahan dan alasannya masuk riwayat.")})
    return reason.strip()
