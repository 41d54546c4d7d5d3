"""Institutes as their pages show them: the list with seats, one institute with what it offers and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from latsar.accounts.models import User
from latsar.documents.models import DocumentKind, Issuer
from latsar.training.enums import BatchStage, RequestState
from latsar.training.institute_forms import ENDED, ENDING, UNKNOWN, VALID
from latsar.training.models import Batch, DossierRequirement, Institute, SeatOffer, SeatRequest, Tariff
from latsar.training.month_fields import month_range
from latsar.training.seat_requests import HELD
from latsar.training.tables import seats_taken, taken_seats
from latsar.ui import components, words

WARN_DAYS = 180
"""How long before its end an accreditation is warned about: renewing one takes months."""
SORTS: dict[str, tuple[Any, ...]] = {
    "nama": ("name", "pk"),
    "-nama": ("-name", "pk"),
    "kursi": ("offered", "name"),
    "-kursi": ("-offered", "name"),
    "bebas": ("free", "name"),
    "-bebas": ("-free", "name"),
    "akreditasi": (F("accredited_until").asc(nulls_last=True), "name"),
    "-akreditasi": (F("accredited_until").desc(nulls_last=True), "name"),
}
NOT_OVER = (BatchStage.DRAFT, BatchStage.OPEN, BatchStage.RUNNING)


@dataclass
class OfferLine:
    """An offer with what came of it: asked and granted seats, those in batches, and the people placed there."""

    offer: SeatOffer
    period: str
    asked: int = 0
    granted: int = 0
    seats: int = 0
    placed: int = 0
    batches: list[Batch] = field(default_factory=list)

    @property
    def left(self) -> int:
        return max(0, self.offer.seats - max(self.granted, self.seats))


def institute_rows(user: User, chosen: dict[str, Any], today: date) -> QuerySet[Institute]:
    """The institutes that a person sees, with `offered` seats from today on, `seats` of batches not over, and those `free`."""
    rows = Institute.objects.visible_to(user).filter(_condition(chosen, today)).select_related("province")
    offered = SeatOffer.objects.filter(institute=OuterRef("pk"), ends_on__gte=today).order_by().values("institute")
    open_now = Batch.objects.filter(institute=OuterRef("pk"), stage__in=NOT_OVER).order_by().values("institute")
    taken = open_now.annotate(n=seats_taken()).values("n")
    rows = rows.annotate(
        offered=_number(offered.annotate(n=Sum("seats")).values("n")),
        seats=_number(open_now.annotate(n=Sum("capacity")).values("n")),
        taken=_number(taken),
    ).annotate(free=F("seats") - F("taken"))
    return rows.order_by(*SORTS.get(chosen.get("urut", ""), SORTS["nama"]))


def _number(rows: Any) -> Coalesce:
    return Coalesce(Subquery(rows, output_field=IntegerField()), 0)


def _condition(chosen: dict[str, Any], today: date) -> Q:
    found = Q()
    if text := chosen.get("q", "").strip():
        found &= Q(name__icontains=text) | Q(city__icontains=text) | Q(code__icontains=text)
    if chosen.get("provinsi"):
        found &= Q(province=chosen["provinsi"])
    if chosen.get("aktif") != "semua":
        found &= Q(is_active=chosen.get("aktif") != "tidak")
    soon = today + timedelta(days=WARN_DAYS)
    spans = {
        VALID: Q(accredited_until__gt=soon),
        ENDING: Q(accredited_until__range=(today, soon)),
        ENDED: Q(accredited_until__lt=today),
        UNKNOWN: Q(accredited_until=None),
    }
    return found & spans.get(chosen.get("akreditasi", ""), Q())


def accreditation_face(institute: Institute, today: date) -> SafeString:
    """Say in words and a pill until when an institute is accredited."""
    until = institute.accredited_until
    if until is None:
        return components.pill("", _("Tanpa tanggal"), "dash-lg")
    if until < today:
        return components.pill("bad", _("Sudah berakhir"), "exclamation-triangle-fill")
    if until <= today + timedelta(days=WARN_DAYS):
        return components.pill("warn", _("Segera berakhir"), "exclamation-circle-fill")
    return components.pill("ok", _("Berlaku"), "check-lg")


def accreditation_warning(institute: Institute, today: date) -> tuple[str, str]:
    """Return kind and sentence of the notice above an institute whose accreditation needs care, or empty."""
    until = institute.accredited_until
    if until is None or until > today + timedelta(days=WARN_DAYS):
        return "", ""
    days = words.days_left((until - today).days)
    text = _("Akreditasi berlaku sampai %(day)s (%(days)s).") % {"day": words.long_date(until), "days": days}
    return ("bad" if until < today else "warn"), text


def offer_lines(user: User, institute: Institute) -> list[OfferLine]:
    """Offers with what was asked, granted, made into batches and placed; each request and batch counts once. Four queries."""
    lines = [
        OfferLine(offer, month_range(offer.starts_on, offer.ends_on))
        for offer in institute.offers.order_by("-starts_on", "method", "golongan")
    ]
    if not lines:
        return []
    for request in SeatRequest.objects.filter(institute=institute).exclude(state__in=(RequestState.DRAFT, RequestState.WITHDRAWN)):
        line = _line_for(lines, request.method, request.golongan, request.starts_on, request.ends_on)
        if line is not None:
            line.asked += request.seats_asked
            line.granted += (request.seats_granted or 0) if request.state in (*HELD, RequestState.CLOSED) else 0
    batches = list(Batch.objects.visible_to(user).filter(institute=institute).order_by("starts_on"))
    taken = taken_seats(batches)
    for batch in batches:
        line = _line_for(lines, batch.method, batch.golongan, batch.starts_on, batch.starts_on)
        if line is not None:
            line.seats += batch.capacity
            line.placed += taken.get(batch.pk, 0)
            line.batches.append(batch)
    return lines


def _line_for(lines: Sequence[OfferLine], method: str, golongan: str, first: date, last: date) -> OfferLine | None:
    fitting = [line for line in lines if line.offer.takes(method, golongan, first, last)]
    return min(fitting, key=lambda line: (line.offer.golongan != golongan, line.offer.starts_on), default=None)


def tariff_lines(institute: Institute) -> list[Tariff]:
    """The institute's own tariffs, and the national ones for methods and years where it has none."""
    rows = list(Tariff.objects.filter(Q(institute=institute) | Q(institute=None)).order_by("-year", "method"))
    own = {(row.method, row.year) for row in rows if row.institute_id}
    return [row for row in rows if row.institute_id or (row.method, row.year) not in own]


def requirement_lines(institute: Institute) -> list[DossierRequirement]:
    """What the institute asks for: its own lines and the general ones."""
    return list(DossierRequirement.objects.filter(Q(institute=institute) | Q(institute=None)).order_by("order", "code"))


def document_lines() -> list[tuple[str, str]]:
    """Which documents the portal prints for people of an institute, and by whom they are issued."""
    issuer = Issuer.objects.order_by("pk").values_list("name", flat=True).first() or _("belum ada penerbit")
    return [(str(kind.label), issuer) for kind in (DocumentKind.COMPLETION, DocumentKind.ORIENTATION)]


def batch_counts(user: User, institute: Institute) -> dict[str, int]:
    """How many angkatan of the institute stand where."""
    rows = Batch.objects.visible_to(user).filter(institute=institute).order_by().values_list("stage").annotate(n=Count("pk", distinct=True))
    return dict(rows)
