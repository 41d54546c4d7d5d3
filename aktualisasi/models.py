"""The aktualisasi of a participant: what the rancangan says, and the documents that are read and answered."""

from aktualisasi.habituasi import Evidence, PlanChange, TahapanWork, WeeklyReport, WeeklyReportChange
from aktualisasi.laporan import Laporan, LaporanKegiatan, LaporanMeasure, OriginalityStatement
from aktualisasi.library import LibraryConsent, LibraryEntry, Theme
from aktualisasi.papers import RancanganFile, RancanganStageChange, ReviewAnswer, ReviewNote
from aktualisasi.plan import Cause, Issue, IssueCorrection, Kegiatan, KegiatanAgenda, KegiatanValue, Tahapan
from aktualisasi.rancangan import Rancangan, RancanganQuerySet

__all__ = [
    "Cause",
    "Evidence",
    "Issue",
    "IssueCorrection",
    "Kegiatan",
    "KegiatanAgenda",
    "KegiatanValue",
    "Laporan",
    "LaporanKegiatan",
    "LaporanMeasure",
    "LibraryConsent",
    "LibraryEntry",
    "OriginalityStatement",
    "PlanChange",
    "Rancangan",
    "RancanganFile",
    "RancanganQuerySet",
    "RancanganStageChange",
    "ReviewAnswer",
    "ReviewNote",
    "Tahapan",
    "TahapanWork",
    "Theme",
    "WeeklyReport",
    "WeeklyReportChange",
]
