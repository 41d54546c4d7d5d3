"""The laporan as one form: the texts of the whole, 5W1H of each kegiatan, measures; and the library's forms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aktualisasi.enums import LONG
from aktualisasi.habituasi_enums import MAX_MEASURES
from aktualisasi.laporan import Laporan, LaporanKegiatan
from aktualisasi.laporan_prefill import KEGIATAN_FIELDS, LAPORAN_FIELDS
from aktualisasi.library import Theme
from latsar.ui.typed import TypedField

LABELS = {
    "background": gettext_lazy("Latar belakang pelaksanaan"),
    "situation": gettext_lazy("Keadaan sebelum aktualisasi"),
    "action": gettext_lazy("Yang dilakukan"),
    "outcome": gettext_lazy("Hasil sesudah aktualisasi"),
    "benefit_unit": gettext_lazy("Manfaat bagi satker"),
    "benefit_public": gettext_lazy("Manfaat bagi masyarakat"),
    "follow_up": gettext_lazy("Rencana tindak lanjut"),
    "closing": gettext_lazy("Kesimpulan dan saran"),
    "what": gettext_lazy("Apa yang dikerjakan"),
    "who": gettext_lazy("Siapa yang terlibat"),
    "when": gettext_lazy("Kapan"),
    "where": gettext_lazy("Di mana"),
    "why": gettext_lazy("Mengapa"),
    "how": gettext_lazy("Bagaimana"),
    "outputs": gettext_lazy("Output yang dicapai"),
    "values_lived": gettext_lazy("Nilai dasar yang dijalankan"),
}
SHORT = frozenset({"when", "where"})
SPARE_ROWS = 2
"""Empty rows of measures that stand ready."""


class LaporanForm(forms.Form):
    """Every text of a laporan; all may be empty while it is written. Names of a kegiatan's texts are `k<id>-<name>`."""

    version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kegiatan: Iterable[LaporanKegiatan], measures: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.told = list(kegiatan)
        self.rows = min(MAX_MEASURES, max(measures + SPARE_ROWS, 3))
        for name in LAPORAN_FIELDS:
            self.fields[name] = _text(name, rows=4)
        for row in self.told:
            for name in KEGIATAN_FIELDS:
                self.fields[f"k{row.kegiatan_id}-{name}"] = _text(name, rows=2 if name in SHORT else 4)
        for n in range(1, MAX_MEASURES + 1):
            for part, label, most in (("what", _("Yang diukur"), 200), ("before", _("Sebelum"), 100), ("after", _("Sesudah"), 100)):
                self.fields[f"m{n}-{part}"] = TypedField(label=f"{label} {n}", max_length=most, required=False)

    @classmethod
    def of(cls, laporan: Laporan) -> LaporanForm:
        told, measures = list(laporan.kegiatan.select_related("kegiatan")), list(laporan.measures.all())
        initial: dict[str, Any] = {"version": laporan.version, **{name: getattr(laporan, name) for name in LAPORAN_FIELDS}}
        for row in told:
            initial |= {f"k{row.kegiatan_id}-{name}": getattr(row, name) for name in KEGIATAN_FIELDS}
        for n, measure in enumerate(measures, 1):
            initial |= {f"m{n}-what": measure.indicator, f"m{n}-before": measure.before, f"m{n}-after": measure.after}
        return cls(initial=initial, kegiatan=told, measures=len(measures))

    def text(self, name: str) -> BoundField:
        return self[name]

    @property
    def sections(self) -> list[tuple[LaporanKegiatan, list[BoundField]]]:
        """Each kegiatan with its fields."""
        return [(row, [self[f"k{row.kegiatan_id}-{name}"] for name in KEGIATAN_FIELDS]) for row in self.told]

    @property
    def measure_rows(self) -> list[tuple[BoundField, BoundField, BoundField]]:
        return [(self[f"m{n}-what"], self[f"m{n}-before"], self[f"m{n}-after"]) for n in range(1, self.rows + 1)]

    def facts(self) -> dict[str, Any]:
        """Return the cleaned values as arguments of the service."""
        data = self.cleaned_data
        return {
            "texts": {name: data[name] for name in LAPORAN_FIELDS},
            "told": {row.kegiatan_id: {name: data[f"k{row.kegiatan_id}-{name}"] for name in KEGIATAN_FIELDS} for row in self.told},
            "measures": [(data[f"m{n}-what"], data[f"m{n}-before"], data[f"m{n}-after"]) for n in range(1, MAX_MEASURES + 1)],
            "version": data["version"] or 0,
        }


class ReleaseForm(forms.Form):
    """The author's consent: under which theme, and whether with the own name."""

    theme = forms.ModelChoiceField(
        label=gettext_lazy("Tema"),
        queryset=Theme.objects.filter(is_active=True),
        empty_label=gettext_lazy("Pilih tema"),
        error_messages={"required": gettext_lazy("Pilih tema aktualisasi Anda.")},
    )
    show_name = forms.BooleanField(
        label=gettext_lazy("Tampilkan nama saya sebagai penulis"),
        required=False,
        help_text=gettext_lazy("Tanpa centang, pustaka hanya menyebut satker dan jabatan."),
    )


class LibraryFilter(forms.Form):
    """Filters of the library; what cannot be read is left out, a list never refuses."""

    q = forms.CharField(label=gettext_lazy("Topik, judul, satker, atau jabatan"), required=False, max_length=100)
    tema = forms.ModelChoiceField(
        label=gettext_lazy("Tema"), required=False, queryset=Theme.objects.all(), empty_label=gettext_lazy("Semua tema")
    )
    tahun = forms.TypedChoiceField(label=gettext_lazy("Tahun"), required=False, coerce=int, empty_value=None)
    provinsi = forms.TypedChoiceField(label=gettext_lazy("Provinsi"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, years: Iterable[int], provinces: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tahun"].choices = [("", _("Semua tahun")), *((year, year) for year in years)]  # type: ignore[attr-defined]
        self.fields["provinsi"].choices = [("", _("Semua provinsi")), *provinces]  # type: ignore[attr-defined]


def _text(name: str, *, rows: int) -> TypedField:
    return TypedField(label=LABELS[name], max_length=LONG, required=False, widget=forms.Textarea(attrs={"rows": rows}))
