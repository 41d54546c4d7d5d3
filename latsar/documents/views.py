"""Public verification: what an outsider may know about a document, and nothing more."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from latsar.accounts.access import public
from latsar.documents import lookup
from latsar.documents.check import SignatureState, check_pdf
from latsar.documents.forms import NO_FILE, CodeForm, FileForm, NumberForm
from latsar.documents.models import DocumentState, IssuedDocument
from latsar.documents.throttle import limited


@dataclass(frozen=True)
class Comparison:
    """What the compared file turned out to be: a notice of `kind`."""

    kind: str
    title: str
    text: str


@public
@limited
@require_http_methods(["GET", "HEAD", "POST"])
def verify_home(request: HttpRequest) -> HttpResponse:
    """Find a document by code, by number and name, or by its file; nothing is written."""
    way = request.POST.get("cara")
    code = CodeForm(request.POST if way == "kode" else None)
    number = NumberForm(request.POST if way == "nomor" else None)
    upload = FileForm(*_uploaded(request) if way == "berkas" else ())
    for form in (code, number):
        if form.is_bound and form.is_valid() and form.found:
            return _unlisted(redirect(form.found))
    if upload.is_bound and upload.is_valid():
        document = lookup.by_file(upload.content)
        if document is not None:
            return _document_page(request, document, FileForm(), _compare(document, upload.content))
        upload.add_error("berkas", NO_FILE)
    return _unlisted(render(request, "documents_pages/verify_home.html", {"code": code, "number": number, "upload": upload}))


@public
@limited
@require_http_methods(["GET", "HEAD", "POST"])
def verify_document(request: HttpRequest, token: str) -> HttpResponse:
    """Say whether the document counts; an uploaded file is compared byte for byte."""
    document = lookup.by_token(token)
    if document is None:
        return _unlisted(render(request, "documents_pages/not_found.html", {"number": NumberForm()}, status=404))
    upload = FileForm(*_uploaded(request) if request.method == "POST" else ())
    comparison = _compare(document, upload.content) if upload.is_bound and upload.is_valid() else None
    return _document_page(request, document, upload, comparison)


def _document_page(request: HttpRequest, document: IssuedDocument, upload: FileForm, comparison: Comparison | None) -> HttpResponse:
    facts = {
        "document": document,
        "shown": document.face.get("public", {}),
        "is_revoked": document.state == DocumentState.REVOKED,
        "successor": document.replaced_by if document.replaced_by and document.replaced_by.state != DocumentState.PREPARED else None,
        "upload": upload,
        "number": NumberForm(),
        "comparison": comparison,
        "now": timezone.now(),
    }
    return _unlisted(render(request, "documents_pages/verify_document.html", facts))


def _compare(document: IssuedDocument, data: bytes) -> Comparison:
    if not lookup.is_same_file(document, data):
        return Comparison(
            "bad",
            _("Berkas Anda berbeda dari arsip kami."),
            _("Isinya sudah berubah sejak diterbitkan, walau hanya satu tanda. Jangan dipakai; minta berkas aslinya kepada pemegang."),
        )
    if document.state == DocumentState.REVOKED:
        return Comparison(
            "warn",
            _("Berkas Anda sama dengan arsip kami, tetapi dokumennya sudah dicabut."),
            _("Mintalah dokumen penggantinya."),
        )
    text = _("Tidak ada satu tanda pun yang berubah sejak diterbitkan.")
    verdict = check_pdf(data, document.sha256) if document.is_signed else None  # our own bytes, so safe to parse here
    if verdict is not None and verdict.signature is SignatureState.INTACT:
        text += " " + _("Tanda tangan elektroniknya utuh, atas nama %(signer)s.") % {"signer": verdict.signer}
    return Comparison("ok", _("Berkas Anda sama persis dengan arsip kami."), text)


def _uploaded(request: HttpRequest) -> tuple[object, object]:
    return request.POST, request.FILES


def _unlisted(response: HttpResponse) -> HttpResponse:
    """Keep search engines and caches from holding people's names."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Cache-Control"] = "no-store"
    return response
