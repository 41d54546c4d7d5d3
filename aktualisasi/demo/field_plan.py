"""The plan of the demo's habituasi: an index of berita acara that officers find things with."""

TITLE = "Daftar telusur arsip berita acara di KPU Kabupaten Belu"
SUMMARY = "Arsip berita acara 2019 sampai 2024 tersimpan di empat lemari tanpa daftar, sehingga permintaan salinan dijawab berhari-hari."
IDEA = "Menyusun daftar arsip, memindai berita acara, membuat daftar telusur yang dapat dicari, lalu melatih petugas memakainya."
ISSUE = {
    "statement": "Lambatnya penemuan berita acara pada permintaan informasi",
    "current": "Petugas membuka empat lemari; rata-rata 40 menit untuk satu berita acara.",
    "expected": "Petugas menemukan berita acara dalam dua menit lewat satu daftar.",
    "impact": "Permintaan informasi dijawab terlambat dan petugas terbebani.",
}
PLAN = (
    (
        "Menyusun daftar arsip berita acara",
        (1, 2),
        (
            ("Menyepakati kolom daftar dengan mentor", "Notula kesepakatan"),
            ("Mendata berita acara di empat lemari", "Daftar mentah"),
            ("Mencocokkan daftar dengan JDIH", "Daftar cocok"),
            ("Memberi nomor map", "Map bernomor"),
            ("Menyerahkan daftar ke Kasubbag", "Tanda terima"),
        ),
    ),
    (
        "Memindai dan menamai arsip",
        (2, 3),
        (
            ("Menyiapkan aturan nama berkas", "Aturan nama"),
            ("Memindai berita acara 2019 sampai 2021", "Pindaian"),
            ("Memindai berita acara 2022 sampai 2024", "Pindaian"),
            ("Memeriksa 186 pindaian", "Daftar periksa"),
        ),
    ),
    (
        "Membuat daftar telusur",
        (3,),
        (
            ("Menyusun lembar kerja bersama", "Lembar kerja"),
            ("Menautkan pindaian", "Daftar bertautan"),
            ("Menguji pencarian dengan petugas", "Catatan uji"),
            ("Mengunggah daftar ke JDIH", "Daftar di JDIH"),
            ("Memasang tautan di situs satker", "Tautan di situs"),
        ),
    ),
    (
        "Melatih petugas dan mengukur manfaat",
        (4, 5),
        (
            ("Menyusun panduan satu halaman", "Panduan"),
            ("Melatih dua petugas memakai daftar telusur", "Daftar hadir"),
            ("Mengukur waktu telusur", "Hasil ukur"),
            ("Menyerahkan hasil ke mentor", "Tanda terima"),
        ),
    ),
)
WEEKS_TOLD = (
    ("Menyepakati kolom dengan mentor dan mendata dua lemari.", "Kunci lemari kedua hilang; dibuatkan kunci baru oleh bagian umum."),
    ("Menyelesaikan daftar dan mulai memindai.", "Pemindai dipakai bergantian; disepakati jadwal pagi."),
    ("Memeriksa pindaian dan menyusun daftar telusur.", "Situs satker sedang dipindah, tautan belum dapat dipasang."),
    ("Menyusun panduan dan melatih petugas.", ""),
    ("Mengukur waktu telusur dan menyerahkan hasil.", ""),
)
MEASURES = (
    ("Waktu menemukan satu berita acara", "40 menit", "2 menit"),
    ("Permintaan yang dijawab pada hari yang sama", "1 dari 5", "5 dari 5"),
)
