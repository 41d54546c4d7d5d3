"""The heading contract: fifteen headings in row 1, each once, seen and not merged; order, case and spaces around are free."""

import difflib
from typing import Any

from django.utils.translation import gettext as _

from participants.workbook.cells import HEADINGS, display
from participants.workbook.refusal import WorkbookRefused
from participants.workbook.sheet_scan import SheetScan, column_letters

_NEAR = 0.6  # similarity from which another heading is taken for a misspelt one
_SEARCHED_ROWS = 10
_SHOWN = 30  # letters of an unknown heading
_KNOWN = {heading.casefold(): heading for heading in HEADINGS}
Problem = tuple[str, str]  # code, message


def find_columns(matrix: list[list[Any]], scan: SheetScan) -> dict[str, int]:
    """Find where each heading stands (counted from 0), or raise WorkbookRefused naming everything that is wrong."""
    titles = [_title(value) for value in matrix[0]] if matrix else []
    if not any(_known(title) for title in titles):
        raise _no_headings(matrix)
    columns: dict[str, int] = {}
    problems: list[Problem] = []
    strangers: list[tuple[int, str]] = []
    for index, title in enumerate(titles):
        heading = _known(title)
        if heading is None:
            strangers.append((index, title))
        elif heading in columns:
            problems.append(("heading_duplicate", _twice(heading, columns[heading], index)))
        else:
            columns[heading] = index
    missing = [heading for heading in HEADINGS if heading not in columns]
    problems += _strange(strangers, missing, matrix)
    problems += [("heading_missing", _("Kolom “%(heading)s” tidak ada.") % {"heading": heading}) for heading in missing]
    problems += _hidden(columns, scan)
    problems += _merged(columns, scan)
    if problems:
        raise _refuse(problems)
    return columns


def _title(value: Any) -> str:
    return " ".join(display(value).split())


def _known(title: str) -> str | None:
    return _KNOWN.get(title.casefold())


def _twice(heading: str, first: int, second: int) -> str:
    places = {"heading": heading, "first": column_letters(first + 1), "second": column_letters(second + 1)}
    return _("Judul “%(heading)s” muncul dua kali, di kolom %(first)s dan %(second)s.") % places


def _strange(strangers: list[tuple[int, str]], missing: list[str], matrix: list[list[Any]]) -> list[Problem]:
    """Name the columns that are not ours, and take a heading out of `missing` when a stranger is probably meant for it."""
    problems = []
    for index, title in strangers:
        letters = column_letters(index + 1)
        if not title:
            if any(_title(row[index]) for row in matrix[1:]):
                problems.append(("heading_extra", _("Kolom %(letters)s berisi data tanpa judul.") % {"letters": letters}))
            continue
        shown = title if len(title) <= _SHOWN else title[:_SHOWN] + "…"
        meant = _nearest(title, missing)
        if meant is None:
            problems.append(
                ("heading_extra", _("Judul “%(title)s” di kolom %(letters)s tidak dikenal.") % {"title": shown, "letters": letters})
            )
        else:
            missing.remove(meant)
            words = {"title": shown, "letters": letters, "meant": meant}
            problems.append(("heading_renamed", _("Judul “%(title)s” di kolom %(letters)s mestinya “%(meant)s”.") % words))
    return problems


def _nearest(title: str, missing: list[str]) -> str | None:
    wanted = title.casefold()
    names = {heading.casefold(): heading for heading in missing}
    close = difflib.get_close_matches(wanted[:100], list(names), n=1, cutoff=_NEAR)
    parts = [name for name in names if len(wanted) > 1 and (wanted in name or name in wanted)]
    return names[(close + parts)[0]] if close or parts else None


def _hidden(columns: dict[str, int], scan: SheetScan) -> list[Problem]:
    return [
        ("heading_hidden", _("Kolom “%(heading)s” tersembunyi.") % {"heading": heading})
        for heading, index in columns.items()
        if any(first <= index + 1 <= last for first, last in scan.hidden_columns)
    ]


def _merged(columns: dict[str, int], scan: SheetScan) -> list[Problem]:
    if not columns:
        return []
    left, right = min(columns.values()) + 1, max(columns.values()) + 1
    return [
        ("merged", _("Sel %(area)s digabung.") % {"area": f"{column_letters(area[1])}{area[0]}:{column_letters(area[3])}{area[2]}"})
        for area in scan.merged
        if area[1] <= right and area[3] >= left
    ]


def _no_headings(matrix: list[list[Any]]) -> WorkbookRefused:
    for number, row in enumerate(matrix[1:_SEARCHED_ROWS], start=2):
        if sum(1 for value in row if _known(_title(value))) >= len(HEADINGS) // 2:
            message = _("Judul kolom ada di baris %(row)d, padahal harus di baris 1. Hapus baris di atasnya, lalu unggah lagi.")
            return WorkbookRefused(message % {"row": number}, "heading_row")
    return WorkbookRefused(_("Baris 1 tidak berisi judul kolom. Salin data ke templat dari portal, lalu unggah lagi."), "heading_missing")


def _refuse(problems: list[Problem]) -> WorkbookRefused:
    messages = tuple(message for _code, message in problems)
    advice = _advice({code for code, _message in problems})
    shown = " ".join(messages[:6])
    if len(messages) > 6:
        shown += " " + _("Masih ada %(count)d masalah lain.") % {"count": len(messages) - 6}
    return WorkbookRefused(f"{shown} {advice}", problems[0][0], messages)


def _advice(codes: set[str]) -> str:
    if codes == {"heading_hidden"}:
        return _("Tampilkan kolom itu (Unhide), periksa isinya, lalu unggah lagi.")
    if codes == {"merged"}:
        return _("Pisahkan sel itu (Unmerge Cells), isi satu nilai per sel, lalu unggah lagi.")
    return _("Sesuaikan judul di baris 1 dengan templat, lalu unggah lagi.")
