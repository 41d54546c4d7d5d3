"""Components of the design as functions that return ready HTML; the template tags only name them.

Lists with many rows call these in the view and keep their templates lean: no include and no tag per cell.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from . import words

LEVEL_ICONS = {
    "ok": "check-circle-fill",
    "warn": "exclamation-circle-fill",
    "bad": "exclamation-triangle-fill",
    "info": "info-circle-fill",
    "mute": "circle",
}
MESSAGE_KINDS = {"success": "ok", "warning": "warn", "error": "bad"}
EMPTY = mark_safe("")


@dataclass(frozen=True, slots=True)
class Clock:
    """The probation clock of one person: `label` is its word, `percent` the time gone, `days` below zero is overdue."""

    label: str
    level: str
    days: int | None = None
    deadline: date | None = None
    percent: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    label: str
    note: str = ""
    state: str = "todo"  # done, now, todo


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline; `text` may be safe HTML."""

    text: str
    note: str = ""
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell of the figures row; without `href` it is no link, with `level` the label gets its icon."""

    label: str
    number: str | int
    note: str = ""
    href: str = ""
    level: str = ""
    icon: str = ""
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing that waits for the reader; `days` decides the colour of its date."""

    title: str
    href: str
    action: str
    text: str = ""
    due: date | None = None
    days: int | None = None
    is_primary: bool = False


@lru_cache(maxsize=256)
def icon(name: str) -> SafeString:
    """Draw one symbol of the sprite; a word must stand beside it."""
    return format_html('<svg class="ico" aria-hidden="true"><use href="{}#i-{}"/></svg>', static("icons.svg"), name)


def pill(kind: str, text: str, icon_name: str) -> SafeString:
    """Show a stage as icon and word; `kind` is empty, info, ok, warn or bad."""
    return format_html('<span class="pill{}">{}{}</span>', f" {kind}" if kind else "", icon(icon_name), text)


def notice(kind: str, body: str, *, role: str = "") -> SafeString:
    """Put safe HTML into a notice of kind info, ok, warn or bad."""
    return format_html(
        '<div class="notice {}"{}>{}<div>{}</div></div>',
        kind,
        format_html(' role="{}"', role) if role else EMPTY,
        icon(LEVEL_ICONS[kind]),
        body,
    )


def clock(person_clock: Clock) -> SafeString:
    """Draw the probation clock: word and days, bar, date with weekday."""
    return _clock(person_clock, words.language())


@lru_cache(maxsize=2048)
def _clock(person_clock: Clock, language: str) -> SafeString:
    # People share their starting days, so a long list draws few different clocks.
    level = person_clock.level
    text = person_clock.label
    if person_clock.days is not None:
        text = f"{text}, {words.days_left(person_clock.days, lang=language)}"
    return format_html(
        '<div class="clock"><span class="days is-{0}">{1}{2}</span><svg class="bar" aria-hidden="true"><rect class="f-bg" width="100%"/>'
        '<rect class="f-{0}" width="{3}%"/></svg>{4}</div>',
        level,
        icon(LEVEL_ICONS[level]),
        text,
        max(0, min(100, person_clock.percent)),
        format_html("<small>{}</small>", words.long_date_with_weekday(person_clock.deadline, lang=language))
        if person_clock.deadline
        else EMPTY,
    )


def stepper(steps: Iterable[Step], *, mini: bool = False) -> SafeString:
    """Show where a workflow stands; `mini` is the participant's short form, for which the page writes the sentence above."""
    items = format_html_join("", "{}", ((_step(step),) for step in steps))
    return format_html('<ol class="stepper{}">{}</ol>', " mini" if mini else "", items)


def _step(step: Step) -> SafeString:
    body = format_html("<b>{}</b><span>{}</span>", step.label, step.note)
    if step.state == "done":
        return format_html('<li class="done">{}<span class="visually-hidden"> ({})</span></li>', body, _("selesai"))
    if step.state == "now":
        return format_html('<li aria-current="step">{}</li>', body)
    return format_html("<li>{}</li>", body)


def timeline(entries: Iterable[Entry]) -> SafeString:
    """List what happened, newest first as given; the new one is filled."""
    return format_html(
        '<ol class="timeline">{}</ol>',
        format_html_join(
            "",
            "<li{}>{}{}</li>",
            (
                (
                    mark_safe(' class="new"') if entry.is_new else EMPTY,
                    entry.text,
                    format_html("<small>{}</small>", entry.note) if entry.note else EMPTY,
                )
                for entry in entries
            ),
        ),
    )


def empty_state(icon_name: str, title: str, text: str, actions: str = "", *, level: int = 3) -> SafeString:
    """Say what is not here, why that is fine or not, and how to begin; `level` is that of the heading."""
    return format_html(
        '<div class="text-center py-4"><p class="fs-3 muted mb-1 mx-auto">{0}</p><h{4} class="fs-6">{1}</h{4}><p class="muted mx-auto mt-1">{2}</p>{3}</div>',
        icon(icon_name),
        title,
        text,
        format_html('<div class="flow justify-content-center">{}</div>', actions) if actions.strip() else EMPTY,
        level,
    )


def figures(items: Iterable[Figure]) -> SafeString:
    """Show three or four numbers, each a door to the rows behind it."""
    return format_html('<div class="figures">{}</div>', format_html_join("", "{}", ((_figure(item),) for item in items)))


def _figure(item: Figure) -> SafeString:
    symbol = item.icon or (LEVEL_ICONS[item.level] if item.level else "")
    label = format_html(
        "<span{}>{}{}</span>",
        format_html(' class="is-{}"', item.level) if item.level else EMPTY,
        format_html("{} ", icon(symbol)) if symbol else EMPTY,
        item.label,
    )
    number = words.thousands(item.number) if isinstance(item.number, int) else item.number
    note = format_html("<small>{}</small>", item.note) if item.note else EMPTY
    if not item.href:
        return format_html('<div class="figure">{}<b>{}</b>{}</div>', label, number, note)
    current = mark_safe(' aria-current="true"') if item.is_current else EMPTY
    return format_html('<a class="figure" href="{}"{}>{}<b>{}</b>{}</a>', item.href, current, label, number, note)


def todo(items: Iterable[Todo]) -> SafeString:
    """List what waits for the reader, each with its date and the one action that settles it."""
    return format_html('<ul class="list-unstyled mb-0 todo">{}</ul>', format_html_join("", "{}", ((_todo(item),) for item in items)))


def _todo(item: Todo) -> SafeString:
    level = "" if item.days is None else " is-bad" if item.days <= 2 else " is-warn" if item.days <= 7 else ""
    remaining = words.days_left(item.days) if item.days is not None else _("Tanpa tenggat")
    return format_html(
        '<li><div class="due{}"><b>{}</b>{}</div><div><h3>{}</h3>{}</div><a class="btn{}" href="{}">{}</a></li>',
        level,
        remaining[:1].upper() + remaining[1:],
        words.short_date(item.due) if item.due else "",
        item.title,
        format_html("<p>{}</p>", item.text) if item.text else EMPTY,
        " btn-primary" if item.is_primary else "",
        item.href,
        item.action,
    )


def facts(pairs: Iterable[tuple[str, str]]) -> SafeString:
    """Show label and value pairs as a definition list; values may be safe HTML."""
    return format_html('<dl class="facts">{}</dl>', format_html_join("", "<dt>{}</dt><dd>{}</dd>", pairs))


def progress(value: int, total: int, *, labelled_by: str, thin: bool = False) -> SafeString:
    """Draw a progress bar named by the element `labelled_by`; a total of zero is drawn empty."""
    return format_html(
        '<progress{} max="{}" value="{}" aria-labelledby="{}">{}</progress>',
        mark_safe(' class="thin"') if thin else EMPTY,
        max(total, 1),
        min(value, max(total, 1)),
        labelled_by,
        words.percent(value, total, places=0),
    )


def crumbs(parts: tuple[str, ...]) -> SafeString:
    """Draw the way here from alternating address and label; the last part is the label of this page."""
    links = format_html_join("", '<li class="breadcrumb-item"><a href="{}">{}</a></li>', zip(parts[:-1:2], parts[1:-1:2], strict=True))
    return format_html(
        '<nav aria-label="{}"><ol class="breadcrumb">{}<li class="breadcrumb-item active" aria-current="page">{}</li></ol></nav>',
        _("Remah roti"),
        links,
        parts[-1],
    )


def flash(messages: Iterable[object]) -> SafeString:
    """Show what the last action said: a notice on top, or with the tag "toast" the floating note for done things."""
    notices, toasts = [], []
    for message in messages:
        level = getattr(message, "level_tag", "info")
        kind = MESSAGE_KINDS.get(level, "info")
        if "toast" in (getattr(message, "extra_tags", "") or "").split():
            toasts.append(toast(str(message), kind))
        else:
            body = format_html('<p class="m-0">{}</p>', message)
            notices.append(notice(kind, body, role="alert" if kind == "bad" else "status"))
    stack = (
        format_html('<div class="vstack gap-3 mb-4">{}</div>', format_html_join("", "{}", ((one,) for one in notices)))
        if notices
        else EMPTY
    )
    floating = format_html('<div class="toasts" data-toasts>{}</div>', toasts[-1]) if toasts else EMPTY
    return stack + floating


def toast(text: str, kind: str = "ok") -> SafeString:
    """Draw the floating note; the script shows its closing button and takes the note away after ten seconds."""
    return format_html(
        '<div class="toast-note" role="status" data-toast>{}<span>{}</span>'
        '<button class="btn btn-quiet" type="button" data-close aria-label="{}" hidden>{}</button></div>',
        icon(LEVEL_ICONS[kind]),
        text,
        _("Tutup"),
        icon("x-lg"),
    )
