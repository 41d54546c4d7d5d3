from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from latsar.training.enums import PhaseKind
from latsar.training.models import BatchPhase
from participants.enums import Stage
from participants.planning.enums import PlanScope
from participants.planning.plans import DEFAULTS
from participants.services import planning
from tests import factories


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def offered(cast, today):
    """`offered(number, ends, capacity, **facts)`: an open angkatan of NTT that ends in so many days."""

    def make(number, ends, capacity=2, **facts):
        facts = {"institute": cast.institute_a, "province": cast.province_a, "starts_on": today + timedelta(days=20), **facts}
        batch = factories.BatchFactory(number=number, capacity=capacity, ends_on=today + timedelta(days=ends), **facts)
        day = batch.starts_on + timedelta(days=10)
        BatchPhase.objects.create(
            batch=batch, order=9, kind=PhaseKind.CLASSICAL, name="Klasikal", starts_on=day, ends_on=day + timedelta(days=4)
        )
        return batch

    return make


@pytest.fixture
def needing(cast, today):
    """`needing(name, left, **facts)`: an approved person of Kupang whose deadline is so many days away."""

    def make(name, left, **facts):
        facts = {"satker": cast.kupang, "stage": Stage.APPROVED, **facts}
        return factories.ParticipantFactory(full_name=name, deadline=today + timedelta(days=left), **facts)

    return make


@pytest.fixture
def facts():
    """`facts(*batches, **settings)`: a national plan over these angkatan."""

    def make(*batches, thought_up=(), scope=PlanScope.NATION, provinces=(), **settings):
        said = {**DEFAULTS, "allow_other_provinces": True, "allow_late": False, **settings}
        ids = [batch.pk for batch in batches]
        return planning.PlanFacts("Rencana uji", scope, said, provinces=provinces, batch_ids=ids, thought_up=thought_up)

    return make


@pytest.fixture
def seating():
    """`seating(plan)`: name -> angkatan number or the reason."""

    def read(plan):
        rows = plan.assignments.select_related("participant", "offer__batch")
        return {
            row.participant.full_name: (row.offer.batch.number if row.offer.batch else "andaian") if row.offer else row.reason
            for row in rows
        }

    return read
