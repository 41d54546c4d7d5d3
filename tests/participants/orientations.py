"""An orientasi tugas of NTT with two sessions on one day, for every test of it."""

from __future__ import annotations

from datetime import date, time, timedelta

from django.utils import timezone

from latsar.training.models import OrientationTemplate, OrientationTemplateSession
from participants.enums import Stage
from participants.models import OrientationMember, OrientationProgramme, OrientationSession, Participant
from tests import factories

DAY = timedelta(days=1)


def make_template() -> OrientationTemplate:
    """Make a template of three days with 4, 4 and 2 JP."""
    template = OrientationTemplate.objects.create(code="tiga-hari", name="Tiga hari", min_attendance_percent=80)
    for day, hours in ((1, 4), (2, 4), (3, 2)):
        OrientationTemplateSession.objects.create(
            template=template, day=day, starts_at=time(8), ends_at=time(11), hours=hours, title=f"Materi {day}"
        )
    return template


def make_programme(by, *, province=None, day: date | None = None, **facts) -> OrientationProgramme:
    """Make a programme of one day with 6 and 4 JP; 80 percent are 8 JP."""
    day = day or timezone.localdate()
    facts = {"title": "Orientasi tugas contoh", "min_attendance_percent": 80, **facts}
    programme = OrientationProgramme.objects.create(province=province, starts_on=day, ends_on=day, created_by=by, **facts)
    for start, end, hours in ((8, 12, 6), (13, 16, 4)):
        OrientationSession.objects.create(
            programme=programme, day=day, starts_at=time(start), ends_at=time(end), hours=hours, title=f"Materi {start}"
        )
    return programme


def approved(satker, count: int = 1, **facts) -> list[Participant]:
    return [factories.ParticipantFactory(satker=satker, **{"stage": Stage.APPROVED, **facts}) for _n in range(count)]


def join(programme, people, by) -> list[OrientationMember]:
    return [OrientationMember.objects.create(programme=programme, participant=person, added_by=by) for person in people]
