"""What still stands between a participant and the mentor, in the words of the page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from aktualisasi import paper_content
from aktualisasi.enums import PaperKind, VersionSource
from aktualisasi.models import Paper, PaperVersion
from mentoring.models import MentorAssignment


def missing_for_submission(
    paper: Paper, *, newest: PaperVersion | None = None, has_mentor: bool | None = None, percent: int | None = None
) -> list[str]:
    """Return what is missing; empty when the paper may be handed in. What the page already knows need not be asked again."""
    newest = newest or paper.latest_version
    if has_mentor is None:
        has_mentor = MentorAssignment.objects.active().filter(participant_id=paper.participant_id).exists()
    missing = []
    if not paper.rancangan.title:
        missing.append(_("judul"))
    if is_fresh_upload(newest):
        missing += [] if paper.kind == PaperKind.LAPORAN or paper.rancangan.summary else [_("ringkasan")]
    else:
        percent = paper_content.percent_of(paper) if percent is None else percent
        if percent < 100 and newest is not None and newest.source == VersionSource.UPLOADED:
            missing.append(_("versi baru yang menjawab catatan"))
        elif percent < 100:
            missing.append(data_or_pdf(paper.kind, percent))
        elif _repeats_what_came_back(paper):
            missing.append(_("perubahan yang menjawab catatan"))
    if not has_mentor:
        missing.append(no_mentor())
    return missing


def data_or_pdf(kind: str, percent: int) -> str:
    """Say that the data are not complete, and what would do instead."""
    names = {PaperKind.RANCANGAN: _("isian rancangan"), PaperKind.LAPORAN: _("isian laporan")}
    return _("%(part)s (%(percent)s%% lengkap), atau PDF buatan sendiri") % {"part": names[PaperKind(kind)], "percent": percent}


def no_mentor() -> str:
    return _("mentor, yang ditetapkan admin satker Anda")


def is_answered(version: PaperVersion) -> bool:
    return version.notes.sent().exists()


def _repeats_what_came_back(paper: Paper) -> bool:
    """Whether the data still read as the version that was sent back last, also when they were composed anew since."""
    returned = paper.versions.filter(notes__sent_at__isnull=False).order_by("-number").first()
    return returned is not None and paper_content.says_the_same(returned.content, paper_content.content_of(paper))


def is_fresh_upload(version: PaperVersion | None) -> bool:
    """Whether the newest version is a PDF of the participant's own that nobody has sent back yet."""
    return version is not None and version.source == VersionSource.UPLOADED and not is_answered(version)
