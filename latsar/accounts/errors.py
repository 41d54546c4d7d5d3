"""What a service answers when the answer is no. The middleware turns each into one page."""

from __future__ import annotations

from django.core.exceptions import ValidationError


class NotAllowed(Exception):
    """The actor may not do this to this object. Shown as 404: it tells a stranger nothing."""


class Refused(ValidationError):
    """A rule says no right now (quota, stage, limit); the message is for the person who asked."""


class NoReason(Refused):
    """The step needs a reason in words and got none."""


class IllegalMove(Refused):
    """The workflow table has no such move from the present stage."""


class StaleVersion(Refused):
    """Somebody else saved this row since the form was opened (409)."""
