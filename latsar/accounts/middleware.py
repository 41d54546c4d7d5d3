from __future__ import annotations

import secrets
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from latsar.accounts import known_browsers, seen, sessions
from latsar.accounts.access import ADMIN_ACCESS, Access
from latsar.accounts.errors import NotAllowed, Refused, StaleVersion
from latsar.accounts.models import Stranger
from latsar.accounts.request_facts import TRUSTED_KEY, RequestFacts, current
from latsar.accounts.zones import ZONES
from latsar.ui.error_views import method_not_allowed
from latsar.ui.typed import typed_text


def client_ip(request: HttpRequest) -> str | None:
    """The visitor's address; X-Forwarded-For counts only for the proxies we put in front."""
    proxies = settings.TRUSTED_PROXIES
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if proxies and len(forwarded) >= proxies:
        return forwarded[-proxies]
    return request.META.get("REMOTE_ADDR")


def request_context(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        token = current.set(RequestFacts(secrets.token_hex(8), client_ip(request)))
        request.request_id = current.get().request_id  # type: ignore[attr-defined]
        try:
            response = get_response(request)
        finally:
            current.reset(token)
        response.headers["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        return response

    return middleware


def readable_address(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Answer 400 to an address with a NUL sign: no person writes one, and PostgreSQL refuses to look for it."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path_info or any("\0" in text for name, values in request.GET.lists() for text in (name, *values)):
            raise BadRequest("NUL in the address")
        return get_response(request)

    return middleware


class AccessMiddleware:
    """Default deny: every view declares its visitors; staff without a second factor enrol first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated and sessions.is_over(request):  # type: ignore[arg-type]
            logout(request)
        if request.user.is_anonymous:
            request.user = Stranger()
        else:
            sessions.note_use(request)  # type: ignore[arg-type]
        with timezone.override(ZONES[request.user.zone] if request.user.is_authenticated else None):
            response = self.get_response(request)
        known_browsers.write_cookie(request, response)
        if request.user.is_authenticated and response.status_code == HTTPStatus.OK:
            seen.write_noted(request)  # type: ignore[arg-type]
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and request.method == "GET":
            response = method_not_allowed(request, response)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = "private, no-store"
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> HttpResponseBase | None:
        access = self._access(request, view)
        if access.public:
            return None
        if not request.user.is_authenticated:
            return _ask_to_sign_in(request)
        if settings.MFA_REQUIRED and not access.before_mfa and request.user.needs_mfa and not self._has_mfa(request):
            return redirect("mfa_activate_totp")
        if not access.admits(request.user):
            raise Http404
        return None

    @staticmethod
    def _access(request: HttpRequest, view: Callable[..., Any]) -> Access:
        match = request.resolver_match
        if match and match.app_names[:1] == ["admin"]:
            return ADMIN_ACCESS
        access = getattr(view, "access", None)
        if access is None:
            raise ImproperlyConfigured(f"The view {view.__module__}.{getattr(view, '__name__', view)} declares no access policy.")
        return access

    @staticmethod
    def _has_mfa(request: HttpRequest) -> bool:
        from allauth.mfa.adapter import get_adapter

        return request.session.get(TRUSTED_KEY) == request.user.pk or get_adapter().is_mfa_enabled(request.user)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotAllowed):
            return render(request, "404.html", status=404)
        if isinstance(exception, Refused):
            page = "409.html" if isinstance(exception, StaleVersion) else "errors/refused.html"
            said = {"messages_list": exception.messages, "back": _asked_from(request), "typed": typed_text(request.POST)}
            return render(request, page, said, status=409)
        return None


def _asked_from(request: HttpRequest) -> str:
    """The page that a form or an htmx request stood on; an address that only takes forms cannot be opened again."""
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if page and url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        parts = urlsplit(page)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return reverse("home")


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to the sign-in page and from there back; htmx must leave the page, not draw the sign-in inside it."""
    is_piece = request.headers.get("HX-Request") == "true"
    is_page = request.method in ("GET", "HEAD") and not is_piece
    answer = redirect_to_login(request.get_full_path() if is_page else _asked_from(request))
    return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": answer.url}) if is_piece else answer
