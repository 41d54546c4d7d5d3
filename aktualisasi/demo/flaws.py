"""A few people of NTT whose data are wrong, so that the page of data quality has something to show."""

from __future__ import annotations

from datetime import timedelta

from latsar.notices.models import EmailBounce
from participants.models import Participant
from participants.policies import OPEN_FOR_SATKER


def record() -> None:
    """Spoil one fact each; the people are chosen in a fixed order."""
    waiting = Participant.objects.filter(province__code="53", user=None, stage__in=OPEN_FOR_SATKER).order_by("nip")
    people = [*waiting.filter(satker__code="53.71")[:2], *waiting.exclude(satker__code="53.71")[:6]]
    spoilt: list[dict[str, object]] = [
        {"birth_place": ""},
        {"phone": ""},
        {"education": "D-III", "golongan": "III/a"},
        {"address": "", "phone": ""},
        {"birth_place": "", "education": ""},
    ]
    for person, facts in zip(people, spoilt, strict=False):
        Participant.objects.filter(pk=person.pk).update(**facts)
    for person in people[5:6]:
        Participant.objects.filter(pk=person.pk).update(birth_date=person.birth_date + timedelta(days=9))
    if len(people) > 7:
        Participant.objects.filter(pk=people[6].pk).update(phone=people[7].phone)
        EmailBounce.objects.get_or_create(address=people[7].email.lower(), defaults={"reason": "550 5.1.1 no such user"})
