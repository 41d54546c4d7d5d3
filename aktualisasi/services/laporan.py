"""The text of the laporan: saved as typed, filled from what was recorded, declared as one's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aktualisasi import habituasi_policies as policies
from aktualisasi.enums import LONG, PaperKind
from aktualisasi.habituasi import WeeklyReport
from aktualisasi.habituasi_enums import MAX_MEASURES
from aktualisasi.laporan import Laporan, LaporanKegiatan, LaporanMeasure, OriginalityStatement
from aktualisasi.laporan_prefill import KEGIATAN_FIELDS, LAPORAN_FIELDS, done_of, kegiatan_words, laporan_words, mentor_name
from aktualisasi.rancangan import Rancangan
from aktualisasi.services.writing import paper_of
from latsar.accounts import audit
from latsar.accounts.errors import NotAllowed, Refused, StaleVersion
from latsar.accounts.models import User
from participants.models import Participant


@transaction.atomic
def start_laporan(*, participant_id: int, by: User) -> Laporan:
    """Return the participant's laporan, locked; the first call makes it and fills it with what the plan and the records say."""
    Participant.objects.select_for_update(of=("self",)).filter(pk=participant_id).values_list("pk").first()
    rancangan = Rancangan.objects.select_related("participant__satker", "chosen_issue").filter(participant_id=participant_id).first()
    if rancangan is None or not policies.can_write_laporan(by, rancangan):
        raise NotAllowed
    if not policies.may_edit_laporan(by, rancangan):
        raise Refused(_("Laporan sedang dibaca atau sudah disetujui. Tarik kembali dahulu bila ingin mengubahnya."))
    reports = list(WeeklyReport.objects.filter(participant_id=participant_id).order_by("week"))
    laporan, made = Laporan.objects.get_or_create(rancangan=rancangan, defaults=laporan_words(rancangan, reports))
    laporan.rancangan = rancangan
    _add_kegiatan(laporan)
    if made:
        paper_of(rancangan, PaperKind.LAPORAN)
        audit.record(verb="start_laporan", obj=rancangan.participant, by=by)
    return laporan


@transaction.atomic
def save_laporan(
    *,
    participant_id: int,
    texts: Mapping[str, str],
    told: Mapping[int, Mapping[str, str]],
    measures: Sequence[tuple[str, str, str]],
    version: int,
    by: User,
) -> Laporan:
    """Keep the laporan as typed: `texts` of the whole, `told` by kegiatan, `measures` as (what, before, after).

    What is not named stays. Saving what is stored changes nothing. Raises NotAllowed, StaleVersion, Refused.
    """
    laporan = start_laporan(participant_id=participant_id, by=by)
    after = {name: text.strip()[:LONG] for name, text in texts.items() if name in LAPORAN_FIELDS}
    before = {name: getattr(laporan, name) for name in after}
    changes = audit.difference(before, after)
    rows = {row.kegiatan_id: row for row in laporan.kegiatan.select_related("kegiatan")}
    touched = []
    for kegiatan_id, words in told.items():
        row = rows.get(kegiatan_id)
        if row is None:
            raise NotAllowed
        fresh = {name: text.strip()[:LONG] for name, text in words.items() if name in KEGIATAN_FIELDS}
        old = {name: getattr(row, name) for name in fresh}
        found = audit.difference(old, fresh)
        if found:
            for name in found:
                setattr(row, name, fresh[name])
            changes |= {f"{row.kegiatan.order}.{name}": pair for name, pair in found.items()}
            touched.append(row)
    wanted = _measures(measures)
    stored = [(m.indicator, m.before, m.after) for m in laporan.measures.all()]
    if wanted != stored:
        changes["measures"] = [stored, wanted]
    if not changes:
        return laporan
    if version != laporan.version and not (version == 0 and laporan.version == 1):
        raise StaleVersion(_("Laporan ini sudah diubah di jendela lain. Isian Anda belum tersimpan."))
    for name, text in after.items():
        setattr(laporan, name, text)
    laporan.version += 1
    laporan.save(update_fields=[*after, "version", "updated_at"])
    LaporanKegiatan.objects.bulk_update(touched, KEGIATAN_FIELDS)
    if wanted != stored:
        laporan.measures.all().delete()
        LaporanMeasure.objects.bulk_create(
            LaporanMeasure(laporan=laporan, order=n, indicator=what, before=was, after=now) for n, (what, was, now) in enumerate(wanted, 1)
        )
    audit.record(verb="save_laporan", obj=laporan, by=by, changes=changes)
    return laporan


@transaction.atomic
def refill_laporan(*, participant_id: int, by: User) -> Laporan:
    """Fill the texts of the kegiatan that are still empty from what was recorded meanwhile; what was typed stays."""
    laporan = start_laporan(participant_id=participant_id, by=by)
    rancangan = laporan.rancangan
    mentor, rows = mentor_name(participant_id), {row.kegiatan_id: row for row in laporan.kegiatan.all()}
    filled = []
    for done in done_of(rancangan):
        row, words = rows[done.kegiatan.pk], kegiatan_words(done, rancangan, mentor)
        empty = [name for name in KEGIATAN_FIELDS if not getattr(row, name) and words[name]]
        for name in empty:
            setattr(row, name, words[name][:LONG])
        if empty:
            filled.append(row)
    if filled:
        LaporanKegiatan.objects.bulk_update(filled, KEGIATAN_FIELDS)
        laporan.version += 1
        laporan.save(update_fields=["version", "updated_at"])
        audit.record(verb="refill_laporan", obj=laporan, by=by, note=", ".join(str(row.kegiatan_id) for row in filled))
    return laporan


@transaction.atomic
def declare_laporan(*, participant_id: int, statement_id: int, by: User) -> Laporan:
    """Declare the laporan as one's own work with the statement that the author read; its words are frozen here.

    Raises NotAllowed, Refused when it was declared already, StaleVersion when another statement counts by now.
    """
    laporan = start_laporan(participant_id=participant_id, by=by)
    present = present_statement()
    if laporan.statement_at is not None:
        raise Refused(_("Pernyataan keaslian sudah Anda berikan. Tarik dahulu bila ingin mengulang."))
    if present is None or present.pk != statement_id:
        raise StaleVersion(_("Isi pernyataan baru saja berubah. Baca yang baru, lalu nyatakan lagi."))
    laporan.statement_text, laporan.statement_at, laporan.statement_by = present.text, timezone.now(), by
    laporan.save(update_fields=["statement_text", "statement_at", "statement_by", "updated_at"])
    audit.record(verb="declare_laporan", obj=laporan.rancangan.participant, by=by, note=present.text[:500])
    return laporan


@transaction.atomic
def take_back_declaration(*, participant_id: int, by: User) -> Laporan:
    """Take the declaration back, before the laporan is handed in."""
    laporan = start_laporan(participant_id=participant_id, by=by)
    if laporan.statement_at is None:
        return laporan
    laporan.statement_text, laporan.statement_at, laporan.statement_by = "", None, None
    laporan.save(update_fields=["statement_text", "statement_at", "statement_by", "updated_at"])
    audit.record(verb="undeclare_laporan", obj=laporan.rancangan.participant, by=by)
    return laporan


def present_statement() -> OriginalityStatement | None:
    """Return the statement that counts today."""
    return OriginalityStatement.objects.filter(effective_from__lte=timezone.localdate()).first()


def _add_kegiatan(laporan: Laporan) -> None:
    """Give every kegiatan of the plan its text; one that came by a change of plan gets it later."""
    known = set(laporan.kegiatan.values_list("kegiatan_id", flat=True))
    rancangan = laporan.rancangan
    if not rancangan.kegiatan.exclude(pk__in=known).exists():
        return
    mentor = mentor_name(rancangan.participant_id)
    LaporanKegiatan.objects.bulk_create(
        LaporanKegiatan(
            laporan=laporan, kegiatan=done.kegiatan, **{k: v[:LONG] for k, v in kegiatan_words(done, rancangan, mentor).items()}
        )
        for done in done_of(rancangan)
        if done.kegiatan.pk not in known
    )


def _measures(measures: Sequence[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Drop empty rows. Raises Refused for too many and for a row that lacks what is measured."""
    rows = [(what.strip()[:200], before.strip()[:100], after.strip()[:100]) for what, before, after in measures]
    rows = [row for row in rows if any(row)]
    if len(rows) > MAX_MEASURES:
        raise Refused({"measures": _("Paling banyak %(n)d ukuran.") % {"n": MAX_MEASURES}})
    return rows
