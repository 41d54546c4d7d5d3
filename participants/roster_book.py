"""The list of people of an angkatan as a workbook, in the columns that institutes ask for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO

from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts.models import User
from latsar.reports.writers import Column, write_xlsx
from latsar.training.models import Batch
from latsar.ui import words
from participants import policies
from participants.boards import Member


def roster_workbook(user: User, batch: Batch, members: Sequence[Member]) -> bytes:
    """Write the given people; special needs and weeks of pregnancy only where the reader may know them."""
    columns = [
        Column(_("No."), 6, "int"),
        Column(_("NIP"), 22),
        Column(_("Nama Lengkap"), 36),
        Column(_("Kelompok"), 10, "int"),
        Column(_("Satker"), 36),
        Column(_("Pangkat, Golongan"), 24),
        Column(_("Jabatan"), 36),
        Column(_("Pendidikan"), 14),
        Column(_("Program Studi"), 24),
        Column(_("Tempat Lahir"), 18),
        Column(_("Tanggal Lahir"), 14, "date"),
        Column(_("Jenis Kelamin"), 14),
        Column(_("Agama"), 12),
        Column(_("Email"), 28),
        Column(_("No. HP"), 18),
        Column(_("Alamat"), 36),
        Column(_("Kebutuhan Khusus"), 24),
        Column(_("Usia Kehamilan (minggu)"), 14, "int"),
        Column(_("Ukuran Baju"), 10),
        Column(_("Ukuran Sepatu"), 10),
    ]
    stream = BytesIO()
    titles = [
        f"{batch.label} {batch.year}, {batch.institute}",
        f"{batch.get_golongan_display()}, {batch.get_method_display()}, {words.date_range(batch.starts_on, batch.ends_on)}",
    ]
    write_xlsx(stream, sheet=_("Daftar peserta"), columns=columns, rows=_rows(user, batch, members), titles=titles)
    return stream.getvalue()


def _rows(user: User, batch: Batch, members: Sequence[Member]) -> Iterator[list[object]]:
    today = timezone.localdate()
    for number, member in enumerate(members, 1):
        person = member.person
        sees_needs = policies.can_see_special_needs(user, person)
        yield [
            number,
            person.nip,
            person.full_name,
            member.group,
            person.satker.name,
            person.rank,
            person.jabatan,
            person.education,
            person.study_programme,
            person.birth_place,
            person.birth_date,
            person.get_sex_display(),
            person.get_religion_display(),
            person.email,
            person.phone,
            person.address,
            person.special_needs if sees_needs else "",
            person.pregnancy_weeks_on(max(batch.starts_on, today)) if sees_needs else None,
            person.clothing_size,
            person.shoe_size,
        ]
