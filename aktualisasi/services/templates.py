"""Templates of the printed rancangan and laporan: saved per institute, and taken back to the usual one."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aktualisasi import policies
from aktualisasi.models import PaperTemplate
from aktualisasi.paper_layout import PaperLayout
from latsar.accounts import audit
from latsar.accounts.errors import NotAllowed, Refused, StaleVersion
from latsar.accounts.models import User
from latsar.training.models import Institute

FIELDS = ("parts", "cover", "closing", "city", "font")


@transaction.atomic
def save_template(*, institute_id: int | None, layout: PaperLayout, version: int, by: User) -> PaperTemplate:
    """Save the layout of one institute, or with None the common one. `version` is what the form was opened with, 0 before the first.

    Raises StaleVersion when somebody else saved meanwhile, Refused when nothing would be printed.
    """
    if not policies.can_edit_template(by, institute_id):
        raise NotAllowed
    if not layout.printed:
        raise Refused(_("Paling sedikit satu bagian harus dicetak."), code="parts")
    if institute_id is not None:
        Institute.objects.select_for_update(of=("self",)).get(pk=institute_id)
    row = PaperTemplate.objects.select_for_update(of=("self",)).filter(institute=institute_id, kind=layout.kind).first()
    if (row.version if row else 0) != version:
        raise StaleVersion(_("Templat ini sudah diubah orang lain sejak Anda membukanya. Isian Anda belum tersimpan."))
    before = audit.snapshot(row, FIELDS) if row else {}
    row = row or PaperTemplate(institute_id=institute_id, kind=layout.kind, version=0)
    for name in FIELDS:
        setattr(row, name, layout.as_dict()[name])
    row.version += 1
    row.updated_at, row.updated_by = timezone.now(), by
    row.save()
    audit.record(verb="save_paper_template", obj=row, by=by, changes=audit.difference(before, audit.snapshot(row, FIELDS)))
    return row


@transaction.atomic
def reset_template(*, institute_id: int | None, kind: str, by: User) -> None:
    """Take the institute's own layout away: from now on the common one counts. Done twice, nothing more happens."""
    if not policies.can_edit_template(by, institute_id):
        raise NotAllowed
    row = PaperTemplate.objects.select_for_update(of=("self",)).filter(institute=institute_id, kind=kind).first()
    if row is None:
        return
    audit.record(
        verb="reset_paper_template", obj=row, by=by, changes={name: [value, None] for name, value in audit.snapshot(row, FIELDS).items()}
    )
    row.delete()
