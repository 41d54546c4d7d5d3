"""Registering a CPNS and correcting the data: the one door of form, import, admin and command."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import NotAllowed, Refused, StaleVersion
from latsar.accounts.models import AuditEntry, User
from latsar.bulk import rows_like
from latsar.satker.models import Satker
from participants import policies
from participants.addresses import is_email
from participants.enums import Sex, Stage
from participants.independence import nip_problem
from participants.nip import Nip, NipError, check_against, parse_nip
from participants.people import PREGNANCY_WEEKS, Participant, ParticipantStageChange
from participants.services.linking import follow_email
from participants.services.placement import fits_golongan
from participants.tidying import tidy

TEXT_FIELDS = (
    "full_name", "golongan", "jabatan", "education", "study_programme", "birth_place", "religion", "email", "phone", "address", "special_needs",
)  # fmt: skip
"""What is typed; birth date, sex, TMT and deadline follow from the NIP, the province from the satker."""

SIZE_FIELDS = ("clothing_size", "shoe_size")
TYPED_FIELDS = (*TEXT_FIELDS, *SIZE_FIELDS)
"""The text fields of the form; the import workbook has no column for the sizes."""

UNCHANGED = -1
"""Weeks of pregnancy that nobody said anything about."""

_AUDITED = (
    "nip", "satker", "province", *TYPED_FIELDS, "birth_date", "sex", "tmt_cpns", "deadline", "extended_until", "pregnancy_weeks", "pregnancy_on",
)  # fmt: skip


@transaction.atomic
def register_participant(
    *,
    by: User,
    nip: str,
    satker: Satker,
    birth_date: date | None = None,
    sex: str | None = None,
    pregnancy_weeks: int | None = None,
    note: str = "",
    **fields: str,
) -> Participant:
    """Register a CPNS at a satker; `fields` are those of TYPED_FIELDS, `pregnancy_weeks` those of today.

    Birth date, sex, TMT, deadline and province are derived; a birth date or sex given beside the NIP is compared with it.
    Raises NotAllowed for a satker that `by` does not administer, Refused with one message per field.
    """
    if not policies.can_register(by, satker):
        raise NotAllowed
    parsed = _read_nip(nip, birth_date, sex)
    if Participant.objects.filter(nip=parsed.value).exists():
        raise already_registered()
    participant = new_participant(nip=parsed, satker=satker, fields=fields, by=by)
    _take_pregnancy(participant, pregnancy_weeks)
    _refuse_problems(participant)
    _save(participant)
    first_change(participant, by=by).save(force_insert=True)
    registered_entry(participant, by=by, note=note).save(force_insert=True)
    return participant


@transaction.atomic
def update_participant(
    *,
    participant_id: int,
    version: int,
    by: User,
    nip: str | None = None,
    satker: Satker | None = None,
    birth_date: date | None = None,
    sex: str | None = None,
    pregnancy_weeks: int | None = UNCHANGED,
    note: str = "",
    **fields: str,
) -> Participant:
    """Correct the data of a CPNS, as seen at `version`; what is not given stays as it is.

    Locks the row. Another satker needs the right at both and a file that nobody verifies yet: later it is a movement. The account
    follows a new address. Writes nothing when nothing differs.
    Raises NotAllowed, StaleVersion when somebody else saved since, Refused with one message per field.
    """
    participant = Participant.objects.select_for_update(of=("self",)).filter(pk=participant_id).first()
    if participant is None or not policies.can_edit(by, participant):
        raise NotAllowed
    if satker is not None and satker.pk != participant.satker_id and not policies.can_register(by, satker):
        raise NotAllowed
    if participant.version != version:
        raise StaleVersion(_("Data ini sudah diubah orang lain sejak Anda membukanya. Muat ulang halamannya, lalu ulangi perubahan Anda."))
    before = audit.snapshot(participant, _AUDITED)
    if nip or birth_date or sex:
        take_nip(participant, _read_nip(nip or participant.nip, birth_date, sex))
    if satker is not None and satker.pk != participant.satker_id:
        if participant.stage not in policies.OPEN_FOR_SATKER:
            raise Refused({"satker": transfer_text()})
        participant.satker, participant.province_id = satker, satker.province_id or satker.pk
    take_fields(participant, fields)
    _take_pregnancy(participant, pregnancy_weeks)
    changes = audit.difference(before, audit.snapshot(participant, _AUDITED))
    if not changes:
        return participant
    if "nip" in changes and Participant.objects.filter(nip=participant.nip).exclude(pk=participant.pk).exists():
        raise already_registered()
    if "nip" in changes and (guided := nip_problem(participant, participant.nip)):
        raise Refused({"nip": guided})
    _refuse_problems(participant)
    if "golongan" in changes and (misfit := golongan_misfit(participant)):
        raise Refused({"golongan": misfit})
    participant.version += 1
    _save(participant)
    if "email" in changes:
        follow_email(participant, by=by)
    updated_entry(participant, changes=changes, by=by, note=note).save(force_insert=True)
    return participant


def new_participant(*, nip: Nip, satker: Satker, fields: Mapping[str, str], by: User) -> Participant:
    """Build an unsaved person; rules and rights are the caller's to check (`problems_of`, policies)."""
    return participant_maker(by=by)(nip, satker, fields)


def participant_maker(*, by: User) -> Callable[[Nip, Satker, Mapping[str, str]], Participant]:
    """Return what builds unsaved people of one moment from NIP, satker and typed fields: cheap where thousands are built."""
    now = timezone.now()
    like = rows_like(Participant(stage=Stage.REGISTERED, created_by_id=by.pk, stage_at=now, created_at=now))

    def make(nip: Nip, satker: Satker, fields: Mapping[str, str]) -> Participant:
        participant = like(satker_id=satker.pk, province_id=satker.province_id or satker.pk)
        take_nip(participant, nip)
        take_fields(participant, fields)
        return participant

    return make


def take_nip(participant: Participant, nip: Nip) -> None:
    """Set what the NIP says. Ref: PP 11/2017 jo 17/2020 Pasal 34: the probation lasts one year from the TMT, unless extended.

    An extension that is not later than that year has nothing left to extend and falls away.
    """
    participant.nip = nip.value
    participant.birth_date, participant.sex, participant.tmt_cpns = nip.birth_date, nip.sex, nip.tmt_cpns
    year_end = nip.tmt_cpns.replace(year=nip.tmt_cpns.year + 1)
    if participant.extended_until is not None and participant.extended_until <= year_end:
        participant.extended_until = None
    participant.deadline = participant.extended_until or year_end


def take_fields(participant: Participant, fields: Mapping[str, str]) -> None:
    """Put typed text fields on the participant, tidied; a name that is none of them is the caller's mistake."""
    for name, value in fields.items():
        if name not in TYPED_FIELDS:
            raise TypeError(f"{name} is not typed data of a participant")
        setattr(participant, name, tidy(name, value) if value else value)


def _take_pregnancy(participant: Participant, weeks: int | None) -> None:
    """Note the weeks as of today; the same weeks again keep the day on which they were first stated.

    Whom a corrected NIP makes a man carries none: blank forgets what was stated, weeks are refused.
    """
    today = timezone.localdate()
    stated, is_woman = participant.pregnancy_weeks_on(today), participant.sex == Sex.FEMALE
    weeks = stated if weeks == UNCHANGED else weeks
    if weeks is not None and not is_woman:
        raise Refused({"pregnancy_weeks": _("Menurut NIP peserta ini laki-laki. Kosongkan usia kehamilan.")})
    if weeks == stated and is_woman:
        return
    if weeks is not None and not 1 <= weeks <= PREGNANCY_WEEKS:
        raise Refused({"pregnancy_weeks": _("Isi antara 1 dan %(most)d minggu.") % {"most": PREGNANCY_WEEKS}})
    participant.pregnancy_weeks, participant.pregnancy_on = weeks, None if weeks is None else today


def problems_of(participant: Participant) -> dict[str, str]:
    """Name every typed field that the database would not keep as it is: missing, too long, or not among the choices."""
    problems = {}
    for name, (limit, required, choices) in _limits().items():
        value = getattr(participant, name)
        if value and len(value) <= limit and value.isprintable() and (not choices or value in choices):
            continue
        message = _problem(value, limit, choices, required=required)
        if message:
            problems[name] = message
    if "email" not in problems and not is_email(participant.email):
        problems["email"] = _("Alamat e-mail salah. Periksa ejaannya, misalnya nama@contoh.go.id, tanpa spasi.")
    return problems


def golongan_misfit(participant: Participant) -> str:
    """Say why somebody who has a seat cannot have this golongan there, or nothing."""
    batch = participant.batch
    if batch is None or participant.stage == Stage.GRADUATED or fits_golongan(batch, participant.golongan):
        return ""
    text = _("%(batch)s hanya untuk golongan %(group)s. Pindahkan dahulu ke angkatan yang cocok, atau lepas dari kursinya.")
    return text % {"batch": batch, "group": batch.golongan}


def first_change(participant: Participant, *, by: User) -> ParticipantStageChange:
    """Build the unsaved first line of a saved person's story."""
    return ParticipantStageChange(
        participant_id=participant.pk, action="register", new=participant.stage, by_id=by.pk, at=participant.stage_at
    )


def registered_entry(participant: Participant, *, by: User, note: str = "") -> AuditEntry:
    """Build the audit entry of a new registration."""
    return audit.entry(verb="register", obj=participant, by=by, note=note)


def updated_entry(participant: Participant, *, changes: dict[str, Any], by: User, note: str = "") -> AuditEntry:
    """Build the audit entry of a correction, old and new per field."""
    return audit.entry(verb="change", obj=participant, by=by, changes=changes, note=note)


def already_registered() -> Refused:
    """Build the refusal of a taken NIP: the same words wherever its person is, so that it tells nothing about a stranger."""
    return Refused({"nip": already_registered_text()})


def already_registered_text() -> str:
    """Say that a NIP is taken, the same whether or not the reader may see whose it is."""
    return _("NIP ini sudah terdaftar. Hubungi PKSDM bila seharusnya milik satker Anda.")


def transfer_text() -> str:
    """Say that somebody who is past registration changes satker by a decree, not by a correction."""
    return _("Berkasnya sudah diajukan. Pindah satker perlu alasan dan surat dasarnya: catat sebagai perubahan status.")


def _read_nip(nip: str, birth_date: date | None, sex: str | None) -> Nip:
    try:
        parsed = parse_nip(nip)
    except NipError as error:
        raise Refused({"nip": error.message}) from None
    mismatches = check_against(parsed, birth_date, sex or None)
    if mismatches:
        raise Refused({mismatch.field: mismatch.message for mismatch in mismatches})
    return parsed


def _refuse_problems(participant: Participant) -> None:
    problems = problems_of(participant)
    if problems:
        raise Refused(problems)


def _save(participant: Participant) -> None:
    """Save, and turn the lost race for a NIP into its refusal."""
    try:
        with transaction.atomic():
            participant.save()
    except IntegrityError:
        if Participant.objects.filter(nip=participant.nip).exclude(pk=participant.pk).exists():
            raise already_registered() from None
        raise


@cache
def _limits() -> dict[str, tuple[int, bool, frozenset[str]]]:
    limits = {}
    for name in TYPED_FIELDS:
        field = Participant._meta.get_field(name)
        assert isinstance(field, models.CharField)
        limits[name] = (field.max_length or 0, not field.blank, frozenset(str(value) for value, _label in field.flatchoices))
    return limits


def _problem(value: str, limit: int, choices: frozenset[str], *, required: bool) -> str:
    if not value:
        return _("Belum diisi. Isi sesuai SK CPNS.") if required else ""
    if len(value) > limit:
        return _("Terlalu panjang, %(count)d huruf. Paling banyak %(limit)d huruf; singkat isinya.") % {"count": len(value), "limit": limit}
    if choices and value not in choices:
        return _("Tidak ada di daftar. Pilih salah satu yang tersedia.")
    if not value.isprintable():
        return _("Ada tanda yang tidak terlihat. Hapus isinya, lalu ketik ulang.")
    return ""
