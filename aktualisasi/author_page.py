"""What the participant's page of a paper shows."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from aktualisasi import deadlines, paper_content, policies, tables
from aktualisasi.completeness import Completeness, completeness
from aktualisasi.enums import PaperKind, Reviewer
from aktualisasi.models import Paper, Rancangan, ReviewNote
from aktualisasi.submission import data_or_pdf, missing_for_submission, no_mentor
from latsar.accounts.models import User
from latsar.documents.intake.refusal import MAX_UPLOAD_BYTES
from latsar.documents.upload.tickets import write_ticket
from mentoring.models import GroupCoach, Mentor, MentorAssignment
from participants.models import Participant


def upload_target(participant_id: int, kind: str) -> str:
    """Name what an upload in pieces is for: the next version of this person's paper."""
    return f"naskah:{participant_id}:{kind}"


def context(user: User, participant: Participant, kind: str) -> dict[str, Any]:
    """Collect the page: paper, versions, notes, dates, what is missing."""
    rancangan = Rancangan.objects.visible_to(user).filter(participant=participant).prefetch_related("papers").first()
    if rancangan is not None:
        rancangan.participant = participant
    paper = _paper(rancangan, kind)
    mentor, coach = mentor_of(user, participant), coach_of(user, participant)
    seminar = deadlines.seminar_of(participant, kind)
    due = deadlines.due_of(participant.batch, seminar.starts_on) if seminar and participant.batch else None
    versions = list(paper.versions.all()) if paper else []
    may_start = kind == PaperKind.RANCANGAN or (rancangan is not None and policies.may_report(rancangan))
    can_write = policies.can_write(user, participant) and may_start and (paper is None or paper.is_editable)
    complete = completeness(rancangan, participant) if kind == PaperKind.RANCANGAN else None
    meter = paper_content.meter_for(rancangan) if rancangan and may_start and kind == PaperKind.LAPORAN else None
    percent = complete.percent if complete else meter.percent if meter else None
    return {
        "participant": participant,
        "rancangan": rancangan,
        "paper": paper,
        "kind": kind,
        "is_laporan": kind == PaperKind.LAPORAN,
        "may_start": may_start,
        "mentor": mentor,
        "coach": coach,
        "seminar": seminar,
        "due": tables.due_on(due),
        "steps": tables.steps_of(paper, seminar.starts_on if seminar else None),
        "versions": versions,
        "notes": sent_notes(user, paper),
        "can_write": can_write,
        "can_withdraw": paper is not None and policies.can_move(user, paper, "withdraw"),
        "complete": complete,
        "meter": meter,
        "content_url": _content_url(kind, complete),
        "preview_url": _preview_url(kind, rancangan),
        "can_plan": policies.can_plan(user, participant),
        "missing": missing(paper, versions, mentor, kind, percent),
        "answer_due": tables.due_on(deadlines.answer_due(paper)) if paper else None,
        "ticket": write_ticket(user=user, target=upload_target(participant.pk, kind), limit=MAX_UPLOAD_BYTES) if can_write else "",
        "target": upload_target(participant.pk, kind),
        "answer_days": deadlines.answer_days()[Reviewer.MENTOR],
    }


def _content_url(kind: str, complete: Completeness | None) -> str:
    """Return where the author goes on writing."""
    if kind == PaperKind.LAPORAN:
        return reverse("laporan_home")
    return complete.missing[0].url if complete and complete.missing else reverse("plan_home")


def _preview_url(kind: str, rancangan: Rancangan | None) -> str:
    """Return where the document can be seen as it would be printed now."""
    if rancangan is None:
        return ""
    if kind == PaperKind.RANCANGAN:
        return reverse("rancangan_print", args=[rancangan.pk])
    laporan = paper_content.laporan_of(rancangan)
    return reverse("laporan_print", args=[laporan.pk]) if laporan else ""


def missing(paper: Paper | None, versions: list[Any], mentor: Mentor | None, kind: str, percent: int | None) -> list[str]:
    """Return what is missing, also of a paper that nobody has begun."""
    if paper is None:
        lacks = [_("judul")] if kind == PaperKind.RANCANGAN else []
        return [*lacks, data_or_pdf(kind, percent or 0), *([] if mentor else [no_mentor()])]
    newest = versions[0] if versions else None
    return missing_for_submission(paper, newest=newest, has_mentor=mentor is not None, percent=percent)


def mentor_of(user: User, participant: Participant) -> Mentor | None:
    present = MentorAssignment.objects.visible_to(user).active().filter(participant=participant)
    assignment = present.select_related("mentor__user", "mentor__satker").first()
    return assignment.mentor if assignment else None


def coach_of(user: User, participant: Participant) -> User | None:
    group = GroupCoach.objects.visible_to(user).of_participant(participant.pk).select_related("coach").first()
    return group.coach if group else None


def sent_notes(user: User, paper: Paper | None) -> list[ReviewNote]:
    """Return what reviewers wrote, the newest version first."""
    if paper is None:
        return []
    notes = ReviewNote.objects.visible_to(user).sent().filter(version__paper=paper)
    return list(notes.select_related("version", "by").order_by("-version__number", "page", "pk"))


def _paper(rancangan: Rancangan | None, kind: str) -> Paper | None:
    paper = rancangan.paper(kind) if rancangan else None
    if paper is not None and rancangan is not None:
        paper.rancangan = rancangan
    return paper
