"""The seats that a plan may use: angkatan that are open, and seats that are thought up."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts.errors import Refused
from latsar.accounts.models import User
from latsar.training.layout import PhaseDates
from latsar.training.models import Batch, Institute, RegulationScheme
from latsar.training.services import preview_phases
from participants.planning.costs import Prices
from participants.planning.demand import face_of, face_spans, free_seats_of, open_batches
from participants.planning.plans import Plan, PlanOffer


@dataclass(frozen=True)
class ThoughtUp:
    """Seats that do not exist yet. Without `ends_on` the scheme in force lays the phases out."""

    institute: Institute
    method: str
    golongan: str
    seats: int
    starts_on: date
    ends_on: date | None = None


def use_batches(plan: Plan, batch_ids: Collection[int], by: User) -> None:
    """Make these open angkatan the plan's, and no others; who sat on one that goes is computed anew."""
    wanted = set(batch_ids)
    batches = {batch.pk: batch for batch in open_batches(by, timezone.localdate(), plan.wave_id) if batch.pk in wanted}
    gone = plan.offers.filter(batch__isnull=False).exclude(batch_id__in=batches)
    plan.assignments.filter(offer__in=gone).delete()
    gone.delete()
    known = set(plan.offers.values_list("batch_id", flat=True))
    fresh = []
    for batch in batches.values():
        if batch.pk not in known:
            offer = PlanOffer(plan=plan, batch=batch)
            fill(offer, batch)
            fresh.append(offer)
    PlanOffer.objects.bulk_create(fresh)


def fill(offer: PlanOffer, batch: Batch) -> None:
    """Copy what the angkatan says now; its free seats are counted by `refresh_offers`."""
    offer.institute_id, offer.province_id, offer.method, offer.golongan = (
        batch.institute_id,
        batch.province_id,
        batch.method,
        batch.golongan,
    )
    offer.starts_on, offer.ends_on, offer.seats = batch.starts_on, batch.ends_on, batch.capacity


def think_up(plan: Plan, wanted: Iterable[ThoughtUp]) -> None:
    """Add seats that do not exist yet. Raises Refused when their end is not known or comes before their start."""
    for seats in wanted:
        phases = _laid_out(seats)
        ends_on = seats.ends_on or max((phase.ends_on for phase in phases), default=None)
        if ends_on is None:
            raise Refused({"ends_on": _("Skema yang berlaku tidak punya jadwal untuk metode ini. Isi tanggal selesainya.")})
        if ends_on < seats.starts_on:
            raise Refused({"ends_on": _("Selesai sebelum mulai. Periksa kedua tanggalnya.")})
        face = face_of(phase for phase in phases if phase.starts_on <= ends_on)
        PlanOffer.objects.create(
            plan=plan,
            institute=seats.institute,
            province_id=seats.institute.province_id,
            method=seats.method,
            golongan=seats.golongan,
            starts_on=seats.starts_on,
            ends_on=ends_on,
            face_on=face[0] if face else None,
            face_days=face[1] if face else 0,
            seats=seats.seats,
        )


def _laid_out(seats: ThoughtUp) -> list[PhaseDates]:
    scheme = RegulationScheme.objects.in_force(seats.starts_on).first()
    if scheme is None or not scheme.phase_templates.filter(method=seats.method).exists():
        return []
    return preview_phases(scheme=scheme, method=seats.method, starts_on=seats.starts_on)


def copy_offers(plan: Plan, trial: Plan) -> dict[int, int]:
    """Copy the offers; return old -> new."""
    moved = {}
    for offer in plan.offers.all():
        old, offer.pk, offer.plan = offer.pk, None, trial
        offer._state.adding = True  # noqa: SLF001 - a copy is a new row
        offer.save(force_insert=True)
        moved[old] = offer.pk
    return moved


def refresh_offers(plan: Plan) -> None:
    """Read the angkatan behind the offers anew: dates, seats that are still free, days in person and cost."""
    offers = list(plan.offers.select_related("batch"))
    ids = [offer.batch_id for offer in offers if offer.batch_id is not None]
    free, faces, prices = free_seats_of(ids), face_spans(ids), Prices.read()
    for offer in offers:
        if offer.batch is not None:
            fill(offer, offer.batch)
            offer.seats = free.get(offer.batch.pk, 0)
            offer.face_on, offer.face_days = faces.get(offer.batch.pk, (None, 0))
        offer.cost = prices.per_person(offer)
    names = ["institute", "province", "method", "golongan", "starts_on", "ends_on", "seats", "face_on", "face_days", "cost"]
    PlanOffer.objects.bulk_update(offers, names, batch_size=500)
