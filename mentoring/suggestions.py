"""Which mentors fit whom: same satker first, then the province, then the lightest load."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from latsar.accounts.models import User
from mentoring import policies
from mentoring.enums import MENTEE_LIMIT
from mentoring.models import Mentor
from participants.models import Participant

PER_PERSON = 5


@dataclass(frozen=True)
class Suggestion:
    mentor: Mentor
    load: int
    nearness: str

    @property
    def label(self) -> str:
        return f"{self.mentor}, {self.load}/{MENTEE_LIMIT}, {self.nearness}"


def suggestions(participants: Sequence[Participant], user: User) -> dict[int, list[Suggestion]]:
    """Return for each participant up to five mentors with a free slot; one query for all of them."""
    provinces = {participant.province_id for participant in participants}
    near = Mentor.objects.visible_to(user).active().filter(Q(satker__province_id__in=provinces) | Q(satker_id__in=provinces))
    pool = [mentor for mentor in near.with_load().select_related("user", "satker") if _load(mentor) < MENTEE_LIMIT]
    return {participant.pk: _best(participant, pool) for participant in participants}


def spread(participants: Sequence[Participant], offers: Mapping[int, Sequence[Suggestion]]) -> dict[int, int]:
    """Choose the best offer for each participant without filling any mentor beyond the limit: participant id -> mentor id."""
    room: dict[int, int] = {offer.mentor.pk: MENTEE_LIMIT - offer.load for found in offers.values() for offer in found}
    chosen = {}
    for participant in participants:
        pick = next((offer.mentor.pk for offer in offers[participant.pk] if room[offer.mentor.pk] > 0), None)
        if pick is not None:
            chosen[participant.pk] = pick
            room[pick] -= 1
    return chosen


def _best(participant: Participant, pool: Iterable[Mentor]) -> list[Suggestion]:
    fitting = [mentor for mentor in pool if not policies.is_same_person(mentor, participant) and _is_near(mentor, participant)]
    fitting.sort(key=lambda mentor: (mentor.satker_id != participant.satker_id, _load(mentor), mentor.user.full_name))
    return [Suggestion(mentor, _load(mentor), _nearness(mentor, participant)) for mentor in fitting[:PER_PERSON]]


def _is_near(mentor: Mentor, participant: Participant) -> bool:
    return participant.province_id in (mentor.satker.province_id, mentor.satker_id)


def _nearness(mentor: Mentor, participant: Participant) -> str:
    return _("satker sama") if mentor.satker_id == participant.satker_id else mentor.satker.name


def _load(mentor: Mentor) -> int:
    return int(mentor.load)  # type: ignore[attr-defined]  # annotated by with_load
