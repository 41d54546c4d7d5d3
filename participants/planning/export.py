"""A plan as a workbook: people, seats, and the numbers by which it was judged."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from django.utils.translation import gettext as _

from latsar.reports.writers import Column, Sheet, write_xlsx_sheets
from latsar.ui import words
from participants.planning import page
from participants.planning.plans import Plan
from participants.planning.reasons import reason_text


def plan_workbook(plan: Plan) -> bytes:
    """Write all people of a plan, with the reason of who has no seat or a late one."""
    stream = BytesIO()
    titles = [
        plan.name,
        _("%(state)s, dihitung %(day)s")
        % {"state": plan.get_state_display(), "day": words.long_date(plan.solved_at) if plan.solved_at else "–"},
    ]
    people = [
        Column(_("No."), 6, "int"), Column(_("NIP"), 22), Column(_("Nama Lengkap"), 36), Column(_("Satker"), 36), Column(_("Provinsi"), 24), Column(_("Golongan"), 10),
        Column(_("Batas"), 14, "date"), Column(_("Angkatan"), 22), Column(_("Lembaga"), 32), Column(_("Mulai"), 14, "date"), Column(_("Selesai"), 14, "date"),
        Column(_("Sela (hari)"), 10, "int"), Column(_("Sebab"), 60), Column(_("Dengan tangan"), 14),
    ]  # fmt: skip
    seats = [
        Column(_("Angkatan"), 22), Column(_("Lembaga"), 32), Column(_("Golongan"), 22), Column(_("Metode"), 22), Column(_("Mulai"), 14, "date"),
        Column(_("Selesai"), 14, "date"), Column(_("Kursi kosong"), 12, "int"), Column(_("Diusulkan"), 12, "int"), Column(_("Satker"), 10, "int"),
        Column(_("Biaya per orang (Rp)"), 18, "money"),
    ]  # fmt: skip
    numbers = [Column(_("Ukuran"), 34), Column(_("Nilai"), 90)]
    write_xlsx_sheets(
        stream,
        [
            Sheet(_("Usulan"), people, _people(plan), titles),
            Sheet(_("Angkatan"), seats, _seats(plan), titles),
            Sheet(_("Ukuran"), numbers, page.proof(plan), titles),
        ],
    )
    return stream.getvalue()


def _people(plan: Plan) -> Iterator[list[object]]:
    rows = plan.assignments.select_related("participant__satker", "participant__province", "offer__batch", "offer__institute")
    for number, row in enumerate(rows.order_by("participant__province__code", "participant__deadline", "pk"), 1):
        person, offer = row.participant, row.offer
        yield [
            number, person.nip, person.full_name, person.satker.name, person.province.province_name or person.province.name, person.golongan, person.deadline,
            offer.label if offer else "", str(offer.institute) if offer else "", offer.starts_on if offer else None, offer.ends_on if offer else None,
            (person.deadline - offer.ends_on).days if offer else None,
            reason_text(row.reason, row.facts, golongan=person.golongan, deadline=person.deadline), _("ya") if row.is_manual else "",
        ]  # fmt: skip


def _seats(plan: Plan) -> Iterator[list[object]]:
    for row in page.offer_rows(plan):
        offer = row.offer
        yield [
            offer.label, str(offer.institute), offer.get_golongan_display(), offer.get_method_display(), offer.starts_on, offer.ends_on, offer.seats, row.people,
            row.satker, offer.cost,
        ]  # fmt: skip
