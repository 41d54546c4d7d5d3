from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from latsar.ui.typed import TypedField
from participants.contacts import ContactState
from participants.enums import ClothingSize
from participants.models import Participant
from participants.people import SHOE_SIZES
from participants.reach_fields import PhoneField, email_field

UNKNOWN = ("", _("Belum diisi"))


class ContactForm(forms.Form):
    """How to reach oneself, and the sizes for residential training."""

    email = email_field(
        _("Alamat baru dibuktikan dengan kode, lalu diperiksa satker. Sampai diterima, yang lama tetap dipakai."), autocomplete="email"
    )
    phone = PhoneField(_("Nomor baru diperiksa satker dahulu."), autocomplete="tel")
    address = TypedField(label=_("Alamat"), max_length=250, required=False, help_text=_("Langsung berlaku."))
    clothing_size = forms.ChoiceField(label=_("Ukuran baju"), required=False, choices=[UNKNOWN, *ClothingSize.choices])
    shoe_size = forms.ChoiceField(label=_("Ukuran sepatu"), required=False, choices=[UNKNOWN, *SHOE_SIZES])

    def __init__(self, *args: Any, person: Participant, **kwargs: Any) -> None:
        self.person = person
        kwargs.setdefault("initial", {name: getattr(person, name) for name in self.base_fields})
        super().__init__(*args, **kwargs)

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        if not typed and self.person.phone:
            raise forms.ValidationError(_("Nomor HP tidak bisa dikosongkan. Tulis nomor yang dipakai sekarang."))
        return str(typed)


class ContactCodeForm(forms.Form):
    kode = forms.CharField(
        label=_("Kode dari e-mail baru"),
        max_length=20,
        help_text=_("Dua kelompok empat huruf dan angka."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
        error_messages={"required": _("Kodenya belum diisi.")},
    )


class ContactFilter(forms.Form):
    q = forms.CharField(label=_("Nama atau NIP"), max_length=80, required=False)
    keadaan = forms.ChoiceField(
        label=_("Keadaan"),
        required=False,
        choices=[
            ("", _("Menunggu satker")),
            *((s.value, s.label) for s in ContactState if s != ContactState.WAITING),
            ("semua", _("Semua")),
        ],
    )


class ContactDecisionForm(forms.Form):
    note = TypedField(label=_("Sebab, bila ditolak"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": "2"}))
