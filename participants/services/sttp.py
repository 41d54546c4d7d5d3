"""The berita acara and the STTP: what the institute decides and issues, recorded."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import NotAllowed, Refused, StaleVersion
from latsar.accounts.models import User
from latsar.documents.intake.names import display_name
from latsar.training.models import Batch
from participants.enums import Stage
from participants.models import GraduationRecord, Participant, Sttp
from participants.scoring import policies
from participants.services.dossier import SUFFIXES, judge_file

log = logging.getLogger(__name__)

RECORD_FIELDS = ("number", "held_on", "place", "chair_name", "chair_title", "witness_name", "witness_title")
STTP_FIELDS = ("number", "registration_code", "issued_on")


@dataclass(frozen=True, slots=True)
class Scan:
    content: bytes
    name: str


@transaction.atomic
def save_record(*, batch_id: int, facts: dict[str, Any], version: int, by: User) -> GraduationRecord:
    """Keep the facts of the berita acara. Raises NotAllowed, StaleVersion when somebody saved meanwhile."""
    batch = Batch.objects.visible_to(by).filter(pk=batch_id).first()
    if batch is None or not policies.runs_scores(by, batch):
        raise NotAllowed
    row = GraduationRecord.objects.select_for_update().filter(batch=batch).first()
    if version != (row.version if row else 0):
        raise StaleVersion(_("Berita acara ini baru saja diubah orang lain. Muat ulang halamannya, lalu ulangi."))
    before = audit.snapshot(row, RECORD_FIELDS) if row else dict.fromkeys(RECORD_FIELDS)
    row = row or GraduationRecord(batch=batch, version=0)
    for name in RECORD_FIELDS:
        setattr(row, name, facts[name])
    row.version, row.saved_by, row.saved_at = row.version + 1, by, timezone.now()
    row.save()
    audit.record(verb="save_graduation_record", obj=batch, by=by, changes=audit.difference(before, audit.snapshot(row, RECORD_FIELDS)))
    return row


@transaction.atomic
def record_sttp(
    *,
    batch_id: int,
    participant_id: int,
    number: str,
    registration_code: str,
    issued_on: date,
    version: int,
    by: User,
    scan: Scan | None = None,
) -> Sttp:
    """Record one person's STTP; the scan is judged like every file from outside.

    Raises NotAllowed, StaleVersion, Refused for who has not graduated, a number that is taken, a day out of order.
    """
    batch = Batch.objects.visible_to(by).filter(pk=batch_id).first()
    person = Participant.objects.visible_to(by).filter(pk=participant_id, batch_id=batch_id).first()
    if batch is None or person is None or not policies.can_correct(by, batch, person):
        raise NotAllowed
    _check(person, issued_on)
    row = Sttp.objects.select_for_update().filter(batch=batch, participant=person).first()
    if version != (row.version if row else 0):
        raise StaleVersion(_("STTP ini baru saja diubah orang lain. Muat ulang halamannya, lalu ulangi."))
    before = audit.snapshot(row, STTP_FIELDS) if row else dict.fromkeys(STTP_FIELDS)
    row = row or Sttp(batch=batch, participant=person, version=0)
    row.number, row.registration_code, row.issued_on = number.strip(), registration_code.strip(), issued_on
    row.version, row.recorded_by, row.recorded_at = row.version + 1, by, timezone.now()
    if scan is not None:
        _attach(row, scan)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise _taken(row) from error
    audit.record(verb="record_sttp", obj=person, by=by, changes=audit.difference(before, audit.snapshot(row, STTP_FIELDS)))
    return row


def _check(person: Participant, issued_on: date) -> None:
    if person.stage != Stage.GRADUATED or person.graduated_on is None:
        raise Refused(_("%(name)s belum dicatat lulus.") % {"name": person.full_name})
    if issued_on > timezone.localdate():
        raise Refused({"issued_on": _("Tanggal STTP tidak boleh sesudah hari ini.")})
    if issued_on < person.graduated_on:
        raise Refused({"issued_on": _("Tanggal STTP mendahului tanggal lulus.")})


def _taken(row: Sttp) -> Refused:
    others = Sttp.objects.exclude(pk=row.pk)
    if others.filter(number=row.number).exists():
        return Refused({"number": _("Nomor STTP %(number)s sudah dicatat untuk orang lain.") % {"number": row.number}})
    return Refused({"registration_code": _("Kode registrasi %(code)s sudah dicatat untuk orang lain.") % {"code": row.registration_code}})


def _attach(row: Sttp, scan: Scan) -> None:
    try:
        judged = judge_file(scan.content, scan.name)
    except Refused as refused:
        raise Refused({"scan": refused.messages}) from refused
    row.scan_name, row.scan_sha256 = display_name(scan.name), judged.sha256
    try:
        row.scan.save(f"{secrets.token_hex(20)}.{SUFFIXES[judged.kind]}", ContentFile(judged.data), save=False)
    except OSError as full:
        log.exception("a scan of an STTP cannot be stored")
        raise Refused({"scan": _("Berkas belum tersimpan karena penyimpanan portal bermasalah. Coba lagi beberapa menit lagi.")}) from full
