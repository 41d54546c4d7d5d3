"""What an angkatan must have before it opens, said as a list and enforced as a refusal."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from latsar.training.clash import Finding
from latsar.training.enums import Method
from latsar.training.models import Batch, Curriculum, RegulationScheme, Tariff
from latsar.training.services.phases import dates_of, phase_problems
from latsar.ui import words

CLASSICAL = frozenset({Method.KLASIKAL, Method.ON_OFF_CAMPUS})
APPROVAL_SINCE = 2024
"""Klasikal needs the written approval of the Kepala LAN from this year on. Ref: domain, rules since 2024."""


def needs_approval(method: str, starts_on: date) -> bool:
    """Whether the written approval of the Kepala LAN must be recorded. Ref: domain, rules since 2024."""
    return method in CLASSICAL and starts_on.year >= APPROVAL_SINCE


def opening_findings(batch: Batch) -> list[Finding]:
    """Check rules, approval, phases, seats, accreditation and tariff; what is bad keeps the angkatan from opening.

    Three queries; the caller has joined scheme, curriculum and institute.
    """
    edit, schedule = reverse("batch_edit", args=[batch.pk]), reverse("batch_phases", args=[batch.pk])
    return [
        _rules(batch, batch.scheme, edit),
        _rules(batch, batch.curriculum, edit),
        *_approval(batch, edit),
        *_phases(batch, schedule),
        _seats(batch, edit),
        _accreditation(batch),
        _tariff(batch),
    ]


def _rules(batch: Batch, rules: RegulationScheme | Curriculum, url: str) -> Finding:
    late = rules.effective_to is not None and rules.effective_to < batch.starts_on
    if rules.published_at is None or rules.effective_from > batch.starts_on or late:
        text = _("%(name)s tidak berlaku pada %(day)s atau masih konsep. Ubah data angkatan, lalu buka lagi.")
        return Finding("bad", text % {"name": rules, "day": words.long_date(batch.starts_on)}, url, _("Ubah data"))
    return Finding("ok", _("%(name)s terbit dan berlaku.") % {"name": rules})


def _approval(batch: Batch, url: str) -> list[Finding]:
    if not needs_approval(batch.method, batch.starts_on):
        return []
    if not batch.approval_basis.strip():
        return [Finding("bad", _("Persetujuan tertulis Kepala LAN belum dicatat, padahal metodenya klasikal."), url, _("Isi persetujuan"))]
    return [Finding("ok", _("Persetujuan Kepala LAN: %(basis)s.") % {"basis": batch.approval_basis})]


def _phases(batch: Batch, url: str) -> list[Finding]:
    phases = dates_of(batch.phases.order_by("order"))
    if not phases:
        return [Finding("bad", _("Angkatan ini belum punya fase."), url, _("Ubah jadwal"))]
    problems = phase_problems(phases)
    if problems:
        return [Finding("bad", problem, url, _("Ubah jadwal")) for problem in problems]
    return [Finding("ok", _("%(n)d fase, tanpa tumpang tindih.") % {"n": len(phases)})]


def _seats(batch: Batch, url: str) -> Finding:
    seats = batch.seats.count()
    if not seats:
        return Finding("bad", _("Belum ada kursinya. Isi jumlah kursi."), url, _("Ubah data"))
    return Finding("ok", _("%(n)d kursi.") % {"n": seats})


def _accreditation(batch: Batch) -> Finding:
    institute, url = batch.institute, _institute_url(batch)
    if institute.accredited_until is not None and institute.accredited_until < batch.starts_on:
        text = _("Akreditasi %(name)s berakhir %(day)s, sebelum angkatan mulai.")
        return Finding("bad", text % {"name": institute, "day": words.long_date(institute.accredited_until)}, url, _("Buka lembaga"))
    if institute.accredited_until is not None and institute.accredited_until < batch.ends_on:
        text = _("Akreditasi %(name)s berakhir %(day)s, di tengah pelatihan.")
        return Finding("warn", text % {"name": institute, "day": words.long_date(institute.accredited_until)}, url, _("Buka lembaga"))
    if institute.accredited_until is None:
        text = _("Masa berlaku akreditasi %(name)s belum diketahui.")
        return Finding("warn", text % {"name": institute}, url, _("Buka lembaga"))
    return Finding("ok", _("Akreditasi berlaku sampai %(day)s.") % {"day": words.long_date(institute.accredited_until)})


def _tariff(batch: Batch) -> Finding:
    known = Tariff.objects.filter(Q(institute=batch.institute) | Q(institute=None), method=batch.method, year=batch.year).exists()
    if known:
        return Finding("ok", _("Tarif %(year)d diketahui.") % {"year": batch.year})
    text = _("Tarif %(method)s tahun %(year)d belum diisi; kebutuhan anggaran belum bisa dihitung.")
    return Finding("warn", text % {"method": batch.get_method_display(), "year": batch.year}, _institute_url(batch), _("Buka lembaga"))


def _institute_url(batch: Batch) -> str:
    return batch.institute.get_absolute_url()
