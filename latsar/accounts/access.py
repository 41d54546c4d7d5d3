"""What each view declares about its visitors. A view that declares nothing is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import Http404, HttpResponseBase

from latsar.accounts.enums import ADMIN_SITE_ROLES
from latsar.accounts.models import User

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


@dataclass(frozen=True)
class Access:
    """`public`: anyone. `roles` empty: any signed-in person. Else one of the roles."""

    public: bool = False
    roles: frozenset[str] = frozenset()
    before_mfa: bool = False

    def admits(self, user: User) -> bool:
        return not self.roles or bool(self.roles & user.scope.roles)


def public(view: View) -> View:
    return _declare(view, Access(public=True))


def signed_in(view: View) -> View:
    return _declare(view, Access())


def before_mfa(view: View) -> View:
    """Open to a signed-in person who still has to enrol a second factor."""
    return _declare(view, Access(before_mfa=True))


def allow(*roles: str) -> Callable[[View], View]:
    return lambda view: _declare(view, Access(roles=frozenset(roles)))


def require(condition: bool) -> None:  # noqa: FBT001
    """Answer 404 unless the policy said yes: a refusal must not show that the row exists."""
    if not condition:
        raise Http404


def _declare(view: View, access: Access) -> View:
    holder: Any = view
    holder.access = access
    return view


ADMIN_ACCESS = Access(roles=frozenset(ADMIN_SITE_ROLES))
