from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from latsar.accounts.models import User
from latsar.satker.models import Satker
from latsar.training.enums import BatchStage
from latsar.training.forms import date_field
from latsar.training.models import Batch
from latsar.training.tables import seats_taken
from latsar.ui import words
from latsar.ui.typed import TypedField
from participants.enums import MovementKind, MovementReason
from participants.forms import SuggestInput
from participants.models import Movement, Participant
from participants.movement_checks import NEEDS_FILE, problems_of
from participants.movement_rules import RULES, needs_basis, reasons_of
from participants.services.movement import Evidence, MovementFacts, evidence_problems
from participants.services.placement import fits_golongan

UNTIL_WORDS = {
    MovementKind.DEFER: (_("Perkiraan dapat lanjut"), _("Boleh dikosongkan bila belum diketahui. Portal mengingatkan pada harinya.")),
    MovementKind.EXTEND: (_("Masa percobaan sampai"), _("Tanggal dalam surat perpanjangan. Jam percobaan ikut berubah.")),
    MovementKind.CORRECT_EXTEND: (_("Masa percobaan sampai"), _("Tanggal yang benar. Kosongkan untuk membatalkan perpanjangannya.")),
}


def offers() -> list[tuple[int, str]]:
    """Return every angkatan that is open and has room, in words."""
    return [(batch.pk, _offer(batch)) for batch in _with_room()]


def _with_room() -> QuerySet[Batch]:
    open_now = Batch.objects.filter(stage=BatchStage.OPEN).annotate(taken=seats_taken())
    return open_now.filter(taken__lt=F("capacity")).select_related("institute").order_by("starts_on", "pk")


def _offer(batch: Any) -> str:
    facts = {"batch": batch, "day": words.short_date(batch.starts_on), "left": batch.capacity - batch.taken}
    return str(_("%(batch)s, mulai %(day)s, sisa %(left)d kursi") % facts)


class MovementForm(forms.Form):
    """One movement of a chosen kind; fields that the kind does not use are not there."""

    reason = forms.ChoiceField(label=_("Alasan"), error_messages={"required": _("Pilih alasannya.")})
    note = TypedField(
        label=_("Uraian"),
        max_length=500,
        help_text=_("Tersimpan di riwayat. Tulis seperlunya; keadaan kesehatan cukup disebut umum."),
        widget=forms.Textarea(attrs={"rows": "3"}),
        error_messages={"required": _("Tulis uraiannya, supaya yang membaca riwayat mengerti.")},
    )
    effective_on = date_field(_("Berlaku sejak"))
    until = date_field("", required=False)
    to_satker = forms.CharField(
        label=_("Satker tujuan"),
        max_length=180,
        help_text=_("Ketik kode atau nama, lalu pilih dari daftar."),
        widget=SuggestInput("satker-list"),
        error_messages={"required": _("Satker tujuan belum dipilih.")},
    )
    to_batch = forms.ModelChoiceField(
        label=_("Angkatan tujuan"),
        queryset=Batch.objects.none(),
        empty_label=_("Pilih"),
        error_messages={
            "required": _("Pilih angkatan tujuannya."),
            "invalid_choice": _("Angkatan ini sudah tidak dibuka. Pilih yang lain."),
        },
    )
    basis_number = TypedField(label=_("Nomor surat dasar"), max_length=100, required=False)
    basis_date = date_field(_("Tanggal surat"), required=False)
    evidence = forms.FileField(
        label=_("Bukti (PDF atau foto)"),
        required=False,
        allow_empty_file=True,
        help_text=_("Surat keterangan, keputusan, atau surat permohonan. Paling besar 10 MB."),
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
        error_messages={"required": NEEDS_FILE},
    )

    def __init__(self, *args: Any, user: User, participant: Participant, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.user, self.participant, rule = kind, user, participant, RULES[kind]
        self.fields["reason"].choices = [("", _("Pilih")), *((one.value, one.label) for one in reasons_of(participant, kind))]  # type: ignore[attr-defined]
        if rule.until:
            self.fields["until"].label, self.fields["until"].help_text = UNTIL_WORDS[MovementKind(kind)]
            self.fields["until"].required = rule.until == "must"
        else:
            del self.fields["until"]
        self.fields["evidence"].required = rule.needs_file
        if kind != MovementKind.CHANGE_SATKER:
            del self.fields["to_satker"]
        if kind == MovementKind.CHANGE_BATCH:
            self._offer_batches(participant)
        else:
            del self.fields["to_batch"]
        if needs_basis(participant, kind):
            for name in ("basis_number", "basis_date"):
                self.fields[name].required = True
            self.fields["basis_number"].error_messages["required"] = _("Tulis nomor surat atau keputusan yang menjadi dasarnya.")

    def _offer_batches(self, participant: Participant) -> None:
        """Offer the open angkatan of the whole country: who proposes need not have people there, and PKSDM decides."""
        field = self.fields["to_batch"]
        field.queryset = _with_room().exclude(pk=participant.batch_id or 0)  # type: ignore[attr-defined]
        fitting = [(batch.pk, _offer(batch)) for batch in field.queryset if fits_golongan(batch, participant.golongan)]  # type: ignore[attr-defined]
        field.choices = [("", _("Pilih")), *fitting]  # type: ignore[attr-defined]
        if not fitting:
            field.help_text = _("Belum ada angkatan lain yang dibuka dengan kursi kosong untuk golongan %(golongan)s.") % {
                "golongan": participant.golongan
            }

    @property
    def suggestions(self) -> list[str]:
        """Every open satker: a person may go anywhere in the country."""
        return [f"{unit.code} {unit.name}" for unit in Satker.objects.active()] if "to_satker" in self.fields else []

    def clean_to_satker(self) -> Satker:
        typed = self.cleaned_data["to_satker"].strip()
        unit = (
            Satker.objects.active().filter(code=typed.split(" ", maxsplit=1)[0]).first()
            or Satker.objects.active().filter(name__iexact=typed).first()
        )
        if unit is None:
            raise forms.ValidationError(_("Satker ini tidak ada di daftar. Ketik kodenya, misalnya 53.71."))
        return unit

    def clean(self) -> dict[str, Any]:
        """Say everything that is wrong at once: what the rules ask of the fields that are there, and what ails the file."""
        data = super().clean() or {}
        known = {name: value for name, value in data.items() if name != "evidence" and value is not None}
        movement = Movement(participant=self.participant, kind=self.kind, **{"effective_on": timezone.localdate(), **known})
        for name, texts in problems_of(movement, self.participant).items():
            if name in self.fields and name not in self.errors:
                self.add_error(name, [forms.ValidationError(text) for text in texts])
        if self.errors and (evidence := self.attached()):
            self["evidence"].help_text = str(_("Pilih lagi berkasnya: peramban tidak menyimpannya selagi isian dibetulkan."))
            if wrong := evidence_problems(evidence):
                self.add_error("evidence", [forms.ValidationError(text) for text in wrong])
        return data

    def facts(self) -> MovementFacts:
        data = {name: value for name, value in self.cleaned_data.items() if name != "evidence" and value is not None}
        return MovementFacts(kind=self.kind, **data)

    def attached(self) -> Evidence | None:
        upload = self.cleaned_data.get("evidence")
        return Evidence(upload.read(), upload.name) if upload else None


class DecisionForm(forms.Form):
    note = TypedField(
        label=_("Catatan keputusan"),
        max_length=500,
        required=False,
        help_text=_("Wajib bila menolak; dibaca pengusul."),
        widget=forms.Textarea(attrs={"rows": "3"}),
    )


class MovementFilter(forms.Form):
    """What the list of movements can be narrowed by; a wrong value narrows nothing."""

    q = forms.CharField(label=_("Nama atau NIP"), required=False, max_length=80)
    jenis = forms.ChoiceField(label=_("Jenis"), required=False, choices=[("", _("Semua jenis")), *MovementKind.choices])
    alasan = forms.ChoiceField(label=_("Alasan"), required=False, choices=[("", _("Semua alasan")), *MovementReason.choices])
    keadaan = forms.ChoiceField(
        label=_("Keadaan"), required=False, choices=[("", _("Semua keadaan")), *Movement._meta.get_field("state").flatchoices]
    )
