"""The side menu per role. A link stands here only when its page opens for that role."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from latsar.accounts.enums import Role


@dataclass(frozen=True)
class Entry:
    label: str | Promise
    url_name: str
    icon: str
    roles: frozenset[str]


def _entry(label: str | Promise, url_name: str, icon: str, *roles: str) -> Entry:
    return Entry(label, url_name, icon, frozenset(roles))


UNITS = (Role.ADMIN_SATKER, Role.ADMIN_PROVINSI, Role.PKSDM)
READERS = (*UNITS, Role.PIMPINAN)
SEARCHERS = (*READERS, Role.LEMBAGA, Role.MENTOR, Role.COACH)
"""Whose search finds something; to the others the box would be a dead end."""

SECTIONS: tuple[tuple[str | Promise, tuple[Entry, ...]], ...] = (
    (
        "",
        (
            _entry(_("Beranda"), "home", "house", *Role),
            _entry(_("Dasbor nasional"), "national_dashboard", "grid-3x3-gap", Role.PKSDM, Role.PIMPINAN),
            _entry(_("Dasbor provinsi"), "national_dashboard", "grid-3x3-gap", Role.ADMIN_PROVINSI),
            _entry(_("Peserta"), "participant_list", "people", *READERS, Role.LEMBAGA),
            _entry(_("Verifikasi"), "verification_queue", "clipboard-check", Role.ADMIN_PROVINSI, Role.PKSDM),
            _entry(pgettext_lazy("dossier", "Berkas"), "dossier_overview", "folder2", *READERS, Role.LEMBAGA),
            _entry(_("Impor Excel"), "participant_import", "file-earmark-arrow-up", *UNITS),
            _entry(_("Undangan"), "invitation_state", "envelope", *READERS),
            _entry(_("Aktualisasi saya"), "aktualisasi_home", "journal-text", Role.PESERTA),
            _entry(_("Habituasi"), "habituasi_home", "calendar-check", Role.PESERTA),
            _entry(_("Laporan aktualisasi"), "laporan_home", "file-earmark-text", Role.PESERTA),
            _entry(_("Data dan berkas saya"), "own_page", "person", Role.PESERTA),
            _entry(_("Kontak saya"), "contact_edit", "telephone", Role.PESERTA),
        ),
    ),
    (
        _("Pelatihan"),
        (
            _entry(_("Perencanaan"), "planning", "diagram-3", Role.PKSDM),
            _entry(pgettext_lazy("list", "Angkatan"), "batch_list", "calendar3", *READERS, Role.LEMBAGA),
            _entry(pgettext_lazy("list", "Gelombang"), "wave_list", "diagram-3", Role.PKSDM, Role.PIMPINAN, Role.ADMIN_PROVINSI),
            _entry(_("Tahapan pemilu"), "stage_list", "calendar-event", *READERS),
            _entry(_("Surat tugas"), "duty_letter_list", "file-earmark-text", *READERS),
            _entry(_("Nilai"), "score_list", "bar-chart", Role.PKSDM, Role.LEMBAGA),
            _entry(_("Lembaga pelatihan"), "institute_list", "building", *READERS, Role.LEMBAGA),
            _entry(
                _("Permohonan kursi"), "seat_request_list", "envelope-paper", Role.PKSDM, Role.ADMIN_PROVINSI, Role.PIMPINAN, Role.LEMBAGA
            ),
            _entry(_("Skema"), "scheme_list", "sliders", *READERS, Role.LEMBAGA),
            _entry(_("Kehadiran"), "attendance_home", "clipboard-check", Role.LEMBAGA, Role.PKSDM),
            _entry(_("Kehadiran saya"), "own_attendance", "clipboard-check", Role.PESERTA),
            _entry(_("Orientasi tugas"), "orientation_list", "calendar-event", *READERS, Role.PESERTA),
            _entry(pgettext_lazy("list", "Mentor"), "mentor_list", "person-badge", *READERS),
            _entry(_("Kalender iCal"), "calendar_page", "calendar-plus", Role.COACH, Role.MENTOR, Role.PENGUJI),
            _entry(_("Menunggu saya"), "review_queue", "hourglass-split", Role.MENTOR, Role.COACH),
            _entry(_("Bimbingan"), "mentoring_home", "chat-left-text", Role.MENTOR, Role.COACH, Role.PESERTA),
            _entry(_("Sesi bimbingan"), "guidance_sessions", "calendar-check", Role.MENTOR, Role.COACH, Role.PESERTA),
            _entry(_("Rancangan dan laporan"), "aktualisasi_home", "journal-text", *READERS, Role.LEMBAGA, Role.MENTOR, Role.COACH),
            _entry(
                _("Seminar"), "seminar_list", "mortarboard", *READERS, Role.LEMBAGA, Role.MENTOR, Role.COACH, Role.PENGUJI, Role.PESERTA
            ),
            _entry(_("Habituasi"), "habituasi_home", "calendar-check", *READERS, Role.LEMBAGA, Role.MENTOR, Role.COACH),
            _entry(_("Pustaka aktualisasi"), "library", "bookmark", *Role),
        ),
    ),
    (
        _("Dokumen"),
        (
            _entry(_("Sertifikat"), "certificate_list", "award", *READERS, Role.LEMBAGA, Role.PESERTA),
            _entry(_("Templat dokumen"), "paper_template_list", "file-earmark-text", Role.PKSDM, Role.LEMBAGA),
            _entry(_("Mutu data"), "quality", "file-diff", *READERS),
            _entry(_("Laporan"), "report_list", "bar-chart", *READERS, Role.LEMBAGA),
            _entry(_("Jejak audit"), "trail", "file-diff", Role.PKSDM, Role.PIMPINAN),
            _entry(_("Pekerjaan"), "job_list", "hourglass-split", *UNITS, Role.PIMPINAN, Role.LEMBAGA),
            _entry(_("E-mail keluar"), "outbox", "envelope", *UNITS),
            _entry(_("Admin"), "admin:index", "sliders", *READERS),
        ),
    ),
    (_("Lainnya"), (_entry(_("Panduan"), "help", "question-circle", *Role),)),
)


def menu_for(role: str, request: HttpRequest) -> list[dict[str, object]]:
    """Return the sections with the entries this role may open; the longest matching address is current."""
    sections: list[dict[str, object]] = []
    best: dict[str, object] | None = None
    for heading, entries in SECTIONS:
        items: list[dict[str, object]] = []
        for entry in entries:
            if role not in entry.roles:
                continue
            item: dict[str, object] = {
                "label": entry.label,
                "url": reverse(entry.url_name),
                "icon": entry.icon,
                "count": None,
                "current": False,
            }
            items.append(item)
            if _leads_to(str(item["url"]), request.path) and (best is None or len(str(item["url"])) > len(str(best["url"]))):
                best = item
        if items:
            sections.append({"heading": heading, "items": items})
    if best:
        best["current"] = True
    return sections


def _leads_to(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))
