"""Synthetic rows and what they may point to."""

from datetime import date, timedelta
from typing import Any

from participants.workbook.lookups import SatkerIndex
from tests.corpus.workbooks import GOOD_ROW

KUPANG = object()
PROVINCE = object()


def lookups() -> SatkerIndex:
    return SatkerIndex([(["53", "022207"], "KPU Provinsi Nusa Tenggara Timur", PROVINCE), (["53.71"], "KPU Kota Kupang", KUPANG)])


def many_rows(count: int) -> list[list[Any]]:
    """Make rows that are all right and all different."""
    rows = []
    for number in range(count):
        born = date(1995, 1, 1) + timedelta(days=number % 1800)
        row = list(GOOD_ROW)
        row[0] = f"{born:%Y%m%d}2025{number // 1800 % 9 + 1:02d}1{900 + number % 100}"
        row[1], row[9], row[11] = f"Contoh Peserta {number}, S.Kom.", born, f"peserta{number}@contoh.go.id"
        rows.append(row)
    return rows
