"""What the dossier page of one person shows: each line with what can be done about it now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latsar.accounts.models import User
from latsar.documents.intake.refusal import MAX_UPLOAD_BYTES
from latsar.documents.upload.tickets import write_ticket
from latsar.ui import components
from latsar.ui.numbers import whole_number
from participants.dossier import policies
from participants.dossier.checklist import ACCEPTED, EXPIRING, RETURNED, WAITING, Line, lines_of
from participants.dossier.documents import DossierDocument
from participants.dossier.forms import AttachForm
from participants.enums import ClosedWhy
from participants.people import Participant
from participants.services.dossier import locked_words


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the page; without `form` the file cannot be changed now and `lock` says why."""

    line: Line
    form: AttachForm | None
    lock: str = ""
    can_remove: bool = False
    removed: DossierDocument | None = None
    is_open: bool = False

    @property
    def pill(self) -> SafeString:
        return pill_of(self.line)

    @property
    def button(self) -> str:
        if self.line.document is None:
            return _("Unggah")
        return _("Unggah perbaikan") if self.line.state == RETURNED else _("Ganti berkas")


@dataclass(frozen=True, slots=True)
class Summary:
    """How full the checklist is, in numbers and one sentence."""

    there: int
    needed: int
    accepted: int
    lacking: list[Line]
    expiring: list[Line]

    @property
    def is_complete(self) -> bool:
        return not self.lacking

    @property
    def sentence(self) -> str:
        if self.lacking:
            text = ngettext("%(n)d berkas wajib masih kurang: %(names)s.", "%(n)d berkas wajib masih kurang: %(names)s.", len(self.lacking))
            return text % {"n": len(self.lacking), "names": ", ".join(line.problem for line in self.lacking)}
        if self.expiring:
            names = ", ".join(line.name for line in self.expiring)
            return _("Semua berkas wajib sudah ada, tetapi hampir kedaluwarsa: %(names)s.") % {"names": names}
        if self.accepted == self.needed:
            return _("Semua berkas wajib sudah diterima.")
        return _("Semua berkas wajib sudah ada, sebagian menunggu diperiksa.")


def target_of(person: Participant, code: str) -> str:
    """Name what an upload in pieces is for: this line of this person's checklist."""
    return f"dossier:{person.pk}:{code}"


def pill_of(line: Line) -> SafeString:
    return components.pill(line.kind, line.label, line.icon)


def summary_of(lines: list[Line]) -> Summary:
    needed = [line for line in lines if line.requirement.is_required]
    lacking = [line for line in needed if line.is_lacking]
    accepted = sum(line.state in (ACCEPTED, EXPIRING) for line in needed)
    expiring = [line for line in needed if line.state == EXPIRING]
    return Summary(len(needed) - len(lacking), len(needed), accepted, lacking, expiring)


def rows_of(user: User, person: Participant, today: date, failed: AttachForm | None = None, opened: str = "") -> list[Row]:
    """Build the lines of the page; a refused form comes back open in its place."""
    removed = _removed(person)
    return [
        _row(user, person, line, removed.get(line.code), failed if failed and failed.requirement.code == line.code else None, opened)
        for line in lines_of(person, today)
    ]


def others_of(person: Participant, lines: list[Line]) -> list[DossierDocument]:
    """Return current files that no line asks for any more, from the checklist of an earlier institute."""
    known = {line.code for line in lines}
    return [one for one in DossierDocument.objects.current().filter(participant=person) if one.code not in known]


def _row(user: User, person: Participant, line: Line, removed: DossierDocument | None, failed: AttachForm | None, opened: str) -> Row:
    may_attach = policies.can_attach(user, person)
    if not may_attach:
        return Row(line, None)
    if not policies.can_replace(user, person, line.document, line.today):
        return Row(line, None, lock=locked_words(person, line.document) if line.state in (WAITING, ACCEPTED) else "")
    form = failed or AttachForm(requirement=line.requirement)
    form.ticket = write_ticket(user=user, target=target_of(person, line.code), limit=MAX_UPLOAD_BYTES)
    can_remove = line.document is not None and policies.can_remove(user, person, line.document, line.today)
    return Row(line, form, "", can_remove, removed if line.document is None else None, failed is not None or opened == line.code)


def _removed(person: Participant) -> dict[str, DossierDocument]:
    """Return the newest closed file per code where it was removed, so that it can be brought back."""
    newest: dict[str, DossierDocument] = {}
    for document in (
        DossierDocument.objects.filter(participant=person).exclude(closed_at=None).select_related("closed_by").order_by("number")
    ):
        newest[document.code] = document
    return {code: document for code, document in newest.items() if document.closed_why == ClosedWhy.REMOVED}


@dataclass(frozen=True, slots=True)
class Pages:
    """Which page of a document is shown, and its neighbours."""

    page: int
    count: int

    @classmethod
    def read(cls, wanted: str, count: int) -> Pages:
        """Take the wanted page; one outside counts as the nearest."""
        return cls(min(max(whole_number(wanted) or 1, 1), count), count)

    @property
    def previous(self) -> int | None:
        return self.page - 1 if self.page > 1 else None

    @property
    def following(self) -> int | None:
        return self.page + 1 if self.page < self.count else None
