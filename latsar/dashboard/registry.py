"""What upper apps show on pages of the ground: parts of the home page, person cards, roster columns, figures.

Each app registers its own in `panels.py`, which is imported at start-up as `admin.py` is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from django.db import models

from latsar.accounts.models import RoleGrant, User
from latsar.dashboard.national import Attention, Picture
from latsar.satker.models import Satker
from latsar.training.clash import Finding
from latsar.training.layout import PhaseDates
from latsar.training.models import Batch
from latsar.ui.components import Figure


@dataclass(frozen=True)
class Todo:
    """One thing that waits for somebody; `url` leads to the form that settles it."""

    title: str
    detail: str
    url: str
    action: str
    due: date | None = None
    level: str = ""


@dataclass(frozen=True)
class Card:
    """Facts about one person: rows of (label, text, url or "")."""

    title: str
    rows: Sequence[tuple[str, str, str]]
    order: int = 50


@dataclass(frozen=True)
class Column:
    """One more column of a batch roster: participant id -> (text, url or "")."""

    title: str
    cells: Mapping[int, tuple[str, str]]
    order: int = 50


@dataclass(frozen=True)
class GroupLine:
    """What an upper app says about one group of an angkatan: who leads it, and sentences of (level or "", text)."""

    lead: str = ""
    notes: Sequence[tuple[str, str]] = ()
    url: str = ""


@dataclass(frozen=True)
class Panel:
    """A block of a home page drawn from its own template; a wide one stands above both columns."""

    template: str
    context: dict[str, object]
    order: int = 50
    aside: bool = False
    wide: bool = False


@dataclass(frozen=True)
class Part:
    """What one source puts on a home page, so that rows read once serve several blocks; `lead` is a sentence for its head."""

    todos: Sequence[Todo] = ()
    figures: Sequence[Figure] = ()
    panels: Sequence[Panel] = ()
    lead: str = ""


TodoSource: TypeAlias = Callable[[User, RoleGrant], Sequence[Todo]]
CardSource: TypeAlias = Callable[[User, object], Card | None]
ColumnSource: TypeAlias = Callable[[User, Batch, Sequence[int]], Column | None]
FigureSource: TypeAlias = Callable[[User, RoleGrant], Sequence[Figure]]
PanelSource: TypeAlias = Callable[[User, RoleGrant], Panel | None]
PartSource: TypeAlias = Callable[[User, RoleGrant], Part]
NationalSource: TypeAlias = Callable[[User, Satker | None, date], Picture]
VeilSource: TypeAlias = Callable[[User, object | None], frozenset[str]]
StorySource: TypeAlias = Callable[[Any], tuple[models.Model, models.Q]]
ClashSource: TypeAlias = Callable[[User, Batch, Sequence[PhaseDates]], Sequence[Finding]]
GroupSource: TypeAlias = Callable[[User, Batch, Mapping[int, Sequence[int]]], Mapping[int, "GroupLine"]]
AttentionSource: TypeAlias = Callable[[User, Sequence[int], date], Mapping[int, Attention]]


@dataclass
class _Registry:
    parts: list[tuple[frozenset[str], PartSource]] = field(default_factory=list)
    cards: list[CardSource] = field(default_factory=list)
    columns: list[ColumnSource] = field(default_factory=list)
    national: list[NationalSource] = field(default_factory=list)
    attention: list[AttentionSource] = field(default_factory=list)
    clashes: list[ClashSource] = field(default_factory=list)
    groups: list[GroupSource] = field(default_factory=list)
    veils: dict[str, VeilSource] = field(default_factory=dict)
    stories: dict[str, StorySource] = field(default_factory=dict)


_registry = _Registry()


def part(*roles: str) -> Callable[[PartSource], PartSource]:
    """Register `fn(user, grant) -> Part` for the home page of these roles."""

    def register(source: PartSource) -> PartSource:
        _registry.parts.append((frozenset(roles), source))
        return source

    return register


def todo(*roles: str) -> Callable[[TodoSource], TodoSource]:
    """Register `fn(user, grant) -> [Todo]` for the home page of these roles."""

    def register(source: TodoSource) -> TodoSource:
        part(*roles)(lambda user, grant: Part(todos=source(user, grant)))
        return source

    return register


def figure(*roles: str) -> Callable[[FigureSource], FigureSource]:
    """Register `fn(user, grant) -> [Figure]` for the head of the home page of these roles."""

    def register(source: FigureSource) -> FigureSource:
        part(*roles)(lambda user, grant: Part(figures=source(user, grant)))
        return source

    return register


def panel(*roles: str) -> Callable[[PanelSource], PanelSource]:
    """Register `fn(user, grant) -> Panel | None` for the home page of these roles."""

    def register(source: PanelSource) -> PanelSource:
        part(*roles)(lambda user, grant: Part(panels=[made] if (made := source(user, grant)) else []))
        return source

    return register


def person_card(source: CardSource) -> CardSource:
    """Register `fn(user, participant) -> Card | None` for the page of one person."""
    _registry.cards.append(source)
    return source


def roster_column(source: ColumnSource) -> ColumnSource:
    """Register `fn(user, batch, participant_ids) -> Column | None` for the roster of a batch."""
    _registry.columns.append(source)
    return source


def national(source: NationalSource) -> NationalSource:
    """Register `fn(user, province or None, today) -> Picture`, the one source of the national page's numbers."""
    _registry.national = [source]
    return source


def batch_attention(source: AttentionSource) -> AttentionSource:
    """Register `fn(user, batch_ids, today) -> {batch_id: Attention}` for the running batches of the national page."""
    _registry.attention.append(source)
    return source


def batch_clash(source: ClashSource) -> ClashSource:
    """Register `fn(user, batch, phases) -> [Finding]` for what collides with the schedule of an angkatan."""
    _registry.clashes.append(source)
    return source


def batch_group(source: GroupSource) -> GroupSource:
    """Register `fn(user, batch, {group: participant ids}) -> {group: GroupLine}` for the groups of an angkatan."""
    _registry.groups.append(source)
    return source


def veil(label: str) -> Callable[[VeilSource], VeilSource]:
    """Register `fn(user, obj or None) -> fields` whose values in the audit trail of this model the person may not read.

    Without `obj` the answer must hold for every row of the model.
    """

    def register(source: VeilSource) -> VeilSource:
        _registry.veils[label] = source
        return source

    return register


def story(label: str) -> Callable[[StorySource], StorySource]:
    """Register `fn(obj) -> (person, condition)`: the trail of this model's rows is written about the person they belong to."""

    def register(source: StorySource) -> StorySource:
        _registry.stories[label] = source
        return source

    return register


def story_of(obj: models.Model) -> tuple[models.Model, models.Q] | None:
    """Return whose trail tells of this row, and which part of it."""
    source = _registry.stories.get(obj._meta.label_lower)
    return source(obj) if source else None


def veiled_fields(label: str, user: User, obj: object | None) -> frozenset[str]:
    """Return the fields of a model whose values are not for this person."""
    source = _registry.veils.get(label)
    return source(user, obj) if source else frozenset()


def home_of(user: User, grant: RoleGrant) -> Part:
    """Put the parts of a home page together: what is due first on top, blocks in their order."""
    parts = [source(user, grant) for roles, source in _registry.parts if grant.role in roles]
    return Part(
        todos=sorted((item for made in parts for item in made.todos), key=lambda item: item.due or date.max),
        figures=[item for made in parts for item in made.figures],
        panels=sorted((item for made in parts for item in made.panels), key=lambda item: item.order),
        lead=" ".join(made.lead for made in parts if made.lead),
    )


def person_cards(user: User, participant: object) -> list[Card]:
    return sorted((card for source in _registry.cards if (card := source(user, participant))), key=lambda card: card.order)


def roster_columns(user: User, batch: Batch, participant_ids: Sequence[int]) -> list[Column]:
    found = (column for source in _registry.columns if (column := source(user, batch, participant_ids)))
    return sorted(found, key=lambda column: column.order)


def batch_clashes(user: User, batch: Batch, phases: Sequence[PhaseDates]) -> list[Finding]:
    return [finding for source in _registry.clashes for finding in source(user, batch, phases)]


def group_lines(user: User, batch: Batch, members: Mapping[int, Sequence[int]]) -> dict[int, list[GroupLine]]:
    """Return what is said about each group, in the order of registration."""
    found: dict[int, list[GroupLine]] = {}
    for source in _registry.groups:
        for number, line in source(user, batch, members).items():
            found.setdefault(number, []).append(line)
    return found


def picture_of(user: User, province: Satker | None, today: date) -> Picture:
    """Count the people this person sees, in one province or in the whole country."""
    return _registry.national[0](user, province, today)


def attention_for(user: User, batch_ids: Sequence[int], today: date) -> dict[int, Attention]:
    """Return the most serious thing to look at in each batch."""
    found: dict[int, Attention] = {}
    for source in _registry.attention:
        for batch_id, item in source(user, batch_ids, today).items():
            if batch_id not in found or (item.level == "bad" and found[batch_id].level != "bad"):
                found[batch_id] = item
    return found
