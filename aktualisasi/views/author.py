from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from aktualisasi import deadlines, policies, services, tables
from aktualisasi.forms import RancanganForm, UploadForm
from aktualisasi.models import Rancangan, ReviewNote
from aktualisasi.services.moving import missing_for_submission
from latsar.accounts.access import allow, require
from latsar.accounts.active_role import active_grant
from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused, StaleVersion
from latsar.accounts.models import AuthedRequest
from latsar.documents.intake.refusal import MAX_UPLOAD_BYTES
from latsar.ui.typed import seen_text
from mentoring.models import Mentor, MentorAssignment
from participants.models import Participant


def own_participant(request: AuthedRequest) -> Participant | None:
    """Return the visitor's own participant row while the participant's role is the chosen one."""
    grant = active_grant(request)
    if grant is None or grant.role != Role.PESERTA:
        return None
    mine = Participant.objects.visible_to(request.user).filter(user=request.user)
    return mine.select_related("batch__institute", "satker").first()


@allow(Role.PESERTA)
@require_POST
def rancangan_edit(request: AuthedRequest) -> HttpResponse:
    """Save the text; the autosave gets a fragment, the submit button goes on to the mentor."""
    participant = _writer(request)
    form = RancanganForm(request.POST)
    if not form.is_valid():
        return _not_saved(request, participant, form)
    try:
        rancangan = services.save_rancangan(participant_id=participant.pk, by=request.user, **form.cleaned_data)
        if request.POST.get("action") == "submit":
            services.move_rancangan(rancangan_id=rancangan.pk, action="submit", by=request.user)
            messages.success(request, _("Rancangan diajukan ke mentor. Anda diberi tahu begitu dijawab."))
    except Refused as refused:
        return _not_saved(request, participant, form, refused)
    if request.headers.get("HX-Request"):
        mentor = _mentor(request, participant)
        missing = missing_for_submission(rancangan, has_mentor=mentor is not None)
        return render(request, "aktualisasi/_saved.html", {"rancangan": rancangan, "mentor": mentor, "missing": missing})
    return redirect("aktualisasi_home")


@allow(Role.PESERTA)
@require_POST
def rancangan_upload(request: AuthedRequest) -> HttpResponse:
    """Save the text that came along, then keep the document as the next version."""
    participant = _writer(request)
    form, upload = RancanganForm(request.POST), UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return author_page(request, participant, form=form, upload=upload, status=422)
    try:
        rancangan = services.save_rancangan(participant_id=participant.pk, by=request.user, **form.cleaned_data)
    except Refused as refused:
        return _not_saved(request, participant, form, refused)
    if upload.is_valid():
        file: UploadedFile = upload.cleaned_data["file"]
        try:
            version = services.upload_version(
                rancangan_id=rancangan.pk, content=file.read(MAX_UPLOAD_BYTES + 1), name=file.name or "", by=request.user
            )
        except Refused as refused:
            upload.add_error("file", refused)
        else:
            messages.success(
                request, _("Versi %(number)s tersimpan, %(pages)s halaman.") % {"number": version.number, "pages": version.pages}
            )
            return redirect("aktualisasi_home")
    return author_page(request, participant, upload=upload, status=422)


@allow(Role.PESERTA, Role.MENTOR)
@require_POST
def rancangan_move(request: AuthedRequest, rancangan_id: int) -> HttpResponse:
    """Withdraw a submission, or take an approval back with the reason."""
    rancangan = get_object_or_404(Rancangan.objects.visible_to(request.user), pk=rancangan_id)
    action = request.POST.get("action", "")
    require(action in ("withdraw", "reopen"))
    services.move_rancangan(rancangan_id=rancangan.pk, action=action, by=request.user, note=seen_text(request.POST.get("note", "")))
    messages.success(request, _("Rancangan ditarik kembali.") if action == "withdraw" else _("Rancangan dibuka lagi untuk diperbaiki."))
    return redirect("aktualisasi_home" if action == "withdraw" else rancangan)


def author_page(
    request: AuthedRequest,
    participant: Participant,
    *,
    form: RancanganForm | None = None,
    upload: UploadForm | None = None,
    status: int = 200,
    stored: Rancangan | None = None,
) -> HttpResponse:
    """Draw the participant's page; a refused form comes back with what was typed."""
    rancangan = Rancangan.objects.visible_to(request.user).filter(participant=participant).first()
    mentor = _mentor(request, participant)
    seminar = deadlines.seminar_of(participant)
    can_write = policies.can_write(request.user, participant)
    context: dict[str, Any] = {
        "participant": participant,
        "rancangan": rancangan,
        "form": form or RancanganForm.of(rancangan),
        "upload": upload or UploadForm(),
        "stored": stored,
        "saved_today": rancangan is not None and timezone.localdate(rancangan.updated_at) == timezone.localdate(),
        "mentor": mentor,
        "seminar": seminar,
        "due": tables.due_on(seminar.starts_on if seminar else None),
        "steps": tables.steps_of(rancangan, seminar.starts_on if seminar else None),
        "files": list(rancangan.files.all()) if rancangan else [],
        "notes": _sent_notes(request, rancangan),
        "can_write": can_write and (rancangan is None or rancangan.is_editable),
        "can_withdraw": rancangan is not None and policies.can_move(request.user, rancangan, "withdraw"),
        "missing": missing_for_submission(rancangan, has_mentor=mentor is not None),
        "answer_due": tables.due_on(deadlines.answer_due(rancangan.stage_at)) if rancangan and rancangan.stage == "submitted" else None,
    }
    return render(request, "aktualisasi/author.html", context, status=status)


def _mentor(request: AuthedRequest, participant: Participant) -> Mentor | None:
    present = MentorAssignment.objects.visible_to(request.user).active().filter(participant=participant)
    assignment = present.select_related("mentor__user", "mentor__satker").first()
    return assignment.mentor if assignment else None


def _writer(request: AuthedRequest) -> Participant:
    participant = (
        Participant.objects.visible_to(request.user).filter(user=request.user).select_related("batch__institute", "satker").first()
    )
    if participant is None or not policies.can_write(request.user, participant):
        raise Http404
    return participant


def _not_saved(request: AuthedRequest, participant: Participant, form: RancanganForm, refused: Refused | None = None) -> HttpResponse:
    """Give back what was typed beside what is stored; saving again is then a decision, not an accident."""
    if request.headers.get("HX-Request"):
        reasons = refused.messages if refused else [str(error) for errors in form.errors.values() for error in errors]
        # 200, because htmx shows nothing of an error answer, and the writer must see that this was not saved.
        return render(request, "aktualisasi/_not_saved.html", {"reasons": reasons})
    stored = None
    if refused is not None:
        form.add_error(None, refused)
    if isinstance(refused, StaleVersion):
        stored = get_object_or_404(Rancangan.objects.visible_to(request.user), participant=participant)
        form.data = {**request.POST.dict(), "version": str(stored.version)}
    return author_page(request, participant, form=form, status=409 if refused else 422, stored=stored)


def _sent_notes(request: AuthedRequest, rancangan: Rancangan | None) -> list[ReviewNote]:
    if rancangan is None:
        return []
    notes = ReviewNote.objects.visible_to(request.user).sent().filter(file__rancangan=rancangan)
    return list(notes.select_related("file", "by").order_by("-file__number", "page", "pk"))
