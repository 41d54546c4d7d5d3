"""The end of each phase: who has not finished it, and the institute that has to mark it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import partial

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latsar.accounts.enums import Role
from latsar.accounts.models import RoleGrant
from latsar.notices.enums import Audience
from latsar.notices.reminders import Asked, Reminder
from latsar.training.enums import BatchStage, PhaseKind
from latsar.training.models import BatchPhase
from latsar.ui import words
from participants.enums import ProgressState, Stage
from participants.models import Participant, PhaseProgress


def phase_end(asked: Asked) -> Iterator[Reminder]:
    """People in training who are not marked as done in a phase that ends that day; four queries."""
    phases = list(BatchPhase.objects.filter(ends_on=asked.day, batch__stage=BatchStage.RUNNING).select_related("batch"))
    done = set(PhaseProgress.objects.filter(phase__in=phases, state=ProgressState.DONE).values_list("participant_id", "phase_id"))
    people = defaultdict(list)
    in_training = Participant.objects.filter(stage=Stage.TRAINING, batch_id__in={phase.batch_id for phase in phases})
    for person in in_training.select_related("user").order_by("pk") if phases else ():
        people[person.batch_id].append(person)
    behind = [(phase, [p for p in people[phase.batch_id] if (p.pk, phase.pk) not in done]) for phase in phases]
    if asked.audience == Audience.SATKER:
        yield from _to_satker(asked, behind)
        return
    yield from _to_people(asked, behind) if asked.audience == Audience.PERSON else _to_institutes(asked, behind)


def beginning(day: date) -> QuerySet[BatchPhase]:
    """Return the phases that begin that day; the first of a batch is told as the begin of the batch."""
    live = BatchPhase.objects.filter(starts_on=day, batch__stage__in=[BatchStage.OPEN, BatchStage.RUNNING])
    return live.exclude(starts_on=F("batch__starts_on")).select_related("batch").order_by("batch_id", "order")


def phase_start(asked: Asked) -> Iterator[Reminder]:
    """People who begin a phase that day, and their institutes; two queries."""
    phases = list(beginning(asked.day))
    if asked.audience == Audience.PERSON:
        people = Participant.objects.filter(stage__in=[Stage.PLACED, Stage.TRAINING], batch_id__in={phase.batch_id for phase in phases})
        for person in people.filter(user__is_active=True).select_related("user").order_by("pk") if phases else ():
            assert person.user is not None
            for phase in phases:
                if phase.batch_id == person.batch_id:
                    url, about = person.get_absolute_url(), f"phase-{phase.pk}"
                    yield Reminder(person.user, about, partial(_begins, phase.name, asked), url, lambda: _("Lihat jadwal"), asked.day)
        return
    institutes = {phase.batch.institute_id for phase in phases}
    grants = RoleGrant.objects.valid().filter(role=Role.LEMBAGA, institute_id__in=institutes, user__is_active=True).select_related("user")
    for grant in grants if phases else ():
        for phase in phases:
            if phase.batch.institute_id == grant.institute_id:
                url, name = phase.batch.get_absolute_url(), f"{phase.name}, {phase.batch.label}"
                yield Reminder(grant.user, f"phase-{phase.pk}", partial(_begins, name, asked), url, lambda: _("Buka angkatan"), asked.day)


def _begins(name: str, asked: Asked) -> str:
    return _("Fase %(phase)s mulai %(day)s.") % {"phase": name, "day": words.long_date(asked.day)}


def _to_people(asked: Asked, behind: list[tuple[BatchPhase, list[Participant]]]) -> Iterator[Reminder]:
    for phase, people in behind:
        for person in people:
            if person.user is None or not person.user.is_active:
                continue
            yield Reminder(
                person.user,
                f"phase-{phase.pk}",
                lambda name=phase.name: (
                    _("Fase %(phase)s berakhir %(day)s. Selesaikan yang masih kurang.")  # type: ignore[misc]  # bound now
                    % {"phase": name, "day": words.long_date(asked.day)}
                ),
                person.get_absolute_url(),
                lambda: _("Lihat jadwal"),
                asked.day,
            )


def _to_satker(asked: Asked, behind: list[tuple[BatchPhase, list[Participant]]]) -> Iterator[Reminder]:
    """PKTBT alone is the satker's to report: one line per satker and phase with a count; one query."""
    counts: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    phases = {phase.pk: phase for phase, _people in behind if phase.kind == PhaseKind.PKTBT}
    for phase, people in behind:
        for person in people if phase.pk in phases else ():
            counts[person.satker_id][phase.pk] += 1
    units = [Role.ADMIN_SATKER, Role.ADMIN_PROVINSI]
    grants = RoleGrant.objects.valid().filter(role__in=units, satker_id__in=counts, user__is_active=True).select_related("user")
    for grant in grants if counts else ():
        for pk, n in counts[grant.satker_id or 0].items():
            url = reverse("phase_board", args=[phases[pk].batch_id, pk])
            yield Reminder(grant.user, f"pktbt-{pk}", partial(_reports, n, asked), url, lambda: _("Laporkan"), asked.day)


def _reports(n: int, asked: Asked) -> str:
    text = ngettext(
        "PKTBT %(n)s CPNS belum dilaporkan selesai, batasnya %(day)s.", "PKTBT %(n)s CPNS belum dilaporkan selesai, batasnya %(day)s.", n
    )
    return text % {"n": words.thousands(n), "day": words.long_date(asked.day)}


def _to_institutes(asked: Asked, behind: list[tuple[BatchPhase, list[Participant]]]) -> Iterator[Reminder]:
    counts: dict[int, int] = defaultdict(int)
    urls: dict[int, set[str]] = defaultdict(set)
    for phase, people in behind:
        if people:
            counts[phase.batch.institute_id] += len(people)
            urls[phase.batch.institute_id].add(phase.batch.get_absolute_url())
    grants = RoleGrant.objects.valid().filter(role=Role.LEMBAGA, institute_id__in=counts, user__is_active=True).select_related("user")
    for grant in grants if counts else ():
        office = grant.institute_id or 0
        pages = urls[office]
        url = next(iter(pages)) if len(pages) == 1 else reverse("batch_list")
        yield Reminder(grant.user, "phases", partial(_marks, counts[office], asked), url, lambda: _("Tandai"), asked.day)


def _marks(n: int, asked: Asked) -> str:
    text = ngettext(
        "%(n)s peserta belum ditandai selesai di fase yang berakhir %(day)s.",
        "%(n)s peserta belum ditandai selesai di fase yang berakhir %(day)s.",
        n,
    )
    return text % {"n": words.thousands(n), "day": words.long_date(asked.day)}
