from __future__ import annotations

import pytest
from django.core.management import CommandError

from latsar.accounts.models import User
from latsar.satker.models import Satker
from participants.models import Participant
from tests.factories import ParticipantFactory
from tests.test_demo import run


def test_load_demo_same_seed_same_people(db):
    run("load_reference")
    run("load_demo", "--participants", "300", "--seed", "7", "--today", "2026-02-09")
    people = list(Participant.objects.order_by("nip").values_list("nip", "full_name", "stage"))
    assert (len(people), people[0][0][:4].isdigit()) == (383, True)


def test_load_demo_beside_real_people_refuses(db):
    run("load_reference")
    ParticipantFactory(nip="199001012025031001", satker=Satker.objects.get(code="53.71"))
    with pytest.raises(CommandError, match="NIP sungguhan"):
        run("load_demo")
    assert User.objects.filter(username="pksdm").count() == 0
