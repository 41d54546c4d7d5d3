"""What every verb on an angkatan does first and last: lock the row, compare versions, save under its number."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from latsar.accounts.errors import NotAllowed, Refused, StaleVersion
from latsar.accounts.models import User
from latsar.training.models import Batch


def locked(batch_id: int, by: User) -> Batch:
    """Take the row's lock only where the person may see it: a stranger learns nothing from waiting."""
    batch = Batch.objects.visible_to(by).filter(pk=batch_id).first()
    if batch is None:
        raise NotAllowed
    return (
        Batch.objects.select_for_update(of=("self",))
        .select_related("scheme", "curriculum", "institute", "wave", "province")
        .get(pk=batch.pk)
    )


def check_version(batch: Batch, version: int) -> None:
    """Refuse when somebody else saved since the form was opened."""
    if batch.version != version:
        raise StaleVersion(_("Angkatan ini baru saja diubah orang lain. Muat ulang halamannya, lalu ulangi perubahan Anda."))


def save_numbered(batch: Batch) -> None:
    """Save; a number that is taken is refused beside its field."""
    try:
        with transaction.atomic():
            batch.save()
    except IntegrityError as error:
        taken = Batch.objects.filter(institute=batch.institute, year=batch.year, number=batch.number).exclude(pk=batch.pk)
        if not taken.exists():
            raise
        text = _("%(label)s tahun %(year)s sudah ada di %(institute)s. Pilih nomor lain.")
        raise Refused({"number": text % {"label": batch.label, "year": batch.year, "institute": batch.institute}}) from error
