"""What the page of a plan shows: figures that are doors, steps, seats with who fills them, people without one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Min, Q
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latsar.ui import charts, words
from latsar.ui.components import Figure, Step, clock
from participants.dossier.checklist import lines_of_many
from participants.enums import MovementKind
from participants.planning.enums import NOT_READY, PlanReason, PlanState
from participants.planning.plans import Plan, PlanAssignment, PlanOffer
from participants.planning.reasons import reason_text
from participants.reachable import earliest_ends, person_clock

UNPLACED_SHOWN = 10
OFFERS_SHOWN = 20
NEEDS_EXTENSION = (PlanReason.PASSED, PlanReason.TOO_LATE, PlanReason.PREGNANT, PlanReason.LATE)


@dataclass(frozen=True)
class OfferRow:
    offer: PlanOffer
    dates: str
    people: int
    bar: SafeString
    first: date | None
    spare: int | None
    satker: int
    late: int
    url: str


@dataclass(frozen=True)
class PersonRow:
    """One person with what the plan says; `action` leads to what would settle it."""

    assignment: PlanAssignment
    clock: SafeString
    seat: str
    spare: int | None
    why: str
    note: str
    action: tuple[str, str] | None

    @property
    def person(self):  # type: ignore[no-untyped-def]
        return self.assignment.participant


def people_url(plan: Plan, **query: object) -> str:
    """The list of a plan's people under a filter."""
    return f"{reverse('plan_people', args=[plan.pk])}?{urlencode(query)}"


def figures(plan: Plan) -> list[Figure]:
    """Four numbers, each a door to the people behind it."""
    found = plan.figures
    without = found["unplaced"] + found["not_ready"]
    units = ngettext("dari %(n)s satker", "dari %(n)s satker", found["satker"]) % {"n": words.thousands(found["satker"])}
    if found["not_ready"]:
        units = _("%(units)s; %(n)s belum siap ditempatkan") % {"units": units, "n": words.thousands(found["not_ready"])}
    return [
        Figure(_("Butuh kursi"), found["demand"], units, people_url(plan)),
        Figure(_("Tepat waktu"), found["timely"], _("selesai sebelum batas"), people_url(plan, kursi="tepat"), level="ok"),
        Figure(
            _("Terlambat"),
            found["late"],
            _("perlu perpanjangan") if found["late"] else _("tidak ada"),
            people_url(plan, kursi="terlambat"),
            level="warn" if found["late"] else "",
        ),
        Figure(
            _("Belum dapat"),
            without,
            _("lihat sebabnya") if without else _("tidak ada"),
            people_url(plan, kursi="tanpa"),
            level="bad" if without else "",
        ),
    ]


def steps(plan: Plan) -> list[Step]:
    """Kebutuhan, Kursi, Usulan, Terapkan."""
    found = plan.figures
    people = ngettext("%(n)s orang", "%(n)s orang", found.get("demand", 0)) % {"n": words.thousands(found.get("demand", 0))}
    seats = _("%(batches)d angkatan, %(seats)s kursi") % {
        "batches": found.get("batches", 0),
        "seats": words.thousands(found.get("seats", 0)),
    }
    is_over, is_going = plan.state == PlanState.COMMITTED, plan.state == PlanState.COMMITTING
    return [
        Step(_("Kebutuhan"), people, "done"),
        Step(_("Kursi"), seats, "done"),
        Step(_("Usulan"), _("periksa dan sesuaikan"), "done" if is_over or is_going else "now"),
        Step(_("Terapkan"), _("peserta ditempatkan"), "done" if is_over else "now" if is_going else "todo"),
    ]


def proof(plan: Plan) -> list[tuple[str, str]]:
    """What the solver promises beside what the simple rule would have reached: (label, sentence)."""
    found, greedy, bounds = plan.figures, plan.greedy, plan.bounds
    number = words.thousands
    late = _("%(ours)s orang; tidak ada rencana dengan kurang dari %(bound)s. Menurut batas terdekat dahulu: %(greedy)s.")
    risk = _("%(ours)s hari; paling sedikit %(bound)s. Menurut batas terdekat dahulu: %(greedy)s.")
    splits = _("%(ours)s; paling sedikit %(bound)s. Menurut batas terdekat dahulu: %(greedy)s.")
    rows = [
        (_("Tidak tepat waktu"), late, found["not_in_time"], bounds["not_in_time"], greedy["not_in_time"]),
        (_("Hari berisiko"), risk, found["days_at_risk"], bounds["days_at_risk"], greedy["days_at_risk"]),
        (
            _("Satker dan provinsi terpecah"), splits, found["satker_splits"] + found["province_splits"], bounds["splits"],
            greedy["satker_splits"] + greedy["province_splits"],
        ),
    ]  # fmt: skip
    lines = [(label, text % {"ours": number(a), "bound": number(b), "greedy": number(c)}) for label, text, a, b, c in rows]
    lines.append(
        (
            _("Keluar provinsi"),
            _("%(n)s orang, %(km)s km bila dijumlahkan.") % {"n": number(found["leavers"]), "km": number(found["kilometres"])},
        )
    )
    return [*lines, (_("Biaya"), cost_text(found))]


def cost_text(found: Mapping[str, Any]) -> str:
    """Rupiah in words, and for how many people the price is not known."""
    text = _("Rp %(cost)s (tarif dan uang harian)") % {"cost": words.thousands(found["cost"])}
    if not found["cost_unknown"]:
        return text
    more = ngettext(
        "%(n)s orang belum terhitung, tarif atau SBM-nya kosong",
        "%(n)s orang belum terhitung, tarif atau SBM-nya kosong",
        found["cost_unknown"],
    )
    return f"{text}; {more % {'n': words.thousands(found['cost_unknown'])}}"


def offer_rows(plan: Plan) -> list[OfferRow]:
    """The plan's seats with who fills them, two queries."""
    offers = list(plan.offers.select_related("batch", "institute").order_by("starts_on", "ends_on", "pk"))
    counted = (
        plan.assignments.filter(offer__isnull=False)
        .order_by()
        .values("offer_id")
        .annotate(
            people=Count("pk"),
            first=Min("participant__deadline"),
            satker=Count("participant__satker_id", distinct=True),
            late=Count("pk", filter=Q(reason=PlanReason.LATE)),
        )
    )
    known = {row["offer_id"]: row for row in counted}
    return [_offer_row(plan, offer, known.get(offer.pk, {})) for offer in offers]


def _offer_row(plan: Plan, offer: PlanOffer, row: Mapping[str, Any]) -> OfferRow:
    people, first = row.get("people", 0), row.get("first")
    return OfferRow(
        offer=offer,
        dates=words.short_date_range(offer.starts_on, offer.ends_on),
        people=people,
        bar=charts.bar(people, max(offer.seats, 1)),
        first=first,
        spare=(first - offer.ends_on).days if first else None,
        satker=row.get("satker", 0),
        late=row.get("late", 0),
        url=people_url(plan, kursi=offer.pk),
    )


def person_rows(assignments: Iterable[PlanAssignment], today: date) -> list[PersonRow]:
    """Rows with clock, seat, reason and the way on; the documents that are lacking are read for all of them at once."""
    rows, ends = list(assignments), earliest_ends(today)
    unready = [row.participant for row in rows if row.reason == PlanReason.NOT_APPROVED]
    lacks = _lacking(unready, today) if unready else {}
    return [_person_row(row, clock(person_clock(row.participant, today, ends).face), lacks.get(row.participant_id, "")) for row in rows]


def _lacking(people: Sequence[Any], today: date) -> dict[int, str]:
    return {pk: ", ".join(line.problem for line in lines if line.is_lacking) for pk, lines in lines_of_many(people, today).items()}


def _person_row(row: PlanAssignment, face: SafeString, lacks: str) -> PersonRow:
    person, offer = row.participant, row.offer
    notes = []
    if offer is not None and (weeks := person.pregnancy_weeks_on(offer.face_on or offer.starts_on)):
        notes.append(_("Hamil %(weeks)d minggu saat itu") % {"weeks": weeks})
    if person.special_needs:
        notes.append(_("Kebutuhan khusus: %(what)s") % {"what": person.special_needs})
    return PersonRow(
        assignment=row,
        clock=face,
        seat=f"{offer.label}, {offer.institute}" if offer else "",
        spare=(person.deadline - offer.ends_on).days if offer else None,
        why=reason_text(row.reason, row.facts, golongan=person.golongan, deadline=person.deadline, lacks=lacks),
        note="; ".join(notes),
        action=_action(row),
    )


def _action(row: PlanAssignment) -> tuple[str, str] | None:
    person = reverse("movement_add", args=[row.participant_id])
    if row.reason in NEEDS_EXTENSION:
        return f"{person}?jenis={MovementKind.EXTEND}", _("Buat berkas BKN")
    if row.reason in (PlanReason.FULL, PlanReason.GOLONGAN, PlanReason.PROVINCE, PlanReason.NOTICE):
        return f"{reverse('plan_detail', args=[row.plan_id])}#andai", _("Cari kursi lain")
    if row.reason == PlanReason.BARRED:
        return f"{person}?jenis={MovementKind.SECOND_ENTRY}", _("Catat dasarnya")
    if row.reason == PlanReason.DEFERRED:
        return f"{person}?jenis={MovementKind.RESUME}", _("Lanjutkan")
    if row.reason == PlanReason.PROPOSAL:
        return f"{reverse('movement_list')}?{urlencode({'q': row.participant.nip})}", _("Buka usulan")
    if row.reason == PlanReason.NOT_APPROVED:
        return row.participant.dossier_url, _("Buka berkas")
    return None


def unplaced(plan: Plan) -> Any:
    """Who has no seat, those who could have had one first, then by deadline."""
    rows = plan.assignments.filter(offer=None).select_related("participant__satker", "participant__batch", "offer")
    return rows.annotate(unready=Q(reason__in=NOT_READY)).order_by("unready", "participant__deadline", "participant_id")


def leavers(rows: Any) -> Any:
    """Those of a plan's assignments that lead out of the own province."""
    return rows.filter(offer__province__isnull=False).exclude(offer__province=F("participant__province"))
