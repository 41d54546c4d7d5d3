from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from aktualisasi.enums import PaperStage
from latsar.notices.models import Notice, ReminderRule
from latsar.notices.services import send_reminders
from latsar.training.enums import BatchStage
from mentoring.models import MentorAssignment
from participants.enums import Stage
from tests.factories import BatchFactory, MentorFactory, PaperFactory, ParticipantFactory, UserFactory

TODAY = date(2026, 11, 23)  # a Monday
DAY = timedelta(days=1)


@pytest.fixture
def guided(cast):
    """Two people of a batch whose seminar begins in three days, both guided by one mentor."""
    batch = BatchFactory(institute=cast.institute_a, stage=BatchStage.RUNNING, starts_on=TODAY - 37 * DAY)
    mentor = MentorFactory(user=cast.mentor_a, satker=cast.kupang)
    people = []
    for slot, name in enumerate(("menulis", "mengajukan"), 1):
        user = UserFactory(username=name)
        person = ParticipantFactory(satker=cast.kupang, user=user, stage=Stage.TRAINING, batch=batch, full_name=f"{name.title()} Contoh")
        MentorAssignment.objects.create(mentor=mentor, participant=person, slot=slot, assigned_by=cast.pksdm)
        people.append(person)
    PaperFactory(rancangan__participant=people[0])
    # three working days after Thursday the 19th are Tuesday the 24th
    PaperFactory(rancangan__participant=people[1], stage=PaperStage.SUBMITTED, stage_at=datetime(2026, 11, 19, 3, tzinfo=UTC))
    return people


def run(source: str, audience: str, offset: int) -> dict[str, str]:
    ReminderRule.objects.create(code="uji", source=source, audience=audience, offset=offset)
    send_reminders(today=TODAY)
    return dict(Notice.objects.values_list("user__username", "text"))


def test_rancangan_due_tells_who_has_not_handed_in(guided):
    assert run("rancangan_due", "person", -3) == {"menulis": "Ajukan rancangan aktualisasi ke mentor, batasnya 26 November 2026."}


def test_rancangan_due_tells_the_mentor_how_many(guided):
    said = run("rancangan_due", "mentor", -3)
    assert said == {"mentor.a": "1 peserta bimbingan Anda belum mengajukan rancangan; batasnya 26 November 2026."}


@pytest.mark.parametrize(
    ("offset", "said"), [(-1, {"mentor.a": "Rancangan Mengajukan Contoh menunggu jawaban Anda, batasnya 24 November 2026."}), (0, {})]
)
def test_review_due_counts_working_days(guided, offset, said):
    assert run("review_due", "mentor", offset) == said
