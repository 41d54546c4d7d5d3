"""The NIP: 18 digits that carry birth date, TMT CPNS, sex and a serial."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

Sex = Literal["L", "P"]

DIGITS = 18
MIN_AGE_YEARS = 18
MAX_AGE_YEARS = 40
MAX_TMT_AHEAD_YEARS = 1
FIRST_PPPK_MONTH = 21

_SEPARATORS = re.compile(r"[\s.\-\u2010-\u2015\u200b\u2060\ufeff]+")
_ROUNDED = re.compile(r"\+?\d+([.,]\d+)?[eE]\+?\d+")
_SEX: dict[str, Sex] = {"1": "L", "2": "P"}


class NipError(ValueError):
    """A NIP that cannot be right: `message` for the reader, `code` for the program."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class NipMismatch(NamedTuple):
    """A field beside the NIP that says something else than the NIP does."""

    field: Literal["birth_date", "sex"]
    message: str


@dataclass(frozen=True, slots=True)
class Nip:
    value: str
    birth_date: date
    tmt_cpns: date
    sex: Sex
    serial: int
    age_at_tmt: int

    def __str__(self) -> str:
        return self.value


def normalise_nip(text: str) -> str:
    """Drop spaces, dots, dashes and Excel's leading text mark from a NIP; check nothing."""
    return _SEPARATORS.sub("", text).removeprefix("'")


def format_nip(value: str) -> str:
    """Print a NIP in its groups of 8, 6, 1 and 3 digits; anything else comes back unchanged."""
    digits = normalise_nip(value)
    if len(digits) != DIGITS:
        return value
    return f"{digits[:8]} {digits[8:14]} {digits[14]} {digits[15:]}"


def parse_nip(text: str, *, today: date | None = None) -> Nip:
    """Read the NIP of a CPNS, or raise NipError saying what is wrong with it.

    A number that Excel has rounded is refused, never guessed. `today` bounds the TMT (at most one year ahead).
    """
    if _ROUNDED.fullmatch(text.strip()):
        raise rounded_nip()
    value = normalise_nip(text)
    _check_digits(value)
    if int(value[12:14]) >= FIRST_PPPK_MONTH:
        raise NipError(_("Ini nomor induk PPPK, bukan NIP CPNS. Latsar hanya untuk CPNS; periksa nomor di SK CPNS."), "pppk")
    birth_date = _birth_date(value)
    tmt = _tmt(value, today or timezone.localdate())
    sex = _SEX.get(value[14])
    if sex is None:
        raise NipError(_("Angka ke-15 NIP harus 1 (laki-laki) atau 2 (perempuan). Periksa angka itu di SK CPNS."), "sex")
    serial = int(value[15:])
    if serial == 0:
        raise NipError(_("Nomor urut di akhir NIP tidak boleh 000. Periksa tiga angka terakhir di SK CPNS."), "serial")
    age = _age(birth_date, tmt)
    if not MIN_AGE_YEARS <= age <= MAX_AGE_YEARS:
        message = _(
            "Menurut NIP, umur saat TMT CPNS %(age)d tahun. Umur CPNS %(low)d sampai %(high)d tahun; periksa tanggal lahir dan TMT di SK CPNS."
        )
        raise NipError(message % {"age": age, "low": MIN_AGE_YEARS, "high": MAX_AGE_YEARS}, "age")
    return Nip(value=value, birth_date=birth_date, tmt_cpns=tmt, sex=sex, serial=serial, age_at_tmt=age)


def check_against(nip: Nip, birth_date: date | None, sex: str | None) -> list[NipMismatch]:
    """Compare a NIP with the birth date and sex given beside it; what is not given is not compared."""
    mismatches = []
    if birth_date is not None and birth_date != nip.birth_date:
        mismatches.append(NipMismatch("birth_date", _birth_date_mismatch(nip, birth_date)))
    if sex is not None and sex != nip.sex:
        expected = _("laki-laki") if nip.sex == "L" else _("perempuan")
        message = _("Tidak sama dengan jenis kelamin di NIP (%(sex)s). Cocokkan keduanya dengan SK CPNS.")
        mismatches.append(NipMismatch("sex", message % {"sex": expected}))
    return mismatches


def rounded_nip() -> NipError:
    """Build the refusal of a NIP that a spreadsheet turned into a number."""
    return NipError(
        _("Excel telah membulatkan NIP, angka aslinya hilang. Jadikan kolom NIP bertipe Teks, lalu ketik ulang 18 angkanya dari SK."),
        "rounded",
    )


def _check_digits(value: str) -> None:
    if not value:
        raise NipError(_("NIP belum diisi. Ketik 18 angkanya dari SK CPNS."), "empty")
    if not (value.isascii() and value.isdigit()):
        raise NipError(_("NIP hanya boleh berisi angka. Hapus huruf atau tanda lain, lalu cocokkan dengan SK CPNS."), "characters")
    if len(value) < DIGITS:
        message = _("NIP hanya berisi %(count)d angka. NIP terdiri dari 18 angka; periksa angka terakhir di SK.")
        raise NipError(message % {"count": len(value)}, "length")
    if len(value) > DIGITS:
        message = _("NIP berisi %(count)d angka. NIP terdiri dari 18 angka; hapus yang berlebih menurut SK.")
        raise NipError(message % {"count": len(value)}, "length")


def _birth_date(value: str) -> date:
    try:
        return date(int(value[:4]), int(value[4:6]), int(value[6:8]))
    except ValueError:
        message = _("Tanggal lahir di NIP tidak ada di kalender (%(date)s). Periksa delapan angka pertama di SK CPNS.")
        raise NipError(message % {"date": f"{value[6:8]}-{value[4:6]}-{value[:4]}"}, "birth_date") from None


def _tmt(value: str, today: date) -> date:
    try:
        tmt = date(int(value[8:12]), int(value[12:14]), 1)
    except ValueError:
        message = _("Bulan TMT di NIP tidak mungkin (%(month)s). Periksa angka ke-9 sampai ke-14 di SK CPNS.")
        raise NipError(message % {"month": f"{value[12:14]}-{value[8:12]}"}, "tmt") from None
    if tmt > date(today.year + MAX_TMT_AHEAD_YEARS, today.month, 1):
        message = _("TMT CPNS di NIP masih jauh di depan (%(month)s). Periksa angka ke-9 sampai ke-14 di SK CPNS.")
        raise NipError(message % {"month": f"{MONTHS[tmt.month]} {tmt.year}"}, "future")
    return tmt


def _birth_date_mismatch(nip: Nip, given: date) -> str:
    born = nip.birth_date
    if (given.year, given.month, given.day) == (born.year, born.day, born.month):
        message = _("Hari dan bulan tertukar; di NIP tanggal lahirnya %(date)s. Cocokkan keduanya dengan SK CPNS.")
    else:
        message = _("Tidak sama dengan tanggal lahir di NIP (%(date)s). Cocokkan keduanya dengan SK CPNS.")
    return message % {"date": f"{born.day} {MONTHS[born.month]} {born.year}"}


def _age(birth_date: date, on: date) -> int:
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))
