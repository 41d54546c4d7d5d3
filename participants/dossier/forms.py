from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from latsar.documents.intake.names import MAX_NAME
from latsar.documents.intake.photos import MAX_PHOTOS
from latsar.documents.upload.services import FinishedUpload
from latsar.training.models import DossierRequirement
from latsar.ui.typed import TypedField
from participants.services.dossier import REASON_LIMIT


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that has arrived in pieces and need not be sent again; one that cannot be used is a fault."""

    token: str
    name: str
    size: int
    is_fault: bool = False


class AttachForm(forms.Form):
    """One document for one line of the checklist; what is inside is judged by the service.

    `upload` names the files that came in pieces before, in their order: one, or the photos of one document. Then the form
    carries no file of its own, and `sent` shows them when the form comes back. `ticket` lets the page send pieces.
    """

    file = forms.FileField(
        label=gettext_lazy("Pilih berkas atau foto"),
        max_length=MAX_NAME + 55,
        allow_empty_file=True,
        required=False,
        help_text=gettext_lazy("PDF, JPEG, atau PNG, paling besar 10 MB."),
        error_messages={"max_length": gettext_lazy("Nama berkas terlalu panjang. Pendekkan namanya, lalu unggah lagi.")},
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
    )
    issued_on = forms.DateField(
        label=gettext_lazy("Tanggal dokumen"),
        required=False,
        error_messages={"invalid": gettext_lazy("Tulis tanggalnya lengkap, misalnya 12-08-2026.")},
        input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    upload = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, requirement: DossierRequirement, **kwargs: Any) -> None:
        kwargs["auto_id"] = f"id_{requirement.code}_%s"
        super().__init__(*args, **kwargs)
        self.requirement = requirement
        self.ticket = ""
        self.sent: list[Sent] = []
        self.faults: frozenset[int] = frozenset()
        if requirement.valid_days:
            text = _("Tanggal yang tertulis di dokumen. Berlaku %(days)d hari sejak tanggal itu.")
            self.fields["issued_on"].help_text = text % {"days": requirement.valid_days}
        else:
            del self.fields["issued_on"]

    def show_sent(self, incoming: Sequence[FinishedUpload]) -> None:
        """Keep in sight what came in pieces, with the places that cannot be used marked."""
        numbered = enumerate(incoming, start=1)
        self.sent = [Sent(one.token, one.name, one.size, place in self.faults) for place, one in numbered if one.token]

    def clean_upload(self) -> list[str]:
        """Read the tokens, each once; one more than may come is enough to know that there are too many."""
        tokens = filter(None, self.cleaned_data["upload"].split(","))
        return list(dict.fromkeys(tokens))[: MAX_PHOTOS + 1]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("file") and not data.get("upload") and "file" not in self.errors:
            self.add_error("file", _("Belum ada berkas. Pilih PDF atau foto dokumennya, lalu unggah."))
        return data


class ReasonForm(forms.Form):
    note = TypedField(
        label=gettext_lazy("Alasan untuk yang mengunggah"),
        max_length=REASON_LIMIT,
        required=False,
        help_text=gettext_lazy("Sebutkan apa yang salah dan apa yang diminta."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ZipForm(forms.Form):
    """One archive; `upload` names one that came in pieces before."""

    file = forms.FileField(
        label=gettext_lazy("Pilih ZIP, paling besar 50 MB"),
        allow_empty_file=True,
        required=False,
        max_length=MAX_NAME + 55,
        error_messages={"max_length": gettext_lazy("Nama berkas terlalu panjang. Pendekkan namanya, lalu unggah lagi.")},
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
    )
    upload = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("file") and not data.get("upload") and "file" not in self.errors:
            self.add_error("file", _("Belum ada berkas yang dipilih. Pilih ZIP, lalu tekan Periksa ZIP."))
        return data
