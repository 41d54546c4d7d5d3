from __future__ import annotations

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

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

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    """Say what to do about a wrong code, not only that it is wrong."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("Kode salah. Tunggu angka berikutnya di aplikasi, lalu ketik angka itu."),
    }


def normalise_login(login: str) -> str:
    """Return the NIP as its 18 digits when that is what was typed; anything else unchanged."""
    login = login.strip()
    digits = login.replace(" ", "").replace(".", "")
    return digits if digits.isdigit() and len(digits) == 18 else login.lower()


def attempted_login(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str | None:
    """The name that axes counts failures under: the account's own, however it was typed."""
    credentials = credentials or {}
    login = credentials.get("username") or credentials.get("email") or (request and request.POST.get("login"))
    return normalise_login(login) if login else None


def lockout_response(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None = None, *args: Any, **kwargs: Any
) -> HttpResponse:
    return render(request, "account/locked.html", status=429)
