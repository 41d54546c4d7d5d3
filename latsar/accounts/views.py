from __future__ import annotations

import logging
from datetime import datetime, timedelta
from http import HTTPStatus

from allauth.account.internal.stagekit import clear_login
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as mfa
from allauth.socialaccount.providers.openid_connect import views as openid
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from requests import RequestException

from latsar.accounts import sessions
from latsar.accounts.access import before_mfa, public, signed_in
from latsar.accounts.active_role import active_grant, choose_grant
from latsar.accounts.code_forms import CodesShut
from latsar.accounts.models import AuthedRequest, User
from latsar.accounts.single_sign_on import refusal
from latsar.ui.numbers import whole_number

log = logging.getLogger(__name__)

YEAR_SECONDS = 365 * 24 * 3600


@public
@sensitive_post_parameters("code")
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor; after too many wrong codes the sign-in that was half made is dropped."""
    try:
        return mfa.authenticate(request)
    except CodesShut:
        clear_login(request)
        return render(request, "account/codes_shut.html", status=HTTPStatus.TOO_MANY_REQUESTS)


@before_mfa
@sensitive_post_parameters("code")
def repeat_code(request: HttpRequest) -> HttpResponse:
    try:
        return mfa.reauthenticate(request)
    except CodesShut:
        return render(request, "account/codes_shut.html", status=HTTPStatus.TOO_MANY_REQUESTS)


@before_mfa
@require_GET
def account(request: AuthedRequest) -> HttpResponse:
    context = {
        "grants": request.user.valid_grants,
        "current": active_grant(request),
        "has_mfa": get_adapter().is_mfa_enabled(request.user),
        "themes": User.Theme.choices,
        "languages": settings.LANGUAGES,
    }
    return render(request, "accounts/account.html", context)


@public
@require_POST
def sso_begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to the provider of the single sign-on; one that does not answer is said in words."""
    try:
        return openid.login(request, provider_id)
    except RequestException:
        log.exception("the provider of the single sign-on does not answer")
        return refusal(request, "down")


@before_mfa
@require_GET
def sign_ins(request: AuthedRequest) -> HttpResponse:
    """Where this person is signed in."""
    rows = sessions.sign_ins_of(request.user, request.session.session_key)
    context = {
        "rows": rows,
        "others": sum(not row.is_current for row in rows),
        "idle_minutes": sessions.idle_minutes(request.user),
        "longest_hours": sessions.LONGEST_SECONDS // 3600,
    }
    return render(request, "accounts/sign_ins.html", context)


@before_mfa
@require_POST
def sign_in_end(request: AuthedRequest) -> HttpResponse:
    device = sessions.end_sign_in(sign_in_id=whole_number(request.POST.get("sesi")) or 0, by=request.user)
    messages.success(request, _("Sesi di %(device)s diakhiri.") % {"device": device}, extra_tags="toast")
    return redirect("sign_ins")


@before_mfa
@require_POST
def sign_ins_end(request: AuthedRequest) -> HttpResponse:
    """End every session but this one."""
    ended = sessions.end_sign_ins(user=request.user, by=request.user, keep=request.session.session_key)
    said = ngettext("%(count)d sesi lain diakhiri.", "%(count)d sesi lain diakhiri.", ended) % {"count": ended}
    messages.success(request, said if ended else _("Tidak ada sesi lain."), extra_tags="toast")
    return redirect("sign_ins")


@public
@require_http_methods(["GET", "POST"])
def session_pulse(request: HttpRequest) -> HttpResponse:
    """Tell an open page how long its session lasts, or that it is over; a POST is use of the session, the page's own GET is not."""
    if not request.user.is_authenticated:
        return _told(request, "over", status=HTTPStatus.UNAUTHORIZED)
    if request.GET.get("akun") != str(request.user.pk):
        return _told(request, "other", status=HTTPStatus.CONFLICT)
    if request.method == "POST":
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    left = sessions.remaining(request)  # type: ignore[arg-type]
    if left is None or not left.is_soon:
        return JsonResponse({"ask_in": left and left.ask_in, "token": get_token(request), "notice": ""})
    ends_at = timezone.now() + timedelta(seconds=left.seconds)
    return _told(request, "last" if left.is_last else "soon", ends_at=ends_at, ask_in=left.ask_in, token=get_token(request))


def _told(
    request: HttpRequest, state: str, *, ends_at: datetime | None = None, status: int = HTTPStatus.OK, **facts: object
) -> JsonResponse:
    context = {"state": state, "ends_at": ends_at, "hours": sessions.LONGEST_SECONDS // 3600}
    notice = render_to_string("accounts/_session_notice.html", context, request)
    return JsonResponse({**facts, "notice": notice}, status=status, headers={"Cache-Control": "private, no-store"})


@before_mfa
@require_GET
def signed_in_again(request: AuthedRequest) -> HttpResponse:
    """Where the sign-in ends that an open page asked for: the person goes back to that page."""
    return render(request, "accounts/signed_in_again.html")


@signed_in
@require_POST
def switch_role(request: AuthedRequest) -> HttpResponse:
    role = whole_number(request.POST.get("role"))
    if role is None or not choose_grant(request, role):
        raise Http404
    return redirect("home")


@before_mfa
@require_POST
def set_theme(request: AuthedRequest) -> HttpResponse:
    """Keep how the portal looks: the theme with the account, the language with the device."""
    theme, language = request.POST.get("theme", ""), request.POST.get("language", "")
    if theme in User.Theme.values:
        User.objects.visible_to(request.user).filter(pk=request.user.pk).update(theme=theme)
    answer = redirect(_back(request))
    if language in dict(settings.LANGUAGES):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR_SECONDS, samesite="Lax", httponly=True, secure=request.is_secure()
        )
    return answer


def _back(request: AuthedRequest) -> str:
    target = request.POST.get("next", "")
    return target if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}) else "/"
