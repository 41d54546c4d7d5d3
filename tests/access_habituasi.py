"""The habituasi, laporan and library of one side of the access matrix, and their addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from aktualisasi.demo.sample_pdf import sample_rancangan
from aktualisasi.models import (
    Evidence,
    Laporan,
    LaporanKegiatan,
    LibraryConsent,
    LibraryEntry,
    PlanChange,
    Rancangan,
    Tahapan,
    TahapanWork,
    Theme,
    WeeklyReport,
)
from latsar.accounts.models import User
from participants.models import Participant
from tests.aktualisasi.habituasi.factories import add_phase, add_plan


@dataclass
class HabituasiSet:
    person: Participant
    step: Tahapan
    evidence: Evidence
    removed: Evidence
    report: WeeklyReport
    change: PlanChange
    laporan: Laporan
    entry: LibraryEntry

    def arguments(self) -> dict[str, list[object]]:
        return {
            "habituasi": [self.person.pk],
            "tahapan": [self.step.pk],
            "bukti": [self.evidence.pk],
            "bukti dihapus": [self.removed.pk],
            "bukti page": [self.evidence.pk, 1],
            "week": [1],
            "weekly": [self.report.pk],
            "plan change": [self.change.pk],
            "laporan": [self.laporan.pk],
            "laporan page": [self.laporan.pk, 1],
            "entry": [self.entry.pk],
        }


FORMS: dict[str, dict[str, object]] = {
    "entry": {"langkah": "rilis"},
    "weekly": {"action": "reopen", "note": "Uji"},
    "plan change": {"action": "withdraw"},
}


def add_habituasi(person: Participant, rancangan: Rancangan, canary: str, peserta: User, by: User) -> HabituasiSet:
    """Make a habituasi under way with everything in it, and an entry of the library that its satker has not released."""
    today = timezone.localdate()
    add_phase(person.batch, today - timedelta(days=14))
    step = add_plan(rancangan, canary=canary, first=2)[0]
    TahapanWork.objects.create(tahapan=step, due_week=2, note=f"{canary} Catatan", version=2)
    report = WeeklyReport.objects.create(
        participant=person, week=1, done=f"{canary} Kerja", obstacles=f"{canary} Hambatan", stage="approved", note=f"{canary} Kata mentor"
    )
    shown = {
        "participant": person,
        "tahapan": step,
        "kind": "pdf",
        "pages": 3,
        "shown_on": today,
        "uploaded_by": peserta,
        "sha256": "0" * 64,
    }
    content = sample_rancangan()
    evidence = Evidence(
        **shown, name=f"{canary}.pdf", caption=f"{canary} Bukti", proves=f"{canary} Output", size=len(content), source_sha256="1" * 64
    )
    evidence.file.save(f"{canary}-bukti.pdf", ContentFile(content))
    removed = Evidence.objects.create(
        **shown, file=evidence.file.name, name=f"{canary}.pdf", caption=f"{canary} Hapus", size=9, source_sha256="2" * 64,
        removed_at=timezone.now(), removed_by=peserta,
    )  # fmt: skip
    change = PlanChange.objects.create(
        rancangan=rancangan, kind="change", tahapan=step, kegiatan=step.kegiatan, reason=f"{canary} Alasan", asked_by=peserta,
        old={"text": f"{canary} Lama", "output": "", "weeks": [1], "number": "1.1"}, new={"text": f"{canary} Baru", "output": "", "weeks": [1]},
    )  # fmt: skip
    laporan = Laporan.objects.create(rancangan=rancangan, background=f"{canary} Latar", outcome=f"{canary} Hasil")
    LaporanKegiatan.objects.create(laporan=laporan, kegiatan=step.kegiatan, what=f"{canary} Apa")
    theme, _made = Theme.objects.get_or_create(name="Lainnya")
    entry = LibraryEntry.objects.create(
        participant=person, theme=theme, title=f"{canary} Pustaka", year=2026, content={"issue": {"statement": f"{canary} Isu"}}, author_at=timezone.now()
    )  # fmt: skip
    LibraryConsent.objects.create(entry=entry, side="author", is_given=True, by=by)
    return HabituasiSet(person, step, evidence, removed, report, change, laporan, entry)


ADDRESSES = [
    ("habituasi_home", "", "get", "302 404 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 404"),
    ("progress_export", "", "get", "302 404 200 200 200 200 200 200 200 200 200 404 404 200 200 200 200 404"),
    ("habituasi_person", "habituasi", "get", "302 404 200 404 404 200 404 200 200 200 404 200 404 200 404 200 404 404"),
    ("tahapan_detail", "tahapan", "get", "302 404 200 404 404 200 404 200 200 200 404 200 404 200 404 200 404 404"),
    ("evidence_add", "", "post", "302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404"),
    ("evidence_detail", "bukti", "get", "302 404 200 404 404 200 404 200 200 200 404 200 404 200 404 200 404 404"),
    ("evidence_remove", "bukti", "post", "302 404 404 404 404 404 404 404 404 404 404 409 404 404 404 404 404 404"),
    ("evidence_restore", "bukti dihapus", "post", "302 404 404 404 404 404 404 404 404 404 404 409 404 404 404 404 404 404"),
    ("evidence_file", "bukti", "get", "302 404 200 404 404 200 404 200 200 200 404 200 404 200 404 200 404 404"),
    ("evidence_page", "bukti page", "get", "302 404 200 404 404 200 404 200 200 200 404 200 404 200 404 200 404 404"),
    ("weekly_edit", "week", "post", "302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404"),
    ("weekly_report", "weekly", "get", "302 404 200 404 404 200 404 200 200 200 404 200 404 200 404 200 404 404"),
    ("weekly_move", "weekly", "post", "302 404 404 404 404 404 404 404 404 404 404 404 404 302 404 404 404 404"),
    ("plan_change_ask", "", "post", "302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404"),
    ("plan_change", "plan change", "get", "302 404 200 404 404 200 404 200 200 200 404 200 404 200 404 200 404 404"),
    ("plan_change_move", "plan change", "post", "302 404 404 404 404 404 404 404 404 404 404 302 404 404 404 404 404 404"),
    ("laporan_home", "", "get", "302 404 404 404 404 404 404 404 404 404 404 200 200 404 404 404 404 404"),
    ("laporan_edit", "", "post", "302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404"),
    ("laporan_step", "", "post", "302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404"),
    ("laporan_pdf", "laporan", "get", "302 404 200 404 404 200 404 200 200 200 404 200 404 200 404 200 404 404"),
    ("laporan_print", "laporan", "get", "302 404 200 404 404 200 404 200 200 200 404 200 404 200 404 200 404 404"),
    ("laporan_print_page", "laporan page", "get", "302 404 200 404 404 200 404 200 200 200 404 200 404 200 404 200 404 404"),
    ("library", "", "get", "302 404 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200"),
    ("library_own", "", "get", "302 404 404 404 404 404 404 404 404 404 404 200 200 404 404 404 404 404"),
    ("library_export", "", "get", "302 404 404 404 404 404 404 200 200 404 404 404 404 404 404 404 404 404"),
    ("library_entry", "entry", "get", "302 404 200 404 404 200 404 200 404 404 404 200 404 404 404 404 404 404"),
    ("library_answer", "entry", "post", "302 404 409 404 404 409 404 409 404 404 404 404 404 404 404 404 404 404"),
]
