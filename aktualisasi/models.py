"""The aktualisasi of a participant: what the rancangan says, and the documents that are read and answered."""

from aktualisasi.paper_templates import PaperTemplate, PaperTemplateQuerySet
from aktualisasi.papers import RancanganFile, RancanganStageChange, ReviewAnswer, ReviewNote
from aktualisasi.plan import Cause, Issue, IssueCorrection, Kegiatan, KegiatanAgenda, KegiatanValue, RemovedRow, Tahapan
from aktualisasi.rancangan import Rancangan, RancanganQuerySet

__all__ = [
    "Cause",
    "Issue",
    "IssueCorrection",
    "Kegiatan",
    "KegiatanAgenda",
    "KegiatanValue",
    "PaperTemplate",
    "PaperTemplateQuerySet",
    "Rancangan",
    "RancanganFile",
    "RancanganQuerySet",
    "RancanganStageChange",
    "RemovedRow",
    "ReviewAnswer",
    "ReviewNote",
    "Tahapan",
]
