"""Cells that an otherwise good row must not have, with the message each gets."""

from datetime import date, datetime
from typing import Any

from tests.corpus.workbooks import Formula, WrongCell

_ROUNDED = "Excel telah membulatkan NIP, angka aslinya hilang. Jadikan kolom NIP bertipe Teks, lalu ketik ulang 18 angkanya dari SK."
_NOT_TEXT = "NIP tidak tersimpan sebagai teks. Jadikan kolom NIP bertipe Teks, lalu ketik ulang 18 angkanya dari SK."
_PPPK = "Ini nomor induk PPPK, bukan NIP CPNS. Latsar hanya untuk CPNS; periksa nomor di SK CPNS."
_REQUIRED = "Belum diisi. Isi sel ini sesuai SK CPNS."
_FORMULA = "Sel ini berisi rumus. Salin sel itu, lalu tempel sebagai nilai (Paste Values)."
_ERROR = "Sel ini menampilkan galat Excel, misalnya #N/A. Ketik ulang isinya."
_LOGICAL = "Sel ini berisi TRUE atau FALSE. Ketik ulang isinya sebagai teks."
_NUMBER = "Sel ini berisi angka, padahal harus teks. Ketik ulang isinya sebagai teks."
_AS_DATE = "Excel mengubah isi sel menjadi tanggal. Jadikan kolom bertipe Teks, lalu ketik ulang isinya."
_UNREADABLE = "Ada tanda yang tidak terbaca di sel ini. Hapus isinya, lalu ketik ulang."
_LONG = "Terlalu panjang, %d huruf. Paling banyak %d huruf; singkat isinya."
_NO_SATKER = "Tidak ada satker dengan kode ini. Mungkin maksudnya 53.71, KPU Kota Kupang."
_NO_SATKER_NEAR = "Tidak ada satker dengan kode ini. Lihat kode yang berlaku di lembar Daftar pada templat."
_SATKER_TYPE = "Excel mengubah kode satker menjadi angka atau tanggal. Jadikan kolom bertipe Teks, lalu ketik ulang, misalnya 53.71."
_GOLONGAN = "Golongan ini bukan golongan CPNS. Pilih salah satu: II/a, II/b, II/c, III/a, III/b."
_SEX = "Jenis kelamin tidak terbaca. Tulis L atau P, atau kosongkan agar diambil dari NIP."
_DATE = "Tanggal tidak terbaca. Tulis hari-bulan-tahun, misalnya 14-09-1996."
_NO_DATE = "Tanggal ini tidak ada di kalender. Periksa hari dan bulannya."
_SERIAL = "Tanggal ini tersimpan sebagai angka. Jadikan selnya bertipe Tanggal, atau tulis misalnya 14-09-1996."
_BIRTH = "Tidak sama dengan tanggal lahir di NIP (14 September 1996). Cocokkan keduanya dengan SK CPNS."
_RELIGION = "Agama tidak ada di daftar. Pilih salah satu: Islam, Kristen, Katolik, Hindu, Buddha, Khonghucu, Kepercayaan."
_EMAIL_SHORT = "Alamat e-mail belum lengkap. Tulis nama domainnya, misalnya nama@contoh.go.id."
_EMAIL = "Alamat e-mail salah. Periksa ejaannya, misalnya nama@contoh.go.id, tanpa spasi."
_PHONE = "Nomor HP tidak terbaca. Tulis angkanya saja, misalnya 081200000900."
_LOST_ZERO = "Angka nol di depan nomor hilang. Jadikan kolom bertipe Teks, lalu ketik ulang nomornya, misalnya 081200000900."


def _nip(name: str, value: Any, code: str, message: str) -> WrongCell:
    return WrongCell(name, "NIP", value, code, message)


WRONG_CELLS = [
    _nip("nip as number", 199609142025061901, "rounded", _ROUNDED),
    _nip("nip as short number", 19960914, "type", _NOT_TEXT),
    _nip("nip as date", date(1996, 9, 14), "type", _NOT_TEXT),
    _nip("nip as rounded text", "1.99609E+17", "rounded", _ROUNDED),
    _nip("nip as rounded text with comma", "1,99609E+17", "rounded", _ROUNDED),
    _nip("nip blank", "", "required", _REQUIRED),
    _nip("nip spaces only", "   ", "required", _REQUIRED),
    _nip("nip 17 digits", "19960914202506190", "length", "NIP hanya berisi 17 angka. NIP terdiri dari 18 angka; periksa angka terakhir di SK."),
    _nip("nip 19 digits", "1996091420250619011", "length", "NIP berisi 19 angka. NIP terdiri dari 18 angka; hapus yang berlebih menurut SK."),
    _nip("nip letter o", "19960914202506190O", "characters", "NIP hanya boleh berisi angka. Hapus huruf atau tanda lain, lalu cocokkan dengan SK CPNS."),
    _nip("nip arabic digits", "١٩٩٦٠٩١٤٢٠٢٥٠٦١٩٠١", "characters", "NIP hanya boleh berisi angka. Hapus huruf atau tanda lain, lalu cocokkan dengan SK CPNS."),
    _nip("nip of a pppk", "199609142025211901", "pppk", _PPPK),
    _nip("nip born on 31 february", "199602312025061901", "birth_date",
         "Tanggal lahir di NIP tidak ada di kalender (31-02-1996). Periksa delapan angka pertama di SK CPNS."),
    _nip("nip month 13", "199609142025131901", "tmt", "Bulan TMT di NIP tidak mungkin (13-2025). Periksa angka ke-9 sampai ke-14 di SK CPNS."),
    _nip("nip month 00", "199609142025001901", "tmt", "Bulan TMT di NIP tidak mungkin (00-2025). Periksa angka ke-9 sampai ke-14 di SK CPNS."),
    _nip("nip far future", "199609142031061901", "future",
         "TMT CPNS di NIP masih jauh di depan (Juni 2031). Periksa angka ke-9 sampai ke-14 di SK CPNS."),
    _nip("nip sex 3", "199609142025063901", "sex", "Angka ke-15 NIP harus 1 (laki-laki) atau 2 (perempuan). Periksa angka itu di SK CPNS."),
    _nip("nip serial 000", "199609142025061000", "serial", "Nomor urut di akhir NIP tidak boleh 000. Periksa tiga angka terakhir di SK CPNS."),
    _nip("nip aged 17", "200809142025101901", "age",
         "Menurut NIP, umur saat TMT CPNS 17 tahun. Umur CPNS 18 sampai 40 tahun; periksa tanggal lahir dan TMT di SK CPNS."),
    _nip("nip aged 41", "198405012025061901", "age",
         "Menurut NIP, umur saat TMT CPNS 41 tahun. Umur CPNS 18 sampai 40 tahun; periksa tanggal lahir dan TMT di SK CPNS."),
    _nip("nip formula", Formula("=A9", "199609142025061901"), "formula", _FORMULA),
    WrongCell("name formula", "Nama Lengkap", Formula('="x"', "x"), "formula", _FORMULA),
    WrongCell("name error", "Nama Lengkap", "#N/A", "error_cell", _ERROR),
    WrongCell("name blank", "Nama Lengkap", "", "required", _REQUIRED),
    WrongCell("name of 200 letters", "Nama Lengkap", "N" * 200, "too_long", _LONG % (200, 150)),
    WrongCell("name with a control character", "Nama Lengkap", "Contoh\x07Peserta", "control", _UNREADABLE),
    WrongCell("name with a lost character", "Nama Lengkap", "Contoh Pesert\ufffd", "control", _UNREADABLE),
    WrongCell("name turned round", "Nama Lengkap", "Contoh \u202eatresep", "control", _UNREADABLE),
    WrongCell("name without letters", "Nama Lengkap", "12345", "name",
              "Nama tidak berisi huruf. Ketik nama lengkap dengan gelar seperti di SK CPNS."),
    WrongCell("name as number", "Nama Lengkap", 7, "type", _NUMBER),
    WrongCell("name true", "Nama Lengkap", True, "type", _LOGICAL),
    WrongCell("satker blank", "Kode Satker", "", "required", _REQUIRED),
    WrongCell("satker unknown", "Kode Satker", "53.72", "satker", _NO_SATKER),
    WrongCell("satker out of scope", "Kode Satker", "35.78", "satker", _NO_SATKER_NEAR),
    WrongCell("satker name", "Kode Satker", "KPU Kota Kupang", "satker", _NO_SATKER_NEAR),
    WrongCell("satker number that lost a zero", "Kode Satker", 53.1, "satker_type", _SATKER_TYPE),
    WrongCell("satker dipa that lost a zero", "Kode Satker", 22207, "satker_type", _SATKER_TYPE),
    WrongCell("satker zero", "Kode Satker", 0, "satker_type", _SATKER_TYPE),
    WrongCell("satker as date", "Kode Satker", date(2026, 11, 2), "satker_type", _SATKER_TYPE),
    WrongCell("golongan unknown", "Golongan", "III/c", "golongan", _GOLONGAN),
    WrongCell("golongan II/d", "Golongan", "II/d", "golongan", _GOLONGAN),
    WrongCell("golongan number", "Golongan", 3, "golongan", _GOLONGAN),
    WrongCell("jabatan blank", "Jabatan", "", "required", _REQUIRED),
    WrongCell("jabatan long", "Jabatan", "j" * 151, "too_long", _LONG % (151, 150)),
    WrongCell("education long", "Pendidikan", "p" * 61, "too_long", _LONG % (61, 60)),
    WrongCell("education as date", "Pendidikan", date(2026, 1, 3), "type", _AS_DATE),
    WrongCell("birth place number", "Tempat Lahir", 5, "type", _NUMBER),
    WrongCell("sex unknown", "Jenis Kelamin", "X", "sex", _SEX),
    WrongCell("sex number", "Jenis Kelamin", 1, "sex", _SEX),
    WrongCell("sex not of the nip", "Jenis Kelamin", "P", "sex_mismatch",
              "Tidak sama dengan jenis kelamin di NIP (laki-laki). Cocokkan keduanya dengan SK CPNS."),
    WrongCell("birth date not of the nip", "Tanggal Lahir", "14-09-1995", "birth_date_mismatch", _BIRTH),
    WrongCell("birth date cell not of the nip", "Tanggal Lahir", date(1996, 9, 15), "birth_date_mismatch", _BIRTH),
    WrongCell("birth date that does not exist", "Tanggal Lahir", "31-02-1996", "date", _NO_DATE),
    WrongCell("birth date american", "Tanggal Lahir", "09/14/1996", "date", _NO_DATE),
    WrongCell("birth date iso", "Tanggal Lahir", "1996-09-14", "date", _DATE),
    WrongCell("birth date in words", "Tanggal Lahir", "14 September 1996", "date", _DATE),
    WrongCell("birth date two-digit year", "Tanggal Lahir", "14-09-96", "date", _DATE),
    WrongCell("birth date mixed signs", "Tanggal Lahir", "14-09/1996", "date", _DATE),
    WrongCell("birth date serial", "Tanggal Lahir", 35322, "date_number", _SERIAL),
    WrongCell("birth date with time", "Tanggal Lahir", datetime(1996, 9, 14, 7, 30), "date",
              "Tanggal ini memuat jam. Tulis tanggalnya saja, misalnya 14-09-1996."),
    WrongCell("religion unknown", "Agama", "Jedi", "religion", _RELIGION),
    WrongCell("email without domain", "Email", "yeremias.kpu@", "email", _EMAIL_SHORT),
    WrongCell("email a name", "Email", "yeremias", "email", _EMAIL_SHORT),
    WrongCell("email two", "Email", "a@contoh.go.id; b@contoh.go.id", "email", _EMAIL),
    WrongCell("email inner space", "Email", "a b@contoh.go.id", "email", _EMAIL),
    WrongCell("email long", "Email", f"{'a' * 250}@contoh.go.id", "too_long", _LONG % (263, 254)),
    WrongCell("email blank", "Email", "", "required", _REQUIRED),
    WrongCell("phone letters", "No. HP", "kosong delapan", "phone", _PHONE),
    WrongCell("phone short", "No. HP", "0812", "phone", _PHONE),
    WrongCell("phone two", "No. HP", "081200000901 / 081200000902", "phone", _PHONE),
    WrongCell("phone number lost zero", "No. HP", 380123456, "phone_number", _LOST_ZERO),
    WrongCell("phone number short", "No. HP", 81234, "phone", _PHONE),
    WrongCell("phone number fraction", "No. HP", 8123456789.5, "phone", _PHONE),
    WrongCell("address long", "Alamat", "a" * 251, "too_long", _LONG % (251, 250)),
    WrongCell("needs long", "Kebutuhan Khusus", "k" * 201, "too_long", _LONG % (201, 200)),
    WrongCell("needs error", "Kebutuhan Khusus", "#REF!", "error_cell", _ERROR),
    WrongCell("needs only shown error", "Kebutuhan Khusus", Formula("=NA()", "#N/A"), "formula", _FORMULA),
]  # fmt: skip
