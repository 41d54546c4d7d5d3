from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from latsar.adminsite.columns import titled
from latsar.adminsite.scoped import ReadOnlyAdmin
from latsar.jobs.models import Job

ASKED, ENDED = titled("created_at", _("diminta")), titled("finished_at", _("berakhir"))


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """One's own jobs, to look at; the progress page steers them."""

    list_display = ["title", "state", "done", "failed", "total", ASKED, ENDED]
    list_filter = ["state"]
    search_fields = ["title"]
    date_hierarchy = "created_at"
    fields = ["title", "state", "done", "failed", "total", "message", ASKED, titled("started_at", _("mulai")), ENDED]
