"""What is printed on a certificate: plain facts, made into words before they come here."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any
from urllib.parse import urlsplit

ONES = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas")
DRAFT_NUMBER = "KONSEP"


def number_in_words(number: int) -> str:
    """Return an amount below a million in Indonesian words: 647 is "enam ratus empat puluh tujuh"."""
    if not 0 <= number < 1_000_000:
        raise ValueError(number)
    if number < 12:
        return ONES[number]
    if number < 20:
        return f"{ONES[number - 10]} belas"
    for size, word, single in ((1000, "ribu", "seribu"), (100, "ratus", "seratus"), (10, "puluh", "sepuluh")):
        if number >= size:
            head, rest = divmod(number, size)
            first = single if head == 1 else f"{number_in_words(head)} {word}"
            return f"{first} {number_in_words(rest)}" if rest else first
    raise AssertionError(number)


def group_nip(nip: str) -> str:
    """Return a NIP as it is printed, 8 6 1 3; anything that is not 18 digits is left as it is."""
    return f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}" if len(nip) == 18 and nip.isdigit() else nip


def group_code(token: str) -> str:
    """Return a verification token in groups of four, as it is printed and typed."""
    return "-".join(token[at : at + 4] for at in range(0, len(token), 4))


@dataclass(frozen=True)
class AgendaRow:
    """One agenda of the curriculum with its subjects and their hours (JP)."""

    name: str
    subjects: tuple[tuple[str, int], ...]

    @property
    def hours(self) -> int:
        return sum(hours for _, hours in self.subjects)


@dataclass(frozen=True)
class CertificateFace:
    """The facts of one certificate. Dates come as text with a hard space between day and month; hours are JP.

    `number` is final before rendering; `draft` prints KONSEP in its place. `electronically_signed` belongs to the rendering
    that is made for a certified signature and is published only after that signature validates.
    Ref: PP 71/2019 pasal 60, a QR code alone is no electronic signature.
    """

    issuer_lines: tuple[str, ...]
    title: str
    number: str
    legal_basis: str
    name: str
    nip: str
    birth: str
    rank: str
    position: str
    unit: str
    agency: str
    outcome: str
    training_line: str
    place: str
    dates_text: str
    hours: int
    hours_words: str
    city: str
    issued_date_text: str
    signer_name: str
    signer_nip: str
    signer_title: str
    verify_url: str
    verify_code_groups: str
    agenda: tuple[AgendaRow, ...]
    curriculum_name: str
    registration_code: str | None = None
    qualification: str | None = None
    aktualisasi_title: str | None = None
    method_text: str = ""
    people: tuple[str, ...] = ()
    created: str = ""
    draft: bool = False
    electronically_signed: bool = False

    @classmethod
    def from_facts(cls, facts: dict[str, Any]) -> CertificateFace:
        """Make a face of stored JSON; keys that this version does not print are left out."""
        known = {field.name for field in fields(cls)}
        kept: dict[str, Any] = {key: value for key, value in facts.items() if key in known}
        kept["issuer_lines"] = tuple(kept["issuer_lines"])
        kept["agenda"] = tuple(
            AgendaRow(row["name"], tuple((subject, int(hours)) for subject, hours in row["subjects"])) for row in kept["agenda"]
        )
        kept["people"] = tuple(kept.get("people", ()))
        return cls(**kept)

    def as_facts(self) -> dict[str, Any]:
        """Return the facts for a JSON column."""
        return asdict(self)

    @property
    def number_text(self) -> str:
        return DRAFT_NUMBER if self.draft else self.number

    @property
    def nip_text(self) -> str:
        return group_nip(self.nip)

    @property
    def signer_nip_text(self) -> str:
        return group_nip(self.signer_nip)

    @property
    def name_size(self) -> str:
        """Return the size class of the name: to 34 characters full size, to 46 smaller, above that smallest."""
        if len(self.name) <= 34:
            return ""
        return "n2" if len(self.name) <= 46 else "n3"

    @property
    def verify_site(self) -> str:
        """Return the address without scheme and token, as a person types it."""
        parts = urlsplit(self.verify_url)
        return parts.netloc + parts.path.rstrip("/").rpartition("/")[0] + "/"

    @property
    def columns(self) -> tuple[tuple[AgendaRow, ...], tuple[AgendaRow, ...]]:
        """Split the agendas into two columns of about the same length, in their order; the left one may be longer."""
        sizes = [1 + len(row.subjects) for row in self.agenda]
        cut = next((at for at in range(1, len(sizes)) if 2 * sum(sizes[:at]) >= sum(sizes)), len(sizes))
        return self.agenda[:cut], self.agenda[cut:]

    @property
    def agenda_hours(self) -> int:
        return sum(row.hours for row in self.agenda)
