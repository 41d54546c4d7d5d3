"""What the home page of a role says: what to do, by when, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from latsar.accounts.enums import Role
from latsar.accounts.models import RoleGrant, User
from latsar.accounts.zones import ZONES
from latsar.dashboard import registry
from latsar.dashboard.registry import Todo
from latsar.ui import components, words


@dataclass(frozen=True, slots=True)
class Door:
    """A button beside the greeting; the last one is the main action while nothing waits."""

    label: str | Promise
    url_name: str
    icon: str

    @property
    def url(self) -> str:
        return reverse(self.url_name)


DOORS: dict[str, tuple[Door, ...]] = {
    Role.ADMIN_SATKER: (
        Door(gettext_lazy("Impor Excel"), "participant_import", "upload"),
        Door(gettext_lazy("Tambah CPNS"), "participant_add", "plus-lg"),
    ),
    Role.ADMIN_PROVINSI: (
        Door(gettext_lazy("Dasbor provinsi"), "national_dashboard", "grid-3x3-gap"),
        Door(gettext_lazy("Antrean verifikasi"), "verification_queue", "clipboard-check"),
    ),
    Role.PKSDM: (
        Door(gettext_lazy("Dasbor nasional"), "national_dashboard", "grid-3x3-gap"),
        Door(gettext_lazy("Buat angkatan"), "batch_add", "plus-lg"),
    ),
    Role.LEMBAGA: (Door(gettext_lazy("Semua angkatan"), "batch_list", "calendar3"),),
    Role.MENTOR: (Door(gettext_lazy("Buka bimbingan"), "mentoring_home", "chat-left-text"),),
    Role.COACH: (Door(gettext_lazy("Buka bimbingan"), "mentoring_home", "chat-left-text"),),
    Role.PENGUJI: (Door(gettext_lazy("Jadwal menguji"), "seminar_list", "mortarboard"),),
    Role.PIMPINAN: (
        Door(gettext_lazy("Laporan"), "report_list", "bar-chart"),
        Door(gettext_lazy("Dasbor nasional"), "national_dashboard", "grid-3x3-gap"),
    ),
}
WATCHES_ONLY = frozenset({Role.PIMPINAN, Role.PENGUJI})
"""Roles for which an empty list of duties is the rule, so that its card stays away."""


def home_context(user: User, grant: RoleGrant, now: datetime) -> dict[str, object]:
    """Return everything the home page of one role shows."""
    today = timezone.localdate(now)
    made = registry.home_of(user, grant)
    columns = [panel for panel in made.panels if not panel.wide]
    return {
        "grant": grant,
        "greeting": greeting(user, timezone.localtime(now, ZONES[user.zone]).hour),
        "lead": lead(made.todos, today, made.lead),
        "doors": DOORS.get(grant.role, ()),
        "todos": rows(made.todos, today),
        "shows_todos": bool(made.todos) or grant.role not in WATCHES_ONLY,
        "figures": made.figures,
        "wide": [panel for panel in made.panels if panel.wide],
        "main": [panel for panel in columns if not panel.aside],
        "aside": [panel for panel in columns if panel.aside],
    }


def greeting(user: User, hour: int) -> str:
    """Greet by the hour of the office's clock."""
    name = user.get_short_name()
    if hour < 11:
        return _("Selamat pagi, %(name)s") % {"name": name}
    if hour < 15:
        return _("Selamat siang, %(name)s") % {"name": name}
    if hour < 18:
        return _("Selamat sore, %(name)s") % {"name": name}
    return _("Selamat malam, %(name)s") % {"name": name}


def lead(todos: Sequence[Todo], today: date, own: str = "") -> str:
    """Say the day, the role's own sentence, how much waits and when the first of it is due."""
    parts = [f"{words.long_date_with_weekday(today)}.", own]
    if todos:
        parts.append(_waiting(todos, today))
    elif not own:
        parts.append(_("Tidak ada yang menunggu Anda."))
    return " ".join(filter(None, parts))


def _waiting(todos: Sequence[Todo], today: date) -> str:
    count = ngettext("Ada %(n)s hal yang menunggu Anda", "Ada %(n)s hal yang menunggu Anda", len(todos)) % {
        "n": words.thousands(len(todos))
    }
    first = next((item.due for item in todos if item.due), None)
    if first is None:
        return f"{count}."
    days = (first - today).days
    text = _("%(count)s, yang pertama jatuh tempo %(when)s.") if days >= 0 else _("%(count)s, yang pertama sudah %(when)s.")
    return text % {"count": count, "when": words.days_left(days)}


def rows(todos: Sequence[Todo], today: date) -> list[components.Todo]:
    return [
        components.Todo(
            title=item.title,
            href=item.url,
            action=item.action,
            text=item.detail,
            due=item.due,
            days=(item.due - today).days if item.due else None,
            is_primary=position == 0,
        )
        for position, item in enumerate(todos)
    ]
