"""Dates, numbers and sizes in words, the same in pages, documents and exports.

Every function takes `lang` ("id" or "en"); without it the active language decides, and anything that is not English is Indonesian.
"""

from datetime import UTC, date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

MONTHS = {
    "id": ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"),
}
SHORT_MONTHS = {
    "id": ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
WEEKDAYS = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
RANGE_WORD = {"id": "sampai", "en": "to"}
TODAY_WORD = {"id": "Hari ini", "en": "Today"}
ZONE_NAMES = {7: "WIB", 8: "WITA", 9: "WIT"}
ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)
DIGIT_WORDS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas")
POWERS = ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (1000, "ribu"), (100, "ratus"), (10, "puluh"))
SIZE_UNITS = ("KB", "MB", "GB", "TB")
MINUS = "\N{MINUS SIGN}"


def language(lang: str | None = None) -> str:
    """Settle which of the two tables of words is used, "id" or "en"."""
    return "en" if (lang or get_language() or "id").startswith("en") else "id"


def long_date(day: date, *, lang: str | None = None) -> str:
    """Write "12 Agustus 2026"."""
    return f"{day.day} {MONTHS[language(lang)][day.month - 1]} {day.year}"


def long_date_with_weekday(day: date, *, lang: str | None = None) -> str:
    """Write "12 Agustus 2026 (Rabu)"."""
    return f"{long_date(day, lang=lang)} ({WEEKDAYS[language(lang)][day.weekday()]})"


def short_date(day: date, *, lang: str | None = None) -> str:
    """Write "Rabu, 12 Agu"; the year is left to the context."""
    return f"{WEEKDAYS[language(lang)][day.weekday()]}, {day_and_month(day, lang=lang)}"


def day_and_month(day: date, *, lang: str | None = None) -> str:
    """Write "12 Agu"."""
    return f"{day.day} {SHORT_MONTHS[language(lang)][day.month - 1]}"


def date_range(start: date, end: date, *, lang: str | None = None) -> str:
    """Write "26 Januari sampai 21 April 2026", without repeating the year or a single day."""
    if start == end:
        return long_date(start, lang=lang)
    code = language(lang)
    first = long_date(start, lang=code)
    if start.year == end.year:
        first = first.removesuffix(f" {start.year}")
        if start.month == end.month:
            first = str(start.day)
    return f"{first} {RANGE_WORD[code]} {long_date(end, lang=code)}"


def short_date_range(start: date, end: date, *, lang: str | None = None) -> str:
    """Write "26 Jan sampai 11 Feb"."""
    if start == end:
        return day_and_month(start, lang=lang)
    code = language(lang)
    return f"{day_and_month(start, lang=code)} {RANGE_WORD[code]} {day_and_month(end, lang=code)}"


def zone_name(moment: datetime) -> str:
    """Name the Indonesian zone of an aware moment by its offset, e.g. WITA."""
    offset = moment.utcoffset()
    hours = int(offset.total_seconds() // 3600) if offset is not None else 0
    return ZONE_NAMES.get(hours, moment.tzname() or "UTC")


def clock_time(moment: datetime, zone: str | tzinfo, *, lang: str | None = None) -> str:
    """Write "10.42 WITA" as the clock on the wall of that zone shows it; a naive moment counts as UTC."""
    local = _in_zone(moment, zone)
    mark = ":" if language(lang) == "en" else "."
    return f"{local.hour:02d}{mark}{local.minute:02d} {zone_name(local)}"


def one_stop(sentence: str) -> str:
    """End a sentence once: a name at its end may bring the stop of its own title, "S.H."."""
    return sentence[:-1] if sentence.endswith("..") else sentence


def when(moment: datetime, now: datetime, zone: str | tzinfo, *, inside: bool = False, lang: str | None = None) -> str:
    """Write "Hari ini, 08.14 WITA", "Jumat, 6 Feb, 16.02 WITA", or the full date when the year differs; `inside` a sentence "hari ini"."""
    local, today = _in_zone(moment, zone), _in_zone(now, zone).date()
    code = language(lang)
    if local.date() == today:
        day = TODAY_WORD[code].lower() if inside else TODAY_WORD[code]
    elif local.year == today.year:
        day = short_date(local, lang=code)
    else:
        day = long_date(local, lang=code)
    return f"{day}, {clock_time(local, zone, lang=code)}"


def _in_zone(moment: datetime, zone: str | tzinfo) -> datetime:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)


def days_left(days: int, *, lang: str | None = None) -> str:
    """Write "20 hari lagi", "hari ini" or "lewat 3 hari"."""
    if language(lang) == "en":
        unit = "day" if abs(days) == 1 else "days"
        if days == 0:
            return "today"
        return f"{thousands(days, lang='en')} {unit} left" if days > 0 else f"{thousands(-days, lang='en')} {unit} overdue"
    if days == 0:
        return "hari ini"
    return f"{thousands(days, lang='id')} hari lagi" if days > 0 else f"lewat {thousands(-days, lang='id')} hari"


def thousands(number: int | float | Decimal, *, places: int | None = None, lang: str | None = None) -> str:
    """Write 1234567 as "1.234.567"; decimals keep what they have, or `places`, after a comma."""
    text = f"{abs(number):,}" if places is None else f"{abs(round_half_up(number, places)):,.{places}f}"
    if language(lang) == "id":
        text = text.translate(str.maketrans(",.", ".,"))
    is_zero = not text.strip("0.,")
    return f"{MINUS}{text}" if number < 0 and not is_zero else text


def signed(number: int, *, lang: str | None = None) -> str:
    """Write a difference with its sign, "+73" or "−28"; zero has none."""
    return f"+{thousands(number, lang=lang)}" if number > 0 else thousands(number, lang=lang)


def percent(part: float | Decimal, whole: float | Decimal, *, places: int = 1, lang: str | None = None) -> str:
    """Write a share as "26,5%"; a share of nothing is "0%"."""
    share = Decimal(str(part)) * 100 / Decimal(str(whole)) if whole else Decimal(0)
    rounded = round_half_up(share, places)
    return f"{thousands(rounded, places=0 if rounded == int(rounded) else places, lang=lang)}%"


def round_half_up(number: float | Decimal, places: int = 0) -> Decimal:
    """Round as an office does, 0.5 upwards, and not to the even neighbour."""
    return Decimal(str(number)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def roman(number: int) -> str:
    """Write 1 to 3999 in Roman numerals; raises ValueError outside."""
    if not 1 <= number <= 3999:
        raise ValueError(f"{number} has no Roman numeral")
    letters = ""
    for value, letter in ROMAN:
        count, number = divmod(number, value)
        letters += letter * count
    return letters


def group_nip(nip: str) -> str:
    """Write the 18 digits as 8 6 1 3; what is not a whole nip stays as it is."""
    digits = "".join(sign for sign in nip if sign.isdigit())
    return f"{digits[:8]} {digits[8:14]} {digits[14]} {digits[15:]}" if len(digits) == 18 else nip


def spell_number(number: int) -> str:
    """Spell a whole number in Indonesian, e.g. 647 as "enam ratus empat puluh tujuh"."""
    if number < 0:
        return f"minus {spell_number(-number)}"
    if number < 12:
        return DIGIT_WORDS[number]
    if number < 20:
        return f"{DIGIT_WORDS[number - 10]} belas"
    value, word = next((value, word) for value, word in POWERS if number >= value)
    count, rest = divmod(number, value)
    head = f"se{word}" if count == 1 and value <= 1000 else f"{spell_number(count)} {word}"
    return f"{head} {spell_number(rest)}" if rest else head


def file_size(size: int, *, lang: str | None = None) -> str:
    """Write a size in bytes as "3,1 MB" (1 KB = 1.024 byte)."""
    if size < 1024:
        return f"{size} byte"
    step = next((step for step in (1, 2, 3) if size < 1000 * 1024**step), 4)
    amount = Decimal(size) / 1024**step
    return f"{thousands(amount, places=0 if step == 1 else 1, lang=lang)} {SIZE_UNITS[step - 1]}"
