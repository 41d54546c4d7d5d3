"""The base of every ModelAdmin: rows from visible_to, rights from roles, an audit row for each change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, TypeAlias

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import get_fields_from_path, unquote
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import ForeignKey
from django.forms import ModelChoiceField
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import BaseInlineFormSet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from latsar.accounts import audit, seen
from latsar.accounts.enums import ADMIN_SITE_ROLES, Role
from latsar.accounts.models import User
from latsar.adminsite.filters import ScopedRelatedFilter
from latsar.dashboard import trail as trails

HISTORY_ROWS = 100


def user_of(request: HttpRequest) -> User:
    """Return the signed-in person; the middleware let nobody else in."""
    assert isinstance(request.user, User)
    return request.user


class NamedAutocomplete(AutocompleteSelect):
    """The stock chooser is nameless to a screen reader while nothing is chosen; this one says what to choose."""

    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        attrs = super().build_attrs(base_attrs, extra_attrs)
        attrs["data-placeholder"] = _("Pilih %(name)s") % {"name": self.field.verbose_name}
        return attrs


class _VisibleRelations:
    """Relations offer only visible rows, without the pop-ups that edit the other table."""

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> ModelChoiceField | None:
        rows = db_field.remote_field.model._default_manager.all()
        if "queryset" not in kwargs and hasattr(rows, "visible_to"):
            kwargs["queryset"] = rows.visible_to(request.user)
        if "widget" not in kwargs and db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            kwargs["widget"] = NamedAutocomplete(db_field, self.admin_site)  # type: ignore[attr-defined]
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_dbfield(self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        widget = getattr(field, "widget", None)
        for name in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
            if hasattr(widget, name):
                setattr(widget, name, False)
        return field

    def get_view_on_site_url(self, obj: models.Model | None = None) -> str | None:
        """Link straight to the page: the stock redirect would look up any row by its number."""
        if obj is None or not self.view_on_site or not hasattr(obj, "get_absolute_url"):  # type: ignore[attr-defined]
            return None
        return obj.get_absolute_url()


class ScopedAdmin(_VisibleRelations, admin.ModelAdmin):
    """`readers`, `writers`, `deleters`: roles. Units write only what `can_write` says about the row.

    A model without `visible_to` shows nothing unless `is_master_data` says that it holds nobody's data.
    """

    readers: ClassVar[frozenset[str]] = ADMIN_SITE_ROLES
    writers: ClassVar[frozenset[str]] = frozenset({Role.PKSDM})
    deleters: ClassVar[frozenset[str]] = frozenset()
    is_master_data: ClassVar[bool] = False
    holds_people: ClassVar[bool] = False
    """Each row is a person, who can see who opened or took it."""
    show_full_result_count = False
    list_per_page = 50
    object_history_template = "admin/object_history.html"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows = super().get_queryset(request)
        if hasattr(rows, "visible_to"):
            return rows.visible_to(request.user)
        return rows if self.is_master_data else rows.none()

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """Say the model's own order out loud: a counted column would lose it."""
        return list(self.ordering or self.opts.ordering or ["pk"])

    def can_write(self, user: User, obj: models.Model) -> bool:
        """Narrow `writers` to a row; override where units may write."""
        return True

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return user_of(request).has_role(*self.readers)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return user_of(request).has_role(*self.writers)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        user = user_of(request)
        return user.has_role(*self.writers) and (obj is None or self.can_write(user, obj))

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        user = user_of(request)
        return user.has_role(*self.deleters) and (obj is None or self.can_write(user, obj))

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [
            (item, ScopedRelatedFilter) if isinstance(item, str) and self._is_relation(item) else item
            for item in super().get_list_filter(request)
        ]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Allow only lookups that the page itself offers: any other column or path would answer questions about hidden data."""
        offered = {"id", "pk", self.date_hierarchy or "id"}
        offered |= {item if isinstance(item, str) else item[0] for item in self.get_list_filter(request) if isinstance(item, str | tuple)}
        if lookup in {getattr(item, "parameter_name", None) for item in self.get_list_filter(request)}:
            return True
        if not any(lookup == name or lookup.startswith(f"{name}__") for name in offered):
            return False
        return super().lookup_allowed(lookup, value, request)

    def response_action(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> HttpResponse | None:
        """Refuse an action over a list that names even one row out of sight: nothing of it happens."""
        chosen = set(request.POST.getlist(ACTION_CHECKBOX_NAME))
        try:
            seen = queryset.filter(pk__in=chosen).values("pk").distinct().count() if chosen else 0
        except (ValueError, OverflowError, ValidationError):
            raise Http404 from None
        if seen != len(chosen):
            raise Http404
        return super().response_action(request, queryset)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404
        user = user_of(request)
        entries = trails.entries_about(user, obj).select_related("actor")[:HISTORY_ROWS]
        told = {"trail": trails.lines(entries, user, obj=obj), "trail_url": trails.url_for(user, obj)}
        return super().history_view(request, object_id, {**(extra_context or {}), **told})

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        obj = kwargs.get("obj")
        if self.holds_people and obj is not None:
            seen.note_view(request, obj)  # type: ignore[arg-type]
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: models.Model, form: Any, change: bool) -> None:  # noqa: FBT001
        if change and not form.changed_data:
            return
        changes = _typed(form, is_new=not change)
        super().save_model(request, obj, form, change)
        audit.record(verb="change" if change else "add", obj=obj, by=user_of(request), changes=changes, note="admin")

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        _record_each(request, "delete", [(obj, _gone(obj))])
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        _record_each(request, "delete", [(row, _gone(row)) for row in queryset])
        super().delete_queryset(request, queryset)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # noqa: FBT001
        formset.save(commit=False)
        stored = formset.get_queryset().model._default_manager.filter(pk__in=[row.pk for row in formset.deleted_objects])
        _record_each(request, "delete", [(row, _gone(row)) for row in stored])  # the form's own rows hold what was typed
        added, changed = set(map(id, formset.new_objects)), {id(row) for row, _names in formset.changed_objects}
        typed = [(one.instance, _typed(one, is_new=id(one.instance) in added)) for one in formset.forms if one.has_changed()]
        super().save_formset(request, form, formset, change)
        _record_each(request, "add", [(row, changes) for row, changes in typed if id(row) in added])
        _record_each(request, "change", [(row, changes) for row, changes in typed if id(row) in changed])

    def _is_relation(self, path: str) -> bool:
        return bool(get_fields_from_path(self.model, path)[-1].remote_field)

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        raise Http404


class ReadOnlyAdmin(ScopedAdmin):
    """Rows that only services write."""

    writers = frozenset()
    actions = None

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[Any]:
        return list(self.get_fields(request, obj))


class LabelledFormSet(BaseInlineFormSet):
    """Cells of a table have no label beside them, so each names its column to a screen reader."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            field.widget.attrs.setdefault("aria-label", str(field.label or ""))


class ScopedInline(_VisibleRelations, admin.TabularInline):
    """Parts of a row that is in scope already; people's data in them are scoped once more."""

    writers: ClassVar[frozenset[str]] = frozenset({Role.PKSDM})
    deleters: ClassVar[frozenset[str]] = frozenset({Role.PKSDM})
    formset = LabelledFormSet
    extra = 0
    show_change_link = False
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows.visible_to(request.user) if hasattr(rows, "visible_to") else rows

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return user_of(request).has_role(*ADMIN_SITE_ROLES)

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return user_of(request).has_role(*self.writers)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return user_of(request).has_role(*self.writers)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return user_of(request).has_role(*self.deleters)


class ReadOnlyInline(ScopedInline):
    writers = frozenset()
    deleters = frozenset()


Changes: TypeAlias = dict[str, list[Any]]


def _record_each(request: HttpRequest, verb: str, rows: Iterable[tuple[models.Model, Changes]]) -> None:
    by = user_of(request)
    audit.record_many([audit.entry(verb=verb, obj=row, by=by, changes=changes, note="admin") for row, changes in rows])


def _typed(form: Any, *, is_new: bool) -> Changes:
    """Return `{field: [old, new]}` of what somebody changed in a form, or all that a new row was given."""
    data = {name: _key(value) for name, value in form.cleaned_data.items() if name != DELETION_FIELD_NAME}
    if is_new:
        return {name: [None, value] for name, value in data.items() if value not in (None, "")}
    return {name: [_key(form.initial.get(name)), data[name]] for name in form.changed_data if name in data}


def _gone(row: models.Model) -> Changes:
    """Return what a row held that is about to be deleted."""
    fields = [one for one in row._meta.concrete_fields if one.editable and not one.primary_key]
    held = {one.name: one.value_from_object(row) for one in fields}
    return {name: [value, None] for name, value in held.items() if value not in (None, "")}


def _key(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value
