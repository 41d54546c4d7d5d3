from __future__ import annotations

from latsar.adminsite.resources import DayCell, NumberCell, RelatedCell, TableResource, YesNoCell, column
from latsar.satker.models import Satker
from latsar.training.models import DossierRequirement, ElectionStage, Holiday, Institute, SbmRate, Tariff


class InstituteResource(TableResource):
    required = ("Kode", "Nama", "Kota")

    code = column("code", "Kode")
    name = column("name", "Nama")
    city = column("city", "Kota")
    province = column("province", "Kode provinsi", RelatedCell(Satker, "code"))
    accreditation = column("accreditation", "Akreditasi")
    accreditation_number = column("accreditation_number", "Nomor akreditasi")
    accredited_until = column("accredited_until", "Akreditasi sampai", DayCell())
    email = column("email", "E-mail")
    phone = column("phone", "Telepon")
    address = column("address", "Alamat")
    is_active = column("is_active", "Aktif", YesNoCell())

    class Meta:
        model = Institute
        fields = (
            "code",
            "name",
            "city",
            "province",
            "accreditation",
            "accreditation_number",
            "accredited_until",
            "email",
            "phone",
            "address",
            "is_active",
        )
        import_id_fields = ("code",)


class HolidayResource(TableResource):
    """What people bring in is theirs: loading the reference data again leaves it alone."""

    required = ("Tanggal", "Nama")

    date = column("date", "Tanggal", DayCell())
    name = column("name", "Nama")
    is_joint_leave = column("is_joint_leave", "Cuti bersama", YesNoCell())

    class Meta:
        model = Holiday
        fields = ("date", "name", "is_joint_leave")
        import_id_fields = ("date",)

    def before_save_instance(self, instance: Holiday, row: object, **kwargs: object) -> None:
        instance.is_own = True


class TariffResource(TableResource):
    required = ("Kode lembaga", "Metode", "Tahun", "Tarif (Rp)")

    institute = column("institute", "Kode lembaga", RelatedCell(Institute, "code"))
    method = column("method", "Metode")
    year = column("year", "Tahun", NumberCell())
    amount = column("amount", "Tarif (Rp)", NumberCell())
    source = column("source", "Sumber")

    class Meta:
        model = Tariff
        fields = ("institute", "method", "year", "amount", "source")
        import_id_fields = ("institute", "method", "year")


class SbmRateResource(TableResource):
    required = ("Kode provinsi", "Tahun")

    province = column("province", "Kode provinsi", RelatedCell(Satker, "code"))
    year = column("year", "Tahun", NumberCell())
    training_day = column("training_day", "Diklat (Rp)", NumberCell())
    out_of_town = column("out_of_town", "Luar kota (Rp)", NumberCell())
    in_town_8h = column("in_town_8h", "Dalam kota 8 jam (Rp)", NumberCell())

    class Meta:
        model = SbmRate
        fields = ("province", "year", "training_day", "out_of_town", "in_town_8h")
        import_id_fields = ("province", "year")


class DossierRequirementResource(TableResource):
    required = ("Kode", "Berkas", "Kode lembaga", "Metode")

    code = column("code", "Kode")
    name = column("name", "Berkas")
    institute = column("institute", "Kode lembaga", RelatedCell(Institute, "code"))
    method = column("method", "Metode")
    valid_days = column("valid_days", "Masa berlaku (hari)", NumberCell())
    is_required = column("is_required", "Wajib", YesNoCell())
    blocks_submission = column("blocks_submission", "Menahan pengajuan", YesNoCell())
    order = column("order", "Urutan", NumberCell())

    class Meta:
        model = DossierRequirement
        fields = ("code", "name", "institute", "method", "valid_days", "is_required", "blocks_submission", "order")
        import_id_fields = ("code", "institute", "method")


class ElectionStageResource(TableResource):
    """The scope is one of nation, province, satker; the code names the unit of the last two."""

    required = ("Tahapan", "Berlaku untuk", "Mulai", "Selesai")

    name = column("name", "Tahapan")
    scope = column("scope", "Berlaku untuk")
    satker = column("satker", "Kode satker", RelatedCell(Satker, "code"))
    starts_on = column("starts_on", "Mulai", DayCell())
    ends_on = column("ends_on", "Selesai", DayCell())
    is_blocking = column("is_blocking", "Tidak bisa ditinggal", YesNoCell())
    source = column("source", "Dasar")
    is_verified = column("is_verified", "Sudah dicocokkan", YesNoCell())

    class Meta:
        model = ElectionStage
        fields = ("name", "scope", "satker", "starts_on", "ends_on", "is_blocking", "source", "is_verified")
        import_id_fields = ("name", "satker", "starts_on")

    def import_instance(self, instance: ElectionStage, row: object, **kwargs: object) -> None:
        super().import_instance(instance, row, **kwargs)
        instance.province_id = instance.satker.province_id if instance.satker else None
