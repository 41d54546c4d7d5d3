from __future__ import annotations

from latsar.accounts.models import User
from latsar.adminsite.resources import TableResource, YesNoCell, column


class UserResource(TableResource):
    """Accounts without any password: a new one gets its own through the mailed link."""

    required = ("NIP atau nama akun", "Nama lengkap")

    username = column("username", "NIP atau nama akun")
    full_name = column("full_name", "Nama lengkap")
    email = column("email", "E-mail")
    zone = column("zone", "Zona waktu")
    is_active = column("is_active", "Aktif", YesNoCell())

    class Meta:
        model = User
        fields = ("username", "full_name", "email", "zone", "is_active")
        import_id_fields = ("username",)

    def before_save_instance(self, instance: User, row: object, **kwargs: object) -> None:
        if instance.pk is None:
            instance.set_unusable_password()

    def validate_instance(self, instance: User, import_validation_errors: dict | None = None, validate_unique: bool = True) -> None:  # noqa: FBT001, FBT002
        """An account waits without a password, which the stock check would call incomplete."""
        if not instance.password:
            instance.set_unusable_password()
        super().validate_instance(instance, import_validation_errors, validate_unique)
