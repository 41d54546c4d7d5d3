from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aktualisasi.enums import CHECKLISTS, PaperKind, PaperStage
from aktualisasi.models import ReviewAnswer
from aktualisasi.services import NoteDraft
from latsar.accounts.models import User
from latsar.training.models import Batch
from latsar.ui.typed import TypedField

OK, FIX = "ok", "fix"


class UploadForm(forms.Form):
    """The own PDF; what is inside is judged by the service. `upload` names a file that came in pieces before."""

    file = forms.FileField(
        label=_("Pilih PDF"),
        max_length=255,
        allow_empty_file=True,
        required=False,
        help_text=_("Satu berkas PDF, paling besar 10 MB. Versi lama tetap tersimpan."),
        error_messages={"max_length": _("Nama berkas terlalu panjang. Pendekkan namanya, lalu unggah lagi.")},
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
    )
    upload = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("file") and not data.get("upload") and "file" not in self.errors:
            self.add_error("file", _("Belum ada berkas. Pilih PDF Anda, lalu unggah."))
        return data


class ReviewForm(forms.Form):
    """A reviewer's checklist and one note; every part may be missing while the review is under way."""

    seen_version_id = forms.IntegerField(widget=forms.HiddenInput)
    page = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    x = forms.IntegerField(min_value=0, max_value=1000, required=False, widget=forms.HiddenInput)
    y = forms.IntegerField(min_value=0, max_value=1000, required=False, widget=forms.HiddenInput)
    text = TypedField(label=_("Tambah catatan"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    whole = forms.BooleanField(label=_("Untuk seluruh dokumen"), required=False)

    def __init__(self, *args: Any, kind: str, role: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = CHECKLISTS[kind, role]
        for point in self.asked:
            self.fields[point.value] = forms.ChoiceField(
                label=point.label, choices=[(OK, _("Sesuai")), (FIX, _("Perbaiki"))], required=False, widget=forms.RadioSelect
            )

    @staticmethod
    def filled(version_id: int, page: int, answers: list[ReviewAnswer]) -> dict[str, object]:
        """Return what the page opens with."""
        given = {answer.point: OK if answer.is_ok else FIX for answer in answers}
        return {"seen_version_id": version_id, "page": page, **given}

    @property
    def points(self) -> list[forms.BoundField]:
        return [self[point.value] for point in self.asked]

    def answers(self) -> dict[str, bool]:
        """Return the points that were answered, as service arguments."""
        return {point.value: self.cleaned_data[point.value] == OK for point in self.asked if self.cleaned_data.get(point.value)}

    def note(self) -> NoteDraft:
        """Return the remark as it was typed, with the page and the point that it is about."""
        given = self.cleaned_data
        if given["whole"]:
            return NoteDraft(given["text"])
        return NoteDraft(given["text"], given["page"], given["x"], given["y"])


class ReplyForm(forms.Form):
    reply = TypedField(label=_("Tanggapan Anda"), max_length=500, required=False)


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
    tahap = forms.ChoiceField(label=_("Keadaan"), required=False, choices=[("", _("Semua keadaan")), *PaperStage.choices])
    naskah = forms.ChoiceField(label=_("Naskah"), required=False, choices=[("", _("Semua naskah")), *PaperKind.choices])
    terlambat = forms.ChoiceField(
        label=_("Ketepatan waktu"), required=False, choices=[("", _("Tepat waktu dan terlambat")), ("ya", _("Hanya yang terlambat"))]
    )
    angkatan = forms.ModelChoiceField(label=_("Angkatan"), required=False, queryset=Batch.objects.none(), empty_label=_("Semua angkatan"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        batches = self.fields["angkatan"]
        assert isinstance(batches, forms.ModelChoiceField)
        batches.queryset = Batch.objects.visible_to(user).select_related("institute")
