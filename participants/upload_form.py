"""The form that takes an import workbook."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

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
