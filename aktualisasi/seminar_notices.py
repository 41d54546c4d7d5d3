"""Who is told what about a seminar: participant, mentor, coach and penguji, with day, place and a calendar file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from aktualisasi.models import Seminar, SeminarTurn
from aktualisasi.seminar_enums import SeminarState, TurnOutcome
from latsar.accounts.models import User
from latsar.notices.enums import NoticeKind
from latsar.notices.letters import Letter
from latsar.notices.services import News, notify_many
from latsar.ui import words
from mentoring.models import GroupCoach, MentorAssignment
from participants.models import Participant


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody to tell; `turn` is the own one of a participant, `names` are the people they come for."""

    user: User
    role: str
    turn: SeminarTurn | None
    names: tuple[str, ...] = ()


def invited(seminar: Seminar, turns: Iterable[SeminarTurn] | None = None) -> list[Invited]:
    """Everybody whom these turns concern, each account once; four queries."""
    chosen = list(turns if turns is not None else seminar.turns.select_related("participant__user", "seminar").order_by("order"))
    ids = [turn.participant_id for turn in chosen]
    found: dict[int, Invited] = {}
    for turn in chosen:
        if turn.participant.user is not None:
            found.setdefault(turn.participant.user.pk, Invited(turn.participant.user, "peserta", turn))
    for row in seminar.examiners.select_related("user"):
        found.setdefault(row.user_id, Invited(row.user, "penguji", None))
    for guide in MentorAssignment.objects.active().filter(participant__in=ids).select_related("mentor__user", "participant").order_by("pk"):
        before = found.get(guide.mentor.user_id)
        names = (*(before.names if before else ()), guide.participant.full_name)
        if before is None or before.role == "mentor":
            found[guide.mentor.user_id] = Invited(guide.mentor.user, "mentor", None, names)
    groups = {seminar.group} if seminar.group else set()
    for group in GroupCoach.objects.filter(batch=seminar.batch_id, group__in=groups).select_related("coach"):
        found.setdefault(group.coach_id, Invited(group.coach, "coach", None))
    return list(found.values())


def announced(seminar: Seminar) -> None:
    """Invite everybody, with the day, the place and the calendar file."""
    _tell(seminar, invited(seminar), _invitation, "undang")


def changed(seminar: Seminar, before: Mapping[int, datetime], *, everybody: bool = False) -> None:
    """Tell those whose own time or place is different now; nobody while the seminar is a draft."""
    if seminar.state == SeminarState.DRAFT:
        return
    turns = list(seminar.turns.select_related("participant__user", "seminar").order_by("order"))
    moved = [turn for turn in turns if everybody or before.get(turn.participant_id) != turn.starts_at]
    if moved:
        _tell(seminar, invited(seminar, moved), _change, "ubah")


def dropped(seminar: Seminar, person: Participant) -> None:
    """Tell somebody that the turn is taken away."""
    if seminar.state == SeminarState.DRAFT or person.user is None:
        return
    _tell(seminar, [Invited(person.user, "peserta", None)], _dropped, "lepas")


def cancelled(seminar: Seminar) -> None:
    """Tell everybody that the seminar is not held, and why."""
    _tell(seminar, invited(seminar), _cancellation, "batal")


def decided(turn: SeminarTurn) -> None:
    """Tell the participant and the mentor what was decided."""
    person, seminar = turn.participant, turn.seminar
    users: dict[int, User] = {person.user.pk: person.user} if person.user else {}
    for row in MentorAssignment.objects.active().filter(participant=person).select_related("mentor__user"):
        users[row.mentor.user_id] = row.mentor.user
    url = turn.get_absolute_url()
    due = turn.revision_due_on if turn.outcome != TurnOutcome.ACCEPTED else None

    def text() -> str:
        facts = {"seminar": seminar.get_kind_display(), "name": person.full_name, "outcome": turn.get_outcome_display().lower()}
        return _("%(seminar)s %(name)s: %(outcome)s. Lihat catatannya.") % facts

    key = f"seminar-turn-{turn.pk}-v{turn.version}"
    notify_many(
        news=[News(user, text, NoticeKind.REVIEW, url, lambda: _("Lihat hasil"), due, f"{key}-{user.pk}") for user in users.values()]
    )


def repaired(turn: SeminarTurn) -> None:
    """Tell the coach that everything is repaired, so that it can be looked at."""
    group = GroupCoach.objects.of_participant(turn.participant_id).select_related("coach").first()
    if group is None:
        return
    url, name = turn.get_absolute_url(), turn.participant.full_name
    done = turn.revisions.exclude(done_at=None).count()
    notify_many(
        news=[
            News(
                group.coach,
                lambda: _("%(name)s menandai perbaikan seminar selesai. Periksa.") % {"name": name},
                NoticeKind.REVIEW,
                url,
                lambda: _("Periksa"),
                None,
                f"seminar-repair-{turn.pk}-v{turn.version}-{done}-{group.coach.pk}",
            )
        ]
    )


Words = Callable[[Seminar, Invited], str]


def _tell(seminar: Seminar, people: Iterable[Invited], say: Words, what: str) -> None:
    news = []
    for one in people:
        key = f"seminar-{seminar.pk}-{what}-v{seminar.version}-{one.user.pk}"
        url = one.turn.get_absolute_url() if one.turn else seminar.get_absolute_url()
        context: dict[str, object] = {
            "name": one.user.full_name,
            "text": _bound(say, seminar, one),
            "seminar": seminar,
            "turn": one.turn,
            "names": one.names,
            "is_off": what in ("batal", "lepas"),
            "url": settings.PUBLIC_URL + url,
            "ics": settings.PUBLIC_URL + reverse("seminar_ics", args=[seminar.pk]),
        }
        letter = Letter(key, "aktualisasi/email/seminar", context)
        news.append(News(one.user, _bound(say, seminar, one), NoticeKind.PLACEMENT, url, _open, seminar.day, key, letter))
    notify_many(news=news)


def _bound(say: Words, seminar: Seminar, one: Invited) -> Callable[[], str]:
    return lambda: say(seminar, one)


def _open() -> str:
    return _("Lihat jadwal")


def _facts(seminar: Seminar, one: Invited) -> dict[str, object]:
    return {
        "seminar": seminar.get_kind_display(),
        "day": words.long_date_with_weekday(seminar.day),
        "hours": one.turn.hours_text if one.turn else seminar.hours_text,
        "place": seminar.place,
    }


def _invitation(seminar: Seminar, one: Invited) -> str:
    return _("%(seminar)s: %(day)s, %(hours)s, %(place)s.") % _facts(seminar, one)


def _change(seminar: Seminar, one: Invited) -> str:
    return _("%(seminar)s berubah: %(day)s, %(hours)s, %(place)s. Periksa jam dan tempatnya.") % _facts(seminar, one)


def _dropped(seminar: Seminar, one: Invited) -> str:
    return _("Giliran Anda di %(seminar)s, %(day)s, dihapus. Tunggu jadwal berikutnya.") % _facts(seminar, one)


def _cancellation(seminar: Seminar, one: Invited) -> str:
    return _("%(seminar)s pada %(day)s dibatalkan: %(reason)s") % {**_facts(seminar, one), "reason": seminar.cancel_reason}
