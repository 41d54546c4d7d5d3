"""What a list says about itself: where it stands, its neighbours, its order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.paginator import Page
from django.http import HttpRequest, QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from . import words
from .components import EMPTY, icon

PAGE_PARAM = "halaman"
SORT_PARAM = "urut"


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Paging without page numbers: what is shown in words, and the query parameters of both neighbours."""

    summary: str
    previous: Mapping[str, str | int] | None = None
    following: Mapping[str, str | int] | None = None


def page_links(page: Page, unit: str = "") -> PageLinks:
    """Describe a numbered page of Django's paginator."""
    total = page.paginator.count
    summary = _("%(first)s sampai %(last)s dari %(total)s") % {
        "first": words.thousands(page.start_index()),
        "last": words.thousands(page.end_index()),
        "total": words.thousands(total),
    }
    return PageLinks(
        summary=f"{summary} {unit}".strip(),
        previous={PAGE_PARAM: page.previous_page_number()} if page.has_previous() else None,
        following={PAGE_PARAM: page.next_page_number()} if page.has_next() else None,
    )


def pagination(links: PageLinks, request: HttpRequest) -> SafeString:
    """Draw both neighbours of a page; every other parameter of the address stays."""
    moving = {PAGE_PARAM, *(links.previous or {}), *(links.following or {})}
    return format_html(
        '<nav class="card-footer flow" aria-label="{}"><span class="muted small">{}</span><div class="flow ms-auto">{}{}</div></nav>',
        _("Halaman"),
        links.summary,
        _neighbour(_query(request, moving, links.previous), format_html("{}{}", icon("chevron-left"), _("Sebelumnya"))),
        _neighbour(_query(request, moving, links.following), format_html("{}{}", _("Berikutnya"), icon("chevron-right"))),
    )


def _neighbour(href: str, body: SafeString) -> SafeString:
    if href:
        return format_html('<a class="btn" href="{}">{}</a>', href, body)
    return format_html('<a class="btn disabled" aria-disabled="true">{}</a>', body)


def _query(request: HttpRequest, moving: Iterable[str], change: Mapping[str, str | int] | None) -> str:
    if change is None:
        return ""
    query: QueryDict = request.GET.copy()
    for name in moving:
        query.pop(name, None)
    for name, value in change.items():
        query[name] = str(value)
    return f"?{query.urlencode()}"


def sort_head(request: HttpRequest, label: str, key: str, *, current: str = "", numeric: bool = False) -> SafeString:
    """Draw a column head that sorts; `current` is the order in force, "-key" for downwards.

    On a phone the heads are out of sight, so they hold no link there.
    """
    order = current or request.GET.get(SORT_PARAM, "")
    direction = {key: "ascending", f"-{key}": "descending"}.get(order, "")
    href = _query(request, (PAGE_PARAM,), {SORT_PARAM: f"-{key}" if direction == "ascending" else key})
    arrow = format_html(" {}", icon("arrow-up" if direction == "ascending" else "arrow-down")) if direction else EMPTY
    return format_html(
        '<th role="columnheader" scope="col"{}{}><a class="sort d-none d-md-inline-block" href="{}">{}{}</a><span class="d-md-none">{}</span></th>',
        mark_safe(' class="num"') if numeric else EMPTY,
        format_html(' aria-sort="{}"', direction) if direction else EMPTY,
        href,
        label,
        arrow,
        label,
    )
