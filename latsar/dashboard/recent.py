"""The audit trail in sentences: who did what to whom."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from latsar.accounts.models import AuditEntry, User
from latsar.accounts.zones import ZONES
from latsar.ui import words
from latsar.ui.components import Entry

SHOWN = 5
VERBS = {
    "add": gettext_lazy("menambah"),
    "change": gettext_lazy("mengubah"),
    "delete": gettext_lazy("menghapus"),
    "register": gettext_lazy("mendaftarkan"),
    "export": gettext_lazy("mengunduh"),
    "import": gettext_lazy("mengimpor"),
    "undo_import": gettext_lazy("mengurungkan impor"),
    "invite": gettext_lazy("mengundang"),
    "print_slip": gettext_lazy("mencetak slip aktivasi untuk"),
    "void_slip": gettext_lazy("mematikan slip aktivasi"),
    "activate": gettext_lazy("mengaktifkan akun"),
    "ask_contact": gettext_lazy("mengusulkan kontak baru"),
    "prove_contact": gettext_lazy("membuktikan e-mail baru"),
    "cancel_contact": gettext_lazy("membatalkan usulan kontak"),
    "accept_contact": gettext_lazy("menerima kontak baru"),
    "refuse_contact": gettext_lazy("menolak kontak baru"),
    "submit": gettext_lazy("mengajukan"),
    "withdraw_submission": gettext_lazy("menarik pengajuan"),
    "verify": gettext_lazy("memverifikasi"),
    "return": gettext_lazy("mengembalikan"),
    "approve": gettext_lazy("menyetujui"),
    "return_to_satker": gettext_lazy("mengembalikan ke satker"),
    "place": gettext_lazy("menempatkan"),
    "release": gettext_lazy("melepas kursi"),
    "start": gettext_lazy("memulai Latsar"),
    "graduate": gettext_lazy("menyatakan lulus"),
    "undo_graduate": gettext_lazy("membatalkan kelulusan"),
    "assign_group": gettext_lazy("membagi kelompok"),
    "mark_progress": gettext_lazy("mencatat kemajuan"),
    "mark_attendance": gettext_lazy("mencatat kehadiran"),
    "close_session": gettext_lazy("menutup kehadiran"),
    "reopen_session": gettext_lazy("membuka kembali kehadiran"),
    "add_sessions": gettext_lazy("menambah acara"),
    "update_session": gettext_lazy("mengubah acara"),
    "remove_session": gettext_lazy("menghapus acara"),
    "save_lecturer": gettext_lazy("menyimpan pengajar"),
    "import_table": gettext_lazy("mengimpor tabel"),
    "report_pktbt": gettext_lazy("melaporkan PKTBT"),
    "remove_pktbt": gettext_lazy("menghapus kegiatan PKTBT"),
    "renew_calendar": gettext_lazy("membuat alamat kalender"),
    "revoke_calendar": gettext_lazy("mematikan alamat kalender"),
    "answer_objection": gettext_lazy("menjawab sanggahan nilai"),
    "copy_rules": gettext_lazy("menyalin aturan"),
    "create_institute": gettext_lazy("mencatat lembaga"),
    "create_rules": gettext_lazy("membuat aturan"),
    "create_seat_request": gettext_lazy("menyiapkan permohonan kursi"),
    "decide_correction": gettext_lazy("memutuskan perubahan nilai"),
    "discard_rules": gettext_lazy("membuang konsep aturan"),
    "discard_seat_request": gettext_lazy("membuang permohonan kursi"),
    "enter_scores": gettext_lazy("mengisi nilai"),
    "file_objection": gettext_lazy("menyanggah nilai"),
    "propose_correction": gettext_lazy("mengusulkan perubahan nilai"),
    "recompute_result": gettext_lazy("menghitung ulang hasil"),
    "record_sttp": gettext_lazy("mencatat STTP"),
    "remark_score": gettext_lazy("mencatat keterangan nilai"),
    "save_graduation_record": gettext_lazy("menyimpan berita acara kelulusan"),
    "set_score_due": gettext_lazy("menetapkan batas waktu nilai"),
    "update_seat_request": gettext_lazy("mengubah permohonan kursi"),
    "submit_scores": gettext_lazy("mengirim nilai ke pemeriksa"),
    "take_back_scores": gettext_lazy("menarik kembali nilai"),
    "return_scores": gettext_lazy("mengembalikan nilai"),
    "check_scores": gettext_lazy("memeriksa nilai"),
    "finalise_scores": gettext_lazy("memfinalkan nilai"),
    "reopen_scores": gettext_lazy("membuka lagi nilai"),
    "publish_scores": gettext_lazy("mengumumkan nilai"),
    "send_seat_request": gettext_lazy("mengirim permohonan kursi"),
    "grant_seat_request": gettext_lazy("memberi kursi"),
    "refuse_seat_request": gettext_lazy("menolak permohonan kursi"),
    "reconsider_seat_request": gettext_lazy("membuka lagi jawaban kursi"),
    "agree_seat_request": gettext_lazy("mencatat PKS"),
    "close_seat_request": gettext_lazy("menutup permohonan kursi"),
    "withdraw_seat_request": gettext_lazy("menarik permohonan kursi"),
    "create_batch": gettext_lazy("membuat"),
    "update_batch": gettext_lazy("mengubah"),
    "update_phases": gettext_lazy("mengubah jadwal"),
    "add_phase": gettext_lazy("menambah fase"),
    "remove_phase": gettext_lazy("menghapus fase"),
    "rename_phase": gettext_lazy("mengganti nama fase"),
    "shift_wave": gettext_lazy("menggeser gelombang"),
    "undo_shift": gettext_lazy("mengurungkan geseran"),
    "withdraw_stage": gettext_lazy("menarik tahapan"),
    "restore_stage": gettext_lazy("mengembalikan tahapan"),
    "reschedule": gettext_lazy("mengubah jadwal"),
    "assign_coach": gettext_lazy("menetapkan coach"),
    "issue_duty_letter": gettext_lazy("membuat surat tugas"),
    "void_duty_letter": gettext_lazy("membatalkan surat tugas"),
    "scan_duty_letter": gettext_lazy("mengunggah surat tugas bertanda tangan"),
    "report_duty": gettext_lazy("mencatat panggilan tugas"),
    "withdraw_duty": gettext_lazy("menarik panggilan tugas"),
    "open_batch": gettext_lazy("membuka"),
    "start_batch": gettext_lazy("memulai"),
    "close_batch": gettext_lazy("menutup"),
    "create_plan": gettext_lazy("membuat"),
    "update_plan": gettext_lazy("mengubah"),
    "compute_plan": gettext_lazy("menghitung"),
    "keep_plan": gettext_lazy("menyimpan"),
    "discard_plan": gettext_lazy("membuang"),
    "replace_offer": gettext_lazy("mengganti kursi andaian"),
    "remove_offer": gettext_lazy("mengeluarkan kursi dari"),
    "move_in_plan": gettext_lazy("memindahkan orang dalam"),
    "undo_in_plan": gettext_lazy("mengurungkan pindahan dalam"),
    "commit_plan": gettext_lazy("menerapkan"),
    "plan_committed": gettext_lazy("selesai menerapkan"),
    "attach_document": gettext_lazy("mengunggah berkas"),
    "accept_document": gettext_lazy("menerima berkas"),
    "return_document": gettext_lazy("mengembalikan berkas"),
    "remove_document": gettext_lazy("menghapus berkas"),
    "restore_document": gettext_lazy("mengurungkan penghapusan berkas"),
    "collect_documents": gettext_lazy("mengunduh berkas"),
    "register_mentor": gettext_lazy("mendaftarkan mentor"),
    "assign_mentor": gettext_lazy("menetapkan mentor"),
    "end_mentor": gettext_lazy("mengakhiri bimbingan"),
    "start_rancangan": gettext_lazy("memulai rancangan"),
    "save_rancangan": gettext_lazy("menulis rancangan"),
    "upload_rancangan": gettext_lazy("mengunggah rancangan"),
    "submit_rancangan": gettext_lazy("mengajukan rancangan"),
    "return_rancangan": gettext_lazy("mengembalikan rancangan"),
    "approve_rancangan": gettext_lazy("menyetujui rancangan"),
    "withdraw_rancangan": gettext_lazy("menarik rancangan"),
    "reopen_rancangan": gettext_lazy("membuka kembali rancangan"),
    "record_tahapan": gettext_lazy("mencatat kemajuan tahapan"),
    "add_evidence": gettext_lazy("menambah bukti habituasi"),
    "edit_evidence": gettext_lazy("mengubah keterangan bukti"),
    "remove_evidence": gettext_lazy("menghapus bukti habituasi"),
    "restore_evidence": gettext_lazy("mengembalikan bukti habituasi"),
    "save_weekly": gettext_lazy("menulis laporan mingguan"),
    "send_weekly": gettext_lazy("mengirim laporan mingguan"),
    "withdraw_weekly": gettext_lazy("menarik laporan mingguan"),
    "return_weekly": gettext_lazy("mengembalikan laporan mingguan"),
    "approve_weekly": gettext_lazy("menyetujui laporan mingguan"),
    "reopen_weekly": gettext_lazy("membuka kembali laporan mingguan"),
    "ask_change": gettext_lazy("mengajukan perubahan rencana"),
    "withdraw_change": gettext_lazy("menarik perubahan rencana"),
    "approve_change": gettext_lazy("menyetujui perubahan rencana"),
    "refuse_change": gettext_lazy("menolak perubahan rencana"),
    "start_laporan": gettext_lazy("mulai menyusun laporan"),
    "save_laporan": gettext_lazy("menulis laporan"),
    "refill_laporan": gettext_lazy("mengisi laporan dari catatan"),
    "declare_laporan": gettext_lazy("menyatakan keaslian laporan"),
    "undeclare_laporan": gettext_lazy("menarik pernyataan keaslian"),
    "release_library": gettext_lazy("merilis aktualisasi ke pustaka"),
    "unrelease_library": gettext_lazy("menarik aktualisasi dari pustaka"),
    "release_library_satker": gettext_lazy("menyetujui rilis aktualisasi"),
    "unrelease_library_satker": gettext_lazy("menarik persetujuan rilis"),
    "send_password_link": gettext_lazy("mengirim tautan kata sandi kepada"),
    "link_account": gettext_lazy("menghubungkan akun"),
    "change_email": gettext_lazy("mengubah e-mail akun"),
    "grant": gettext_lazy("memberi peran kepada"),
    "change_password": gettext_lazy("mengganti kata sandi"),
    "activate_mfa": gettext_lazy("mengaktifkan kode masuk"),
    "deactivate_mfa": gettext_lazy("mematikan kode masuk"),
    "renew_codes": gettext_lazy("membuat kode pemulihan baru"),
    "wrong_code": gettext_lazy("menolak kode masuk yang salah untuk"),
    "codes_shut": gettext_lazy("menutup sementara kode masuk"),
    "use_recovery_code": gettext_lazy("masuk dengan kode pemulihan"),
    "reset_mfa": gettext_lazy("mengatur ulang kode masuk"),
    "link_sso": gettext_lazy("menghubungkan akun kantor"),
    "end_sessions": gettext_lazy("mengakhiri sesi"),
    "title_aktualisasi": gettext_lazy("mencatat judul aktualisasi"),
    "propose_movement": gettext_lazy("mengusulkan perubahan status"),
    "refuse_movement": gettext_lazy("menolak usulan perubahan status"),
    "cancel_movement": gettext_lazy("menarik usulan perubahan status"),
    "defer": gettext_lazy("menunda Latsar"),
    "resume": gettext_lazy("melanjutkan Latsar"),
    "change_batch": gettext_lazy("memindahkan ke angkatan lain"),
    "change_satker": gettext_lazy("memindahkan ke satker lain"),
    "extend": gettext_lazy("memperpanjang masa percobaan"),
    "correct_extend": gettext_lazy("membetulkan perpanjangan masa percobaan"),
    "second_entry": gettext_lazy("mencatat dasar mengikuti Latsar lagi untuk"),
    "withdraw": gettext_lazy("mencatat pengunduran diri"),
    "pass_away": gettext_lazy("mencatat meninggalnya"),
    "dismiss": gettext_lazy("mencatat pemberhentian"),
    "reinstate": gettext_lazy("mengaktifkan kembali"),
    "create_orientation": gettext_lazy("membuat"),
    "update_orientation": gettext_lazy("mengubah"),
    "join_orientation": gettext_lazy("mendaftarkan ke orientasi"),
    "leave_orientation": gettext_lazy("mengeluarkan dari orientasi"),
    "mark_orientation": gettext_lazy("mencatat kehadiran"),
    "finish_orientation": gettext_lazy("menyelesaikan"),
    "reopen_orientation": gettext_lazy("membuka kembali"),
    "issue": gettext_lazy("menerbitkan"),
    "revoke": gettext_lazy("mencabut"),
    "retry_mail": gettext_lazy("mengirim ulang e-mail"),
    "clear_bounce": gettext_lazy("menyatakan benar alamat"),
    "mail_settings": gettext_lazy("mengatur pemberitahuan"),
}
OTHER = pgettext_lazy("audit", "memproses")


def recent_changes(user: User) -> list[Entry]:
    """Return the newest changes inside the person's units as lines of a timeline."""
    changes = AuditEntry.objects.visible_to(user).exclude(verb="export")
    return timeline_of(changes.select_related("actor")[:SHOWN], user)


def timeline_of(entries: Iterable[AuditEntry], user: User) -> list[Entry]:
    """Write audit rows as sentences, with the clock of the reader's office."""
    now = timezone.now()
    return [
        Entry(
            format_html("<b>{}</b> {} {}", _actor(entry, user), VERBS.get(entry.verb, OTHER), _object(entry)),
            words.when(entry.at, now, ZONES[user.zone]),
            is_new=number == 0,
        )
        for number, entry in enumerate(entries)
    ]


def _actor(entry: AuditEntry, user: User) -> str:
    if entry.actor is None:
        return _("Portal")
    return _("Anda") if entry.actor_id == user.pk else entry.actor.full_name


def _object(entry: AuditEntry) -> str:
    """Name the thing; an export that is recorded on its reader names what was in it."""
    return entry.note if entry.verb == "export" and entry.object_id == str(entry.actor_id) else entry.object_label
