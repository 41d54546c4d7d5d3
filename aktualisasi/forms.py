from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aktualisasi.enums import RancanganStage, ReviewPoint
from aktualisasi.models import Rancangan, ReviewAnswer
from latsar.accounts.models import User
from latsar.training.models import Batch
from latsar.ui.typed import TypedField

OK, FIX = "ok", "fix"


class RancanganForm(forms.Form):
    """Title and summary; both may be empty while the participant is still writing."""

    title = TypedField(
        label=_("Judul"), max_length=250, required=False, help_text=_("Satu kalimat: apa yang diperbaiki, di mana, dengan cara apa.")
    )
    summary = TypedField(
        label=_("Ringkasan"),
        max_length=4000,
        required=False,
        help_text=_("Isu, penyebab, dan gagasan Anda dalam beberapa kalimat. Paling banyak 4.000 huruf."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    @classmethod
    def of(cls, rancangan: Rancangan | None) -> RancanganForm:
        if rancangan is None:
            return cls(initial={"version": 0})
        return cls(initial={"title": rancangan.title, "summary": rancangan.summary, "version": rancangan.version})

    def clean_version(self) -> int:
        return self.cleaned_data["version"] or 0


class UploadForm(forms.Form):
    """The document; what is inside is judged by the service, the browser's word counts for nothing."""

    file = forms.FileField(
        label=_("Dokumen rancangan"),
        max_length=255,
        allow_empty_file=True,
        help_text=_("Satu berkas PDF, paling besar 10 MB. Versi lama tetap tersimpan."),
        error_messages={
            "required": _("Belum ada berkas. Pilih PDF rancangan Anda, lalu unggah."),
            "max_length": _("Nama berkas terlalu panjang. Pendekkan namanya, lalu unggah lagi."),
        },
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
    )


class ReviewForm(forms.Form):
    """The mentor's checklist and one note; every part may be missing while the review is under way."""

    seen_file_id = forms.IntegerField(widget=forms.HiddenInput)
    page = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    text = TypedField(label=_("Tambah catatan"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for point in ReviewPoint:
            self.fields[point.value] = forms.ChoiceField(
                label=point.label, choices=[(OK, _("Sesuai")), (FIX, _("Perbaiki"))], required=False, widget=forms.RadioSelect
            )

    @classmethod
    def of(cls, file_id: int, page: int, answers: list[ReviewAnswer]) -> ReviewForm:
        given = {answer.point: OK if answer.is_ok else FIX for answer in answers}
        return cls(initial={"seen_file_id": file_id, "page": page, **given})

    @property
    def points(self) -> list[forms.BoundField]:
        return [self[point.value] for point in ReviewPoint]

    def answers(self) -> dict[str, bool]:
        """Return the points that were answered, as service arguments."""
        return {point.value: self.cleaned_data[point.value] == OK for point in ReviewPoint if self.cleaned_data.get(point.value)}


class ReopenForm(forms.Form):
    note = TypedField(
        label=_("Yang harus diperbaiki"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Tulis apa yang harus diperbaiki peserta.")},
    )


class ListForm(forms.Form):
    """Filters of the staff list; what cannot be read is left out, a list never refuses."""

    q = forms.CharField(label=_("Nama atau NIP"), required=False, max_length=100)
    tahap = forms.ChoiceField(label=_("Keadaan"), required=False, choices=[("", _("Semua keadaan")), *RancanganStage.choices])
    angkatan = forms.ModelChoiceField(label=_("Angkatan"), required=False, queryset=Batch.objects.none(), empty_label=_("Semua angkatan"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        batches = self.fields["angkatan"]
        assert isinstance(batches, forms.ModelChoiceField)
        batches.queryset = Batch.objects.visible_to(user).select_related("institute")
