"""Why an upload is refused, in the words its sender reads."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MAX_UPLOAD_BYTES = 10 * 1024 * 1024

MESSAGES: Mapping[str, str | Promise] = {
    "empty": _("Berkas kosong. Pilih berkas yang berisi dokumen, lalu unggah lagi."),
    "too_large": _("Berkas lebih besar dari 10 MB. Perkecil resolusi pindaian atau gambarnya, lalu unggah lagi."),
    "kind": _("Jenis berkas ini tidak diterima di sini. Unggah berkas dengan jenis yang diminta, lalu coba lagi."),
    "extension": _(
        "Nama berkas tidak cocok dengan isinya. Simpan ulang dari aplikasi asalnya, jangan hanya mengganti nama, lalu unggah lagi."
    ),
    "not_pdf": _("Berkas ini bukan PDF. Simpan dokumen sebagai PDF dari aplikasi asalnya, lalu unggah lagi."),
    "broken_pdf": _(
        "PDF rusak atau terpotong. Simpan ulang dokumen sebagai PDF biasa, pastikan terbuka di komputer Anda, lalu unggah lagi."
    ),
    "circular": _("Susunan halaman PDF berputar sehingga tidak dapat dibaca. Simpan ulang sebagai PDF biasa, lalu unggah lagi."),
    "encrypted": _("PDF dikunci dengan kata sandi atau dibatasi izinnya. Simpan ulang tanpa kata sandi, lalu unggah lagi."),
    "no_pages": _("PDF tidak memiliki halaman. Simpan ulang dokumen sebagai PDF biasa, lalu unggah lagi."),
    "too_many_pages": _("PDF lebih dari 300 halaman. Bagi atau ringkas dokumennya, lalu unggah lagi."),
    "bomb": _("Isi PDF mengembang jauh melebihi ukuran berkasnya. Simpan ulang dengan gambar yang lebih kecil, lalu unggah lagi."),
    "too_slow": _("Berkas terlalu rumit untuk diperiksa. Simpan ulang dengan susunan yang lebih sederhana, lalu unggah lagi."),
    "too_heavy": _("Berkas membutuhkan terlalu banyak memori untuk diperiksa. Perkecil gambar di dalamnya, lalu unggah lagi."),
    "double_file": _("Di dalam PDF ini menempel berkas lain. Simpan ulang dokumen sebagai PDF biasa, lalu unggah lagi."),
    "javascript": _(
        "PDF memuat skrip (JavaScript). Simpan ulang sebagai PDF biasa, misalnya lewat Cetak lalu Simpan sebagai PDF, lalu unggah lagi."
    ),
    "launch": _("PDF memuat perintah untuk menjalankan program. Simpan ulang sebagai PDF biasa lewat Cetak, lalu unggah lagi."),
    "embedded_file": _("PDF memuat lampiran berkas. Hapus lampirannya atau simpan ulang sebagai PDF biasa lewat Cetak, lalu unggah lagi."),
    "xfa": _("PDF memuat formulir XFA. Cetak formulir yang sudah diisi sebagai PDF biasa, lalu unggah lagi."),
    "media": _(
        "PDF memuat video, suara, atau objek 3D. Hapus objek itu atau simpan ulang sebagai PDF biasa lewat Cetak, lalu unggah lagi."
    ),
    "auto_action": _("PDF menjalankan tindakan sendiri saat dibuka. Simpan ulang sebagai PDF biasa lewat Cetak, lalu unggah lagi."),
    "action": _("PDF memuat tombol atau tindakan yang tidak diizinkan. Simpan ulang sebagai PDF biasa lewat Cetak, lalu unggah lagi."),
    "external": _("PDF menunjuk ke berkas di komputer atau jaringan lain. Hapus tautan itu, simpan ulang sebagai PDF, lalu unggah lagi."),
    "not_image": _("Berkas ini bukan gambar JPEG atau PNG. Simpan gambar sebagai JPEG atau PNG, lalu unggah lagi."),
    "heic": _(
        "Foto HEIC dari iPhone tidak dapat dibuka di semua komputer. Di iPhone buka Pengaturan, Kamera, Format, pilih Paling Kompatibel,"
        " foto lagi, lalu unggah lagi."
    ),
    "broken_image": _("Gambar rusak atau terpotong. Ambil atau simpan ulang gambarnya, lalu unggah lagi."),
    "too_many_pixels": _("Gambar lebih besar dari 40 megapiksel. Perkecil ukurannya, lalu unggah lagi."),
    "photos_too_slow": _(
        "Portal sedang sibuk, penggabungan foto belum selesai. Foto yang terkirim tidak hilang: tunggu beberapa menit, lalu unggah lagi."
    ),
}


class UploadRefused(Exception):
    """An upload that must not be kept; `message` tells its sender why and what to do, `code` is stable for logs and tests."""

    def __init__(self, code: str) -> None:
        self.code = code if code in MESSAGES else "broken_pdf"
        self.message = MESSAGES[self.code]
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.message)
