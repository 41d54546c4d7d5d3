"""A private calendar address per person. Only a hash of the token is kept; the token itself is made from a nonce and the
installation's secret, so that the page can show it again while the rows alone open nothing."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser

SALT = "participants.calendar_address"
TOKEN_LETTERS = 40
"""160 bits as hexadecimal digits."""


class CalendarAddressQuerySet(models.QuerySet["CalendarAddress"]):
    def visible_to(self, user: AnyUser) -> CalendarAddressQuerySet:
        return self.filter(user_id=user.scope.user_id)

    def of_token(self, token: str) -> CalendarAddressQuerySet:
        """Find by token; a person who is shut out has no calendar."""
        return self.filter(token_hash=hash_token(token), user__is_active=True)


class CalendarAddress(models.Model):
    user = models.OneToOneField("accounts.User", models.CASCADE, related_name="calendar_address", verbose_name=_("akun"))
    nonce = models.CharField(max_length=32)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("dibuat"), default=timezone.now)

    objects = CalendarAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("alamat kalender")
        verbose_name_plural = _("alamat kalender")

    def __str__(self) -> str:
        return str(self.user)

    @property
    def token(self) -> str:
        """The token again, under the present key or one before it; empty when neither made it."""
        made = (make_token(self.user_id, self.nonce, key=key) for key in ("", *settings.SECRET_KEY_FALLBACKS))
        return next((token for token in made if hash_token(token) == self.token_hash), "")


def new_nonce() -> str:
    return secrets.token_hex(16)


def make_token(user_id: int, nonce: str, *, key: str = "") -> str:
    """Make the token of a nonce; keyed with the installation's secret."""
    return salted_hmac(SALT, f"{user_id}:{nonce}", secret=key or None, algorithm="sha256").hexdigest()[:TOKEN_LETTERS]


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
