"""The consultation card (kartu bimbingan): what both sides confirmed, one card for the mentor and one for the coach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.template.loader import get_template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.accounts.zones import ZONES
from latsar.documents.intake.names import display_name
from latsar.documents.render.pdf import render_pdf
from latsar.ui import words
from mentoring.enums import GuideKind, MeetingMode
from mentoring.models import GroupCoach, MentorAssignment, MentoringSession
from participants.models import Participant, Placement

LEAST_ROWS = 9
"""The paper shows so many; rows that stay empty are for the pen."""


@dataclass(frozen=True, slots=True)
class CardLine:
    number: int
    day: str = ""
    how: str = ""
    text: str = ""
    paraf: str = ""


@dataclass(frozen=True, slots=True)
class CardFace:
    """Every word of the card."""

    kind: str
    title: str
    source_line: str
    training: str
    name: str
    nip: str
    position: str
    rancangan: str
    guide_label: str
    guide: str
    guide_nip: str
    head_1: str
    head_2: str
    head_contact: str
    lines: Sequence[CardLine]


def people_with_cards(user: User, kind: str) -> Any:
    """People whose card the person may read: offices and the person, and the guide of this kind."""
    people = Participant.objects.select_related("satker", "batch__institute", "user")
    allowed = Q(pk__in=Participant.objects.visible_to(user).values("pk"))
    if kind == GuideKind.MENTOR and user.has_role(Role.MENTOR):
        allowed |= Q(Exists(MentorAssignment.objects.mentored_by(user).filter(participant=OuterRef("pk"))))
    if kind == GuideKind.COACH and user.has_role(Role.COACH):
        seated = Placement.objects.active().filter(
            participant=OuterRef("pk"),
            seat__batch__group_coaches__coach_id=user.pk,
            seat__batch__group_coaches__group=F("group"),
        )
        allowed |= Q(Exists(seated))
    return people.filter(allowed)


def counts(person: Participant) -> dict[str, int]:
    """How many sessions of each kind count; one query."""
    found = Counter(MentoringSession.objects.confirmed().filter(participant=person).values_list("kind", flat=True))
    return {kind.value: found[kind.value] for kind in GuideKind}


def file_name(person: Participant, kind: str) -> str:
    return display_name(_("Kartu bimbingan %(kind)s %(name)s.pdf") % {"kind": GuideKind(kind).label.lower(), "name": person.full_name})


def print_card(person: Participant, kind: str, sessions: Any) -> BytesIO:
    """Render the card of one kind from the sessions that count, oldest first."""
    confirmed = sessions.confirmed().select_related("guide", "assignment__mentor").order_by("starts_at", "pk")
    face = card_face(person, kind, list(confirmed))
    return BytesIO(render_pdf(get_template("documents/letter/kartu_bimbingan.html").render({"face": face}), styles=("letter",)))


def card_lines(person: Participant, kind: str) -> list[dict[str, str]]:
    """Return the consultations that count of one kind, oldest first, as they stand on a card; two queries."""
    sessions = MentoringSession.objects.filter(participant=person, kind=kind).confirmed()
    guide = _guide(person, kind)[0]
    with override("id"):
        rows = [_line(n, row, guide) for n, row in enumerate(sessions.select_related("guide").order_by("starts_at", "pk"), 1)]
    return [{"day": row.day, "how": row.how, "text": row.text, "paraf": row.paraf} for row in rows]


def card_face(person: Participant, kind: str, sessions: Sequence[MentoringSession]) -> CardFace:
    """Put a card into words; papers are Indonesian whatever language the reader uses."""
    guide, guide_nip = _guide(person, kind)
    institute = person.batch.institute if person.batch else None
    with override("id"):
        is_coach = kind == GuideKind.COACH
        lines = [_line(n, session, guide) for n, session in enumerate(sessions, 1)]
        lines += [CardLine(n) for n in range(len(lines) + 1, LEAST_ROWS + 1)]
        now = timezone.now()
        zone = ZONES[person.satker.zone]
        printed = f"{words.long_date(timezone.localdate(now, zone))} pukul {words.clock_time(now, zone)}"
        label = _("Coach") if is_coach else _("Mentor")
        has_head = is_coach and institute is not None and bool(institute.head_1)
        rancangan = getattr(person, "rancangan", None)  # a row of the app above, by the name of its relation
        return CardFace(
            kind=kind,
            title=_("Kartu bimbingan %(kind)s, %(name)s") % {"kind": label.lower(), "name": person.full_name},
            source_line=_("Kartu bimbingan %(kind)s · NIP %(nip)s · Dicetak %(when)s")
            % {"kind": label.lower(), "nip": words.group_nip(person.nip), "when": printed},
            training=_training(person),
            name=person.full_name,
            nip=words.group_nip(person.nip),
            position=f"{person.jabatan}, {person.satker.name}",
            rancangan=person.aktualisasi_title or (rancangan.title if rancangan else "") or "-",
            guide_label=label,
            guide=guide,
            guide_nip=words.group_nip(guide_nip) if guide_nip else "",
            head_1=institute.head_1 if has_head and institute else "",
            head_2=(institute.head_2 or institute.name.upper()) if has_head and institute else "",
            head_contact=" · ".join(filter(None, (institute.address, institute.phone, institute.email))) if has_head and institute else "",
            lines=lines,
        )


def _guide(person: Participant, kind: str) -> tuple[str, str]:
    """Name the guide of today, or the last one who guided."""
    if kind == GuideKind.MENTOR:
        rows = MentorAssignment.objects.filter(participant=person).select_related("mentor__user").order_by("-assigned_at", "-pk")
        row = rows.first()
        return (row.mentor.full_name, row.mentor.nip) if row else ("-", "")
    group = GroupCoach.objects.of_participant(person.pk).select_related("coach").first()
    return (group.coach.full_name, "") if group else ("-", "")


def _training(person: Participant) -> str:
    batch = person.batch
    if batch is None:
        return "Latsar CPNS"
    group = person.golongan.split("/", maxsplit=1)[0]
    return f"Latsar CPNS Golongan {group} Angkatan {words.roman(batch.number)} Tahun {batch.year}"


def _line(number: int, session: MentoringSession, guide: str) -> CardLine:
    how = _("Daring") if session.mode == MeetingMode.ONLINE else _("Luring")
    both = max(at for at in (session.guide_confirmed_at, session.participant_confirmed_at) if at)
    text = session.notes if not session.next_steps else f"{session.notes}\n{_('Tindak lanjut')}: {session.next_steps}"
    paraf = _("dikonfirmasi %(day)s") % {"day": words.long_date(timezone.localdate(both, session.clock))}
    if session.guide.full_name != guide:  # the one before
        paraf = f"{paraf}, {session.guide.full_name}"
    minutes = _("%(how)s, %(n)s menit") % {"how": how, "n": session.minutes}
    return CardLine(number, words.long_date(session.local_start.date()), minutes, text, paraf)
