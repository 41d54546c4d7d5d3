from __future__ import annotations

from typing import Any

from tablib import Dataset

from latsar.accounts import security
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

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        super().before_import(dataset, **kwargs)
        if "Aktif" in dataset.headers:
            security.lock_pksdm()

    def before_save_instance(self, instance: User, row: object, **kwargs: Any) -> None:
        if instance.pk is None:
            instance.set_unusable_password()
        else:
            security.change_account_email(account=instance, email=instance.email, by=kwargs["user"], note=f"impor {kwargs['file_name']}")

    def after_save_instance(self, instance: User, row: object, **kwargs: Any) -> None:
        if not instance.is_active:
            security.note_deactivation(user=instance, by=kwargs["user"])

    def validate_instance(self, instance: User, import_validation_errors: dict | None = None, validate_unique: bool = True) -> None:  # noqa: FBT001, FBT002
        """An account waits without a password, which the stock check would call incomplete."""
        if not instance.password:
            instance.set_unusable_password()
        super().validate_instance(instance, import_validation_errors, validate_unique)
