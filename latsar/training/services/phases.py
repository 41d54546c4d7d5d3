"""Phases of an angkatan: laid out from the scheme, moved by people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from latsar.training import calendar, layout, policies
from latsar.training.layout import PhaseDates, PhasePlan
from latsar.training.models import Batch, BatchPhase, RegulationScheme
from latsar.training.services.rows import check_version, locked, save_numbered
from latsar.ui import words


def preview_phases(*, scheme: RegulationScheme, method: str, starts_on: date) -> list[PhaseDates]:
    """Lay the scheme's template out from `starts_on`; empty when the scheme does not know the method."""
    templates = scheme.phase_templates.filter(method=method).order_by("order")
    return layout.lay_out(templates, starts_on, calendar.around(starts_on))


@transaction.atomic
def update_batch_phases(*, batch_id: int, version: int, dates: Sequence[tuple[date, date]], by: User) -> Batch:
    """Set the first and last day of every phase, in order. Raises Refused naming the phases that clash."""
    batch = locked(batch_id, by)
    if not policies.can_edit_phases(by, batch):
        raise NotAllowed
    check_version(batch, version)
    rows = list(batch.phases.order_by("order"))
    wanted = [replace(old, starts_on=start, ends_on=end) for old, (start, end) in zip(dates_of(rows), dates, strict=True)]
    problems = phase_problems(wanted)
    if problems:
        raise Refused(problems)
    keep_dates(batch, rows, wanted, by=by)
    return batch


def keep_dates(batch: Batch, rows: Sequence[BatchPhase], wanted: Sequence[PhaseDates], *, by: User, note: str = "") -> dict[str, list[str]]:
    """Write other days to the phases of an angkatan that the caller has locked; return what changed, old and new in words.

    The old days stay in the audit trail of the angkatan.
    """
    changes = difference(rows, wanted)
    if not changes:
        return changes
    for row, phase in zip(rows, wanted, strict=True):
        row.starts_on, row.ends_on = phase.starts_on, phase.ends_on
    BatchPhase.objects.bulk_update(rows, ["starts_on", "ends_on"])
    set_span(batch, wanted)
    _renew(batch)
    audit.record(verb="update_phases", obj=batch, by=by, changes=changes, note=note)
    return changes


def difference(old: Iterable[BatchPhase | PhaseDates], new: Iterable[PhaseDates]) -> dict[str, list[str]]:
    """Return the phases whose days differ, each with its old and new days in words."""
    return {
        before.name: [words.date_range(before.starts_on, before.ends_on), words.date_range(after.starts_on, after.ends_on)]
        for before, after in zip(old, new, strict=True)
        if (before.starts_on, before.ends_on) != (after.starts_on, after.ends_on)
    }


@transaction.atomic
def add_phase(*, batch_id: int, version: int, after: int, plan: PhasePlan, by: User) -> BatchPhase:
    """Put one more phase after the one with this order, 0 for the beginning; the others make room.

    Only while the angkatan is prepared or open. Raises NotAllowed, StaleVersion.
    """
    batch = _reshapable(batch_id, version, by)
    rows = list(batch.phases.order_by("order"))
    index = sum(row.order <= after for row in rows)
    old = dates_of(rows)
    laid = layout.insert(old, index, plan, calendar.around(batch.starts_on, batch.ends_on))
    for number, row in reversed(list(enumerate(rows))):
        phase = laid[number + (number >= index)]
        row.order, row.starts_on, row.ends_on = number + 1 + (number >= index), phase.starts_on, phase.ends_on
        row.save(update_fields=["order", "starts_on", "ends_on"])
    made = phase_rows(batch, laid)[index]
    made.save()
    set_span(batch, laid)
    _renew(batch)
    changes = {plan.name: ["", words.date_range(made.starts_on, made.ends_on)], **difference(old, [*laid[:index], *laid[index + 1 :]])}
    audit.record(verb="add_phase", obj=batch, by=by, changes=changes)
    return made


@transaction.atomic
def remove_phase(*, batch_id: int, version: int, phase_id: int, by: User) -> Batch:
    """Take a phase away that the scheme does not ask for; the others keep their days.

    Raises NotAllowed, StaleVersion, Refused for a mandatory phase, the last one, and one in which people were marked.
    """
    batch = _reshapable(batch_id, version, by)
    row = batch.phases.filter(pk=phase_id).first()
    if row is None:
        raise NotAllowed
    if row.is_mandatory:
        raise Refused(_("%(name)s diwajibkan skema, jadi tidak bisa dihapus. Ubah tanggalnya bila perlu.") % {"name": row.name})
    if row.progress.exists():  # type: ignore[attr-defined]  # the relation of an upper app
        raise Refused(_("Kemajuan peserta di %(name)s sudah dicatat, jadi tidak bisa dihapus.") % {"name": row.name})
    changes = {row.name: [words.date_range(row.starts_on, row.ends_on), ""]}
    row.delete()
    left = list(batch.phases.order_by("order"))
    if not left:
        raise Refused(_("Angkatan memerlukan paling sedikit satu fase."))
    set_span(batch, dates_of(left))
    _renew(batch)
    audit.record(verb="remove_phase", obj=batch, by=by, changes=changes)
    return batch


@transaction.atomic
def rename_phases(*, batch_id: int, version: int, names: Mapping[int, str], by: User) -> int:
    """Give phases other names: phase id -> name. Returns how many changed. Raises NotAllowed, StaleVersion, Refused for an empty name."""
    batch = _reshapable(batch_id, version, by)
    changed = []
    for row in batch.phases.filter(pk__in=names).order_by("order"):
        name = " ".join(names[row.pk].split())
        if not name:
            raise Refused(_("Nama fase %(name)s tidak boleh kosong.") % {"name": row.name})
        if name != row.name:
            changed.append((row, row.name, name))
    for row, _old, name in changed:
        row.name = name
        row.save(update_fields=["name"])
    if changed:
        _renew(batch)
        audit.record(verb="rename_phase", obj=batch, by=by, changes={old: [old, new] for _row, old, new in changed})
    return len(changed)


def _reshapable(batch_id: int, version: int, by: User) -> Batch:
    batch = locked(batch_id, by)
    if not policies.can_reshape(by, batch):
        raise NotAllowed
    check_version(batch, version)
    return batch


def _renew(batch: Batch) -> None:
    batch.version += 1
    save_numbered(batch)


def move_phase(*, batch: Batch, order: int, starts_on: date, ends_on: date | None) -> list[PhaseDates]:
    """Return the phases as they would lie with one of them moved and its followers keeping length and gap. Saves nothing.

    Without `ends_on` the moved phase keeps its length too.
    """
    rows = list(batch.phases.order_by("order"))
    index = next(n for n, row in enumerate(rows) if row.order == order)
    return layout.move(dates_of(rows), index, starts_on, ends_on, calendar.around(min(starts_on, batch.starts_on), batch.ends_on))


def dates_of(rows: Iterable[BatchPhase]) -> list[PhaseDates]:
    """Read the phases of an angkatan as plain dates."""
    return [PhaseDates(r.kind, r.name, r.starts_on, r.ends_on, r.day_count, r.is_parallel, r.is_mandatory) for r in rows]


def phase_problems(phases: Sequence[PhaseDates]) -> list[str]:
    """Say which phases end before they start or run into each other."""
    problems = [
        _("%(name)s selesai sebelum mulai. Periksa kedua tanggalnya.") % {"name": phase.name}
        for phase in phases
        if phase.ends_on < phase.starts_on
    ]
    if problems:
        return problems
    for clash in layout.clashes(phases):
        text = _("%(later)s mulai %(start)s, padahal %(earlier)s baru selesai %(end)s. Geser salah satunya.")
        if clash.later.is_parallel:
            text = _("%(later)s mulai %(start)s, sebelum %(earlier)s mulai. Geser salah satunya.")
        problems.append(
            text
            % {
                "later": clash.later.name,
                "earlier": clash.earlier.name,
                "start": words.short_date(clash.later.starts_on),
                "end": words.short_date(clash.earlier.ends_on),
            }
        )
    return problems


def phase_rows(batch: Batch, phases: Iterable[PhaseDates]) -> list[BatchPhase]:
    """Build the unsaved rows of laid-out phases."""
    return [
        BatchPhase(
            batch=batch,
            order=n,
            kind=phase.kind,
            name=phase.name,
            starts_on=phase.starts_on,
            ends_on=phase.ends_on,
            day_count=phase.day_count,
            is_parallel=phase.is_parallel,
            is_mandatory=phase.is_mandatory,
        )
        for n, phase in enumerate(phases, 1)
    ]


def store_phases(batch: Batch, phases: Sequence[PhaseDates]) -> None:
    """Replace the phases of an angkatan, and its span with them."""
    batch.phases.all().delete()
    BatchPhase.objects.bulk_create(phase_rows(batch, phases))
    set_span(batch, phases)


def set_span(batch: Batch, phases: Sequence[PhaseDates]) -> None:
    """Take the angkatan's first and last day from its phases; saves nothing."""
    batch.starts_on = min(phase.starts_on for phase in phases)
    batch.ends_on = max(phase.ends_on for phase in phases)
