"""Addresses of the rancangan builder and its prints, and the rows of one side that they show."""

from __future__ import annotations

from aktualisasi.models import Cause, Issue, IssueCorrection, Kegiatan, Rancangan, Tahapan
from latsar.accounts.models import User

OWN = "302 404 404 404 404 404 404 404 404 404 404 200 200 404 404 404 404 404"
READ = "302 404 200 404 404 200 404 200 200 200 404 200 404 200 404 200 404 404"
ADDRESSES = [
    ("plan_home", "", "get", OWN),
    ("plan_profile", "", "get", OWN),
    ("plan_issues", "", "get", OWN),
    ("plan_causes", "", "get", OWN),
    ("plan_idea", "", "get", OWN),
    ("plan_activities", "", "get", OWN),
    ("plan_activity", "kegiatan", "get", "302 404 404 404 404 404 404 404 404 404 404 200 404 404 404 404 404 404"),
    ("plan_values", "", "get", OWN),
    ("plan_schedule", "", "get", OWN),
    ("plan_matrix", "", "get", OWN),
    ("plan_field", "", "post", "302 404 404 404 404 404 404 404 404 404 404 422 422 404 404 404 404 404"),
    ("rancangan_content", "rancangan", "get", READ),
    ("rancangan_print", "rancangan", "get", READ),
    ("rancangan_print_pdf", "rancangan", "get", READ),
    ("rancangan_print_page", "rancangan page", "get", READ),
    ("correction_add", "rancangan", "get", "302 404 404 404 404 404 404 404 404 404 404 200 404 200 404 404 404 404"),
    ("paper_template_list", "", "get", "302 404 404 404 404 404 404 200 404 200 200 404 404 404 404 404 404 404"),
    ("paper_template_edit", "paper template", "get", "302 404 404 404 404 404 404 200 404 200 404 404 404 404 404 404 404 404"),
    ("paper_template_preview", "paper template", "post", "302 404 404 404 404 404 404 200 404 200 404 404 404 404 404 404 404 404"),
    ("paper_template_reset", "paper template", "post", "302 404 404 404 404 404 404 302 404 302 404 404 404 404 404 404 404 404"),
    ("paper_template_page", "paper page", "get", "302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404"),
]  # fmt: skip


def write_plan(rancangan: Rancangan, canary: str, by: User) -> None:
    """Write one row of everything."""
    words = dict.fromkeys(("statement", "current", "expected", "impact", "reason"), f"{canary} Isu")
    issue = Issue.objects.create(rancangan=rancangan, order=1, **words)
    Rancangan.objects.filter(pk=rancangan.pk).update(chosen_issue=issue, idea=f"{canary} Gagasan")
    cause = Cause.objects.create(issue=issue, bone="metode", order=1, text=f"{canary} Sebab", is_root=True)
    kegiatan = Kegiatan.objects.create(rancangan=rancangan, order=1, title=f"{canary} Kegiatan", cause=cause, weeks=[1])
    Tahapan.objects.create(kegiatan=kegiatan, order=1, text=f"{canary} Tahapan", output=f"{canary} Output")
    IssueCorrection.objects.create(
        rancangan=rancangan,
        issue=issue,
        superior_name=f"{canary} Atasan",
        superior_jabatan=f"{canary} Jabatan",
        corrected_on=rancangan.created_at.date(),
        text=f"{canary} Koreksi",
        recorded_by=by,
    )


def builder_arguments(rancangan: Rancangan, institute_id: int) -> dict[str, list[object]]:
    return {
        "kegiatan": list(rancangan.kegiatan.filter(cause__isnull=False).values_list("pk", flat=True)),
        "rancangan page": [rancangan.pk, 1],
        "paper template": ["rancangan", institute_id],
        "paper page": ["0" * 64, 1],
    }
