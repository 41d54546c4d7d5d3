"""Workbooks as a satker would send them: 115 right rows of NTT, and one with three wrong ones."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import xlsxwriter

from latsar.satker.models import Satker
from participants.workbook.reader import HEADINGS
from tests.factories import nip_of


def row(n: int, code: str, tmt: date, **changes: object) -> list[object]:
    birth = date(1996 + n % 6, n % 12 + 1, n % 28 + 1)
    female = n % 2 == 0
    cells: dict[str, object] = {
        "NIP": nip_of(birth, tmt, female=female, serial=900 + n % 100),
        "Nama Lengkap": f"{'Maria' if female else 'Yohanes'} Contoh {n}, S.Kom.",
        "Kode Satker": code,
        "Golongan": "III/a",
        "Jabatan": "Pranata Komputer Ahli Pertama",
        "Pendidikan": "S-1",
        "Program Studi": "Sistem Informasi",
        "Tempat Lahir": "Kupang",
        "Jenis Kelamin": "P" if female else "L",
        "Tanggal Lahir": f"{birth:%d-%m-%Y}",
        "Agama": "Katolik",
        "Email": f"cpns{n}@contoh.go.id",
        "No. HP": f"0812000{n:05d}",
        "Alamat": f"Jalan Contoh {n}",
        "Kebutuhan Khusus": "",
    }
    return list({**cells, **changes}.values())


def write(path: Path, rows: list[list[object]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("CPNS")
        for line, cells in enumerate([list(HEADINGS), *rows]):
            for column, cell in enumerate(cells):
                (sheet.write_number if isinstance(cell, float) else sheet.write_string)(line, column, cell)
    return path


def with_three_wrong(path: Path, tmt: date) -> Path:
    rows = [row(n, "53.71", tmt) for n in (201, 202)]
    rows.append(row(203, "53.71", tmt, NIP=1.99704e17))
    rows.append(row(204, "53.99", tmt))
    rows.append(row(205, "53.71", tmt, **{"Tanggal Lahir": "01-01-1990"}))
    return write(path, rows)


def whole_province(path: Path, tmt: date, count: int = 115) -> Path:
    codes = list(Satker.objects.filter(code__startswith="53").order_by("code").values_list("code", flat=True))
    return write(path, [row(n, codes[n % len(codes)], tmt) for n in range(count)])
