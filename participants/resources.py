"""CPNS in the admin's files: the headings of the import workbook, judged and saved by the same code as the import and the form."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from tablib import Dataset

from latsar.accounts.enums import UNIT_ROLES, Role
from latsar.accounts.errors import NotAllowed
from latsar.accounts.models import User
from latsar.accounts.policies import CONTACT_FIELDS, can_see_contacts
from latsar.adminsite.resources import DayCell, TableResource, column
from participants.lookups import satker_index
from participants.models import Participant
from participants.services.judging import FIELD_OF, HEADING_OF, locked_text
from participants.services.registration import TEXT_FIELDS, register_participant, take_fields, take_nip, update_participant
from participants.workbook.cells import HEADINGS, REQUIRED, RawRow
from participants.workbook.validation import RowResult, find_duplicates, validate_row


class ParticipantResource(TableResource):
    """A blank cell keeps what is recorded; satker and NIP of a known person are not changed by a file."""

    required = tuple(heading for heading in HEADINGS if heading in REQUIRED)

    nip = column("nip", "NIP")
    full_name = column("full_name", "Nama Lengkap")
    satker = column("satker__code", "Kode Satker", readonly=True)
    golongan = column("golongan", "Golongan")
    jabatan = column("jabatan", "Jabatan")
    education = column("education", "Pendidikan")
    study_programme = column("study_programme", "Program Studi")
    birth_place = column("birth_place", "Tempat Lahir")
    sex = column("sex", "Jenis Kelamin")
    birth_date = column("birth_date", "Tanggal Lahir", DayCell())
    religion = column("religion", "Agama")
    email = column("email", "Email")
    phone = column("phone", "No. HP")
    address = column("address", "Alamat")
    special_needs = column("special_needs", "Kebutuhan Khusus")
    satker_name = column("satker__name", "Satker", readonly=True)
    tmt_cpns = column("tmt_cpns", "TMT CPNS", DayCell(), readonly=True)
    deadline = column("deadline", "Batas Masa Percobaan", DayCell(), readonly=True)
    stage = column("get_stage_display", "Tahap", readonly=True)
    batch = column("batch", "Angkatan", readonly=True)

    class Meta:
        model = Participant
        fields = (
            "nip", "full_name", "satker", "golongan", "jabatan", "education", "study_programme", "birth_place", "sex", "birth_date", "religion",
            "email", "phone", "address", "special_needs", "satker_name", "tmt_cpns", "deadline", "stage", "batch",
        )  # fmt: skip
        import_id_fields = ("nip",)
        clean_model_instances = False

    by: User
    judged: list[RowResult]
    now: RowResult

    @classmethod
    def import_headings(cls) -> list[str]:
        return list(HEADINGS)

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        super().before_import(dataset, **kwargs)
        self.by = kwargs["user"]
        lookups = satker_index(self.by)
        places = [dataset.headers.index(heading) if heading in dataset.headers else None for heading in HEADINGS]
        raws = [
            RawRow(line, tuple("" if place is None else cells[place] for place in places))
            for line, cells in zip(kwargs["lines"], dataset, strict=True)
        ]
        self.judged = [validate_row(raw, lookups=lookups) for raw in raws]
        find_duplicates(self.judged)
        find_duplicates(self.judged, "Email", of_other_nip=True)

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        self.now = self.judged[kwargs["row_number"] - 1]

    def get_instance(self, instance_loader: Any, row: Any) -> Participant | None:
        if self.now.clean is None:
            return None
        return Participant.objects.visible_to(self.by).select_related("satker").filter(nip=self.now.clean.nip.value).first()

    def import_instance(self, instance: Participant, row: Any, **kwargs: Any) -> None:
        clean = self.now.clean
        if clean is None:
            raise ValidationError([f"{error.column}: {error.message}" for error in self.now.errors])
        if instance.pk is None:
            take_nip(instance, clean.nip)
            instance.satker = clean.satker  # type: ignore[assignment]
        elif instance.satker != clean.satker:
            raise ValidationError(
                _(
                    "Satker CPNS ini berbeda dengan yang tercatat di portal. Pindah satker dilakukan di halaman pesertanya, bukan lewat impor."
                )
            )
        cleared = {FIELD_OF[heading] for heading in clean.cleared if heading in FIELD_OF}
        take_fields(instance, {name: value for name in TEXT_FIELDS if (value := getattr(clean, name)) or name in cleared})

    def skip_row(self, instance: Participant, original: Participant, row: Any, import_validation_errors: Any = None) -> bool:
        if instance.pk is None or import_validation_errors:
            return False
        return all(getattr(instance, name) == getattr(original, name) for name in TEXT_FIELDS)

    def do_instance_save(self, instance: Participant, is_create: bool) -> None:  # noqa: FBT001
        fields = {name: getattr(instance, name) for name in TEXT_FIELDS}
        try:
            if is_create:
                saved = register_participant(by=self.by, nip=instance.nip, satker=instance.satker, note=_("Impor admin"), **fields)
            else:
                saved = update_participant(
                    participant_id=instance.pk, version=instance.version, by=self.by, note=_("Impor admin"), **fields
                )
        except NotAllowed:
            raise ValidationError(locked_text(instance) if instance.pk else _("Bukan wewenang Anda.")) from None
        instance.pk, instance.version = saved.pk, saved.version

    def after_import_row(self, row: Any, row_result: Any, **kwargs: Any) -> None:
        """The service has written the audit entry."""

    def changes_of(self, row_result: Any) -> list[tuple[str, list[Any]]]:
        if row_result.instance is None or row_result.is_skip():
            return []
        old, new = row_result.original, row_result.instance
        pairs = ((HEADING_OF[name], getattr(old, name) if old else "", getattr(new, name)) for name in TEXT_FIELDS)
        return [(title, [before, after]) for title, before, after in pairs if before != after]


def hidden_from(user: User) -> frozenset[str]:
    """Name the columns that only those who administer people may take along."""
    needs = frozenset() if user.has_role(Role.PKSDM, *UNIT_ROLES) else frozenset({"special_needs", "pregnancy_weeks"})
    return needs if can_see_contacts(user) else needs | CONTACT_FIELDS
