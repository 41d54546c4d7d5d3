from __future__ import annotations

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from latsar.accounts import known_browsers, security, sessions
from latsar.accounts.devices import about_address, device_name
from latsar.accounts.names import normalise_login
from latsar.accounts.request_facts import current

NO_MATCH = _("NIP, e-mail, atau kata sandi tidak cocok. Periksa lagi; huruf besar dan kecil dibedakan.")


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by invitation only; the sign-in name may be typed as printed (spaces, dots)."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": NO_MATCH,
        "email_password_mismatch": NO_MATCH,
        "incorrect_password": _("Kata sandi tidak cocok. Ketik ulang."),
        "enter_current_password": _("Kata sandi sekarang tidak cocok. Ketik ulang."),
    }

    def format_email_subject(self, subject: str) -> str:
        return subject

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask again only after the timeout: a password typed a moment ago to sign in counts."""
        records = get_authentication_records(self.request, self.request.user)
        return not records or time.time() - records[-1]["at"] >= app_settings.REAUTHENTICATION_TIMEOUT

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Leave the form behind: all sessions have ended, and signing in again leads to where this says."""
        return reverse("account")

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        """Ask for the code unless the provider of a single sign-on has, as the settings say."""
        ours = "latsar.accounts.single_sign_on.SecondFactorStage"
        return [ours if stage == "allauth.mfa.stages.AuthenticateStage" else stage for stage in super().get_login_stages()]

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign in; another browser than those used before is told to the owner, the very first one is nobody else's."""
        is_told = user.last_login is not None and not known_browsers.is_known(request, user)
        super().login(request, user)
        sessions.note_sign_in(request)
        known_browsers.remember(request, user)
        if is_told:
            device, address = device_name(request.headers.get("User-Agent", "")), about_address(current.get().client_ip)
            self.tell_of_change(user, security.NEW_BROWSER % {"device": device, "address": address or "-"}, ends_sessions=False)

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Answer a change of password or second factor: an audit row, the end of the other sessions, a mail to the person.

        The library calls this after each such change, whichever page it came from.
        """
        if event := security.EVENTS.get(template_prefix):
            own = self.request.session.session_key if self.request.user == user else None
            security.note_change(user=user, event=event, keep=own)
            self.tell_of_change(user, event.text)

    def tell_of_change(self, user: Any, what: object, *, ends_sessions: bool = True, to: str = "") -> None:
        """Mail the person what changed, to their address or to the one given."""
        if address := to or user.email:
            facts = {"user": user, "what": what, "name": user.full_name, "at": timezone.now(), "ends_sessions": ends_sessions}
            self.send_mail("account/email/security_notice", address, facts)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Say what to do about a wrong code, not only that it is wrong."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("Kode salah. Tunggu angka berikutnya di aplikasi, lalu ketik angka itu."),
    }


def attempted_login(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str | None:
    """The name that axes counts failures under: the account's own, however it was typed."""
    credentials = credentials or {}
    login = credentials.get("username") or credentials.get("email") or (request and request.POST.get("login"))
    return normalise_login(login) if login else None


def lockout_response(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None = None, *args: Any, **kwargs: Any
) -> HttpResponse:
    return render(request, "account/locked.html", status=429)
