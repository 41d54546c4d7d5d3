"""Participants, their documents, imports and certificates in the admin."""

from participants.admin import (
    certificates,
    dossier,
    duties,
    imports,
    invitations,
    movements,
    orientation,
    people,
    placement,
    planning,
    scores,
)

__all__ = [
    "certificates",
    "dossier",
    "duties",
    "imports",
    "invitations",
    "movements",
    "orientation",
    "people",
    "placement",
    "planning",
    "scores",
]
