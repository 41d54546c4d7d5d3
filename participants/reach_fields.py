"""How somebody is reached, as fields: the same checks and words for the registrar's form and for one's own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from participants.workbook.fields import FieldError, read_phone


def email_field(help_text: Any, *, autocomplete: str = "off") -> forms.EmailField:
    return forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=help_text,
        widget=forms.EmailInput(attrs={"autocomplete": autocomplete}),
        error_messages={
            "required": _("E-mail belum diisi."),
            "invalid": _("Alamat e-mail belum lengkap. Periksa ejaannya, misalnya nama@contoh.go.id."),
        },
    )


class PhoneField(forms.CharField):
    """An optional number, read as the import reads it."""

    def __init__(self, help_text: Any, *, autocomplete: str = "off") -> None:
        widget = forms.TextInput(attrs={"type": "tel", "autocomplete": autocomplete})
        super().__init__(label=_("Nomor HP"), max_length=30, required=False, help_text=help_text, widget=widget)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        try:
            return read_phone(typed) if typed else ""
        except FieldError as error:
            raise forms.ValidationError(error.message) from None
