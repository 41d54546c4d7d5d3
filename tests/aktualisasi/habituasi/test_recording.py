"""Who may write when, and how far a tahapan is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aktualisasi.models import Kegiatan, Paper, TahapanWork
from aktualisasi.services.opening import open_habituasi
from aktualisasi.services.recording import record_tahapan
from latsar.accounts.errors import NotAllowed, Refused, StaleVersion
from latsar.accounts.models import AuditEntry
from latsar.training.models import BatchPhase
from participants.models import Participant


def record(work, state: str = "done", step: int = 0, version: int = 0, by=None, **facts) -> TahapanWork:
    return record_tahapan(tahapan_id=work.steps[step].pk, state=state, version=version, by=by or work.story.author, **facts)


def test_record_tahapan_done_takes_today_when_no_day_is_said(work) -> None:
    row = record(work)
    assert (row.state, row.started_on, row.finished_on, row.version) == ("done", work.today, work.today, 2)
    entry = AuditEntry.objects.get(verb="record_tahapan")
    assert entry.changes["state"] == ["todo", "done"]
    assert entry.note.startswith("1.1 Langkah 1.1")


def test_record_tahapan_back_to_todo_forgets_the_days(work) -> None:
    record(work)
    row = record(work, "todo", version=2)
    assert (row.state, row.started_on, row.finished_on) == ("todo", None, None)


def test_record_tahapan_same_again_changes_nothing(work) -> None:
    days = {"started_on": work.today, "finished_on": work.today}
    assert record(work, **days).version == record(work, version=2, **days).version == 2


def test_record_tahapan_from_an_old_window_is_stale(work) -> None:
    record(work, "running")
    record(work, "done", version=2)
    with pytest.raises(StaleVersion):
        record(work, "running", version=2)
    assert TahapanWork.objects.get(tahapan=work.steps[0]).state == "done"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"finished_on": 1}, "finished_on"),
        ({"started_on": -30}, "started_on"),
        ({"started_on": 0, "finished_on": -1}, "finished_on"),
        ({"planned_on": 60}, "planned_on"),
        ({"planned_on": 14}, "planned_on"),  # in week 3 or later, approved are 1 and 2
    ],
)
def test_record_tahapan_impossible_days_are_refused_beside_their_field(work, facts, field) -> None:
    days = {name: work.today + timedelta(days=shift) for name, shift in facts.items()}
    with pytest.raises(Refused) as refused:
        record(work, **days)
    assert list(refused.value.message_dict) == [field]
    assert TahapanWork.objects.filter(state="done").count() == 0


def test_record_tahapan_planned_day_inside_the_approved_weeks_is_kept(work) -> None:
    assert record(work, "todo", planned_on=work.phase.starts_on + timedelta(days=9)).planned_on == work.phase.starts_on + timedelta(days=9)


@pytest.mark.parametrize("name", ["mentor_a", "coach_a", "admin_kupang", "provinsi_a", "pksdm", "stranger"])
def test_record_tahapan_by_anybody_else_is_not_allowed(work, cast, name) -> None:
    with pytest.raises(NotAllowed):
        record(work, by=getattr(cast, name))
    assert not TahapanWork.objects.exists()


def test_record_tahapan_before_the_approval_is_refused(work) -> None:
    Paper.objects.update(stage="submitted")
    with pytest.raises(Refused, match="belum disetujui"):
        record(work)


def test_record_tahapan_before_the_phase_begins_is_refused(work) -> None:
    BatchPhase.objects.filter(pk=work.phase.pk).update(starts_on=work.today + timedelta(days=1))
    with pytest.raises(Refused, match="Habituasi mulai"):
        record(work)
    assert not TahapanWork.objects.exists()


def test_record_tahapan_without_a_phase_is_refused(work) -> None:
    work.phase.delete()
    with pytest.raises(Refused, match="belum memiliki fase"):
        record(work)


def test_record_tahapan_after_graduation_is_not_allowed(work) -> None:
    Participant.objects.filter(pk=work.person_id).update(stage="graduated", graduated_on=work.today)
    with pytest.raises(NotAllowed):
        record(work)


def test_open_habituasi_gives_rows_once_and_only_to_approved_plans_that_have_begun(work) -> None:
    Paper.objects.update(stage="draft")
    assert open_habituasi() == 0
    Paper.objects.update(stage="approved")
    assert (open_habituasi(), open_habituasi()) == (4, 0)
    assert list(TahapanWork.objects.order_by("tahapan").values_list("due_week", flat=True)) == [2, 2, 4, 4]


def test_a_plan_that_moved_takes_the_last_week_along(work) -> None:
    record(work, "running")
    Kegiatan.objects.filter(order=1).update(weeks=[3])
    record(work, "done", version=2)
    assert TahapanWork.objects.get(tahapan=work.steps[0]).due_week == 3
