"""Who looked at whose data: the one door to DataView, the only table that a GET may write (ADR 0016)."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date

from django.db import DatabaseError, models
from django.utils import timezone

from latsar.accounts.active_role import active_grant
from latsar.accounts.enums import ViewKind
from latsar.accounts.models import AuthedRequest, DataView, RoleGrant, User
from latsar.accounts.request_facts import current

log = logging.getLogger(__name__)

EXPORT_LIMIT = 5_000
"""A larger list is one audit row with count and filter."""
AT_ONCE = 1_000


def note_view(request: AuthedRequest, about: models.Model, kind: str = ViewKind.PAGE) -> None:
    """Say that this answer shows somebody's data; it is written after the answer. Looking at oneself is nobody's business."""
    note_views(request, type(about), [] if _is_self(about, request.user) else [about.pk], kind)


def note_views(request: AuthedRequest, model: type[models.Model], ids: Iterable[int], kind: str, note: str = "") -> None:
    """Say that this answer is a file with the data of these people."""
    noted = request.__dict__.setdefault("noted_views", [])
    noted += [(model._meta.label_lower, str(pk), str(kind), note) for pk in list(ids)[:EXPORT_LIMIT]]


def note_list(request: AuthedRequest, people: Iterable[models.Model]) -> None:
    """Say that a list on the screen shows more of these people than name, NIP, office and stage."""
    shown = [one for one in people if not _is_self(one, request.user)]
    if shown:
        note_views(request, type(shown[0]), [one.pk for one in shown], ViewKind.LIST)


def write_noted(request: AuthedRequest) -> None:
    """Write what the answer noted and today does not have yet. An error is logged: the answer is made already."""
    noted = request.__dict__.pop("noted_views", [])
    if not noted:
        return
    try:
        _write(request.user, active_grant(request), noted)
    except DatabaseError:
        log.exception("views of %s could not be recorded: %s", request.user.pk, [row[:3] for row in noted[:20]])


def record_export(*, people: Iterable[int], model: type[models.Model], by: User, note: str) -> None:
    """Record each person of a list that leaves as a file, in the transaction of its audit row; above EXPORT_LIMIT nobody."""
    ids = list(people)
    if len(ids) <= EXPORT_LIMIT:
        grant = by.valid_grants[0] if by.valid_grants else None
        _write(by, grant, [(model._meta.label_lower, str(pk), ViewKind.EXPORT.value, note) for pk in ids])


def _write(user: User, grant: RoleGrant | None, noted: list[tuple[str, str, str, str]]) -> None:
    today, facts = timezone.localdate(), current.get()
    known = _known(user, today, noted)
    new = {row[:3]: row for row in noted if row[:3] not in known}
    if not new:
        return
    rows = [
        DataView(
            viewer=user,
            model=model,
            object_id=object_id,
            kind=kind,
            day=today,
            role=grant.role if grant else "",
            unit=grant.unit_label[:150] if grant else "",
            note=note[:200],
            request_id=facts.request_id,
        )
        for model, object_id, kind, note in new.values()
    ]
    DataView.objects.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=True)


def _known(user: User, day: date, noted: list[tuple[str, str, str, str]]) -> set[tuple[str, str, str]]:
    labels, ids = {row[0] for row in noted}, {row[1] for row in noted}
    rows = DataView.objects.filter(model__in=labels, object_id__in=ids, day=day, viewer=user)
    return set(rows.values_list("model", "object_id", "kind"))


def _is_self(about: models.Model, user: User) -> bool:
    return getattr(about, "user_id", None) == user.pk
