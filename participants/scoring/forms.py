from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from latsar.training.forms import date_field
from latsar.training.models import Batch, ScoreComponent
from latsar.ui.typed import TypedField
from participants.models import GraduationRecord, Participant, ScoreRemark, Sttp
from participants.scoring.typing import BadScore, parse_score, score_text

LATE_LIMIT = 366


class ScoreField(forms.CharField):
    """0 to 100 as people type it; cleans to a Decimal."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=12, widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **kwargs)

    def clean(self, value: Any) -> Decimal | None:  # type: ignore[override]  # a number comes out
        text = super().clean(value)
        try:
            return parse_score(text)
        except BadScore as bad:
            raise forms.ValidationError(str(bad)) from bad


class DueForm(forms.Form):
    due_on = date_field(_("Difinalkan paling lambat"), required=False)


class RemarkForm(forms.Form):
    note = TypedField(
        label=_("Catatan penguji"),
        help_text=_("Mengapa penguji berbeda jauh, dan apa yang disepakati."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
    late_days = forms.IntegerField(
        label=_("Terlambat (hari kerja)"), min_value=0, max_value=LATE_LIMIT, help_text=_("0 bila tepat waktu."), initial=0
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    @classmethod
    def of(cls, batch: Batch, person: Participant, component: ScoreComponent | None, data: Any) -> RemarkForm:
        """Bind or fill the form of one person's component; lateness is asked only where it counts."""
        row = ScoreRemark.objects.filter(batch=batch, participant=person, component=component).first()
        form = cls(
            data, initial={"note": row.note if row else "", "late_days": row.late_days if row else 0, "seen": row.version if row else 0}
        )
        if component is not None and not component.is_late_sensitive:
            form.fields["late_days"].widget = forms.HiddenInput()
        return form


class ObjectionForm(forms.Form):
    component = forms.TypedChoiceField(
        label=_("Nilai yang disanggah"), coerce=int, error_messages={"required": _("Pilih nilai yang Anda sanggah.")}
    )
    text = TypedField(
        label=_("Alasan"),
        help_text=_("Tulis apa yang menurut Anda keliru, dan dasarnya."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": "4"}),
        error_messages={"required": _("Tulis alasannya, supaya lembaga dapat memeriksa.")},
    )

    def __init__(self, *args: Any, leaves: list[ScoreComponent], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["component"].choices = [("", _("Pilih")), *((leaf.pk, leaf.name) for leaf in leaves)]  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    answer = TypedField(
        label=_("Jawaban"),
        help_text=_("Dibaca peserta."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": "3"}),
        error_messages={"required": _("Tulis jawabannya, supaya peserta mengerti.")},
    )


class CorrectionForm(forms.Form):
    """Another value for one cell; `cell` is component-examiner."""

    cell = forms.ChoiceField(label=_("Nilai yang diubah"), error_messages={"required": _("Pilih nilainya.")})
    new = ScoreField(
        label=_("Nilai baru"), help_text=_("0 sampai 100, koma untuk desimal."), error_messages={"required": _("Isi nilai barunya.")}
    )
    reason = TypedField(
        label=_("Alasan"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": "3"}),
        error_messages={"required": _("Tulis alasannya, supaya yang memutuskan mengerti.")},
    )

    def __init__(self, *args: Any, leaves: list[ScoreComponent], only: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [
            (f"{leaf.pk}-{rater}", f"{leaf.name} {rater}" if leaf.raters > 1 else leaf.name)
            for leaf in leaves
            if only in (None, leaf.pk)
            for rater in range(1, leaf.raters + 1)
        ]
        self.fields["cell"].choices = [("", _("Pilih")), *rows] if len(rows) > 1 else rows  # type: ignore[attr-defined]

    @property
    def place(self) -> tuple[int, int]:
        component, rater = self.cleaned_data["cell"].split("-")
        return int(component), int(rater)


class DecideForm(forms.Form):
    note = TypedField(label=_("Catatan"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": "2"}))


class RecordForm(forms.ModelForm):  # type: ignore[type-arg]  # generic to the checker only
    """Number, day, place and signers of the berita acara."""

    held_on = date_field(_("Tanggal rapat"))

    class Meta:
        model = GraduationRecord
        fields = ["number", "held_on", "place", "chair_name", "chair_title", "witness_name", "witness_title"]

    def clean_held_on(self) -> Any:
        day = self.cleaned_data["held_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Tanggal rapat tidak boleh sesudah hari ini."))
        return day


class SttpForm(forms.ModelForm):  # type: ignore[type-arg]  # generic to the checker only
    issued_on = date_field(_("Tanggal STTP"))
    scan = forms.FileField(label=_("Pindaian (PDF)"), required=False, help_text=_("Paling besar 10 MB."))

    class Meta:
        model = Sttp
        fields = ["number", "registration_code", "issued_on"]


__all__ = ["AnswerForm", "CorrectionForm", "DecideForm", "DueForm", "ObjectionForm", "RecordForm", "RemarkForm", "SttpForm", "score_text"]
