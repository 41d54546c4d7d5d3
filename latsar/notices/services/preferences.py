"""Keeping how a person wants to be told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from latsar.accounts import audit
from latsar.accounts.models import User
from latsar.notices.models import MailChoice, MailSettings
from latsar.notices.wishes import wishes_of

SETTINGS = ("quiet_from", "quiet_to", "is_open_on_weekends", "digest_at", "lists_todos", "language")


@transaction.atomic
def save_mail_settings(*, by: User, deliveries: Mapping[str, str], **settings: Any) -> MailSettings:
    """Keep the person's own settings: `deliveries` maps a kind to its delivery, the rest are columns of MailSettings."""
    before = wishes_of(by)
    kept, _created = MailSettings.objects.update_or_create(user=by, defaults={name: settings[name] for name in SETTINGS})
    MailChoice.objects.bulk_create(
        [MailChoice(user=by, kind=kind, delivery=delivery) for kind, delivery in deliveries.items()],
        update_conflicts=True,
        unique_fields=["user", "kind"],
        update_fields=["delivery"],
    )
    old = {name: getattr(before, name) for name in SETTINGS} | dict(before.deliveries)
    changes = audit.difference(old, {name: settings[name] for name in SETTINGS} | dict(deliveries))
    if changes:
        audit.record(verb="mail_settings", obj=by, by=by, changes=changes)
    return kept
