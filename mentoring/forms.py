from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from latsar.accounts.models import User
from latsar.satker.models import Satker
from latsar.training.forms import date_field
from latsar.ui.numbers import only_digits, whole_number
from latsar.ui.typed import TypedField
from mentoring.coach_tables import CoachGroup
from mentoring.enums import Bidang
from mentoring.models import Mentor
from mentoring.suggestions import Suggestion
from participants.models import Participant
from participants.nip import normalise_nip

PREFIX = "mentor-"


class MentorForm(forms.Form):
    nip = forms.CharField(
        label=_("NIP"),
        max_length=40,
        help_text=_("18 angka. Spasi dan titik boleh ikut."),
        error_messages={"required": _("NIP belum diisi.")},
    )
    full_name = forms.CharField(
        label=_("Nama lengkap"),
        max_length=150,
        help_text=_("Dengan gelar. Bila NIP atau e-mailnya sudah punya akun, nama di akun itu yang dipakai."),
        error_messages={"required": _("Nama lengkap belum diisi.")},
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("Ke sini dikirim cara membuat kata sandi dan pemberitahuan bimbingan."),
        error_messages={"required": _("E-mail belum diisi.")},
    )
    satker = forms.ModelChoiceField(
        label=_("Satker"),
        queryset=Satker.objects.active(),
        empty_label=_("Pilih satker"),
        error_messages={"required": _("Satker belum dipilih.")},
    )
    jabatan = forms.CharField(
        label=_("Jabatan"),
        max_length=150,
        help_text=_("Boleh jabatan fungsional; tidak harus atasan langsung peserta."),
        error_messages={"required": _("Jabatan belum diisi.")},
    )
    bidang = forms.ChoiceField(
        label=_("Bidang"),
        required=False,
        choices=[("", _("Belum dipilih")), *Bidang.choices],
        help_text=_("Yang paling dikuasai. Usulan mentor mencocokkannya dengan jabatan peserta."),
    )
    trained_on = date_field(_("Tanggal pembekalan mentor"), _("Kosongkan bila belum ikut pembekalan."), required=False)
    organiser = TypedField(label=_("Penyelenggara pembekalan"), required=False, max_length=150)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("trained_on") and not data.get("organiser"):
            self.add_error("organiser", _("Tulis siapa yang menyelenggarakan pembekalannya."))
        if data.get("trained_on") and data["trained_on"] > timezone.localdate():
            self.add_error("trained_on", _("Tanggalnya belum tiba."))
        return data

    def clean_nip(self) -> str:
        nip = normalise_nip(self.cleaned_data["nip"])
        if not only_digits(nip):
            raise forms.ValidationError(_("NIP hanya boleh berisi angka."))
        if len(nip) != 18:
            raise forms.ValidationError(_("NIP berisi %(count)d angka, seharusnya 18. Periksa lagi."), params={"count": len(nip)})
        return nip


class PoolForm(forms.Form):
    """Filters of the pool; what cannot be read is left out."""

    q = forms.CharField(label=_("Nama, NIP, atau satker"), required=False, max_length=100)
    bidang = forms.ChoiceField(label=_("Bidang"), required=False, choices=[("", _("Semua bidang")), *Bidang.choices])
    tersedia = forms.BooleanField(label=_("Hanya yang punya tempat"), required=False)
    tanpa_bekal = forms.BooleanField(label=_("Belum dibekali"), required=False)


class PickForm(forms.Form):
    """One mentor for one participant; a change also needs its reason."""

    mentor = forms.ModelChoiceField(
        label=_("Mentor"),
        queryset=Mentor.objects.none(),
        error_messages={
            "required": _("Pilih salah satu mentor."),
            "invalid_choice": _("Mentor ini tidak lagi tersedia. Pilih mentor lain."),
        },
    )
    reason = TypedField(
        label=_("Alasan mengganti mentor"), max_length=300, error_messages={"required": _("Tulis alasan mengganti mentor.")}
    )

    def __init__(self, *args: Any, user: User, is_change: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["mentor"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Mentor.objects.visible_to(user).active()
        if not is_change:
            del self.fields["reason"]


class EndForm(forms.Form):
    reason = TypedField(label=_("Alasan"), max_length=300, error_messages={"required": _("Tulis alasan mengakhiri bimbingan ini.")})


class PlanForm(forms.Form):
    """A mentor for each listed participant, from the suggestions; who is left empty stays without."""

    def __init__(
        self,
        participants: Sequence[Participant],
        offers: Mapping[int, Sequence[Suggestion]],
        data: Mapping[str, Any] | None = None,
        chosen: Mapping[int, int] | None = None,
    ) -> None:
        super().__init__(data, initial={f"{PREFIX}{person}": str(mentor) for person, mentor in (chosen or {}).items()})
        self.participants = participants
        for participant in participants:
            choices = [("", _("Belum dipilih")), *((str(offer.mentor.pk), offer.label) for offer in offers[participant.pk])]
            self.fields[f"{PREFIX}{participant.pk}"] = forms.ChoiceField(
                label=_("Mentor untuk %(name)s") % {"name": participant},
                required=False,
                choices=choices,
                error_messages={"invalid_choice": _("Mentor ini baru saja penuh. Pilih mentor lain.")},
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def pairs(self) -> list[tuple[int, int]]:
        """Return (participant id, mentor id) of those who were given a mentor."""
        chosen = ((participant.pk, self.cleaned_data.get(f"{PREFIX}{participant.pk}")) for participant in self.participants)
        return [(participant_id, int(mentor_id)) for participant_id, mentor_id in chosen if mentor_id]


def planned_ids(data: Mapping[str, Any]) -> list[int]:
    """Return the participants that a posted plan speaks of; strange keys are left out."""
    numbers = (name.removeprefix(PREFIX) for name in data if name.startswith(PREFIX))
    return [pk for number in numbers if (pk := whole_number(number)) is not None][:200]


class CoachesForm(forms.Form):
    """One choice per group: `coach_<group>`; `lama_<group>` is who was there when the page was opened."""

    def __init__(self, *args: Any, groups: Sequence[CoachGroup], offers: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups, self.has_offers = groups, bool(offers)
        for group in groups:
            present = str(group.coach.pk) if group.coach else ""
            self.fields[f"coach_{group.number}"] = forms.CharField(
                label=_("Coach kelompok %(n)d") % {"n": group.number},
                required=False,
                initial=present,
                widget=forms.Select(attrs={"class": "form-select"}, choices=[("", _("Belum ada")), *offers]),
            )
            self.fields[f"lama_{group.number}"] = forms.CharField(required=False, initial=present, widget=forms.HiddenInput)

    def chosen(self) -> dict[int, int | None]:
        return {group.number: whole_number(self.cleaned_data[f"coach_{group.number}"]) for group in self.groups}

    def seen(self) -> dict[int, int | None]:
        return {group.number: whole_number(self.cleaned_data[f"lama_{group.number}"]) for group in self.groups}

    def rows(self) -> list[tuple[CoachGroup, forms.BoundField, forms.BoundField]]:
        return [(group, self[f"coach_{group.number}"], self[f"lama_{group.number}"]) for group in self.groups]
