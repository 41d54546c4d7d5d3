from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.adminsite.resources import CodeCell, DayCell, RelatedCell, TableResource, column
from latsar.satker.models import Satker, SatkerChange, SatkerKind


class SatkerResource(TableResource):
    """Satker by region code; where a known one stands in the tree is not changed by a file."""

    required = ("Kode wilayah", "Nama", "Jenis", "Kode induk")

    code = column("code", "Kode wilayah")
    name = column("name", "Nama")
    kind = column("kind", "Jenis")
    parent = column("parent", "Kode induk", RelatedCell(Satker, "code"))
    province_name = column("province_name", "Provinsi")
    dipa_code = column("dipa_code", "Kode DIPA", CodeCell())
    zone = column("zone", "Zona waktu")
    email = column("email", "E-mail")
    phone = column("phone", "Telepon")
    address = column("address", "Alamat")
    closed_on = column("closed_on", "Ditutup tanggal", DayCell())

    class Meta:
        model = Satker
        fields = ("code", "name", "kind", "parent", "province_name", "dipa_code", "zone", "email", "phone", "address", "closed_on")
        import_id_fields = ("code",)

    def import_instance(self, instance: Satker, row: Any, **kwargs: Any) -> None:
        known, place = instance.pk is not None, (instance.kind, instance.parent_id)
        super().import_instance(instance, row, **kwargs)
        if known and place != (instance.kind, instance.parent_id):
            raise ValidationError(_("Jenis dan induk satker yang sudah ada tidak diubah lewat impor."))
        if not known and not fits_tree(instance):
            raise ValidationError({"parent": [_("Induk satker kabupaten/kota adalah satker provinsinya.")]})

    def do_instance_save(self, instance: Satker, is_create: bool) -> None:  # noqa: FBT001
        before = None if is_create else Satker.objects.filter(pk=instance.pk).first()
        save_in_tree(instance)
        if before is not None:
            note_change(before, instance, timezone.localdate())


def note_change(before: Satker, after: Satker, today: date) -> None:
    """Keep the old name and the closing in the unit's story; a line that already tells it is not doubled."""
    told = after.changes.values_list("kind", "old_name")
    if before.name != after.name and (SatkerChange.Kind.RENAME, before.name) not in told:
        after.changes.create(kind=SatkerChange.Kind.RENAME, old_name=before.name, effective_on=today, basis=_("Diubah di admin"))
    if after.closed_on and not before.closed_on and not any(kind == SatkerChange.Kind.CLOSE for kind, _name in told):
        after.changes.create(kind=SatkerChange.Kind.CLOSE, old_name=before.name, effective_on=after.closed_on, basis=_("Diubah di admin"))


def count_people(satker: Satker) -> int:
    """Count the people registered at a unit, whatever their stage."""
    return int(satker.participants.count())  # type: ignore[attr-defined]  # named by the app above


def fits_tree(satker: Satker) -> bool:
    """Say whether a kabupaten/kota hangs under a province, and a province under nothing but the Secretariat General."""
    parent_kind = satker.parent.kind if satker.parent else None
    if satker.kind == SatkerKind.REGENCY:
        return parent_kind == SatkerKind.PROVINCE
    return parent_kind in (None, SatkerKind.SETJEN)


def save_in_tree(satker: Satker) -> None:
    """Save with the province that scope is computed from: the parent of a kabupaten/kota, else the unit itself."""
    if satker.kind == SatkerKind.REGENCY:
        satker.province = satker.parent
        satker.save()
        return
    satker.save()
    if satker.province_id != satker.pk:
        satker.province = satker
        satker.save(update_fields=["province"])
