"""A few people of NTT whose data are wrong, so that the page of data quality has something to show."""

from __future__ import annotations

from datetime import timedelta

from latsar.notices.models import EmailBounce
from participants.enums import ENDED
from participants.models import Participant

SPOILT = 9


def record() -> None:
    """Spoil one fact each; the people are chosen in a fixed order, two of Kota Kupang first."""
    unfinished = Participant.objects.filter(province__code="53", user=None).exclude(stage__in=ENDED).order_by("stage_order", "nip")
    kupang = unfinished.filter(satker__code="53.71")
    people = [*kupang[:2], *unfinished.exclude(satker__code="53.71")[: SPOILT - 2]]
    if len(people) < SPOILT:
        return
    doubled = people[8]
    wrong_education = "D-III" if people[3].golongan.startswith("III") else "S-1"
    changes: list[dict[str, object]] = [
        {"birth_place": ""},
        {"phone": ""},
        {"birth_place": "", "education": ""},
        {"education": wrong_education},
        {"address": ""},
        {"birth_date": people[5].birth_date + timedelta(days=9)},
        {"phone": ""},
        {"phone": doubled.phone},
    ]
    for person, facts in zip(people, changes, strict=False):
        Participant.objects.filter(pk=person.pk).update(**facts)
    EmailBounce.objects.get_or_create(address=doubled.email.lower(), defaults={"reason": "550 5.1.1 no such user"})
