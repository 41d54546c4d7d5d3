"""Institutes: their facts, contacts, offered seats and tariffs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import NotAllowed, Refused, StaleVersion
from latsar.accounts.models import User
from latsar.training import policies
from latsar.training.models import Institute, InstituteContact, SeatOffer, Tariff
from latsar.ui import words

PAPER = ("head_1", "head_2", "signer_name", "signer_title", "record_closing")
"""What an institute's own documents carry: letterhead, signer, closing words."""
FACTS = (
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
    *PAPER,
)
Row = TypeVar("Row", InstituteContact, SeatOffer, Tariff)


@dataclass(frozen=True, kw_only=True)
class ContactLine:
    name: str
    duty: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class OfferLine:
    """`starts_on` is the first day of a month, `ends_on` the last of one."""

    starts_on: date
    ends_on: date
    method: str
    golongan: str
    seats: int
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class TariffLine:
    method: str
    year: int
    amount: int
    source: str = ""


@transaction.atomic
def create_institute(*, code: str, facts: Mapping[str, Any], by: User) -> Institute:
    """Add an institute. Raises Refused beside the code when it is taken."""
    if not policies.can_edit_tariffs(by):
        raise NotAllowed
    institute = Institute(code=code, **{name: facts[name] for name in FACTS if name in facts})
    if Institute.objects.filter(code=code).exists():
        raise Refused({"code": _("Kode ini sudah dipakai. Pilih kode lain.")})
    institute.save(force_insert=True)
    audit.record(verb="create_institute", obj=institute, by=by, changes={"code": [None, code], "name": [None, institute.name]})
    return institute


@transaction.atomic
def update_institute(*, institute_id: int, version: int, facts: Mapping[str, Any], by: User) -> Institute:
    """Change facts of an institute; a province cannot hand its institute to another. Raises StaleVersion."""
    institute = _locked(institute_id, by)
    if not policies.can_edit_institute(by, institute):
        raise NotAllowed
    _check_version(institute, version)
    names = [name for name in FACTS if name in facts]
    before = audit.snapshot(institute, names)
    for name in names:
        setattr(institute, name, facts[name])
    if not policies.can_edit_institute(by, institute):
        raise Refused({"province": _("Hanya PKSDM yang memindahkan lembaga ke provinsi lain.")})
    return _saved(institute, "update_institute", audit.difference(before, audit.snapshot(institute, names)), by)


@transaction.atomic
def save_contacts(*, institute_id: int, version: int, lines: Sequence[ContactLine], by: User) -> Institute:
    """Replace the contacts, in this order."""
    institute = _locked(institute_id, by)
    if not policies.can_edit_contacts(by, institute):
        raise NotAllowed
    rows = [InstituteContact(institute=institute, order=n, **vars(line)) for n, line in enumerate(lines, 1)]
    return _replaced(institute, version, InstituteContact, rows, "contacts", by)


@transaction.atomic
def save_offers(*, institute_id: int, version: int, lines: Sequence[OfferLine], by: User) -> Institute:
    """Replace the offered seats."""
    institute = _locked(institute_id, by)
    if not policies.can_edit_institute(by, institute):
        raise NotAllowed
    return _replaced(institute, version, SeatOffer, [SeatOffer(institute=institute, **vars(line)) for line in lines], "offers", by)


@transaction.atomic
def save_tariffs(*, institute_id: int, version: int, lines: Sequence[TariffLine], by: User) -> Institute:
    """Replace the institute's own tariffs; the national ones count where it has none."""
    institute = _locked(institute_id, by)
    if not policies.can_edit_tariffs(by):
        raise NotAllowed
    return _replaced(institute, version, Tariff, [Tariff(institute=institute, **vars(line)) for line in lines], "tariffs", by)


def _locked(institute_id: int, by: User) -> Institute:
    institute = Institute.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=institute_id).first()
    if institute is None:
        raise NotAllowed
    return institute


def _check_version(institute: Institute, version: int) -> None:
    if institute.version != version:
        raise StaleVersion(_("Lembaga ini baru saja diubah orang lain. Muat ulang halamannya, lalu ulangi perubahan Anda."))


def _replaced(institute: Institute, version: int, model: type[Row], rows: Sequence[Row], name: str, by: User) -> Institute:
    _check_version(institute, version)
    manager = model._default_manager.filter(institute=institute)
    before, after = _told(manager), _told(rows)
    if before == after:
        return institute
    manager.delete()
    try:
        with transaction.atomic():
            model._default_manager.bulk_create(rows)
    except IntegrityError as error:
        raise Refused(_("Dua baris sama, atau ada isian yang kurang. Periksa lagi.")) from error
    return _saved(institute, f"update_{name}", {name: [before, after]}, by)


def _told(rows: Any) -> str:
    """Write rows for the trail, in their order."""
    return "; ".join(
        ", ".join(_value(row, field) for field in row._meta.concrete_fields if field.name not in ("id", "institute", "order"))
        for row in rows
    )


def _value(row: models.Model, field: models.Field[Any, Any]) -> str:
    value = getattr(row, field.attname)
    return words.long_date(value, lang="id") if isinstance(value, date) else str(value)


def _saved(institute: Institute, verb: str, changes: dict[str, list[Any]], by: User) -> Institute:
    if changes:
        institute.version += 1
        institute.save()
        audit.record(verb=verb, obj=institute, by=by, changes=changes)
    return institute
