"""A paper that comes late: marked by the scheme's rule, refused only where the scheme says so."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from aktualisasi import deadlines
from aktualisasi.enums import PaperKind
from aktualisasi.models import Paper
from aktualisasi.papers import SEMINAR_OF
from latsar.accounts.errors import Refused
from latsar.accounts.models import User
from latsar.ui import words
from participants.services.lateness import note_late


def judge(paper: Paper, day: date) -> None:
    """Mark the paper when it is handed in after its day. Raises Refused where the scheme stops taking it."""
    participant = paper.rancangan.participant
    due = deadlines.due_day(participant, paper.kind)
    paper.due_on = due
    paper.submitted_late = due is not None and day > due
    paper.late_days = deadlines.late_days(due, day) if due is not None else 0
    limit = participant.batch.scheme.late_refused_after if participant.batch else None
    if due is not None and limit is not None and paper.late_days > limit:
        facts = {"due": words.long_date_with_weekday(due), "n": paper.late_days, "limit": limit, "institute": participant.batch.institute}  # type: ignore[union-attr]
        raise Refused(
            _(
                "Tidak diterima lagi: batasnya %(due)s, sekarang terlambat %(n)s hari kerja, dan aturan angkatan Anda menerima paling lama %(limit)s. Hubungi %(institute)s."
            )
            % facts
        )


def pass_on(paper: Paper, *, by: User) -> None:
    """Leave the lateness with the scores, where the scheme takes points off."""
    note_late(participant_id=paper.participant_id, seminar=SEMINAR_OF[PaperKind(paper.kind)], days=paper.late_days, by=by)
