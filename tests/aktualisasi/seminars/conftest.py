from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from aktualisasi.models import Seminar, SeminarTurn
from aktualisasi.seminar_enums import Presence, TurnOutcome
from aktualisasi.services import marks, seminar_results
from aktualisasi.services import seminars as services
from aktualisasi.services.marks import Typed
from aktualisasi.services.seminars import SeminarFacts
from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.accounts.zones import ZONES
from latsar.training.enums import BatchStage, Rater, SeminarKind
from latsar.training.models import Batch, BatchPhase, Curriculum, RubricBand, ScoreComponent
from mentoring.models import GroupCoach, MentorAssignment
from participants.enums import Stage
from participants.models import Participant
from participants.services.placement import place_many, start_batch
from tests import factories
from tests.conftest import Cast

WORDS = ((91, "Sangat baik"), (81, "Baik"), (71, "Cukup"), (0, "Kurang"))


@dataclass
class Scene:
    """A running angkatan of institute A with three people of Kupang and Ende in one group; the seminar rancangan is today.

    rancangan 40 by two penguji; hasil: manfaat 30 by one, sikap 10 by the coach; pktbt 20 by the unit.
    """

    cast: Cast
    batch: Batch
    proposal: ScoreComponent
    benefit: ScoreComponent
    manner: ScoreComponent
    people: list[Participant]
    planner: User
    examiner: User
    second: User
    coach: User
    mentor: User
    author: User
    more: dict[str, Any] = field(default_factory=dict)

    def at(self, hour: int = 8, days: int = 0) -> datetime:
        return datetime.combine(timezone.localdate() + timedelta(days=days), time(hour), ZONES["WIB"])

    def facts(self, hour: int = 8, days: int = 0, examiners: tuple[User, ...] | None = None, **more: Any) -> SeminarFacts:
        named = (self.examiner, self.second) if examiners is None else examiners
        given = {"room": "Ruang Lontar", "minutes": 45, **more}
        return SeminarFacts(self.at(hour, days), examiner_ids=tuple(user.pk for user in named), **given)

    def plan(self, kind: str = SeminarKind.PROPOSAL, by: User | None = None, **more: Any) -> Seminar:
        if kind == SeminarKind.RESULT and "examiners" not in more:
            more["examiners"] = (self.examiner,)
        facts = self.facts(**more)
        return services.plan_seminars(batch_id=self.batch.pk, kind=kind, plans={1: facts}, by=by or self.planner)[0]

    def announce(self, kind: str = SeminarKind.PROPOSAL, **more: Any) -> Seminar:
        seminar = self.plan(kind, **more)
        return self.move(seminar, "announce")

    def move(self, seminar: Seminar, action: str, by: User | None = None, note: str = "") -> Seminar:
        return services.move_seminar(seminar_id=seminar.pk, action=action, by=by or self.planner, note=note)

    def turn(self, seminar: Seminar, n: int = 0) -> SeminarTurn:
        return SeminarTurn.objects.select_related("participant", "seminar__batch__scheme").get(seminar=seminar, participant=self.people[n])

    def keep(self, turn: SeminarTurn, value: Any, *, seen: int = 0, by: User | None = None, rater: int = 1, **more: Any) -> Any:
        component = more.pop("component", self.proposal)
        fields = {str(component.pk): Typed(None if value is None else Decimal(str(value)), seen)}
        who = by or (self.examiner if rater == 1 else self.second)
        return marks.keep_marks(turn_id=turn.pk, rated_by=more.pop("rated_by", Rater.EXAMINER), rater=rater, fields=fields, by=who)

    def send(
        self, turn: SeminarTurn, value: Any = None, *, by: User | None = None, rater: int = 1, note: str | None = None, **more: Any
    ) -> Any:
        """Type a value over what is stored, then send."""
        component, rated_by = more.pop("component", self.proposal), more.pop("rated_by", Rater.EXAMINER)
        mark = turn.marks.filter(rated_by=rated_by, rater=rater).first()
        stored = mark.scores.filter(component=component).first() if mark else None
        fields: dict[str, Typed] = {}
        if value is not None:
            fields[str(component.pk)] = Typed(Decimal(str(value)), stored.version if stored else 0)
        if note is not None:
            fields["note"] = Typed(note, mark.note_version if mark else 0)
        who = by or (self.examiner if rater == 1 else self.second)
        return marks.send_marks(turn_id=turn.pk, rated_by=rated_by, rater=rater, fields=fields, by=who, **more)

    def result(self, turn: SeminarTurn, outcome: str = TurnOutcome.ACCEPTED, by: User | None = None, **more: Any) -> SeminarTurn:
        turn.refresh_from_db()
        people = seminar_results.attendees_of(turn)
        given = {
            "version": turn.version, "revision_due_on": None, "note": "", "number": "", "revisions": [],
            "presences": {one.key: Presence.ONSITE for one in people}, **more,
        }  # fmt: skip
        return seminar_results.record_result(turn_id=turn.pk, outcome=outcome, by=by or self.planner, **given)


def make_penguji(name: str) -> User:
    user = factories.UserFactory(full_name=name)
    factories.RoleGrantFactory(user=user, role=Role.PENGUJI)
    return user


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return build_scene(cast)


def build_scene(cast: Cast, curriculum: Curriculum | None = None) -> Scene:
    """Make the scene; the curriculum is an empty one unless it is given."""
    scheme = factories.SchemeFactory(published_at=None, score_tolerance=5)
    make = ScoreComponent.objects.create
    proposal = make(
        scheme=scheme, order=1, code="rancangan", name="Rancangan", weight=40, raters=2, rated_by=Rater.EXAMINER,
        seminar=SeminarKind.PROPOSAL, question="Siapkah?", is_late_sensitive=True,
    )  # fmt: skip
    benefit = make(scheme=scheme, order=2, code="manfaat", name="Manfaat", weight=30, rated_by=Rater.EXAMINER, seminar=SeminarKind.RESULT)
    manner = make(scheme=scheme, order=3, code="sikap", name="Sikap", weight=10, rated_by=Rater.COACH, seminar=SeminarKind.RESULT)
    make(scheme=scheme, order=4, code="pktbt", name="PKTBT", weight=20, rated_by=Rater.UNIT)
    for code in ("rancangan", "manfaat"):
        RubricBand.objects.bulk_create(RubricBand(scheme=scheme, code=code, lowest=low, words=words) for low, words in WORDS)
    scheme.published_at = timezone.now()
    scheme.save()
    begun = timezone.localdate() - timedelta(days=20)
    batch = factories.BatchFactory(
        institute=cast.institute_a, province=cast.province_a, scheme=scheme, starts_on=begun, capacity=10, number=7,
        curriculum=curriculum or factories.CurriculumFactory(),
    )  # fmt: skip
    today = timezone.localdate()
    BatchPhase.objects.filter(batch=batch).exclude(kind="mooc").update(
        starts_on=today - timedelta(days=1), ends_on=today + timedelta(days=30)
    )
    author = factories.UserFactory(full_name="Agnes Contoh, S.Kom.")
    factories.RoleGrantFactory(user=author, role=Role.PESERTA)
    people = [
        factories.ParticipantFactory(satker=satker, stage=Stage.APPROVED, full_name=name, user=user)
        for satker, name, user in (
            (cast.kupang, "Agnes Contoh", author),
            (cast.kupang, "Bria Contoh", None),
            (cast.ende, "Citra Contoh", None),
        )
    ]
    place_many(batch_id=batch.pk, participant_ids=[person.pk for person in people], by=cast.pksdm)
    batch = start_batch(batch_id=batch.pk, by=cast.pksdm)
    assert batch.stage == BatchStage.RUNNING
    GroupCoach.objects.create(batch=batch, group=1, coach=cast.coach_a)
    mentor = factories.MentorFactory(user=cast.mentor_a, satker=cast.ende)
    MentorAssignment.objects.create(mentor=mentor, participant=people[0], slot=1, assigned_by=cast.pksdm)
    for person in people:
        factories.PaperFactory(rancangan__participant=person, rancangan__title=f"Menata arsip {person.full_name}", stage="approved")
    return Scene(
        cast, batch, proposal, benefit, manner, people, cast.lembaga_a, cast.penguji_a, make_penguji("Penguji Kedua, M.Si."),
        cast.coach_a, cast.mentor_a, author, {"mentor": mentor},
    )  # fmt: skip
