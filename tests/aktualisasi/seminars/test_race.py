"""Two examiners send at once; one examiner types in two windows; somebody becomes mentor while being named examiner."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import close_old_connections, connection, connections

from aktualisasi.models import SeminarExaminer, SeminarMark, SeminarMarkScore
from aktualisasi.services import marks
from latsar.accounts.errors import Refused
from mentoring.models import MentorAssignment
from mentoring.services import assign_mentor
from participants.scoring.scores import Score
from tests import factories
from tests.aktualisasi.seminars.conftest import Scene, build_scene
from tests.conftest import Cast


@pytest.fixture
def busy(transactional_db: None, cast: Cast) -> Scene:
    return build_scene(cast)


def at_once(*steps: Callable[[], object]) -> list[object]:
    """Run the steps at the same moment, each on a connection of its own; a refusal is an answer like any other."""
    barrier = threading.Barrier(len(steps))
    answers: list[object] = [None] * len(steps)
    faults: list[BaseException] = []

    def run(number: int, step: Callable[[], object]) -> None:
        try:
            close_old_connections()
            connection.ensure_connection()
            barrier.wait(timeout=60)
            answers[number] = step()
        except Refused as refusal:
            answers[number] = refusal
        except BaseException as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert faults == []
    return answers


def test_two_examiners_send_at_once_and_both_stand(busy):
    turn = busy.turn(busy.announce())
    at_once(lambda: busy.send(turn, 80), lambda: busy.send(turn, 83, rater=2))
    rows = Score.objects.filter(participant=busy.people[0]).order_by("rater").values_list("rater", "value", "entered_by")
    assert list(rows) == [(1, Decimal(80), busy.examiner.pk), (2, Decimal(83), busy.second.pk)]
    assert SeminarMark.objects.sent().count() == 2


def test_one_examiner_in_two_windows_keeps_one_and_hears_of_the_other(busy):
    turn = busy.turn(busy.announce())
    answers = at_once(lambda: busy.keep(turn, 80), lambda: busy.keep(turn, 90))
    assert sorted(len(one.clashes) for one in answers) == [0, 1]
    kept, told = SeminarMarkScore.objects.get().value, next(one for one in answers if one.clashes)
    assert next(iter(told.clashes.values())).value == kept


def test_one_examiner_in_two_windows_control_without_versions(busy, monkeypatch):
    """With the version of what was seen left out of account, one of the two is gone and nobody hears of it."""
    real = marks._keep

    def blind(mark, components, fields):
        stored = {str(row.component_id): row.version for row in mark.scores.all()}
        return real(mark, components, {name: marks.Typed(one.value, stored.get(name, 0)) for name, one in fields.items()})

    monkeypatch.setattr(marks, "_keep", blind)
    turn = busy.turn(busy.announce())
    answers = at_once(lambda: busy.keep(turn, 80), lambda: busy.keep(turn, 90))
    assert [len(one.clashes) for one in answers] == [0, 0]
    assert SeminarMarkScore.objects.get().version == 2


def test_sending_twice_at_once_sends_once(busy):
    turn = busy.turn(busy.announce())
    busy.keep(turn, 80)
    answers = at_once(lambda: busy.send(turn), lambda: busy.send(turn))
    assert sum(isinstance(one, Refused) for one in answers) == 1
    assert SeminarMark.objects.get().changes.count() == 1
    assert Score.objects.get().version == 1


def test_becoming_mentor_and_examiner_at_once_leaves_one_of_them(busy):
    mentor = factories.MentorFactory(user=busy.examiner, satker=busy.cast.ende)
    person = busy.people[1]
    answers = at_once(busy.plan, lambda: assign_mentor(mentor_id=mentor.pk, participant_id=person.pk, by=busy.cast.pksdm))
    assert sum(isinstance(one, Refused) for one in answers) == 1
    both = MentorAssignment.objects.filter(mentor=mentor).exists() and SeminarExaminer.objects.filter(user=busy.examiner).exists()
    assert not both
