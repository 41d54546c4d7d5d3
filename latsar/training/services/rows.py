"""What every verb on an angkatan does first and last: lock the row, compare versions, save under its number."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from latsar.accounts.errors import NotAllowed, Refused, StaleVersion
from latsar.accounts.models import User
from latsar.training.enums import GolonganGroup
from latsar.training.models import Batch, Institute, SeatRequest
from latsar.training.seat_requests import HELD


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


def check_granted(*, request_id: int, institute: Institute, method: str, golongan: str, capacity: int, besides: int = 0) -> None:
    """Refuse an angkatan that its granted seats do not cover. Locks the request: two batches cannot take the same seats."""
    request = SeatRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
    if request.state not in HELD:
        raise Refused(_("Kursi permohonan ini tidak dikabulkan atau sudah ditutup. Buat angkatan tanpa permohonan itu."))
    if request.institute_id != institute.pk:
        raise Refused({"institute": _("Kursinya dikabulkan lembaga lain. Pilih lembaga di permohonan.")})
    if request.method != method:
        raise Refused({"method": _("Kursinya dikabulkan untuk %(method)s.") % {"method": request.get_method_display()}})
    if request.golongan not in (GolonganGroup.MIXED, golongan):
        raise Refused({"golongan": _("Kursinya dikabulkan untuk %(golongan)s.") % {"golongan": request.get_golongan_display()}})
    used = request.batches.exclude(pk=besides).aggregate(used=Sum("capacity"))["used"] or 0
    left = (request.seats_granted or 0) - used
    if capacity > left:
        raise Refused({"capacity": _("Dari permohonan ini tinggal %(left)d kursi.") % {"left": max(0, left)}})
