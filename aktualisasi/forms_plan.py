"""Forms around the builder: a superior's correction, and the template of the printed paper."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aktualisasi.enums import LONG
from aktualisasi.models import PaperTemplate, Rancangan
from aktualisasi.paper_layout import PLACES, PaperFont, PaperLayout, Part
from latsar.ui.typed import TypedField


class CorrectionForm(forms.Form):
    """What the superior corrected, by whom and when."""

    issue = forms.ChoiceField(label=_("Tentang isu"), required=False, help_text=_("Kosongkan bila koreksinya tentang semua isu."))
    superior_name = TypedField(label=_("Nama atasan"), max_length=150, help_text=_("Dengan gelar."))
    superior_jabatan = TypedField(label=_("Jabatan atasan"), max_length=150)
    corrected_on = forms.DateField(label=_("Tanggal koreksi"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    text = TypedField(
        label=_("Yang dikoreksi"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Tetap tersimpan, tidak dapat dihapus."),
    )

    def __init__(self, *args: Any, rancangan: Rancangan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(str(row.pk), f"{row.order}. {row.statement or _('belum dirumuskan')}") for row in rancangan.issues.order_by("order")]
        issue = self.fields["issue"]
        issue.choices = [("", _("Semua isu")), *rows]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Return the cleaned values as the service takes them."""
        data = dict(self.cleaned_data)
        data["issue_id"] = int(data.pop("issue")) if self.cleaned_data["issue"] else None
        return data


class PaperTemplateForm(forms.Form):
    """Words and letters of a template; the parts are fields of their own, three for each part."""

    cover = TypedField(
        label=_("Kata di sampul"),
        max_length=1000,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text=_("Sebaris demi sebaris. Yang berkurung kurawal diganti saat dicetak: %(names)s.")
        % {"names": ", ".join("{" + name + "}" for name in PLACES)},
    )
    closing = TypedField(label=_("Kalimat penutup"), max_length=300, required=False, help_text=_("Di lembar pengesahan."))
    city = TypedField(label=_("Kota penandatanganan"), max_length=60, required=False, help_text=_("Kosong: kota lembaga."))
    font = forms.ChoiceField(label=_("Huruf"), choices=PaperFont.choices)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, layout: PaperLayout, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.layout = layout
        for place, part in enumerate(layout.parts, 1):
            self.fields[f"urutan-{part.key}"] = forms.IntegerField(
                label=_("Urutan"), min_value=1, max_value=99, initial=place, widget=forms.NumberInput(attrs={"class": "score"})
            )
            self.fields[f"tampil-{part.key}"] = forms.BooleanField(label=_("Dicetak"), required=False, initial=part.visible)
            self.fields[f"kepala-{part.key}"] = TypedField(label=_("Judul bagian"), max_length=120, initial=part.heading)

    @property
    def rows(self) -> list[tuple[Part, Any, Any, Any]]:
        """The parts with their three fields."""
        return [(part, self[f"urutan-{part.key}"], self[f"tampil-{part.key}"], self[f"kepala-{part.key}"]) for part in self.layout.parts]

    @property
    def words(self) -> list[Any]:
        return [self[name] for name in ("cover", "closing", "city", "font")]

    def made(self) -> PaperLayout:
        """Return the layout as typed; call after `is_valid`."""
        data = self.cleaned_data
        parts = [
            (data[f"urutan-{part.key}"], place, Part(part.key, data[f"kepala-{part.key}"], visible=data[f"tampil-{part.key}"]))
            for place, part in enumerate(self.layout.parts)
        ]
        return PaperLayout(
            kind=self.layout.kind,
            parts=tuple(part for _order, _place, part in sorted(parts, key=lambda row: row[:2])),
            cover=data["cover"],
            closing=data["closing"],
            city=data["city"],
            font=data["font"],
        )

    @classmethod
    def of(cls, layout: PaperLayout, row: PaperTemplate | None) -> PaperTemplateForm:
        """Return the form with what is stored."""
        initial = {
            "cover": layout.cover,
            "closing": layout.closing,
            "city": layout.city,
            "font": layout.font,
            "version": row.version if row else 0,
        }
        return cls(layout=layout, initial=initial)
