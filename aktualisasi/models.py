"""The aktualisasi of a participant: what the rancangan says, and the documents that are read and answered."""

from aktualisasi.habituasi import Evidence, PlanChange, TahapanWork, WeeklyReport, WeeklyReportChange
from aktualisasi.laporan import Laporan, LaporanKegiatan, LaporanMeasure, OriginalityStatement
from aktualisasi.library import LibraryConsent, LibraryEntry, Theme
from aktualisasi.paper_templates import PaperTemplate, PaperTemplateQuerySet
from aktualisasi.papers import Paper, PaperStageChange, PaperVersion, ReviewAnswer, ReviewNote
from aktualisasi.plan import Cause, Issue, IssueCorrection, Kegiatan, KegiatanAgenda, KegiatanValue, RemovedRow, Tahapan
from aktualisasi.rancangan import Rancangan, RancanganQuerySet
from aktualisasi.seminar_marks import SeminarMark, SeminarMarkChange, SeminarMarkScore, SeminarPaper, SeminarPresence, SeminarRevision
from aktualisasi.seminars import Seminar, SeminarExaminer, SeminarStageChange, SeminarTurn

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
    "Paper",
    "PaperStageChange",
    "PaperTemplate",
    "PaperTemplateQuerySet",
    "PaperVersion",
    "PlanChange",
    "Rancangan",
    "RancanganQuerySet",
    "RemovedRow",
    "ReviewAnswer",
    "ReviewNote",
    "Seminar",
    "SeminarExaminer",
    "SeminarMark",
    "SeminarMarkChange",
    "SeminarMarkScore",
    "SeminarPaper",
    "SeminarPresence",
    "SeminarRevision",
    "SeminarStageChange",
    "SeminarTurn",
    "Tahapan",
    "TahapanWork",
    "Theme",
    "WeeklyReport",
    "WeeklyReportChange",
]
