"""How a movement reads: its word, its facts in lines, and what each kind means."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from latsar.ui import words
from latsar.ui.components import pill
from participants.enums import MovementKind, MovementState
from participants.models import Movement
from participants.movement_rules import EXTENDING, RELEASING

K = MovementKind
KIND_WORDS: dict[str, tuple[str | Promise, str | Promise]] = {
    K.DEFER: (
        gettext_lazy("Tunda Latsar"),
        gettext_lazy("Hamil, melahirkan, sakit, tugas, atau anggaran. Kursinya dilepas, jam percobaan tetap berjalan."),
    ),
    K.RESUME: (gettext_lazy("Lanjutkan"), gettext_lazy("Penundaan berakhir; orangnya siap mendapat kursi lagi.")),
    K.CHANGE_BATCH: (gettext_lazy("Pindah angkatan"), gettext_lazy("Kursi lama dilepas dan kursi di angkatan lain diambil sekaligus.")),
    K.CHANGE_SATKER: (
        gettext_lazy("Pindah satker"),
        gettext_lazy("Mutasi menurut keputusan. Berkas, kursi, dan riwayat ikut; satker baru yang mengurus selanjutnya."),
    ),
    K.EXTEND: (
        gettext_lazy("Perpanjang masa percobaan"),
        gettext_lazy("Dengan surat ke BKN dan alasannya (SE BKN 10/2022). Batas pada jam percobaan berubah."),
    ),
    K.CORRECT_EXTEND: (
        gettext_lazy("Betulkan perpanjangan"),
        gettext_lazy("Perpanjangan yang salah catat diganti tanggalnya atau dibatalkan. Catatan lama tetap ada di riwayat."),
    ),
    K.SECOND_ENTRY: (
        gettext_lazy("Catat dasar mengikuti lagi"),
        gettext_lazy("Latsar hanya diikuti sekali. Yang mengulang perlu dasar tertulis sebelum mendapat kursi."),
    ),
    K.WITHDRAW: (gettext_lazy("Mengundurkan diri"), gettext_lazy("Atas permintaan sendiri atau meninggal dunia. Kursinya dilepas.")),
    K.DISMISS: (gettext_lazy("Diberhentikan"), gettext_lazy("Menurut keputusan pejabat yang berwenang. Kursinya dilepas.")),
    K.REINSTATE: (
        gettext_lazy("Aktifkan kembali"),
        gettext_lazy("Kembali ke tahap Terdaftar, lalu diverifikasi lagi. Yang salah catat kembali ke tahapnya semula."),
    ),
}
FACES = {
    MovementState.PROPOSED: ("warn", "hourglass-split"),
    MovementState.APPLIED: ("ok", "check-lg"),
    MovementState.REFUSED: ("bad", "x-lg"),
    MovementState.CANCELLED: ("", "arrow-counterclockwise"),
}


def movement_face(movement: Movement, later: Movement | None = None) -> SafeString:
    """Draw the state; of one that no longer counts say so, and lead to the `later` record."""
    if later is None:
        kind, symbol = FACES[MovementState(movement.state)]
        return pill(kind, str(movement.get_state_display()), symbol)
    is_corrected = later.kind == K.CORRECT_EXTEND and later.until is not None
    word = _("Dibetulkan") if is_corrected else _("Tidak berlaku lagi")
    link = format_html('<a href="{}">{}, {}</a>', later.get_absolute_url(), later.get_kind_display(), words.short_date(_day(later)))
    return format_html("{} <small>{}</small>", pill("", word, "arrow-counterclockwise"), link)


def _day(movement: Movement) -> date:
    return timezone.localdate(movement.decided_at or movement.proposed_at)


def lines_of(movement: Movement) -> list[tuple[str, str]]:
    """Return the facts as (label, text), only those that are known."""
    lines = [
        (_("Alasan"), str(movement.get_reason_display())),
        (_("Uraian"), movement.note),
        (_("Berlaku sejak"), words.long_date(movement.effective_on)),
    ]
    if movement.until:
        label = _("Masa percobaan sampai") if movement.kind in EXTENDING else _("Perkiraan dapat lanjut")
        lines.append((label, words.long_date_with_weekday(movement.until)))
    elif movement.kind == K.CORRECT_EXTEND:
        lines.append((_("Masa percobaan sampai"), _("akhir tahun percobaan, tanpa perpanjangan")))
    if movement.kind in EXTENDING and movement.from_deadline:
        lines.append((_("Batas semula"), words.long_date_with_weekday(movement.from_deadline)))
    elif movement.kind in EXTENDING and movement.is_open:
        lines.append((_("Batas sekarang"), words.long_date_with_weekday(movement.participant.deadline)))
    if movement.to_satker:
        lines.append((_("Satker"), _arrow(movement.from_satker, movement.to_satker)))
    if movement.to_batch:
        lines.append((_("Angkatan"), _arrow(movement.from_batch, movement.to_batch)))
    elif movement.from_batch and movement.kind in RELEASING:
        lines.append((_("Dilepas dari"), str(movement.from_batch)))
    if movement.basis_number:
        day = f", {words.long_date(movement.basis_date)}" if movement.basis_date else ""
        lines.append((_("Dasar"), f"{movement.basis_number}{day}"))
    lines.append((_("Dicatat"), f"{movement.proposed_by}, {_at(movement.proposed_at)}"))
    if movement.decided_at and movement.decided_by and movement.decided_by_id != movement.proposed_by_id:
        lines.append((_("Diputus"), f"{movement.decided_by}, {_at(movement.decided_at)}"))
    if movement.decision_note:
        lines.append((_("Catatan keputusan"), movement.decision_note))
    return lines


def _at(moment: datetime) -> str:
    return words.when(moment, timezone.now(), timezone.get_current_timezone())


def _arrow(old: object, new: object) -> str:
    return f"{old} → {new}" if old else str(new)
