"""The fields of an import row, each from one cell: the typed value, or a FieldError that says what to do."""

import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time

from django.utils.translation import gettext as _

from latsar.reports.writers import unescape_text
from participants.addresses import is_email
from participants.enums import Golongan, Religion
from participants.nip import DIGITS, normalise_nip
from participants.tidying import tidy_text
from participants.workbook.cells import ERROR_TEXTS, CellValue, ErrorCell, FormulaCell

NAME_LETTERS = 150
EMAIL_LETTERS = 254
PHONE_DIGITS = (9, 14)  # with the leading 0
PHONE_NUMBER_DIGITS = (9, 13)  # of a cell that lost its leading 0

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co"})
_REPLACEMENT = "\ufffd"  # stands where a character has been lost
_LINE_BREAKS = re.compile(r"[\r\n\t]+")
_GOLONGAN = re.compile(r"(I{2,3})[\s/.\-]*([A-D])", re.IGNORECASE)
_DATE = re.compile(r"([0-9]{1,2})([-/])([0-9]{1,2})\2([0-9]{4})")
_DATE_AND_TIME = re.compile(r"[0-9]{1,2}[-/][0-9]{1,2}[-/][0-9]{4}\s+[0-9]{1,2}[:.][0-9]{2}.{0,9}")
_PHONE_SIGNS = re.compile(r"[\s().\-/\u2010-\u2015\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_GOLONGAN_CHOICES = tuple(Golongan.values)
_SEXES = {"l": "L", "laki-laki": "L", "laki laki": "L", "lakilaki": "L", "pria": "L", "p": "P", "perempuan": "P", "wanita": "P"}
_RELIGIONS: Mapping[str, str] = {
    **{value.casefold(): value for value in Religion.values},
    "kristen protestan": Religion.PROTESTANT,
    "protestan": Religion.PROTESTANT,
    "kristen katolik": Religion.CATHOLIC,
    "katholik": Religion.CATHOLIC,
    "budha": Religion.BUDDHA,
    "konghucu": Religion.KHONGHUCU,
    "kong hu cu": Religion.KHONGHUCU,
    "kepercayaan terhadap tuhan yme": Religion.BELIEF,
    "kepercayaan terhadap tuhan yang maha esa": Religion.BELIEF,
}  # fmt: skip


class FieldError(ValueError):
    """A cell that cannot be taken: `message` for the reader, `code` for the program."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


def check_cell(value: CellValue) -> None:
    """Refuse formulas, error cells and logical values, whatever the column."""
    if isinstance(value, FormulaCell):
        message = _("Sel ini berisi rumus. Salin sel itu, lalu tempel sebagai nilai (Paste Values).")
        raise FieldError(message, "formula")
    if isinstance(value, ErrorCell) or (isinstance(value, float) and not math.isfinite(value)):
        raise _error_cell()
    if isinstance(value, bool):
        raise FieldError(_("Sel ini berisi TRUE atau FALSE. Ketik ulang isinya sebagai teks."), "type")


def check_text(text: str) -> None:
    """Refuse a text that only repeats an error of the spreadsheet."""
    if text[0] == "#" and text.strip().upper() in ERROR_TEXTS:
        raise _error_cell()


def read_text(value: CellValue, *, limit: int, numbers: bool = False) -> str:
    """Read a line of text of at most `limit` letters; line breaks inside a cell become spaces."""
    if not isinstance(value, str):
        return _number_as_text(value, numbers=numbers)
    text = unescape_text(value.strip())
    if not text.isprintable() or _REPLACEMENT in text:
        text = _visible(text)
    text = tidy_text(text)
    if len(text) > limit:
        message = _("Terlalu panjang, %(count)d huruf. Paling banyak %(limit)d huruf; singkat isinya.")
        raise FieldError(message % {"count": len(text), "limit": limit}, "too_long")
    return text


def read_name(value: CellValue) -> str:
    """Read a name with its titles."""
    name = read_text(value, limit=NAME_LETTERS)
    if not name[:1].isalpha() and not any(letter.isalpha() for letter in name):
        raise FieldError(_("Nama tidak berisi huruf. Ketik nama lengkap dengan gelar seperti di SK CPNS."), "name")
    return name


def read_golongan(value: CellValue) -> str:
    """Read a golongan ruang of a CPNS: III/a, also typed IIIa or III a."""
    match = _GOLONGAN.fullmatch(value.strip()) if isinstance(value, str) else None
    golongan = f"{match[1].upper()}/{match[2].lower()}" if match else ""
    if golongan not in _GOLONGAN_CHOICES:
        choices = ", ".join(_GOLONGAN_CHOICES)
        raise FieldError(_("Golongan ini bukan golongan CPNS. Pilih salah satu: %(choices)s.") % {"choices": choices}, "golongan")
    return golongan


def read_sex(value: CellValue) -> str:
    """Read L or P, also written out."""
    sex = _SEXES.get(" ".join(value.split()).casefold()) if isinstance(value, str) else None
    if sex is None:
        raise FieldError(_("Jenis kelamin tidak terbaca. Tulis L atau P, atau kosongkan agar diambil dari NIP."), "sex")
    return sex


def read_religion(value: CellValue) -> str:
    """Read one of the religions of the choice list, with its common spellings."""
    religion = _RELIGIONS.get(" ".join(value.split()).casefold()) if isinstance(value, str) else None
    if religion is None:
        choices = ", ".join(Religion.values)
        raise FieldError(_("Agama tidak ada di daftar. Pilih salah satu: %(choices)s.") % {"choices": choices}, "religion")
    return str(religion)


def read_date(value: CellValue) -> date:
    """Read a real Excel date, or the text dd-mm-yyyy; a bare number is refused, never taken for a date."""
    if isinstance(value, datetime):
        if value.time() != time.min:
            raise _with_time()
        return value.date()
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise FieldError(
            _("Tanggal ini tersimpan sebagai angka. Jadikan selnya bertipe Tanggal, atau tulis misalnya 14-09-1996."), "date_number"
        )
    match = _DATE.fullmatch(value.strip())
    if match is None and _DATE_AND_TIME.fullmatch(value.strip()):
        raise _with_time()
    if match is None:
        raise FieldError(_("Tanggal tidak terbaca. Tulis hari-bulan-tahun, misalnya 14-09-1996."), "date")
    try:
        return date(int(match[4]), int(match[3]), int(match[1]))
    except ValueError:
        raise FieldError(_("Tanggal ini tidak ada di kalender. Periksa hari dan bulannya."), "date") from None


def read_email(value: CellValue) -> str:
    """Read an e-mail address, in lower case."""
    email = value.strip().removeprefix("mailto:").lower() if isinstance(value, str) else ""
    if email.endswith("@") or "@" not in email:
        raise FieldError(_("Alamat e-mail belum lengkap. Tulis nama domainnya, misalnya nama@contoh.go.id."), "email")
    if len(email) > EMAIL_LETTERS:
        message = _("Terlalu panjang, %(count)d huruf. Paling banyak %(limit)d huruf; singkat isinya.")
        raise FieldError(message % {"count": len(email), "limit": EMAIL_LETTERS}, "too_long")
    if not is_email(email):
        raise FieldError(_("Alamat e-mail salah. Periksa ejaannya, misalnya nama@contoh.go.id, tanpa spasi."), "email")
    return email


def read_phone(value: CellValue) -> str:
    """Read a phone number as digits with the leading 0.

    A number cell has lost that 0: it is put back when the rest starts with 8 and has 9 to 13 digits, else refused.
    """
    if isinstance(value, str):
        digits = _PHONE_SIGNS.sub("", value).removeprefix("'")
        for prefix in ("+62", "62"):
            if digits.startswith(prefix):
                digits = "0" + digits.removeprefix(prefix).removeprefix("0")
                break
    elif isinstance(value, int | float) and float(value).is_integer():
        digits = str(int(value))
        if not digits.startswith("8"):
            message = _("Angka nol di depan nomor hilang. Jadikan kolom bertipe Teks, lalu ketik ulang nomornya, misalnya 081200000900.")
            raise FieldError(message, "phone_number")
    else:
        digits = ""
    if digits.startswith("8") and PHONE_NUMBER_DIGITS[0] <= len(digits) <= PHONE_NUMBER_DIGITS[1]:
        digits = "0" + digits
    if not (digits.isascii() and digits.isdigit() and digits.startswith("0") and PHONE_DIGITS[0] <= len(digits) <= PHONE_DIGITS[1]):
        raise FieldError(_("Nomor HP tidak terbaca. Tulis angkanya saja, misalnya 081200000900."), "phone")
    return digits


def read_satker_code(value: CellValue) -> str:
    """Read a region code or a six-digit DIPA code; a number that may have lost a zero is refused."""
    if isinstance(value, str):
        return value.strip().removeprefix("'").strip()[:20]
    if isinstance(value, int | float):
        code = str(int(value)) if float(value).is_integer() else repr(float(value))
        whole, _point, part = code.partition(".")
        if (not part and len(whole) in (2, 6)) or (len(whole) == 2 and len(part) == 2):
            return code
    message = _("Excel mengubah kode satker menjadi angka atau tanggal. Jadikan kolom bertipe Teks, lalu ketik ulang, misalnya 53.71.")
    raise FieldError(message, "satker_type")


def fold_nip(text: str) -> str:
    """Reduce the text of a NIP cell to its 18 digits, so that repeats are seen in rows that are wrong otherwise; else ""."""
    digits = normalise_nip(text)
    return digits if len(digits) == DIGITS and digits.isascii() and digits.isdigit() else ""


def _number_as_text(value: CellValue, *, numbers: bool) -> str:
    if isinstance(value, int | float) and float(value).is_integer() and numbers:
        return str(int(value))
    if isinstance(value, date | time):
        raise FieldError(_("Excel mengubah isi sel menjadi tanggal. Jadikan kolom bertipe Teks, lalu ketik ulang isinya."), "type")
    raise FieldError(_("Sel ini berisi angka, padahal harus teks. Ketik ulang isinya sebagai teks."), "type")


def _visible(text: str) -> str:
    text = _LINE_BREAKS.sub(" ", text)
    if _REPLACEMENT in text or any(unicodedata.category(letter) in _INVISIBLE for letter in text):
        raise FieldError(_("Ada tanda yang tidak terbaca di sel ini. Hapus isinya, lalu ketik ulang."), "control")
    return " ".join(text.split())


def _with_time() -> FieldError:
    return FieldError(_("Tanggal ini memuat jam. Tulis tanggalnya saja, misalnya 14-09-1996."), "date")


def _error_cell() -> FieldError:
    return FieldError(_("Sel ini menampilkan galat Excel, misalnya #N/A. Ketik ulang isinya."), "error_cell")
