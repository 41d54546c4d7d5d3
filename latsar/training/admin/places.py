from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from latsar.accounts.enums import Role
from latsar.adminsite.columns import titled
from latsar.adminsite.filters import ProvinceFilter
from latsar.adminsite.importing import ImportingAdmin
from latsar.adminsite.scoped import ReadOnlyAdmin, ReadOnlyInline, ScopedAdmin, ScopedInline
from latsar.training.models import (
    AnswerTime,
    DossierRequirement,
    ElectionStage,
    EntryGolongan,
    Holiday,
    Institute,
    InstituteContact,
    SbmRate,
    SeatOffer,
    SeatRequest,
    SeatRequestStageChange,
    Tariff,
)
from latsar.training.resources import (
    DossierRequirementResource,
    ElectionStageResource,
    HolidayResource,
    InstituteResource,
    SbmRateResource,
    TariffResource,
)

PKSDM_ONLY = frozenset({Role.PKSDM})


class InstituteContactInline(ScopedInline):
    model = InstituteContact


class SeatOfferInline(ScopedInline):
    model = SeatOffer


class StageAdminForm(forms.ModelForm):
    """The province follows from the satker."""

    class Meta:
        model = ElectionStage
        fields = "__all__"  # noqa: DJ007 - the admin names its fields itself

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        satker = data.get("satker")
        self.instance.province_id = satker.province_id if satker else None
        return data


@admin.register(Institute)
class InstituteAdmin(ImportingAdmin):
    resource_class = InstituteResource
    list_display = ["name", "city", "province", "accreditation", "is_active"]
    list_filter = ["is_active", ("province", ProvinceFilter)]
    list_select_related = ["province"]
    search_fields = ["name", "code", "city"]
    search_help_text = _("Nama, kode, atau kota")
    autocomplete_fields = ["province"]
    exclude = ("version",)
    inlines = [InstituteContactInline, SeatOfferInline]

    def save_model(self, request: HttpRequest, obj: Institute, form: Any, change: bool) -> None:  # noqa: FBT001
        obj.version += change  # who has a form of the portal open is told
        super().save_model(request, obj, form, change)


class SeatRequestStageChangeInline(ReadOnlyInline):
    model = SeatRequestStageChange
    verbose_name_plural = _("riwayat keadaan")
    fields = readonly_fields = [
        titled("at", _("waktu")),
        titled("old", _("dari")),
        titled("new", _("menjadi")),
        titled("note", _("catatan")),
    ]


@admin.register(SeatRequest)
class SeatRequestAdmin(ReadOnlyAdmin):
    """Requests move on their page, with letter, answer and agreement."""

    list_display = ["institute", "province", "seats_asked", "seats_granted", "method", "state", "sent_at"]
    list_filter = ["state", "method", ("province", ProvinceFilter)]
    list_select_related = ["institute", "province"]
    search_fields = ["institute__name", "letter_number", "agreement_number"]
    search_help_text = _("Lembaga atau nomor surat")
    inlines = [SeatRequestStageChangeInline]


@admin.register(Tariff)
class TariffAdmin(ImportingAdmin):
    resource_class = TariffResource
    is_master_data = True
    deleters = PKSDM_ONLY
    list_display = ["year", "method", "institute", "amount", "source"]
    list_display_links = ["year", "method"]
    list_filter = ["year", "method", "institute"]
    list_select_related = ["institute"]
    search_fields = ["institute__name", "source"]
    search_help_text = _("Lembaga atau sumber")
    autocomplete_fields = ["institute"]


@admin.register(SbmRate)
class SbmRateAdmin(ImportingAdmin):
    resource_class = SbmRateResource
    is_master_data = True
    deleters = PKSDM_ONLY
    list_display = ["year", "province", "training_day", "out_of_town", "in_town_8h"]
    list_display_links = ["year", "province"]
    list_filter = ["year"]
    list_select_related = ["province"]
    search_fields = ["province__name", "province__code"]
    search_help_text = _("Nama atau kode provinsi")
    autocomplete_fields = ["province"]


@admin.register(Holiday)
class HolidayAdmin(ImportingAdmin):
    resource_class = HolidayResource
    is_master_data = True
    deleters = PKSDM_ONLY
    list_display = ["date", "name", "is_joint_leave", "is_own"]
    list_filter = ["is_joint_leave", "is_own"]
    search_fields = ["name"]
    date_hierarchy = "date"
    fields = ["date", "name", "is_joint_leave", "is_own"]
    readonly_fields = ["is_own"]

    def save_model(self, request: HttpRequest, obj: Holiday, form: Any, change: bool) -> None:  # noqa: FBT001
        obj.is_own = True
        super().save_model(request, obj, form, change)


@admin.register(EntryGolongan)
class EntryGolonganAdmin(ScopedAdmin):
    """What the check of golongan against education goes by; an education without rows is not checked."""

    is_master_data = True
    deleters = PKSDM_ONLY
    list_display = ["education", "golongan"]
    list_filter = ["education"]
    search_fields = ["education", "golongan"]


@admin.register(DossierRequirement)
class DossierRequirementAdmin(ImportingAdmin):
    resource_class = DossierRequirementResource
    is_master_data = True
    deleters = PKSDM_ONLY
    list_display = ["name", "institute", "method", "valid_days", "is_required", "blocks_submission", "order"]
    list_filter = ["is_required", "blocks_submission", "method", "institute"]
    list_select_related = ["institute"]
    search_fields = ["name", "code"]
    autocomplete_fields = ["institute"]


@admin.register(AnswerTime)
class AnswerTimeAdmin(ScopedAdmin):
    """The number is changed here; which answers have one is known to the code."""

    is_master_data = True
    list_display = ["name", "working_days"]
    search_fields = ["name"]
    fields = ["name", "working_days"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(ElectionStage)
class ElectionStageAdmin(ImportingAdmin):
    """Units keep their own stages on the page Tahapan; here PKSDM keeps them all."""

    resource_class = ElectionStageResource
    list_display = ["name", "scope", "satker", "starts_on", "ends_on", "is_blocking", "is_verified"]
    list_filter = ["scope", "is_blocking", "is_verified", ("province", ProvinceFilter)]
    list_select_related = ["satker"]
    search_fields = ["name", "satker__name", "source"]
    search_help_text = _("Tahapan, satker, atau dasar")
    date_hierarchy = "starts_on"
    autocomplete_fields = ["satker"]
    fields = ["name", "scope", "satker", "starts_on", "ends_on", "is_blocking", "source", "is_verified"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        return super().get_form(request, obj, change=change, **{"form": StageAdminForm, **kwargs})
