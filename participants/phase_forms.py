from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from latsar.training.forms import date_field
from latsar.ui.typed import TypedField
from participants.enums import PktbtForm, ProgressState
from participants.seating_forms import ChosenForm
from participants.services import pktbt


class MarkForm(ChosenForm):
    keadaan = forms.ChoiceField(label=gettext_lazy("Menjadi"), choices=ProgressState, initial=ProgressState.DONE)


class ActivityForm(forms.Form):
    """One activity of PKTBT, planned or done."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    topic = TypedField(label=gettext_lazy("Topik"), max_length=150, error_messages={"required": gettext_lazy("Isi topiknya.")})
    form = forms.ChoiceField(label=gettext_lazy("Bentuk"), choices=PktbtForm)
    starts_on = date_field(gettext_lazy("Mulai"))
    ends_on = date_field(gettext_lazy("Selesai"))
    hours = forms.IntegerField(label=gettext_lazy("JP"), min_value=1, max_value=200, help_text=gettext_lazy("1 JP 45 menit."))
    done_on = date_field(gettext_lazy("Dilaksanakan"), gettext_lazy("Kosong selama masih rencana."), required=False)
    evidence = forms.FileField(
        label=gettext_lazy("Bukti"), required=False, help_text=gettext_lazy("PDF atau foto; boleh menyusul."), widget=forms.FileInput
    )

    def facts(self) -> pktbt.ActivityFacts:
        names = ("topic", "form", "starts_on", "ends_on", "hours", "done_on")
        return pktbt.ActivityFacts(**{name: self.cleaned_data[name] for name in names})

    def attached(self) -> pktbt.Evidence | None:
        file = self.cleaned_data.get("evidence")
        return pktbt.Evidence(file.read(), file.name) if file else None
