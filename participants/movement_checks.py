"""What keeps a movement from taking effect on a person now."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from latsar.ui import words
from participants.enums import MovementKind, MovementReason
from participants.models import Movement, Participant
from participants.movement_rules import EXTENDING, RULES, latest_extension, needs_basis, possible_kinds, reasons_of, year_end

NEEDS_FILE = gettext_lazy("Lampirkan surat atau keputusannya, PDF atau foto yang terbaca.")


def problems_of(movement: Movement, person: Participant) -> dict[str, list[str]]:
    """Name per field what keeps this movement from taking effect on this person now."""
    found: dict[str, list[str]] = {}
    kind, today = movement.kind, timezone.localdate()
    if kind not in RULES or MovementKind(kind) not in possible_kinds(person):
        return {"kind": [_("Tidak berlaku pada tahap %(stage)s.") % {"stage": person.get_stage_display()}]}
    rule = RULES[kind]
    if movement.reason not in reasons_of(person, kind):
        found["reason"] = [_("Pilih salah satu alasan yang tersedia.")]
    if not movement.note.strip():
        found["note"] = [_("Tulis uraiannya, supaya yang membaca riwayat mengerti.")]
    found |= _date_problems(movement, person, today)
    if needs_basis(person, kind) and not movement.basis_number.strip():
        found["basis_number"] = [_("Tulis nomor surat atau keputusan yang menjadi dasarnya.")]
    if message := _until_problem(movement, person, rule.until):
        found["until"] = [message]
    if kind == MovementKind.CHANGE_SATKER and (message := _satker_problem(movement, person)):
        found["to_satker"] = [message]
    if kind == MovementKind.CHANGE_BATCH and (movement.to_batch is None or movement.to_batch_id == person.batch_id):
        found["to_batch"] = [_("Pilih angkatan lain yang masih dibuka.")]
    if movement.reason in (MovementReason.PREGNANCY, MovementReason.BIRTH) and person.sex != "P":
        found["reason"] = [_("Alasan ini hanya untuk peserta perempuan.")]
    return found


def lacks_file(movement: Movement) -> bool:
    """Whether this kind rests on a scan that is not there."""
    return movement.kind in RULES and RULES[movement.kind].needs_file and not movement.evidence


def _date_problems(movement: Movement, person: Participant, today: date) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    before = _("Tidak boleh sebelum TMT CPNS, %(day)s.") % {"day": words.long_date(person.tmt_cpns)}
    if movement.effective_on > today:
        found["effective_on"] = [_("Tidak boleh sesudah hari ini. Catat pada hari berlakunya.")]
    elif movement.effective_on < person.tmt_cpns:
        found["effective_on"] = [before]
    if movement.basis_date is None:
        if movement.basis_number:
            found["basis_date"] = [_("Isi tanggal surat itu.")]
    elif movement.basis_date > today:
        found["basis_date"] = [_("Tanggal surat tidak boleh sesudah hari ini.")]
    elif movement.basis_date < person.tmt_cpns:
        found["basis_date"] = [before]
    return found


def _until_problem(movement: Movement, person: Participant, asks: str) -> str:
    if movement.until is None:
        return _("Isi tanggalnya.") if asks == "must" else ""
    if not asks:
        return _("Jenis ini tidak memakai tanggal akhir. Kosongkan.")
    if movement.kind in EXTENDING and (message := _extension_problem(movement.kind, movement.until, person)):
        return message
    if movement.until < movement.effective_on:
        return _("Tidak boleh mendahului tanggal mulai berlaku.")
    return ""


def _extension_problem(kind: str, until: date, person: Participant) -> str:
    if kind == MovementKind.EXTEND and until <= person.deadline:
        return _("Harus sesudah batas yang sekarang, %(day)s.") % {"day": words.long_date(person.deadline)}
    if kind == MovementKind.CORRECT_EXTEND and until == person.deadline:
        return _("Sama dengan yang tercatat. Isi tanggal yang benar.")
    if until <= year_end(person):
        return _("Harus sesudah %(day)s. Kosongkan untuk membatalkan perpanjangannya.") % {"day": words.long_date(year_end(person))}
    if until > (latest := latest_extension(person, timezone.localdate())):
        return _("Paling lama sampai %(day)s. Batas ini diatur PKSDM di skema peraturan.") % {"day": words.long_date(latest)}
    return ""


def _satker_problem(movement: Movement, person: Participant) -> str:
    if movement.to_satker is None or movement.to_satker_id == person.satker_id:
        return _("Pilih satker lain sebagai tujuan.")
    if movement.to_satker.closed_on is not None:
        return _("%(satker)s sudah ditutup. Pilih satker yang masih ada.") % {"satker": movement.to_satker}
    return ""
