"""Private files on their way out: the one place that answers with the bytes of an upload or a document."""

from __future__ import annotations

import logging
from urllib.parse import quote

from django.conf import settings
from django.core.files.storage import Storage
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase

from latsar.documents.intake.names import content_disposition

log = logging.getLogger(__name__)

ACCEL_PREFIX = "/_berkas/"
"""The internal location of deploy/nginx.conf."""
SANDBOX = "default-src 'none'; sandbox"
"""A file from outside may not run, load or embed anything, whatever it turns out to be."""


def serve_private(
    field_file: FieldFile, name: str, *, inline: bool = False, content_type: str = "application/octet-stream"
) -> HttpResponseBase:
    """Answer with a stored file under the name its reader knows; the caller has checked who may read it.

    With SENDFILE=x-accel the proxy sends the bytes. A row whose file is gone is logged and answered 404.
    """
    return serve_stored(field_file.storage, field_file.name or "", name, inline=inline, content_type=content_type)


def serve_stored(
    storage: Storage, stored: str, name: str, *, inline: bool = False, content_type: str = "application/octet-stream"
) -> HttpResponseBase:
    """Answer with a file of a storage by its stored name, for files that have no row (page images)."""
    response: HttpResponseBase
    if settings.SENDFILE == "x-accel":
        response = HttpResponse(content_type=content_type)
        response.headers["X-Accel-Redirect"] = ACCEL_PREFIX + quote(stored)
    else:
        try:
            response = FileResponse(storage.open(stored, "rb"), content_type=content_type)
        except FileNotFoundError as missing:
            log.error("stored file %s is missing", stored)  # noqa: TRY400  the name says all, a trace adds nothing
            raise Http404 from missing
    response.headers["Content-Disposition"] = content_disposition(name, inline=inline)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    return response
