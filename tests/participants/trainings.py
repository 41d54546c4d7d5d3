"""A running angkatan with people and sessions, for the tests of timetable, attendance and phases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from django.utils import timezone

from latsar.accounts.enums import Role
from latsar.accounts.zones import ZONES
from latsar.training.enums import BatchStage, Method
from latsar.training.models import Batch, TrainingSession
from participants.enums import Stage
from participants.models import Participant
from tests import factories

CLOCK = ZONES["WIB"]


def running_batch(cast, *, people: int = 3, subjects: Sequence[tuple[str, int]] = (), **facts) -> tuple[Batch, list[Participant]]:
    """Make a running angkatan of institute A that began five days ago, with people of Kupang in group 1, the last one in group 2.

    `subjects` are names and JP of Agenda II: published rules take no more of them.
    """
    scheme, curriculum = factories.SchemeFactory(max_absence_sessions=3, **facts), factories.CurriculumFactory(published_at=None)
    for n, (name, hours) in enumerate(subjects, 1):
        curriculum.subjects.create(method=Method.BLENDED, order=n, agenda="Agenda II", name=name, hours=hours)
    curriculum.published_at = timezone.now()
    curriculum.save()
    batch = factories.BatchFactory(
        institute=cast.institute_a, province=cast.province_a, scheme=scheme, curriculum=curriculum, stage=BatchStage.RUNNING, capacity=max(4, people),
        starts_on=timezone.localdate() - timedelta(days=5),
    )  # fmt: skip
    seats = list(batch.seats.order_by("number"))
    made = []
    for n in range(people):
        user = factories.UserFactory(full_name=f"Akun {n}")
        factories.RoleGrantFactory(user=user, role=Role.PESERTA)
        person = factories.ParticipantFactory(
            satker=cast.kupang, full_name=f"Peserta {chr(65 + n)}, S.H.", stage=Stage.TRAINING, batch=batch, user=user
        )
        factories.PlacementFactory(
            participant=person, seat=seats[n], group=2 if people > 1 and n == people - 1 else 1, placed_by=cast.pksdm
        )
        made.append(person)
    return batch, made


def make_session(batch: Batch, number: int = 1, *, days_ago: int = 1, hour: int = 8, by=None, **facts) -> TrainingSession:
    """Make a session of two JP, by the clock of WIB."""
    day = timezone.now().astimezone(CLOCK).date() - timedelta(days=days_ago)
    start = datetime.combine(day, time(hour), CLOCK)
    defaults = {"title": f"Materi {number}", "jp": 2, "starts_at": start, "ends_at": start + timedelta(minutes=90)}
    return TrainingSession.objects.create(batch=batch, number=number, created_by=by or batch.opened_by, **{**defaults, **facts})
