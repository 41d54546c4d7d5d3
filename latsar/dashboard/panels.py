"""Blocks of the home pages that need nothing from the upper apps: coming phases, latest changes, jobs that failed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from latsar.accounts.enums import Role
from latsar.accounts.models import RoleGrant, User
from latsar.accounts.policies import CONTACT_FIELDS, can_see_contacts
from latsar.dashboard.recent import recent_changes
from latsar.dashboard.registry import Panel, Todo, panel, todo, veil
from latsar.jobs.models import Job, JobState
from latsar.training.enums import BatchStage
from latsar.training.models import Batch, BatchPhase
from latsar.ui import words
from latsar.ui.components import Entry

WATCHERS = (Role.ADMIN_SATKER, Role.ADMIN_PROVINSI, Role.PKSDM, Role.PIMPINAN, Role.LEMBAGA)
COMING = 4
JOBS_SHOWN = 3
JOB_DAYS = timedelta(days=7)
READ_AHEAD = 80  # phases among which those of one day and name are put together


@veil("accounts.user")
def hidden_of_account(user: User, account: object | None) -> frozenset[str]:
    return frozenset() if can_see_contacts(user) or account == user else CONTACT_FIELDS


@todo(*WATCHERS)
def failed_jobs(user: User, grant: RoleGrant) -> Sequence[Todo]:
    """Background work of the last week that ended with something left undone."""
    failed = Job.objects.visible_to(user).filter(state__in=[JobState.FAILED, JobState.PARTIAL], finished_at__gte=timezone.now() - JOB_DAYS)
    return [
        Todo(
            _("Selesaikan pekerjaan: %(title)s") % {"title": job.title},
            job.message
            or _("%(failed)s dari %(total)s gagal.") % {"failed": words.thousands(job.failed), "total": words.thousands(job.total)},
            job.get_absolute_url(),
            _("Lihat yang gagal"),
        )
        for job in failed[:JOBS_SHOWN]
    ]


@panel(*WATCHERS)
def coming_phases(user: User, grant: RoleGrant) -> Panel | None:
    batches = Batch.objects.visible_to(user).filter(stage__in=[BatchStage.OPEN, BatchStage.RUNNING])
    phases = (
        BatchPhase.objects.filter(batch__in=batches, starts_on__gte=timezone.localdate())
        .select_related("batch__institute")
        .order_by("starts_on", "name", "batch_id")[:READ_AHEAD]
    )
    together = [list(same) for _key, same in groupby(phases, key=lambda phase: (phase.starts_on, phase.name))][:COMING]
    entries = [_coming(same, is_new=number == 0) for number, same in enumerate(together)]
    title = _("Yang terjadi berikutnya")
    return (
        Panel("dashboard/_timeline_panel.html", {"id": "h-lanjut", "title": title, "entries": entries}, 60, aside=True) if entries else None
    )


def _coming(phases: list[BatchPhase], *, is_new: bool) -> Entry:
    first = phases[0]
    one = len(phases) == 1
    text = format_html(
        '<b>{}</b><br>{}, <a href="{}">{}</a>',
        words.short_date(first.starts_on),
        _("%(phase)s mulai") % {"phase": first.name},
        first.batch.get_absolute_url() if one else reverse("batch_list"),
        first.batch if one else _("%(count)s angkatan") % {"count": words.thousands(len(phases))},
    )
    return Entry(text, is_new=is_new)


@panel(*WATCHERS)
def latest_changes(user: User, grant: RoleGrant) -> Panel | None:
    entries = recent_changes(user)
    title = _("Perubahan terakhir")
    return (
        Panel("dashboard/_timeline_panel.html", {"id": "h-ubah", "title": title, "entries": entries}, 70, aside=True) if entries else None
    )
