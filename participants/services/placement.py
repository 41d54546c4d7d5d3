"""People on seats. The database holds the quota: a placement needs a seat row, and a seat carries one placement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latsar.accounts import audit
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from latsar.notices.enums import NoticeKind
from latsar.notices.services import News, notify_many
from latsar.training.clash import stops
from latsar.training.enums import BatchStage, GolonganGroup
from latsar.training.models import Batch, Seat
from latsar.training.policies import can_plan_batches
from latsar.training.services import move_batch
from latsar.ui import words
from participants import group_checks
from participants import seating_policies as policies
from participants.closing_checks import closing_findings
from participants.enums import Stage
from participants.independence import barred_coaches, coaches_of, group_problems
from participants.models import Participant, Placement
from participants.movement_rules import is_barred
from participants.services.verification import barred_text, move_participant

GROUP_SIZE = 10  # people per kelompok and coach
TRIES = 60  # seats that others may take from under us before we give up
REASON_LIMIT = 300  # characters


def place_participant(*, batch_id: int, participant_id: int, by: User) -> Placement:
    """Put one approved person on a free seat of an open angkatan, whoever else is placing at the same time."""
    return place_many(batch_id=batch_id, participant_ids=[participant_id], by=by)[0]


@transaction.atomic
def place_many(*, batch_id: int, participant_ids: Iterable[int], by: User) -> list[Placement]:
    """Place all of them or nobody.

    Locks the people first, in order of their id, then takes seats that nobody else is taking. Raises Refused with one
    sentence per person who cannot be placed, or when there are fewer seats than people.
    """
    batch = Batch.objects.visible_to(by).select_related("institute").filter(pk=batch_id).first()
    if batch is None or not can_plan_batches(by):
        raise NotAllowed
    wanted = set(participant_ids)
    people = list(
        Participant.objects.visible_to(by).filter(pk__in=wanted).select_related("user").order_by("pk").select_for_update(of=("self",))
    )
    if not wanted or len(people) != len(wanted):
        raise NotAllowed
    problems = [problem for person in people if (problem := why_not(batch, person))]
    if problems:
        raise Refused(problems)
    placements = _seat(batch, people, by)
    for person in people:
        move_participant(participant_id=person.pk, action="place", by=by, facts={"batch": batch})
    _tell(people, batch)
    return placements


def why_not(batch: Batch, person: Participant) -> str:
    """Return why this person cannot sit in this angkatan, or nothing."""
    if person.stage != Stage.APPROVED and batch.stage == BatchStage.OPEN:
        return _("%(name)s belum dapat ditempatkan: tahapnya %(stage)s.") % {"name": person.full_name, "stage": person.get_stage_display()}
    if is_barred(person):
        return barred_text(person)
    return _unfit(batch, person)


def _unfit(batch: Batch, person: Participant) -> str:
    if batch.stage == BatchStage.DRAFT:
        return _("%(batch)s belum dibuka. Buka dahulu, lalu tempatkan pesertanya.") % {"batch": batch.label}
    if batch.stage != BatchStage.OPEN:
        return _("%(batch)s sudah berjalan atau selesai. Pilih angkatan yang masih dibuka.") % {"batch": batch.label}
    if not fits_golongan(batch, person.golongan):
        return _("%(batch)s untuk %(wanted)s, sedangkan %(name)s bergolongan %(golongan)s. Pilih angkatan lain.") % {
            "batch": batch.label,
            "wanted": batch.get_golongan_display(),
            "name": person.full_name,
            "golongan": person.golongan,
        }
    return ""


def fits_golongan(batch: Batch, golongan: str) -> bool:
    """Whether a golongan ruang such as III/a belongs to the angkatan's golongan."""
    return batch.golongan == GolonganGroup.MIXED or golongan.split("/", maxsplit=1)[0] == batch.golongan


def free_seats(batch: Batch) -> QuerySet[Seat]:
    """Seats of the angkatan that nobody occupies now, lowest number first."""
    taken = Placement.objects.active().filter(seat__batch=batch).values("seat_id")
    return Seat.objects.filter(batch=batch).exclude(pk__in=taken).order_by("number")


def group_count(capacity: int) -> int:
    """Four groups for an angkatan of 36 to 44, one for every ten people else."""
    return max(1, round(capacity / GROUP_SIZE))


@transaction.atomic
def release_participant(*, participant_id: int, reason: str, by: User) -> Participant:
    """Take a person off the seat before training starts; the reason stays with the placement."""
    reason = reason.strip()
    if len(reason) > REASON_LIMIT:
        raise Refused({"reason": _("Alasan terlalu panjang, paling banyak %(limit)d huruf.") % {"limit": REASON_LIMIT}})
    person = move_participant(participant_id=participant_id, action="release", by=by, note=reason, facts={"batch": None})
    leave_seat(person, reason=reason, by=by)
    return person


def leave_seat(person: Participant, *, reason: str, by: User) -> None:
    """Free the seat of a person whom the caller has locked and moves in the same transaction."""
    rows = Placement.objects.active().filter(participant=person)
    rows.update(released_at=timezone.now(), released_by=by, release_reason=reason[:REASON_LIMIT])


@transaction.atomic
def reseat_participant(*, participant_id: int, batch: Batch, reason: str, by: User, facts: dict[str, Any]) -> Participant:
    """Move a seated person to a free seat of another open angkatan; `facts` change with it."""
    person = Participant.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=participant_id).first()
    if person is None or not can_plan_batches(by):
        raise NotAllowed
    problem = _unfit(batch, person)
    if problem:
        raise Refused({"to_batch": problem})
    leave_seat(person, reason=reason, by=by)
    _seat(batch, [person], by)
    return move_participant(participant_id=participant_id, action="change_batch", by=by, note=reason, facts={**facts, "batch": batch})


@transaction.atomic
def start_batch(*, batch_id: int, by: User) -> Batch:
    """Begin the training: the angkatan runs, and everybody placed in it is in training.

    Refused before the first day of its schedule: whoever really begins earlier moves the schedule first.
    """
    batch = move_batch(batch_id=batch_id, action="start", by=by)
    if batch.starts_on > timezone.localdate():
        text = _("%(batch)s baru mulai %(day)s. Bila memang mulai lebih awal, ubah dulu jadwalnya.")
        raise Refused(text % {"batch": batch.label, "day": words.long_date(batch.starts_on)})
    people = list(Participant.objects.filter(batch=batch, stage=Stage.PLACED).order_by("pk").values_list("pk", flat=True))
    if not people:
        raise Refused(_("Belum ada peserta di %(batch)s. Tempatkan pesertanya dahulu.") % {"batch": batch.label})
    for participant_id in people:
        move_participant(participant_id=participant_id, action="start", by=by)
    return batch


@transaction.atomic
def close_batch(*, batch_id: int, by: User, note: str = "") -> Batch:
    """Close the angkatan; who has not graduated by then needs a word of explanation."""
    batch = move_batch(batch_id=batch_id, action="close", by=by, note=note.strip())
    left = Participant.objects.filter(batch=batch, stage=Stage.TRAINING).count()
    if left and not note.strip():
        text = ngettext(
            "%(count)d peserta belum dinyatakan lulus. Tulis sebabnya sebelum menutup angkatan.",
            "%(count)d peserta belum dinyatakan lulus. Tulis sebabnya sebelum menutup angkatan.",
            left,
        )
        raise Refused({"note": text % {"count": left}})
    if problems := stops(closing_findings(batch)):
        raise Refused(problems)
    return batch


def balanced(groups: Mapping[int, int | None], count: int) -> dict[int, int]:
    """Spread people over so many groups, as even as it goes: participant id -> group. Whoever can stay, stays.

    Sizes differ by one at most; the groups with the most people keep the larger size.
    """
    sizes = Counter(group for group in groups.values() if group and 1 <= group <= count)
    order = sorted(range(1, count + 1), key=lambda number: (-sizes[number], number))
    share, more = divmod(len(groups), count)
    room = {number: share + (place < more) for place, number in enumerate(order)}
    kept: dict[int, int] = {}
    loose = []
    for person, group in groups.items():
        if group and room.get(group, 0) > 0:
            room[group] -= 1
            kept[person] = group
        else:
            loose.append(person)
    free = [number for number in sorted(room) for _place in range(room[number])]
    return kept | dict(zip(loose, free, strict=True))


@transaction.atomic
def assign_groups(*, batch_id: int, groups: dict[int, int], by: User) -> int:
    """Move people between groups: participant id -> group number. Returns how many moved.

    Locks the angkatan, as naming its coaches and examiners does. Raises NotAllowed, Refused when somebody would be guided by oneself,
    by the own mentor, or by who examines them.
    """
    batch = Batch.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=batch_id).first()
    if batch is None or not policies.can_group(by, batch):
        raise NotAllowed
    highest = group_count(batch.capacity)
    if any(not 1 <= number <= highest for number in groups.values()):
        raise Refused(_("Nomor kelompok harus antara 1 dan %(highest)d.") % {"highest": highest})
    rows = Placement.objects.visible_to(by).active().filter(seat__batch=batch, participant_id__in=groups)
    moved = [row for row in rows.select_for_update(of=("self",)).select_related("participant") if row.group != groups[row.participant_id]]
    problems = [
        *group_problems(batch, groups, [row.participant for row in moved]),
        *group_checks.group_problems(batch, {row.participant_id: groups[row.participant_id] for row in moved}),
    ]
    if problems:
        raise Refused(problems)
    entries = []
    for row in moved:
        old, row.group = row.group, groups[row.participant_id]
        entries.append(audit.entry(verb="assign_group", obj=row.participant, by=by, changes={"group": [old, row.group]}))
    Placement.objects.bulk_update(moved, ["group"])
    audit.record_many(entries)
    return len(moved)


def _seat(batch: Batch, people: Sequence[Participant], by: User) -> list[Placement]:
    """Take one free seat per person.

    Seats that others have locked are left to them at first; only when too few are left does it wait for those. A seat
    that was taken after it was read breaks the unique constraint, and the next free ones are tried.
    """
    for number in range(TRIES):
        free = free_seats(batch)
        seats = list(free.select_for_update(of=("self",), skip_locked=True)[: len(people)])
        if len(seats) < len(people):
            seats = list(free.select_for_update(of=("self",))[: len(people)])
        if len(seats) < len(people):
            raise Refused(_full(batch, len(people)))
        try:
            with transaction.atomic():
                return _sit(batch, people, seats, by)
        except IntegrityError:
            if number == TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _sit(batch: Batch, people: Sequence[Participant], seats: Collection[Seat], by: User) -> list[Placement]:
    sizes = Counter(dict.fromkeys(range(1, group_count(batch.capacity) + 1), 0))
    occupied = Placement.objects.active().filter(seat__batch=batch, group__isnull=False)
    sizes.update(dict(occupied.order_by().values_list("group").annotate(size=Count("pk"))))
    rows = []
    coaches = coaches_of(batch)
    barred = barred_coaches(people) if coaches else {}
    for person, seat in zip(people, seats, strict=True):
        fitting = [number for number in sizes if number not in coaches or coaches[number] not in barred[person.pk]]
        group = min(fitting, key=lambda number: (sizes[number], number)) if fitting else None
        if group is not None:
            sizes[group] += 1
        rows.append(Placement(participant=person, seat=seat, group=group, placed_by=by))
    return Placement.objects.bulk_create(rows)


def _full(batch: Batch, wanted: int) -> str:
    left = free_seats(batch).count()
    if left:
        return _("Hanya tersisa %(left)d kursi di %(batch)s, Anda memilih %(wanted)d orang. Kurangi pilihan.") % {
            "left": left,
            "batch": batch.label,
            "wanted": wanted,
        }
    taken = Placement.objects.active().filter(seat__batch=batch).count()
    return _("Kursi penuh. %(batch)s sudah berisi %(taken)d orang. Pilih angkatan lain.") % {"batch": batch.label, "taken": taken}


def _tell(people: Iterable[Participant], batch: Batch) -> None:
    def text() -> str:
        return _("Anda ditempatkan di %(batch)s, %(institute)s.") % {"batch": batch.label, "institute": batch.institute}

    notify_many(
        news=[
            News(person.user, text, NoticeKind.PLACEMENT, person.get_absolute_url(), lambda: _("Lihat jadwal"), batch.starts_on)
            for person in people
            if person.user is not None
        ]
    )
