"""The audit trail of any row in words: old and new value by field, who with which role, and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from latsar.accounts.enums import NATION_ROLES, Role
from latsar.accounts.models import AuditEntry, RoleGrant, User
from latsar.accounts.trail import AuditEntryQuerySet
from latsar.accounts.zones import ZONES
from latsar.dashboard import registry
from latsar.dashboard.recent import OTHER, VERBS
from latsar.ui import words
from latsar.ui.numbers import whole_number

KINDS = {
    "peserta": "participants.participant",
    "impor": "participants.participantimport",
    "angkatan": "training.batch",
    "lembaga": "training.institute",
    "satker": "satker.satker",
    "dokumen": "documents.issueddocument",
    "mentor": "mentoring.mentor",
    "rancangan": "aktualisasi.rancangan",
    "akun": "accounts.user",
    "peran": "accounts.rolegrant",
    "orientasi": "participants.orientationprogramme",
    "skema": "training.regulationscheme",
    "kurikulum": "training.curriculum",
    "hari-libur": "training.holiday",
    "tarif": "training.tariff",
    "syarat-berkas": "training.dossierrequirement",
    "templat-orientasi": "training.orientationtemplate",
    "aturan-pengingat": "notices.reminderrule",
}
"""What people look for by its word, in the address and in the filter. Every other table of the portal has its page under
its label, `participants-movement`. The upper apps stand here as names only."""
SLUGS = {label: slug for slug, label in KINDS.items()}
NARROW = frozenset({"accounts.user", "accounts.rolegrant"})
"""Rows that are seen from many units: a unit reads only what was done there."""
NAMES_OTHERS = frozenset({"participants.orientationprogramme", "training.trainingsession"})
"""Rows whose trail names the people in them: for who runs them, not for everybody who takes part."""
ROOMS = frozenset({"latsar", "participants", "mentoring", "aktualisasi"})
HIDDEN = gettext_lazy("tidak ditampilkan")
OTHER_LABELS = {
    "mentor": gettext_lazy("mentor"),
    "group": gettext_lazy("kelompok"),
    "stage": gettext_lazy("tahap"),
    "new": gettext_lazy("baru"),
    "changed": gettext_lazy("berubah"),
    "same": gettext_lazy("sama"),
    "error": gettext_lazy("salah"),
    "undone": gettext_lazy("diurungkan"),
    "kept": gettext_lazy("dibiarkan"),
    "files": gettext_lazy("berkas"),
    "sessions": gettext_lazy("acara"),
}
FOR_REGISTRARS = frozenset({"participants.participantimport", "participants.plan"})
"""Rows that leaders and auditors find in the trail without having their page."""


@dataclass(frozen=True, slots=True)
class Change:
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Line:
    """One audit row, ready to print; without `shows_values` the changes have labels only."""

    pk: int
    at: datetime
    when: str
    actor: str
    login: str
    standing: str
    verb: str
    kind: str
    label: str
    url: str
    changes: Sequence[Change]
    shows_values: bool
    note: str
    request_id: str
    client_ip: str


def object_of(user: User, slug: str, pk: int) -> models.Model | None:
    """Return the row that the person sees under this word, or nothing.

    Rules and other tables without people's data are for the nation; what tells of one person is for who answers for the
    person or is it, and not for everybody who has them for a month.
    """
    model = _model(KINDS.get(slug, slug.replace("-", ".", 1)))
    if model is None:
        return None
    rows: Any = model._default_manager.filter(pk=pk)
    if hasattr(rows, "visible_to"):
        rows = rows.visible_to(user)
    elif not user.scope.nation:
        return None
    obj = rows.first()
    told = registry.story_of(obj) if obj is not None else None
    return None if told and not _reads_all(user, told[0]) else obj


def _model(label: str) -> type[models.Model] | None:
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return None
    return model if model.__module__.partition(".")[0] in ROOMS else None


def entries_about(user: User, obj: models.Model) -> AuditEntryQuerySet:
    """Return the trail of a row that the person sees: all of it to whoever answers for the row or whom it is about.

    An institute that has somebody for a month, and a unit that sees an account of many, read what was done in their own units.
    """
    rows = AuditEntry.objects.all() if _reads_all(user, obj) else AuditEntry.objects.visible_to(user)
    told = registry.story_of(obj)
    if told is None:
        return rows.about(obj).order_by("-pk")
    owner, condition = told
    return (rows.about(obj) | rows.about(owner).filter(condition)).order_by("-pk")


def _reads_all(user: User, obj: models.Model) -> bool:
    if user.scope.nation:
        return True
    if obj._meta.label_lower in NARROW:
        return False
    if obj._meta.label_lower in NAMES_OTHERS:
        return user.scope.covers_unit(satker_id=None, province_id=getattr(obj, "province_id", None))
    if user.pk in (getattr(obj, "user_id", None), getattr(obj, "holder_id", None), getattr(obj, "uploaded_by_id", None)) or not hasattr(
        obj, "satker_id"
    ):
        return True
    return user.scope.covers_unit(satker_id=obj.satker_id, province_id=getattr(obj, "province_id", None))


def url_of(label: str, object_id: str) -> str:
    """Return the address of the trail of a row, or nothing for what has no such page."""
    word = _word(label)
    return reverse("trail_object", args=[word, object_id]) if word and whole_number(object_id) is not None else ""


def url_for(user: User, obj: models.Model) -> str:
    """Return the address of the trail of a row where it opens for this person, else nothing."""
    label = obj._meta.label_lower
    return url_of(label, str(obj.pk)) if object_of(user, _word(label), obj.pk) is not None else ""


def _word(label: str) -> str:
    return SLUGS.get(label) or (label.replace(".", "-", 1) if _model(label) else "")


def shows_values(user: User) -> bool:
    """Leaders and auditors read who did what to which field; the values belong to who administers the people, and to the person.

    The one rule for every page that tells the trail.
    """
    return not user.scope.nation or user.has_role(Role.PKSDM)


def kind_name(label: str) -> str:
    """Return the word for a table, as its model says it."""
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except (LookupError, ValueError):
        return label


def lines(entries: Iterable[AuditEntry], user: User, *, obj: models.Model | None = None) -> list[Line]:
    """Write audit rows in words: a fixed number of queries, however many rows."""
    entries, with_values = list(entries), shows_values(user)
    names, roles = _names_of(entries), _roles_of(entries)
    now, zone = timezone.now(), ZONES[user.zone]
    veils = {label: registry.veiled_fields(label, user, obj) for label in {entry.model for entry in entries}}
    return [
        Line(
            pk=entry.pk,
            at=entry.at,
            when=words.when(entry.at, now, zone),
            actor=entry.actor.full_name if entry.actor else _("Portal"),
            login=entry.actor.username if entry.actor else "",
            standing=_standing(entry, roles.get(entry.actor_id or 0, ()), user),
            verb=str(VERBS.get(entry.verb, OTHER)),
            kind=kind_name(entry.model),
            label=entry.object_label,
            url="" if entry.model in FOR_REGISTRARS and not with_values else url_of(entry.model, entry.object_id),
            changes=_changes(entry, veils[entry.model], names, zone=zone),
            shows_values=with_values,
            note=entry.note,
            request_id=entry.request_id,
            client_ip=entry.client_ip or "",
        )
        for entry in entries
    ]


def _roles_of(entries: Sequence[AuditEntry]) -> dict[int, list[RoleGrant]]:
    found: dict[int, list[RoleGrant]] = {}
    actors = {entry.actor_id for entry in entries if entry.actor_id}
    for grant in RoleGrant.objects.filter(user_id__in=actors).select_related("satker", "institute").order_by("pk"):
        found.setdefault(grant.user_id, []).append(grant)
    return found


def _standing(entry: AuditEntry, grants: Sequence[RoleGrant], user: User) -> str:
    """Say with which role the person acted: those valid that day which reach the row's unit, all of them to the nation."""
    day, units = timezone.localdate(entry.at), {entry.satker_id, entry.province_id}
    valid = [grant for grant in grants if grant.valid_from <= day and (grant.valid_to is None or grant.valid_to >= day)]
    if not user.scope.nation:
        valid = [grant for grant in valid if grant.role in NATION_ROLES or grant.satker_id in units or grant.user_id == user.pk]
    return "; ".join(str(grant) for grant in valid)


def _names_of(entries: Sequence[AuditEntry]) -> dict[tuple[str, str], str]:
    """Read the names of the rows that changes point to, one query a table."""
    wanted: dict[type[models.Model], set[Any]] = {}
    for entry in entries:
        for name, values in entry.changes.items():
            field = _field(entry.model, name)
            if isinstance(field, models.ForeignKey):
                wanted.setdefault(field.related_model, set()).update(value for value in values if isinstance(value, int))  # type: ignore[arg-type]
    return {
        (model._meta.label_lower, str(row.pk)): str(row)
        for model, keys in wanted.items()
        for row in model._default_manager.filter(pk__in=keys)
    }


def _changes(entry: AuditEntry, veil: frozenset[str], names: Mapping[tuple[str, str], str], *, zone: Any) -> list[Change]:
    shown = []
    for name, (old, new) in entry.changes.items():
        field = _field(entry.model, name)
        if name == "province" and "satker" in entry.changes:
            continue
        label = _label(field, name)
        if name in veil:
            shown.append(Change(label, "–", str(HIDDEN)))
        else:
            shown.append(Change(label, _value(field, old, names, zone), _value(field, new, names, zone)))
    return shown


def _label(field: Any, name: str) -> str:
    label = str(field.verbose_name) if isinstance(field, models.Field) else str(OTHER_LABELS.get(name, name))
    return label[:1].upper() + label[1:]


def _value(field: Any, value: Any, names: Mapping[tuple[str, str], str], zone: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(field, models.ForeignKey):
        return names.get((field.related_model._meta.label_lower, str(value)), str(value))  # type: ignore[union-attr]
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if isinstance(field, models.Field) and field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DateTimeField) and (moment := parse_datetime(str(value))):
        return words.when(moment, timezone.now(), zone)
    if isinstance(field, models.DateField) or _looks_like_a_day(value):
        return words.long_date(date.fromisoformat(str(value)[:10]))
    return str(value)


def _looks_like_a_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and len(value) == 10 and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _field(label: str, name: str) -> Any:
    try:
        return apps.get_model(label)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return None
