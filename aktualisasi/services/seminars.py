"""Seminars planned, changed, arranged and moved from hand to hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from aktualisasi import examiners, seminar_clashes, seminar_notices
from aktualisasi import seminar_policies as policies
from aktualisasi.models import Seminar, SeminarExaminer, SeminarTurn
from aktualisasi.seminar_enums import MarkState, SeminarState, TurnOutcome
from aktualisasi.seminar_scoring import examiners_wanted
from aktualisasi.seminar_workflow import PLANNED, SEMINAR_MOVES
from latsar.accounts import audit
from latsar.accounts.errors import IllegalMove, NoReason, NotAllowed, Refused, StaleVersion
from latsar.accounts.models import User
from latsar.training.clash import stops
from latsar.training.models import Batch
from latsar.ui import words
from participants.enums import SEATED
from participants.models import Participant, Placement

MOST_TURNS = 40
MOST_BREAK = 240
APART = 1000
"""Numbers that no turn has, while turns change places under their unique number."""
FACTS = ("starts_at", "zone", "minutes", "room", "link", "chair", "notes")


@dataclass(frozen=True)
class SeminarFacts:
    """What is said of a seminar; `examiner_ids` in the order of their columns in the score sheet."""

    starts_at: datetime
    minutes: int = 45
    zone: str = "WIB"
    room: str = ""
    link: str = ""
    chair: str = ""
    notes: str = ""
    examiner_ids: Sequence[int] = field(default_factory=tuple)


def locked_batch(batch_id: int, by: User) -> Batch:
    """Lock a batch whose seminars the person plans: coaches, groups and examiners wait for each other here. Raises NotAllowed."""
    rows = Batch.objects.visible_to(by).select_for_update(of=("self",), no_key=True).select_related("institute", "scheme")
    batch = rows.filter(pk=batch_id).first()
    if batch is None or not policies.plans(by, batch):
        raise NotAllowed
    return batch


def locked_seminar(seminar_id: int, by: User, version: int | None = None) -> Seminar:
    """Lock the batch, then the seminar. Raises NotAllowed, StaleVersion when somebody saved since `version`."""
    found = Seminar.objects.visible_to(by).filter(pk=seminar_id).values_list("batch_id", flat=True).first()
    if found is None:
        raise NotAllowed
    batch = locked_batch(found, by)
    seminar = Seminar.objects.select_for_update(of=("self",)).get(pk=seminar_id)
    seminar.batch = batch
    if version is not None and seminar.version != version:
        raise StaleVersion(_("Seminar ini baru saja diubah orang lain. Muat ulang halamannya, lalu ulangi."))
    return seminar


def waiting_people(batch: Batch, kind: str) -> dict[int | None, list[Participant]]:
    """Return who has no turn in a seminar of this kind yet, or is to repeat it, by group and in the order of names; three queries."""
    turns = SeminarTurn.objects.standing().filter(seminar__batch=batch, seminar__kind=kind).exclude(outcome=TurnOutcome.REPEAT)
    people = Participant.objects.filter(batch=batch, stage__in=SEATED).exclude(pk__in=turns.values("participant_id"))
    groups = dict(Placement.objects.active().filter(seat__batch=batch).values_list("participant_id", "group"))
    found: dict[int | None, list[Participant]] = {}
    for person in people.order_by("full_name", "pk"):
        found.setdefault(groups.get(person.pk), []).append(person)
    return found


@transaction.atomic
def plan_seminars(
    *, batch_id: int, kind: str, plans: Mapping[int | None, SeminarFacts], by: User, break_every: int = 0, break_minutes: int = 0
) -> list[Seminar]:
    """Make one draft per group, all or none, with a turn for everybody of it who has none: group -> what is said of it.

    Raises NotAllowed, Refused with the group whose people have turns already, or whose examiners may not examine them.
    """
    batch = locked_batch(batch_id, by)
    people = waiting_people(batch, kind)
    problems: list[str] = []
    made = []
    for group, facts in sorted(plans.items(), key=lambda pair: pair[0] or 0):
        members = people.get(group, [])
        if not members:
            problems.append(_("Kelompok %(group)s: semua pesertanya sudah punya giliran.") % {"group": group or "–"})
            continue
        seminar = Seminar(batch=batch, kind=kind, group=group, created_by=by, ends_at=facts.starts_at)
        try:
            with transaction.atomic():
                _fill(seminar, facts)
                seminar.save()
                _seat(seminar, members, by, break_every=break_every, break_minutes=break_minutes)
                _name_examiners(seminar, facts.examiner_ids, by)
        except Refused as refusal:
            problems += refusal.messages
            continue
        made.append(seminar)
        audit.record(verb="plan_seminar", obj=seminar, by=by, changes={"starts_at": [None, seminar.starts_at]}, note=str(batch))
    if problems:
        raise Refused(problems)
    return made


@transaction.atomic
def save_seminar(*, seminar_id: int, version: int, facts: SeminarFacts, by: User) -> Seminar:
    """Change a seminar and lay its turns out anew; people who were told are told again. Raises StaleVersion, IllegalMove, Refused."""
    seminar = locked_seminar(seminar_id, by, version)
    _require_planned(seminar)
    before = _times(seminar)
    old = audit.snapshot(seminar, FACTS)
    old_examiners = [str(row.user) for row in seminar.examiners.select_related("user")]
    _fill(seminar, facts)
    changed_people = _name_examiners(seminar, facts.examiner_ids, by)
    _lay_out(seminar)
    changes = audit.difference(old, audit.snapshot(seminar, FACTS))
    if changed_people:
        changes["examiners"] = ["; ".join(old_examiners), "; ".join(str(row.user) for row in seminar.examiners.select_related("user"))]
    if changes:
        _saved(seminar, "save_seminar", changes, by)
        seminar_notices.changed(seminar, before, everybody=bool({"room", "link", "examiners"} & set(changes)))
    return seminar


@transaction.atomic
def arrange_turns(*, seminar_id: int, version: int, order: Sequence[int], breaks: Mapping[int, int], by: User) -> Seminar:
    """Put the turns into this order (ids) with these minutes of break after them, and lay the times out anew."""
    seminar = locked_seminar(seminar_id, by, version)
    _require_planned(seminar)
    turns = {turn.pk: turn for turn in seminar.turns.all()}
    if set(order) != set(turns) or len(order) != len(turns):
        raise StaleVersion(_("Giliran seminar ini baru saja diubah. Muat ulang halamannya, lalu ulangi."))
    if any(not 0 <= minutes <= MOST_BREAK for minutes in breaks.values()):
        raise Refused(_("Jeda antara 0 dan %(most)d menit.") % {"most": MOST_BREAK})
    before, was = _times(seminar), [turn.pk for turn in sorted(turns.values(), key=lambda one: one.order)]
    for pk, turn in turns.items():
        turn.break_after = breaks.get(pk, turn.break_after)
    _lay_out(seminar, [turns[pk] for pk in order])
    if before != _times(seminar) or list(order) != was:
        _saved(seminar, "arrange_seminar", {"turns": [was, list(order)]}, by)
        seminar_notices.changed(seminar, before)
    return seminar


@transaction.atomic
def add_turns(*, seminar_id: int, version: int, participant_ids: Iterable[int], by: User) -> Seminar:
    """Give these people a turn at the end. Raises Refused for who has one already, or whom an examiner may not examine."""
    seminar = locked_seminar(seminar_id, by, version)
    _require_planned(seminar)
    wanted = set(participant_ids)
    waiting = [person for people in waiting_people(seminar.batch, seminar.kind).values() for person in people if person.pk in wanted]
    if not wanted or {person.pk for person in waiting} != wanted:
        raise Refused(_("Pilih peserta angkatan ini yang belum punya giliran."))
    _seat(seminar, waiting, by)
    _check_independence(seminar)
    _saved(seminar, "arrange_seminar", {"added": [None, "; ".join(person.full_name for person in waiting)]}, by)
    seminar_notices.changed(seminar, {})
    return seminar


@transaction.atomic
def drop_turn(*, turn_id: int, version: int, by: User) -> Seminar:
    """Take a turn away; the rest moves up. Raises Refused once something was scored or decided in it."""
    turn = SeminarTurn.objects.visible_to(by).filter(pk=turn_id).first()
    if turn is None:
        raise NotAllowed
    seminar = locked_seminar(turn.seminar_id, by, version)
    _require_planned(seminar)
    if turn.marks.exists() or turn.outcome:
        raise Refused(_("Giliran %(name)s sudah dinilai, jadi tidak bisa dihapus.") % {"name": turn.participant})
    before = _times(seminar)
    before.pop(turn.participant_id, None)
    person = turn.participant
    turn.delete()
    _lay_out(seminar)
    _saved(seminar, "arrange_seminar", {"removed": [person.full_name, None]}, by)
    seminar_notices.dropped(seminar, person)
    seminar_notices.changed(seminar, before)
    return seminar


@transaction.atomic
def move_seminar(*, seminar_id: int, action: str, by: User, version: int | None = None, note: str = "") -> Seminar:
    """Apply one move and record who made it; announcing and cancelling tell everybody concerned.

    Raises IllegalMove, NotAllowed, NoReason, StaleVersion, and Refused naming what stands against it.
    """
    rows = Seminar.objects.visible_to(by).select_for_update(of=("self",)).select_related("batch__institute", "batch__scheme")
    seminar, move = rows.filter(pk=seminar_id).first(), SEMINAR_MOVES.get(action)
    if seminar is None or move is None or not policies.is_actor(by, seminar, move.actor):
        raise NotAllowed
    if version is not None and seminar.version != version:
        raise StaleVersion(_("Seminar ini baru saja diubah orang lain. Muat ulang halamannya, lalu ulangi."))
    if seminar.state not in move.sources:
        raise IllegalMove(_("Seminar sekarang %(state)s, jadi langkah ini tidak berlaku.") % {"state": seminar.get_state_display()})
    if move.needs_note and not note.strip():
        raise NoReason({"note": _("Tulis alasannya, supaya yang diundang mengerti.")})
    _check_move(seminar, action)
    was = seminar.state
    if action == "cancel":
        seminar.cancel_reason = note.strip()[:500]
    apply_move(seminar, action, by=by, note=note)
    if action == "announce":
        seminar_notices.announced(seminar)
    if action == "cancel" and was != SeminarState.DRAFT:
        seminar_notices.cancelled(seminar)
    return seminar


def apply_move(seminar: Seminar, action: str, *, by: User, note: str = "") -> None:
    """Write a move of a seminar that the caller has locked and checked."""
    old, seminar.state = seminar.state, SEMINAR_MOVES[action].target
    seminar.state_at = seminar.changed_at = timezone.now()
    seminar.version += 1
    seminar.save()
    seminar.stage_changes.create(action=action, old=old, new=seminar.state, by=by, note=note.strip()[:500])
    audit.record(verb=f"{action}_seminar", obj=seminar, by=by, changes={"state": [old, seminar.state]}, note=note.strip())


def _check_move(seminar: Seminar, action: str) -> None:
    if action == "announce":
        list(Participant.objects.select_for_update(of=("self",)).filter(seminar_turns__seminar=seminar).order_by("pk").values_list("pk"))
        if problems := stops(seminar_clashes.findings_of(seminar)):
            raise Refused(problems)
    if action == "cancel" and seminar.turns.filter(marks__state=MarkState.SENT).exists():
        raise Refused(_("Nilai sudah dikirim di seminar ini, jadi tidak bisa dibatalkan."))
    if action == "finish":
        left = [str(turn) for turn in seminar.turns.filter(outcome="").select_related("participant").order_by("order")]
        if left:
            raise Refused(_("Hasilnya belum dicatat: %(names)s.") % {"names": "; ".join(left[:5])})


def _require_planned(seminar: Seminar) -> None:
    if seminar.state not in PLANNED:
        raise IllegalMove(_("Seminar sekarang %(state)s, jadi jadwalnya tetap.") % {"state": seminar.get_state_display()})


def _fill(seminar: Seminar, facts: SeminarFacts) -> None:
    if not 5 <= facts.minutes <= MOST_BREAK:
        raise Refused({"minutes": _("Waktu tiap orang antara 5 dan %(most)d menit.") % {"most": MOST_BREAK}})
    for name in FACTS:
        setattr(seminar, name, getattr(facts, name))


def _seat(seminar: Seminar, people: Sequence[Participant], by: User, *, break_every: int = 0, break_minutes: int = 0) -> None:
    last = max((turn.order for turn in seminar.turns.all()), default=0)
    if last + len(people) > MOST_TURNS:
        raise Refused(_("Satu seminar paling banyak %(n)d giliran.") % {"n": MOST_TURNS})
    day = seminar.starts_at
    for number, person in enumerate(people, 1):
        pause = break_minutes if break_every and number % break_every == 0 and number < len(people) else 0
        end = day + timedelta(minutes=seminar.minutes)
        SeminarTurn.objects.create(seminar=seminar, participant=person, order=last + number, starts_at=day, ends_at=end, break_after=pause)
    _lay_out(seminar)


def _lay_out(seminar: Seminar, turns: Sequence[SeminarTurn] | None = None) -> None:
    """Give every turn its number and its time, one after the other from the beginning."""
    ordered = list(turns if turns is not None else seminar.turns.order_by("order"))
    at = seminar.starts_at
    seminar.turns.update(order=F("order") + APART)
    for number, turn in enumerate(ordered, 1):
        turn.order, turn.starts_at, turn.ends_at = number, at, at + timedelta(minutes=seminar.minutes)
        at = turn.ends_at + timedelta(minutes=turn.break_after)
    SeminarTurn.objects.bulk_update(ordered, ["order", "starts_at", "ends_at", "break_after"])
    seminar.ends_at = ordered[-1].ends_at if ordered else seminar.starts_at
    start = seminar.starts_at.astimezone(seminar.clock)
    if seminar.ends_at.astimezone(seminar.clock).date() != start.date():
        text = _("Giliran terakhir melewati tengah malam: mulai %(hour)s terlalu lambat untuk %(n)d orang.")
        raise Refused({"starts": text % {"hour": f"{start:%H.%M}", "n": len(ordered)}})
    seminar.save(update_fields=["ends_at"])


def _name_examiners(seminar: Seminar, user_ids: Sequence[int], by: User) -> bool:
    """Set the examiners in their order; return whether anything changed. Raises Refused."""
    wanted = list(dict.fromkeys(user_ids))
    present = {row.number: row.user_id for row in seminar.examiners.all()}
    if len(wanted) != len(user_ids):
        raise Refused({"examiners": _("Penguji yang sama dipilih dua kali.")})
    most = examiners_wanted(seminar.batch, seminar.kind)
    if len(wanted) > most:
        raise Refused({"examiners": _("Skema meminta %(n)d penguji; lembar nilai tidak punya tempat untuk lebih.") % {"n": most}})
    chosen = dict(enumerate(wanted, 1))
    if chosen != present:
        known = set(examiners.examiners_for(seminar.batch).filter(pk__in=wanted).values_list("pk", flat=True))
        if set(wanted) - known - set(present.values()):
            raise Refused({"examiners": _("Akun ini tidak berperan penguji di lembaga tersebut. Pilih yang lain.")})
        if seminar.turns.filter(marks__rated_by="penguji").exists():
            raise Refused({"examiners": _("Penguji sudah mulai menilai, jadi tidak bisa diganti.")})
        seminar.examiners.all().delete()
        SeminarExaminer.objects.bulk_create(SeminarExaminer(seminar=seminar, number=n, user_id=pk) for n, pk in chosen.items())
    _check_independence(seminar)
    return chosen != present


def _check_independence(seminar: Seminar) -> None:
    """Refuse examiners who guide one of the people. Locks the people: naming a mentor for one of them waits."""
    rows = Participant.objects.select_for_update(of=("self",)).filter(seminar_turns__seminar=seminar).order_by("pk")
    people = list(rows)
    users = [row.user for row in seminar.examiners.select_related("user")]
    if problems := examiners.problems(users, people, kind=seminar.kind, scheme=seminar.batch.scheme):
        raise Refused(problems)


def _times(seminar: Seminar) -> dict[int, datetime]:
    return dict(seminar.turns.order_by("order").values_list("participant_id", "starts_at"))


def _saved(seminar: Seminar, verb: str, changes: dict[str, list[object]], by: User) -> None:
    seminar.version += 1
    seminar.changed_at = timezone.now()
    seminar.save()
    audit.record(verb=verb, obj=seminar, by=by, changes=changes, note=f"{seminar.batch.label}, {words.long_date(seminar.day)}")
