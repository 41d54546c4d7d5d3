"""Workbooks that are right cell by cell and wrong against each other or against what the portal holds.

Written for who administers the province of Kupang (53.71) and Ende (53.08), where `REGISTERED` are people already.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.corpus.workbooks import book, with_cells

AT_HOME, ELSEWHERE, SUBMITTED, APPROVED = (f"19960914202506190{number}" for number in range(2, 6))
SECOND, THIRD = "199609142025061906", "199609142025061907"

_TAKEN = "NIP ini sudah terdaftar. Hubungi PKSDM bila seharusnya milik satker Anda."
_TRANSFER = "Satker CPNS ini berbeda dengan yang tercatat di portal. Pindah satker dilakukan di halaman pesertanya, bukan lewat impor."
_LOCKED = "Data CPNS ini terkunci, tahapnya Disetujui PKSDM. Minta provinsi atau PKSDM mengembalikannya lebih dahulu."
_CLOSED = "KPU Kabupaten Lama sudah ditutup. Pakai kode satker yang menggantikannya."
_FOREIGN = "Tidak ada satker dengan kode ini. Lihat kode yang berlaku di lembar Daftar pada templat."
_NEAR = "Tidak ada satker dengan kode ini. Mungkin maksudnya 53.71, KPU Kota Kupang."


def _repeated(column: str, *rows: int) -> str:
    return f"{column} ini juga ada di baris {', '.join(map(str, rows))}. Hapus baris yang berulang, atau perbaiki isinya."


def _row(nip: str, **cells: Any) -> tuple[Any, ...]:
    """Take the good row with another NIP, an e-mail of its own, and these cells, named with _ for a space."""
    email = f"p{''.join(filter(str.isdecimal, nip))}@contoh.go.id"
    return with_cells({"NIP": nip, "Email": email} | {name.replace("_", " "): value for name, value in cells.items()})


@dataclass(frozen=True)
class WrongRows:
    """A file with its errors as (row, column, message), in order; the rows without one are right."""

    name: str
    build: Callable[[], bytes]
    errors: list[tuple[int, str, str]]


def _of(name: str, rows: list[tuple[Any, ...]], errors: list[tuple[int, str, str]]) -> WrongRows:
    return WrongRows(name, lambda: book(rows), errors)


WRONG_ROWS = [
    _of("nip twice", [_row(SECOND), _row(THIRD), _row(SECOND)], [(2, "NIP", _repeated("NIP", 4)), (4, "NIP", _repeated("NIP", 2))]),
    _of("nip twice, once in groups", [_row(SECOND), _row("19960914 202506 1 906", Email="lain@contoh.go.id")],
        [(2, "NIP", _repeated("NIP", 3)), (3, "NIP", _repeated("NIP", 2))]),
    _of("nip twice with a mark of text", [_row(SECOND), _row("'" + SECOND)], [(2, "NIP", _repeated("NIP", 3)), (3, "NIP", _repeated("NIP", 2))]),
    _of("nip three times with zero width spaces", [_row(SECOND), _row("\u200b".join(SECOND)), _row(SECOND + "\u00a0")],
        [(2, "NIP", _repeated("NIP", 3, 4)), (3, "NIP", _repeated("NIP", 2, 4)), (4, "NIP", _repeated("NIP", 2, 3))]),
    _of("nip twice, one row wrong otherwise", [_row(SECOND), _row(SECOND, Golongan="IV/a")],
        [(2, "NIP", _repeated("NIP", 3)), (3, "NIP", _repeated("NIP", 2)),
         (3, "Golongan", "Golongan ini bukan golongan CPNS. Pilih salah satu: II/a, II/b, II/c, III/a, III/b.")]),
    _of("email of two people", [_row(SECOND, Email="sama@contoh.go.id"), _row(THIRD, Email="sama@contoh.go.id")],
        [(2, "Email", _repeated("Email", 3)), (3, "Email", _repeated("Email", 2))]),
    _of("email of two people, other case and blanks", [_row(SECOND, Email="Sama@Contoh.go.id "), _row(THIRD, Email="sama@contoh.go.id")],
        [(2, "Email", _repeated("Email", 3)), (3, "Email", _repeated("Email", 2))]),
    _of("foreign satker", [_row(SECOND, Kode_Satker="51.71")], [(2, "Kode Satker", _FOREIGN)]),
    _of("satker that does not exist", [_row(SECOND, Kode_Satker="53.99")], [(2, "Kode Satker", _NEAR)]),
    _of("closed satker", [_row(SECOND, Kode_Satker="53.98")], [(2, "Kode Satker", _CLOSED)]),
    _of("closed satker by its dipa code", [_row(SECOND, Kode_Satker="099898")], [(2, "Kode Satker", _CLOSED)]),
    _of("dipa code that lost its zero", [_row(SECOND, Kode_Satker="99898")], [(2, "Kode Satker", _FOREIGN)]),
    _of("registered in another province", [_row(ELSEWHERE)], [(2, "NIP", _TAKEN)]),
    _of("registered at another satker of the province", [_row(AT_HOME, Kode_Satker="53.08")], [(2, "Kode Satker", _TRANSFER)]),
    _of("approved already", [_row(APPROVED, Jabatan="Arsiparis", Alamat="Jalan Baru")],
        [(2, "Jabatan", _LOCKED), (2, "Alamat", _LOCKED)]),
    _of("required cell emptied by a dash", [_row(AT_HOME, Jabatan="-")], [(2, "Jabatan", "Belum diisi. Isi sel ini sesuai SK CPNS.")]),
    _of("one wrong row among right ones", [_row(SECOND), _row(THIRD, Email="x"), _row(AT_HOME)],
        [(3, "Email", "Alamat e-mail belum lengkap. Tulis nama domainnya, misalnya nama@contoh.go.id.")]),
    _of("swapped day and month", [_row("199605042025061901", Tanggal_Lahir=date(1996, 4, 5))],
        [(2, "Tanggal Lahir", "Hari dan bulan tertukar; di NIP tanggal lahirnya 4 Mei 1996. Cocokkan keduanya dengan SK CPNS.")]),
    _of("date of the 1900 system read four years early", [_row(SECOND, Tanggal_Lahir=date(1992, 9, 13))],
        [(2, "Tanggal Lahir", "Tidak sama dengan tanggal lahir di NIP (14 September 1996). Cocokkan keduanya dengan SK CPNS.")]),
]  # fmt: skip

ACCEPTED = [
    ("dates of the 1904 system", lambda: book([_row(SECOND)], options={"date_1904": True})),
    ("golongan run together", lambda: book([_row(SECOND, Golongan="IIIa")])),
    ("golongan with a blank", lambda: book([_row(SECOND, Golongan="III A")])),
    ("golongan with a point", lambda: book([_row(SECOND, Golongan="iii.a")])),
    ("blanks around everything", lambda: book([[f" {value} " if isinstance(value, str) and value else value for value in _row(SECOND)]])),
    ("no-break spaces in the name", lambda: book([_row(SECOND, Nama_Lengkap="Contoh\u00a0Peserta Satu,\u00a0S.Kom.")])),
    ("nip with zero width spaces", lambda: book([_row("\u200b".join(SECOND))])),
    ("email in capitals", lambda: book([_row(SECOND, Email=f"P{SECOND}@CONTOH.GO.ID")])),
    ("phone as a number", lambda: book([_row(SECOND, **{"No._HP": 81200000901})])),
    ("phone abroad", lambda: book([_row(SECOND, **{"No._HP": "+62 812-0000-0901"})])),
    ("satker code as a number", lambda: book([_row(SECOND, Kode_Satker=53.71)])),
    ("dashes where nothing is known", lambda: book([_row(SECOND, Alamat="-", Kebutuhan_Khusus="–")])),
]
"""Files that look odd and mean exactly the good row, but for its NIP and e-mail."""
