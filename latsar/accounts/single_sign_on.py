"""Sign-in with the office's own account (OpenID Connect): it finds an existing account, it never makes one."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.stages import AuthenticateStage
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthError, AuthProcess
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from latsar.accounts import audit
from latsar.accounts.models import User
from latsar.accounts.names import normalise_login
from latsar.accounts.request_facts import TRUSTED_KEY

log = logging.getLogger(__name__)

STATUS = {"unknown": HTTPStatus.FORBIDDEN, "failed": HTTPStatus.BAD_REQUEST, "down": HTTPStatus.SERVICE_UNAVAILABLE}


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """An identity is tied to the account with its NIP or its verified e-mail, once, and recorded."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Refuse whoever has no account here. Nobody ties a further identity to a session that is open already."""
        if sociallogin.state.get("process", AuthProcess.LOGIN) != AuthProcess.LOGIN:
            raise ImmediateHttpResponse(refusal(request, "failed"))
        if sociallogin.is_existing:
            return
        user = account_of(claims_of(sociallogin))
        if user is None:
            raise ImmediateHttpResponse(refusal(request, "unknown"))
        if not user.is_active:
            raise ImmediateHttpResponse(redirect("account_inactive"))
        sociallogin.connect(request, user)
        audit.record(verb="link_sso", obj=user, by=user, note=settings.OIDC_NAME)

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """Lead back to the sign-in page who cancelled; say in words what else went wrong."""
        if error == AuthError.CANCELLED:
            raise ImmediateHttpResponse(redirect("account_login"))
        log.warning("single sign-on failed: %s %s", error, type(exception).__name__)
        raise ImmediateHttpResponse(refusal(request, "failed"))


class SecondFactorStage(AuthenticateStage):
    """Leave out our code where the settings trust the provider to have asked for one."""

    def handle(self) -> tuple[Any, bool]:
        sociallogin = (self.login.signal_kwargs or {}).get("sociallogin")
        if sociallogin is not None and is_trusted(sociallogin):
            self.request.session[TRUSTED_KEY] = self.login.user.pk
            return None, True
        self.request.session.pop(TRUSTED_KEY, None)
        return super().handle()


def account_of(claims: dict[str, Any]) -> User | None:
    """Return the account with the NIP of the claims, or where they name none, with their verified e-mail."""
    if nip := str(claims.get(settings.OIDC_NIP_CLAIM) or "").strip() if settings.OIDC_NIP_CLAIM else "":
        return User.objects.filter(username=normalise_login(nip)).first()
    email = str(claims.get("email") or "").strip()
    if not email or claims.get("email_verified") is not True:
        return None
    return User.objects.filter(email__iexact=email).first()


def claims_of(sociallogin: SocialLogin) -> dict[str, Any]:
    """Put together what the token and the user page of the provider say; the token counts more."""
    data = sociallogin.account.extra_data
    return {**data.get("userinfo", {}), **data.get("id_token", {})}


def is_trusted(sociallogin: SocialLogin) -> bool:
    """Whether the token says that a second factor was asked for, in a way that the settings trust."""
    token = sociallogin.account.extra_data.get("id_token", {})
    methods = token.get("amr") or []
    asked = set(methods if isinstance(methods, list) else [methods])
    return bool(asked & set(settings.OIDC_TRUSTED_AMR)) or token.get("acr") in settings.OIDC_TRUSTED_ACR


def refusal(request: HttpRequest, why: str) -> HttpResponse:
    """Answer a single sign-on that leads nowhere; the same words for an unknown account as for an unverified address."""
    return render(request, "account/sso_refused.html", {"why": why, "name": settings.OIDC_NAME}, status=STATUS[why])
