"""Days of an angkatan that change: the schedule itself is training's, who must hear of it is known here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.enums import Role
from latsar.accounts.models import RoleGrant, User
from latsar.notices.enums import NoticeKind
from latsar.notices.services import News, notify_many
from latsar.training import services as training
from latsar.training.enums import BatchStage
from latsar.training.layout import PhasePlan
from latsar.training.models import Batch, BatchPhase, WaveShift
from latsar.training.services import waves
from latsar.training.services.phases import difference
from latsar.ui import words
from participants.enums import SEATED
from participants.models import Participant

Changes = Mapping[str, Sequence[str]]


@transaction.atomic
def change_schedule(*, batch_id: int, version: int, dates: Sequence[tuple[date, date]], by: User) -> Batch:
    """Set the days of every phase and tell participants, coaches and institute once what moved. Refusals are those of training."""
    old = training.dates_of(BatchPhase.objects.filter(batch_id=batch_id).order_by("order"))
    batch = training.update_batch_phases(batch_id=batch_id, version=version, dates=dates, by=by)
    tell_schedule(batch, difference(old, training.dates_of(batch.phases.order_by("order"))), by=by)
    return batch


@transaction.atomic
def add_phase(*, batch_id: int, version: int, after: int, plan: PhasePlan, by: User) -> BatchPhase:
    """Put one more phase into the schedule; who is placed hears of it."""
    made = training.add_phase(batch_id=batch_id, version=version, after=after, plan=plan, by=by)
    batch = Batch.objects.select_related("institute").get(pk=batch_id)
    tell_schedule(batch, {made.name: ["", words.date_range(made.starts_on, made.ends_on)]}, by=by)
    return made


@transaction.atomic
def remove_phase(*, batch_id: int, version: int, phase_id: int, by: User) -> Batch:
    """Take a phase out of the schedule; who is placed hears of it."""
    row = BatchPhase.objects.filter(pk=phase_id).first()
    batch = training.remove_phase(batch_id=batch_id, version=version, phase_id=phase_id, by=by)
    if row is not None:
        tell_schedule(batch, {row.name: [words.date_range(row.starts_on, row.ends_on), ""]}, by=by)
    return batch


@transaction.atomic
def shift_wave(*, wave_id: int, days: int, by: User) -> tuple[WaveShift, int]:
    """Move what has not begun of a wave by some working days; return the move and how many angkatan moved."""
    row, moved = waves.shift_wave(wave_id=wave_id, days=days, by=by)
    for batch, changes in moved:
        tell_schedule(batch, changes, by=by)
    return row, len(moved)


@transaction.atomic
def undo_shift(*, shift_id: int, by: User) -> WaveShift:
    """Put a wave back to its days before a move, exactly, while nobody has changed them since."""
    row, moved = waves.undo_shift(shift_id=shift_id, by=by)
    for batch, changes in moved:
        tell_schedule(batch, changes, by=by)
    return row


def tell_schedule(batch: Batch, changes: Changes, *, by: User) -> None:
    """Write the change into the story of everybody placed there, and tell them, coaches and institute once per version.

    An angkatan that is still being prepared has nobody to tell.
    """
    if not changes or batch.stage == BatchStage.DRAFT:
        return
    people = list(Participant.objects.filter(batch=batch, stage__in=SEATED).select_related("user").order_by("pk"))
    named = {name: list(pair) for name, pair in changes.items()}
    audit.record_many([audit.entry(verb="reschedule", obj=person, by=by, changes=named, note=batch.label) for person in people])
    name, (_old, new) = next(iter(changes.items()))
    told = {user.pk: (user, batch.get_absolute_url()) for user in _guides(batch)}
    told |= {person.user.pk: (person.user, person.get_absolute_url()) for person in people if person.user is not None}

    def text() -> str:
        if not new:
            return _("Jadwal %(batch)s berubah: %(phase)s dihapus.") % {"batch": batch.label, "phase": name}
        said = _("Jadwal %(batch)s berubah: %(phase)s sekarang %(days)s.") % {"batch": batch.label, "phase": name, "days": new}
        return said if len(changes) == 1 else f"{said} {_('%(n)d fase lain ikut bergeser.') % {'n': len(changes) - 1}}"

    notify_many(
        news=[
            News(
                user,
                text,
                NoticeKind.PLACEMENT,
                url,
                lambda: _("Lihat jadwal"),
                batch.starts_on,
                f"schedule-{batch.pk}-{batch.version}-{pk}",
            )
            for pk, (user, url) in told.items()
            if pk != by.pk
        ]
    )


def _guides(batch: Batch) -> Iterable[User]:
    """The operators of the institute, and the coaches of the groups, who belong to an upper app."""
    grants = RoleGrant.objects.valid().filter(role=Role.LEMBAGA, institute_id=batch.institute_id, user__is_active=True)
    yield from (grant.user for grant in grants.select_related("user"))
    yield from User.objects.get_queryset().filter(coached_groups__batch=batch, is_active=True).distinct()
