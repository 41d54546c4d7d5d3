"""An angkatan from its preparation to its closing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import IllegalMove, NotAllowed, Refused
from latsar.accounts.models import User
from latsar.training import policies
from latsar.training.clash import stops
from latsar.training.enums import BatchStage
from latsar.training.models import Batch, BatchPhase, Curriculum, Institute, RegulationScheme, Seat, SeatRequest, Wave
from latsar.training.services.opening import needs_approval, opening_findings
from latsar.training.services.phases import phase_rows, preview_phases, store_phases
from latsar.training.services.rows import check_granted, check_version, locked, save_numbered
from latsar.training.workflow import MOVES
from latsar.ui import words

FROZEN_WHEN_OPEN = ("scheme", "method", "curriculum", "golongan")
EDITABLE = (*FROZEN_WHEN_OPEN, "number", "capacity", "place", "approval_basis", "wave")


def next_number(*, institute_id: int, year: int) -> int:
    """Return the number that follows the institute's last angkatan of that year."""
    last = Batch.objects.filter(institute_id=institute_id, year=year).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


@transaction.atomic
def create_batch(
    *,
    institute: Institute,
    scheme: RegulationScheme,
    curriculum: Curriculum,
    method: str,
    golongan: str,
    capacity: int,
    starts_on: date,
    by: User,
    number: int | None = None,
    place: str = "",
    approval_basis: str = "",
    wave_number: int | None = None,
    seat_request: SeatRequest | None = None,
) -> Batch:
    """Prepare an angkatan with its phases and one seat row per chair.

    Without `number` the institute's next one of the year is taken. Raises Refused with the field it concerns.
    """
    if not policies.can_plan_batches(by):
        raise NotAllowed
    check_rules(scheme=scheme, curriculum=curriculum, method=method, starts_on=starts_on, approval_basis=approval_basis)
    phases = preview_phases(scheme=scheme, method=method, starts_on=starts_on)
    if seat_request is not None:
        check_granted(request_id=seat_request.pk, institute=institute, method=method, golongan=golongan, capacity=capacity)
    batch = Batch(
        number=number or next_number(institute_id=institute.pk, year=starts_on.year),
        year=starts_on.year,
        wave=wave_of(wave_number, starts_on.year),
        institute=institute,
        province=institute.province,
        scheme=scheme,
        curriculum=curriculum,
        method=method,
        golongan=golongan,
        capacity=capacity,
        place=place,
        approval_basis=approval_basis,
        seat_request=seat_request,
        starts_on=phases[0].starts_on,
        ends_on=max(phase.ends_on for phase in phases),
        created_by=by,
    )
    save_numbered(batch)
    BatchPhase.objects.bulk_create(phase_rows(batch, phases))
    Seat.objects.bulk_create(Seat(batch=batch, number=n) for n in range(1, capacity + 1))
    audit.record(verb="create_batch", obj=batch, by=by, changes={"capacity": [None, capacity], "starts_on": [None, batch.starts_on]})
    return batch


def check_rules(*, scheme: RegulationScheme, curriculum: Curriculum, method: str, starts_on: date, approval_basis: str) -> None:
    """Refuse what the scheme and the curriculum do not allow, each beside its field."""
    problems: dict[str, str] = {}
    if not scheme.phase_templates.filter(method=method).exists():
        problems["method"] = _("%(scheme)s tidak memiliki templat fase untuk metode ini. Pilih metode lain.") % {"scheme": scheme}
    elif not curriculum.subjects.filter(method=method).exists():
        problems["curriculum"] = _("Kurikulum %(name)s belum memiliki mata pelatihan untuk metode ini. Pilih kurikulum lain.") % {
            "name": curriculum
        }
    if starts_on < scheme.effective_from or (scheme.effective_to and starts_on > scheme.effective_to):
        problems["scheme"] = _("%(scheme)s tidak berlaku pada %(day)s. Pilih skema yang berlaku.") % {
            "scheme": scheme,
            "day": words.long_date(starts_on),
        }
    for name, rules in (("scheme", scheme), ("curriculum", curriculum)):
        if rules.published_at is None:
            problems[name] = _("%(name)s masih konsep. Terbitkan dahulu, atau pilih yang lain.") % {"name": rules}
    if needs_approval(method, starts_on) and not approval_basis.strip():
        problems["approval_basis"] = _("Sejak 2024 klasikal memerlukan persetujuan tertulis Kepala LAN. Isi nomor dan tanggalnya.")
    if problems:
        raise Refused(problems)


@transaction.atomic
def update_batch(*, batch_id: int, version: int, changes: Mapping[str, Any], by: User) -> Batch:
    """Change facts of an angkatan; seats follow the capacity.

    Scheme, method, curriculum and golongan are frozen once it is open. A changed scheme or method lays the phases out
    again. Raises StaleVersion when somebody else saved first.
    """
    batch = locked(batch_id, by)
    if not policies.can_edit_batch(by, batch):
        raise NotAllowed
    check_version(batch, version)
    before = audit.snapshot(batch, EDITABLE)
    for name in EDITABLE:
        if name in changes:
            setattr(batch, name, changes[name])
    if "wave_number" in changes:
        batch.wave = wave_of(changes["wave_number"], batch.year)
    difference = audit.difference(before, audit.snapshot(batch, EDITABLE))
    if not difference:
        return batch
    if batch.stage != BatchStage.DRAFT and set(difference) & set(FROZEN_WHEN_OPEN):
        raise Refused(_("Skema, metode, kurikulum, dan golongan dibekukan sejak angkatan dibuka."))
    check_rules(
        scheme=batch.scheme,
        curriculum=batch.curriculum,
        method=batch.method,
        starts_on=batch.starts_on,
        approval_basis=batch.approval_basis,
    )
    if "capacity" in difference:
        _fit_seats(batch)
    if batch.seat_request_id and {"capacity", "method", "golongan"} & set(difference):
        check_granted(
            request_id=batch.seat_request_id,
            institute=batch.institute,
            method=batch.method,
            golongan=batch.golongan,
            capacity=batch.capacity,
            besides=batch.pk,
        )
    if {"scheme", "method"} & set(difference):
        store_phases(batch, preview_phases(scheme=batch.scheme, method=batch.method, starts_on=batch.starts_on))
    batch.version += 1
    save_numbered(batch)
    audit.record(verb="update_batch", obj=batch, by=by, changes=difference)
    return batch


def open_batch(*, batch_id: int, by: User) -> Batch:
    """Open for placement; scheme, method, curriculum and golongan are frozen from here on."""
    return move_batch(batch_id=batch_id, action="open", by=by)


@transaction.atomic
def move_batch(*, batch_id: int, action: str, by: User, note: str = "") -> Batch:
    """Apply one workflow move and record who made it.

    Starting and closing touch people: go through participants.services.placement for those.
    Raises IllegalMove when the stage does not allow `action`, NotAllowed when `by` is not its actor.
    """
    batch = locked(batch_id, by)
    move = MOVES[action]
    if not policies.is_actor(by, batch, move.actor):
        raise NotAllowed
    if batch.stage not in move.sources:
        raise IllegalMove(_("Keadaannya sekarang %(stage)s, jadi langkah ini tidak berlaku.") % {"stage": batch.get_stage_display()})
    if action == "open":
        if problems := stops(opening_findings(batch)):
            raise Refused(problems)
        batch.opened_at, batch.opened_by = timezone.now(), by
    old, batch.stage = batch.stage, move.target
    batch.version += 1
    batch.save(update_fields=["stage", "version", "opened_at", "opened_by"])
    batch.stage_changes.create(old=old, new=batch.stage, by=by, note=note)
    audit.record(verb=f"{action}_batch", obj=batch, by=by, changes={"stage": [old, batch.stage]}, note=note)
    return batch


def wave_of(number: int | None, year: int) -> Wave | None:
    """Return the wave of this number and year, made where it does not exist yet."""
    return Wave.objects.get_or_create(number=number, year=year)[0] if number else None


def _fit_seats(batch: Batch) -> None:
    """Add chairs, or take away the highest ones nobody ever sat on; the rows are locked against placements meanwhile."""
    seats = Seat.objects.filter(batch=batch)
    have = seats.count()
    if batch.capacity > have:
        top = seats.aggregate(top=Max("number"))["top"] or 0
        Seat.objects.bulk_create(Seat(batch=batch, number=top + n) for n in range(1, batch.capacity - have + 1))
        return
    free = list(seats.filter(placements=None).order_by("-number").select_for_update(of=("self",))[: have - batch.capacity])
    if len(free) < have - batch.capacity:
        taken = have - seats.filter(placements=None).count()
        raise Refused({"capacity": _("%(count)d kursi sudah pernah ditempati. Kapasitas tidak bisa lebih kecil.") % {"count": taken}})
    try:
        with transaction.atomic():
            Seat.objects.filter(pk__in=[seat.pk for seat in free]).delete()
    except IntegrityError as error:
        raise Refused({"capacity": _("Sebagian kursi baru saja ditempati. Periksa lagi, lalu ulangi.")}) from error
