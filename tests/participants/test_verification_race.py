"""A verifier decides while the satker withdraws, changes and submits again. Both databases are put to the test."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused
from latsar.accounts.models import User
from latsar.satker.models import SatkerKind
from participants.enums import Stage
from participants.models import Participant
from participants.services.registration import update_participant
from participants.services.verification import move_participant
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5


def test_verify_passes_only_the_file_that_was_seen_while_the_satker_changes_it():
    province = factories.SatkerFactory(code="53", name="KPU Provinsi NTT", kind=SatkerKind.PROVINCE, parent=None, province=None)
    users = {}
    for role in (Role.ADMIN_PROVINSI, Role.ADMIN_SATKER):
        users[role] = factories.UserFactory()
        factories.RoleGrantFactory(user=users[role], role=role, satker=province)
    for number in range(ROUNDS):
        made = factories.ParticipantFactory(satker=province, province=province, stage=Stage.SUBMITTED, full_name="Yang Dilihat, S.H.")
        barrier = Barrier(2)

        def verify(made=made, barrier=barrier) -> None:
            by = User.objects.get(pk=users[Role.ADMIN_PROVINSI].pk)
            barrier.wait(timeout=30)
            move_participant(participant_id=made.pk, action="verify", by=by, version=made.version)

        def change(made=made, barrier=barrier) -> None:
            by = User.objects.get(pk=users[Role.ADMIN_SATKER].pk)
            barrier.wait(timeout=30)
            back = move_participant(participant_id=made.pk, action="withdraw_submission", by=by)
            update_participant(participant_id=made.pk, version=back.version, by=by, full_name="Yang Lain, S.H.")
            move_participant(participant_id=made.pk, action="submit", by=by)

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(_quietly, (verify, change) if number % 2 else (change, verify)))
        made.refresh_from_db()
        assert (made.stage, made.full_name) in {(Stage.VERIFIED, "Yang Dilihat, S.H."), (Stage.SUBMITTED, "Yang Lain, S.H.")}
        assert Participant.objects.get(pk=made.pk).stage_changes.filter(action="verify").exists() == (made.stage == Stage.VERIFIED)


def _quietly(work) -> None:
    try:
        work()
    except Refused:
        pass
    finally:
        connection.close()
