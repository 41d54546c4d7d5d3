from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar, TypeAlias

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from latsar.accounts.enums import ADMIN_SITE_ROLES, STAFF_ROLES, UNIT_ROLES, Role
from latsar.accounts.scope import EMPTY, Scope, scope_of
from latsar.accounts.trail import AuditEntry, AuditSeal, DataView
from latsar.satker.models import Zone

__all__ = ["AnyUser", "AuditEntry", "AuditSeal", "AuthedRequest", "DataView", "RoleGrant", "Stranger", "User"]


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: AnyUser) -> UserQuerySet:
        """Accounts that hold a grant inside the viewer's units; always one's own."""
        scope = user.scope
        if scope.nation:
            return self
        inside = RoleGrant.objects.filter(scope.units_q("satker", "satker__province")).values("user_id")
        return self.filter(
            Q(pk=scope.user_id)
            | Q(pk__in=inside)
            | Q(participant__satker_id__in=scope.satker_ids)
            | Q(participant__province_id__in=scope.province_ids)
        ).distinct()


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, user: AnyUser) -> UserQuerySet:
        return self.get_queryset().visible_to(user)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username__iexact=username)

    def create_user(self, username: str, email: str = "", password: str | None = None, **fields: Any) -> User:
        user = self.model(username=username, email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, email: str = "", password: str | None = None, **fields: Any) -> User:
        """The first PKSDM account of an installation; there is no role above PKSDM."""
        from latsar.accounts import audit

        user = self.create_user(username, email, password, **fields)
        RoleGrant.objects.create(user=user, role=Role.PKSDM)
        for verb, changes in (("add", {}), ("grant", {"role": ["", Role.PKSDM]})):
            audit.record(verb=verb, obj=user, by=None, changes=changes, note="createsuperuser")
        return user


class User(AbstractBaseUser):
    """A person who signs in with NIP (or account name) or e-mail; what they may do is in `grants`."""

    class Theme(models.TextChoices):
        AUTO = "auto", _("Ikuti perangkat")
        LIGHT = "light", _("Terang")
        DARK = "dark", _("Gelap")

    username = models.CharField(
        _("NIP atau nama akun"),
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9._-]+$", _("Hanya huruf kecil, angka, titik, garis bawah, dan tanda hubung."))],
        error_messages={"unique": _("NIP atau nama akun ini sudah dipakai.")},
    )
    email = models.EmailField(_("e-mail"), blank=True)
    full_name = models.CharField(_("nama lengkap"), max_length=150)
    is_active = models.BooleanField(_("aktif"), default=True)
    theme = models.CharField(_("tampilan"), max_length=5, choices=Theme, default=Theme.AUTO)
    zone = models.CharField(_("zona waktu"), max_length=4, choices=Zone, default=Zone.WIB)
    date_joined = models.DateTimeField(_("dibuat"), default=timezone.now)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name", "email"]

    objects = UserManager()

    class Meta:
        ordering = ["full_name"]
        verbose_name = _("akun")
        verbose_name_plural = _("akun")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                condition=~Q(email=""),
                violation_error_message=_("E-mail ini sudah dipakai akun lain."),
            )
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name.split(",")[0]

    @cached_property
    def valid_grants(self) -> list[RoleGrant]:
        """Grants valid today, with unit and institute loaded: one query a request."""
        return list(self.grants.valid().select_related("satker", "institute").order_by("pk"))

    @cached_property
    def scope(self) -> Scope:
        return scope_of(self.pk, self.valid_grants) if self.is_active else EMPTY

    def has_role(self, *roles: str) -> bool:
        return bool(self.scope.roles & set(roles))

    @property
    def is_in_use(self) -> bool:
        """Whether its owner made a password, or came in by the single sign-on."""
        return self.has_usable_password() or self.last_login is not None

    @property
    def needs_mfa(self) -> bool:
        return bool(self.scope.roles & STAFF_ROLES)

    @property
    def is_staff(self) -> bool:
        """Whether the admin site opens (read by django.contrib.admin)."""
        return bool(self.scope.roles & ADMIN_SITE_ROLES)

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Permissions are answered by policies and admin classes, never by permission rows."""
        return False

    def has_perms(self, perm_list: list[str], obj: object = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


AnyUser: TypeAlias = User


class AuthedRequest(HttpRequest):
    user: User


class Stranger(AnonymousUser):
    """The anonymous visitor with an empty scope, so that `visible_to` needs no special case."""

    scope = EMPTY


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def valid(self) -> RoleGrantQuerySet:
        today = timezone.localdate()
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=today), valid_from__lte=today)

    def visible_to(self, user: AnyUser) -> RoleGrantQuerySet:
        scope = user.scope
        if scope.nation:
            return self
        return self.filter(Q(user_id=scope.user_id) | scope.units_q("satker", "satker__province"))


GRANTED = _("Peran ini sudah diberikan kepada orang yang sama.")


class RoleGrant(models.Model):
    """One role of one person over one unit or institute, for a time."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants", verbose_name=_("akun"))
    role = models.CharField(_("peran"), max_length=16, choices=Role)
    satker = models.ForeignKey("satker.Satker", models.PROTECT, null=True, blank=True, related_name="grants", verbose_name=_("satker"))
    institute = models.ForeignKey(
        "training.Institute", models.PROTECT, null=True, blank=True, related_name="grants", verbose_name=_("lembaga")
    )
    valid_from = models.DateField(_("berlaku sejak"), default=timezone.localdate)
    valid_to = models.DateField(_("berlaku sampai"), null=True, blank=True)
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("diberikan oleh"))
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("peran")
        verbose_name_plural = _("peran")
        indexes = [models.Index(fields=["role", "satker"], name="grant_role_satker")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(role__in=sorted(UNIT_ROLES), satker__isnull=False) | ~Q(role__in=sorted(UNIT_ROLES))),
                name="grant_unit_role_has_satker",
                violation_error_message=_("Peran Admin Satker dan Admin Provinsi harus menyebut satkernya."),
            ),
            models.CheckConstraint(
                condition=Q(role=Role.LEMBAGA, institute__isnull=False) | ~Q(role=Role.LEMBAGA),
                name="grant_lembaga_has_institute",
                violation_error_message=_("Peran Lembaga Pelatihan harus menyebut lembaganya."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="grant_dates_in_order",
                violation_error_message=_("Tanggal akhir mendahului tanggal mulai."),
            ),
            models.UniqueConstraint(
                fields=["user", "role", "satker"],
                condition=Q(satker__isnull=False),
                name="grant_unit_once",
                violation_error_message=GRANTED,
            ),
            models.UniqueConstraint(
                fields=["user", "role", "institute"],
                condition=Q(institute__isnull=False),
                name="grant_institute_once",
                violation_error_message=GRANTED,
            ),
            models.UniqueConstraint(
                fields=["user", "role"], condition=Q(satker=None, institute=None), name="grant_once", violation_error_message=GRANTED
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.unit_label}" if self.unit_label else self.get_role_display()

    @property
    def unit_label(self) -> str:
        return str(self.satker or self.institute or "")
