"""The aktualisasi of a participant: what the rancangan says, and the documents that are read and answered."""

from aktualisasi.paper_templates import PaperTemplate, PaperTemplateQuerySet
from aktualisasi.papers import Paper, PaperStageChange, PaperVersion, ReviewAnswer, ReviewNote
from aktualisasi.plan import Cause, Issue, IssueCorrection, Kegiatan, KegiatanAgenda, KegiatanValue, RemovedRow, Tahapan
from aktualisasi.rancangan import Rancangan, RancanganQuerySet
from aktualisasi.seminar_marks import SeminarMark, SeminarMarkChange, SeminarMarkScore, SeminarPaper, SeminarPresence, SeminarRevision
from aktualisasi.seminars import Seminar, SeminarExaminer, SeminarStageChange, SeminarTurn

__all__ = [
    "Cause",
    "Issue",
    "IssueCorrection",
    "Kegiatan",
    "KegiatanAgenda",
    "KegiatanValue",
    "Paper",
    "PaperStageChange",
    "PaperTemplate",
    "PaperTemplateQuerySet",
    "PaperVersion",
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
]
