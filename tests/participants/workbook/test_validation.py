from dataclasses import replace
from datetime import date

import pytest

from participants.nip import parse_nip
from participants.workbook.cells import HEADINGS, RawRow
from participants.workbook.gate import open_workbook_safely
from participants.workbook.reader import read_rows
from participants.workbook.validation import CleanRow, RowResult, find_duplicates, validate_row
from tests.corpus.workbook_cells import WRONG_CELLS
from tests.corpus.workbooks import GOOD_ROW, WrongCell, book, with_cell
from tests.participants.workbook.people import KUPANG, PROVINCE, lookups

TODAY = date(2026, 2, 9)
GOOD = CleanRow(
    nip=parse_nip("199609142025061901", today=TODAY), full_name="Contoh Peserta Satu, S.Kom.", satker_code="53.71", satker=KUPANG,
    golongan="III/a", jabatan="Penata Kelola Sistem dan Teknologi Informasi", education="S-1", study_programme="Ilmu Komputer",
    birth_place="Kupang", sex="L", birth_date=date(1996, 9, 14), religion="Katolik", email="satu@contoh.go.id", phone="081200000901",
    address="Jalan Contoh 1", special_needs="",
)  # fmt: skip


def judge(**cells: object) -> RowResult:
    row = dict(zip(HEADINGS, GOOD_ROW, strict=True)) | {_HEADINGS[name]: value for name, value in cells.items()}
    return validate_row(RawRow(2, tuple(row.values())), lookups=lookups(), today=TODAY)


_HEADINGS = {heading.replace(" ", "_").replace(".", ""): heading for heading in HEADINGS}


def test_validate_row_good_row_typed() -> None:
    result = judge()
    assert (result.clean, result.errors, result.number) == (GOOD, [], 2)


@pytest.mark.parametrize("case", WRONG_CELLS, ids=lambda case: case.name)
def test_validate_row_wrong_cell_from_a_real_file_named(case: WrongCell) -> None:
    (row,) = read_rows(open_workbook_safely(book([with_cell(case.heading, case.value)]), "cpns.xlsx"))
    result = validate_row(row, lookups=lookups(), today=TODAY)
    errors = [(error.row, error.column, error.code, error.message) for error in result.errors]
    assert errors == [(2, case.heading, case.code, case.message)]
    assert result.clean is None


def test_corpus_of_cells_names_are_distinct() -> None:
    assert len({case.name for case in WRONG_CELLS}) == len(WRONG_CELLS)


def test_validate_row_all_errors_at_once_in_heading_order() -> None:
    result = judge(NIP=1.99609e17, Kode_Satker="53.72", Email="x@", Nama_Lengkap="", Tanggal_Lahir=35322.0)
    assert [(error.column, error.value) for error in result.errors] == [
        ("NIP", "1.99609E+17"), ("Nama Lengkap", ""), ("Kode Satker", "53.72"), ("Tanggal Lahir", "35322"), ("Email", "x@"),
    ]  # fmt: skip


def test_validate_row_swapped_day_and_month_told() -> None:
    (error,) = judge(NIP="199605042025061901", Tanggal_Lahir="05-04-1996").errors
    assert error.message == "Hari dan bulan tertukar; di NIP tanggal lahirnya 4 Mei 1996. Cocokkan keduanya dengan SK CPNS."


def test_validate_row_unknown_and_foreign_satker_told_alike() -> None:
    assert judge(Kode_Satker="35.78").errors[0].message == judge(Kode_Satker="35.99").errors[0].message


@pytest.mark.parametrize(
    ("cells", "changes"),
    [
        ({"NIP": "19960914 202506 1 901"}, {}),
        ({"NIP": "19960914.202506.1.901"}, {}),
        ({"NIP": "'199609142025061901"}, {}),
        ({"Nama_Lengkap": "  Contoh\u00a0 Peserta Satu,  S.Kom. "}, {}),
        ({"Nama_Lengkap": "Andre\u0301"}, {"full_name": "André"}),
        ({"Nama_Lengkap": "'=Contoh"}, {"full_name": "=Contoh"}),
        ({"Kode_Satker": 53.71}, {}),
        ({"Kode_Satker": 53.0}, {"satker_code": "53", "satker": PROVINCE}),
        ({"Kode_Satker": "022207"}, {"satker_code": "022207", "satker": PROVINCE}),
        ({"Golongan": "IIIa"}, {}),
        ({"Golongan": " iii A "}, {}),
        ({"Golongan": "II/c"}, {"golongan": "II/c"}),
        ({"Jenis_Kelamin": ""}, {}),
        ({"Jenis_Kelamin": "laki-laki"}, {}),
        ({"Jenis_Kelamin": "Pria"}, {}),
        ({"NIP": "199609142025062901", "Jenis_Kelamin": "Wanita"}, {"nip": parse_nip("199609142025062901", today=TODAY), "sex": "P"}),
        ({"Tanggal_Lahir": ""}, {}),
        ({"Tanggal_Lahir": "14/09/1996"}, {}),
        ({"Tanggal_Lahir": "14-9-1996"}, {}),
        ({"Agama": ""}, {"religion": ""}),
        ({"Agama": "kristen protestan"}, {"religion": "Kristen"}),
        ({"Agama": "Konghucu"}, {"religion": "Khonghucu"}),
        ({"Email": " Satu@Contoh.go.id"}, {}),
        ({"No_HP": 81200000901.0}, {}),
        ({"No_HP": "81200000901"}, {}),
        ({"No_HP": "+62 812-0000-0901"}, {}),
        ({"No_HP": "\u202a6281200000901\u202c"}, {}),
        ({"No_HP": "(0380) 123456"}, {"phone": "0380123456"}),
        ({"No_HP": ""}, {"phone": ""}),
        ({"Alamat": "Jalan Contoh\n1"}, {}),
        ({"Alamat": 7.0}, {"address": "7"}),
    ],
)
def test_validate_row_tolerated_spelling_typed(cells: dict[str, object], changes: dict[str, object]) -> None:
    result = judge(**cells)
    assert result.errors == []
    assert result.clean == replace(GOOD, **changes)


def test_find_duplicates_same_nip_marks_every_row() -> None:
    rows = [with_cell("NIP", nip) for nip in ("199609142025061901", "19960914 202506 1 901", "199609142025061902", "199609142025061901")]
    results = [validate_row(RawRow(number, row), lookups=lookups(), today=TODAY) for number, row in enumerate(rows, start=2)]
    find_duplicates(results)
    assert [[(error.column, error.message) for error in result.errors] for result in results] == [
        [("NIP", "NIP ini juga ada di baris 3, 5. Hapus baris yang berulang, atau perbaiki isinya.")],
        [("NIP", "NIP ini juga ada di baris 2, 5. Hapus baris yang berulang, atau perbaiki isinya.")],
        [],
        [("NIP", "NIP ini juga ada di baris 2, 3. Hapus baris yang berulang, atau perbaiki isinya.")],
    ]
    assert [result.clean is None for result in results] == [True, True, False, True]


def test_find_duplicates_wrong_rows_counted_too() -> None:
    results = [judge(Email="x"), judge()]
    find_duplicates(results)
    assert [[error.code for error in result.errors] for result in results] == [["duplicate", "email"], ["duplicate"]]


def test_find_duplicates_email_ignores_case_and_blanks() -> None:
    results = [judge(), judge(Email="SATU@contoh.go.id "), judge(Email="")]
    find_duplicates(results, "Email")
    assert [[error.code for error in result.errors] for result in results] == [["duplicate"], ["duplicate"], ["required"]]
