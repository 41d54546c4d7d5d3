"""What collides with the schedule of an angkatan: people, holidays, places, tahapan pemilu, and what other apps know.

`SOURCES` is the list: a new check is one function `(user, Schedule) -> [Finding]` added to it, or registered from an upper app by
`registry.batch_clash`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latsar.accounts.models import User
from latsar.dashboard import registry
from latsar.training import policies
from latsar.training import services as training
from latsar.training.clash import Finding, by_weight, free_days, is_face_to_face, is_released, overlap, runs, same_place
from latsar.training.enums import BatchStage, PhaseKind
from latsar.training.layout import PhaseDates
from latsar.training.models import Batch, BatchPhase, ElectionStage, Holiday
from latsar.ui import words
from participants import orientation_policies
from participants.enums import SEATED, OrientationState
from participants.models import Duty, OrientationMember, Participant

NAMED = 3
"""People named in a line before "dan N lain"."""


@dataclass(frozen=True)
class Schedule:
    """An angkatan with the days to be looked at: those it has, or those somebody is about to save."""

    batch: Batch
    phases: Sequence[PhaseDates]
    user: User
    known_people: Sequence[Participant] | None = None
    known_holidays: Sequence[date] | None = None

    @cached_property
    def people(self) -> list[Participant]:
        """Whom the person sees of it; who is placed or in training."""
        if self.known_people is not None:
            return [person for person in self.known_people if person.stage in SEATED]
        rows = Participant.objects.visible_to(self.user).filter(batch=self.batch, stage__in=SEATED)
        return list(rows.order_by("full_name", "pk").only("pk", "full_name", "nip", "satker_id", "province_id"))

    @property
    def starts_on(self) -> date:
        return min(phase.starts_on for phase in self.phases)

    @property
    def ends_on(self) -> date:
        return max(phase.ends_on for phase in self.phases)

    @property
    def meetings(self) -> list[PhaseDates]:
        """The phases that bring people together in a place."""
        return [phase for phase in self.phases if is_face_to_face(phase, self.batch.method)]

    @property
    def released(self) -> list[PhaseDates]:
        return [phase for phase in self.phases if is_released(phase)]


def find_clashes(
    user: User,
    batch: Batch,
    phases: Sequence[PhaseDates] | None = None,
    *,
    people: Sequence[Participant] | None = None,
    holidays: Sequence[date] | None = None,
) -> list[Finding]:
    """Return everything that collides, what weighs most on top; a fixed number of queries whatever the number of people.

    `people` and `holidays` save reading again what a page has read. Nobody sits in two angkatan at once: the database holds that.
    """
    if batch.stage == BatchStage.CLOSED:
        return []
    days = phases if phases is not None else training.dates_of(batch.phases.order_by("order"))
    days = [phase for phase in days if phase.starts_on <= phase.ends_on]
    if not days:
        return []
    schedule = Schedule(batch, days, user, people, holidays)
    own = [finding for source in SOURCES for finding in source(schedule)]
    return by_weight([*own, *registry.batch_clashes(user, batch, days)])


def in_timetable(batch: Batch) -> list[Finding]:
    """Sessions that need a lecturer, a room or a group twice, or lie outside their phase; four queries, so only where days are set."""
    found = training.session_clashes(batch)
    if not found:
        return []
    text = ngettext("%(n)d benturan di acara: %(first)s", "%(n)d benturan di acara, antara lain: %(first)s", len(found))
    return [Finding("warn", text % {"n": len(found), "first": found[0].text}, reverse("timetable", args=[batch.pk]), _("Buka acara"))]


def in_orientation(schedule: Schedule) -> list[Finding]:
    """People whose orientasi tugas falls into a phase in which they are released."""
    ids = [person.pk for person in schedule.people]
    members = OrientationMember.objects.present().filter(
        participant__in=ids,
        programme__state=OrientationState.OPEN,
        programme__starts_on__lte=schedule.ends_on,
        programme__ends_on__gte=schedule.starts_on,
    )
    groups: dict[int, list[OrientationMember]] = defaultdict(list)
    for member in members.select_related("programme", "participant"):
        if any(overlap(member.programme, phase) for phase in schedule.released):
            groups[member.programme_id].append(member)
    may_read = schedule.user.has_role(*orientation_policies.READERS)
    return [
        Finding(
            "bad",
            _("%(who)s mengikuti %(programme)s, %(days)s.")
            % {
                "who": named([member.participant.full_name for member in found]),
                "programme": found[0].programme.title,
                "days": words.date_range(found[0].programme.starts_on, found[0].programme.ends_on),
            },
            found[0].programme.get_absolute_url() if may_read else "",
            _("Buka orientasi"),
        )
        for found in groups.values()
    ]


def on_duty(schedule: Schedule) -> list[Finding]:
    """People who are called to office work in a phase in which they are released."""
    ids = [person.pk for person in schedule.people]
    rows = Duty.objects.standing().filter(participant__in=ids, starts_on__lte=schedule.ends_on, ends_on__gte=schedule.starts_on)
    found = []
    for duty in rows.select_related("participant"):
        phase = next((phase for phase in schedule.released if overlap(duty, phase)), None)
        if phase is not None:
            facts = {"name": duty.participant.full_name, "what": duty.what, "phase": phase.name}
            text = _("%(name)s dipanggil bertugas (%(what)s) di %(phase)s.") % facts
            found.append(Finding("warn", text, reverse("duty_list", args=[duty.participant_id]), _("Lihat tugas")))
    return found


def free_meetings(schedule: Schedule) -> list[Finding]:
    """Holidays inside the phases that bring people together."""
    days: Sequence[date] = schedule.known_holidays or []
    if schedule.known_holidays is None:
        days = list(Holiday.objects.filter(date__range=(schedule.starts_on, schedule.ends_on)).values_list("date", flat=True))
    url = reverse("batch_phases", args=[schedule.batch.pk]) if policies.can_edit_phases(schedule.user, schedule.batch) else ""
    found = []
    for phase in schedule.meetings:
        free = free_days(phase, days)
        if free:
            spans = ", ".join(words.short_date_range(*span) for span in runs(free))
            text = _("%(phase)s melewati hari libur: %(days)s.") % {"phase": phase.name, "days": spans}
            found.append(Finding("warn", text, url, _("Ubah jadwal")))
    return found


def shared_places(schedule: Schedule) -> list[Finding]:
    """Another klasikal of the same institute in the same place at the same time."""
    meetings, batch = schedule.meetings, schedule.batch
    if not meetings or not batch.place.strip():
        return []
    rows = BatchPhase.objects.filter(
        batch__institute_id=batch.institute_id,
        kind=PhaseKind.CLASSICAL,
        starts_on__lte=schedule.ends_on,
        ends_on__gte=schedule.starts_on,
    )
    rows = rows.exclude(batch=batch).exclude(batch__stage=BatchStage.CLOSED).select_related("batch")
    found = []
    for row in rows.order_by("starts_on"):
        days = next((days for phase in meetings if (days := overlap(row, phase))), None)
        if days and same_place(row.batch.place, batch.place):
            facts = {"batch": row.batch.label, "place": batch.place, "days": words.date_range(*days)}
            text = _("%(batch)s memakai %(place)s pada %(days)s juga.") % facts
            found.append(Finding("warn", text, row.batch.get_absolute_url(), _("Buka angkatan")))
    return found


def election_stages(schedule: Schedule) -> list[Finding]:
    """Tahapan pemilu of the people's units: against meetings always, against the other released phases when blocking."""
    rows = list(ElectionStage.objects.valid().touching(schedule.starts_on, schedule.ends_on).select_related("satker"))
    may_read = policies.can_read_stages(schedule.user)
    found = []
    for stage in rows:
        phase = next((phase for phase in schedule.meetings if overlap(stage, phase)), None)
        level = "bad" if stage.is_blocking else "warn"
        if phase is None and stage.is_blocking:
            phase, level = next((phase for phase in schedule.released if overlap(stage, phase)), None), "warn"
        if phase is None:
            continue
        bound = [p.full_name for p in schedule.people if stage.binds(satker_id=p.satker_id, province_id=p.province_id)]
        days = overlap(stage, phase)
        if bound and days:
            everybody = len(bound) == len(schedule.people) and len(bound) > NAMED
            who = _("Semua %(n)d peserta") % {"n": len(bound)} if everybody else named(bound)
            facts = {"who": who, "stage": stage.name, "days": words.date_range(*days), "phase": phase.name}
            url = f"{reverse('stage_list')}?{urlencode({'q': stage.name})}" if may_read else ""
            text = _("%(who)s terikat %(stage)s pada %(days)s, di tengah %(phase)s.") % facts
            found.append(Finding(level, text, url, _("Lihat tahapan")))
    return found


def named(names: Sequence[str]) -> str:
    """Name the first people, and count the rest."""
    if len(names) <= NAMED:
        return "; ".join(names)
    rest = len(names) - NAMED
    more = ngettext("dan %(n)d lain", "dan %(n)d lain", rest) % {"n": rest}
    return f"{'; '.join(names[:NAMED])}, {more}"


SOURCES: tuple[Callable[[Schedule], Iterable[Finding]], ...] = (
    in_orientation,
    on_duty,
    election_stages,
    free_meetings,
    shared_places,
)
"""Add a check here. Lecturers and rooms are looked at by `in_timetable`, on the page where days are set."""
