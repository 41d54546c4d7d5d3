"""Deal people over stages, batches, mentors and rancangan, province by province and in bulk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise
from random import Random

from django.utils import timezone

from aktualisasi.demo.batches import GROUPS, Rules, make_batch, start_for
from aktualisasi.demo.dossiers import return_note
from aktualisasi.demo.guiding import title_for
from latsar.bulk import insert_rows
from latsar.satker.models import Satker
from latsar.training.enums import BatchStage
from latsar.training.models import Batch, Institute, Seat
from participants.enums import REACHED, ProgressState, Stage
from participants.models import Participant, ParticipantStageChange, PhaseProgress, Placement

ACTIONS = {
    Stage.SUBMITTED: "submit",
    Stage.VERIFIED: "verify",
    Stage.APPROVED: "approve",
    Stage.PLACED: "place",
    Stage.TRAINING: "start",
    Stage.GRADUATED: "graduate",
}
SHARES = ((BatchStage.CLOSED, Stage.GRADUATED, 0.06), (BatchStage.RUNNING, Stage.TRAINING, 0.34), (BatchStage.OPEN, Stage.PLACED, 0.30))
"""Of the people of a province, in the order of their deadlines; the rest waits for a seat."""
WAITING = ((Stage.APPROVED, 0.5), (Stage.VERIFIED, 0.15), (Stage.SUBMITTED, 0.15), (Stage.RETURNED, 0.06), (Stage.REGISTERED, 0.14))


@dataclass
class Seated:
    """People of one province who sit in a batch, from seat `first` (0-based) on."""

    batch: Batch
    people: list[Participant]
    first: int = 0


class Pool:
    """Batches being filled: provinces that share an institute share its batches too."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._filling: dict[tuple[int, str], tuple[Batch, int]] = {}
        self._made: Counter[int] = Counter()

    def seat(self, province: Satker, stage: str, people: list[Participant]) -> list[Seated]:
        """Spread the people over the free seats of the province's institute, opening batches as needed."""
        institute = self.rules.institute_for(province.code)
        key, seated = (institute.pk, stage), []
        while people:
            batch, used = self._filling.get(key) or (self._open(institute, stage), 0)
            group, people = people[: batch.capacity - used], people[batch.capacity - used :]
            seated.append(Seated(batch, group, used))
            used += len(group)
            self._filling[key] = (batch, used)
            if used == batch.capacity:
                del self._filling[key]
        return seated

    def _open(self, institute: Institute, stage: str) -> Batch:
        self._made[institute.pk] += 1
        serial = self._made[institute.pk]
        start = start_for(stage, self.rules.today) + timedelta(days=7 * (serial % 3))
        return make_batch(self.rules, institute=institute, number=serial, starts_on=start, stage=stage)


def deal_province(rng: Random, pool: Pool, province: Satker, people: list[Participant]) -> list[Seated]:
    """Give every unsaved person of a province a stage; return the batches made for the seated ones.

    A few of the earliest deadlines stay unseated on purpose: they are what the map must show.
    """
    ordered = sorted(people, key=lambda p: (p.deadline, p.nip))
    forgotten = ordered[: len(ordered) // 40]
    queue = ordered[len(forgotten) :]
    seated: list[Seated] = []
    for batch_stage, stage, share in SHARES:
        quota = int(len(ordered) * share)
        taken, queue = queue[:quota], queue[quota:]
        for group in pool.seat(province, batch_stage, taken):
            for person in group.people:
                _seat(person, stage, group.batch)
            seated.append(group)
    _wait(rng, forgotten + queue)
    return seated


def _seat(person: Participant, stage: str, batch: Batch) -> None:
    person.stage, person.batch = stage, batch
    if stage == Stage.GRADUATED:
        person.graduated_on, person.qualification = batch.ends_on, "Memuaskan"
        person.aktualisasi_title = title_for(person, int(person.nip[-3:]))


def _wait(rng: Random, people: Sequence[Participant]) -> None:
    stages = [stage for stage, _weight in WAITING]
    weights = [weight for _stage, weight in WAITING]
    for person in people:
        person.stage = rng.choices(stages, weights)[0]
        if person.stage == Stage.RETURNED:
            person.return_note = return_note(person)


def save(rules: Rules, people: list[Participant], seated: list[Seated]) -> None:
    """Write people, their story, placements and progress in bulk."""
    for person in people:
        person.created_by = rules.by
        person.latsar_entries = int(person.stage in (Stage.TRAINING, Stage.GRADUATED))
        person.stage_at = _stage_at(rules, person)
        person.created_at = person.stage_at - timedelta(days=6 * (len(_path(person)) - 1))
    insert_rows(Participant, people, keys=True)
    insert_rows(ParticipantStageChange, (change for p in people for change in _changes(rules, p)))
    for group in seated:
        place(rules, group)


STAGE_AGE = {
    Stage.SUBMITTED: 4,
    Stage.VERIFIED: 3,
    Stage.RETURNED: 2,
    Stage.APPROVED: 8,
    Stage.PLACED: 12,
    Stage.TRAINING: 20,
    Stage.GRADUATED: 30,
}


def place(rules: Rules, group: Seated) -> None:
    """Seat the saved people of one batch, in four groups, with their progress in its phases."""
    seats = list(Seat.objects.filter(batch=group.batch).order_by("number")[group.first : group.first + len(group.people)])
    insert_rows(
        Placement,
        (
            Placement(participant=p, seat=seat, group=1 + n % GROUPS, placed_by=rules.by, placed_at=_at(rules, days=25))
            for n, (p, seat) in enumerate(zip(group.people, seats, strict=True), group.first)
        ),
    )
    if group.batch.stage != BatchStage.OPEN:
        insert_rows(PhaseProgress, list(_progress(rules, group)))  # a list, because it asks for the phases


def _progress(rules: Rules, group: Seated) -> Iterator[PhaseProgress]:
    rng = Random(group.batch.pk)  # noqa: S311
    for phase in group.batch.phases.order_by("order"):
        if phase.starts_on > rules.today:
            continue
        is_over = phase.ends_on < rules.today
        for person in group.people:
            luck = rng.random()
            if not is_over and luck < 0.08:
                continue
            state = ProgressState.DONE if is_over or luck > 0.55 else ProgressState.RUNNING
            yield PhaseProgress(participant=person, phase=phase, state=state, marked_by=rules.by)


def _changes(rules: Rules, person: Participant) -> Iterator[ParticipantStageChange]:
    """Yield the steps that led to the present stage, six days apart, oldest first."""
    path = _path(person)
    for left, (action, old, new, note) in zip(range(len(path) - 1, -1, -1), path, strict=True):
        at = person.stage_at - timedelta(days=6 * left)
        yield ParticipantStageChange(participant=person, action=action, old=old, new=new, by=rules.by, at=at, note=note)


def _path(person: Participant) -> list[tuple[str, str, str, str]]:
    reached = Stage.SUBMITTED if person.stage == Stage.RETURNED else Stage(person.stage)
    stages = REACHED[: REACHED.index(reached) + 1]
    path = [("register", "", str(Stage.REGISTERED), "")]
    path += [(ACTIONS[new], str(old), str(new), "") for old, new in pairwise(stages)]
    if person.stage == Stage.RETURNED:
        path.append(("return", str(Stage.SUBMITTED), str(Stage.RETURNED), person.return_note))
    return path


def _stage_at(rules: Rules, person: Participant) -> datetime:
    if person.graduated_on:
        return timezone.make_aware(datetime.combine(person.graduated_on, time(15)))
    return _at(rules, days=STAGE_AGE.get(Stage(person.stage), 10))


def _at(rules: Rules, *, days: int) -> datetime:
    return timezone.make_aware(datetime.combine(rules.today - timedelta(days=days), time(9, 30)))
