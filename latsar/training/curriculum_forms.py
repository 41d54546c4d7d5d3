"""The editor of a curriculum: values, and subjects with their JP per method."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from latsar.training.enums import Method
from latsar.training.forms import DATE_FORMATS, date_field
from latsar.training.models import Curriculum
from latsar.training.row_forms import RowForm, Rows
from latsar.training.rule_lines import CurriculumLines, SubjectLine, lines_of_curriculum
from latsar.training.scheme_forms import source_field, verified_field
from latsar.ui.typed import TypedField


class CurriculumFactsForm(forms.ModelForm):
    class Meta:
        model = Curriculum
        fields = ("code", "name", "effective_from", "effective_to", "is_verified", "source_note")
        field_classes = {"name": TypedField}
        widgets = {
            "effective_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "effective_to": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "source_note": forms.Textarea(attrs={"rows": "3"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("effective_from", "effective_to"):
            self.fields[name].input_formats = DATE_FORMATS  # type: ignore[attr-defined]
        self.fields["code"].help_text = _("Huruf kecil, angka, dan tanda hubung.")


class ValueForm(RowForm):
    name = TypedField(label=_("Nilai dasar"), max_length=60, error_messages={"required": _("Isi nilainya.")})


class SubjectForm(RowForm):
    agenda = TypedField(label=_("Agenda"), max_length=120, error_messages={"required": _("Isi agendanya.")})
    name = TypedField(label=_("Mata pelatihan"), max_length=150, error_messages={"required": _("Isi mata pelatihannya.")})
    source = source_field()
    is_verified = verified_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for method in Method:
            self.fields[f"jp_{method}"] = forms.IntegerField(label=f"JP {method.label}", min_value=1, max_value=999, required=False)

    def hour_fields(self) -> list[forms.BoundField]:
        return [self[f"jp_{method}"] for method in Method]

    def line(self) -> SubjectLine:
        data = self.cleaned_data
        hours = {method.value: data[f"jp_{method}"] for method in Method if data.get(f"jp_{method}")}
        return SubjectLine(agenda=data["agenda"], name=data["name"], hours=hours, is_verified=data["is_verified"], source=data["source"])


class CurriculumEditor:
    """The whole draft as one form. `data` None shows what is stored."""

    def __init__(self, curriculum: Curriculum, data: Any = None) -> None:
        lines = lines_of_curriculum(curriculum)
        self.facts = CurriculumFactsForm(data, instance=Curriculum.objects.get(pk=curriculum.pk))
        self.values = Rows(ValueForm, "n", [{"name": name} for name in lines.values], data)
        self.subjects = Rows(SubjectForm, "m", [_subject(line) for line in lines.subjects], data)
        self.agendas = list(dict.fromkeys(line.agenda for line in lines.subjects))
        self.version = (data.get("version", "") if data else str(curriculum.version)) or "0"

    def is_valid(self) -> bool:
        return all([self.facts.is_valid(), self.values.is_valid(), self.subjects.is_valid()])

    @property
    def has_errors(self) -> bool:
        return bool(self.facts.is_bound and self.facts.errors) or bool(self.values.errors or self.subjects.errors)

    def lines(self) -> CurriculumLines:
        """Return the lines that can be read; all of them when the editor is valid."""
        return CurriculumLines(
            [form.cleaned_data["name"] for form in self.values.readable()], [form.line() for form in self.subjects.readable()]
        )


def _subject(line: SubjectLine) -> dict[str, Any]:
    facts = {name: value for name, value in vars(line).items() if name != "hours"}
    return {**facts, **{f"jp_{method}": hours for method, hours in line.hours.items()}}


class CurriculumAddForm(forms.Form):
    """An empty draft to begin with."""

    code = forms.SlugField(label=_("Kode"), max_length=30, help_text=_("Huruf kecil, angka, dan tanda hubung."))
    name = TypedField(label=_("Nama"), max_length=120)
    effective_from = date_field(_("Berlaku sejak"))
