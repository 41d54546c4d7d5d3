"""The weekly report: written with autosave, sent to the mentor, answered."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aktualisasi import habituasi_notices
from aktualisasi import habituasi_policies as policies
from aktualisasi.habituasi import Evidence, WeeklyReport, WeeklyReportChange
from aktualisasi.habituasi_enums import REASON
from aktualisasi.habituasi_workflow import REPORT_MOVES
from aktualisasi.report_weeks import Week
from aktualisasi.services.recording import FieldWork, enter_field
from latsar.accounts import audit
from latsar.accounts.errors import IllegalMove, NoReason, NotAllowed, Refused, StaleVersion
from latsar.accounts.models import User
from latsar.training.models import CurriculumValue
from latsar.ui import words
from mentoring.models import MentorAssignment
from participants.models import Participant

FIELDS = ("done", "obstacles", "value_id")


@transaction.atomic
def save_report(*, participant_id: int, week: int, done: str, obstacles: str, value_id: int | None, version: int, by: User) -> WeeklyReport:
    """Keep a report as typed; `version` is what the form was opened with, 0 before the first save.

    Saving what is stored already changes nothing. Raises NotAllowed, Refused for a week that has not begun or while the
    mentor has it, StaleVersion when another window saved something else meanwhile.
    """
    field = enter_field(participant_id=participant_id, by=by)
    _week(field, week)
    if value_id is not None and not CurriculumValue.objects.filter(pk=value_id, curriculum__batches=field.participant.batch_id).exists():
        raise Refused({"value": _("Nilai ini bukan dari kurikulum angkatan Anda. Pilih satu dari daftar.")})
    report = WeeklyReport.objects.select_for_update(of=("self",)).filter(participant=field.participant, week=week).first()
    after = {"done": done.strip(), "obstacles": obstacles.strip(), "value_id": value_id}
    if report is None:
        report = WeeklyReport.objects.create(participant=field.participant, week=week, **after)
        audit.record(verb="save_weekly", obj=report, by=by, changes=audit.difference({}, after))
        return report
    before = {name: getattr(report, name) for name in FIELDS}
    if before == after:
        return report
    if not report.is_editable:
        raise Refused(_("Laporan ini sedang di tangan mentor atau sudah disetujui. Tarik kembali dahulu bila ingin mengubahnya."))
    if version != report.version and not (version == 0 and report.version == 1):
        raise StaleVersion(_("Laporan ini sudah diubah di jendela lain. Isian Anda belum tersimpan."))
    for name, value in after.items():
        setattr(report, name, value)
    report.version += 1
    report.save(update_fields=["done", "obstacles", "value", "version", "updated_at"])
    audit.record(verb="save_weekly", obj=report, by=by, changes=audit.difference(before, after))
    return report


@transaction.atomic
def move_report(*, report_id: int, action: str, by: User, note: str = "", version: int | None = None) -> WeeklyReport:
    """Apply one move of the table. With `version` an answer counts only for the words that its maker read.

    Locks the participant, then the report. Raises NotAllowed, IllegalMove, StaleVersion, NoReason, Refused with what is missing.
    """
    Participant.objects.select_for_update(of=("self",)).filter(weekly_reports=report_id).values_list("pk").first()
    rows = WeeklyReport.objects.select_for_update(of=("self",)).select_related("participant__user", "participant__satker")
    report, move = rows.filter(pk=report_id).first(), REPORT_MOVES.get(action)
    if report is None or move is None or not policies.is_report_actor(by, report, move.actor):
        raise NotAllowed
    if report.stage not in move.sources:
        raise IllegalMove(_("Langkah ini tidak berlaku lagi. Laporan sekarang: %(stage)s.") % {"stage": report.get_stage_display()})
    if version is not None and version != report.version:
        raise StaleVersion(_("Peserta sudah mengubah laporan ini. Baca isinya yang baru lebih dahulu."))
    note = note.strip()[:REASON]
    if move.needs_note and not note:
        raise NoReason({"note": _("Tulis apa yang harus diperbaiki peserta.")})
    if action == "send":
        _send(report, by)
    old, now = report.stage, timezone.now()
    report.stage, report.stage_at = move.target, now
    report.note = note if move.needs_note else "" if action in ("send", "approve") else report.note
    report.save(update_fields=["stage", "stage_at", "note", "due_on", "sent_late", "updated_at"])
    change = WeeklyReportChange.objects.create(report=report, action=action, old=old, new=report.stage, by=by, at=now, note=note)
    said = _("Minggu %(n)s") % {"n": report.week}
    audit.record(verb=f"{action}_weekly", obj=report.participant, by=by, note=f"{said}. {note}" if note else said)
    habituasi_notices.report_moved(report, change)
    return report


def _send(report: WeeklyReport, by: User) -> None:
    """Check what a report needs, note whether it is late, and tie the week's evidence to it."""
    field = enter_field(participant_id=report.participant_id, by=by)
    week = _week(field, report.week)
    missing = []
    if not report.done:
        missing.append(_("yang dikerjakan"))
    if report.value_id is None:
        missing.append(_("nilai yang paling terasa"))
    if missing:
        raise Refused(_("Belum dapat dikirim. Masih kurang: %(missing)s.") % {"missing": ", ".join(missing)})
    if not MentorAssignment.objects.active().filter(participant_id=report.participant_id).exists():
        raise Refused(_("Belum dapat dikirim: mentor Anda belum ditetapkan. Hubungi admin satker Anda."))
    report.due_on, report.sent_late = week.due_on, field.today > week.due_on
    Evidence.objects.filter(report=report).update(report=None)
    shown = Evidence.objects.filter(participant_id=report.participant_id, shown_on__range=(week.starts_on, week.ends_on))
    shown.current().update(report=report)


def _week(field: FieldWork, number: int) -> Week:
    week = next((one for one in field.weeks if one.number == number), None)
    if week is None:
        raise NotAllowed
    if week.starts_on > field.today:
        raise Refused(_("Minggu ini mulai %(day)s. Laporannya belum dapat ditulis.") % {"day": words.long_date(week.starts_on)})
    return week
