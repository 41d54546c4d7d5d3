"""Curricula: one version to read, its editor with the live sums, and its steps."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused, StaleVersion
from latsar.accounts.models import AuthedRequest
from latsar.training import policies, rule_pages
from latsar.training.curriculum_forms import CurriculumAddForm, CurriculumEditor
from latsar.training.forms import add_refusal
from latsar.training.models import Curriculum
from latsar.training.row_forms import wants_row
from latsar.training.rule_lines import curriculum_problems, lines_of_curriculum
from latsar.training.rule_steps import step_rules
from latsar.training.services import rules as services
from latsar.training.views.batches import READERS
from latsar.ui.numbers import whole_number


def readable_curriculum(request: AuthedRequest, curriculum_id: int) -> Curriculum:
    curriculum: Curriculum | None = rule_pages.full_curriculum(request.user, curriculum_id)
    if curriculum is None:
        raise Http404
    return curriculum


@allow(*READERS)
@require_GET
def curriculum_detail(request: AuthedRequest, curriculum_id: int) -> HttpResponse:
    curriculum = readable_curriculum(request, curriculum_id)
    lines = lines_of_curriculum(curriculum)
    context = {
        **rule_pages.rules_context(request.user, curriculum),
        **rule_pages.using_batches(request.user, curriculum=curriculum),
        "table": rule_pages.agenda_table(lines),
        "values": lines.values,
        "problems": curriculum_problems(lines) if curriculum.published_at is None else [],
    }
    return render(request, "training/curriculum_detail.html", context)


@allow(Role.PKSDM)
@require_http_methods(["GET", "POST"])
def curriculum_add(request: AuthedRequest) -> HttpResponse:
    form = CurriculumAddForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            curriculum = services.create_curriculum(by=request.user, **form.cleaned_data)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Konsep dibuat. Isi nilai dan mata pelatihannya."), extra_tags="toast")
            return redirect("curriculum_edit", curriculum.pk)
    return render(request, "training/rules_add.html", {"form": form, "title": _("Buat kurikulum")}, status=422 if form.errors else 200)


@allow(Role.PKSDM)
@require_http_methods(["GET", "POST"])
def curriculum_edit(request: AuthedRequest, curriculum_id: int) -> HttpResponse:
    curriculum = readable_curriculum(request, curriculum_id)
    require(policies.can_edit_draft(request.user, curriculum))
    editor = CurriculumEditor(curriculum, request.POST if request.method == "POST" else None)
    refused: list[str] = []
    status = 200
    if request.method == "POST" and not wants_row(request.POST):
        refused = _save(request, curriculum, editor) if editor.is_valid() else []
        if not refused and not editor.has_errors:
            messages.success(request, _("Konsep tersimpan."), extra_tags="toast")
            return redirect(curriculum)
        status = 422
    context = {**_check(request, curriculum, editor), "rules": curriculum, "refused": refused}
    return render(request, "training/curriculum_edit.html", context, status=status)


@allow(Role.PKSDM)
@require_POST
def curriculum_check(request: AuthedRequest, curriculum_id: int) -> HttpResponse:
    """The sums of a form that is still being filled in; nothing is saved."""
    curriculum = readable_curriculum(request, curriculum_id)
    require(policies.can_edit_draft(request.user, curriculum))
    return render(request, "training/_curriculum_check.html", _check(request, curriculum, CurriculumEditor(curriculum, request.POST)))


@allow(Role.PKSDM)
@require_POST
def curriculum_step(request: AuthedRequest, curriculum_id: int) -> HttpResponse:
    """Copy, publish, end or throw away."""
    curriculum = readable_curriculum(request, curriculum_id)
    return redirect(step_rules(request, curriculum, reverse("scheme_list")))


def _check(request: AuthedRequest, curriculum: Curriculum, editor: CurriculumEditor) -> dict[str, Any]:
    editor.is_valid()
    lines = editor.lines() if request.method == "POST" else lines_of_curriculum(curriculum)
    return {"editor": editor, "totals": rule_pages.curriculum_check(lines), "problems": curriculum_problems(lines)}


def _save(request: AuthedRequest, curriculum: Curriculum, editor: CurriculumEditor) -> list[str]:
    facts, version = editor.facts.cleaned_data, whole_number(editor.version) or 0
    try:
        services.save_curriculum(curriculum_id=curriculum.pk, version=version, facts=facts, lines=editor.lines(), by=request.user)
    except StaleVersion:
        raise
    except Refused as refusal:
        return refusal.messages
    return []
