"""What the demo's people tell of their habituasi; the plan itself is examples/berita-acara.toml."""

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
