from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from latsar.accounts.enums import NATION_ROLES, UNIT_ROLES, Role
from latsar.accounts.models import AuditEntry, AuditSeal, DataView
from latsar.adminsite.columns import titled
from latsar.adminsite.scoped import ReadOnlyAdmin, user_of

AT, ACTOR, VERB = titled("at", _("waktu")), titled("actor", _("pelaku")), titled("verb", _("tindakan"))
MODEL, LABEL, NOTE = titled("model", _("jenis data")), titled("object_label", _("data")), titled("note", _("catatan"))


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = [AT, ACTOR, VERB, LABEL, MODEL, NOTE]
    list_filter = ["verb", "model"]
    list_select_related = ["actor"]
    search_fields = ["object_label", "actor__full_name", "note"]
    search_help_text = _("Nama data, pelaku, atau catatan")
    date_hierarchy = "at"
    fields = [AT, ACTOR, VERB, MODEL, LABEL, "difference", NOTE, titled("request_id", _("permintaan")), titled("client_ip", _("alamat IP"))]

    def get_fields(self, request: HttpRequest, obj: AuditEntry | None = None) -> list[str]:
        """Leaders and auditors read who did what; the values belong to those who administer the people."""
        names = list(self.fields)
        if not user_of(request).has_role(Role.PKSDM, *UNIT_ROLES):
            names.remove("difference")
        return names

    @admin.display(description=_("perubahan"))
    def difference(self, obj: AuditEntry) -> str:
        return (
            "; ".join(
                f"{name}: {old if old is not None else '-'} → {new if new is not None else '-'}" for name, (old, new) in obj.changes.items()
            )
            or "-"
        )


@admin.register(AuditSeal)
class AuditSealAdmin(ReadOnlyAdmin):
    """The blocks of the chain; `manage.py verify_audit` recomputes them."""

    readers = NATION_ROLES
    list_display = ["number", "at", "rows", "first_id", "last_id", "digest"]
    search_fields = ["digest"]
    search_help_text = _("Sidik yang disimpan di luar portal")
    date_hierarchy = "at"
    fields = ["number", "at", "rows", "first_id", "last_id", "previous", "digest"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditSeal]:
        return super().get_queryset(request).defer("leaves", "runs")


@admin.register(DataView)
class DataViewAdmin(ReadOnlyAdmin):
    """Who looked at whom. A person's own page of it is in the portal."""

    readers = NATION_ROLES
    list_display = ["at", "viewer", "kind", "role", "unit", MODEL, titled("object_id", _("nomor data")), "note"]
    list_filter = ["kind", "role"]
    list_select_related = ["viewer"]
    search_fields = ["viewer__full_name", "viewer__username", "object_id"]
    search_help_text = _("Nama yang melihat, atau nomor data")
    date_hierarchy = "day"
    fields = [
        "at",
        "viewer",
        "kind",
        "role",
        "unit",
        MODEL,
        titled("object_id", _("nomor data")),
        "note",
        titled("request_id", _("permintaan")),
    ]
