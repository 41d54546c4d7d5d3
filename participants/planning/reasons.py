"""Why somebody has no seat: the one reason that binds, as a code with facts, and later as a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latsar.ui import words
from participants.enums import MovementKind, Stage
from participants.planning.enums import PlanReason
from participants.planning.measures import Seating
from participants.planning.problem import Fault, Offer, Person, Problem

Why = tuple[str, dict[str, Any]]
IN_TIME: Why = ("", {})


class Reasons:
    """Looks once at each kind of person: people of one kind have one reason."""

    def __init__(self, problem: Problem, seating: Seating) -> None:
        self.problem = problem
        self.seating = seating
        self.offers = {offer.key: offer for offer in problem.offers}
        self.taken = Counter(key for key in seating.values() if key is not None)
        self._known: dict[tuple[object, ...], Why] = {}

    def of(self, person: Person) -> Why:
        """Return the code and the facts; no code when the person is in time."""
        key = self.seating.get(person.key)
        if key is not None:
            return late_or_in_time(person, self.offers[key])
        if person.is_out:
            return PlanReason.OUT, {}
        kind = (*self.problem.kind(person), person.province)
        if kind not in self._known:
            self._known[kind] = self._unplaced(person)
        return self._known[kind]

    def _unplaced(self, person: Person) -> Why:
        problem = self.problem
        blocks = [(offer, problem.block(person, offer)) for offer in problem.offers]
        possible = [offer for offer, block in blocks if block is None]
        timely = [offer for offer in possible if offer.ends_on <= person.deadline]
        if timely:
            return PlanReason.FULL, {"seats": sum(offer.seats for offer in timely), "batches": len(timely)}
        hindered = [offer for offer, block in blocks if block is Fault.PREGNANT and offer.ends_on <= person.deadline]
        if hindered:
            first = min(hindered, key=lambda offer: offer.ends_on)
            return PlanReason.PREGNANT, {"weeks": problem.weeks(person, first), **_gap(person, possible)}
        if person.deadline < problem.rules.today:
            return PlanReason.PASSED, _gap(person, possible)
        if possible:
            is_full = problem.rules.allow_late and all(self.taken[offer.key] >= offer.seats for offer in possible)
            return (PlanReason.FULL, {"seats": 0}) if is_full else (PlanReason.TOO_LATE, _gap(person, possible))
        return self._blocked({block for _offer, block in blocks})

    def _blocked(self, blocks: set[Fault | None]) -> Why:
        """Nothing is possible at all: name the reason that came nearest to a seat."""
        for fault, reason in (
            (Fault.PREGNANT, PlanReason.PREGNANT),
            (Fault.NOTICE, PlanReason.NOTICE),
            (Fault.PROVINCE, PlanReason.PROVINCE),
        ):
            if fault in blocks:
                return reason, {"days": self.problem.rules.notice_days} if fault is Fault.NOTICE else {}
        return PlanReason.GOLONGAN, {}


def late_or_in_time(person: Person, offer: Offer) -> Why:
    """What to say of somebody with a seat."""
    days = (offer.ends_on - person.deadline).days
    return (PlanReason.LATE, {"end": offer.ends_on.isoformat(), "days": days}) if days > 0 else IN_TIME


def _gap(person: Person, possible: list[Offer]) -> dict[str, Any]:
    if not possible:
        return {}
    first = min(offer.ends_on for offer in possible)
    return {"end": first.isoformat(), "days": (first - person.deadline).days}


def reason_text(reason: str, facts: Mapping[str, Any], *, golongan: str = "", deadline: date | None = None, lacks: str = "") -> str:
    """Say a stored reason; `lacks` names the documents that hold an unapproved file back."""
    group = golongan.split("/", maxsplit=1)[0]
    last = words.long_date(deadline) if deadline else ""
    if reason in (PlanReason.NOT_APPROVED, PlanReason.DEFERRED, PlanReason.BARRED, PlanReason.PROPOSAL):
        return _not_ready(reason, facts, lacks)
    if reason == PlanReason.PREGNANT:
        return _pregnant(facts)
    if reason == PlanReason.FULL:
        return _full(facts, last)
    if reason in (PlanReason.TOO_LATE, PlanReason.PASSED):
        return _too_late(facts, is_passed=reason == PlanReason.PASSED)
    text = (
        {
            PlanReason.OUT: _("Dikeluarkan dengan tangan."),
            PlanReason.GOLONGAN: _("Tidak ada kursi Golongan %(group)s dalam rencana ini."),
            PlanReason.PROVINCE: _("Tidak ada kursi Golongan %(group)s di provinsinya, dan rencana ini tidak memakai provinsi lain."),
            PlanReason.NOTICE: _("Semua angkatan yang cocok mulai kurang dari %(days)s hari lagi."),
            PlanReason.LATE: _("Selesai %(end)s, %(days)s hari sesudah batas; perlu perpanjangan."),
        }.get(PlanReason(reason), "")
        if reason
        else ""
    )
    return text % {"group": group, "end": "", "days": "", **facts, **(_end(facts) if facts.get("end") else {})}


def _not_ready(reason: str, facts: Mapping[str, Any], lacks: str) -> str:
    if reason == PlanReason.NOT_APPROVED:
        stage = Stage(facts["stage"]).label if facts.get("stage") else ""
        return _("Berkas belum disetujui: %(why)s.") % {"why": lacks or str(stage).lower()}
    if reason == PlanReason.PROPOSAL:
        return _("Usulan %(kind)s menunggu putusan.") % {"kind": MovementKind(facts["kind"]).label}
    if reason == PlanReason.BARRED:
        return _("Sudah pernah mulai Latsar; catat dasar mengikuti lagi.")
    if facts.get("until"):
        return _("Ditunda sampai %(day)s; lanjutkan dahulu.") % {"day": words.long_date(date.fromisoformat(facts["until"]))}
    return _("Ditunda; lanjutkan dahulu.")


def _end(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {"end": words.long_date(date.fromisoformat(facts["end"])), "days": facts["days"]}


def _too_late(facts: Mapping[str, Any], *, is_passed: bool) -> str:
    if not facts.get("end"):
        return _("Batas sudah lewat, dan tidak ada kursi yang cocok.") if is_passed else _("Tidak ada kursi yang cocok.")
    text = (
        _("Batas sudah lewat; kursi tercepat selesai %(end)s.")
        if is_passed
        else _("Kursi tercepat selesai %(end)s, %(days)d hari sesudah batas.")
    )
    return text % _end(facts)


def _pregnant(facts: Mapping[str, Any]) -> str:
    if not facts.get("weeks"):
        return _("Usia kehamilan melewati batas pada semua kursi yang cocok.")
    text = _("Hamil %(weeks)d minggu saat tatap muka.") % {"weeks": facts["weeks"]}
    after = _("Kursi berikutnya selesai %(end)s, lewat batas.") % _end(facts) if facts.get("end") else _("Tidak ada kursi berikutnya.")
    return f"{text} {after}"


def _full(facts: Mapping[str, Any], last: str) -> str:
    if not facts["seats"]:
        return _("Semua kursi yang cocok dipakai orang lain.")
    text = ngettext(
        "Kursi yang selesai sampai %(last)s hanya %(seats)d dan habis dipakai.",
        "Kursi yang selesai sampai %(last)s hanya %(seats)d dan habis dipakai.",
        facts["seats"],
    )
    return text % {"last": last, "seats": facts["seats"]}
