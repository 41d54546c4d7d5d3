"""How long a mailed link opens an account. Reached through the settings only: the library's forms must be loaded first."""

from __future__ import annotations

from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from django.utils.http import base36_to_int

from latsar.accounts.models import User
from latsar.accounts.security import link_seconds


class LinkTokens(EmailAwarePasswordResetTokenGenerator):
    """An invited person has days for the first password; a link to replace one in use lives for RESET_LINK_SECONDS."""

    def check_token(self, user: User | None, token: str | None) -> bool:
        if user is None or not token or not super().check_token(user, token):
            return False
        age = self._num_seconds(self._now()) - base36_to_int(token.split("-")[0])
        return age <= link_seconds(user)
