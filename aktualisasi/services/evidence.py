"""Evidence of the habituasi: add a set of files, correct one, take it away, bring it back."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aktualisasi import habituasi_policies as policies
from aktualisasi import tasks
from aktualisasi.habituasi import Evidence, WeeklyReport
from aktualisasi.habituasi_enums import MAX_AT_ONCE, MAX_PER_PERSON, MAX_PER_TAHAPAN, ReportStage
from aktualisasi.plan import Tahapan
from aktualisasi.report_weeks import week_of
from aktualisasi.services.recording import FieldWork, enter_field, number_of, own_tahapan, touch
from latsar.accounts import audit
from latsar.accounts.errors import IllegalMove, NotAllowed, Refused
from latsar.accounts.models import User
from latsar.documents.intake.names import display_name
from latsar.documents.upload.services import FinishedUpload
from latsar.ui import words
from participants.services.dossier import SUFFIXES, Judged, judge_file

log = logging.getLogger(__name__)

MAX_SECONDS = 40
"""The web server gives up after 60 seconds: one more file must fit in between."""


class BrokenFiles(Refused):
    """Some files cannot be used: `places` are theirs, the first being 1; the messages say why and what to do."""

    def __init__(self, said: Mapping[int, str]) -> None:
        self.places = frozenset(said)
        super().__init__({"file": list(said.values())})


def add_evidence(
    *, tahapan_id: int, files: Sequence[FinishedUpload], captions: Sequence[str], shown_on: date, by: User, proves: str = ""
) -> list[Evidence]:
    """Keep a set of photos and PDFs as evidence of one tahapan, all or none.

    Nobody's files are opened before it is clear that `by` may send them. A PDF keeps its bytes; a photo is written anew,
    without EXIF and place. Raises NotAllowed, BrokenFiles, Refused with messages for `file`, `captions` and `shown_on`.
    """
    tahapan = own_tahapan(tahapan_id)
    with transaction.atomic():
        _check_set(tahapan, files, captions, shown_on, by)
    judged = _judge(files)
    made: list[Evidence] = []
    try:
        for one, file, caption in zip(judged, files, captions, strict=True):
            made.append(_stored(tahapan, one, file.name, caption, shown_on, proves or tahapan.output, by))
        return _add(tahapan_id, made, by=by)
    except BaseException as failed:
        for evidence in made:
            evidence.file.storage.delete(evidence.file.name or "")
        if isinstance(failed, IntegrityError):
            raise Refused({"file": _("Salah satu berkas sama persis dengan bukti yang sudah ada.")}) from failed
        raise


@transaction.atomic
def edit_evidence(*, evidence_id: int, caption: str, shown_on: date, proves: str, tahapan_id: int, in_laporan: bool, by: User) -> Evidence:
    """Correct what is said about an evidence. In an approved weekly report only its place in the laporan still changes."""
    evidence, field = _locked(evidence_id, by)
    after = {"caption": caption.strip(), "shown_on": shown_on, "proves": proves.strip(), "tahapan_id": tahapan_id, "in_laporan": in_laporan}
    before = {name: getattr(evidence, name) for name in after}
    changes = audit.difference(before, after)
    if not changes:
        return evidence
    if policies.is_settled(evidence) and set(changes) != {"in_laporan"}:
        raise IllegalMove(_("Bukti ini ada di laporan mingguan yang sudah disetujui, jadi isinya tetap."))
    if not after["caption"]:
        raise Refused({"caption": _("Tulis apa yang terlihat pada bukti ini.")})
    if "shown_on" in changes:
        _check_day(shown_on, field)
        evidence.report = _report_for(field, shown_on)
    if "tahapan_id" in changes:
        other = own_tahapan(tahapan_id)
        if other.kegiatan.rancangan_id != field.rancangan.pk:
            raise NotAllowed
        _check_room(other, 1)
    for name, value in after.items():
        setattr(evidence, name, value)
    evidence.save(update_fields=["caption", "shown_on", "proves", "tahapan", "in_laporan", "report"])
    audit.record(verb="edit_evidence", obj=field.participant, by=by, changes=changes, note=evidence.caption)
    return evidence


@transaction.atomic
def remove_evidence(*, evidence_id: int, by: User) -> Evidence:
    """Take an evidence away; its file stays and can be brought back. Raises NotAllowed, IllegalMove in an approved report."""
    evidence, field = _locked(evidence_id, by)
    if policies.is_settled(evidence):
        raise IllegalMove(_("Bukti ini ada di laporan mingguan yang sudah disetujui, jadi tidak dapat dihapus."))
    evidence.removed_at, evidence.removed_by = timezone.now(), by
    evidence.save(update_fields=["removed_at", "removed_by"])
    audit.record(verb="remove_evidence", obj=field.participant, by=by, note=evidence.caption)
    return evidence


@transaction.atomic
def restore_evidence(*, evidence_id: int, by: User) -> Evidence:
    """Bring a removed evidence back. Raises NotAllowed, IllegalMove when its tahapan is gone, Refused when there is no room."""
    evidence, field = _locked(evidence_id, by, removed=True)
    if evidence.tahapan is None:
        raise IllegalMove(_("Tahapannya sudah dihapus dari rencana, jadi buktinya tidak dapat dikembalikan."))
    _check_room(evidence.tahapan, 1)
    evidence.removed_at, evidence.removed_by = None, None
    evidence.report = _report_for(field, evidence.shown_on)
    try:
        with transaction.atomic():
            evidence.save(update_fields=["removed_at", "removed_by", "report"])
    except IntegrityError as twice:
        raise Refused(_("Berkas yang sama sudah diunggah lagi, jadi yang lama tidak dikembalikan.")) from twice
    audit.record(verb="restore_evidence", obj=field.participant, by=by, note=evidence.caption)
    return evidence


def _check_set(tahapan: Tahapan, files: Sequence[FinishedUpload], captions: Sequence[str], shown_on: date, by: User) -> FieldWork:
    field = enter_field(participant_id=tahapan.kegiatan.rancangan.participant_id, by=by)
    _check_day(shown_on, field)
    if not files:
        raise Refused({"file": _("Belum ada berkas. Pilih foto atau PDF, lalu simpan.")})
    if len(files) > MAX_AT_ONCE:
        raise Refused({"file": _("Paling banyak %(n)d berkas sekali kirim. Simpan dahulu, lalu tambah lagi.") % {"n": MAX_AT_ONCE}})
    nameless = [place for place, caption in enumerate(captions, start=1) if not caption.strip()]
    if nameless or len(captions) != len(files):
        raise Refused({"captions": _("Tulis keterangan untuk setiap berkas: apa yang terlihat, siapa yang terlibat.")})
    _check_room(tahapan, len(files))
    if Evidence.objects.filter(participant=field.participant).current().count() + len(files) > MAX_PER_PERSON:
        raise Refused({"file": _("Paling banyak %(n)d bukti untuk satu orang. Hapus yang tidak perlu.") % {"n": MAX_PER_PERSON}})
    return field


def _check_room(tahapan: Tahapan, coming: int) -> None:
    if Evidence.objects.filter(tahapan=tahapan).current().count() + coming > MAX_PER_TAHAPAN:
        text = _("Paling banyak %(n)d bukti untuk satu tahapan. Pilih yang paling jelas, hapus yang lain.")
        raise Refused({"file": text % {"n": MAX_PER_TAHAPAN}})


def _check_day(shown_on: date, field: FieldWork) -> None:
    if shown_on > field.today:
        raise Refused({"shown_on": _("Tanggal ini belum tiba. Tulis hari ketika kegiatannya berlangsung.")})
    if shown_on < field.phase.starts_on:
        text = _("Tanggal ini sebelum habituasi mulai, %(day)s.") % {"day": words.long_date(field.phase.starts_on)}
        raise Refused({"shown_on": text})


def _judge(files: Sequence[FinishedUpload]) -> list[Judged]:
    """Look at each file in a process of its own. Raises BrokenFiles with every one that cannot be used."""
    until, judged, faults, seen = time.monotonic() + MAX_SECONDS, [], {}, set()
    for place, file in enumerate(files, start=1):
        if time.monotonic() > until:
            raise Refused({"file": _("Berkas-berkas ini terlalu lama diperiksa bersama. Kirim beberapa saja sekaligus.")})
        try:
            one = judge_file(file.content, file.name)
        except Refused as refused:
            faults[place] = f"{file.name}: {' '.join(refused.messages)}"
            continue
        if one.source_sha256 in seen:
            faults[place] = _("%(name)s: berkas yang sama dipilih dua kali.") % {"name": file.name}
        seen.add(one.source_sha256)
        judged.append(one)
    if faults:
        raise BrokenFiles(faults)
    return judged


def _stored(tahapan: Tahapan, judged: Judged, name: str, caption: str, shown_on: date, proves: str, by: User) -> Evidence:
    evidence = Evidence(
        participant_id=tahapan.kegiatan.rancangan.participant_id,
        tahapan=tahapan,
        name=display_name(name),
        kind=judged.kind.value,
        size=len(judged.data),
        pages=judged.pages,
        sha256=judged.sha256,
        source_sha256=judged.source_sha256,
        caption=caption.strip()[:300],
        shown_on=shown_on,
        proves=proves.strip()[:500],
        uploaded_by=by,
    )
    try:
        evidence.file.save(f"{secrets.token_hex(20)}.{SUFFIXES[judged.kind]}", ContentFile(judged.data), save=False)
    except OSError as full:
        log.exception("evidence of tahapan %s cannot be stored", tahapan.pk)
        raise Refused(_("Berkas belum tersimpan karena penyimpanan portal bermasalah. Coba lagi beberapa menit lagi.")) from full
    return evidence


@transaction.atomic
def _add(tahapan_id: int, made: Sequence[Evidence], *, by: User) -> list[Evidence]:
    tahapan, shown_on = own_tahapan(tahapan_id), made[0].shown_on
    field = enter_field(participant_id=made[0].participant_id, by=by)
    _check_room(tahapan, len(made))
    known = Evidence.objects.filter(participant=field.participant).current()
    there = dict(known.filter(source_sha256__in=[one.source_sha256 for one in made]).values_list("source_sha256", "caption"))
    faults = {
        place: _("%(name)s: sama persis dengan bukti “%(caption)s”.") % {"name": one.name, "caption": there[one.source_sha256]}
        for place, one in enumerate(made, start=1)
        if one.source_sha256 in there
    }
    if faults:
        raise BrokenFiles(faults)
    report = _report_for(field, shown_on)
    for one in made:
        one.tahapan, one.report = tahapan, report
        one.save(force_insert=True)
        transaction.on_commit(partial(tasks.publish_draw_evidence, one.pk))
    touch(tahapan, shown_on)
    said = f"{number_of(tahapan)}: {'; '.join(one.caption for one in made)}"
    audit.record(verb="add_evidence", obj=field.participant, by=by, note=said[:500])
    return list(made)


def _report_for(field: FieldWork, shown_on: date) -> WeeklyReport | None:
    """Return the report of the week that waits for the mentor: evidence that comes meanwhile belongs to it."""
    week = week_of(field.weeks, shown_on)
    if week is None:
        return None
    return WeeklyReport.objects.filter(participant=field.participant, week=week.number, stage=ReportStage.SENT).first()


def _locked(evidence_id: int, by: User, *, removed: bool = False) -> tuple[Evidence, FieldWork]:
    found = Evidence.objects.filter(pk=evidence_id).values_list("participant_id", flat=True).first()
    if found is None:
        raise NotAllowed
    field = enter_field(participant_id=found, by=by)
    rows = Evidence.objects.select_for_update(of=("self",)).select_related("report", "tahapan__kegiatan")
    evidence = rows.get(pk=evidence_id)
    if (evidence.removed_at is not None) != removed:
        raise IllegalMove(_("Bukti ini sudah diubah di jendela lain. Muat ulang halamannya."))
    return evidence, field
