from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from latsar.accounts.enums import Role
from latsar.adminsite.scoped import ScopedAdmin
from participants.models import PlanningRule, ProvincePoint


@admin.register(PlanningRule)
class PlanningRuleAdmin(ScopedAdmin):
    """The numbers are changed here; which ones there are is known to the code."""

    is_master_data = True
    list_display = ["name", "value", "source"]
    search_fields = ["name"]
    fields = ["name", "value", "source"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(ProvincePoint)
class ProvincePointAdmin(ScopedAdmin):
    """A province without a row here keeps the point that comes with the portal."""

    is_master_data = True
    deleters = frozenset({Role.PKSDM})
    list_display = ["province", "latitude", "longitude"]
    list_select_related = ["province"]
    search_fields = ["province__name", "province__code"]
    search_help_text = _("Nama atau kode provinsi")
    autocomplete_fields = ["province"]
