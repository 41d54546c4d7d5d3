from __future__ import annotations

from allauth.account.forms import LoginForm as AllauthLoginForm
from django.utils.translation import gettext_lazy as _

from latsar.accounts.adapter import normalise_login


class LoginForm(AllauthLoginForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("NIP atau e-mail")
        self.fields["password"].label = _("Kata sandi")
        self.fields["remember"].label = _("Biarkan saya tetap masuk di perangkat ini")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def clean_login(self) -> str:
        return normalise_login(self.cleaned_data["login"])
