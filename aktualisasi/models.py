"""The aktualisasi of a participant: what the rancangan says, and the documents that are read and answered."""

from aktualisasi.papers import RancanganFile, RancanganStageChange, ReviewAnswer, ReviewNote
from aktualisasi.plan import Cause, Issue, IssueCorrection, Kegiatan, KegiatanAgenda, KegiatanValue, Tahapan
from aktualisasi.rancangan import Rancangan, RancanganQuerySet

__all__ = [
    "Cause",
    "Issue",
    "IssueCorrection",
    "Kegiatan",
    "KegiatanAgenda",
    "KegiatanValue",
    "Rancangan",
    "RancanganFile",
    "RancanganQuerySet",
    "RancanganStageChange",
    "ReviewAnswer",
    "ReviewNote",
    "Tahapan",
]
