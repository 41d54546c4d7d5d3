"""The audit trail's one door. Services call it inside their own transaction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from latsar.accounts.models import AuditEntry, User
from latsar.accounts.request_facts import current


def entry(*, verb: str, obj: models.Model, by: User | None, changes: dict[str, Any] | None = None, note: str = "") -> AuditEntry:
    """Build an unsaved entry; `changes` maps a field to [old, new]."""
    facts = current.get()
    return AuditEntry(
        actor_id=by.pk if by else None,
        verb=verb,
        model=obj._meta.label_lower,
        object_id=str(obj.pk),
        object_label=str(obj)[:200],
        changes=_plain(changes or {}),
        note=note[:500],
        satker_id=getattr(obj, "satker_id", None),
        province_id=getattr(obj, "province_id", None),
        request_id=facts.request_id,
        client_ip=facts.client_ip,
    )


def record(*, verb: str, obj: models.Model, by: User | None, changes: dict[str, Any] | None = None, note: str = "") -> AuditEntry:
    """Write one entry in the transaction of the change it describes."""
    row = entry(verb=verb, obj=obj, by=by, changes=changes, note=note)
    row.save(force_insert=True)
    return row


def record_many(entries: Iterable[AuditEntry]) -> None:
    AuditEntry.objects.bulk_create(entries, batch_size=2000)


def difference(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """Return `{field: [old, new]}` for the fields of `after` that differ."""
    return {name: [before.get(name), value] for name, value in after.items() if before.get(name) != value}


def snapshot(obj: models.Model, fields: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(obj, obj._meta.get_field(name).attname) for name in fields}  # type: ignore[union-attr]


_encoder = DjangoJSONEncoder()


def _plain(changes: dict[str, Any]) -> dict[str, Any]:
    return {name: [_value(old), _value(new)] for name, (old, new) in changes.items()}


def _value(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    try:
        return _encoder.default(value)
    except TypeError:
        return str(value)
