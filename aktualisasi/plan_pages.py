"""What the pages of the builder show, each from one read plan: boxes, rows, options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from aktualisasi.boxes import Desk, cause_boxes, cause_options, issue_boxes, step_boxes, subject_box, value_box
from aktualisasi.completeness import completeness_of
from aktualisasi.content import Plan
from aktualisasi.enums import MAX_CAUSES, MAX_ISSUES, MAX_KEGIATAN, MAX_TAHAPAN


def matrix_rows(plan: Plan) -> list[dict[str, Any]]:
    """Return the rows of the matrix with the sentences of every value and subject."""
    return [
        {
            "kegiatan": row,
            "cause": plan.cause(row.cause_id),
            "tahapan": list(row.tahapan.all()),
            "values": [(value.name, plan.sentence(row, value)) for value in plan.values],
            "agenda": [(subject.name, plan.relation(row, subject)) for subject in plan.subjects],
        }
        for row in plan.kegiatan
    ]


def profile_page(desk: Desk) -> dict[str, Any]:
    """The fields of BAB I and II."""
    unit = desk.own("unit_profile", _("Profil satker"), rows=8, help=_("Tugas, susunan, visi dan misi satker Anda. BAB I."))
    job = desk.own(
        "job_profile", _("Jabatan dan tugas"), rows=6, help=_("Jabatan Anda, uraian tugasnya, dan kepada siapa Anda bertanggung jawab.")
    )
    learned = desk.own("agenda_summary", _("Yang dipelajari dari agenda I sampai III"), rows=8, help=_("Ringkas per agenda. BAB II."))
    return {"boxes": [unit, job, learned]}


def idea_page(desk: Desk) -> dict[str, Any]:
    """Title, summary and gagasan."""
    title = desk.own("title", _("Judul"), rows=2, help=_("Satu kalimat: apa yang diperbaiki, di mana, dengan cara apa."))
    summary = desk.own("summary", _("Ringkasan"), rows=5, help=_("Isu, penyebab, dan gagasan Anda dalam beberapa kalimat."))
    idea = desk.own("idea", _("Gagasan kreatif"), rows=8, help=_("Apa yang Anda buat atau ubah, dan mengapa itu menjawab akar masalah."))
    return {"boxes": [title, summary, idea]}


def issue_page(desk: Desk) -> dict[str, Any]:
    """The issues side by side, the choice, loose corrections."""
    plan = desk.plan
    options = [(str(issue.pk), issue.statement or str(issue)) for issue in plan.top]
    return {
        "issues": issue_boxes(desk),
        "is_full": len(plan.issues) >= MAX_ISSUES,
        "choice": desk.own("chosen_issue", _("Isu terpilih"), options=options),
        "tie_reason": desk.own(
            "tie_reason", _("Alasan memilih"), rows=3, help=_("Mengapa isu ini didahulukan di antara yang jumlahnya sama.")
        ),
        "loose": [row for row in plan.corrections if row.issue_id is None],
    }


def cause_page(desk: Desk) -> dict[str, Any]:
    """Causes bone by bone, and the fishbone."""
    return {
        "bones": [(bone, cause_boxes(desk, causes), len(causes) >= MAX_CAUSES) for bone, causes in desk.plan.bones],
        "fish": desk.plan.bones,
        "answers": answers(desk.plan),
    }


def answers(plan: Plan) -> list[tuple[Any, list[Any]]]:
    """Return each root with the kegiatan that answer it."""
    return [(root, [row for row in plan.kegiatan if row.cause_id == root.pk]) for root in plan.roots]


def activity_page(desk: Desk, kegiatan_id: int) -> dict[str, Any]:
    """One kegiatan with everything that belongs to it."""
    plan = desk.plan
    row = next(row for row in plan.kegiatan if row.pk == kegiatan_id)
    key, steps = f"kegiatan.{row.pk}", step_boxes(desk, row)
    place = plan.kegiatan.index(row)
    here = reverse("plan_activity", args=[row.pk])
    return {
        "row": row,
        "head": desk.box(row, f"{key}.title", _("Nama kegiatan"), rows=2),
        "cause": desk.box(row, f"{key}.cause", _("Akar masalah yang dijawab"), options=cause_options(plan, row)),
        "steps": steps,
        "is_full": len(steps) >= MAX_TAHAPAN,
        "values": [value_box(desk, row, value) for value in plan.values],
        "subjects": [subject_box(desk, row, subject) for subject in plan.subjects],
        "mission": [
            desk.box(row, f"{key}.visi_misi", _("Kontribusi terhadap visi dan misi"), rows=3),
            desk.box(row, f"{key}.penguatan", _("Penguatan nilai organisasi"), rows=3),
        ],
        "kept": plan.kept_sentences(row),
        "before": plan.kegiatan[place - 1] if place else None,
        "after": plan.kegiatan[place + 1] if place + 1 < len(plan.kegiatan) else None,
        "missing": [thing for part in completeness_of(plan).parts for thing in part.missing if thing.url.startswith(here)],
    }


def value_page(desk: Desk) -> dict[str, Any]:
    """The sentences value by value."""
    plan = desk.plan
    named = [(row, f"{row.order}. {row.title or _('Kegiatan tanpa nama')}") for row in plan.kegiatan]
    return {
        "groups": [
            *((value.name, [value_box(desk, row, value, name) for row, name in named]) for value in plan.values),
            *((subject.name, [subject_box(desk, row, subject, name) for row, name in named]) for subject in plan.subjects),
        ],
        "kept": [(row, plan.kept_sentences(row)) for row in plan.kegiatan],
    }


def schedule_page(desk: Desk) -> dict[str, Any]:
    """Weeks against kegiatan, with what lies outside the habituasi."""
    plan = desk.plan
    rows = []
    for row in plan.kegiatan:
        box = desk.box(row, f"kegiatan.{row.pk}.weeks", row.title or _("Kegiatan tanpa nama"))
        chosen = {part for part in box.shown.split(",") if part}
        beyond = sorted(int(number) for number in chosen - {str(week.number) for week in plan.weeks})
        rows.append((row, box, [(week, str(week.number) in chosen) for week in plan.weeks], beyond))
    return {"rows": rows, "holidays": [day for week in plan.weeks for day in week.holidays]}


def activities_page(_desk: Desk) -> dict[str, Any]:
    """The list of kegiatan."""
    return {"limit": MAX_KEGIATAN}


PAGES: dict[str, tuple[str, Callable[[Desk], dict[str, Any]]]] = {
    "profil": ("aktualisasi/plan_profil.html", profile_page),
    "isu": ("aktualisasi/plan_isu.html", issue_page),
    "akar": ("aktualisasi/plan_akar.html", cause_page),
    "gagasan": ("aktualisasi/plan_gagasan.html", idea_page),
    "kegiatan": ("aktualisasi/plan_kegiatan.html", activities_page),
    "nilai": ("aktualisasi/plan_nilai.html", value_page),
    "jadwal": ("aktualisasi/plan_jadwal.html", schedule_page),
}
"""Each part of the builder: its template and what it shows."""
