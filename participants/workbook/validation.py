"""One row judged whole: every field typed, every error of the row at once. Touches no database."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

from participants.education import normalise_education
from participants.nip import Nip, NipError, check_against, parse_nip, rounded_nip
from participants.workbook import fields
from participants.workbook.cells import CLEAR_SIGNS, EXACT_INTEGERS_BELOW, HEADINGS, REQUIRED, CellError, CellValue, RawRow, display
from participants.workbook.fields import FieldError

CLEAR_LETTERS = 9  # a dash with blanks around it
KEPT = REQUIRED - {"NIP", "Kode Satker"}
"""What must be there to register somebody; blank about somebody registered it keeps what is stored."""
NAMED_ROWS = 5  # of those that repeat a cell, named in its error


class Lookups(Protocol):
    """What a row may point to, as far as the person who imports can see."""

    def satker_by_code(self, code: str) -> object | None:
        """Find a satker by region or DIPA code; None when unknown or outside the scope, which must not differ."""

    def suggest_satker(self, code: str) -> str | None:
        """Name the visible satker whose code is nearest, as in "53.71, KPU Kota Kupang"."""

    def closed_satker(self, code: str) -> str | None:
        """Name the visible satker that had this code and is closed."""


@dataclass(frozen=True, slots=True)
class CleanRow:
    nip: Nip
    full_name: str
    satker_code: str
    satker: object
    golongan: str
    jabatan: str
    education: str
    study_programme: str
    birth_place: str
    sex: str
    birth_date: date
    religion: str
    email: str
    phone: str
    address: str
    special_needs: str
    cleared: tuple[str, ...] = ()


@dataclass(slots=True)
class RowResult:
    """A judged row: `clean` is None exactly when there are errors.

    When all that is wrong are blank cells, `spare` is what the row says about somebody registered already, whose data a blank cell keeps.
    """

    raw: RawRow
    clean: CleanRow | None
    errors: list[CellError] = field(default_factory=list)
    spare: CleanRow | None = None

    @property
    def number(self) -> int:
        return self.raw.number


def validate_row(raw: RawRow, *, lookups: Lookups, today: date | None = None) -> RowResult:
    """Judge one row and type its fields; collect all its errors, in the order of HEADINGS.

    A lone dash is a blank that empties the field. Blank sex and birth date are taken from the NIP. `today` bounds the TMT; pass it when judging many rows.
    """
    today = today or timezone.localdate()
    found: dict[str, Any] = {}
    errors: list[CellError] = []
    cleared: tuple[str, ...] = ()
    blanks = 0
    for heading, value in zip(HEADINGS, raw.values, strict=True):
        try:
            is_word = type(value) is str and value[:1].isalnum()  # as nearly all are: neither blank nor a sign
            if not is_word and (value == "" or _is_blank(value)):
                found[heading] = _blank(heading)
            elif not is_word and isinstance(value, str) and len(value) <= CLEAR_LETTERS and value.strip() in CLEAR_SIGNS:
                found[heading] = _blank(heading)
                cleared += (heading,)
            elif heading == "NIP":
                found[heading] = _nip(value, today)
            elif heading == "Kode Satker":
                found[heading] = _satker(value, lookups)
            else:
                found[heading] = _READERS[heading](value)
        except FieldError as error:
            errors.append(CellError(raw.number, heading, display(value), error.message, error.code))
            if heading in KEPT and not display(value).strip():
                found[heading], blanks = "", blanks + 1
    nip = found.get("NIP")
    if nip is not None:
        errors += _cross_errors(raw, nip, found)
    if len(errors) > blanks:
        errors.sort(key=lambda error: HEADINGS.index(error.column))
        return RowResult(raw, None, errors)
    clean = _clean(found)
    clean = replace(clean, cleared=cleared) if cleared else clean
    return RowResult(raw, None, errors, clean) if errors else RowResult(raw, clean)


def find_duplicates(results: Iterable[RowResult], column: str = "NIP", *, of_other_nip: bool = False) -> None:
    """Mark rows that repeat the NIP (or another column) of another row of the file; each names the others.

    With `of_other_nip` rows of one and the same NIP are left alone: they have been marked for that.
    """
    rows: dict[str, list[RowResult]] = {}
    for result in results:
        key = _key(result, column)
        if key:
            rows.setdefault(key, []).append(result)
    for same in rows.values():
        if len(same) > 1:
            _mark_alike(same, column, of_other_nip=of_other_nip)


def _mark_alike(same: list[RowResult], column: str, *, of_other_nip: bool) -> None:
    owners = [(_key(result, "NIP") if of_other_nip else "") or f"row {place}" for place, result in enumerate(same)]
    named: dict[str, list[int]] = {}  # a few rows of a few owners are enough to name others: a file may repeat one cell 20,000 times
    for owner, result in zip(owners, same, strict=True):
        if owner in named or len(named) < NAMED_ROWS + 2:
            numbers = named.setdefault(owner, [])
            if len(numbers) <= NAMED_ROWS:
                numbers.append(result.number)
    for owner, result in zip(owners, same, strict=True):
        others = sorted(number for other, numbers in named.items() if other != owner for number in numbers)
        if others:
            _mark_duplicate(result, column, others)


def _is_blank(value: CellValue) -> bool:
    """Tell whether a cell holds spaces only; refuse what no column can hold."""
    if not isinstance(value, str):
        fields.check_cell(value)
    elif value[0] == "#":
        fields.check_text(value)
    else:
        return value.isspace()
    return False


def _blank(heading: str) -> str | None:
    if heading in REQUIRED:
        raise FieldError(_("Belum diisi. Isi sel ini sesuai SK CPNS."), "required")
    return None if heading in _DATES_AND_SEX else ""


_DATES_AND_SEX = ("Jenis Kelamin", "Tanggal Lahir")
_READERS: dict[str, Callable[[CellValue], object]] = {
    "Nama Lengkap": fields.read_name,
    "Golongan": fields.read_golongan,
    "Jabatan": lambda value: fields.read_text(value, limit=150),
    "Pendidikan": lambda value: fields.read_text(value, limit=60),
    "Program Studi": lambda value: fields.read_text(value, limit=120),
    "Tempat Lahir": lambda value: fields.read_text(value, limit=80),
    "Jenis Kelamin": fields.read_sex,
    "Tanggal Lahir": fields.read_date,
    "Agama": fields.read_religion,
    "Email": fields.read_email,
    "No. HP": fields.read_phone,
    "Alamat": lambda value: fields.read_text(value, limit=250, numbers=True),
    "Kebutuhan Khusus": lambda value: fields.read_text(value, limit=200),
}


def _nip(value: CellValue, today: date) -> Nip:
    try:
        if isinstance(value, str):
            return parse_nip(value, today=today)
        if isinstance(value, int | float) and abs(value) >= EXACT_INTEGERS_BELOW:
            raise rounded_nip()
    except NipError as error:
        raise FieldError(error.message, error.code) from None
    raise FieldError(_("NIP tidak tersimpan sebagai teks. Jadikan kolom NIP bertipe Teks, lalu ketik ulang 18 angkanya dari SK."), "type")


def _satker(value: CellValue, lookups: Lookups) -> tuple[str, object]:
    code = fields.read_satker_code(value)
    satker = lookups.satker_by_code(code)
    if satker is None:
        closed = lookups.closed_satker(code)
        if closed is not None:
            raise FieldError(_("%(satker)s sudah ditutup. Pakai kode satker yang menggantikannya.") % {"satker": closed}, "satker_closed")
        near = lookups.suggest_satker(code)
        if near is None:
            raise FieldError(_("Tidak ada satker dengan kode ini. Lihat kode yang berlaku di lembar Daftar pada templat."), "satker")
        raise FieldError(_("Tidak ada satker dengan kode ini. Mungkin maksudnya %(near)s.") % {"near": near}, "satker")
    return code, satker


def _cross_errors(raw: RawRow, nip: Nip, found: dict[str, Any]) -> list[CellError]:
    birth_date, sex = found.get("Tanggal Lahir"), found.get("Jenis Kelamin")
    if birth_date == nip.birth_date and sex == nip.sex:
        return []
    errors = []
    for mismatch in check_against(nip, birth_date if isinstance(birth_date, date) else None, sex if isinstance(sex, str) else None):
        heading = "Tanggal Lahir" if mismatch.field == "birth_date" else "Jenis Kelamin"
        value = display(raw.values[HEADINGS.index(heading)])
        errors.append(CellError(raw.number, heading, value, mismatch.message, f"{mismatch.field}_mismatch"))
    return errors


def _clean(found: dict[str, Any]) -> CleanRow:
    nip, name, (code, satker), *rest = (found[heading] for heading in HEADINGS)
    golongan, jabatan, education, programme, place, sex, born, *contact = rest
    return CleanRow(
        nip,
        name,
        code,
        satker,
        golongan,
        jabatan,
        normalise_education(education),
        programme,
        place,
        sex or nip.sex,
        born or nip.birth_date,
        *contact,
    )


def _key(result: RowResult, column: str) -> str:
    if column == "NIP" and result.clean is not None:
        return result.clean.nip.value
    value = result.raw.values[HEADINGS.index(column)]
    text = value if isinstance(value, str) else ""
    return fields.fold_nip(text) if column == "NIP" else text.strip().casefold()


def _mark_duplicate(result: RowResult, column: str, others: list[int]) -> None:
    listed = ", ".join(str(number) for number in others[:NAMED_ROWS]) + (", …" if len(others) > NAMED_ROWS else "")
    message = _("%(column)s ini juga ada di baris %(rows)s. Hapus baris yang berulang, atau perbaiki isinya.")
    value = display(result.raw.values[HEADINGS.index(column)])
    error = CellError(result.number, column, value, message % {"column": column, "rows": listed}, "duplicate")
    result.errors.append(error)
    result.errors.sort(key=lambda error: HEADINGS.index(error.column))
    result.clean = result.spare = None
