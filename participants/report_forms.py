"""What a person may ask of each report; every choice ends at the person's scope."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from latsar.reports.forms import ReportForm
from latsar.satker.models import Satker, SatkerKind
from latsar.training.models import Batch
from participants.groups import STAGE_GROUPS

BATCH_CHOICES = 300
CHOOSE = _("Pilih")
NOT_THERE = _("Pilih salah satu dari daftar.")
PROVINCE_KINDS = (SatkerKind.PROVINCE, SatkerKind.SETJEN)


class UnitChoice(forms.ModelChoiceField):
    """A unit by its code; a foreign one is answered like one that does not exist."""

    def __init__(self, label: Any, *, required: bool = True, empty_label: Any = CHOOSE) -> None:
        super().__init__(
            Satker.objects.none(),
            label=label,
            required=required,
            empty_label=empty_label,
            to_field_name="code",
            error_messages={"required": NOT_THERE, "invalid_choice": NOT_THERE},
        )


class ProvinceReportForm(ReportForm):
    province = UnitChoice(_("Provinsi"))

    def narrow(self) -> None:
        offer(self, "province", Satker.objects.visible_to(self.user).filter(kind__in=PROVINCE_KINDS))


class SatkerReportForm(ReportForm):
    satker = UnitChoice(_("Satker"))
    stage = forms.ChoiceField(
        label=_("Tahap"),
        required=False,
        choices=[("", _("Semua tahap")), *((group.key, group.label) for group in STAGE_GROUPS)],
        error_messages={"invalid_choice": NOT_THERE},
    )

    def narrow(self) -> None:
        offer(self, "satker", Satker.objects.visible_to(self.user))


class BatchReportForm(ReportForm):
    batch = forms.ModelChoiceField(
        Batch.objects.none(),
        label=_("Angkatan"),
        empty_label=CHOOSE,
        error_messages={"required": NOT_THERE, "invalid_choice": NOT_THERE},
    )

    def narrow(self) -> None:
        newest = Batch.objects.visible_to(self.user).order_by("-starts_on", "-pk").values("pk")[:BATCH_CHOICES]
        offer(self, "batch", Batch.objects.filter(pk__in=newest).select_related("institute"))


class RiskReportForm(ReportForm):
    province = UnitChoice(_("Provinsi"), required=False, empty_label=_("Semua yang dapat Anda lihat"))
    within = forms.TypedChoiceField(
        label=_("Belum dapat kursi dan batasnya dalam"),
        choices=[(30, _("30 hari")), (60, _("60 hari")), (90, _("90 hari"))],
        initial=90,
        coerce=int,
        error_messages={"required": NOT_THERE, "invalid_choice": NOT_THERE},
    )

    def narrow(self) -> None:
        provinces = Satker.objects.visible_to(self.user).filter(kind__in=PROVINCE_KINDS)
        if self.user.scope.nation:
            offer(self, "province", provinces)
        else:
            del self.fields["province"]


def offer(form: ReportForm, name: str, rows: QuerySet[Any]) -> None:
    """Set the rows of a choice; when there is only one it is chosen already."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows
    only = list(rows[:2])
    if len(only) == 1 and field.required:
        field.empty_label = None
