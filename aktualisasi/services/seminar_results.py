"""What became of a turn: the decision, who was there, what is to be repaired, and the signed berita acara."""

from __future__ import annotations

import logging
import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aktualisasi import seminar_notices
from aktualisasi import seminar_policies as policies
from aktualisasi.examiners import nips_of
from aktualisasi.models import SeminarExaminer, SeminarPaper, SeminarPresence, SeminarRevision, SeminarTurn
from aktualisasi.seminar_enums import Attendee, Presence, SeminarState, TurnOutcome
from aktualisasi.services.seminars import apply_move
from latsar.accounts import audit
from latsar.accounts.errors import IllegalMove, NotAllowed, Refused, StaleVersion
from latsar.accounts.models import User
from latsar.documents.intake.names import display_name
from latsar.documents.intake.pdf_check import inspect_pdf
from latsar.documents.intake.refusal import UploadRefused
from mentoring.models import GroupCoach, MentorAssignment
from participants.models import Placement

log = logging.getLogger(__name__)

MOST_REVISIONS = 20
NOWHERE = (0, 0)
"""The batch and group of who has none."""
RESULT_FACTS = ("outcome", "revision_due_on", "note", "number")


@dataclass(frozen=True, slots=True)
class Here:
    """Somebody who belongs at a turn: as what, and which of them."""

    role: str
    number: int
    name: str
    nip: str

    @property
    def key(self) -> str:
        return f"{self.role}-{self.number}"


@dataclass(frozen=True, slots=True)
class ToRepair:
    """A line of the list of repairs; `pk` None is a new one."""

    pk: int | None
    text: str
    part: str = ""


def attendees_of(turn: SeminarTurn) -> list[Here]:
    """Return who belongs at this turn now: examiners, coach, mentor, the participant."""
    return attendees_of_all([turn])[turn.pk]


def attendees_of_all(turns: Sequence[SeminarTurn]) -> dict[int, list[Here]]:
    """Return who belongs at each turn now, by the turn's number; five queries however many turns."""
    people = [turn.participant_id for turn in turns]
    examiners: dict[int, list[SeminarExaminer]] = defaultdict(list)
    for row in SeminarExaminer.objects.filter(seminar__in={turn.seminar_id for turn in turns}).select_related("user").order_by("number"):
        examiners[row.seminar_id].append(row)
    seats = Placement.objects.active().filter(participant__in=people).values_list("participant_id", "seat__batch_id", "group")
    group_of = {person: (batch, group or 0) for person, batch, group in seats}
    rows = GroupCoach.objects.filter(batch__in={batch for batch, _group in group_of.values()}).select_related("coach")
    coach_of = {(row.batch_id, row.group): row.coach for row in rows}
    mentors = MentorAssignment.objects.active().filter(participant__in=people).select_related("mentor__user")
    mentor_of = {row.participant_id: row.mentor for row in mentors}
    nips = nips_of([*coach_of.values(), *(row.user for found in examiners.values() for row in found)])
    here: dict[int, list[Here]] = {}
    for turn in turns:
        found = [Here(Attendee.EXAMINER, row.number, str(row.user), nips[row.user_id]) for row in examiners[turn.seminar_id]]
        if coach := coach_of.get(group_of.get(turn.participant_id, NOWHERE)):
            found.append(Here(Attendee.COACH, 1, str(coach), nips[coach.pk]))
        if mentor := mentor_of.get(turn.participant_id):
            found.append(Here(Attendee.MENTOR, 1, str(mentor), mentor.nip))
        here[turn.pk] = [*found, Here(Attendee.PERSON, 1, turn.participant.full_name, turn.participant.nip)]
    return here


@transaction.atomic
def record_result(
    *,
    turn_id: int,
    version: int,
    outcome: str,
    revision_due_on: date | None,
    note: str,
    number: str,
    revisions: Sequence[ToRepair],
    presences: Mapping[str, str],
    by: User,
) -> SeminarTurn:
    """Record the decision on a turn, or change it; `presences` maps "penguji-1" to how they were there.

    Raises NotAllowed, StaleVersion, Refused for a decision whose parts do not fit together.
    """
    turn = _locked(turn_id, by)
    if turn.version != version:
        raise StaleVersion(_("Hasil giliran ini baru saja diubah orang lain. Muat ulang halamannya, lalu ulangi."))
    lines = [line for line in revisions if line.text.strip()]
    _check_result(turn, outcome, revision_due_on, lines, presences)
    before = audit.snapshot(turn, RESULT_FACTS)
    turn.outcome, turn.note, turn.number = outcome, note.strip(), number.strip()
    turn.revision_due_on = revision_due_on if outcome != TurnOutcome.ACCEPTED else None
    turn.outcome_at, turn.outcome_by, turn.version = timezone.now(), by, turn.version + 1
    turn.save()
    _replace_revisions(turn, lines if outcome != TurnOutcome.ACCEPTED else [])
    _replace_presences(turn, presences)
    changes = audit.difference(before, audit.snapshot(turn, RESULT_FACTS))
    audit.record(verb="record_seminar_result", obj=turn.participant, by=by, changes=changes, note=str(turn.seminar))
    if turn.seminar.state == SeminarState.ANNOUNCED:
        apply_move(turn.seminar, "start", by=by)
    if {"outcome", "revision_due_on"} & set(changes):
        seminar_notices.decided(turn)
    return turn


def _locked(turn_id: int, by: User) -> SeminarTurn:
    rows = SeminarTurn.objects.visible_to(by).select_for_update(of=("self",))
    turn = rows.select_related("participant__user", "seminar__batch__institute").filter(pk=turn_id).first()
    if turn is None or not policies.can_decide(by, turn):
        raise NotAllowed
    return turn


def _check_result(turn: SeminarTurn, outcome: str, due: date | None, lines: Sequence[ToRepair], presences: Mapping[str, str]) -> None:
    if turn.seminar.day > timezone.localdate(timezone=turn.seminar.clock):
        raise Refused(_("Seminar ini belum hari ini. Hasilnya dicatat mulai harinya."))
    if outcome not in TurnOutcome.values:
        raise Refused({"outcome": _("Pilih hasilnya.")})
    if outcome == TurnOutcome.REVISE and not lines:
        raise Refused({"outcome": _("Tulis paling sedikit satu catatan perbaikan.")})
    if outcome == TurnOutcome.REVISE and due is None:
        raise Refused({"revision_due_on": _("Isi sampai kapan perbaikannya diserahkan.")})
    if due is not None and outcome != TurnOutcome.ACCEPTED and due < turn.seminar.day:
        raise Refused({"revision_due_on": _("Lebih awal dari hari seminarnya.")})
    if len(lines) > MOST_REVISIONS:
        raise Refused(_("Paling banyak %(n)d catatan perbaikan.") % {"n": MOST_REVISIONS})
    if set(presences.values()) - set(Presence.values):
        raise Refused(_("Pilih kehadiran tiap orang."))
    if presences.get("peserta-1") == Presence.ABSENT and outcome != TurnOutcome.REPEAT:
        raise Refused({"outcome": _("Peserta tidak hadir, jadi hasilnya hanya dapat diulang.")})


def _replace_revisions(turn: SeminarTurn, lines: Sequence[ToRepair]) -> None:
    """Keep what is kept by its key; a line that was confirmed stays as it is."""
    present = {row.pk: row for row in turn.revisions.all()}
    kept = {line.pk for line in lines if line.pk in present}
    for pk, row in present.items():
        if pk not in kept:
            if row.confirmed_at is not None:
                raise Refused(_("“%(text)s” sudah diperiksa coach, jadi tidak bisa dihapus.") % {"text": row.text})
            row.delete()
    for row in present.values():
        if row.pk in kept:
            row.number += MOST_REVISIONS + 80
            row.save(update_fields=["number"])
    for number, line in enumerate(lines, 1):
        row = present.get(line.pk or 0) or SeminarRevision(turn=turn)
        if row.pk is None or row.pk not in kept:
            row = SeminarRevision(turn=turn)
        if row.confirmed_at is None:
            row.text, row.part = line.text.strip()[:500], line.part.strip()[:60]
        row.number = number
        row.save()


def _replace_presences(turn: SeminarTurn, presences: Mapping[str, str]) -> None:
    turn.presences.all().delete()
    rows = [
        SeminarPresence(turn=turn, role=one.role, number=one.number, name=one.name, nip=one.nip, presence=presences[one.key])
        for one in attendees_of(turn)
        if one.key in presences
    ]
    SeminarPresence.objects.bulk_create(rows)


@transaction.atomic
def mark_revision(*, revision_id: int, action: str, by: User) -> SeminarRevision:
    """Say that something is repaired ("done", "undo") or, as the coach, that it is right ("confirm", "reject").

    Raises NotAllowed, IllegalMove when somebody else was quicker.
    """
    row = (
        SeminarRevision.objects.visible_to(by)
        .select_for_update(of=("self",))
        .select_related("turn__participant__user", "turn__seminar__batch")
        .filter(pk=revision_id)
        .first()
    )
    if row is None:
        raise NotAllowed
    allowed = policies.can_repair(by, row) if action in ("done", "undo") else policies.can_confirm(by, row)
    if action not in ("done", "undo", "confirm", "reject") or not allowed:
        raise NotAllowed
    now = timezone.now()
    if (action == "done") == (row.done_at is not None) and action in ("done", "undo"):
        raise IllegalMove(_("Perbaikan ini sudah ditandai."))
    match action:
        case "done":
            row.done_at, row.done_by = now, by
        case "undo":
            row.done_at = row.done_by = None
        case "confirm":
            row.confirmed_at, row.confirmed_by = now, by
        case "reject":
            row.confirmed_at = row.confirmed_by = row.done_at = row.done_by = None
    row.save()
    audit.record(verb=f"{action}_revision", obj=row.turn.participant, by=by, note=row.text[:200])
    if action == "done" and not row.turn.revisions.filter(done_at=None).exists():
        seminar_notices.repaired(row.turn)
    return row


def keep_paper(*, turn_id: int, content: bytes, name: str, by: User) -> SeminarPaper:
    """Keep the signed berita acara of a turn, byte for byte; earlier ones stay. Raises NotAllowed, Refused with the reason."""
    turn = SeminarTurn.objects.visible_to(by).select_related("participant", "seminar__batch").filter(pk=turn_id).first()
    if turn is None or not policies.can_keep_paper(by, turn):
        raise NotAllowed
    try:
        facts = inspect_pdf(content)
    except UploadRefused as refused:
        raise Refused({"file": str(refused.message)}) from refused
    paper = SeminarPaper(turn=turn, name=display_name(name), uploaded_by=by, size=facts.size, pages=facts.pages, sha256=facts.sha256)
    try:
        paper.file.save(f"{secrets.token_hex(20)}.pdf", ContentFile(content), save=False)
    except OSError as full:
        log.exception("paper of turn %s cannot be stored", turn_id)
        raise Refused(_("Berkas belum tersimpan karena penyimpanan portal bermasalah. Coba lagi beberapa menit lagi.")) from full
    try:
        with transaction.atomic():
            paper.save(force_insert=True)
            audit.record(
                verb="keep_seminar_paper", obj=turn.participant, by=by, changes={"sha256": [None, paper.sha256]}, note=str(turn.seminar)
            )
    except BaseException as error:
        paper.file.storage.delete(paper.file.name or "")
        if isinstance(error, IntegrityError):
            raise Refused({"file": _("Berkas ini sama persis dengan yang sudah diunggah.")}) from error
        raise
    return paper
