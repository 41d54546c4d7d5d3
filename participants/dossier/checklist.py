"""Which documents a person needs, and how each of them stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from latsar.training.models import DossierRequirement
from latsar.ui import words
from participants.dossier.documents import DossierDocument
from participants.enums import DossierState
from participants.people import Participant

MISSING, RETURNED, EXPIRED, EXPIRING, WAITING, ACCEPTED = "missing", "returned", "expired", "expiring", "waiting", "accepted"
LACKING = frozenset({MISSING, RETURNED, EXPIRED})
"""States in which a line of the checklist does not count as filled."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a person's checklist with its current file, if there is one."""

    requirement: DossierRequirement
    document: DossierDocument | None
    today: date

    @property
    def code(self) -> str:
        return self.requirement.code

    @property
    def name(self) -> str:
        return self.requirement.name

    @property
    def state(self) -> str:
        document = self.document
        if document is None:
            return MISSING
        if document.state == DossierState.RETURNED:
            return RETURNED
        if document.is_expired(self.today):
            return EXPIRED
        if document.state == DossierState.WAITING:
            return WAITING
        return EXPIRING if document.is_expiring(self.today) else ACCEPTED

    @property
    def is_lacking(self) -> bool:
        """Whether a required file is not there, was returned, or is out of date."""
        return self.requirement.is_required and self.state in LACKING

    @property
    def kind(self) -> str:
        """The colour of the pill."""
        kinds = {RETURNED: "bad", EXPIRED: "bad", EXPIRING: "warn", WAITING: "info", ACCEPTED: "ok"}
        return kinds.get(self.state, "warn" if self.requirement.is_required else "")

    @property
    def icon(self) -> str:
        icons = {RETURNED: "arrow-counterclockwise", EXPIRED: "exclamation-triangle-fill", WAITING: "clock", ACCEPTED: "check-circle-fill"}
        return icons.get(self.state, "exclamation-circle-fill" if self.kind == "warn" else "circle")

    @property
    def label(self) -> str:
        if self.state == MISSING:
            return _("Belum ada") if self.requirement.is_required else _("Tidak wajib")
        if self.state == EXPIRED:
            return _("Kedaluwarsa")
        if self.state == EXPIRING:
            return _("Hampir kedaluwarsa")
        assert self.document is not None
        return str(self.document.get_state_display())

    @property
    def validity(self) -> str:
        """Say until when the file is valid."""
        if self.document is None or self.document.expires_on is None:
            return ""
        day = words.long_date(self.document.expires_on)
        left = (self.document.expires_on - self.today).days
        if left < 0:
            return _("Habis berlaku %(day)s.") % {"day": day}
        return pgettext("document", "Berlaku sampai %(day)s, %(left)s.") % {"day": day, "left": words.days_left(left)}

    @property
    def problem(self) -> str:
        """Name what is lacking in a few words, for lists and refusals."""
        if self.state == RETURNED:
            return _("%(name)s (dikembalikan)") % {"name": self.name}
        if self.state == EXPIRED:
            return _("%(name)s (kedaluwarsa)") % {"name": self.name}
        return self.name


class Checklists:
    """All requirements read once; answers which of them hold for whom."""

    def __init__(self, requirements: Iterable[DossierRequirement]) -> None:
        self._all = list(requirements)
        self._lists: dict[tuple[int | None, str], list[DossierRequirement]] = {}

    @classmethod
    def read(cls) -> Checklists:
        return cls(DossierRequirement.objects.order_by("order", "code"))

    @property
    def any_blocks(self) -> bool:
        return any(line.blocks_submission for line in self._all)

    def of(self, person: Participant) -> list[DossierRequirement]:
        """Return the list of the institute and method of the person's batch; before placement the general one.

        An institute adds lines of its own, and its line with the same code goes before the general one.
        """
        batch = person.batch
        return self.variant(batch.institute_id, batch.method) if batch else self.variant(None, "")

    def variant(self, institute_id: int | None, method: str) -> list[DossierRequirement]:
        key = (institute_id, method)
        if key not in self._lists:
            self._lists[key] = self._choose(institute_id, method)
        return self._lists[key]

    def variants(self) -> list[tuple[int | None, str]]:
        """Return the pairs of institute and method for which a line of its own exists."""
        return sorted({(line.institute_id, line.method) for line in self._all} - {(None, "")}, key=str)

    def _choose(self, institute_id: int | None, method: str) -> list[DossierRequirement]:
        best: dict[str, tuple[int, DossierRequirement]] = {}
        for line in self._all:
            if line.institute_id not in (None, institute_id) or line.method not in ("", method):
                continue
            rank = 2 * (line.institute_id is not None) + (line.method != "")
            if line.code not in best or rank > best[line.code][0]:
                best[line.code] = (rank, line)
        return sorted((line for _rank, line in best.values()), key=lambda line: (line.order, line.code))


def lines_of(person: Participant, today: date, checklists: Checklists | None = None) -> list[Line]:
    """Return the person's checklist with the current files."""
    return lines_of_many([person], today, checklists)[person.pk]


def lines_of_many(people: Sequence[Participant], today: date, checklists: Checklists | None = None) -> dict[int, list[Line]]:
    """Return the checklists of several people in two queries; their batches are read already."""
    checklists = checklists or Checklists.read()
    files: dict[tuple[int, str], DossierDocument] = {}
    current = DossierDocument.objects.current().filter(participant__in=[person.pk for person in people])
    for document in current.select_related("uploaded_by", "judged_by"):
        files[document.participant_id, document.code] = document
    return {
        person.pk: [Line(requirement, files.get((person.pk, requirement.code)), today) for requirement in checklists.of(person)]
        for person in people
    }


def missing_required(people: Sequence[Participant], today: date) -> dict[int, list[Line]]:
    """Return for each person the required lines that are not filled; people with nothing missing are left out."""
    found = {pk: [line for line in lines if line.is_lacking] for pk, lines in lines_of_many(people, today).items()}
    return {pk: lines for pk, lines in found.items() if lines}


def holding_back(people: Sequence[Participant], today: date) -> dict[int, str]:
    """Say for each person which lacking documents hold a submission back; people without any are left out."""
    checklists = Checklists.read()
    if not checklists.any_blocks:
        return {}
    found = {
        pk: ", ".join(line.problem for line in lines if line.is_lacking and line.requirement.blocks_submission)
        for pk, lines in lines_of_many(people, today, checklists).items()
    }
    return {pk: names for pk, names in found.items() if names}


def returned_in(people: Sequence[Participant], today: date) -> dict[int, str]:
    """Name for each person the documents that were returned and not replaced; people without any are left out."""
    found = {pk: ", ".join(line.name for line in lines if line.state == RETURNED) for pk, lines in lines_of_many(people, today).items()}
    return {pk: names for pk, names in found.items() if names}
