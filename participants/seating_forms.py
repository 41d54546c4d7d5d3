from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from latsar.training.forms import date_field
from latsar.training.models import Batch, BatchPhase
from latsar.ui.numbers import whole_number
from latsar.ui.typed import TypedField
from participants.boards import Member
from participants.enums import ProgressState
from participants.services.placement import group_count


class ChosenField(forms.TypedMultipleChoiceField):
    """Ids of people ticked in a table; the services check that they may be touched."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, error_messages={"required": _("Pilih paling sedikit satu orang.")}, **kwargs)

    def valid_value(self, value: object) -> bool:
        return whole_number(str(value)) is not None


class ChosenForm(forms.Form):
    orang = ChosenField(label=_("Peserta"))


class ProgressForm(ChosenForm):
    fase = forms.ModelChoiceField(label=_("Fase"), queryset=BatchPhase.objects.none(), empty_label=None)
    keadaan = forms.ChoiceField(label=_("Menjadi"), choices=ProgressState, initial=ProgressState.DONE)

    def __init__(self, *args: Any, batch: Batch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fase"].queryset = batch.phases.order_by("order")  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select w-auto"


class ReasonForm(forms.Form):
    reason = TypedField(
        label=_("Alasan"),
        help_text=_("Tersimpan di riwayat peserta."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": "3"}),
        error_messages={"required": _("Tulis alasannya, supaya yang membaca riwayat mengerti.")},
    )


class GraduationForm(ChosenForm):
    qualification = forms.ChoiceField(
        label=_("Kualifikasi"), help_text=_("Menurut skema angkatan ini."), error_messages={"required": _("Pilih kualifikasinya.")}
    )
    graduated_on = date_field(_("Tanggal lulus"))

    def __init__(self, *args: Any, batch: Batch, has_scores: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_scores:
            del self.fields["qualification"]
            self.fields["graduated_on"].initial = min(timezone.localdate(), max(batch.ends_on, batch.starts_on))
            return
        bands = batch.scheme.bands.filter(passes=True).order_by("-above")
        self.fields["qualification"].choices = [("", _("Pilih")), *((band.name, band.name) for band in bands)]  # type: ignore[attr-defined]
        self.fields["graduated_on"].initial = min(timezone.localdate(), max(batch.ends_on, batch.starts_on))


class GroupsForm(forms.Form):
    """One choice of group per person: `kelompok_<participant id>`; `proposed` is shown instead of the present one."""

    def __init__(
        self, *args: Any, batch: Batch, members: Sequence[Member], proposed: Mapping[int, int] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.members, proposed = members, proposed or {}
        choices = [(number, str(number)) for number in range(1, group_count(batch.capacity) + 1)]
        for member in members:
            self.fields[f"kelompok_{member.person.pk}"] = forms.TypedChoiceField(
                label=_("Kelompok %(name)s") % {"name": member.person.full_name},
                coerce=int,
                choices=choices,
                initial=proposed.get(member.person.pk, member.group),
            )

    def groups(self) -> dict[int, int]:
        return {member.person.pk: self.cleaned_data[f"kelompok_{member.person.pk}"] for member in self.members}

    def rows(self) -> list[tuple[Member, forms.BoundField, bool]]:
        """Each person with the choice, and whether the choice differs from the present group."""
        fields = [(member, self[f"kelompok_{member.person.pk}"]) for member in self.members]
        return [(member, field, str(field.value()) != str(member.group)) for member, field in fields]
