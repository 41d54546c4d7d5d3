"""`{% load ui %}`: names for the components, charts and words. Nothing is built here."""

from collections.abc import Iterable
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.safestring import SafeString

from latsar.ui import charts, components, forms, listing, strip, words

register = template.Library()

register.simple_tag(components.icon, name="icon")
register.simple_tag(components.pill, name="pill")
register.simple_tag(components.clock, name="clock")
register.simple_tag(components.stepper, name="stepper")
register.simple_tag(components.timeline, name="timeline")
register.simple_tag(components.figures, name="figures")
register.simple_tag(components.todo, name="todo")
register.simple_tag(components.facts, name="facts")
register.simple_tag(components.progress, name="progress")
register.simple_tag(components.flash, name="flash")
register.simple_tag(components.toast, name="toast")
register.simple_tag(charts.tilemap, name="tilemap")
register.simple_tag(charts.tile_backdrop, name="tile_backdrop")
register.simple_tag(charts.map_legend, name="map_legend")
register.simple_tag(charts.legend, name="legend")
register.simple_tag(charts.segments, name="segments")
register.simple_tag(charts.bar, name="bar")
register.simple_tag(charts.bars, name="bars")
register.simple_tag(charts.bar_row, name="bar_row")
register.simple_tag(charts.columns, name="columns")
register.simple_tag(strip.timeline_strip, name="timeline_strip")
register.simple_tag(forms.form_fields, name="form_fields")
register.simple_tag(forms.error_summary, name="error_summary")


@register.simple_tag
def field(bound: BoundField, icons: str = "", kind: str = "info", **attrs: str) -> SafeString:
    """Draw a form field; `icons` are names separated by spaces, further keywords become attributes of the input."""
    return forms.field(bound, icons=icons.split(), kind=kind, **attrs)


@register.simple_block_tag
def notice(content: str, kind: str, role: str = "") -> SafeString:
    """Draw a notice around its content."""
    return components.notice(kind, content, role=role)


@register.simple_block_tag
def empty_state(content: str, icon_name: str, title: str, text: str, level: int = 3) -> SafeString:
    """Draw an empty state; the content are its one or two ways to begin."""
    return components.empty_state(icon_name, title, text, content, level=level)


@register.simple_tag
def crumbs(*parts: str) -> SafeString:
    """Draw the crumbs from address, label, address, label, ..., label of this page."""
    return components.crumbs(parts)


@register.simple_tag(takes_context=True)
def pagination(context: template.RequestContext, page: Page[Any] | listing.PageLinks, unit: str = "") -> SafeString:
    """Draw the neighbours of a page, whether Django's or a keyset page described by PageLinks."""
    links = page if isinstance(page, listing.PageLinks) else listing.page_links(page, unit)
    return listing.pagination(links, context["request"])


@register.simple_tag(takes_context=True)
def sort_head(context: template.RequestContext, label: str, key: str, current: str = "", *, numeric: bool = False) -> SafeString:
    """Draw a column head that sorts by `key`; `current` is the order in force when the address names none."""
    return listing.sort_head(context["request"], label, key, current=current, numeric=numeric)


@register.simple_tag
def scale_of(values: Iterable[int]) -> charts.Scale:
    """Split counts into the five steps of the map."""
    return charts.five_steps(values)


@register.filter
def nip(value: object) -> str:
    """Write a nip as 8 6 1 3."""
    return words.group_nip(str(value)) if value else ""


@register.filter
def berempat(value: str | None) -> str:
    """Write a long key in groups of four, as people read and type it."""
    value = value or ""
    return " ".join(value[start : start + 4] for start in range(0, len(value), 4))


@register.filter
def tanggal(value: date | None) -> str:
    """Write "12 Agustus 2026"."""
    return words.long_date(_local(value)) if value else ""


@register.filter
def tanggal_hari(value: date | None) -> str:
    """Write "12 Agustus 2026 (Rabu)"."""
    return words.long_date_with_weekday(_local(value)) if value else ""


@register.filter
def tanggal_pendek(value: date | None) -> str:
    """Write "Rabu, 12 Agu"."""
    return words.short_date(_local(value)) if value else ""


@register.filter
def jam(value: datetime | None, zone: str | tzinfo | None = None) -> str:
    """Write "10.42 WITA" in the given zone, else in the active one."""
    return words.clock_time(value, zone or timezone.get_current_timezone()) if value else ""


@register.filter
def waktu(value: datetime | None, zone: str | tzinfo | None = None) -> str:
    """Write "Hari ini, 08.14 WITA" or the day before the time."""
    return words.when(value, timezone.now(), zone or timezone.get_current_timezone()) if value else ""


@register.filter
def waktu_dalam(value: datetime | None, zone: str | tzinfo | None = None) -> str:
    """Write "hari ini, 08.14 WITA" for the middle of a sentence."""
    return words.when(value, timezone.now(), zone or timezone.get_current_timezone(), inside=True) if value else ""


@register.filter
def sisa_hari(value: int | None) -> str:
    """Write "20 hari lagi", "hari ini", "lewat 3 hari"."""
    return words.days_left(value) if value is not None else ""


@register.filter
def ribuan(value: int | float | Decimal | None) -> str:
    """Write a number with points between the thousands."""
    return words.thousands(value) if value is not None and value != "" else ""


@register.filter
def romawi(value: int | None) -> str:
    """Write a number in Roman numerals."""
    return words.roman(value) if value else ""


@register.filter
def ukuran(value: int | None) -> str:
    """Write a file size."""
    return words.file_size(value) if value is not None else ""


def _local(value: date) -> date:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
