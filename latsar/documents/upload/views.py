"""tus 1.0 over HTTP: POST begins, HEAD asks how far, PATCH adds a piece, DELETE ends. Ref: tus.io/protocols/resumable-upload."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from functools import wraps

from django.http import HttpResponse
from django.http.request import UnreadablePostError
from django.urls import reverse
from django.utils.http import http_date
from django.views.decorators.http import require_http_methods

from latsar.accounts.access import signed_in
from latsar.accounts.errors import NotAllowed
from latsar.accounts.models import AuthedRequest
from latsar.documents.intake.refusal import MAX_UPLOAD_BYTES
from latsar.documents.upload import services
from latsar.documents.upload.errors import BadRequest, Gone, TooLarge, UploadProblem
from latsar.documents.upload.sessions import UploadSession

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,termination"
PIECE_TYPE = "application/offset+octet-stream"
DIGITS = 12


def tus(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Speak the protocol around a view: version in, version out, problems as their status without a page."""

    @wraps(view)
    def speak(request: AuthedRequest, *args: str, **kwargs: str) -> HttpResponse:
        if request.method == "OPTIONS":
            return _say(
                HttpResponse(status=204), **{"Tus-Version": VERSION, "Tus-Extension": EXTENSIONS, "Tus-Max-Size": str(MAX_UPLOAD_BYTES)}
            )
        if request.headers.get("Tus-Resumable") != VERSION:
            return _say(HttpResponse(status=412), **{"Tus-Version": VERSION})
        try:
            return _say(view(request, *args, **kwargs))
        except UploadProblem as problem:
            return _say(HttpResponse(status=problem.status))
        except NotAllowed:
            return _say(HttpResponse(status=404))

    return speak


@signed_in
@require_http_methods(["OPTIONS", "POST"])
@tus
def upload_start(request: AuthedRequest) -> HttpResponse:
    """Begin an upload: `Upload-Length`, and in `Upload-Metadata` the ticket of the page and the file's name."""
    facts = _metadata(request.headers.get("Upload-Metadata", ""))
    length = _number(request.headers.get("Upload-Length", ""))
    session = services.start_upload(ticket=facts.get("ticket", ""), name=facts.get("filename", ""), length=length, by=request.user)
    response = HttpResponse(status=201)
    response.headers["Location"] = reverse("upload_part", args=[session.token])
    return _with_state(response, session)


@signed_in
@require_http_methods(["OPTIONS", "HEAD", "PATCH", "DELETE"])
@tus
def upload_part(request: AuthedRequest, token: str) -> HttpResponse:
    if request.method == "PATCH":
        return _add(request, token)
    if request.method == "DELETE":
        services.drop_upload(token=token, by=request.user)
        return HttpResponse(status=204)
    session = UploadSession.objects.visible_to(request.user).filter(token=token).first()
    if session is None:
        raise NotAllowed
    if session.is_expired:
        raise Gone
    response = _with_state(HttpResponse(status=200), session)
    response.headers["Upload-Length"] = str(session.length)
    return response


def _add(request: AuthedRequest, token: str) -> HttpResponse:
    if request.content_type != PIECE_TYPE:
        return HttpResponse(status=415)
    offset = _number(request.headers.get("Upload-Offset", ""))
    announced = _number(request.headers.get("Content-Length", ""))
    if announced > services.MAX_PIECE_BYTES:
        raise TooLarge
    try:
        piece = request.read(announced)
    except UnreadablePostError as broken:
        raise BadRequest from broken  # the line broke: the sender asks how far we are and goes on from there
    session = services.add_piece(token=token, offset=offset, piece=piece, by=request.user)
    return _with_state(HttpResponse(status=204), session)


def _with_state(response: HttpResponse, session: UploadSession) -> HttpResponse:
    response.headers["Upload-Offset"] = str(session.offset)
    response.headers["Upload-Expires"] = http_date(session.expires_at.timestamp())
    return response


def _say(response: HttpResponse, **headers: str) -> HttpResponse:
    response.headers["Tus-Resumable"] = VERSION
    response.headers["Cache-Control"] = "no-store"
    for name, value in headers.items():
        response.headers[name] = value
    return response


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > DIGITS:
        raise BadRequest
    return int(text)


def _metadata(header: str) -> dict[str, str]:
    """Read `key base64, key base64`; what cannot be read refuses the request."""
    found = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _space, value = pair.partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as unreadable:
            raise BadRequest from unreadable
    return found
