"""The form that takes an import workbook, and the one that filters former imports."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from participants.enums import ImportState
from participants.workbook.refusal import WorkbookRefused


class WorkbookForm(forms.Form):
    file = forms.FileField(
        label=_("Pilih berkas .xlsx, paling besar 10 MB"),
        allow_empty_file=True,  # the gate says it better
        error_messages={"required": _("Belum ada berkas yang dipilih. Pilih buku kerja .xlsx, lalu tekan Periksa berkas.")},
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )

    def refuse(self, refused: WorkbookRefused) -> None:
        """Put the reason for turning the file away beside its field."""
        self.add_error("file", refused.message)


class ImportFilter(forms.Form):
    q = forms.CharField(label=_("Berkas, pengunggah, atau satker"), max_length=80, required=False)
    keadaan = forms.ChoiceField(label=_("Keadaan"), required=False, choices=[("", _("Semua keadaan")), *ImportState.choices])
