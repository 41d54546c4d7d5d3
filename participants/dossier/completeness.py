"""How full the dossiers are: one word per person, counted per province or satker by the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from latsar.satker.models import Satker
from latsar.training.models import Batch
from participants.dossier.checklist import Checklists
from participants.dossier.documents import DossierDocument
from participants.enums import ENDED
from participants.people import ParticipantQuerySet

COMPLETE, MISSING, RETURNED, EXPIRED, UNSEEN = "lengkap", "kurang", "dikembalikan", "kedaluwarsa", "menunggu"
LABELS = {
    COMPLETE: _("Lengkap"),
    MISSING: _("Kurang"),
    RETURNED: _("Dikembalikan"),
    EXPIRED: _("Kedaluwarsa"),
    UNSEEN: _("Menunggu diperiksa"),
}
"""Each person has one: a file that came after verification and waits for a check goes before something returned, that
before something expired, that before something not there."""
KINDS = {COMPLETE: ("ok", "check-circle-fill"), MISSING: ("warn", "exclamation-circle-fill"), RETURNED: ("bad", "arrow-counterclockwise"), EXPIRED: ("bad", "exclamation-triangle-fill"), UNSEEN: ("info", "clock")}  # fmt: skip


def with_dossier(people: ParticipantQuerySet, today: date, checklists: Checklists | None = None) -> ParticipantQuerySet:
    """Annotate `dossier`, one of LABELS, by the required lines of each person's own checklist; who is through or gone is left out."""
    groups = _groups(checklists or Checklists.read())
    documents = DossierDocument.objects.filter(participant=OuterRef("pk"))

    def there(codes: list[str]) -> Any:
        counted = documents.counting(today).filter(code__in=codes).order_by().values("participant").annotate(n=Count("pk"))
        return Coalesce(Subquery(counted.values("n"), output_field=IntegerField()), 0)

    returned = _by_list(groups, lambda codes: Exists(documents.returned().filter(code__in=codes)))
    expired = _by_list(groups, lambda codes: Exists(documents.expired(today).filter(code__in=codes)))
    lacks = _by_list(groups, lambda codes: Value(len(codes)), IntegerField())
    found = _by_list(groups, there, IntegerField())
    rows = people.exclude(stage__in=ENDED).alias(
        _unseen=Exists(documents.unseen()), _returned=returned, _expired=expired, _needed=lacks, _found=found
    )
    word = Case(
        When(_unseen=True, then=Value(UNSEEN)),
        When(_returned=True, then=Value(RETURNED)),
        When(_expired=True, then=Value(EXPIRED)),
        When(_found__lt=F("_needed"), then=Value(MISSING)),
        default=Value(COMPLETE),
        output_field=CharField(),
    )
    return rows.annotate(dossier=word)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One province or satker with its people by word."""

    unit: Satker
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def percent(self) -> int:
        return round(100 * self.counts.get(COMPLETE, 0) / self.total) if self.total else 0


def count_by(people: ParticipantQuerySet, unit: str) -> list[UnitRow]:
    """Count annotated people per `province` or `satker`, in the order of the units' codes."""
    found: dict[int, dict[str, int]] = {}
    for pk, word, count in people.order_by().values_list(f"{unit}_id", "dossier").annotate(n=Count("pk")):
        found.setdefault(pk, dict.fromkeys(LABELS, 0))[word] = count
    return [UnitRow(one, found[one.pk]) for one in Satker.objects.filter(pk__in=found).order_by("code")]


def totals_of(rows: Iterable[UnitRow]) -> dict[str, int]:
    """Add the rows up."""
    totals = dict.fromkeys(LABELS, 0)
    for row in rows:
        for word, count in row.counts.items():
            totals[word] += count
    return totals


def _groups(checklists: Checklists) -> list[tuple[Q | None, list[str]]]:
    """Pair each set of required codes with the people it holds for; the general list comes last, without a condition."""
    general = _required(checklists, None, "")
    special: dict[tuple[str, ...], Q] = {}
    if checklists.variants():
        for institute_id, method in Batch.objects.order_by().values_list("institute_id", "method").distinct():
            codes = _required(checklists, institute_id, method)
            if codes != general:
                mine = Q(batch__institute_id=institute_id, batch__method=method)
                special[tuple(codes)] = special[tuple(codes)] | mine if tuple(codes) in special else mine
    return [*((condition, list(codes)) for codes, condition in special.items()), (None, general)]


def _required(checklists: Checklists, institute_id: int | None, method: str) -> list[str]:
    return sorted(line.code for line in checklists.variant(institute_id, method) if line.is_required)


def _by_list(groups: list[tuple[Q | None, list[str]]], build: Callable[[list[str]], Any], output: Any = None) -> Any:
    *special, (_none, general) = groups
    if not special:
        return build(general)
    whens = [When(condition, then=build(codes)) for condition, codes in special]
    return Case(*whens, default=build(general), **({"output_field": output} if output else {}))
