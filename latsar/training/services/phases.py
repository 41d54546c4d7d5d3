"""Phases of an angkatan: laid out from the scheme, moved by people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from latsar.training import calendar, layout, policies
from latsar.training.layout import PhaseDates
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
    wanted = [PhaseDates(r.kind, r.name, start, end, r.day_count, r.is_parallel) for r, (start, end) in zip(rows, dates, strict=True)]
    problems = phase_problems(wanted)
    if problems:
        raise Refused(problems)
    changes = {
        row.name: [words.date_range(row.starts_on, row.ends_on), words.date_range(phase.starts_on, phase.ends_on)]
        for row, phase in zip(rows, wanted, strict=True)
        if (row.starts_on, row.ends_on) != (phase.starts_on, phase.ends_on)
    }
    if not changes:
        return batch
    for row, phase in zip(rows, wanted, strict=True):
        row.starts_on, row.ends_on = phase.starts_on, phase.ends_on
    BatchPhase.objects.bulk_update(rows, ["starts_on", "ends_on"])
    set_span(batch, wanted)
    batch.version += 1
    save_numbered(batch)
    audit.record(verb="update_phases", obj=batch, by=by, changes=changes)
    return batch


def move_phase(*, batch: Batch, order: int, starts_on: date, ends_on: date | None) -> list[PhaseDates]:
    """Return the phases as they would lie with one of them moved and its followers keeping length and gap. Saves nothing.

    Without `ends_on` the moved phase keeps its length too.
    """
    rows = list(batch.phases.order_by("order"))
    index = next(n for n, row in enumerate(rows) if row.order == order)
    return layout.move(dates_of(rows), index, starts_on, ends_on, calendar.around(min(starts_on, batch.starts_on), batch.ends_on))


def dates_of(rows: Iterable[BatchPhase]) -> list[PhaseDates]:
    """Read the phases of an angkatan as plain dates."""
    return [PhaseDates(r.kind, r.name, r.starts_on, r.ends_on, r.day_count, r.is_parallel) for r in rows]


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
