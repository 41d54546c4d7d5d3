from __future__ import annotations

from allauth.mfa.adapter import get_adapter
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from latsar.accounts.access import before_mfa, signed_in
from latsar.accounts.active_role import active_grant, choose_grant
from latsar.accounts.models import AuthedRequest, User

YEAR_SECONDS = 365 * 24 * 3600


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


@signed_in
@require_POST
def switch_role(request: AuthedRequest) -> HttpResponse:
    role = request.POST.get("role", "")
    if not role.isdigit() or not choose_grant(request, int(role)):
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
