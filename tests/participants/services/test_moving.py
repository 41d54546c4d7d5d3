"""Moves of many people: at once up to a limit, from there on as a job."""

from __future__ import annotations

import pytest
from django.urls import reverse

from latsar.jobs.models import ItemState, Job, JobState
from latsar.jobs.run import run_job
from participants import bulk
from participants.enums import Stage
from participants.models import Participant
from participants.services import moving
from participants.services.verification import move_participant
from tests import factories


@pytest.fixture
def crowd(cast, monkeypatch) -> list[Participant]:
    monkeypatch.setattr(bulk, "DIRECT_LIMIT", 3)
    return factories.ParticipantFactory.create_batch(3, satker=cast.kupang, stage=Stage.SUBMITTED)


def order(people, action: str, **more: object) -> dict[str, object]:
    return {"aksi": action, "dari": "antrean", "pilih": [one.pk for one in people], **more}


def stages() -> list[str]:
    return list(Participant.objects.order_by("pk").values_list("stage", flat=True))


def test_bulk_move_from_the_limit_on_is_a_job_and_below_it_is_not(cast, sign_in, crowd):
    client = sign_in(cast.provinsi_a)
    assert client.post(reverse("participant_bulk"), order(crowd[:2], "verify", pasti="1")).url == reverse("participant_bulk_done")
    assert stages() == [Stage.VERIFIED, Stage.VERIFIED, Stage.SUBMITTED]
    Participant.objects.update(stage=Stage.SUBMITTED)
    answer = client.post(reverse("participant_bulk"), order(crowd, "verify", pasti="1"))
    job = Job.objects.get()
    assert (answer.headers["Location"], job.title, job.back_url) == (job.get_absolute_url(), "Verifikasi, 3 orang", "/verifikasi-berkas/")
    assert stages() == [Stage.SUBMITTED] * 3


def test_move_items_moves_each_once_and_leaves_who_changed_since_it_was_asked(cast, crowd):
    job = moving.request_moves(
        participant_ids=[one.pk for one in crowd], action="onward", title="x", back_url="/", by=cast.provinsi_a, versions={}
    )
    move_participant(participant_id=crowd[0].pk, action="withdraw_submission", by=cast.admin_kupang)
    move_participant(participant_id=crowd[0].pk, action="submit", by=cast.admin_kupang)
    run_job(job.pk, moving.move_items)
    job.items.update(state=ItemState.QUEUED)
    job.refresh_from_db()
    assert (job.state, job.done, job.failed) == (JobState.PARTIAL, 2, 1)
    assert stages() == [Stage.SUBMITTED, Stage.VERIFIED, Stage.VERIFIED]
    Job.objects.filter(pk=job.pk).update(state=JobState.QUEUED)
    run_job(job.pk, moving.move_items)
    assert stages() == [Stage.SUBMITTED, Stage.VERIFIED, Stage.VERIFIED]


def test_bulk_return_gives_everybody_the_one_reason_and_asks_for_it(cast, sign_in, crowd):
    client, some = sign_in(cast.provinsi_a), crowd[:2]
    asked = client.post(reverse("participant_bulk"), order(some, "back", pasti="1", note="  "))
    assert "Tulis alasannya" in asked.content.decode()
    assert stages() == [Stage.SUBMITTED] * 3
    client.post(reverse("participant_bulk"), order(some, "back", pasti="1", note="SK tidak terbaca."))
    assert stages() == [Stage.RETURNED, Stage.RETURNED, Stage.SUBMITTED]
    assert set(Participant.objects.filter(stage=Stage.RETURNED).values_list("return_note", flat=True)) == {"SK tidak terbaca."}
    assert 'value="back"' not in client.get(reverse("participant_list")).content.decode()
