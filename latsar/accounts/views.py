from __future__ import annotations

from allauth.mfa.adapter import get_adapter
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from latsar.accounts.access import before_mfa, signed_in
from latsar.accounts.active_role import choose_grant
from latsar.accounts.models import AuthedRequest, User


@before_mfa
@require_GET
def account(request: AuthedRequest) -> HttpResponse:
    has_mfa = get_adapter().is_mfa_enabled(request.user)
    return render(request, "accounts/account.html", {"grants": request.user.valid_grants, "has_mfa": has_mfa, "themes": User.Theme.choices})


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
    theme = request.POST.get("theme", "")
    if theme in User.Theme.values:
        User.objects.visible_to(request.user).filter(pk=request.user.pk).update(theme=theme)
    return redirect(_back(request))


def _back(request: AuthedRequest) -> str:
    target = request.POST.get("next", "")
    return target if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}) else "/"
