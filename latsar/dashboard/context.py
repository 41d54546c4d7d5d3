from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from latsar.accounts import sessions
from latsar.accounts.active_role import active_grant
from latsar.accounts.models import RoleGrant, User
from latsar.dashboard.menu import SEARCHERS, menu_for
from latsar.notices.models import Notice
from latsar.ui import words


def page(request: HttpRequest) -> dict[str, Any]:
    """What base.html shows around every page; nothing of it for a visitor."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"theme": "auto"}
    grant = active_grant(request)  # type: ignore[arg-type]
    return {
        "theme": user.theme,
        "session_left": sessions.remaining(request),  # type: ignore[arg-type]
        "reader": _reader(user, grant),
        "menu": menu_for(grant.role, request) if grant else [],
        "unread_count": Notice.objects.visible_to(user).unread().count(),
        "today_label": f"{user.zone}, {words.long_date_with_weekday(timezone.localdate())}",
    }


def _reader(user: User, grant: RoleGrant | None) -> dict[str, Any]:
    return {
        "name": user.full_name or user.username,
        "initials": initials(user.full_name or user.username),
        "role_label": grant.get_role_display() if grant else "",
        "unit_label": grant.unit_label if grant else "",
        "can_search": user.has_role(*SEARCHERS),
        "roles": [{"id": g.pk, "label": str(g), "current": g == grant} for g in user.valid_grants],
    }


def initials(name: str) -> str:
    """Return the first letters of the first and last word, titles left out."""
    plain = re.sub(r"\b(Drs?|Dra|Ir|H|Hj)\.\s*", "", name.split(",", maxsplit=1)[0])
    parts = [word for word in plain.split() if word[:1].isalpha()]
    return (parts[0][0] + (parts[-1][0] if len(parts) > 1 else "")).upper() if parts else "?"
