"""Every stage x action x actor against a literal expected set.

The workflow of a participant's file is here; that of the rancangan stands in tests/aktualisasi/test_workflow.py.
"""

from __future__ import annotations

import itertools

import pytest
from django.utils import timezone

from latsar.accounts.enums import Role
from latsar.accounts.errors import IllegalMove, NotAllowed
from latsar.training.models import Seat
from participants.enums import Stage
from participants.models import Participant, ParticipantStageChange
from participants.services.verification import move_participant
from participants.workflow import MOVES
from tests import factories

STAGES = (
    "registered",
    "submitted",
    "returned",
    "verified",
    "approved",
    "placed",
    "training",
    "graduated",
    "deferred",
    "withdrawn",
    "dismissed",
)
ACTIONS = (
    "submit", "withdraw_submission", "verify", "return", "approve", "return_to_satker",
    "place", "release", "start", "graduate", "undo_graduate",
    "defer", "resume", "change_batch", "withdraw", "pass_away", "dismiss", "reinstate",
)  # fmt: skip
ACTORS = (
    "own satker", "other satker", "foreign satker", "own province", "foreign province", "pksdm", "pimpinan",
    "own institute", "foreign institute", "mentor", "coach", "penguji", "oneself", "stranger",
)  # fmt: skip

SATKER, PROVINCE, PKSDM, INSTITUTE = "own satker", "own province", "pksdm", "own institute"

ALLOWED = {
    ("registered", "submit", SATKER, "submitted"),
    ("registered", "submit", PROVINCE, "submitted"),
    ("registered", "submit", PKSDM, "submitted"),
    ("returned", "submit", SATKER, "submitted"),
    ("returned", "submit", PROVINCE, "submitted"),
    ("returned", "submit", PKSDM, "submitted"),
    ("submitted", "withdraw_submission", SATKER, "registered"),
    ("submitted", "withdraw_submission", PROVINCE, "registered"),
    ("submitted", "withdraw_submission", PKSDM, "registered"),
    ("submitted", "verify", PROVINCE, "verified"),
    ("submitted", "return", PROVINCE, "returned"),
    ("verified", "approve", PKSDM, "approved"),
    ("verified", "return_to_satker", PKSDM, "returned"),
    ("approved", "return_to_satker", PKSDM, "returned"),
    ("approved", "place", PKSDM, "placed"),
    ("placed", "release", PKSDM, "approved"),
    ("placed", "start", PKSDM, "training"),
    ("training", "graduate", PKSDM, "graduated"),
    ("training", "graduate", INSTITUTE, "graduated"),
    ("graduated", "undo_graduate", PKSDM, "training"),
    ("approved", "defer", PKSDM, "deferred"),
    ("placed", "defer", PKSDM, "deferred"),
    ("training", "defer", PKSDM, "deferred"),
    ("deferred", "resume", PKSDM, "approved"),
    ("placed", "change_batch", PKSDM, "placed"),
    ("training", "change_batch", PKSDM, "placed"),
    *((stage, "withdraw", PKSDM, "withdrawn") for stage in STAGES[:7]),
    ("deferred", "withdraw", PKSDM, "withdrawn"),
    *((stage, "pass_away", PKSDM, "withdrawn") for stage in STAGES[:7]),
    ("deferred", "pass_away", PKSDM, "withdrawn"),
    *((stage, "dismiss", PKSDM, "dismissed") for stage in STAGES[:7]),
    ("deferred", "dismiss", PKSDM, "dismissed"),
    ("withdrawn", "reinstate", PKSDM, "registered"),
    ("dismissed", "reinstate", PKSDM, "registered"),
}
SECRETARIAT_ALLOWED = {("submitted", "verify", PKSDM, "verified"), ("submitted", "return", PKSDM, "returned")}
"""What changes when the person works at the Secretariat General, which has no province above it."""

SEATED = {"placed", "training", "graduated"}


class Stagehand:
    """Puts one person into any stage and lets anybody try any move."""

    def __init__(self, cast, satker) -> None:
        self.batch = factories.BatchFactory(institute=cast.institute_a)
        account = factories.UserFactory(username="19980812")
        factories.RoleGrantFactory(user=account, role=Role.PESERTA)
        self.person = factories.ParticipantFactory(satker=satker, user=account)
        factories.PlacementFactory(participant=self.person, seat=Seat.objects.filter(batch=self.batch).first())
        self.actors = {
            "own satker": cast.admin_kupang, "other satker": cast.admin_ende, "foreign satker": cast.admin_denpasar,
            "own province": cast.provinsi_a, "foreign province": cast.provinsi_b, "pksdm": cast.pksdm, "pimpinan": cast.pimpinan,
            "own institute": cast.lembaga_a, "foreign institute": cast.lembaga_b, "mentor": cast.mentor_a, "coach": cast.coach_a,
            "penguji": cast.penguji_a, "oneself": account, "stranger": cast.stranger,
        }  # fmt: skip

    def put(self, stage: str) -> None:
        today = timezone.localdate()
        Participant.objects.filter(pk=self.person.pk).update(
            stage=stage,
            batch=self.batch if stage in SEATED else None,
            graduated_on=today if stage == "graduated" else None,
            latsar_entries=0,
        )

    def facts(self, action: str) -> dict[str, object]:
        today = timezone.localdate()
        return {
            "place": {"batch": self.batch},
            "release": {"batch": None},
            "defer": {"batch": None},
            "withdraw": {"batch": None},
            "pass_away": {"batch": None},
            "dismiss": {"batch": None},
            "change_batch": {"batch": self.batch},
            "graduate": {"graduated_on": today, "qualification": "memuaskan"},
            "undo_graduate": {"graduated_on": None, "qualification": ""},
        }.get(action, {})

    def attempt(self, stage: str, action: str, actor: str) -> str | None:
        """Return the new stage, or None after checking that a refusal left nothing behind."""
        self.put(stage)
        before = ParticipantStageChange.objects.count()
        try:
            move_participant(participant_id=self.person.pk, action=action, by=self.actors[actor], note="Alasan.", facts=self.facts(action))
        except (NotAllowed, IllegalMove):
            self.person.refresh_from_db()
            assert (self.person.stage, ParticipantStageChange.objects.count()) == (stage, before)
            return None
        self.person.refresh_from_db()
        assert ParticipantStageChange.objects.count() == before + 1
        return self.person.stage


def outcomes(hand: Stagehand, actors: tuple[str, ...]) -> set[tuple[str, str, str, str]]:
    found = set()
    for stage, action, actor in itertools.product(STAGES, ACTIONS, actors):
        new = hand.attempt(stage, action, actor)
        if new is not None:
            found.add((stage, action, actor, new))
    return found


def test_the_table_has_exactly_the_known_stages_and_actions():
    assert tuple(MOVES) == ACTIONS
    assert set(Stage.values) == set(STAGES)


@pytest.mark.parametrize("actor", ACTORS)
def test_move_participant_of_a_regency_allows_exactly_the_expected_moves(cast, actor):
    expected = {row for row in ALLOWED if row[2] == actor}
    assert outcomes(Stagehand(cast, cast.kupang), (actor,)) == expected


def test_move_participant_of_the_secretariat_is_judged_by_pksdm_alone(cast):
    expected = {row for row in ALLOWED if row[2] in {PKSDM, INSTITUTE}} | SECRETARIAT_ALLOWED
    assert outcomes(Stagehand(cast, cast.setjen), ACTORS) == expected
