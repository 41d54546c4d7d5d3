"""What the columns of an uploaded table mean: fields per kind of table, a first guess from the headings, people found by row."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from latsar.ui.numbers import only_digits
from participants.enums import RowOutcome, TableKind
from participants.models import Participant, TableUpload

NEAR = 0.72
PERSON = ("nip", "email", "name")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a table: `names` are headings it often has, in small letters."""

    key: str
    label: str | Promise
    names: tuple[str, ...]


WHO = (
    Field("nip", gettext_lazy("NIP"), ("nip", "username", "id number", "nomor induk pegawai", "user name", "idnumber")),
    Field("email", gettext_lazy("E-mail"), ("email", "e-mail", "email address", "alamat surel", "surel")),
    Field("name", gettext_lazy("Nama"), ("nama", "nama lengkap", "name", "full name", "nama peserta")),
)
FIELDS: Mapping[str, tuple[Field, ...]] = {
    TableKind.PROGRESS: (
        *WHO,
        Field(
            "percent", gettext_lazy("Kemajuan (%)"), ("progress", "kemajuan", "persen", "persentase", "percent", "completion", "progres")
        ),
        Field("done", gettext_lazy("Selesai dari"), ("selesai", "modul selesai", "completed", "activities completed", "materi selesai")),
        Field("total", gettext_lazy("Jumlah seluruhnya"), ("jumlah modul", "total", "total activities", "jumlah materi")),
        Field("score", gettext_lazy("Nilai"), ("nilai", "score", "grade", "skor", "course total")),
        Field(
            "certificate", gettext_lazy("Tanggal sertifikat"), ("tanggal sertifikat", "certificate date", "tanggal lulus", "completed on")
        ),
    ),
    TableKind.ATTENDANCE: (
        *WHO,
        Field("mark", gettext_lazy("Kehadiran"), ("kehadiran", "hadir", "keterangan", "status", "attendance", "mark")),
        Field("note", gettext_lazy("Catatan"), ("catatan", "note", "remarks")),
    ),
    TableKind.TIMETABLE: (
        Field("day", gettext_lazy("Tanggal"), ("tanggal", "hari/tanggal", "date", "hari")),
        Field("start", gettext_lazy("Mulai"), ("mulai", "jam mulai", "start", "waktu mulai", "pukul", "waktu")),
        Field("zone", gettext_lazy("Zona waktu"), ("zona", "zona waktu", "zone")),
        Field("end", gettext_lazy("Selesai"), ("selesai", "jam selesai", "end", "waktu selesai")),
        Field("title", gettext_lazy("Acara"), ("acara", "materi", "mata pelatihan", "kegiatan", "title", "agenda")),
        Field("jp", gettext_lazy("JP"), ("jp", "jam pelajaran", "jumlah jp")),
        Field("mode", gettext_lazy("Cara"), ("cara", "mode", "metode")),
        Field("group", gettext_lazy("Kelompok"), ("kelompok", "group", "kel.")),
        Field("lecturer", gettext_lazy("Pengajar"), ("pengajar", "narasumber", "widyaiswara", "fasilitator", "lecturer", "pemateri")),
        Field("room", gettext_lazy("Ruang"), ("ruang", "ruangan", "room", "tempat")),
        Field("link", gettext_lazy("Tautan"), ("tautan", "link", "url", "zoom")),
    ),
    TableKind.SCORES: WHO,
    TableKind.STTP: (
        *WHO,
        Field("number", gettext_lazy("Nomor STTP"), ("nomor sttp", "no sttp", "no. sttp", "nomor", "sttp")),
        Field("code", gettext_lazy("Kode registrasi LAN"), ("kode registrasi lan", "kode registrasi", "kra", "registrasi")),
        Field("issued_on", gettext_lazy("Tanggal STTP"), ("tanggal sttp", "tanggal", "tgl sttp", "tanggal terbit")),
    ),
}
"""The columns of scores are those of the batch's scheme, and come from `participants.scoring.score_import`."""
NEEDED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    TableKind.PROGRESS: (PERSON, ("percent", "done", "score", "certificate")),
    TableKind.ATTENDANCE: (PERSON, ("mark",)),
    TableKind.TIMETABLE: (("day",), ("start",), ("title",), ("end", "jp")),
    TableKind.SCORES: (PERSON,),
    TableKind.STTP: (PERSON, ("number",), ("issued_on",)),
}
"""Of each group at least one column must be chosen."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table with what would happen to it; `facts` are what a service takes, `problems` every error at once."""

    number: int
    label: str
    outcome: str
    text: str = ""
    problems: tuple[str, ...] = ()
    facts: dict[str, object] = field(default_factory=dict)
    person: Participant | None = None


def guess(fields: Sequence[Field], headings: Sequence[str], remembered: Mapping[str, str]) -> dict[str, str]:
    """Choose a heading for each field: as remembered where the file has it, else by its usual names; each heading once."""
    chosen = {key: heading for key, heading in remembered.items() if heading in headings}
    plain = {_plain(heading): heading for heading in headings if heading not in chosen.values()}
    for one in fields:
        if one.key in remembered or one.key in chosen:
            continue
        close = [name for name in one.names if name in plain] or [
            found for name in one.names for found in difflib.get_close_matches(name, plain, n=1, cutoff=NEAR)
        ]
        if close:
            chosen[one.key] = plain.pop(close[0])
    return chosen


def _plain(heading: str) -> str:
    return " ".join(heading.casefold().strip(" .:*").split())


def missing(kind: str, mapping: Mapping[str, str]) -> list[str]:
    """Say which columns still have to be chosen."""
    if kind == TableKind.SCORES and not any(key.startswith("s-") for key in mapping):
        return [_("Pilih paling sedikit satu kolom nilai.")]
    labels = {one.key: str(one.label) for one in FIELDS[kind]}
    lacking = [group for group in NEEDED[kind] if not any(mapping.get(key) for key in group)]
    return [_("Pilih kolom untuk %(names)s.") % {"names": _(" atau ").join(labels[key] for key in group)} for group in lacking]


def records(upload: TableUpload) -> list[tuple[int, dict[str, str]]]:
    """Read the rows by field, as the chosen columns say."""
    places = {key: upload.headings.index(heading) for key, heading in upload.mapping.items() if heading in upload.headings}
    return [(number, {key: texts[place] for key, place in places.items()}) for number, texts in upload.rows]


class PeopleByRow:
    """Finds the person of a row: by NIP, else by e-mail, else by the whole name, among the people of one batch."""

    def __init__(self, people: Sequence[Participant]) -> None:
        self.by_nip = {person.nip: person for person in people}
        self.by_email = {person.email.casefold(): person for person in people if person.email}
        names: dict[str, list[Participant]] = {}
        for person in people:
            for name in {name_key(person.full_name), name_key(person.full_name.split(",")[0])}:
                names.setdefault(name, []).append(person)
        self.by_name = {name: found[0] for name, found in names.items() if len(found) == 1}
        self.twice = {name for name, found in names.items() if len(found) > 1}

    def find(self, row: Mapping[str, str]) -> tuple[Participant | None, str]:
        """Return the person, or none and why."""
        nip = row.get("nip", "").replace(" ", "").replace(".", "").strip("'")
        if nip and re.search(r"[0-9]E[+]?[0-9]", row["nip"], re.IGNORECASE):
            return None, _("Excel telah membulatkan NIP, angka aslinya hilang. Jadikan kolom NIP bertipe Teks.")
        if nip and only_digits(nip) and len(nip) == 18:
            found = self.by_nip.get(nip)
            return found, "" if found else _("NIP ini tidak ada di angkatan.")
        if email := (row.get("email", "") or (row.get("nip", "") if "@" in row.get("nip", "") else "")).casefold().strip():
            found = self.by_email.get(email)
            return found, "" if found else _("E-mail ini tidak ada di angkatan.")
        name = name_key(row.get("name", ""))
        if not name:
            return None, _("NIP tidak 18 angka.") if nip else _("Baris tanpa NIP, e-mail, atau nama.")
        if name in self.twice:
            return None, _("Ada dua orang dengan nama ini. Pakai NIP.")
        found = self.by_name.get(name) or self.by_name.get(name_key(row["name"].split(",")[0]))
        return found, "" if found else _("Nama ini tidak ada di angkatan.")


def name_key(name: str) -> str:
    return re.sub(r"[^\w]+", " ", name.casefold()).strip()


def whose(row: Mapping[str, str]) -> str:
    """Name a row that nobody was found for."""
    return next((row[key] for key in ("name", "nip", "email") if row.get(key)), "–")


def read_number(text: str) -> float | None:
    """Read "87,5", "87.5 %" or "87"; None for what is no number."""
    plain = text.replace("%", "").replace(" ", "").strip()
    if "," in plain and "." not in plain:
        plain = plain.replace(",", ".")
    return float(plain) if re.fullmatch(r"[0-9]{1,7}(\.[0-9]+)?", plain) else None


def read_day(text: str) -> date | None:
    """Read "12-08-2026", "2026-08-12", "12/08/2026 10:00" or "Rabu, 12 Agustus 2026"; None for what is no day."""
    plain = text.strip().split(",")[-1].strip() if re.match(r"^[A-Za-z' ]+,", text.strip()) else text.strip()
    for part in (plain, plain.split(" ")[0].split("T")[0]):
        for shape in ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y"):
            try:
                return datetime.strptime(part, shape).date()  # noqa: DTZ007 - a day has no zone
            except ValueError:
                continue
    return _day_in_words(plain)


def _day_in_words(text: str) -> date | None:
    from latsar.ui.words import MONTHS, SHORT_MONTHS

    found = re.fullmatch(r"([0-9]{1,2}) ([A-Za-z]+) ([0-9]{4})", text)
    if not found:
        return None
    for names in (*MONTHS.values(), *SHORT_MONTHS.values()):
        low = [name.casefold() for name in names]
        if found[2].casefold() in low:
            try:
                return date(int(found[3]), low.index(found[2].casefold()) + 1, int(found[1]))
            except ValueError:
                return None
    return None


def read_time(text: str) -> time | None:
    """Read "08.00", "8:00", "08:00:00 WITA"; None for what is no time."""
    found = re.match(r"^\s*([0-9]{1,2})[.:]([0-9]{2})", text)
    if found and int(found[1]) < 24 and int(found[2]) < 60:
        return time(int(found[1]), int(found[2]))
    return None


OUTCOMES = (RowOutcome.NEW, RowOutcome.CHANGED, RowOutcome.SAME, RowOutcome.ERROR)
