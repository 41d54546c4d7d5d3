"""Versions made from the data: kept as data at once, printed by a worker."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from aktualisasi import paper_content, policies, submission, tasks
from aktualisasi.enums import MAX_VERSIONS, PaperKind, VersionSource
from aktualisasi.locking import locked_paper
from aktualisasi.models import Paper, PaperVersion
from latsar.accounts import audit
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from latsar.documents.intake.names import display_name


@transaction.atomic
def compose_version(*, paper_id: int, by: User) -> PaperVersion:
    """Keep the present data as a version and have it printed. Raises NotAllowed, Refused while somebody reads the paper."""
    paper = locked_paper(paper_id)
    if paper is None or not policies.can_write(by, paper.rancangan.participant):
        raise NotAllowed
    if not paper.is_editable:
        raise Refused(_("%(paper)s sedang dibaca atau sudah disetujui, jadi isinya tetap.") % {"paper": paper.get_kind_display()})
    if paper.kind == PaperKind.LAPORAN and paper_content.laporan_of(paper.rancangan) is None:
        raise Refused(_("Laporan belum diisi. Mulai laporan Anda dahulu, lalu susun dokumennya."))
    return _composed(paper, by=by)


def version_to_submit(paper: Paper, *, by: User) -> PaperVersion:
    """Return what goes to the mentor: the own PDF that came last, or the present data as a version."""
    newest = paper.latest_version
    if newest is not None and submission.is_fresh_upload(newest):
        return newest
    return _composed(paper, by=by)


def next_number(paper: Paper) -> int:
    """Return the number of the next version. Raises Refused when there are as many as are kept."""
    number = (paper.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    if number > MAX_VERSIONS:
        raise Refused(_("Naskah ini sudah memiliki %(limit)s versi, paling banyak yang disimpan.") % {"limit": MAX_VERSIONS})
    return number


def _composed(paper: Paper, *, by: User) -> PaperVersion:
    """Make the version, or renew the newest one while nobody but its author has seen it; the same data stay one version."""
    says, newest = paper_content.content_of(paper), paper.latest_version
    own = newest if newest is not None and newest.source == VersionSource.COMPOSED else None
    if own is not None and paper_content.says_the_same(own.content, says) and not submission.is_answered(own):
        if not own.is_printed:
            transaction.on_commit(partial(tasks.publish_print, own.pk))
        return own
    if own is not None and own.submitted_at is None:
        version = own
        if version.file.name:
            transaction.on_commit(partial(version.file.storage.delete, version.file.name))
        version.file.name = ""
        version.content, version.sha256, version.size, version.pages, version.failure = says, "", 0, 0, ""
        version.uploaded_at = timezone.now()
    else:
        version = PaperVersion(paper=paper, number=next_number(paper), source=VersionSource.COMPOSED, content=says, uploaded_by=by)
    version.name = display_name(f"{paper.get_kind_display()} {paper.rancangan.participant.full_name}.pdf")
    version.save()
    audit.record(verb=f"compose_{paper.kind}", obj=paper.rancangan, by=by, changes={"version": [None, version.number]})
    transaction.on_commit(partial(tasks.publish_print, version.pk))
    return version
