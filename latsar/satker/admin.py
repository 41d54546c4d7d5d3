from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from latsar.adminsite.filters import ProvinceFilter
from latsar.adminsite.importing import ImportingAdmin
from latsar.adminsite.scoped import ScopedInline
from latsar.satker.models import Satker, SatkerChange
from latsar.satker.resources import SatkerResource, count_people, fits_tree, note_change, save_in_tree


class SatkerForm(forms.ModelForm):
    class Meta:
        model = Satker
        fields = "__all__"  # noqa: DJ007 - the admin names its fields itself

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        if data and "parent" in self.fields and not fits_tree(Satker(kind=data.get("kind", ""), parent=data.get("parent"))):
            self.add_error("parent", _("Induk kabupaten/kota adalah satker provinsinya; induk provinsi adalah Sekretariat Jenderal."))
        return data


class SatkerChangeInline(ScopedInline):
    """The story of a unit is added to, never taken from."""

    model = SatkerChange
    deleters = frozenset()


@admin.register(Satker)
class SatkerAdmin(ImportingAdmin):
    resource_class = SatkerResource
    form = SatkerForm
    list_display = ["code", "name", "kind", "province_name", "dipa_code", "zone", "closed_on"]
    list_display_links = ["code", "name"]
    list_filter = ["kind", "zone", ("province", ProvinceFilter)]
    list_select_related = ["parent", "province"]
    search_fields = ["name", "code", "dipa_code"]
    search_help_text = _("Nama, kode wilayah, atau kode DIPA")
    autocomplete_fields = ["parent"]
    inlines = [SatkerChangeInline]
    fieldsets = [
        (None, {"fields": ["code", "name", "kind", "parent", "province_name", "dipa_code", "zone", "closed_on"]}),
        (_("Kontak"), {"fields": ["email", "phone", "address"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Satker | None = None) -> list[str]:
        """A code is never used again, and people are counted where their satker stands in the tree."""
        return ["code", "kind", "parent"] if obj else []

    def save_model(self, request: HttpRequest, obj: Satker, form: Any, change: bool) -> None:  # noqa: FBT001
        before = Satker.objects.visible_to(request.user).filter(pk=obj.pk).first() if change else None  # type: ignore[arg-type]  # signed in
        super().save_model(request, obj, form, change)
        if before is None:
            save_in_tree(obj)
            return
        note_change(before, obj, timezone.localdate())
        people = count_people(obj) if obj.closed_on and not before.closed_on else 0
        if people:
            text = _("%(satker)s ditutup, padahal %(count)d orang masih di sana. Pindahkan mereka ke satker yang menggantikannya.")
            messages.warning(request, text % {"satker": obj, "count": people})
