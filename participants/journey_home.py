"""The home page of a participant: how far the journey is, what comes next and when, the angkatan and the certificate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from latsar.accounts.models import User
from latsar.dashboard.registry import Panel, Part
from latsar.training.models import BatchPhase
from latsar.ui import words
from latsar.ui.components import LEVEL_ICONS, Step, icon, pill
from participants import attendance_home, certificate_home, dossier_home, orientation_home, person_page
from participants.boards import STATE_FACES, current_phase
from participants.clock import PersonClock
from participants.enums import ENDED, UNSEATED, ProgressState, Stage
from participants.models import OrientationMember, Participant, ParticipantStageChange, PhaseProgress
from participants.reachable import earliest_ends, person_clock
from participants.scoring.home import own_result, with_result

DUE_SOON_DAYS = 7
NEXT_BEFORE_SEAT = {
    Stage.REGISTERED: gettext_lazy("Satker Anda melengkapi data, lalu mengajukannya ke KPU provinsi."),
    Stage.RETURNED: gettext_lazy("Satker Anda sedang memperbaiki data yang dikembalikan."),
    Stage.SUBMITTED: gettext_lazy("KPU provinsi sedang memeriksa data Anda."),
    Stage.VERIFIED: gettext_lazy("PKSDM memeriksa data Anda berikutnya."),
    Stage.APPROVED: gettext_lazy("Data Anda sudah disetujui. PKSDM mencarikan kursi."),
}


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """One phase of the own schedule; `left` are the days to its start, or to its end while it runs."""

    name: str
    day: str
    left: str
    level: str
    dates: str
    state: SafeString
    is_now: bool


def journey_part(user: User, today: date) -> Part:
    """Tell the participant where the journey stands; an account without a participant row gets nothing."""
    person = _own(user, today)
    if person is None:
        return Part()
    own = PhaseProgress.objects.filter(participant=person, phase=OuterRef("pk")).values("state")
    with_marks = BatchPhase.objects.filter(batch_id=person.batch_id or 0).order_by("order").annotate(mark=Subquery(own))
    phases = list(with_marks) if person.batch_id else []
    steps = (
        _seated_steps(person, phases, today) if person.batch_id else person_page.steps_of(person, list(person.stage_changes.all()), None)
    )
    now, following = _now_and_next(person, phases, today)
    position = next((number for number, step in enumerate(steps, 1) if step.state == "now"), len(steps))
    journey: dict[str, object] = {"steps": steps, "position": position, "total": len(steps), "now": now, "next": following}
    panels = [Panel("participants/_journey_panel.html", journey, order=0, wide=True)]
    if person.stage == Stage.GRADUATED and (certificate := certificate_home.own_certificate(user)):
        panels.append(Panel("participants/_certificate_panel.html", {"item": certificate[0]}, order=5))
    if person.has_orientation and (orientation := orientation_home.own_panel(user, today)):  # type: ignore[attr-defined]  # annotated
        panels.append(orientation)
    if phases:
        rows = [_phase_row(phase, phase.mark or ProgressState.WAITING, today) for phase in phases]
        panels.append(Panel("participants/_schedule_panel.html", {"rows": rows, "batch": person.batch}, order=20))
    sessions = attendance_home.sessions_part(user, timezone.now()) if person.batch_id else Part()
    panels += [*sessions.panels, _seat_panel(person, today)]
    return Part(
        todos=[*sessions.todos, *own_result(person), *dossier_home.to_bring(user, person)], panels=panels, lead=f"{now} {following}".strip()
    )


def _own(user: User, today: date) -> Participant | None:
    """Read the person with what most people do not have, so that it costs a query of its own only where it is there."""
    placed = ParticipantStageChange.objects.filter(participant=OuterRef("pk"), new=Stage.PLACED).order_by("-at", "-pk")
    taken = OrientationMember.objects.present().filter(participant=OuterRef("pk"))
    people = with_result(Participant.objects.visible_to(user).filter(user=user), today)
    people = people.annotate(placed_at=Subquery(placed.values("at")[:1]), has_orientation=Exists(taken))
    return people.select_related("satker", "province", "batch__institute", "batch__scheme", "batch__curriculum").first()


def _seated_steps(person: Participant, phases: Sequence[BatchPhase], today: date) -> list[Step]:
    """Return the reached file stages, then the phases by the calendar of the angkatan, then graduation."""
    seated = timezone.localdate(person.placed_at) if person.placed_at else None  # type: ignore[attr-defined]  # annotated
    steps = [
        Step(_("Terdaftar"), words.day_and_month(timezone.localdate(person.created_at)), "done"),
        Step(_("Ditempatkan"), words.day_and_month(seated) if seated else "", "done"),
    ]
    leading = [phase for phase in phases if not phase.is_parallel]
    graduated = person.stage == Stage.GRADUATED
    now = None if graduated else current_phase(phases, today)
    for phase in leading:
        if graduated or (now is not None and phase.order < now.order):
            steps.append(Step(phase.name, words.day_and_month(phase.ends_on), "done"))
        elif phase == now:
            under_way = phase.starts_on <= today
            note = _("sampai %(day)s") if under_way else _("mulai %(day)s")
            steps.append(Step(phase.name, note % {"day": words.day_and_month(phase.ends_on if under_way else phase.starts_on)}, "now"))
        else:
            steps.append(Step(phase.name, words.short_date_range(phase.starts_on, phase.ends_on)))
    ends_on = person.graduated_on or (person.batch.ends_on if person.batch else None)
    steps.append(Step(_("Lulus"), words.day_and_month(ends_on) if ends_on else "", "done" if graduated else "todo"))
    return steps


def _now_and_next(person: Participant, phases: Sequence[BatchPhase], today: date) -> tuple[str, str]:
    """Say in two sentences what goes on and what follows, both with their day."""
    if person.stage == Stage.GRADUATED and person.graduated_on:
        return _("Anda lulus Latsar %(day)s.") % {"day": words.long_date(person.graduated_on)}, ""
    if person.batch is None:
        return str(NEXT_BEFORE_SEAT.get(Stage(person.stage), "")), _("Anda diberi tahu lewat e-mail begitu mendapat kursi.")
    phase = current_phase(phases, today)
    if phase is None:
        return _("%(batch)s mulai %(day)s.") % {"batch": person.batch, "day": words.long_date(person.batch.starts_on)}, ""
    later = next((one for one in phases if not one.is_parallel and one.order > phase.order), None)
    following = _("Berikutnya %(phase)s, %(day)s.") % {"phase": later.name, "day": words.short_date(later.starts_on)} if later else ""
    if phase.ends_on < today:
        return _("Semua fase sudah lewat, hasilnya sedang dicatat."), ""
    under_way = phase.starts_on <= today
    text = _("%(phase)s sampai %(day)s, %(left)s.") if under_way else _("%(phase)s mulai %(day)s, %(left)s.")
    day = phase.ends_on if under_way else phase.starts_on
    return text % {"phase": phase.name, "day": words.short_date(day), "left": words.days_left((day - today).days)}, following


def _phase_row(phase: BatchPhase, state: str, today: date) -> PhaseRow:
    is_now = phase.starts_on <= today <= phase.ends_on
    days = (phase.ends_on if is_now else phase.starts_on) - today
    kind, symbol = STATE_FACES[ProgressState(state)]
    is_early = is_now and state == ProgressState.DONE
    return PhaseRow(
        name=phase.name,
        day=words.day_and_month(phase.starts_on),
        left=_("Sudah lewat") if phase.ends_on < today else words.days_left(days.days),
        level="is-warn" if is_now and not is_early and days.days <= DUE_SOON_DAYS else "muted" if phase.ends_on < today else "",
        dates=words.short_date_range(phase.starts_on, phase.ends_on),
        state=pill(kind, _("Bagian Anda selesai") if is_early else str(ProgressState(state).label), symbol),
        is_now=is_now,
    )


def _seat_panel(person: Participant, today: date) -> Panel:
    batch = person.batch
    clock = person_clock(person, today, earliest_ends(today) if person.stage in UNSEATED else {})
    facts: list[tuple[str, str]] = [(_("Satker"), person.satker.name)]
    if batch is not None:
        place = [(_("Tempat"), batch.place)] if batch.place else []
        facts = [
            (_("Cara"), f"{batch.get_method_display()}, {batch.get_golongan_display()}"),
            (_("Aturan"), f"{batch.scheme.name}, {batch.curriculum.name}"),
            *place,
            (pgettext("date", "Selesai"), words.long_date_with_weekday(batch.ends_on)),
        ]
    if person.stage not in ENDED:
        facts.append((_("Batas percobaan"), _deadline(person, clock)))
    title = str(batch) if batch else _("Masa percobaan Anda")
    return Panel("participants/_seat_panel.html", {"title": title, "facts": facts}, order=40, aside=True)


def _deadline(person: Participant, clock: PersonClock) -> SafeString:
    return format_html(
        '<b>{}</b><br><span class="is-{}">{} {}, {}</span>',
        words.long_date_with_weekday(person.deadline),
        clock.level,
        icon(LEVEL_ICONS[clock.level]),
        clock.label,
        clock.why,
    )
