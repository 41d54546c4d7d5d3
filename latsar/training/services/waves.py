"""A gelombang as a whole: several equal angkatan at once, all of them moved by some days, last year's copied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from latsar.training import calendar, layout, policies
from latsar.training.enums import BatchStage
from latsar.training.layout import PhaseDates
from latsar.training.models import Batch, Curriculum, RegulationScheme, Wave, WaveShift
from latsar.training.services.batches import create_batch, next_number
from latsar.training.services.opening import needs_approval
from latsar.training.services.phases import dates_of, keep_dates, preview_phases
from latsar.training.services.rows import locked

MOVABLE = (BatchStage.DRAFT, BatchStage.OPEN)
MOST_AT_ONCE = 12
MOST_DAYS = 60


@dataclass(frozen=True)
class Shifted:
    """One angkatan of a wave that would move; `reason` says why it stays."""

    batch: Batch
    old: Sequence[PhaseDates]
    new: Sequence[PhaseDates]
    reason: str = ""

    @property
    def starts_on(self) -> date:
        return min(phase.starts_on for phase in self.new) if self.new else self.batch.starts_on

    @property
    def ends_on(self) -> date:
        return max(phase.ends_on for phase in self.new) if self.new else self.batch.ends_on


@dataclass(frozen=True)
class Copied:
    """One angkatan as it would be made from last year's; `reason` says why it cannot be."""

    source: Batch
    number: int
    scheme: RegulationScheme | None
    curriculum: Curriculum | None
    phases: Sequence[PhaseDates]
    reason: str = ""


@transaction.atomic
def create_batches(*, count: int, by: User, number: int | None = None, **facts: Any) -> list[Batch]:
    """Prepare several equal angkatan with consecutive numbers; all of them or none. Raises Refused beside the field."""
    if not 1 <= count <= MOST_AT_ONCE:
        raise Refused({"count": _("Sekaligus paling banyak %(n)d angkatan.") % {"n": MOST_AT_ONCE}})
    first = number or next_number(institute_id=facts["institute"].pk, year=facts["starts_on"].year)
    return [create_batch(number=first + step, by=by, **facts) for step in range(count)]


def plan_shift(*, wave: Wave, days: int, by: User) -> list[Shifted]:
    """Say where every angkatan of a wave would lie after so many working days. Saves nothing."""
    batches = Batch.objects.visible_to(by).filter(wave=wave).select_related("institute").prefetch_related("phases").order_by("number", "pk")
    return [_shifted(batch, days) for batch in batches]


@transaction.atomic
def shift_wave(*, wave_id: int, days: int, by: User) -> tuple[WaveShift, list[tuple[Batch, dict[str, list[str]]]]]:
    """Move what has not begun by so many working days; return the move and what changed in each angkatan.

    Telling people is the caller's: participants.services.schedule. Raises NotAllowed, Refused when nothing would move.
    """
    wave = Wave.objects.select_for_update().filter(pk=wave_id).first()
    if wave is None or not policies.can_plan_batches(by):
        raise NotAllowed
    if days == 0 or abs(days) > MOST_DAYS:
        raise Refused({"days": _("Isi 1 sampai %(n)d hari kerja, atau minus untuk maju.") % {"n": MOST_DAYS}})
    moved: list[tuple[Batch, dict[str, list[str]]]] = []
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for pk in Batch.objects.filter(wave=wave, stage__in=MOVABLE).order_by("pk").values_list("pk", flat=True):
        batch = locked(pk, by)
        rows = list(batch.phases.order_by("order"))
        old = dates_of(rows)
        new = _moved(batch, old, days)
        if new and new[0].starts_on.year == batch.year:
            before[str(pk)] = _stored(old)
            changes = keep_dates(batch, rows, new, by=by, note=_("Gelombang digeser %(n)+d hari kerja") % {"n": days})
            after[str(pk)] = {"version": batch.version, "days": _stored(new)}
            moved.append((batch, changes))
    if not moved:
        raise Refused(_("Tidak ada angkatan yang dapat digeser: semuanya sudah berjalan, atau pindah tahun."))
    row = WaveShift.objects.create(wave=wave, days=days, before=before, after=after, by=by)
    audit.record(verb="shift_wave", obj=wave, by=by, changes={"days": [0, days]})
    return row, moved


@transaction.atomic
def undo_shift(*, shift_id: int, by: User) -> tuple[WaveShift, list[tuple[Batch, dict[str, list[str]]]]]:
    """Put every angkatan back to its days before the move. Refused when one of them was changed since."""
    row = WaveShift.objects.select_for_update(of=("self",)).select_related("wave").filter(pk=shift_id).first()
    if row is None or not policies.can_plan_batches(by):
        raise NotAllowed
    if row.undone_at is not None:
        raise Refused(_("Geseran ini sudah diurungkan."))
    moved = []
    for pk, days in sorted(row.before.items(), key=lambda pair: int(pair[0])):
        batch = locked(int(pk), by)
        if batch.version != row.after[pk]["version"] or batch.stage not in MOVABLE:
            raise Refused(
                _("%(batch)s sudah diubah atau berjalan sesudah digeser, jadi geserannya tidak bisa diurungkan.") % {"batch": batch}
            )
        rows = list(batch.phases.order_by("order"))
        old = [
            PhaseDates(p.kind, p.name, date.fromisoformat(s), date.fromisoformat(e), p.day_count, p.is_parallel, p.is_mandatory)
            for p, (s, e) in zip(rows, days, strict=True)
        ]
        moved.append((batch, keep_dates(batch, rows, old, by=by, note=_("Geseran gelombang diurungkan"))))
    row.undone_at, row.undone_by = timezone.now(), by
    row.save(update_fields=["undone_at", "undone_by"])
    audit.record(verb="undo_shift", obj=row.wave, by=by, changes={"days": [row.days, 0]})
    return row, moved


def plan_copy(*, wave: Wave, year: int, starts_on: date, by: User) -> list[Copied]:
    """Say what last year's wave would become with its first day on `starts_on`: every angkatan keeps its distance to the first one.

    Rules that are no longer in force are replaced by the ones that are. Saves nothing.
    """
    batches = list(
        Batch.objects.visible_to(by).filter(wave=wave).select_related("institute", "scheme", "curriculum").order_by("number", "pk")
    )
    if not batches:
        return []
    first = min(batch.starts_on for batch in batches)
    taken: dict[int, int] = {}
    planned = []
    for batch in batches:
        known = calendar.around(first, batch.starts_on)
        gap = max(0, known.count(first, batch.starts_on) - 1)
        day = calendar.around(starts_on).moved(starts_on, gap)
        number = taken.get(batch.institute_id) or next_number(institute_id=batch.institute_id, year=year)
        taken[batch.institute_id] = number + 1
        planned.append(_copied(batch, number, day, year))
    return planned


@transaction.atomic
def copy_wave(*, wave_id: int, number: int, starts_on: date, by: User) -> list[Batch]:
    """Make the angkatan that `plan_copy` shows; what it could not make is left out. Raises Refused when nothing is left."""
    wave = Wave.objects.filter(pk=wave_id).first()
    if wave is None or not policies.can_plan_batches(by):
        raise NotAllowed
    made = []
    for plan in plan_copy(wave=wave, year=starts_on.year, starts_on=starts_on, by=by):
        if plan.reason or plan.scheme is None or plan.curriculum is None:
            continue
        source = plan.source
        made.append(
            create_batch(
                institute=source.institute,
                scheme=plan.scheme,
                curriculum=plan.curriculum,
                method=source.method,
                golongan=source.golongan,
                capacity=source.capacity,
                starts_on=plan.phases[0].starts_on,
                number=plan.number,
                place=source.place,
                wave_number=number,
                by=by,
            )
        )
    if not made:
        raise Refused(_("Tidak satu pun angkatannya dapat disalin."))
    return made


def _shifted(batch: Batch, days: int) -> Shifted:
    old = dates_of(batch.phases.all())
    if batch.stage not in MOVABLE:
        return Shifted(batch, old, [], _("%(stage)s, jadi tetap.") % {"stage": batch.get_stage_display()})
    new = _moved(batch, old, days)
    if new and new[0].starts_on.year != batch.year:
        return Shifted(
            batch, old, [], _("Akan mulai tahun %(year)d, jadi tetap. Ubah jadwalnya sendiri.") % {"year": new[0].starts_on.year}
        )
    return Shifted(batch, old, new)


def _moved(batch: Batch, old: Sequence[PhaseDates], days: int) -> list[PhaseDates]:
    return layout.shift(old, days, calendar.around(batch.starts_on, batch.ends_on))


def _stored(phases: Sequence[PhaseDates]) -> list[list[str]]:
    return [[phase.starts_on.isoformat(), phase.ends_on.isoformat()] for phase in phases]


def _copied(batch: Batch, number: int, day: date, year: int) -> Copied:
    scheme, curriculum = _in_force(batch.scheme, day), _in_force(batch.curriculum, day)
    reason = ""
    if day.year != year:
        reason = _("Akan mulai tahun %(year)d.") % {"year": day.year}
    elif not batch.institute.is_active:
        reason = _("Lembaganya tidak aktif lagi.")
    elif scheme is None or curriculum is None:
        reason = _("Tidak ada skema atau kurikulum terbit yang berlaku pada hari itu.")
    elif needs_approval(batch.method, day):
        reason = _("Klasikal memerlukan persetujuan Kepala LAN yang baru. Buat sendiri angkatannya.")
    phases = preview_phases(scheme=scheme, method=batch.method, starts_on=day) if scheme else []
    if not reason and not phases:
        reason = _("Skema yang berlaku tidak mengenal metode ini.")
    return Copied(batch, number, scheme, curriculum, phases, reason)


def _in_force(rules: Any, day: date) -> Any:
    """Return these rules while they are in force on that day, else the newest published ones that are."""
    if rules.published_at is not None and rules.effective_from <= day and (rules.effective_to is None or rules.effective_to >= day):
        return rules
    known = type(rules).objects.filter(published_at__isnull=False, effective_from__lte=day).exclude(effective_to__lt=day)
    return known.order_by("-effective_from", "-pk").first()
