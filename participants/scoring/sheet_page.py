"""The score sheet as a page: people by row, components and examiners by column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latsar.accounts.models import User
from latsar.training.enums import Rater
from latsar.training.models import Batch, ScoreComponent
from latsar.training.weights import ComponentTree, number
from latsar.ui import words
from participants.enums import Stage
from participants.models import Participant, Placement
from participants.scoring import policies, reading
from participants.scoring.grading import GradingRules, Marks, grade, missing
from participants.scoring.reading import CellKey
from participants.scoring.scores import Score, ScoreRemark
from participants.scoring.typing import BadScore, parse_score, score_text
from participants.services.scoring import Clash, Entry


@dataclass(frozen=True, slots=True)
class Column:
    """One column of fields: a component and one of its examiners."""

    component: ScoreComponent
    rater: int
    head: str
    weight: str


@dataclass(frozen=True, slots=True)
class Cell:
    key: CellKey
    label: str
    head: str
    text: str
    seen: int
    can_enter: bool
    error: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """A line under a person: examiners apart with or without a note, or a component that came late."""

    text: str
    component_id: int
    is_missing: bool


@dataclass(frozen=True, slots=True)
class Row:
    person: Participant
    nip: str
    group: int | None
    cells: Sequence[Cell]
    total: str
    left: int
    remarks: Sequence[Remark]
    errors: Sequence[tuple[str, str]]


@dataclass
class Sheet:
    """What the page shows and what it takes: everything this person may see of the sheet, narrowed to a group or a component."""

    batch: Batch
    columns: list[Column]
    all_columns: list[Column]
    members: list[Member]
    groups: list[int]
    group: int | None
    scores: dict[CellKey, Score]
    marks: dict[int, Marks]
    rules: GradingRules
    remarks: dict[tuple[int, int], ScoreRemark]
    user: User
    tolerance: Decimal | None
    typed: Mapping[str, str] = field(default_factory=dict)
    bad: dict[CellKey, str] = field(default_factory=dict)

    @property
    def is_partial(self) -> bool:
        """Whether columns are left out, so that no total can be shown."""
        return len({column.component.pk for column in self.columns}) < len(self.rules.leaves)

    def rows(self) -> list[Row]:
        return [self._row(member) for member in self.members]

    def _row(self, member: Member) -> Row:
        person, marks = member.person, self.marks[member.person.pk]
        cells = [self._cell(person, column) for column in self.columns]
        result = grade(self.rules, marks)
        return Row(
            person=person,
            nip=words.group_nip(person.nip),
            group=member.group,
            cells=cells,
            total=score_text(result.total) if result else "",
            left=missing(self.rules, marks),
            remarks=self._remarks(person),
            errors=[(f"e-{cell.key}", f"{cell.head}: {cell.error}") for cell in cells if cell.error],
        )

    def _cell(self, person: Participant, column: Column) -> Cell:
        key = CellKey(person.pk, column.component.pk, column.rater)
        row, error = self.scores.get(key), self.bad.get(key, "")
        return Cell(
            key=key,
            label=f"{column.head}, {person.full_name}",
            head=column.head,
            text=self.typed.get(f"s-{key}", "") if error else score_text(row.value if row else None),
            seen=row.version if row else 0,
            can_enter=policies.can_enter(self.user, self.batch, column.component, person),
            error=error,
        )

    def _remarks(self, person: Participant) -> list[Remark]:
        found = []
        for component in {column.component.pk: column.component for column in self.columns}.values():
            values = [value for (key, _rater), value in sorted(self.marks[person.pk].scores.items()) if key == component.pk]
            row, apart = self.remarks.get((person.pk, component.pk)), reading.differing(values, self.tolerance)
            note = row.note if row else ""
            if apart is not None and self.tolerance is not None:
                text = _("%(name)s: penguji %(values)s, selisih %(apart)s melewati toleransi %(limit)s.") % {
                    "name": component.name,
                    "values": _joined([score_text(value) for value in values]),
                    "apart": score_text(apart),
                    "limit": number(self.tolerance),
                }
                found.append(Remark(f"{text} {_('Catatan: %(note)s') % {'note': note} if note else ''}".strip(), component.pk, not note))
            elif note:
                found.append(Remark(_("%(name)s, catatan: %(note)s") % {"name": component.name, "note": note}, component.pk, False))
            if row and row.late_days:
                text = ngettext("%(name)s terlambat %(n)d hari kerja.", "%(name)s terlambat %(n)d hari kerja.", row.late_days)
                found.append(Remark(text % {"name": component.name, "n": row.late_days}, component.pk, False))
        return found

    def entries(self, data: QueryDict) -> list[Entry]:
        """Read what was typed into fields of this sheet; what is no score is kept in `bad` and `typed`."""
        self.typed = {name: value for name, value in data.items() if isinstance(value, str)}
        found = []
        for member in self.members:
            for column in self.columns:
                key = CellKey(member.person.pk, column.component.pk, column.rater)
                if f"s-{key}" not in data or not policies.can_enter(self.user, self.batch, column.component, member.person):
                    continue
                try:
                    value = parse_score(str(data[f"s-{key}"]))
                except BadScore as bad:
                    self.bad[key] = str(bad)
                    continue
                found.append(Entry(key, value, _version(data.get(f"v-{key}", ""))))
        return found

    @property
    def counts(self) -> dict[str, int]:
        """Count people, filled and all fields, for the head of the card."""
        fields = len(self.members) * len(self.columns)
        filled = sum(
            self.scores.get(key) is not None and self.scores[key].value is not None
            for member in self.members
            for column in self.columns
            for key in [CellKey(member.person.pk, column.component.pk, column.rater)]
        )
        return {"people": len(self.members), "fields": fields, "filled": filled, "empty": fields - filled}


def _joined(parts: Sequence[str]) -> str:
    return _("%(first)s dan %(last)s") % {"first": ", ".join(parts[:-1]), "last": parts[-1]} if len(parts) > 1 else "".join(parts)


def _version(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else -1


def columns_of(user: User, batch: Batch, tree: ComponentTree | None = None) -> list[Column]:
    """Return the columns a person sees: all of them, a unit only what the scheme leaves to units."""
    leaves = (tree or reading.tree_of(batch)).leaves
    if not policies.runs_scores(user, batch):
        leaves = [leaf for leaf in leaves if leaf.rated_by == Rater.UNIT]
    return [
        Column(leaf, rater, f"{leaf.name} {rater}" if leaf.raters > 1 else leaf.name, f"{number(leaf.weight)}%")
        for leaf in leaves
        for rater in range(1, leaf.raters + 1)
    ]


@dataclass(frozen=True, slots=True)
class Member:
    person: Participant
    group: int | None


def _members(user: User, batch: Batch) -> list[Member]:
    """Everybody who is scored, by name, with the group: one query."""
    seat = Placement.objects.active().filter(participant=OuterRef("pk"), seat__batch=batch)
    people = Participant.objects.visible_to(user).filter(batch=batch, stage__in=[Stage.TRAINING, Stage.GRADUATED])
    rows = people.annotate(kelompok=Subquery(seat.values("group")[:1])).order_by("full_name", "pk")
    return [Member(person, person.kelompok) for person in rows]  # type: ignore[attr-defined]  # annotated


def build_sheet(user: User, batch: Batch, *, group: int | None = None, component_id: int | None = None, all_groups: bool = False) -> Sheet:
    """Read the sheet of a batch, narrowed to a group (the first one unless asked otherwise) or one component.

    A fixed number of queries, whoever asks.
    """
    everybody = _members(user, batch)
    groups = sorted({member.group for member in everybody if member.group is not None})
    if group is None and component_id is None and not all_groups:
        group = next(iter(groups), None)
    members = everybody
    if group is not None:
        members = [member for member in members if member.group == group]
    tree = reading.tree_of(batch)
    all_columns = columns_of(user, batch, tree)
    columns = [column for column in all_columns if component_id in (None, column.component.pk)]
    ids = [member.person.pk for member in members]
    rows = list(Score.objects.visible_to(user).filter(batch=batch, participant_id__in=ids, is_remedial=False).select_related("entered_by"))
    remarks = list(ScoreRemark.objects.filter(batch=batch, participant_id__in=ids))
    return Sheet(
        batch=batch,
        columns=columns,
        all_columns=all_columns,
        members=members,
        groups=groups,
        group=group,
        scores={CellKey(row.participant_id, row.component_id, row.rater): row for row in rows},
        marks=reading.marks_from(ids, rows, remarks),
        rules=reading.rules_of(batch, tree),
        remarks={(row.participant_id, row.component_id): row for row in remarks},
        user=user,
        tolerance=batch.scheme.score_tolerance,
    )


def clash_rows(sheet: Sheet, clashes: Sequence[Clash]) -> list[dict[str, Any]]:
    """Say for each clash who, which column, and the three values; the later page of a choice takes `seen` and `mine` back."""
    people = {member.person.pk: member.person for member in sheet.members}
    heads = {(column.component.pk, column.rater): column.head for column in sheet.columns}
    return [
        {
            "key": str(clash.entry.key),
            "person": people[clash.entry.key.participant_id],
            "head": heads[clash.entry.key.component_id, clash.entry.key.rater],
            "before": score_text(clash.before) or _("kosong"),
            "mine": score_text(clash.entry.value),
            "theirs": score_text(clash.stored.value),
            "seen": clash.stored.version,
            "by": clash.stored.entered_by.full_name,
            "at": clash.stored.entered_at,
        }
        for clash in clashes
    ]


def unchosen(sheet: Sheet, entries: Iterable[Entry]) -> list[Clash]:
    """Return the clashes that nobody has decided yet, as they stand now."""
    return [Clash(entry, sheet.scores[entry.key], None) for entry in entries if entry.key in sheet.scores]


def chosen_entries(sheet: Sheet, data: QueryDict) -> tuple[list[Entry], list[Entry]]:
    """Read the choices between two values: those whose own value shall stand, and those not chosen yet."""
    mine, open_ones = [], []
    for member in sheet.members:
        for column in sheet.columns:
            key = CellKey(member.person.pk, column.component.pk, column.rater)
            if f"mine-{key}" not in data:
                continue
            try:
                value = parse_score(str(data[f"mine-{key}"]))
            except BadScore:
                continue
            entry = Entry(key, value, _version(data.get(f"seen-{key}", "")))
            pick = data.get(f"pick-{key}")
            if pick == "mine":
                mine.append(entry)
            elif pick != "theirs":
                open_ones.append(entry)
    return mine, open_ones
