"""Moves of many people as a job, so that the page does not wait."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from latsar.jobs.models import ItemState, Job
from latsar.jobs.run import Runner
from latsar.jobs.services import request_job
from participants.services.verification import action_for, move_participant, preview_many

TASK = "participants.move_files"


def request_moves(
    *, participant_ids: Iterable[int], action: str, title: str, back_url: str, by: User, note: str = "", versions: Mapping[int, int]
) -> Job:
    """Ask for the move of everybody who can make it; each is bound to the stage and version of now. Raises Refused when nobody can."""
    people = [
        one.participant for one in preview_many(participant_ids=participant_ids, action=action, by=by, versions=versions) if one.is_done
    ]
    if not people:
        raise Refused(_("Tidak satu pun dari mereka bisa sekarang."))
    moves = {str(person.pk): [action_for(person, action), person.version] for person in people}
    items = [(str(person.pk), person.full_name) for person in people]
    return request_job(task=TASK, title=title, by=by, params={"moves": moves, "note": note}, items=items, back_url=back_url)


def move_items(runner: Runner) -> None:
    """Move the people of a requested job, each in a transaction with its item: a second run moves nobody twice."""
    moves, note = runner.job.params["moves"], runner.job.params["note"]
    for item in runner.queued_items():
        action, version = moves[item.ref]
        try:
            with transaction.atomic():
                move_participant(participant_id=int(item.ref), action=action, by=runner.job.requested_by, version=version, note=note)
                runner.settle(item, ItemState.DONE)
        except Refused as refusal:
            runner.settle(item, ItemState.FAILED, " ".join(refusal.messages), reverse("participant_detail", args=[item.ref]))
        except NotAllowed:
            runner.settle(item, ItemState.FAILED, _("Bukan wewenang Anda."))
        runner.count(item)
