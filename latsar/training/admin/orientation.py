from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from latsar.adminsite.scoped import ScopedAdmin, ScopedInline
from latsar.training.models import OrientationTemplate, OrientationTemplateSession


class OrientationTemplateSessionInline(ScopedInline):
    model = OrientationTemplateSession


@admin.register(OrientationTemplate)
class OrientationTemplateAdmin(ScopedAdmin):
    """Programmes copy their template: a change here counts for those that are made from now on."""

    is_master_data = True
    save_as = True
    list_display = ["name", "code", "min_attendance_percent", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name", "code"]
    search_help_text = _("Nama atau kode")
    inlines = [OrientationTemplateSessionInline]
