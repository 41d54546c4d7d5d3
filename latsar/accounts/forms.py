from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm
from allauth.core import ratelimit
from django.core.validators import EmailValidator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from latsar.accounts.adapter import normalise_login
from latsar.accounts.passwords import LONGEST

LIMITS = {"login": 254, "password": LONGEST}


class LoginForm(AllauthLoginForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("NIP atau e-mail")
        self.fields["password"].label = _("Kata sandi")
        self.fields["remember"].label = _("Biarkan saya tetap masuk di perangkat ini")
        self.fields["login"].error_messages["required"] = _("NIP atau e-mail belum diisi.")
        self.fields["password"].error_messages["required"] = _("Kata sandi belum diisi.")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def clean_login(self) -> str:
        return normalise_login(self.cleaned_data["login"])

    def clean(self) -> dict[str, Any] | None:
        """Answer what no account can have as any wrong pair, before it reaches the database and the hasher."""
        if any(len(self.cleaned_data.get(name, "")) > limit for name, limit in LIMITS.items()):
            raise get_adapter().validation_error("username_password_mismatch")
        return super().clean()

    def user_credentials(self) -> dict[str, Any]:
        """Hand the name over once: with the address beside it, a known address is hashed twice and answers later than an unknown one."""
        credentials = super().user_credentials()
        credentials.pop("email", None)
        return credentials


class ResetPasswordForm(AllauthResetPasswordForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        email = self.fields["email"]
        email.error_messages["required"] = _("Alamat e-mail belum diisi.")
        # Django's validator speaks first and brings its own words.
        email.validators = [EmailValidator(_("Alamat e-mail belum lengkap. Periksa ejaannya, misalnya nama@contoh.go.id."))]

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Send the link, unless the address has had enough of them this hour: nobody fills somebody else's mailbox."""
        email = self.cleaned_data["email"]
        if not ratelimit.consume(request, action="reset_mail", key=email.lower()):
            return email
        return super().save(request, **kwargs)
