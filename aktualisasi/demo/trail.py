"""An audit trail for the people of Kota Kupang, so that its pages have something to read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from latsar.accounts import audit
from latsar.accounts.enums import Role, ViewKind
from latsar.accounts.models import AuditEntry, DataView, User
from participants.models import Participant, ParticipantStageChange

SHOWN = 12  # people
ACTORS = {"register": "satker.kupang", "submit": "satker.kupang", "verify": "provinsi.ntt", "return": "provinsi.ntt"}
LOOKS = (  # who, with which role, at what, days ago
    ("provinsi.ntt", Role.ADMIN_PROVINSI, ViewKind.PAGE, 2),
    ("pksdm", Role.PKSDM, ViewKind.EXPORT, 4),
    ("satker.kupang", Role.ADMIN_SATKER, ViewKind.PAGE, 9),
    ("lembaga.ntt", Role.LEMBAGA, ViewKind.EXPORT, 12),
)


def write_trail(users: Mapping[str, User]) -> None:
    """Write what the story of these people would have left behind, the oldest first."""
    people = list(Participant.objects.filter(satker__code="53.71").select_related("satker", "province").order_by("pk")[:SHOWN])
    rows = [row for person in people for row in _deeds(person, users)]
    audit.record_many(sorted(rows, key=lambda row: row.at))
    DataView.objects.bulk_create([look for person in people for look in _looks(person, users)])


def _deeds(person: Participant, users: Mapping[str, User]) -> list[AuditEntry]:
    rows = []
    for change in ParticipantStageChange.objects.filter(participant=person).order_by("at", "pk"):
        by = users[ACTORS.get(change.action, "pksdm")]
        changes = {"stage": [change.old, change.new]} if change.old else {}
        row = audit.entry(verb=change.action, obj=person, by=by, changes=changes, note=change.note)
        row.at = change.at
        rows.append(row)
    fixed = audit.entry(
        verb="change", obj=person, by=users["satker.kupang"], changes={"phone": ["", person.phone], "address": ["", person.address]}
    )
    fixed.at = rows[0].at + timedelta(days=1)
    return [*rows, fixed]


def _looks(person: Participant, users: Mapping[str, User]) -> list[DataView]:
    now = timezone.now()
    return [
        DataView(
            viewer=users[name],
            model=Participant._meta.label_lower,
            object_id=str(person.pk),
            kind=kind,
            day=timezone.localdate(now - timedelta(days=days)),
            at=now - timedelta(days=days, minutes=person.pk % 60),
            role=role,
            unit=str(users[name].valid_grants[0].unit_label),
            note="Unduhan daftar peserta" if kind == ViewKind.EXPORT else "",
        )
        for name, role, kind, days in LOOKS
        if users[name].pk != person.user_id and (role != Role.LEMBAGA or person.batch_id)
    ]
