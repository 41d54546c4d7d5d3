"""Which of a person's roles the home page and the menu show. It never widens what the person may see."""

from __future__ import annotations

from latsar.accounts.models import AuthedRequest, RoleGrant

SESSION_KEY = "grant_id"


def active_grant(request: AuthedRequest) -> RoleGrant | None:
    """Return the chosen grant while it is valid, else the first one."""
    grants = request.user.valid_grants
    chosen = request.session.get(SESSION_KEY)
    return next((g for g in grants if g.pk == chosen), grants[0] if grants else None)


def choose_grant(request: AuthedRequest, grant_id: int) -> bool:
    if not any(g.pk == grant_id for g in request.user.valid_grants):
        return False
    request.session[SESSION_KEY] = grant_id
    return True
