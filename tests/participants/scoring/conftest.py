from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from latsar.accounts.enums import Role
from latsar.accounts.models import RoleGrant
from latsar.training.enums import BatchStage, Rater
from latsar.training.models import Band, ScoreComponent
from participants.enums import Stage
from participants.scoring.reading import CellKey
from participants.services.placement import place_many, start_batch
from participants.services.scoring import Entry, move_sheet, save_scores
from tests import factories

BANDS = (("Sangat memuaskan", 90, True), ("Memuaskan", 80, True), ("Cukup memuaskan", 70, True), ("Kurang memuaskan", 60, False), ("Tidak memuaskan", -1, False))  # fmt: skip


class Scene:
    """A running angkatan of institute A with three people and a small scheme: sikap 40, rancangan 40 by two, pktbt 20 by the unit."""

    def __init__(self, cast):
        self.cast = cast
        scheme = factories.SchemeFactory(
            published_at=None, score_tolerance=5, remedial_components=1, remedial_cap=75, late_points_per_day=1, max_absence_sessions=1
        )
        for name, above, passes in BANDS:
            Band.objects.create(scheme=scheme, name=name, above=above, passes=passes)
        make = ScoreComponent.objects.create
        self.attitude = make(scheme=scheme, order=1, code="sikap", name="Sikap", weight=40)
        self.proposal = make(
            scheme=scheme, order=2, code="rancangan", name="Rancangan", weight=40, raters=2, rated_by=Rater.EXAMINER, is_late_sensitive=True
        )
        self.unit = make(scheme=scheme, order=3, code="pktbt", name="PKTBT", weight=20, rated_by=Rater.UNIT)
        scheme.published_at = timezone.now()
        scheme.save()
        begun = timezone.localdate() - timedelta(days=30)
        batch = factories.BatchFactory(
            institute=cast.institute_a, province=cast.province_a, scheme=scheme, starts_on=begun, capacity=4, number=7
        )
        self.people = [
            factories.ParticipantFactory(satker=satker, stage=Stage.APPROVED, full_name=name)
            for satker, name in ((cast.kupang, "Agnes Contoh"), (cast.kupang, "Bria Contoh"), (cast.ende, "Citra Contoh"))
        ]
        place_many(batch_id=batch.pk, participant_ids=[person.pk for person in self.people], by=cast.pksdm)
        self.batch = start_batch(batch_id=batch.pk, by=cast.pksdm)
        self.filler, self.checker = cast.lembaga_a, factories.UserFactory(full_name="Pemeriksa Contoh")
        RoleGrant.objects.create(user=self.checker, role=Role.LEMBAGA, institute=cast.institute_a)

    def cell(self, person, component, rater=1):
        return CellKey(person.pk, component.pk, rater)

    def entries(self, person, *values, seen=0):
        keys = [
            self.cell(person, self.attitude),
            self.cell(person, self.proposal),
            self.cell(person, self.proposal, 2),
            self.cell(person, self.unit),
        ]
        return [Entry(key, None if value is None else Decimal(str(value)), seen) for key, value in zip(keys, values, strict=True)]

    def save(self, entries, by=None):
        return save_scores(batch_id=self.batch.pk, entries=entries, by=by or self.filler)

    def fill(self, *rows):
        """Give each person a row of sikap, rancangan 1, rancangan 2, pktbt."""
        self.save([entry for person, row in zip(self.people, rows, strict=True) for entry in self.entries(person, *row)])

    def move(self, action, by=None, note=""):
        from participants.scoring.reading import sheet_of

        return move_sheet(batch_id=self.batch.pk, action=action, version=sheet_of(self.batch).version, by=by or self.filler, note=note)

    def publish(self):
        self.move("submit")
        self.move("check", self.checker)
        self.move("finalise", self.checker)
        return self.move("publish", self.cast.pksdm)


@pytest.fixture
def scene(cast):
    scene = Scene(cast)
    assert scene.batch.stage == BatchStage.RUNNING
    return scene


@pytest.fixture
def published(scene):
    """Two passed (86 and 80,5 is not above its band), one in remedial."""
    scene.fill((86, 86, 86, 86), (82, 80, 79, 80), (60, 62, 64, 61))
    scene.publish()
    return scene
