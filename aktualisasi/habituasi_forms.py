"""Forms of the habituasi: evidence, a tahapan, the weekly report, a change of plan, a note, the filters of the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aktualisasi.enums import LONG, SENTENCE
from aktualisasi.habituasi import Evidence, TahapanWork, WeeklyReport
from aktualisasi.habituasi_enums import MAX_AT_ONCE, REASON, ChangeKind, WorkState
from aktualisasi.plan import Kegiatan, Tahapan
from aktualisasi.report_weeks import Week
from latsar.accounts.models import User
from latsar.documents.upload.services import FinishedUpload
from latsar.training.models import Batch, CurriculumValue
from latsar.ui.typed import TypedField, seen_text

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

DAY_FORMATS = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"]


def day_field(label: _StrPromise, **kwargs: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        input_formats=DAY_FORMATS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": gettext_lazy("Tulis tanggalnya lengkap, misalnya 12-08-2026."),
            "required": gettext_lazy("Isi tanggalnya."),
        },
        **kwargs,
    )


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that has arrived in pieces with what is said about it; one that cannot be used is a fault."""

    token: str
    name: str
    size: int
    caption: str
    is_fault: bool = False


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Check each file of a set; none is no set."""
        files = data if isinstance(data, list) else [data]
        return [found for one in files if one and (found := super(SeveralFilesField, self).clean(one, initial))]


class EvidenceForm(forms.Form):
    """A set of files for one tahapan. `upload` names those that came in pieces before, `captions` is theirs in the same order.

    Without pieces the form carries the files itself, and `caption` stands for all of them.
    """

    tahapan = forms.ModelChoiceField(
        label=gettext_lazy("Tahapan"),
        queryset=Tahapan.objects.none(),
        error_messages={"required": gettext_lazy("Pilih tahapan yang dibuktikan."), "invalid_choice": gettext_lazy("Pilih dari daftar.")},
    )
    shown_on = day_field(gettext_lazy("Tanggal kegiatan"))
    file = SeveralFilesField(
        label=gettext_lazy("Foto atau PDF, paling besar 10 MB"),
        required=False,
        allow_empty_file=True,
        widget=SeveralFiles(attrs={"accept": "image/*,application/pdf", "multiple": True}),
    )
    caption = TypedField(label=gettext_lazy("Keterangan"), max_length=300, required=False)
    proves = TypedField(
        label=gettext_lazy("Output yang dibuktikan"),
        max_length=SENTENCE,
        required=False,
        help_text=gettext_lazy("Dikosongkan: output tahapan itu sendiri."),
    )
    upload = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, tahapan: Sequence[Tahapan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["tahapan"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = Tahapan.objects.filter(pk__in=[one.pk for one in tahapan])
        choice.choices = [(one.pk, f"{one.kegiatan.order}.{one.order} {one.text}"[:120]) for one in tahapan]
        self.ticket = ""
        self.sent: list[Sent] = []

    def clean_upload(self) -> list[str]:
        """Read the tokens, each once; one more than may come is enough to know that there are too many."""
        return list(dict.fromkeys(filter(None, self.cleaned_data["upload"].split(","))))[: MAX_AT_ONCE + 1]

    def sent_along(self) -> list[UploadedFile]:
        """Return the files of a plain form, one more than may come at most."""
        files: list[UploadedFile] = self.cleaned_data.get("file", [])
        return files[: MAX_AT_ONCE + 1]

    def captions(self, count: int) -> list[str]:
        """Return what is said about each of `count` files: its own words, else those for all."""
        own = [seen_text(text).strip()[:300] for text in self.data.getlist("captions")] if hasattr(self.data, "getlist") else []
        common = self.cleaned_data.get("caption", "")
        return [(own[n] if n < len(own) else "") or common for n in range(count)]

    def show_sent(self, incoming: Sequence[FinishedUpload], faults: frozenset[int]) -> None:
        """Keep in sight what came in pieces, with its words, and the places that cannot be used."""
        captions = self.captions(len(incoming))
        self.sent = [
            Sent(one.token, one.name, one.size, caption, place in faults)
            for place, (one, caption) in enumerate(zip(incoming, captions, strict=True), start=1)
            if one.token
        ]


class EvidenceEditForm(forms.Form):
    tahapan = forms.ModelChoiceField(label=gettext_lazy("Tahapan"), queryset=Tahapan.objects.none())
    caption = TypedField(
        label=gettext_lazy("Keterangan"),
        max_length=300,
        error_messages={"required": gettext_lazy("Tulis apa yang terlihat pada bukti ini.")},
    )
    shown_on = day_field(gettext_lazy("Tanggal kegiatan"))
    proves = TypedField(label=gettext_lazy("Output yang dibuktikan"), max_length=SENTENCE, required=False)
    in_laporan = forms.BooleanField(label=gettext_lazy("Masukkan ke laporan akhir"), required=False)

    def __init__(self, *args: Any, evidence: Evidence, tahapan: Sequence[Tahapan], **kwargs: Any) -> None:
        names = ("caption", "shown_on", "proves", "in_laporan")
        kwargs["initial"] = {name: getattr(evidence, name) for name in names} | {"tahapan": evidence.tahapan_id}
        super().__init__(*args, **kwargs)
        choice = self.fields["tahapan"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = Tahapan.objects.filter(pk__in=[one.pk for one in tahapan])
        choice.choices = [(one.pk, f"{one.kegiatan.order}.{one.order} {one.text}"[:120]) for one in tahapan]


class WorkForm(forms.Form):
    state = forms.ChoiceField(label=gettext_lazy("Keadaan"), choices=WorkState, widget=forms.RadioSelect)
    planned_on = day_field(
        gettext_lazy("Rencana"), required=False, help_text=gettext_lazy("Dalam minggu yang disetujui. Kosong: akhir minggu itu.")
    )
    started_on = day_field(gettext_lazy("Mulai dikerjakan"), required=False)
    finished_on = day_field(gettext_lazy("Selesai dikerjakan"), required=False)
    note = TypedField(label=gettext_lazy("Catatan"), max_length=REASON, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    @classmethod
    def of(cls, work: TahapanWork | None) -> WorkForm:
        if work is None:
            return cls(initial={"state": WorkState.NOT_BEGUN, "version": 0})
        return cls(initial={name: getattr(work, name) for name in cls.base_fields})

    def clean_version(self) -> int:
        return self.cleaned_data["version"] or 0


class WeeklyForm(forms.Form):
    """A report; every part may be empty while it is written."""

    done = TypedField(label=gettext_lazy("Yang dikerjakan"), max_length=LONG, required=False, widget=forms.Textarea(attrs={"rows": 5}))
    obstacles = TypedField(
        label=gettext_lazy("Hambatan dan cara mengatasinya"), max_length=LONG, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    value = forms.ModelChoiceField(
        label=gettext_lazy("Nilai yang paling terasa"),
        queryset=CurriculumValue.objects.none(),
        required=False,
        empty_label=gettext_lazy("Pilih nilai"),
    )
    version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, curriculum_id: int | None, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "id_minggu_%s")
        super().__init__(*args, **kwargs)
        choice = self.fields["value"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = CurriculumValue.objects.filter(curriculum=curriculum_id)

    @classmethod
    def of(cls, report: WeeklyReport | None, prefill: str, curriculum_id: int | None) -> WeeklyForm:
        if report is None:
            return cls(initial={"done": prefill, "version": 0}, curriculum_id=curriculum_id)
        initial = {"done": report.done, "obstacles": report.obstacles, "value": report.value_id, "version": report.version}
        return cls(initial=initial, curriculum_id=curriculum_id)

    def facts(self) -> dict[str, Any]:
        """Return the cleaned values as arguments of the service."""
        data = self.cleaned_data
        value = data["value"]
        return {
            "done": data["done"],
            "obstacles": data["obstacles"],
            "value_id": value.pk if value else None,
            "version": data["version"] or 0,
        }


class PlanChangeForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Yang diajukan"), choices=ChangeKind, initial=ChangeKind.CHANGE)
    tahapan = forms.ModelChoiceField(
        label=gettext_lazy("Tahapan"), queryset=Tahapan.objects.none(), required=False, empty_label=gettext_lazy("Pilih tahapan")
    )
    kegiatan = forms.ModelChoiceField(
        label=gettext_lazy("Kegiatan, untuk tahapan baru"),
        queryset=Kegiatan.objects.none(),
        required=False,
        empty_label=gettext_lazy("Pilih kegiatan"),
    )
    text = TypedField(label=gettext_lazy("Menjadi"), max_length=SENTENCE, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    output = TypedField(
        label=gettext_lazy("Output yang baru"),
        max_length=SENTENCE,
        required=False,
        help_text=gettext_lazy("Dikosongkan: output tetap."),
    )
    weeks = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Minggu yang baru"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Dikosongkan: minggu tetap."),
    )
    reason = TypedField(
        label=gettext_lazy("Alasan"),
        max_length=REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Tulis alasannya, supaya mentor dapat menjawab.")},
    )

    def __init__(self, *args: Any, tahapan: Sequence[Tahapan], kegiatan: Sequence[Kegiatan], weeks: Sequence[Week], **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "id_ubah_%s")
        super().__init__(*args, **kwargs)
        one, whole, numbers = self.fields["tahapan"], self.fields["kegiatan"], self.fields["weeks"]
        assert isinstance(one, forms.ModelChoiceField)
        assert isinstance(whole, forms.ModelChoiceField)
        assert isinstance(numbers, forms.TypedMultipleChoiceField)
        one.queryset = Tahapan.objects.filter(pk__in=[row.pk for row in tahapan])
        one.choices = [("", _("Pilih tahapan")), *((t.pk, f"{t.kegiatan.order}.{t.order} {t.text}"[:120]) for t in tahapan)]
        whole.queryset = Kegiatan.objects.filter(pk__in=[row.pk for row in kegiatan])
        whole.choices = [("", _("Pilih kegiatan")), *((k.pk, str(k)[:120]) for k in kegiatan)]
        numbers.choices = [(week.number, _("Minggu %(n)s") % {"n": week.number}) for week in weeks]

    def facts(self) -> dict[str, Any]:
        """Return the cleaned values as arguments of the service."""
        data = self.cleaned_data
        return {
            "kind": data["kind"],
            "tahapan_id": data["tahapan"].pk if data["tahapan"] else None,
            "kegiatan_id": data["kegiatan"].pk if data["kegiatan"] else None,
            "text": data["text"],
            "output": data["output"],
            "weeks": data["weeks"],
            "reason": data["reason"],
        }


class AnswerForm(forms.Form):
    """The mentor's note; whether it is needed is the table's matter."""

    note = TypedField(
        label=gettext_lazy("Catatan untuk peserta"), max_length=REASON, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)


class ProgressFilter(forms.Form):
    """Filters of the progress list; what cannot be read is left out, a list never refuses."""

    q = forms.CharField(label=gettext_lazy("Nama atau NIP"), required=False, max_length=100)
    angkatan = forms.ModelChoiceField(
        label=gettext_lazy("Angkatan"), required=False, queryset=Batch.objects.none(), empty_label=gettext_lazy("Semua angkatan")
    )
    kelompok = forms.TypedChoiceField(
        label=gettext_lazy("Kelompok"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", gettext_lazy("Semua kelompok")), *((n, n) for n in range(1, 9))],
    )
    keadaan = forms.ChoiceField(
        label=gettext_lazy("Keadaan"), required=False, choices=[("", gettext_lazy("Semua")), ("tertinggal", gettext_lazy("Tertinggal"))]
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        batches = self.fields["angkatan"]
        assert isinstance(batches, forms.ModelChoiceField)
        batches.queryset = Batch.objects.visible_to(user).select_related("institute")
