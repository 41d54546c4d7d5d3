from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from latsar.accounts.models import User
from latsar.reports.enums import FileKind


class ReportForm(forms.Form):
    """The parameters of a report; subclasses add filters whose choices end at the user's scope."""

    format = forms.ChoiceField(
        label=_("Bentuk berkas"),
        choices=FileKind.choices,
        initial=FileKind.XLSX,
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih Excel, CSV, atau PDF."), "invalid_choice": _("Pilih Excel, CSV, atau PDF.")},
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, user: User, key: str) -> None:
        self.user = user
        super().__init__(data, auto_id=f"{key}-%s")
        self.order_fields([name for name in self.fields if name != "format"])
        self.narrow()

    def narrow(self) -> None:
        """Limit the choices to what `self.user` sees."""

    def raw(self) -> dict[str, str]:
        """Return what was asked for as plain text, to be asked again when the job runs."""
        return {name: str(self.data.get(name, "")) for name in self.fields}
