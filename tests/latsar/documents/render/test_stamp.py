"""The stamped certificate against the full rendering: every character of other people where a full layout puts it."""

from __future__ import annotations

import io
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest

from latsar.documents.render.face import CertificateFace
from latsar.documents.render.samples import SAMPLE, TITLES, sample_face
from latsar.documents.render.stamp import CertificatePress, render_certificate

LATSAR = "documents/certificate/latsar.html"
ORIENTASI = "documents/certificate/orientasi.html"

AWKWARD = {
    "longest_name": replace(SAMPLE, name="Dr. Apolonia Wilhelmina Kristanti Tamelan Sabuna, S.H., M.Hum."),
    "single_name": replace(SAMPLE, name="Suparni", number="0002/X"),
    "apostrophe": replace(SAMPLE, name="Ma'ruf D’Costa O'Neil"),
    "diacritics": replace(SAMPLE, name="Nur ʿAin Šērifāh Ḥasanūddīn Ñōñez, A.Md.Kes."),
    "markup": replace(SAMPLE, name="<b>Budi</b> & Sons {{ x }}"),
    "ligatures": replace(SAMPLE, name="Alfiffa Affandi fluff ffi", position="Staf fjord Fi"),
    "narrow_and_wide": replace(SAMPLE, name="Iil Iil Wm MW", unit="KPU Kab. W", rank="Pengatur, II/c"),
    "long_position": replace(
        SAMPLE, position="Penyusun Materi Hukum dan Perundang-undangan serta Dokumentasi Informasi Hukum Ahli Pertama"
    ),
    "long_birth": replace(SAMPLE, birth="Ulu Siau, Kepulauan Siau Tagulandang Biaro, 29\u00a0Februari 1988"),
    "two_line_title": replace(SAMPLE, aktualisasi_title=TITLES[2].format(unit="Kepulauan Siau Tagulandang Biaro")),
    "other_qualification": replace(SAMPLE, qualification="Sangat Memuaskan"),
    "no_qualification": replace(SAMPLE, qualification=None, outcome="telah mengikuti"),
    "no_title": replace(SAMPLE, aktualisasi_title=None),
    "registration": replace(SAMPLE, registration_code="2026-9001-000431"),
    "draft": replace(SAMPLE, draft=True),
    "arabic": replace(SAMPLE, name="محمد سالم"),
    "spaces": replace(SAMPLE, name="Nama  dengan   spasi ", unit=" KPU Kota Bima"),
    "one_long_word": replace(SAMPLE, unit="K" * 70),
}


def characters(pdf: bytes) -> list[list[tuple[str, tuple[float, ...]]]]:
    """Every visible character of every page with its box, in reading order."""
    pages = []
    document = pdfium.PdfDocument(pdf)
    for page in document:
        text = page.get_textpage()
        found = []
        for at in range(text.count_chars()):
            char = text.get_text_range(at, 1)
            if char.strip():
                found.append((char, text.get_charbox(at)))
        pages.append(found)
    document.close()
    return pages


def assert_same_print(stamped: bytes, full: bytes) -> None:
    stamped_pages, full_pages = characters(stamped), characters(full)
    assert len(stamped_pages) == len(full_pages)
    for ours, theirs in zip(stamped_pages, full_pages, strict=True):
        assert "".join(char for char, _ in ours) == "".join(char for char, _ in theirs)
        assert max(abs(a - b) for (_, one), (_, other) in zip(ours, theirs, strict=True) for a, b in zip(one, other, strict=True)) < 0.5
    for ours, theirs in zip(pictures(stamped), pictures(full), strict=True):
        different = sum(abs(a - b) > 24 for a, b in zip(ours, theirs, strict=True))
        assert different <= len(ours) * 0.0005


def pictures(pdf: bytes) -> list[bytes]:
    document = pdfium.PdfDocument(pdf)
    pages = [page.render(scale=1, grayscale=True).to_pil().tobytes() for page in document]
    document.close()
    return pages


@pytest.fixture(scope="module")
def warm_press() -> CertificatePress:
    press = CertificatePress(LATSAR)
    press.press(SAMPLE)
    return press


@pytest.mark.parametrize("kind", AWKWARD)
def test_press_awkward_person_prints_as_a_full_rendering(warm_press: CertificatePress, kind: str) -> None:
    assert_same_print(warm_press.press(AWKWARD[kind]), render_certificate(LATSAR, AWKWARD[kind]))


@pytest.mark.parametrize("at", [1, 5, 8, 17, 42, 77, 104])
def test_press_other_people_prints_as_a_full_rendering(warm_press: CertificatePress, at: int) -> None:
    assert_same_print(warm_press.press(sample_face(at)), render_certificate(LATSAR, sample_face(at)))


def test_press_batch_lays_out_few_faces_and_carries_only_own_words() -> None:
    press = CertificatePress(LATSAR)
    for at in range(40):
        face = sample_face(at)
        words = "".join(char for page in characters(press.press(face)) for char, _ in page)
        own = [face.name, face.nip_text, face.number, face.birth, face.unit, face.aktualisasi_title, face.verify_code_groups]
        for value in own:
            assert re.sub(r"\s", "", value or "") in words
        assert not [at for at in range(40) if sample_face(at).nip != face.nip and sample_face(at).nip_text.replace(" ", "") in words]
    assert press.laid_out <= 6
    assert press.stamped + press.laid_out == 40


def test_press_unembedded_letter_falls_back_and_does_not_spoil_the_next(warm_press: CertificatePress) -> None:
    face = replace(SAMPLE, name="Žofia Ľubica")
    first, second = warm_press.press(face), warm_press.press(replace(face, number="0900/X"))
    assert_same_print(first, render_certificate(LATSAR, face))
    assert_same_print(second, render_certificate(LATSAR, replace(face, number="0900/X")))


def test_press_letter_with_justified_paragraph_prints_as_a_full_rendering() -> None:
    press = CertificatePress(ORIENTASI)
    for face in (SAMPLE, replace(sample_face(3), training_line="Orientasi Tugas Calon Pegawai Negeri Sipil")):
        assert_same_print(press.press(face), render_certificate(ORIENTASI, face))


def test_press_title_and_metadata_name_the_person(warm_press: CertificatePress) -> None:
    face = replace(SAMPLE, name="Tom & <Jerry>")
    with pikepdf.open(io.BytesIO(warm_press.press(face))) as pdf:
        assert str(pdf.docinfo["/Title"]) == f"{face.title}, {face.name}"
        with pdf.open_metadata() as meta:
            assert meta["dc:title"] == f"{face.title}, {face.name}"
            assert meta["pdfaid:part"] == "3"
            assert meta["pdfaid:conformance"] == "A"


def test_press_keeps_tags_language_and_fonts(warm_press: CertificatePress) -> None:
    with pikepdf.open(io.BytesIO(warm_press.press(sample_face(9)))) as pdf:
        assert not pdf.check_pdf_syntax()
        assert str(pdf.Root.Lang) == "id"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
        for font in pdf.pages[0].Resources.Font.values():
            assert "/FontFile2" in font.DescendantFonts[0].FontDescriptor


def test_press_long_name_stays_on_one_line_inside_the_frame(warm_press: CertificatePress) -> None:
    face = AWKWARD["longest_name"]
    page = pdfium.PdfDocument(warm_press.press(face))[0]
    text = page.get_textpage()
    start = text.search(face.name).get_next()
    assert start is not None
    boxes = [text.get_charbox(start[0] + at) for at in range(len(face.name)) if face.name[at] != " "]
    assert min(box[0] for box in boxes) > 23
    assert max(box[2] for box in boxes) < page.get_width() - 23
    assert max(box[1] for box in boxes) - min(box[1] for box in boxes) < 8


@pytest.mark.parametrize("make", ["press", "full"])
def test_qr_read_from_the_rendered_page_is_the_address(warm_press: CertificatePress, tmp_path: Path, make: str) -> None:
    for at in (2, 31):
        face: CertificateFace = sample_face(at)
        pdf = warm_press.press(face) if make == "press" else render_certificate(LATSAR, face)
        (tmp_path / "page.pdf").write_bytes(pdf)
        subprocess.run(["pdftoppm", "-r", "150", "-png", "-f", "1", "-l", "1", "page.pdf", "page"], cwd=tmp_path, check=True)
        picture = next(tmp_path.glob("page*.png"))
        read = subprocess.run(["zbarimg", "-q", "--raw", picture.name], cwd=tmp_path, check=True, capture_output=True, text=True)
        assert read.stdout.strip() == face.verify_url.replace("https://latsar.example", "HTTPS://LATSAR.EXAMPLE")
        picture.unlink()
