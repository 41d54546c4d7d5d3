"""Two people save the same cells at once: every cell has one value, and the other one is named, never overwritten."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from django.db import close_old_connections, connection, connections

from latsar.accounts.models import User
from participants.models import Score, ScoreChange
from participants.scoring.enums import ScoreSource
from participants.services import scoring
from participants.services.scoring import save_scores
from tests.conftest import Cast
from tests.participants.scoring.conftest import Scene


@pytest.fixture
def busy(transactional_db: None, cast: Cast) -> Scene:
    scene = Scene(cast)
    scene.fill(*[(70, 70, 70, 70)] * 3)
    return scene


def save_at_once(scene: Scene, users: list[User]) -> list[scoring.Saved]:
    """Let each user save another value into the twelve cells, all of them seen at version 1."""
    barrier, results, faults = threading.Barrier(len(users)), [], []

    def run(number: int, user: User) -> None:
        value = 80 + number
        entries = [entry for person in scene.people for entry in scene.entries(person, value, value, value, value, seen=1)]
        try:
            close_old_connections()
            connection.ensure_connection()
            barrier.wait(timeout=60)
            results.append(save_scores(batch_id=scene.batch.pk, entries=entries, by=user))
        except BaseException as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number, user)) for number, user in enumerate(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert faults == []
    return results


def test_save_scores_two_at_once_the_second_gets_both_values(busy):
    results = save_at_once(busy, [busy.filler, busy.checker])
    assert sorted((one.changed, len(one.clashes)) for one in results) == [(0, 12), (12, 0)]
    (kept,) = set(Score.objects.values_list("value", flat=True))
    lost = {Decimal(80), Decimal(81)} - {kept}
    assert set(ScoreChange.objects.filter(source=ScoreSource.CLASH).values_list("old", "new")) == {(kept, *lost)}


def test_save_scores_control_without_looking_at_versions_overwrites_silently(busy, monkeypatch):
    """What was seen is taken for what is there: nobody hears of the other, and one of the two is gone."""
    real = scoring._write
    monkeypatch.setattr(
        scoring, "_clash", lambda batch, entry, row, changes, by: changes.append(real(batch, entry, row, ScoreSource.FORM, by))
    )
    results = save_at_once(busy, [busy.filler, busy.checker])
    monkeypatch.undo()
    assert all(one.clashes in ([], [None] * 12) for one in results)
    assert not ScoreChange.objects.filter(source=ScoreSource.CLASH).exists()
    assert len(set(Score.objects.values_list("value", flat=True))) == 1
