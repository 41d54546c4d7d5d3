from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from latsar.ui.typed import TypedField


class RevokeForm(forms.Form):
    """The reason is public: it stands on the verification page."""

    reason = TypedField(
        label=_("Alasan pencabutan"),
        max_length=300,
        help_text=_("Tampil di halaman verifikasi. Jangan menulis data pribadi."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Alasan pencabutan belum ditulis.")},
    )
    reissue = forms.BooleanField(
        label=_("Langsung terbitkan penggantinya dengan data yang sekarang"),
        required=False,
        help_text=_("Perbaiki dulu datanya bila salah."),
    )
