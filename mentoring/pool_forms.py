"""Forms around one mentor: data, pembekalan, willingness, the decision that allows more than five, the handover."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from latsar.accounts.models import User
from latsar.satker.models import Satker
from latsar.training.forms import date_field
from latsar.ui.typed import TypedField
from mentoring.enums import MENTEE_LIMIT, WAIVED_LIMIT, Bidang
from mentoring.services import Attached, Decision, attached

FILE_HELP = _("PDF, JPEG, atau PNG, paling besar 10 MB. Boleh menyusul.")


def file_field(label: Any, help_text: Any = FILE_HELP) -> forms.FileField:
    """One file from outside; what is inside is judged by the intake."""
    return forms.FileField(
        label=label,
        required=False,
        allow_empty_file=True,
        max_length=255,
        help_text=help_text,
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
    )


class WithFile(forms.Form):
    """A form with one optional file in `file`."""

    def attachment(self) -> Attached | None:
        """Judge the file that came along. Raises Refused."""
        upload = self.cleaned_data.get("file")
        return attached(upload.read(), upload.name) if upload else None


class MentorEditForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    satker = forms.ModelChoiceField(label=_("Satker"), queryset=Satker.objects.none(), empty_label=None)
    jabatan = TypedField(label=_("Jabatan"), max_length=150, error_messages={"required": _("Jabatan belum diisi.")})
    bidang = forms.ChoiceField(
        label=_("Bidang"),
        required=False,
        choices=[("", _("Belum dipilih")), *Bidang.choices],
        help_text=_("Yang paling dikuasai. Usulan mentor mencocokkannya dengan jabatan peserta."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["satker"]
        scope = user.scope
        units = Satker.objects.active()
        mine = Q(pk__in=scope.satker_ids | scope.province_ids) | Q(province_id__in=scope.province_ids)
        field.queryset = units if scope.nation else units.filter(mine)


class TrainingForm(WithFile):
    held_on = date_field(_("Tanggal pembekalan"))
    organiser = TypedField(label=_("Penyelenggara"), max_length=150, error_messages={"required": _("Tulis penyelenggaranya.")})
    note = TypedField(label=_("Keterangan"), required=False, max_length=200, help_text=_("Misalnya nama kegiatan atau lamanya."))
    file = file_field(_("Bukti"))


class ReasonForm(forms.Form):
    reason = TypedField(
        label=_("Alasan"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": "2"}),
        error_messages={"required": _("Tulis alasannya.")},
    )


class WaiverForm(WithFile):
    """A decision of PKSDM about one mentor."""

    extra_places = forms.TypedChoiceField(
        label=_("Tambahan tempat"),
        coerce=int,
        choices=[(n, n) for n in range(1, WAIVED_LIMIT - MENTEE_LIMIT + 1)],
        help_text=_("Di atas lima yang biasa."),
    )
    number = TypedField(label=_("Nomor keputusan"), max_length=100, error_messages={"required": _("Tulis nomor keputusannya.")})
    decided_on = date_field(_("Tanggal keputusan"))
    valid_until = date_field(_("Berlaku sampai"), _("Sesudahnya peserta yang ada tetap, tetapi tidak ada yang baru."))
    reason = TypedField(
        label=_("Alasan"),
        max_length=500,
        help_text=_("Mengapa mentor ini membimbing lebih dari lima orang."),
        widget=forms.Textarea(attrs={"rows": "3"}),
        error_messages={"required": _("Tulis alasannya.")},
    )
    file = file_field(_("Berkas keputusan"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("decided_on"), data.get("valid_until")
        if start and end and end < start:
            self.add_error("valid_until", _("Berlaku sampai harus sesudah tanggal keputusan."))
        return data

    def decision(self) -> Decision:
        return Decision(**{name: value for name, value in self.cleaned_data.items() if name != "file"})


class HandoverForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    notes = TypedField(
        label=_("Yang sudah disepakati dan yang perlu diteruskan"),
        max_length=4000,
        help_text=_("Isu dan gagasan yang dipilih, kebiasaan kerja, janji yang belum terlaksana. Dibaca mentor baru dan satker."),
        widget=forms.Textarea(attrs={"rows": "8"}),
        error_messages={"required": _("Tulis apa yang sudah disepakati sejauh ini.")},
    )
