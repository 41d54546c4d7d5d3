from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from latsar.accounts.adapter import normalise_login
from latsar.accounts.models import User
from latsar.ui.numbers import only_digits
from participants.nip import DIGITS

NO_MATCH = _(
    "NIP dan kode ini tidak cocok, atau kodenya sudah dipakai, diganti, atau lewat masanya. Periksa keduanya; bila tetap gagal, minta "
    "slip baru kepada admin satker Anda."
)


class CodeForm(forms.Form):
    """What stands on the slip, and the NIP that does not."""

    nip = forms.CharField(
        label=_("NIP"),
        max_length=40,
        help_text=_("18 angka, spasi boleh ikut."),
        error_messages={"required": _("NIP belum diisi.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "username"}),
    )
    kode = forms.CharField(
        label=_("Kode aktivasi"),
        max_length=40,
        help_text=_("Tiga kelompok empat huruf dan angka di slip Anda. Huruf kecil boleh."),
        error_messages={"required": _("Kode aktivasi belum diisi.")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_nip(self) -> str:
        """Take it with its spaces; what is no NIP at all says so, which tells nothing about anybody."""
        nip = normalise_login(self.cleaned_data["nip"])
        if len(nip) != DIGITS or not only_digits(nip):
            raise ValidationError(_("NIP terdiri dari 18 angka. Periksa angkanya di SK CPNS."))
        return nip


class PasswordForm(forms.Form):
    """The own password, typed twice, judged by the rules of the portal."""

    password1 = forms.CharField(
        label=_("Kata sandi baru"),
        strip=False,
        error_messages={"required": _("Kata sandi belum diisi.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=_("Ketik sekali lagi"),
        strip=False,
        error_messages={"required": _("Ketik kata sandinya sekali lagi.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, account: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_password1(self) -> str:
        password = self.cleaned_data["password1"]
        validate_password(password, self.account)
        return password

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        if data.get("password1") and data.get("password2") and data["password1"] != data["password2"]:
            self.add_error("password2", ValidationError(_("Kedua kata sandi berbeda. Ketik ulang.")))
        return data
