"""What the page of one person says: where the file stands, what can be done now, and its story."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, QuerySet
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from latsar.accounts.models import AuditEntry, DataView, User
from latsar.dashboard.trail import shows_values
from latsar.satker.models import Satker, SatkerKind
from latsar.training.models import BatchPhase
from latsar.ui import words
from latsar.ui.components import Entry, Step
from participants import movement_policies, policies
from participants.enums import LEFT, REACHED, MovementKind, Stage
from participants.models import Participant, ParticipantStageChange, Placement
from participants.services.verification import FILE_ACTIONS
from participants.workflow import MOVES

HISTORY_SHORT = 5
HISTORY_LIMIT = 200
HIDDEN_FIELDS = frozenset({"special_needs", "pregnancy_weeks", "pregnancy_on"})
MOVEMENT_VERBS = frozenset({*MovementKind.values, "propose_movement", "refuse_movement", "cancel_movement"})
"""Their notes name health and discipline: only for who may see movements."""

STEP_LABELS = {
    Stage.REGISTERED: gettext_lazy("Terdaftar"),
    Stage.SUBMITTED: gettext_lazy("Diajukan"),
    Stage.VERIFIED: gettext_lazy("Diverifikasi"),
    Stage.APPROVED: gettext_lazy("Disetujui"),
    Stage.PLACED: gettext_lazy("Ditempatkan"),
    Stage.TRAINING: gettext_lazy("Latsar"),
    Stage.GRADUATED: gettext_lazy("Lulus"),
}
WAITS = {
    Stage.SUBMITTED: gettext_lazy("menunggu satker"),
    Stage.VERIFIED: gettext_lazy("menunggu provinsi"),
    Stage.APPROVED: gettext_lazy("menunggu PKSDM"),
    Stage.PLACED: gettext_lazy("menunggu kursi"),
}
ACTION_WORDS = {
    "submit": (gettext_lazy("Ajukan untuk verifikasi"), gettext_lazy("Sesudah diajukan, data terkunci sampai ada jawaban.")),
    "withdraw_submission": (gettext_lazy("Tarik pengajuan"), gettext_lazy("Data terbuka lagi untuk diperbaiki satker.")),
    "verify": (gettext_lazy("Verifikasi"), gettext_lazy("Data sudah dicocokkan dengan SK CPNS. PKSDM memeriksa berikutnya.")),
    "return": (gettext_lazy("Kembalikan ke satker"), gettext_lazy("Satker memperbaiki, lalu mengajukan lagi.")),
    "approve": (gettext_lazy("Setujui"), gettext_lazy("Sesudah disetujui, orang ini bisa mendapat kursi.")),
    "return_to_satker": (gettext_lazy("Kembalikan ke satker"), gettext_lazy("Satker memperbaiki, lalu mengajukan lagi.")),
}
STORY_WORDS = {
    "register": gettext_lazy("Didaftarkan"),
    "change": gettext_lazy("Data diubah"),
    "undo_import": gettext_lazy("Impor diurungkan"),
    "invite": gettext_lazy("Undangan dikirim"),
    "print_slip": gettext_lazy("Slip aktivasi dicetak"),
    "void_slip": gettext_lazy("Slip aktivasi dimatikan"),
    "activate": gettext_lazy("Akun diaktifkan"),
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
    "propose_movement": gettext_lazy("Perubahan status diusulkan"),
    "refuse_movement": gettext_lazy("Usulan perubahan status ditolak"),
    "cancel_movement": gettext_lazy("Usulan perubahan status ditarik"),
    "defer": gettext_lazy("Latsar ditunda"),
    "resume": gettext_lazy("Dilanjutkan sesudah ditunda"),
    "change_batch": gettext_lazy("Pindah angkatan"),
    "change_satker": gettext_lazy("Pindah satker"),
    "extend": gettext_lazy("Masa percobaan diperpanjang"),
    "second_entry": gettext_lazy("Dasar mengikuti Latsar lagi dicatat"),
    "withdraw": gettext_lazy("Mengundurkan diri"),
    "dismiss": gettext_lazy("Diberhentikan"),
    "reinstate": gettext_lazy("Diaktifkan kembali"),
}


@dataclass(frozen=True, slots=True)
class Action:
    name: str
    label: str
    text: str
    needs_note: bool
    is_primary: bool


def actions_of(person: Participant, user: User) -> list[Action]:
    """Return the moves this person can make now; the first one without a reason is the main one."""
    names = [name for name in FILE_ACTIONS if policies.can_move(user, person, name)]
    main = next((name for name in names if not MOVES[name].needs_note and name != "withdraw_submission"), None)
    names.sort(key=lambda name: name != main)
    return [Action(name, str(ACTION_WORDS[name][0]), str(ACTION_WORDS[name][1]), MOVES[name].needs_note, name == main) for name in names]


def lock_reason(person: Participant, user: User) -> str:
    """Say to somebody who registers people why this file cannot be edited, or nothing."""
    if policies.can_edit(user, person) or not policies.is_registrar(user, person):
        return ""
    if person.stage == Stage.GRADUATED:
        return _("Sudah lulus, jadi datanya tetap.")
    if person.stage in LEFT:
        return _("Sudah berhenti, jadi datanya tetap. Bila kembali, usulkan pengaktifan kembali.")
    if person.stage == Stage.SUBMITTED:
        return _("Terkunci karena sudah diajukan. Tarik pengajuan untuk memperbaikinya.")
    return _("Terkunci karena sudah diverifikasi. Minta PKSDM memperbaiki atau mengembalikannya.")


def steps_of(person: Participant, changes: Sequence[ParticipantStageChange], phase: BatchPhase | None) -> list[Step]:
    """Say how far the file is: reached stages with their dates, then who is waited for.

    Whoever left stays where they got to.
    """
    reached = {change.new: change.at for change in reversed(changes)}
    if person.stage in LEFT:
        got_to = [stage for stage in REACHED if stage in reached or stage == Stage.REGISTERED]
        notes = {stage: words.day_and_month(timezone.localdate(reached[stage])) for stage in got_to if stage in reached}
        return [Step(str(STEP_LABELS[stage]), notes.get(stage, ""), "done" if stage in got_to else "todo") for stage in REACHED]
    position = _position(person)
    ongoing = position if person.stage == Stage.TRAINING else position + 1
    steps = []
    for number, stage in enumerate(REACHED):
        at = reached.get(stage) or (person.created_at if stage == Stage.REGISTERED else None)
        if number < ongoing or person.stage == Stage.GRADUATED:
            steps.append(Step(str(STEP_LABELS[stage]), words.day_and_month(timezone.localdate(at)) if at else "", "done"))
        elif number == ongoing:
            steps.append(Step(str(STEP_LABELS[stage]), _now_note(person, stage, phase), "now"))
        else:
            steps.append(Step(str(STEP_LABELS[stage])))
    return steps


def _position(person: Participant) -> int:
    if person.stage == Stage.DEFERRED:
        return REACHED.index(Stage.APPROVED)
    return 0 if person.stage == Stage.RETURNED else REACHED.index(Stage(person.stage))


def _now_note(person: Participant, stage: str, phase: BatchPhase | None) -> str:
    if person.stage == Stage.RETURNED:
        return _("diperbaiki satker")
    if person.stage == Stage.DEFERRED:
        return _("ditunda")
    if stage == Stage.TRAINING and person.batch is not None:
        if person.stage == Stage.PLACED:
            return _("mulai %(day)s") % {"day": words.day_and_month(person.batch.starts_on)}
        if phase is not None:
            return _("%(phase)s sampai %(day)s") % {"phase": phase.name, "day": words.day_and_month(phase.ends_on)}
        return _("sampai %(day)s") % {"day": words.day_and_month(person.batch.ends_on)}
    if stage == Stage.VERIFIED and person.province.kind == SatkerKind.SETJEN:
        return _("menunggu PKSDM")
    return str(WAITS.get(Stage(stage), ""))


def story_changes(person: Participant) -> list[ParticipantStageChange]:
    """Return the stage changes, newest first."""
    return list(person.stage_changes.select_related("by")[:HISTORY_LIMIT])


def history_of(person: Participant, changes: Sequence[ParticipantStageChange], user: User, *, limit: int = HISTORY_LIMIT) -> list[Entry]:
    """Tell the story, newest first: every stage change, and the other audit rows that this person may see."""
    sees = movement_policies.can_see_movements(user, person)
    hidden = frozenset() if sees else MOVEMENT_VERBS
    told: list[tuple[datetime, str, str]] = [
        (change.at, _line(change.action, change.by, "" if change.action in hidden else change.note), "") for change in changes
    ]
    own = {*MOVES, "register", *hidden}
    rows = AuditEntry.objects.visible_to(user).about(person).exclude(verb__in=own).select_related("actor")[:limit]
    shows_needs, with_values = policies.can_see_special_needs(user, person), shows_values(user)
    told += [
        (row.at, _line(row.verb, row.actor, row.note), _differences(row.changes, shows_needs=shows_needs, with_values=with_values))
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
        for number, (at, text, detail) in enumerate(told[:limit])
    ]


def _line(verb: str, actor: User | None, note: str) -> str:
    what = str(STORY_WORDS.get(verb, verb))
    by = format_html("{} <b>{}</b>", _("oleh"), actor.full_name) if actor else ""
    return format_html("{} {}{}", what, by, format_html("<br>“{}”", note) if note else "")


def _differences(changes: dict[str, list[Any]], *, shows_needs: bool, with_values: bool) -> str:
    parts = []
    for name, (old, new) in changes.items():
        if not with_values or (name in HIDDEN_FIELDS and not shows_needs):
            parts.append(_label(name))
        elif name == "satker":
            names = dict(Satker.objects.filter(pk__in=[old, new]).values_list("pk", "name"))
            parts.append(f"{_label(name)}: {names.get(old, '')} → {names.get(new, '')}")
        elif name == "province":
            continue
        elif old is None or old == "":
            parts.append(f"{_label(name)}: {new}")
        else:
            parts.append(f"{_label(name)}: {old} → {new}")
    return "; ".join(parts)


def _label(name: str) -> str:
    try:
        field = Participant._meta.get_field(name)
    except FieldDoesNotExist:
        return name
    label = str(field.verbose_name) if isinstance(field, Field) else name
    return label[:1].upper() + label[1:]


def views_of(person: Participant) -> QuerySet[DataView]:
    """Return who looked at this person's data, newest first, for whoever may know."""
    return DataView.objects.about(person).select_related("viewer")


def pregnancy_text(person: Participant, today: date) -> str:
    """Say how many weeks today, and how many when training begins; nothing when the term is over."""
    weeks = person.pregnancy_weeks_on(today)
    if weeks is None:
        return ""
    text = ngettext("%(n)d minggu", "%(n)d minggu", weeks) % {"n": weeks}
    if person.batch is None or person.batch.starts_on <= today:
        return text
    then = person.pregnancy_weeks_on(person.batch.starts_on)
    return _("%(weeks)s, %(then)d minggu saat mulai Latsar") % {"weeks": text, "then": then} if then else text


def placement_of(person: Participant) -> Placement | None:
    if person.batch_id is None:
        return None
    return person.placements.active().select_related("seat").first()


def phase_today(phases: Iterable[BatchPhase], today: date) -> BatchPhase | None:
    """Return the phase that runs today, the main one when a parallel phase runs too."""
    running = [phase for phase in phases if phase.starts_on <= today <= phase.ends_on]
    return min(running, key=lambda phase: (phase.is_parallel, phase.order), default=None)
