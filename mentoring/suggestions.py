"""Which mentors fit whom: the same field of work, the own satker, room, the same zone; each with the reasons in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F, Q
from django.utils.translation import gettext as _

from latsar.accounts.models import User
from mentoring import policies
from mentoring.enums import Bidang
from mentoring.expertise import fields_of_mentor, fields_of_person
from mentoring.models import Mentor
from participants.models import Participant

PER_PERSON = 5
MOST = 600
"""Mentors looked at; those with the lightest load first."""
FIELD, OWN_SATKER, PROVINCE, ZONE, TRAINED, EACH_MENTEE = 40, 30, 15, 5, 4, 6
"""Points: a mentor of the same field elsewhere in the province goes before one of another field at the own satker with a like load."""


@dataclass(frozen=True)
class Suggestion:
    mentor: Mentor
    load: int
    places: int
    reasons: Sequence[str]
    points: int

    @property
    def why(self) -> str:
        return ", ".join(self.reasons)

    @property
    def label(self) -> str:
        return f"{self.mentor}, {self.load}/{self.places}, {self.why}"


def suggestions(participants: Sequence[Participant], user: User) -> dict[int, list[Suggestion]]:
    """Return for each participant up to five mentors with a free slot; one query for all of them.

    From the participant's province, and from elsewhere in the same time zone when the chosen field is the same.
    """
    provinces = {participant.province_id for participant in participants}
    fields = frozenset[str]().union(*(fields_of_person(participant) for participant in participants))
    zones = {participant.satker.zone for participant in participants}
    near = Q(satker__province_id__in=provinces) | Q(satker_id__in=provinces) | Q(bidang__in=fields, satker__zone__in=zones)
    rows = Mentor.objects.visible_to(user).filter(near).with_room().select_related("user", "satker")
    pool = list(rows.order_by(F("load").asc(), "pk")[:MOST])
    return {participant.pk: _best(participant, pool) for participant in participants}


def spread(participants: Sequence[Participant], offers: Mapping[int, Sequence[Suggestion]]) -> dict[int, int]:
    """Choose the best offer for each participant without filling any mentor beyond the limit: participant id -> mentor id."""
    room: dict[int, int] = {offer.mentor.pk: offer.places - offer.load for found in offers.values() for offer in found}
    chosen = {}
    for participant in participants:
        pick = next((offer.mentor.pk for offer in offers[participant.pk] if room[offer.mentor.pk] > 0), None)
        if pick is not None:
            chosen[participant.pk] = pick
            room[pick] -= 1
    return chosen


def _best(participant: Participant, pool: Iterable[Mentor]) -> list[Suggestion]:
    found = [offer for mentor in pool if (offer := _offer(participant, mentor))]
    found.sort(key=lambda offer: (-offer.points, offer.mentor.user.full_name, offer.mentor.pk))
    return found[:PER_PERSON]


def _offer(participant: Participant, mentor: Mentor) -> Suggestion | None:
    """Weigh one mentor for one person; None when the two may not or do not meet."""
    shared = fields_of_mentor(mentor) & fields_of_person(participant)
    in_province = mentor.province_id == participant.province_id
    own = mentor.satker_id == participant.satker_id
    same_zone = mentor.satker.zone == participant.satker.zone
    if policies.is_same_person(mentor, participant) or not (in_province or (shared and same_zone)):
        return None
    load, places = int(mentor.load), int(mentor.places)  # type: ignore[attr-defined]  # annotated by with_load
    reasons = [_("satker sama") if own else mentor.satker.name]
    if shared:
        reasons.append(_("bidang sama (%(bidang)s)") % {"bidang": Bidang(min(shared)).label})
    if not own and not in_province and same_zone:
        reasons.append(_("zona waktu sama"))
    if load == 0:
        reasons.append(_("belum membimbing siapa pun"))
    if mentor.trained_on is None:
        reasons.append(_("belum dibekali"))
    points = FIELD * bool(shared) + OWN_SATKER * own + PROVINCE * in_province + ZONE * same_zone
    points += TRAINED * (mentor.trained_on is not None) - EACH_MENTEE * load
    return Suggestion(mentor, load, places, reasons, points)
