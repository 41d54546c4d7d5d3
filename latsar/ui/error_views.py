"""Answers for what goes wrong; latsar/urls.py names them as handler400, handler403, handler404 and handler500."""

import logging
import secrets
import sys

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template import loader
from django.utils import timezone
from django.utils.translation import gettext as _

from . import words

logger = logging.getLogger("latsar.incident")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that cannot be read."""
    return render(request, "400.html", status=400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404, and the same words and status where somebody lacks the right: existence is not told."""
    return render(request, "404.html", status=404)


def method_not_allowed(request: HttpRequest, refusal: HttpResponseBase) -> HttpResponse:
    """Answer whoever opens the address of a form, such as after signing in again; `refusal` names what it takes."""
    answer = render(request, "405.html", status=405)
    answer.headers["Allow"] = refusal.headers.get("Allow", "POST")
    return answer


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a fault of the portal with the incident number that the log has; needs neither database nor cache."""
    now = timezone.localtime()
    incident = getattr(request, "request_id", "") or secrets.token_hex(8)
    match = request.resolver_match
    logger.error("incident %s in %s %s", incident, request.method, match.view_name if match else "-", exc_info=sys.exc_info())
    facts = {"incident": incident, "moment": f"{words.long_date(now)}, {words.clock_time(now, timezone.get_current_timezone())}"}
    again = request.path if request.method in ("GET", "HEAD") else ""
    try:
        body = loader.render_to_string("500.html", facts | {"again": again, "theme": "auto"})
    except Exception:
        # The template itself may be what is broken: a plain sentence still carries the number.
        logger.exception("incident %s could not draw its page", incident)
        sentence = _("Portal gagal menyelesaikan permintaan ini. Nomor kejadian: %(incident)s") % facts
        return HttpResponse(sentence, status=500, content_type="text/plain; charset=utf-8")
    return HttpResponse(body, status=500)
