"""The story of a person: every stage change and correction, in words, as far as the reader may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import Paginator
from django.db.models import DateField, Field, QuerySet
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from latsar.accounts.models import AuditEntry, User
from latsar.accounts.policies import CONTACT_FIELDS
from latsar.dashboard.trail import shows_values
from latsar.satker.models import Satker
from latsar.ui import words
from latsar.ui.components import Entry
from latsar.ui.listing import PageLinks, page_links
from participants import movement_policies, policies
from participants.enums import MovementKind
from participants.models import Participant, ParticipantStageChange
from participants.workflow import MOVES

HISTORY_SHORT = 5
HISTORY_PAGE = 100
HIDDEN_FIELDS = frozenset({"special_needs", "pregnancy_weeks", "pregnancy_on"})
MOVEMENT_VERBS = frozenset({*MovementKind.values, "pass_away", "propose_movement", "refuse_movement", "cancel_movement"})
"""Their notes name health and discipline: only for who may see movements."""

STORY_WORDS = {
    "register": gettext_lazy("Didaftarkan"),
    "change": gettext_lazy("Data diubah"),
    "undo_import": gettext_lazy("Impor diurungkan"),
    "invite": gettext_lazy("Undangan dikirim"),
    "print_slip": gettext_lazy("Slip aktivasi dicetak"),
    "void_slip": gettext_lazy("Slip aktivasi dimatikan"),
    "activate": gettext_lazy("Akun diaktifkan"),
    "link_account": gettext_lazy("Akun dihubungkan"),
    "ask_contact": gettext_lazy("Kontak baru diusulkan"),
    "prove_contact": gettext_lazy("E-mail baru dibuktikan"),
    "cancel_contact": gettext_lazy("Usulan kontak dibatalkan"),
    "accept_contact": gettext_lazy("Kontak baru diterima"),
    "refuse_contact": gettext_lazy("Kontak baru ditolak"),
    "submit": gettext_lazy("Diajukan untuk verifikasi"),
    "withdraw_submission": gettext_lazy("Pengajuan ditarik"),
    "verify": gettext_lazy("Diverifikasi"),
    "return": gettext_lazy("Dikembalikan ke satker"),
    "approve": gettext_lazy("Disetujui PKSDM"),
    "return_to_satker": gettext_lazy("Dikembalikan ke satker"),
    "place": gettext_lazy("Ditempatkan"),
    "release": gettext_lazy("Dilepas dari kursi"),
    "start": gettext_lazy("Mulai Latsar"),
    "graduate": gettext_lazy("Dinyatakan lulus"),
    "undo_graduate": gettext_lazy("Kelulusan dibatalkan"),
    "assign_group": gettext_lazy("Dibagi ke kelompok"),
    "mark_progress": gettext_lazy("Kemajuan fase dicatat"),
    "file_objection": gettext_lazy("Nilai disanggah"),
    "answer_objection": gettext_lazy("Sanggahan nilai dijawab"),
    "record_seminar_result": gettext_lazy("Hasil seminar dicatat"),
    "done_revision": gettext_lazy("Perbaikan seminar ditandai selesai"),
    "undo_revision": gettext_lazy("Tanda perbaikan seminar diurungkan"),
    "confirm_revision": gettext_lazy("Perbaikan seminar dibenarkan"),
    "reject_revision": gettext_lazy("Perbaikan seminar dikembalikan"),
    "keep_seminar_paper": gettext_lazy("Berita acara seminar diunggah"),
    "record_sttp": gettext_lazy("STTP dicatat"),
    "report_pktbt": gettext_lazy("PKTBT dilaporkan"),
    "remove_pktbt": gettext_lazy("Kegiatan PKTBT dihapus"),
    "attach_document": gettext_lazy("Berkas diunggah"),
    "accept_document": gettext_lazy("Berkas diterima"),
    "return_document": gettext_lazy("Berkas dikembalikan"),
    "remove_document": gettext_lazy("Berkas dihapus"),
    "restore_document": gettext_lazy("Berkas dikembalikan ke daftar"),
    "collect_documents": gettext_lazy("Berkas diunduh sebagai ZIP"),
    "assign_mentor": gettext_lazy("Mentor ditetapkan"),
    "end_mentor": gettext_lazy("Bimbingan diakhiri"),
    "start_rancangan": gettext_lazy("Rancangan dimulai"),
    "title_aktualisasi": gettext_lazy("Judul aktualisasi dicatat"),
    "join_orientation": gettext_lazy("Masuk orientasi tugas"),
    "leave_orientation": gettext_lazy("Dikeluarkan dari orientasi tugas"),
    "issue_duty_letter": gettext_lazy("Surat tugas dibuat"),
    "void_duty_letter": gettext_lazy("Surat tugas dibatalkan"),
    "scan_duty_letter": gettext_lazy("Surat tugas bertanda tangan diunggah"),
    "report_duty": gettext_lazy("Panggilan tugas kedinasan dicatat"),
    "withdraw_duty": gettext_lazy("Panggilan tugas kedinasan ditarik"),
    "reschedule": gettext_lazy("Jadwal angkatan berubah"),
    "propose_movement": gettext_lazy("Perubahan status diusulkan"),
    "refuse_movement": gettext_lazy("Usulan perubahan status ditolak"),
    "cancel_movement": gettext_lazy("Usulan perubahan status ditarik"),
    "defer": gettext_lazy("Latsar ditunda"),
    "resume": gettext_lazy("Dilanjutkan sesudah ditunda"),
    "change_batch": gettext_lazy("Pindah angkatan"),
    "change_satker": gettext_lazy("Pindah satker"),
    "extend": gettext_lazy("Masa percobaan diperpanjang"),
    "correct_extend": gettext_lazy("Perpanjangan masa percobaan dibetulkan"),
    "second_entry": gettext_lazy("Dasar mengikuti Latsar lagi dicatat"),
    "withdraw": gettext_lazy("Mengundurkan diri"),
    "pass_away": gettext_lazy("Meninggal dunia"),
    "dismiss": gettext_lazy("Diberhentikan"),
    "reinstate": gettext_lazy("Diaktifkan kembali"),
}


def story_changes(person: Participant) -> list[ParticipantStageChange]:
    """Return the stage changes, newest first."""
    return list(person.stage_changes.select_related("by"))


def latest_change(person: Participant) -> Entry | None:
    """Tell the last stage change: what, by whom, when. Its note is left to the page of the person."""
    change = person.stage_changes.select_related("by").first()
    if change is None:
        return None
    return Entry(_line(change.action, change.by, ""), words.when(change.at, timezone.now(), timezone.get_current_timezone()))


def history_of(person: Participant, changes: Sequence[ParticipantStageChange], user: User, *, limit: int = HISTORY_SHORT) -> list[Entry]:
    """Tell the newest of the story: stage changes, and the other audit rows that this person may see."""
    return _told(person, user, changes[:limit], list(_other_rows(person, user).select_related("actor")[:limit]))[:limit]


def history_page(person: Participant, user: User, number: str | None) -> tuple[list[Entry], PageLinks | None]:
    """Tell one page of the whole story and its neighbours: the moments of everything are sorted first, only the rows of the page are read."""
    moments = [(at, True, pk) for at, pk in person.stage_changes.order_by().values_list("at", "pk")]
    moments += [(at, False, pk) for at, pk in _other_rows(person, user).order_by().values_list("at", "pk")]
    page = Paginator(sorted(moments, reverse=True), HISTORY_PAGE).get_page(number)
    pks: dict[bool, list[int]] = {True: [], False: []}
    for _at, is_change, pk in page.object_list:
        pks[is_change].append(pk)
    changes = list(person.stage_changes.filter(pk__in=pks[True]).select_related("by"))
    rows = list(_other_rows(person, user).filter(pk__in=pks[False]).select_related("actor"))
    return _told(person, user, changes, rows), page_links(page) if page.has_other_pages() else None


def since_version(person: Participant, version: int | None, user: User) -> list[Entry]:
    """Tell what happened to the file since somebody saw it at `version`, newest first: every change of it counts one up."""
    behind = min(max(0, person.version - version), HISTORY_SHORT) if version is not None else 0
    return history_of(person, story_changes(person), user, limit=behind) if behind else []


def hidden_fields(user: User, person: Participant) -> frozenset[str]:
    """Return the fields of which this reader learns only that they changed."""
    needs = frozenset() if policies.can_see_special_needs(user, person) else HIDDEN_FIELDS
    return needs if policies.can_see_contact(user, person) else needs | CONTACT_FIELDS


def _other_rows(person: Participant, user: User) -> QuerySet[AuditEntry]:
    hidden = frozenset() if movement_policies.can_see_movements(user, person) else MOVEMENT_VERBS
    return AuditEntry.objects.visible_to(user).about(person).exclude(verb__in={*MOVES, "register", *hidden})


def _told(person: Participant, user: User, changes: Iterable[ParticipantStageChange], rows: Sequence[AuditEntry]) -> list[Entry]:
    secret = frozenset() if movement_policies.can_see_movements(user, person) else MOVEMENT_VERBS
    hidden, units, with_values = hidden_fields(user, person), _units(rows), shows_values(user)
    told: list[tuple[datetime, str, str]] = [
        (change.at, _line(change.action, change.by, "" if change.action in secret else change.note), "") for change in changes
    ]
    told += [
        (row.at, _line(row.verb, row.actor, row.note), _differences(row.changes, hidden if with_values else frozenset(row.changes), units))
        for row in rows
    ]
    told.sort(key=lambda line: line[0], reverse=True)
    now, zone = timezone.now(), timezone.get_current_timezone()
    return [
        Entry(
            format_html("{}{}", text, format_html('<br><span class="muted">{}</span>', detail) if detail else ""),
            words.when(at, now, zone),
            is_new=number == 0,
        )
        for number, (at, text, detail) in enumerate(told)
    ]


def _line(verb: str, actor: User | None, note: str) -> str:
    what = str(STORY_WORDS.get(verb, verb))
    by = format_html("{} <b>{}</b>", _("oleh"), actor.full_name) if actor else ""
    return format_html("{} {}{}", what, by, format_html("<br>“{}”", note) if note else "")


def _units(rows: Iterable[AuditEntry]) -> dict[Any, str]:
    """Read the names of every satker that these rows speak of, in one query."""
    pks = {pk for row in rows for pk in row.changes.get("satker", ()) if pk}
    return dict(Satker.objects.filter(pk__in=pks).values_list("pk", "name")) if pks else {}


def _differences(changes: dict[str, list[Any]], hidden: frozenset[str], units: dict[Any, str]) -> str:
    parts = []
    for name, (old, new) in changes.items():
        if name == "province":
            continue
        if name in hidden:
            parts.append(_label(name))
        elif old is None or old == "":
            parts.append(f"{_label(name)}: {_value(name, new, units)}")
        else:
            parts.append(f"{_label(name)}: {_value(name, old, units)} → {_value(name, new, units)}")
    return "; ".join(parts)


def _value(name: str, value: Any, units: dict[Any, str]) -> str:
    """Say a stored value as the page of the person says it."""
    if value is None or value == "":
        return _("kosong")
    if name == "satker":
        return units.get(value, "")
    field = _field(name)
    if isinstance(field, DateField) and isinstance(value, str):
        return words.long_date(date.fromisoformat(value[:10]))
    return str(dict(field.flatchoices).get(value, value)) if field else str(value)


def _field(name: str) -> Field[Any, Any] | None:
    try:
        field = Participant._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return field if isinstance(field, Field) else None


def _label(name: str) -> str:
    field = _field(name)
    label = str(field.verbose_name) if field else name
    return label[:1].upper() + label[1:]
