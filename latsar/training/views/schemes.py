"""Schemes: the list, one version to read, its editor with the live check, and what it would change for an angkatan."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused, StaleVersion
from latsar.accounts.models import AuthedRequest
from latsar.training import policies, rule_pages
from latsar.training.enums import BatchStage
from latsar.training.forms import add_refusal
from latsar.training.models import Batch, RegulationScheme
from latsar.training.row_forms import wants_row
from latsar.training.rule_lines import lines_of_scheme, scheme_problems
from latsar.training.rule_steps import step_rules
from latsar.training.scheme_compare import compare
from latsar.training.scheme_forms import LookForm, SchemeAddForm, SchemeEditor
from latsar.training.services import batches as batch_services
from latsar.training.services import rules as services
from latsar.training.views.batches import READERS
from latsar.ui.numbers import whole_number


def readable_scheme(request: AuthedRequest, scheme_id: int) -> RegulationScheme:
    scheme: RegulationScheme | None = rule_pages.full_scheme(request.user, scheme_id)
    if scheme is None:
        raise Http404
    return scheme


@allow(*READERS)
@require_GET
def scheme_list(request: AuthedRequest) -> HttpResponse:
    """Schemes and curricula on one page: a batch takes one of each."""
    context = {
        "schemes": rule_pages.scheme_rows(request.user),
        "curricula": rule_pages.curriculum_rows(request.user),
        "can_edit": policies.can_edit_rules(request.user),
    }
    return render(request, "training/scheme_list.html", context)


@allow(*READERS)
@require_GET
def scheme_detail(request: AuthedRequest, scheme_id: int) -> HttpResponse:
    scheme = readable_scheme(request, scheme_id)
    lines = lines_of_scheme(scheme)
    context = {
        **rule_pages.rules_context(request.user, scheme),
        **rule_pages.using_batches(request.user, scheme=scheme),
        "groups": rule_pages.fact_groups(scheme),
        "weights": rule_pages.component_table(lines),
        "bands": rule_pages.band_faces(lines.bands),
        "phases": rule_pages.phase_tables(lines),
        "rubric": rule_pages.rubric_tables(lines),
        "problems": scheme_problems(lines, vars(scheme)) if scheme.published_at is None else [],
    }
    return render(request, "training/scheme_detail.html", context)


@allow(Role.PKSDM)
@require_http_methods(["GET", "POST"])
def scheme_add(request: AuthedRequest) -> HttpResponse:
    form = SchemeAddForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            scheme = services.create_scheme(by=request.user, **form.cleaned_data)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Konsep dibuat. Isi komponen, kualifikasi, dan fasenya."), extra_tags="toast")
            return redirect("scheme_edit", scheme.pk)
    return render(request, "training/rules_add.html", {"form": form, "title": _("Buat skema")}, status=422 if form.errors else 200)


@allow(Role.PKSDM)
@require_http_methods(["GET", "POST"])
def scheme_edit(request: AuthedRequest, scheme_id: int) -> HttpResponse:
    scheme = readable_scheme(request, scheme_id)
    require(policies.can_edit_draft(request.user, scheme))
    editor = SchemeEditor(scheme, request.POST if request.method == "POST" else None)
    problems: list[str] = []
    status = 200
    if request.method == "POST" and not wants_row(request.POST):
        problems = _save(request, scheme, editor) if editor.is_valid() else []
        if not problems and not editor.has_errors:
            messages.success(request, _("Konsep tersimpan."), extra_tags="toast")
            return redirect(scheme)
        status = 422
    return render(request, "training/scheme_edit.html", _editor_context(request, scheme, editor, problems), status=status)


@allow(Role.PKSDM)
@require_POST
def scheme_check(request: AuthedRequest, scheme_id: int) -> HttpResponse:
    """The check of a form that is still being filled in; nothing is saved."""
    scheme = readable_scheme(request, scheme_id)
    require(policies.can_edit_draft(request.user, scheme))
    editor = SchemeEditor(scheme, request.POST)
    return render(request, "training/_scheme_check.html", {**_editor_context(request, scheme, editor, []), "is_piece": True})


def _save(request: AuthedRequest, scheme: RegulationScheme, editor: SchemeEditor) -> list[str]:
    facts, version = editor.facts.facts(), whole_number(editor.version) or 0
    try:
        services.save_scheme(scheme_id=scheme.pk, version=version, facts=facts, lines=editor.lines(), by=request.user)
    except StaleVersion:
        raise
    except Refused as refusal:
        found = refusal.message_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.messages}
        return [message for each in found.values() for message in each]
    return []


def _editor_context(request: AuthedRequest, scheme: RegulationScheme, editor: SchemeEditor, problems: list[str]) -> dict[str, Any]:
    editor.is_valid()
    lines = editor.lines() if request.method == "POST" else lines_of_scheme(scheme)
    facts = getattr(editor.facts, "cleaned_data", None) or vars(scheme)
    look = LookForm(request.POST if request.method == "POST" else {})
    look.is_valid()
    method = rule_pages.first_method(lines, look.cleaned_data.get("lihat_metode", ""))
    shown = LookForm(initial={"lihat_mulai": look.cleaned_data.get("lihat_mulai"), "lihat_metode": method})
    return {
        "rules": scheme,
        "editor": editor,
        "refused": problems,
        "look": shown,
        **rule_pages.scheme_check(lines, facts),
        **rule_pages.calendar_of(lines, method, look.cleaned_data.get("lihat_mulai")),
    }


@allow(Role.PKSDM)
@require_POST
def scheme_step(request: AuthedRequest, scheme_id: int) -> HttpResponse:
    """Copy, publish, end or throw away."""
    scheme = readable_scheme(request, scheme_id)
    return redirect(step_rules(request, scheme, reverse("scheme_list")))


@allow(*READERS)
@require_GET
def scheme_compare(request: AuthedRequest, scheme_id: int) -> HttpResponse:
    """What this version would change for one angkatan; without one, the choice of it."""
    scheme = readable_scheme(request, scheme_id)
    pk = whole_number(request.GET.get("angkatan", ""))
    batch = visible_batch(request, pk) if pk is not None else None
    adopts = batch is not None and policies.can_edit_batch(request.user, batch) and batch.stage == BatchStage.DRAFT
    context = {
        **rule_pages.rules_context(request.user, scheme),
        "choices": rule_pages.comparable_batches(request.user),
        "batch": batch,
        "comparison": compare(batch, scheme) if batch else None,
        "can_adopt": adopts and batch is not None and batch.scheme_id != scheme.pk,
    }
    return render(request, "training/scheme_compare.html", context)


@allow(Role.PKSDM)
@require_POST
def scheme_adopt(request: AuthedRequest, scheme_id: int) -> HttpResponse:
    """Give an angkatan that is still prepared this version."""
    scheme = readable_scheme(request, scheme_id)
    batch = visible_batch(request, whole_number(request.POST.get("angkatan", "")) or 0)
    version = whole_number(request.POST.get("version", "")) or 0
    batch_services.update_batch(batch_id=batch.pk, version=version, changes={"scheme": scheme}, by=request.user)
    messages.success(request, _("%(batch)s memakai %(scheme)s.") % {"batch": batch.label, "scheme": scheme}, extra_tags="toast")
    return redirect(batch)


def visible_batch(request: AuthedRequest, batch_id: int) -> Batch:
    rows = Batch.objects.visible_to(request.user).select_related("institute", "scheme")
    parts = ("phases", "scheme__components", "scheme__bands", "scheme__phase_templates", "scheme__rubric")
    return get_object_or_404(rows.prefetch_related(*parts[1:]), pk=batch_id)
