"""The first sign-in of an invited person, without an account's password to ask for: slip or mail, then the own password."""

from __future__ import annotations

import hashlib
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from latsar.accounts.access import public
from latsar.accounts.errors import Refused
from latsar.accounts.middleware import client_ip
from latsar.accounts.models import User
from latsar.documents.throttle import WINDOW_SECONDS, admits
from participants.activation_forms import NO_MATCH, CodeForm, PasswordForm
from participants.services.activation import Proof, account_of, activate_account, is_fresh, prove_by_code, prove_by_link

SESSION_KEY = "activation"
TRIES_PER_PERSON = 6
"""Tries for one NIP from one network in a minute: nobody can use up the tries of somebody elsewhere."""
TRIES_PER_NETWORK = 60
"""A hall of new participants behind one address."""


@public
@sensitive_post_parameters("kode")
@require_http_methods(["GET", "HEAD", "POST"])
def activate(request: HttpRequest) -> HttpResponse:
    """Ask for NIP and code; the same answer whatever of it is wrong."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        nip = form.cleaned_data["nip"]
        if not _admits(request, nip):
            response = render(request, "participants/activate_wait.html", status=429)
            response.headers["Retry-After"] = str(WINDOW_SECONDS)
            return response
        proof = prove_by_code(nip=nip, code=form.cleaned_data["kode"])
        if proof is not None:
            _remember(request, proof)
            return redirect("activate_password")
        form.add_error(None, NO_MATCH)
    return _unkept(render(request, "participants/activate.html", {"form": form}, status=422 if form.errors else 200))


@public
@require_GET
def activate_link(request: HttpRequest, uidb36: str, key: str) -> HttpResponse:
    """Take the link of a mail to the same last step; opening it uses nothing up."""
    proof = prove_by_link(uid=uidb36, token=key)
    if proof is None:
        return _unkept(render(request, "participants/activate_gone.html"))
    _remember(request, proof)
    return redirect("activate_password")


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def activate_password(request: HttpRequest) -> HttpResponse:
    """Let the proven person choose a password, and sign in."""
    proof = _remembered(request)
    account = account_of(proof) if proof else None
    if proof is None or account is None:
        return redirect("activate")
    form = PasswordForm(request.POST or None, account=account)
    if request.method == "POST" and form.is_valid():
        try:
            activated = activate_account(proof=proof, password=form.cleaned_data["password1"])
        except Refused:
            del request.session[SESSION_KEY]
            return _unkept(render(request, "participants/activate_gone.html"))
        return _enter(request, activated)
    context = {"form": form, "first_name": _first_name(account)}
    return _unkept(render(request, "participants/activate_password.html", context, status=422 if form.errors else 200))


def _enter(request: HttpRequest, account: User) -> HttpResponse:
    request.session.pop(SESSION_KEY, None)
    record_authentication(request, account, method="password", username=account.username)
    response: HttpResponse = perform_login(request, account, redirect_url=reverse("contact_edit" if "kontak" in request.POST else "home"))
    messages.success(request, _("Selamat datang, %(name)s. Akun Anda aktif; lain kali masuk dengan NIP.") % {"name": _first_name(account)})
    return response


def _admits(request: HttpRequest, nip: str) -> bool:
    address = client_ip(request) or ""
    person = hashlib.sha256(nip.encode()).hexdigest()[:16]
    return admits("activate", address, TRIES_PER_NETWORK) and admits(f"activate-{person}", address, TRIES_PER_PERSON)


def _remember(request: HttpRequest, proof: Proof) -> None:
    request.session[SESSION_KEY] = {**vars(proof), "at": timezone.now().timestamp()}


def _remembered(request: HttpRequest) -> Proof | None:
    kept: dict[str, Any] = dict(request.session.get(SESSION_KEY) or {})
    if not kept or not is_fresh(kept.pop("at"), timezone.now()):
        return None
    return Proof(**kept)


def _first_name(account: User) -> str:
    """The name alone, without titles: enough to recognise oneself, no more."""
    words = [word for word in account.get_short_name().split() if not word.endswith(".")]
    return words[0] if words else account.get_short_name()


def _unkept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
