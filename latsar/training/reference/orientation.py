"""The usual programme of an orientasi tugas. A template that exists is never touched again."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Model

from latsar.training.models import OrientationTemplate, OrientationTemplateSession
from latsar.training.reference.files import toml


def steps() -> tuple[tuple[str, type[Model], Callable[[], None]], ...]:
    return (("templat orientasi tugas", OrientationTemplate, load_templates),)


def load_templates() -> None:
    """Create missing templates with their sessions."""
    known = set(OrientationTemplate.objects.values_list("code", flat=True))
    for entry in toml("orientation.toml")["template"]:
        if entry["code"] in known:
            continue
        template = OrientationTemplate.objects.create(**{name: value for name, value in entry.items() if name != "sessions"})
        OrientationTemplateSession.objects.bulk_create(OrientationTemplateSession(template=template, **row) for row in entry["sessions"])
