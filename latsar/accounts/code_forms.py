"""Asking for the second factor, with a limit per account that no change of network gets around."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticateForm
from allauth.mfa.base.forms import BaseAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction

from latsar.accounts import audit, security
from latsar.accounts.models import User


class CodesShut(Exception):
    """The account had too many wrong codes; its view says so and ends the half-made sign-in."""


class _Counted(BaseAuthenticateForm):
    user: User

    def clean_code(self) -> str:
        """Take the code under a lock on the account, so that tries at the same moment are counted one by one."""
        with transaction.atomic():
            User.objects.select_for_update().get(pk=self.user.pk)
            if security.codes_are_shut(self.user):
                raise CodesShut
            try:
                code = super().clean_code()
                self._refuse_second_use(code)
                return code
            except ValidationError as error:
                problem, is_last = error, error.code == "incorrect_code" and security.note_wrong_code(self.user)
        if is_last:
            get_adapter().tell_of_change(self.user, security.SHUT, ends_sessions=False)
            raise CodesShut
        raise problem

    def _refuse_second_use(self, code: str) -> None:
        """Take a code of the app once for as long as it holds (RFC 6238, 5.2); the library forgets it after one of its half minutes."""
        life = mfa_settings.TOTP_PERIOD * (1 + 2 * mfa_settings.TOTP_TOLERANCE)
        digits = "".join(filter(str.isdigit, code))
        if self.authenticator.type == Authenticator.Type.TOTP and not cache.add(f"code-used:{self.user.pk}:{digits}", 1, life):
            raise get_mfa_adapter().validation_error("incorrect_code")


class AuthenticateForm(_Counted, AllauthAuthenticateForm):
    def save(self) -> None:
        """Tell the owner of a recovery code that it was used: whoever found the list would come in with it."""
        super().save()
        if self.authenticator.type == Authenticator.Type.RECOVERY_CODES:
            audit.record(verb="use_recovery_code", obj=self.user, by=self.user)
            get_adapter().tell_of_change(self.user, security.RECOVERED, ends_sessions=False)


class ReauthenticateForm(_Counted, AllauthReauthenticateForm):
    """The same limit for a session that somebody else may have open."""
