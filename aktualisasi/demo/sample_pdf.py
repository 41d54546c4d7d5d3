"""A small, clean, three-page PDF such as a participant would upload."""

from __future__ import annotations

from functools import lru_cache

from weasyprint import HTML

PAGES = (
    ("Rancangan Aktualisasi", "Arsip digital Keputusan Ketua dan Sekretaris yang terbit melalui JDIH", "Disusun oleh peserta Latsar CPNS"),
    (
        "Bab III. Isu",
        "Arsip keputusan tersebar di tiga lemari dan dua komputer.",
        "Permintaan informasi dijawab rata-rata lima hari kerja.",
    ),
    ("Jadwal", "Minggu 1 dan 2: pendataan. Minggu 3: pemindaian.", "Minggu 4: penerbitan di JDIH dan laporan."),
)


@lru_cache(maxsize=1)
def sample_rancangan() -> bytes:
    body = "".join(f"<section><h1>{title}</h1><p>{first}</p><p>{second}</p></section>" for title, first, second in PAGES)
    css = "@page{size:A4;margin:30mm 25mm}section{break-after:page}section:last-child{break-after:auto}h1{font-size:22pt}p{font-size:12pt;line-height:1.5}"
    pdf = HTML(
        string=f"<html lang=id><head><title>Rancangan aktualisasi</title><style>{css}</style></head><body>{body}</body></html>"
    ).write_pdf()
    assert pdf is not None
    return pdf
