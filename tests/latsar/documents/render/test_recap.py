from __future__ import annotations

from dataclasses import replace

import pypdfium2 as pdfium
import pytest

from latsar.documents.render.recap import Column, Figure, Recap, render_recap

RECAP = Recap(
    title="Rekap Latsar CPNS menurut provinsi",
    office="KPU RI, Pusat Pengembangan Kompetensi SDM Aparatur",
    filter_text="Keadaan 9 Februari 2026. Penyaring: semua golongan.",
    figures=[Figure("CPNS terdaftar", "2.120", "di 552 satker")],
    table_title="Rincian provinsi",
    columns=[Column("Kode"), Column("Provinsi"), Column("Terdaftar", is_number=True)],
    body=[[str(at), f"Provinsi <b>{at}</b>", str(at * 3)] for at in range(1, 81)],
    total_row=["", "Jumlah", "9.720"],
    row_head=1,
    source_line="Sumber: portal Latsar KPU",
    map_title="Lulus, persen",
    map_alt="Peta ubin 38 provinsi",
    map_svg=b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 182 91"><rect width="9" height="9" fill="#7a1a2b"/></svg>',
)


def words(pdf: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pdfium.PdfDocument(pdf)]


def test_render_recap_long_table_repeats_its_head_and_totals_once() -> None:
    pages = words(render_recap(RECAP))
    assert len(pages) > 2
    assert all("Terdaftar" in page and "Sumber: portal" in page for page in pages)
    assert "".join(pages).count("9.720") == 1
    assert "Provinsi <b>7</b>" in "".join(pages)
    assert f"Halaman 1 dari {len(pages)}" in pages[0]


def test_render_recap_without_map_and_totals_prints_the_table() -> None:
    pages = words(render_recap(replace(RECAP, map_svg=b"", total_row=(), figures=(), body=[["1", "NTT", "115"]])))
    assert len(pages) == 1
    assert "Satu ubin" not in pages[0]


def test_rows_uneven_row_is_refused() -> None:
    with pytest.raises(ValueError, match="2 cells under 3 columns"):
        render_recap(replace(RECAP, body=[["1", "NTT"]]))
