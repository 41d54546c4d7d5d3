"""The editor of a scheme: its own numbers, components, qualifications and phases of every method."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from latsar.training.enums import DayCount, Method, PhaseKind, Rater, SeminarKind
from latsar.training.forms import DATE_FORMATS, date_field
from latsar.training.models import RegulationScheme
from latsar.training.row_forms import RowForm, Rows
from latsar.training.rule_lines import BandLine, ComponentLine, PhaseLine, RubricLine, SchemeLines, lines_of_scheme
from latsar.ui.typed import TypedField

GENERAL = ("code", "name", "regulation", "effective_from", "effective_to", "hours", "extension_months", "is_verified", "source_note")
GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_("Kehadiran"), ("max_absence_percent", "max_absence_sessions", "absence_marks", "late_per_absence", "over_absence")),
    (
        _("Penilaian dan keterlambatan"),
        (
            "submit_lead_days",
            "score_tolerance",
            "has_own_examiners",
            "late_points_per_day",
            "late_points_max",
            "late_refused_after",
            "objection_days",
        ),
    ),
    (_("Remedial"), ("remedial_components", "remedial_from", "remedial_cap", "remedial_days")),
)
SOURCED = ("effective_from", "effective_to", "hours", *(name for _title, names in GROUPS for name in names), "extension_months")
"""Numbers whose source is named one by one."""


def source_field(help_text: Any = "") -> forms.CharField:
    return TypedField(label=_("Sumber"), max_length=200, required=False, help_text=help_text)


def verified_field() -> forms.BooleanField:
    return forms.BooleanField(label=_("Sudah dicocokkan dengan naskah"), required=False)


def decimal_field(label: Any, *, low: float, high: float, required: bool = True, help_text: Any = "") -> forms.DecimalField:
    """A number with a decimal comma."""
    return forms.DecimalField(
        label=label,
        min_value=low,
        max_value=high,
        max_digits=5,
        decimal_places=2,
        required=required,
        localize=True,
        help_text=help_text,
        error_messages={"invalid": _("Tulis angka, misalnya 12,5."), "required": _("Isi angkanya.")},
    )


class SchemeFactsForm(forms.ModelForm):
    """What the scheme says of itself; never saved by the form."""

    class Meta:
        model = RegulationScheme
        fields = [*GENERAL, *(name for _title, names in GROUPS for name in names)]
        localized_fields = "__all__"
        field_classes = {"name": TypedField, "regulation": TypedField}
        widgets = {
            "effective_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "effective_to": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "source_note": forms.Textarea(attrs={"rows": "3"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("effective_from", "effective_to"):
            field: Any = self.fields[name]
            field.localize, field.input_formats = False, DATE_FORMATS
            field.widget.is_localized = False
        self.fields["code"].help_text = _("Huruf kecil, angka, dan tanda hubung.")
        for name in SOURCED:
            self.fields[f"src_{name}"] = TypedField(label=self.fields[name].label, max_length=200, required=False)
            self.initial[f"src_{name}"] = self.instance.sources.get(name, "")

    def clean_absence_marks(self) -> str:
        marks = "".join(dict.fromkeys(self.cleaned_data["absence_marks"].upper().replace(" ", "").replace(",", "")))
        if set(marks) - set("AIS"):
            raise forms.ValidationError(_("Hanya huruf A, I, dan S."))
        return marks

    def facts(self) -> dict[str, Any]:
        """Return the numbers and their sources; call it on a valid form."""
        data = self.cleaned_data
        sources = {name: data[f"src_{name}"] for name in SOURCED if data.get(f"src_{name}")}
        return {name: value for name, value in data.items() if not name.startswith("src_")} | {"sources": sources}

    def source_fields(self) -> list[forms.BoundField]:
        return [self[f"src_{name}"] for name in SOURCED]

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names]) for title, names in GROUPS]


class ComponentForm(RowForm):
    name = TypedField(label=_("Komponen"), max_length=80, error_messages={"required": _("Isi namanya.")})
    code = forms.SlugField(
        label=_("Kode"),
        max_length=30,
        error_messages={"required": _("Isi kodenya."), "invalid": _("Huruf kecil, angka, dan tanda hubung.")},
    )
    weight = decimal_field(_("Bobot (%)"), low=0.01, high=100)
    parent = forms.CharField(label=_("Bagian dari"), max_length=30, required=False, widget=forms.Select)
    method = forms.ChoiceField(label=_("Metode"), required=False, choices=[("", _("Semua metode")), *Method.choices])
    rated_by = forms.ChoiceField(label=_("Dinilai oleh"), choices=Rater, initial=Rater.INSTITUTE)
    raters = forms.IntegerField(label=_("Jumlah penilai"), min_value=1, max_value=5, initial=1)
    seminar = forms.ChoiceField(label=_("Dinilai di"), required=False, choices=[("", _("Bukan di seminar")), *SeminarKind.choices])
    question = TypedField(label=_("Pertanyaan rubrik"), max_length=200, required=False)
    minimum = decimal_field(_("Nilai paling rendah"), low=0, high=100, required=False)
    is_late_sensitive = forms.BooleanField(label=_("Terkena pengurang terlambat"), required=False)
    source = source_field()
    is_verified = verified_field()

    def __init__(self, *args: Any, wholes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [code for code, _name in wholes]
        typed = str(self["parent"].value() or "")
        kept = [(typed, typed)] if typed and typed not in known else []
        self.fields["parent"].widget.choices = [("", _("Tidak, komponen utama")), *wholes, *kept]
        self.wholes = dict(wholes)

    @property
    def place(self) -> str:
        """Say of what a component is a part, and for which method it counts."""
        parent, method = str(self["parent"].value() or ""), str(self["method"].value() or "")
        parts = [_("Bagian dari %(name)s") % {"name": self.wholes.get(parent, parent)}] if parent else []
        return ". ".join([*map(str, parts), *([str(Method(method).label)] if method in Method.values else [])])


class BandForm(RowForm):
    name = TypedField(label=_("Kualifikasi"), max_length=40, error_messages={"required": _("Isi namanya.")})
    above = decimal_field(_("Di atas nilai"), low=-1, high=99.99, help_text=_("Isi -1 pada yang terbawah."))
    passes = forms.BooleanField(label=_("Lulus"), required=False)
    source = source_field()
    is_verified = verified_field()


class RubricForm(RowForm):
    code = forms.SlugField(
        label=_("Kode komponen"),
        max_length=30,
        error_messages={"required": _("Isi kodenya."), "invalid": _("Huruf kecil, angka, dan tanda hubung.")},
    )
    lowest = decimal_field(_("Mulai nilai"), low=0, high=100)
    words = TypedField(label=_("Artinya"), max_length=120, error_messages={"required": _("Isi artinya.")})
    source = source_field()
    is_verified = verified_field()


class PhaseForm(RowForm):
    name = TypedField(label=_("Fase"), max_length=60, error_messages={"required": _("Isi namanya.")})
    kind = forms.ChoiceField(label=_("Jenis"), choices=PhaseKind, initial=PhaseKind.MOOC)
    length = forms.IntegerField(label=_("Lama"), min_value=1, max_value=400, error_messages={"required": _("Isi lamanya.")})
    day_count = forms.ChoiceField(label=_("Hitungan"), choices=DayCount, initial=DayCount.WORKING)
    offset = forms.IntegerField(label=_("Jeda (hari kerja)"), min_value=0, max_value=200, required=False)
    is_parallel = forms.BooleanField(label=_("Sejajar dengan fase sebelumnya"), required=False)
    is_optional = forms.BooleanField(label=_("Tidak wajib"), required=False)
    source = source_field()
    is_verified = verified_field()

    def facts(self) -> dict[str, Any]:
        facts = super().facts()
        is_optional = facts.pop("is_optional")
        return {**facts, "offset": facts["offset"] or 0, "is_mandatory": not is_optional}


class LookForm(forms.Form):
    """From which day and for which method the phases are laid out beside the form."""

    lihat_mulai = date_field(_("Contoh mulai"), required=False)
    lihat_metode = forms.ChoiceField(label=_("Metode"), required=False, choices=Method)


class SchemeEditor:
    """The whole draft as one form. `data` None shows what is stored."""

    def __init__(self, scheme: RegulationScheme, data: Any = None) -> None:
        lines = lines_of_scheme(scheme)
        self.facts = SchemeFactsForm(data, instance=RegulationScheme.objects.get(pk=scheme.pk))
        self.components = Rows(
            ComponentForm, "k", [vars(line) for line in lines.components], data, wholes=_wholes(lines, data) if data else _stored(lines)
        )
        self.bands = Rows(BandForm, "b", [vars(line) for line in lines.bands], data)
        self.rubric = Rows(RubricForm, "r", [vars(line) for line in lines.rubric], data)
        self.phases = {
            method: Rows(PhaseForm, f"f_{method}_", [_phase(line) for line in lines.phases if line.method == method], data)
            for method in Method.values
        }
        self.version = (data.get("version", "") if data else str(scheme.version)) or "0"

    def is_valid(self) -> bool:
        parts = [self.facts.is_valid(), self.components.is_valid(), self.bands.is_valid(), self.rubric.is_valid()]
        return all([*parts, *(rows.is_valid() for rows in self.phases.values())])

    @property
    def has_errors(self) -> bool:
        return any(self.errors)

    @property
    def errors(self) -> list[Any]:
        return [
            form
            for form in (self.facts, *self.components, *self.bands, *self.rubric, *(f for rows in self.phases.values() for f in rows))
            if _wrong(form)
        ]

    def lines(self) -> SchemeLines:
        """Return the lines that can be read; all of them when the editor is valid."""
        return SchemeLines(
            [ComponentLine(**form.facts()) for form in self.components.readable()],
            [BandLine(**form.facts()) for form in self.bands.readable()],
            [PhaseLine(method=method, **form.facts()) for method, rows in self.phases.items() for form in rows.readable()],
            [RubricLine(**form.facts()) for form in self.rubric.readable()],
        )

    def phase_sections(self) -> list[tuple[str, Any, Rows[PhaseForm]]]:
        return [(method, Method(method).label, rows) for method, rows in self.phases.items()]


def _wrong(form: Any) -> bool:
    return form.is_bound and not getattr(form, "goes", False) and bool(form.errors)


def _phase(line: PhaseLine) -> dict[str, Any]:
    return {**vars(line), "is_optional": not line.is_mandatory}


def _stored(lines: SchemeLines) -> list[tuple[str, str]]:
    return list(dict.fromkeys((line.code, line.name) for line in lines.components if not line.parent))


def _wholes(lines: SchemeLines, data: Any) -> list[tuple[str, str]]:
    """Offer what stands in the form now, also what is not saved yet."""
    typed = [(data.get(f"k{n}-code", ""), data.get(f"k{n}-name", "")) for n in range(80) if not data.get(f"k{n}-parent")]
    return list(dict.fromkeys((code, name) for code, name in typed if code))


class SchemeAddForm(forms.Form):
    """An empty draft to begin with."""

    code = forms.SlugField(label=_("Kode"), max_length=30, help_text=_("Huruf kecil, angka, dan tanda hubung."))
    name = TypedField(label=_("Nama"), max_length=120)
    regulation = TypedField(label=_("Peraturan"), max_length=200)
    effective_from = date_field(_("Berlaku sejak"))
    hours = forms.IntegerField(label=_("Jumlah JP"), min_value=1, max_value=2000)
