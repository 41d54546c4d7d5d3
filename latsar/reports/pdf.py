"""A report on paper: the face of `documents/report/rekap.html`, filled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from latsar.documents.render.recap import Column, Figure, Recap, render_recap
from latsar.reports.registry import Content, MapPicture
from latsar.ui import words
from latsar.ui.charts import tile_grid

OFFICE = "KPU RI, Pusat Pengembangan Kompetensi SDM Aparatur"
FILLS = ("#f4e4e0", "#e3b8b4", "#c97f80", "#a24450", "#6f1526")
DARK_FROM = 4  # the first step on which white text is readable
TILE_WIDTH, TILE_HEIGHT, ACROSS, DOWN = 12.2, 9.7, 13.0, 10.5  # mm
HARD_SPACE = "\u00a0"
NIP = re.compile(r"[0-9]{18}")
NUMBERS = ("int", "number", "money")


def report_pdf(content: Content, *, rows: Iterable[Sequence[Any]], now: datetime, filter_text: str, source_line: str) -> bytes:
    """Render a report as tagged PDF; `rows` are those of the content, counted on their way."""
    printed = [number for number, one in enumerate(content.fields) if one.printed]
    fields = [content.fields[number] for number in printed]
    head = next((number for number, one in enumerate(fields) if one.column.kind == "text" and number), 0)
    recap = Recap(
        title=content.title,
        office=OFFICE,
        created=timezone.localdate(now).isoformat(),
        source_line=source_line,
        filter_text=filter_text,
        figures=[Figure(*figure) for figure in content.figures],
        map_title=content.picture.title if content.picture else "",
        map_alt=content.picture.description if content.picture else "",
        map_svg=map_svg(content.picture) if content.picture else b"",
        table_title=content.table_title,
        columns=[Column(one.column.title, one.column.kind in NUMBERS) for one in fields],
        body=[[_text(row[number]) for number in printed] for row in rows],
        total_row=[_text(content.totals[number]) for number in printed] if content.totals else (),
        row_head=head,
        note=content.note,
    )
    return render_recap(recap)


def map_svg(picture: MapPicture) -> bytes:
    """Draw the 38 provinces as a picture of 182 x 91 mm with its legend."""
    tiles = format_html_join(
        "", "{}", ((_tile(place.column, place.row, place.short, picture.values.get(place.code, ("0", 1))),) for place in tile_grid())
    )
    legend = format_html_join(
        "",
        '<rect x="{0}" y="86.5" width="5" height="3.6" rx=".8" fill="{1}"/><text x="{2}" y="89.4" font-size="2.6" fill="#645b51">{3}</text>',
        ((46 + 27 * number, FILLS[step - 1], 52.5 + 27 * number, text) for number, (step, text) in enumerate(picture.legend)),
    )
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 182 91" font-family="Plus Jakarta Sans">{}{}</svg>'
    return str(format_html(svg, tiles, legend)).encode()


def _tile(column: int, row: int, short: str, shown: tuple[str, int]) -> str:
    value, step = shown
    left, top = column * ACROSS, row * DOWN
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="1.2" fill="{}"/><text x="{}" y="{}" font-size="2.5" text-anchor="middle" fill="{}">{}</text>'
        '<text x="{}" y="{}" font-size="3.5" font-weight="600" text-anchor="middle" fill="{}">{}</text>',
        *(_mm(left), _mm(top), TILE_WIDTH, TILE_HEIGHT, FILLS[step - 1]),
        *(_mm(left + TILE_WIDTH / 2), _mm(top + 3.9), _ink(step), short),
        *(_mm(left + TILE_WIDTH / 2), _mm(top + 7.9), _ink(step), value),
    )


def _ink(step: int) -> str:
    return "#fff" if step >= DARK_FROM else "#231d19"


def _mm(value: float) -> str:
    return f"{value:.1f}"


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{words.long_date(timezone.localtime(value))}, {timezone.localtime(value):%H.%M}"
    if isinstance(value, date):
        return f"{words.day_and_month(value)} {value.year}".replace(" ", HARD_SPACE)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return words.thousands(value)
    return words.group_nip(value).replace(" ", HARD_SPACE) if isinstance(value, str) and NIP.fullmatch(value) else str(value)


def source(now: datetime, job_id: int) -> str:
    """Say in the foot of each page where the numbers come from."""
    return _("Sumber: portal Latsar KPU, %(when)s · Pekerjaan %(id)s") % {"when": moment(now), "id": job_id}


def moment(now: datetime) -> str:
    local = timezone.localtime(now)
    return _("%(day)s pukul %(time)s") % {
        "day": words.long_date_with_weekday(local),
        "time": words.clock_time(local, timezone.get_current_timezone()),
    }
