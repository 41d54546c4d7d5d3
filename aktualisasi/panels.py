from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Event

from aktualisasi import examiners as _examiners
from aktualisasi import habituasi_home, home, seminar_clashes, seminar_home, tables
from aktualisasi.models import Paper, Rancangan, SeminarTurn
from latsar.accounts.enums import Role
from latsar.accounts.models import RoleGrant, User
from latsar.dashboard.registry import Card, Column, Panel, Part, batch_clash, panel, part, person_card, roster_column
from latsar.training.clash import Finding
from latsar.training.layout import PhaseDates
from latsar.training.models import Batch
from latsar.ui import words
from participants.calendar_feed import event_source
from participants.models import Participant

__all__ = ["_examiners"]
"""Imported for its registration: mentoring and participants ask it before they name a guide or move somebody."""


@part(Role.MENTOR)
def mentees(user: User, grant: RoleGrant) -> Part:
    return home.mentor_part(user)


@part(Role.COACH)
def groups(user: User, grant: RoleGrant) -> Part:
    return home.coach_part(user)


@part(Role.PESERTA)
def own_rancangan(user: User, grant: RoleGrant) -> Part:
    return home.author_part(user)


@panel(Role.ADMIN_SATKER, Role.ADMIN_PROVINSI)
def unit_habituasi(user: User, grant: RoleGrant) -> Panel | None:
    return habituasi_home.unit_panel(user, grant)


@person_card
def habituasi_card(user: User, participant: object) -> Card | None:
    assert isinstance(participant, Participant)
    lines = habituasi_home.person_lines(user, participant, timezone.localdate())
    return Card(_("Habituasi"), lines, order=52) if lines else None


@person_card
def rancangan_card(user: User, participant: object) -> Card | None:
    assert isinstance(participant, Participant)
    papers = Paper.objects.visible_to(user).filter(rancangan__participant=participant).order_by("pk")
    rancangan = Rancangan.objects.visible_to(user).filter(participant=participant).first()
    lines: list[tuple[str, str, str]] = []
    if rancangan:
        lines.append((_("Judul"), rancangan.title or _("Belum berjudul"), reverse("rancangan_content", args=[rancangan.pk])))
    lines += [(str(paper.get_kind_display()), str(paper.get_stage_display()), paper.get_absolute_url()) for paper in papers]
    return Card(_("Aktualisasi"), lines, order=50) if lines else None


@roster_column
def paper_column(user: User, batch: Batch, participant_ids: Sequence[int]) -> Column | None:
    """The paper at hand of everybody in a batch: the laporan once there is one; one query."""
    cells = {
        person: (f"{paper.get_kind_display()}: {str(paper.get_stage_display()).lower()}", paper.get_absolute_url())
        for person, paper in tables.current_papers(user, participant_ids).items()
    }
    return Column(_("Naskah"), cells, order=50)


@part(Role.PENGUJI)
def examined_turns(user: User, grant: RoleGrant) -> Part:
    return seminar_home.examiner_part(user)


@part(Role.MENTOR)
def seminars_of_mentees(user: User, grant: RoleGrant) -> Part:
    return seminar_home.guide_part(user, as_coach=False)


@part(Role.COACH)
def seminars_of_groups(user: User, grant: RoleGrant) -> Part:
    return seminar_home.guide_part(user, as_coach=True)


@part(Role.PESERTA)
def own_turns(user: User, grant: RoleGrant) -> Part:
    return seminar_home.author_part(user)


@part(Role.LEMBAGA)
def papers_without_coach(user: User, grant: RoleGrant) -> Part:
    return home.coachless_part(user, grant.institute_id)


@part(Role.LEMBAGA)
def seminars_of_institute(user: User, grant: RoleGrant) -> Part:
    return seminar_home.planner_part(user, institute_ids=[grant.institute_id] if grant.institute_id else [])


@part(Role.PKSDM)
def seminars_of_nation(user: User, grant: RoleGrant) -> Part:
    return seminar_home.planner_part(user)


@batch_clash
def seminars_outside(user: User, batch: Batch, phases: Sequence[PhaseDates]) -> Sequence[Finding]:
    return seminar_clashes.outside_phases(batch, phases)


@person_card
def seminar_card(user: User, participant: object) -> Card | None:
    """Both seminars of a person: when, and what became of them."""
    assert isinstance(participant, Participant)
    rows = SeminarTurn.objects.visible_to(user).standing().filter(participant=participant).select_related("seminar").order_by("starts_at")
    lines = []
    for turn in rows:
        said = f"{words.long_date(turn.seminar.day)}, {turn.hours_text}"
        lines.append(
            (turn.seminar.get_kind_display(), f"{said}. {turn.get_outcome_display()}" if turn.outcome else said, turn.get_absolute_url())
        )
    return Card(_("Seminar"), lines, order=55) if lines else None


@event_source
def seminars_in_calendar(user: User, since: datetime) -> list[Event]:
    return seminar_home.calendar_of(user, since)
