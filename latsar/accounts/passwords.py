from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from latsar.accounts.models import User

CONTEXT_WORDS = ("kpu", "kip", "latsar", "pemilu", "bawaslu", "pksdm", "satker", "cpns")
SHORTEST, LONGEST, LETTERS = 12, 1000, 5


class VarietyValidator:
    """Refuse the same few letters or one short piece over and over, and what nobody types and only keeps the hasher busy."""

    def validate(self, password: str, user: User | None = None) -> None:
        if len(password) > LONGEST:
            raise ValidationError(_("Kata sandi paling banyak 1.000 huruf. Pendekkan."))
        if len(set(password)) < LETTERS:
            raise ValidationError(_("Kata sandi memakai terlalu sedikit huruf yang berbeda. Pakai paling sedikit 5."))
        if any(password == (password[:size] * len(password))[: len(password)] for size in range(1, min(SHORTEST, len(password) // 2 + 1))):
            raise ValidationError(_("Kata sandi mengulang satu potongan pendek. Pakai beberapa kata yang berbeda."))

    def get_help_text(self) -> str:
        return _("Paling sedikit 5 huruf yang berbeda, tanpa satu potongan yang diulang.")


class ContextWordValidator:
    """Refuse passwords built from the office's own words or the person's NIP and name (ASVS 6.2.11)."""

    def validate(self, password: str, user: User | None = None) -> None:
        letters = re.sub(r"[^a-z]", "", password.lower())
        for word in CONTEXT_WORDS:
            letters = letters.replace(word, "")
        if len(letters) < 4 and any(word in password.lower() for word in CONTEXT_WORDS):
            raise ValidationError(
                _("Kata sandi ini hanya tersusun dari kata kantor dan angka. Pakai beberapa kata lain yang tidak berhubungan.")
            )
        if user is None:
            return
        own = {user.username, *re.findall(r"[a-z]{4,}", user.full_name.lower()), user.email.split("@")[0].lower()}
        if any(len(part) >= 4 and part in password.lower() for part in own):
            raise ValidationError(_("Kata sandi memuat NIP, nama, atau e-mail Anda. Pakai kata lain."))

    def get_help_text(self) -> str:
        return _("Jangan pakai NIP, nama, atau kata kantor.")
