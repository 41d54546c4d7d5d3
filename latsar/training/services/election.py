"""The calendar of tahapan pemilu, kept by who is bound by it."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import NotAllowed, Refused, StaleVersion
from latsar.accounts.models import User
from latsar.satker.models import Satker, SatkerKind
from latsar.training import policies
from latsar.training.enums import StageScope
from latsar.training.models import ElectionStage

FIELDS = ("name", "scope", "satker", "starts_on", "ends_on", "is_blocking", "source", "is_verified")


@transaction.atomic
def save_stage(
    *,
    name: str,
    scope: str,
    satker: Satker | None,
    starts_on: date,
    ends_on: date,
    is_blocking: bool,
    by: User,
    source: str = "",
    is_verified: bool = False,
    stage_id: int | None = None,
    version: int = 0,
) -> ElectionStage:
    """Add a stage, or change the one with this id. Raises NotAllowed, StaleVersion, Refused beside the field."""
    row = _held(stage_id, version, by) if stage_id is not None else ElectionStage(version=0, created_by=by)
    unit = None if scope == StageScope.NATION else satker
    _check(scope=scope, unit=unit, starts_on=starts_on, ends_on=ends_on)
    province_id = unit.province_id if unit else None
    if not policies.can_edit_stage(by, scope=scope, satker_id=unit.pk if unit else None, province_id=province_id):
        raise NotAllowed
    before = audit.snapshot(row, FIELDS) if row.pk else dict.fromkeys(FIELDS)
    row.name, row.scope, row.satker, row.province_id = name.strip(), scope, unit, province_id
    row.starts_on, row.ends_on, row.is_blocking = starts_on, ends_on, is_blocking
    row.source, row.is_verified = source.strip(), is_verified
    changes = audit.difference(before, audit.snapshot(row, FIELDS))
    if row.pk and not changes:
        return row
    row.version += 1
    row.save()
    audit.record(verb="change" if stage_id is not None else "add", obj=row, by=by, changes=changes)
    return row


@transaction.atomic
def withdraw_stage(*, stage_id: int, by: User, is_back: bool = False) -> ElectionStage:
    """Take a stage off the calendar, or with `is_back` put it on again; the row stays for the trail."""
    row = _held(stage_id, None, by)
    if (row.withdrawn_at is None) == is_back:
        return row
    row.withdrawn_at, row.withdrawn_by = (None, None) if is_back else (timezone.now(), by)
    row.version += 1
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "version"])
    audit.record(verb="restore_stage" if is_back else "withdraw_stage", obj=row, by=by)
    return row


def _held(stage_id: int, version: int | None, by: User) -> ElectionStage:
    row = ElectionStage.objects.visible_to(by).filter(pk=stage_id).first()
    if row is None or not policies.can_edit_stage(by, scope=row.scope, satker_id=row.satker_id, province_id=row.province_id):
        raise NotAllowed
    row = ElectionStage.objects.select_for_update(of=("self",)).get(pk=stage_id)
    if version is not None and row.version != version:
        raise StaleVersion(_("Tahapan ini baru saja diubah orang lain. Muat ulang halamannya, lalu ulangi perubahan Anda."))
    return row


def _check(*, scope: str, unit: Satker | None, starts_on: date, ends_on: date) -> None:
    problems: dict[str, str] = {}
    if ends_on < starts_on:
        problems["ends_on"] = _("Hari selesai mendahului hari mulai.")
    if scope != StageScope.NATION and unit is None:
        problems["satker"] = _("Pilih satkernya.")
    elif scope == StageScope.PROVINCE and unit is not None and unit.kind == SatkerKind.REGENCY:
        problems["satker"] = _("Tahapan provinsi memerlukan KPU provinsinya. Pilih kantor provinsi, atau ubah menjadi tahapan satker.")
    if problems:
        raise Refused(problems)
