from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ResetPasswordForm
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.db.models import CharField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from latsar.accounts import audit, security, sessions
from latsar.accounts.enums import UNIT_ROLES, Role
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuditEntry, RoleGrant, User
from latsar.accounts.policies import can_see_contacts
from latsar.accounts.resources import UserResource
from latsar.adminsite.importing import ImportingAdmin
from latsar.adminsite.scoped import ScopedInline, user_of
from latsar.adminsite.servicing import ServiceAdmin
from latsar.satker.models import SatkerKind
from latsar.ui import words
from latsar.ui.typed import seen_text

GRANTERS = frozenset({Role.PKSDM, Role.ADMIN_PROVINSI})


def may_manage(user: User, grant: RoleGrant) -> bool:
    """PKSDM every grant; a province the Admin Satker of its own satker."""
    if user.has_role(Role.PKSDM):
        return True
    return grant.role == Role.ADMIN_SATKER and grant.satker is not None and grant.satker.province_id in user.scope.province_ids


class ReasonForm(ActionForm):
    reason = forms.CharField(label=_("Alasan"), required=False, max_length=security.REASON_LIMIT)


class GrantForm(forms.ModelForm):
    class Meta:
        model = RoleGrant
        fields = ["user", "role", "satker", "institute", "valid_from", "valid_to"]

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        satker, role = data.get("satker"), data.get("role")
        if role == Role.ADMIN_PROVINSI and satker and satker.kind == SatkerKind.REGENCY:
            self.add_error("satker", _("Admin Provinsi memegang satker provinsi, bukan kabupaten/kota."))
        if role and role not in UNIT_ROLES and satker:
            self.add_error("satker", _("Peran ini tidak terikat satker. Kosongkan satkernya."))
        if role and role != Role.LEMBAGA and data.get("institute"):
            self.add_error("institute", _("Peran ini tidak terikat lembaga. Kosongkan lembaganya."))
        return data


class _GrantRules:
    """What a granter may choose: PKSDM everything, a province Admin Satker inside itself."""

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "role" and not user_of(request).has_role(Role.PKSDM):
            kwargs["choices"] = [("", _("Pilih peran")), (Role.ADMIN_SATKER.value, Role.ADMIN_SATKER.label)]
        return super().formfield_for_choice_field(db_field, request, **kwargs)  # type: ignore[misc]

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [] if user_of(request).has_role(Role.PKSDM) else ["institute"]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]
        if db_field.name == "satker" and field and not user_of(request).has_role(Role.PKSDM):
            field.queryset = field.queryset.filter(province_id__in=user_of(request).scope.province_ids)
        return field


class RoleGrantInline(_GrantRules, ScopedInline):
    model = RoleGrant
    form = GrantForm
    fk_name = "user"
    writers = GRANTERS
    deleters = GRANTERS
    autocomplete_fields = ["satker", "institute"]
    fields = ["role", "satker", "institute", "valid_from", "valid_to"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        hidden = self.get_exclude(request, obj)
        return [name for name in self.fields if name not in hidden]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """A province adds a person for a task in one of its satker, never an account without any."""
        if obj is None and not user_of(request).has_role(Role.PKSDM):
            kwargs |= {"min_num": 1, "validate_min": True}
        return super().get_formset(request, obj, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RoleGrant]:
        """Show for change what this granter manages; the rest stands above in words."""
        rows, user = super().get_queryset(request).select_related("satker", "institute"), user_of(request)
        if user.has_role(Role.ADMIN_PROVINSI) and not user.has_role(Role.PKSDM):
            return rows.filter(role=Role.ADMIN_SATKER, satker__province_id__in=user.scope.province_ids)
        return rows


class RoleFilter(admin.SimpleListFilter):
    """By a role that the reader sees the person hold; a role elsewhere is nobody's business here."""

    title = _("peran")
    parameter_name = "peran"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        return list(Role.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        if self.value() is None:
            return queryset
        grants = RoleGrant.objects.visible_to(user_of(request)).filter(role=self.value())
        return queryset.filter(pk__in=grants.values("user_id"))


class PasswordFilter(admin.SimpleListFilter):
    """Who has not made a password yet: invited people who never came, and accounts nobody invited."""

    title = _("kata sandi")
    parameter_name = "sandi"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        return [("sudah", _("Sudah dibuat")), ("belum", _("Belum dibuat"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        missing = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        return {"sudah": queryset.exclude(missing), "belum": queryset.filter(missing)}.get(self.value() or "", queryset)


def _seen_by(user: User, names: Iterable[Any]) -> list[Any]:
    """Return the fields without the e-mail address, where how to reach people is not for this person."""
    return [name for name in names if name != "email" or can_see_contacts(user)]


@admin.register(User)
class UserAdmin(ServiceAdmin, ImportingAdmin):
    """Accounts. Nobody sees or chooses another person's password; a province adds people but changes no account."""

    resource_class = UserResource
    writers = GRANTERS
    list_display = ["full_name", "username", "email", "is_active", "password_state", "last_login"]
    list_filter = ["is_active", PasswordFilter, RoleFilter]
    search_fields = ["full_name", "username", "email"]
    search_help_text = _("Nama, NIP atau nama akun, atau e-mail")
    date_hierarchy = "date_joined"
    inlines = [RoleGrantInline]
    action_form = ReasonForm
    actions = ["export_chosen", "send_password_link", "end_all_sessions", "reset_mfa"]
    fieldsets = [
        (None, {"fields": ["username", "full_name", "email", "zone", "is_active"]}),
        (_("Catatan"), {"fields": ["roles", "last_login", "date_joined"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        always = ["roles", "last_login", "date_joined"]
        if obj is None or user_of(request).has_role(Role.PKSDM):
            return always
        return ["username", "full_name", "email", "zone", "is_active", *always]

    def get_list_display(self, request: HttpRequest) -> list[str]:
        return _seen_by(user_of(request), self.list_display)

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> list[Any]:
        return [(title, {"fields": _seen_by(user_of(request), named["fields"])}) for title, named in self.fieldsets]

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        return _seen_by(user_of(request), self.search_fields)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        found = super().get_changelist_instance(request)
        if not can_see_contacts(user_of(request)):
            found.search_help_text = gettext("Nama, NIP atau nama akun")
        return found

    def export_names(self, request: HttpRequest) -> list[str]:
        return _seen_by(user_of(request), super().export_names(request))

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        seen = RoleGrant.objects.visible_to(user_of(request)).select_related("satker", "institute")
        links = AuditEntry.objects.visible_to(user_of(request)).filter(verb="send_password_link", model=User._meta.label_lower)
        newest = links.filter(object_id=Cast(OuterRef("pk"), CharField())).order_by("-at").values("at")[:1]
        rows = super().get_queryset(request).annotate(linked_at=Subquery(newest))
        return rows.prefetch_related(Prefetch("grants", queryset=seen, to_attr="seen_grants"))

    def get_inlines(self, request: HttpRequest, obj: User | None) -> list[Any]:
        return list(super().get_inlines(request, obj)) if user_of(request).has_role(*GRANTERS, Role.PIMPINAN) else []

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: FBT001
        if change and obj.grants.filter(role=Role.PKSDM).exists():
            security.lock_pksdm()  # for the roles below it as well: the account itself is locked next
        if not change:
            obj.set_unusable_password()
        else:
            security.change_account_email(account=obj, email=obj.email, by=user_of(request), note="admin")
        super().save_model(request, obj, form, change)
        if change and "is_active" in form.changed_data and not obj.is_active:
            security.note_deactivation(user=obj, by=user_of(request))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # noqa: FBT001
        for row in formset.forms:
            if isinstance(row.instance, RoleGrant) and row.instance.pk is None:
                row.instance.granted_by = user_of(request)
        super().save_formset(request, form, formset, change)
        if any(row.initial.get("role") == Role.PKSDM for row in formset.forms if row.has_changed()):
            security.keep_one_pksdm()

    @admin.display(description=_("peran"))
    def roles(self, obj: User) -> str:
        return "; ".join(f"{grant} ({grant.valid_from:%d-%m-%Y})" for grant in getattr(obj, "seen_grants", [])) or "-"

    @admin.display(description=_("kata sandi"))
    def password_state(self, obj: User) -> str:
        """Say whether the person made a password, and else whether a link was sent."""
        if obj.has_usable_password():
            return gettext("Sudah dibuat")
        linked_at = getattr(obj, "linked_at", None)
        if linked_at is None:
            return gettext("Belum dikirimi tautan")
        return gettext("Tautan dikirim %(day)s") % {"day": words.short_date(timezone.localdate(linked_at))}

    @admin.action(description=_("Kirim tautan sandi"))
    def send_password_link(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Mail each active person the single-use link that "lupa sandi" sends; the sender never sees it."""
        sent, left = 0, []
        for person in queryset:
            form = ResetPasswordForm({"email": person.email})
            if person.is_active and person.email and form.is_valid():
                form.save(request)
                audit.record(verb="send_password_link", obj=person, by=user_of(request), note="admin")
                sent += 1
            else:
                left.append(str(person))
        if sent:
            text = ngettext("Tautan terkirim ke %(count)d orang.", "Tautan terkirim ke %(count)d orang.", sent)
            messages.success(request, text % {"count": sent})
        if left:
            reason = gettext("Tidak terkirim, karena tidak aktif atau tanpa e-mail: %(names)s.")
            messages.warning(request, reason % {"names": ", ".join(left)})

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        if not user_of(request).has_role(Role.PKSDM, *UNIT_ROLES):
            actions.pop("send_password_link", None)
        if not user_of(request).has_role(Role.PKSDM):
            actions.pop("end_all_sessions", None)
            actions.pop("reset_mfa", None)
        return actions

    @admin.action(description=_("Akhiri semua sesi"))
    def end_all_sessions(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Sign the chosen people out everywhere; the own present session stays."""
        by, ended = user_of(request), 0
        for person in queryset:
            keep = request.session.session_key if person == by else None
            ended += sessions.end_sign_ins(user=person, by=by, keep=keep, note=seen_text(request.POST.get("reason", "")).strip())
        messages.success(request, ngettext("%(count)d sesi diakhiri.", "%(count)d sesi diakhiri.", ended) % {"count": ended})

    @admin.action(description=_("Atur ulang kode masuk (tulis alasannya)"))
    def reset_mfa(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Take away the second factor of people who lost their telephone, and mail each of them."""
        done = 0
        for person in queryset:
            try:
                user = security.reset_second_factor(
                    user_id=person.pk, reason=seen_text(request.POST.get("reason", "")), by=user_of(request)
                )
            except Refused as refused:
                messages.error(request, f"{person}: {' '.join(refused.messages)}")
                continue
            get_adapter(request).tell_of_change(user, security.FACTOR_RESET)
            done += 1
        if done:
            text = ngettext("Kode masuk %(count)d orang diatur ulang.", "Kode masuk %(count)d orang diatur ulang.", done)
            messages.success(request, text % {"count": done})


@admin.register(RoleGrant)
class RoleGrantAdmin(_GrantRules, ServiceAdmin):
    form = GrantForm
    writers = GRANTERS
    deleters = GRANTERS
    list_display = ["user", "role", "satker", "institute", "valid_from", "valid_to"]
    list_filter = ["role"]
    list_select_related = ["user", "satker", "institute"]
    search_fields = ["user__full_name", "user__username", "satker__name"]
    search_help_text = _("Nama, nama akun, atau satker")
    autocomplete_fields = ["user", "satker", "institute"]
    date_hierarchy = "valid_from"
    fields = ["user", "role", "satker", "institute", "valid_from", "valid_to"]

    def get_fields(self, request: HttpRequest, obj: RoleGrant | None = None) -> list[str]:
        hidden = self.get_exclude(request, obj)
        return [name for name in self.fields if name not in hidden]

    def get_readonly_fields(self, request: HttpRequest, obj: RoleGrant | None = None) -> list[str]:
        return ["user"] if obj else []

    def can_write(self, user: User, obj: RoleGrant) -> bool:  # type: ignore[override]
        return may_manage(user, obj)

    def save_model(self, request: HttpRequest, obj: RoleGrant, form: Any, change: bool) -> None:  # noqa: FBT001
        was_pksdm = form.initial.get("role") == Role.PKSDM
        if was_pksdm:
            security.lock_pksdm()
        if not change:
            obj.granted_by = user_of(request)
        super().save_model(request, obj, form, change)
        if was_pksdm:
            security.keep_one_pksdm()

    def delete_model(self, request: HttpRequest, obj: RoleGrant) -> None:
        self.delete_queryset(request, RoleGrant.objects.visible_to(user_of(request)).filter(pk=obj.pk))

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[RoleGrant]) -> None:
        had_pksdm = queryset.filter(role=Role.PKSDM).exists()
        if had_pksdm:
            security.lock_pksdm()
        super().delete_queryset(request, queryset)
        if had_pksdm:
            security.keep_one_pksdm()
