"""Every stage x action x actor of a seminar and of its marks against a literal expected set."""

import itertools

import pytest
from django.db import transaction

from aktualisasi.models import Seminar, SeminarTurn
from aktualisasi.seminar_workflow import MARK_MOVES, SEMINAR_MOVES
from aktualisasi.services import seminars as services
from latsar.accounts.errors import IllegalMove, NotAllowed, Refused
from latsar.training.enums import BatchStage
from latsar.training.models import Batch
from tests.aktualisasi.seminars.conftest import make_penguji

pytestmark = pytest.mark.django_db

STATES = ("draft", "announced", "running", "done", "cancelled")
ACTIONS = ("announce", "start", "finish", "reopen", "cancel")
PLANNERS = ("pksdm", "own institute")
ACTORS = (
    *PLANNERS, "examiner", "other examiner", "coach", "mentor", "participant", "own satker", "own province", "other institute", "pimpinan",
    "stranger",
)  # fmt: skip

ALLOWED = {
    *((("draft", "announce", who, "announced")) for who in PLANNERS),
    *((("draft", "cancel", who, "cancelled")) for who in PLANNERS),
    *((("announced", "start", who, "running")) for who in (*PLANNERS, "examiner")),
    *((("announced", "cancel", who, "cancelled")) for who in PLANNERS),
    *((("running", "finish", who, "done")) for who in PLANNERS),
    *((("running", "cancel", who, "cancelled")) for who in PLANNERS),
    *((("done", "reopen", who, "running")) for who in PLANNERS),
}


def actors(scene):
    cast = scene.cast
    return {
        "pksdm": cast.pksdm, "own institute": cast.lembaga_a, "examiner": scene.examiner, "other examiner": make_penguji("Lain"),
        "coach": scene.coach, "mentor": scene.mentor, "participant": scene.author, "own satker": cast.admin_kupang,
        "own province": cast.provinsi_a, "other institute": cast.lembaga_b, "pimpinan": cast.pimpinan, "stranger": cast.stranger,
    }  # fmt: skip


def prepared(scene):
    seminar = scene.plan()
    SeminarTurn.objects.filter(seminar=seminar).update(outcome="accepted", outcome_at=seminar.starts_at, outcome_by=scene.planner)
    return seminar


def set_state(seminar, state):
    reason = "Sebab" if state == "cancelled" else ""
    Seminar.objects.filter(pk=seminar.pk).update(state=state, cancel_reason=reason)


def test_every_move_of_a_seminar(scene):
    seminar, people, reached = prepared(scene), actors(scene), set()
    assert sorted(people) == sorted(ACTORS)
    assert set(SEMINAR_MOVES) == set(ACTIONS)
    for state, action, who in itertools.product(STATES, ACTIONS, ACTORS):
        with transaction.atomic():
            set_state(seminar, state)
            try:
                moved = services.move_seminar(seminar_id=seminar.pk, action=action, note="Sebab", by=people[who])
            except (NotAllowed, IllegalMove):
                pass
            else:
                reached.add((state, action, who, moved.state))
            transaction.set_rollback(True)
    assert reached == ALLOWED


def test_move_records_who_and_why(scene):
    seminar = scene.announce()
    scene.move(seminar, "cancel", by=scene.cast.pksdm, note="Ruang terpakai.")
    rows = [(change.action, change.old, change.new, change.by, change.note) for change in seminar.stage_changes.order_by("pk")]
    assert rows == [
        ("announce", "draft", "announced", scene.planner, ""),
        ("cancel", "announced", "cancelled", scene.cast.pksdm, "Ruang terpakai."),
    ]


def test_nothing_moves_in_a_closed_batch(scene):
    seminar = scene.announce()
    Batch.objects.filter(pk=scene.batch.pk).update(stage=BatchStage.CLOSED)
    for action, user in itertools.product(ACTIONS, (scene.planner, scene.cast.pksdm, scene.examiner)):
        with pytest.raises(NotAllowed):
            scene.move(seminar, action, by=user, note="Sebab")


MARK_STATES = ("none", "draft", "sent")
MARK_ACTIONS = ("save", "send", "correct")
MARK_ALLOWED = {
    *((("none", action, who)) for action in ("save", "send") for who in (*PLANNERS, "examiner")),
    *((("draft", action, "examiner")) for action in ("save", "send")),  # who copies a paper waits for what the examiner types
    *((("sent", "correct", who)) for who in (*PLANNERS, "examiner")),
}


def test_every_step_of_a_mark(scene):
    seminar, people, reached = scene.announce(), actors(scene), set()
    assert set(MARK_MOVES) == set(MARK_ACTIONS)
    for state, action, who in itertools.product(MARK_STATES, MARK_ACTIONS, ACTORS):
        with transaction.atomic():
            turn = scene.turn(seminar)
            if state != "none":
                scene.keep(turn, 80)
            if state == "sent":
                scene.send(turn)
            seen = 1 if state != "none" else 0
            try:
                if action == "save":
                    scene.keep(turn, 81, seen=seen, by=people[who])
                else:
                    scene.send(turn, 81, by=people[who], reason="Sebab" if action == "correct" else "")
            except (NotAllowed, IllegalMove, Refused):
                pass
            else:
                reached.add((state, action, who))
            transaction.set_rollback(True)
    assert reached == MARK_ALLOWED
