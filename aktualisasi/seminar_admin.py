"""Seminars in the admin: found and read here; whatever changes them has its own page, its locks and its policies."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from aktualisasi.models import Seminar, SeminarExaminer, SeminarStageChange, SeminarTurn
from aktualisasi.services.seminars import move_seminar
from latsar.accounts.enums import Role
from latsar.adminsite.acting import ActingAdmin, act_on_each, reason_of
from latsar.adminsite.columns import titled
from latsar.adminsite.filters import ProvinceFilter
from latsar.adminsite.scoped import ReadOnlyAdmin, ReadOnlyInline, user_of


class ExaminerInline(ReadOnlyInline):
    model = SeminarExaminer
    fields = ["number", "who"]
    readonly_fields = ["who"]

    @admin.display(description=_("penguji"))
    def who(self, obj: SeminarExaminer) -> str:
        return str(obj.user)


class TurnInline(ReadOnlyInline):
    model = SeminarTurn
    fields = ("order", "participant", "starts_at", "outcome")


class StageChangeInline(ReadOnlyInline):
    model = SeminarStageChange
    verbose_name_plural = _("riwayat keadaan")
    fields = readonly_fields = [  # type: ignore[assignment]  # the base declares wider lists
        titled("at", _("waktu")), titled("old", _("dari")), titled("new", _("menjadi")), titled("by", _("oleh")), titled("note", _("catatan")),
    ]  # fmt: skip


@admin.register(Seminar)
class SeminarAdmin(ActingAdmin):
    """Announced or cancelled through the service; times, turns and examiners change on their page."""

    acts = {"announce_chosen": frozenset({Role.PKSDM}), "cancel_chosen": frozenset({Role.PKSDM})}
    actions = ["announce_chosen", "cancel_chosen"]  # type: ignore[assignment]  # the base offers none
    list_display = ["__str__", "batch", "starts_at", "room", "state"]
    list_filter = ["kind", "state", ("batch__province", ProvinceFilter)]
    list_select_related = ["batch__institute"]
    search_fields = ["room", "batch__institute__name"]
    search_help_text = _("Ruang atau lembaga")
    date_hierarchy = "starts_at"
    inlines = [ExaminerInline, TurnInline, StageChangeInline]
    fields = [
        "batch", "kind", "group", "starts_at", "ends_at", "minutes", "room", "link", "chair", "notes", "state", "cancel_reason",
    ]  # fmt: skip

    @admin.action(description=_("Umumkan dan undang"))
    def announce_chosen(self, request: HttpRequest, queryset: QuerySet[Seminar]) -> None:
        act_on_each(request, queryset, lambda one: move_seminar(seminar_id=one.pk, action="announce", by=user_of(request)))

    @admin.action(description=_("Batalkan (tulis alasannya)"))
    def cancel_chosen(self, request: HttpRequest, queryset: QuerySet[Seminar]) -> None:
        note = reason_of(request)
        act_on_each(request, queryset, lambda one: move_seminar(seminar_id=one.pk, action="cancel", note=note, by=user_of(request)))


@admin.register(SeminarTurn)
class SeminarTurnAdmin(ReadOnlyAdmin):
    list_display = ["participant", "seminar", "starts_at", "outcome", "revision_due_on", "number"]
    list_filter = ["outcome", "seminar__kind", ("participant__province", ProvinceFilter)]
    list_select_related = ["participant", "seminar"]
    search_fields = ["participant__full_name", "participant__nip", "number"]
    search_help_text = _("Nama, NIP, atau nomor berita acara")
    date_hierarchy = "starts_at"
    fields = [
        "participant", "seminar", "order", "starts_at", "ends_at", "outcome", "revision_due_on", "note", "number",
    ]  # fmt: skip
