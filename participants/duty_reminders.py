"""Days of which units are reminded: a start without a surat tugas, a blocking tahapan in the midst of a released phase."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from latsar.notices.enums import Audience
from latsar.notices.reminders import Asked, Reminder, source
from latsar.training.clash import AT_WORK
from latsar.training.enums import BatchStage, StageScope
from latsar.training.models import BatchPhase, ElectionStage
from participants.duty_tables import in_force
from participants.enums import SEATED
from participants.models import Participant
from participants.offices import day_of, facts, office_lines


@source("duty_letter", gettext_lazy("Surat tugas yang belum ada menjelang angkatan mulai"), Audience.SATKER, Audience.PROVINCE)
def duty_letter(asked: Asked) -> Iterator[Reminder]:
    """People whose angkatan starts that day and who have no surat tugas."""
    rows = Participant.objects.filter(stage__in=SEATED, batch__starts_on=asked.day).filter(~Exists(in_force()))

    def say(n: int) -> str:
        text = ngettext(
            "%(n)s peserta mulai Latsar %(day)s tanpa surat tugas. Buat suratnya.",
            "%(n)s peserta mulai Latsar %(day)s tanpa surat tugas. Buat suratnya.",
            n,
        )
        return text % facts(n, day=day_of(asked))

    url = f"{reverse('duty_letter_list')}?keadaan=belum"
    yield from office_lines(asked, rows, say=say, url=url, action=lambda: _("Buat surat"), due_on=asked.day)


@source("stage_clash", gettext_lazy("Tahapan pemilu di tengah Latsar"), Audience.SATKER, Audience.PROVINCE)
def stage_clash(asked: Asked) -> Iterator[Reminder]:
    """People bound by a blocking tahapan that starts that day, while a phase of theirs releases them from duty."""
    released = BatchPhase.objects.filter(batch_id=OuterRef(OuterRef("batch_id")), starts_on__lte=OuterRef("ends_on"))
    released = released.filter(ends_on__gte=OuterRef("starts_on")).exclude(kind__in=AT_WORK)
    binding = (
        Q(scope=StageScope.NATION)
        | Q(scope=StageScope.PROVINCE, satker=OuterRef("province_id"))
        | Q(scope=StageScope.SATKER, satker=OuterRef("satker_id"))
    )
    stages = ElectionStage.objects.valid().filter(binding, Exists(released), is_blocking=True, starts_on=asked.day)
    running = {"batch__stage__in": [BatchStage.OPEN, BatchStage.RUNNING], "batch__ends_on__gte": asked.day}
    rows = Participant.objects.filter(Exists(stages), stage__in=SEATED, **running)

    def say(n: int) -> str:
        text = ngettext(
            "Tahapan mulai %(day)s saat %(n)s peserta bebas tugas untuk Latsar. Atur penggantinya.",
            "Tahapan mulai %(day)s saat %(n)s peserta bebas tugas untuk Latsar. Atur penggantinya.",
            n,
        )
        return text % facts(n, day=day_of(asked))

    yield from office_lines(asked, rows, say=say, url=reverse("stage_list"), action=lambda: _("Lihat tahapan"), due_on=asked.day)
