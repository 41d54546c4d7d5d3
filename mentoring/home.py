"""What a guide's page shows beside the people: sessions, capacity, the role by its dates, handovers, charters."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.documents.models import DocumentState
from latsar.training.enums import PhaseKind
from latsar.training.models import Batch, BatchPhase
from latsar.ui import words
from latsar.ui.components import Entry
from mentoring import session_tables
from mentoring.capacity import capacity_of
from mentoring.models import Handover, MentorAssignment, MentorCertificate
from mentoring.session_tables import SessionRow, session_rows
from participants.enums import ENDED

SHOWN = 5


@dataclass(frozen=True)
class Freed:
    """When places of a full mentor come free: the end of the angkatan that ends first."""

    on: date
    people: int
    batch: Batch


def guide_page(user: User) -> dict[str, object]:
    """Return the context of the guide's page; about eight queries whatever the number of people."""
    mentees = list(MentorAssignment.objects.mentored_by(user).select_related("participant__batch"))
    counted = [one for one in mentees if one.participant.stage not in ENDED]
    is_mentor = user.has_role(Role.MENTOR)
    return {
        "sessions": _next_sessions(user),
        "capacity": capacity_of(user, len(counted)) if is_mentor else None,
        "freed": _freed(counted),
        "role_steps": role_steps({pk for one in counted if (pk := one.participant.batch_id)}) if is_mentor else [],
        "handovers": own_handovers(user),
        "charters": _charters(user),
    }


def _next_sessions(user: User) -> list[SessionRow]:
    """What waits for the guide first, then what comes."""
    waiting = session_rows(session_tables.waiting_of(user)[:SHOWN], user)
    coming = session_rows(session_tables.coming_of(user)[:SHOWN], user)
    return (waiting + coming)[: SHOWN + 2]


def _freed(mentees: Sequence[MentorAssignment]) -> Freed | None:
    batches = [one.participant.batch for one in mentees if one.participant.batch]
    if not batches:
        return None
    first = min(batches, key=lambda batch: (batch.ends_on, batch.pk))
    return Freed(first.ends_on, sum(batch.pk == first.pk for batch in batches), first)


def role_steps(batch_ids: Collection[int]) -> list[Entry]:
    """What the role asks, with the next day on which each part begins in the mentees' batches."""
    phases = BatchPhase.objects.filter(batch_id__in=batch_ids, ends_on__gte=timezone.localdate()).order_by("-starts_on")
    begins = dict(phases.values_list("kind", "starts_on"))  # the earliest wins, as it comes last
    today = timezone.localdate()
    steps = (
        (PhaseKind.PROPOSAL_SEMINAR, _("rancangan"), _("Pastikan isu dari tugas nyata, jawab dalam 3 hari kerja.")),
        (PhaseKind.HABITUASI, _("habituasi"), _("Dampingi pelaksanaannya dan setujui perubahan rencana.")),
        (PhaseKind.RESULT_SEMINAR, _("seminar hasil"), _("Hadir, lalu tanda tangani lembar pengesahan.")),
    )
    return [_step(name, text, begins.get(kind), today, is_first=n == 0) for n, (kind, name, text) in enumerate(steps)]


def _step(name: str, text: str, begins: date | None, today: date, *, is_first: bool) -> Entry:
    if is_first:
        head = _("Sebelum seminar rancangan %(day)s") % {"day": words.day_and_month(begins)} if begins else _("Rancangan")
    elif begins is None:
        head = name[:1].upper() + name[1:]
    elif begins <= today:
        head = _("Sekarang: %(name)s") % {"name": name}
    else:
        head = _("%(day)s: %(name)s") % {"day": words.day_and_month(begins), "name": name}
    return Entry(format_html("<b>{}</b><br>{}", head, text), is_new=is_first)


def own_handovers(user: User) -> list[Handover]:
    """Handovers that wait for this mentor: to be written, or to be received; one query."""
    if not user.has_role(Role.MENTOR):
        return []
    mine = Q(before__mentor__user=user, notes="") | Q(after__mentor__user=user)
    rows = Handover.objects.visible_to(user).waiting().filter(mine)
    return list(rows.select_related("before__participant", "before__mentor__user", "after__mentor__user")[:SHOWN])


def _charters(user: User) -> list[MentorCertificate]:
    if not user.has_role(Role.MENTOR):
        return []
    rows = MentorCertificate.objects.filter(mentor__user=user, document__state=DocumentState.ISSUED)
    return list(rows.select_related("document", "batch")[:SHOWN])
