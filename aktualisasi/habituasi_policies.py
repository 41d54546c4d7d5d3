"""Who may do what in the habituasi, the laporan and the library. The same answers hide the button and stop the service."""

from __future__ import annotations

from aktualisasi.enums import PaperKind
from aktualisasi.gates import is_finished, is_plan_approved
from aktualisasi.habituasi import Evidence, PlanChange, WeeklyReport
from aktualisasi.habituasi_enums import ReportStage
from aktualisasi.habituasi_workflow import CHANGE_MOVES, REPORT_MOVES
from aktualisasi.library import LibraryEntry
from aktualisasi.policies import can_write, is_author
from aktualisasi.rancangan import Rancangan
from latsar.accounts.enums import Role
from latsar.accounts.models import User
from mentoring.policies import is_mentor_of
from participants.models import Participant

LIBRARY_ROLES = tuple(Role)


def can_record(user: User, rancangan: Rancangan) -> bool:
    """Say whether the person may write about this habituasi: the own one, in training, with the plan approved.

    Whether it has begun is a matter of dates, which the service answers in words.
    """
    return can_write(user, rancangan.participant) and is_plan_approved(rancangan)


def can_remove_evidence(user: User, evidence: Evidence, rancangan: Rancangan) -> bool:
    """Say whether it may still be taken away: not once it stands in an approved weekly report."""
    return can_record(user, rancangan) and not is_settled(evidence)


def is_settled(evidence: Evidence) -> bool:
    return evidence.report is not None and evidence.report.stage == ReportStage.APPROVED


def is_report_actor(user: User, report: WeeklyReport, actor: str) -> bool:
    """Say whether the person stands in the relation that the table names."""
    if actor == "author":
        return can_write(user, report.participant)
    return is_mentor_of(user, report.participant_id)


def can_move_report(user: User, report: WeeklyReport, action: str) -> bool:
    """Say whether the table has this move now and the person may make it."""
    move = REPORT_MOVES[action]
    return report.stage in move.sources and is_report_actor(user, report, move.actor)


def is_change_actor(user: User, change: PlanChange, actor: str) -> bool:
    """Say whether the person stands in the relation that the table names."""
    if actor == "author":
        return can_write(user, change.rancangan.participant)
    return is_mentor_of(user, change.rancangan.participant_id)


def can_move_change(user: User, change: PlanChange, action: str) -> bool:
    """Say whether the table has this move now and the person may make it."""
    move = CHANGE_MOVES[action]
    return change.stage in move.sources and is_change_actor(user, change, move.actor)


def can_write_laporan(user: User, rancangan: Rancangan) -> bool:
    """Say whether the person may write this laporan: the own one, once the plan is approved, until graduation."""
    return can_record(user, rancangan)


def may_edit_laporan(user: User, rancangan: Rancangan) -> bool:
    """Say whether what the laporan says may be changed now: not while it is read, nor once it is approved."""
    paper = rancangan.paper(PaperKind.LAPORAN)
    return can_write_laporan(user, rancangan) and (paper is None or paper.is_editable)


def can_release(user: User, participant: Participant) -> bool:
    """Say whether the person may release the own aktualisasi to the library."""
    return is_author(user, participant) and is_finished(participant)


def can_release_for_satker(user: User, entry: LibraryEntry) -> bool:
    """Say whether the person answers for the satker: its admin, the province, PKSDM; nobody for the own work."""
    person = entry.participant
    if person.user_id == user.pk:
        return False
    return user.has_role(Role.ADMIN_SATKER, Role.ADMIN_PROVINSI, Role.PKSDM) and user.scope.administers(
        satker_id=person.satker_id, province_id=person.province_id
    )
