"""The empty import workbook with drop-downs, instructions and two sample rows."""

from collections.abc import Iterable, Sequence
from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from latsar.reports.writers import HEADER_FORMAT, safe_text
from participants.enums import Golongan, Religion
from participants.workbook.cells import HEADINGS
from participants.workbook.layout import BOOK_OPTIONS, WIDTHS, add_choices, add_people_sheet
from participants.workbook.reader import MAX_ROWS

GUIDE_SHEET = "Petunjuk"
LISTS_SHEET = "Daftar"
SAMPLES = (
    ("199609142025061901", "Contoh Peserta Satu, S.Kom.", "53.71", "III/a", "Penata Kelola Sistem dan Teknologi Informasi", "S-1",
     "Ilmu Komputer", "Kupang", "L", "14-09-1996", "Katolik", "peserta.satu@contoh.go.id", "081200000901", "Jalan Contoh 1, Kupang", ""),
    ("199803022025062902", "Contoh Peserta Dua, A.Md.", "53.71", "II/c", "Arsiparis", "D-III",
     "Kearsipan", "Soe", "P", "02-03-1998", "Kristen", "peserta.dua@contoh.go.id", "081200000902", "Jalan Contoh 2, Kupang", "Kursi roda"),
)  # fmt: skip


def write_template(stream: BinaryIO, *, satker: Iterable[tuple[str, str]], jabatan: Sequence[str]) -> None:
    """Write the template for the visible satker (code, name); other jabatan may still be typed."""
    with Workbook(stream, BOOK_OPTIONS) as book:
        people = add_people_sheet(book)
        guide = book.add_worksheet(GUIDE_SHEET)
        _write_guide(book, guide)
        lists = book.add_worksheet(LISTS_SHEET)
        satker_count = _write_lists(book, lists, satker, jabatan)
        if satker_count:
            add_choices(people, "Kode Satker", f"={LISTS_SHEET}!$A$2:$A${satker_count + 1}", refuse=False)
        if jabatan:
            add_choices(people, "Jabatan", f"={LISTS_SHEET}!$D$2:$D${len(jabatan) + 1}", refuse=False)


def _instructions() -> list[tuple[str, str]]:
    return [
        (_("Lembar"), _("Isi lembar CPNS mulai baris 2, satu orang per baris. Jangan mengubah judul di baris 1; urutan kolom boleh berubah.")),
        (_("Wajib"), _("Kolom berjudul merah tua wajib diisi. Kolom lain boleh kosong.")),
        ("NIP", _("18 angka dari SK CPNS, sebagai teks. Spasi dan titik boleh ikut. Nomor PPPK ditolak.")),
        ("Nama Lengkap", _("Dengan gelar, seperti di SK CPNS. Paling banyak 150 huruf.")),
        ("Kode Satker", _("Pilih dari daftar, misalnya 53.71. Kode satker DIPA enam angka juga diterima.")),
        ("Golongan", _("Salah satu: %(choices)s.") % {"choices": ", ".join(Golongan.values)}),
        ("Jabatan", _("Pilih dari daftar, atau ketik nama jabatannya seperti di SK CPNS.")),
        ("Pendidikan", _("Pilih dari daftar, atau ketik seperti di ijazah, misalnya S-1.")),
        ("Jenis Kelamin", _("L atau P. Bila kosong, diambil dari NIP.")),
        ("Tanggal Lahir", _("Tanggal Excel atau hari-bulan-tahun, misalnya 14-09-1996. Bila kosong, diambil dari NIP.")),
        ("Agama", _("Salah satu: %(choices)s.") % {"choices": ", ".join(Religion.values)}),
        ("Email", _("Alamat lengkap yang dibaca sendiri oleh peserta.")),
        ("No. HP", _("Angka saja dengan nol di depan, misalnya 081200000901.")),
        (_("Sel kosong"), _("Pada unggahan ulang, sel kosong membiarkan isi yang sudah ada di portal. Untuk mengosongkannya, tulis tanda hubung (-) saja.")),
        (_("Rumus"), _("Sel berisi rumus ditolak. Tempel sebagai nilai (Paste Values).")),
        (pgettext("limit", "Batas"), _("Paling banyak %(rows)s baris dan 10 MB per berkas, simpan sebagai .xlsx.") % {"rows": f"{MAX_ROWS:,}".replace(",", ".")}),
    ]  # fmt: skip


def _write_guide(book: Workbook, page: Worksheet) -> None:
    bold, text, wrap = (
        book.add_format({"bold": True, "valign": "top"}),
        book.add_format({"num_format": "@"}),
        book.add_format({"text_wrap": True}),
    )
    header = book.add_format(HEADER_FORMAT)
    page.set_column(0, 0, WIDTHS["NIP"])
    page.set_column(1, len(HEADINGS) - 1, 24)
    page.write_string(0, 0, _("Cara mengisi"), bold)
    line = 1
    for name, advice in _instructions():
        page.write_string(line, 0, name, bold)
        page.merge_range(line, 1, line, 6, advice, wrap)
        page.set_row(line, 32)
        line += 1
    page.write_string(line + 1, 0, _("Contoh isi lembar CPNS"), bold)
    for index, heading in enumerate(HEADINGS):
        page.write_string(line + 2, index, heading, header)
    for offset, sample in enumerate(SAMPLES, start=3):
        for index, value in enumerate(sample):
            page.write_string(line + offset, index, value, text)


def _write_lists(book: Workbook, page: Worksheet, satker: Iterable[tuple[str, str]], jabatan: Sequence[str]) -> int:
    header, text = book.add_format(HEADER_FORMAT), book.add_format({"num_format": "@"})
    for index, (title, width) in enumerate(((_("Kode Satker"), 14), (_("Nama satker"), 44), ("", 3), (_("Jabatan"), 52))):
        page.set_column(index, index, width, text)
        if title:
            page.write_string(0, index, title, header)
    page.freeze_panes(1, 0)
    count = 0
    for count, (code, name) in enumerate(satker, start=1):
        page.write_string(count, 0, safe_text(code), text)
        page.write_string(count, 1, safe_text(name), text)
    for line, title in enumerate(jabatan, start=1):
        page.write_string(line, 3, safe_text(title), text)
    return count
