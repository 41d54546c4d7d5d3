"""Asking for the second factor, with a limit per account that no change of network gets around."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticateForm
from allauth.mfa.base.forms import BaseAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.mfa.models import Authenticator
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
                return super().clean_code()
            except ValidationError as error:
                problem, is_last = error, error.code == "incorrect_code" and security.note_wrong_code(self.user)
        if is_last:
            get_adapter().tell_of_change(self.user, security.SHUT, ends_sessions=False)
            raise CodesShut
        raise problem


class AuthenticateForm(_Counted, AllauthAuthenticateForm):
    def save(self) -> None:
        """Tell the owner of a recovery code that it was used: whoever found the list would come in with it."""
        super().save()
        if self.authenticator.type == Authenticator.Type.RECOVERY_CODES:
            audit.record(verb="use_recovery_code", obj=self.user, by=self.user)
            get_adapter().tell_of_change(self.user, security.RECOVERED, ends_sessions=False)


class ReauthenticateForm(_Counted, AllauthReauthenticateForm):
    """The same limit for a session that somebody else may have open."""
