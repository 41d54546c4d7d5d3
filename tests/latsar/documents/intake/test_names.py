import unicodedata
from email.message import Message
from email.policy import HTTP

import pytest
from django.http import HttpResponse
from hypothesis import given
from hypothesis import strategies as st

from latsar.documents.intake.kinds import IMAGES, FileKind, require_kind
from latsar.documents.intake.names import MAX_NAME, content_disposition, display_name
from latsar.documents.intake.refusal import MAX_UPLOAD_BYTES, UploadRefused
from tests.corpus import images, pdfs

FORBIDDEN = set('/\\:*?"<>|') | {
    chr(n) for n in (*range(32), *range(127, 160), 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Rancangan Aktualisasi.pdf", "Rancangan Aktualisasi.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Dokumen\\surat sehat.pdf", "surat sehat.pdf"),
        ("con.pdf", "_con.pdf"),
        ("kontrak.pdf", "kontrak.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie x=1.pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ("lap\u200boran\u0000.pdf", "laporan.pdf"),
        ("Ke\u0301te\u0301rangan.pdf", "Kétérangan.pdf"),
        ("foto 😀.png", "foto 😀.png"),
        ("", "dokumen"),
        (" .. ", "dokumen"),
        ("dir/", "dokumen"),
        (".htaccess", "htaccess"),
        ('a<b>"c"|d?.pdf', "abcd.pdf"),
        ("\ud800.pdf", "pdf"),
    ],
)
def test_display_name_awkward_name_becomes_safe_text(raw: str, shown: str) -> None:
    assert display_name(raw) == shown


def test_display_name_long_name_keeps_its_extension() -> None:
    name = display_name("é" * 255 + ".pdf")
    assert len(name) == MAX_NAME
    assert name.endswith("é.pdf")


@given(st.text(max_size=400))
def test_display_name_any_text_is_safe_short_and_stable(raw: str) -> None:
    name = display_name(raw)
    assert 1 <= len(name) <= MAX_NAME
    assert not FORBIDDEN & set(name)
    assert name == unicodedata.normalize("NFC", name)
    assert display_name(name) == name


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("rancangan.pdf", 'attachment; filename="rancangan.pdf"'),
        ("kétérangan.pdf", "attachment; filename=\"keterangan.pdf\"; filename*=UTF-8''k%C3%A9t%C3%A9rangan.pdf"),
        ("😀", "attachment; filename=\"dokumen\"; filename*=UTF-8''%F0%9F%98%80"),
        ("a%41.pdf", "attachment; filename=\"a_41.pdf\"; filename*=UTF-8''a%2541.pdf"),
    ],
)
def test_content_disposition_name_is_given_in_both_forms(name: str, header: str) -> None:
    assert content_disposition(name) == header
    assert content_disposition(name, inline=True) == header.replace("attachment", "inline", 1)


@given(st.text(max_size=300))
def test_content_disposition_any_name_is_one_header_that_reads_back(raw: str) -> None:
    value = content_disposition(raw)
    assert value.isascii()
    assert value.isprintable()
    assert HttpResponse(headers={"Content-Disposition": value})["Content-Disposition"] == value
    message = Message(policy=HTTP)
    message["Content-Disposition"] = value
    assert message.get_content_disposition() == "attachment"


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.pdf", pdfs.plain(), FileKind.PDF),
        ("A.PDF", pdfs.plain(), FileKind.PDF),
        ("foto.jpg", images.grey_photo(), FileKind.JPEG),
        ("foto.jpeg", images.grey_photo(), FileKind.JPEG),
        ("foto.png", images.palette_png(), FileKind.PNG),
    ],
)
def test_require_kind_name_and_signature_agree(name: str, data: bytes, kind: FileKind) -> None:
    assert require_kind(name, data, allowed=frozenset(FileKind)) is kind


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.pdf.exe", pdfs.plain(), "kind"),
        ("a.pdf%00.exe", pdfs.plain(), "kind"),
        ("a", pdfs.plain(), "kind"),
        ("a.svg", images.other_kinds()["svg"], "kind"),
        ("a.pdf", images.grey_photo(), "extension"),
        ("a.png", images.grey_photo(), "extension"),
        ("a.jpg", pdfs.plain(), "extension"),
        ("a.pdf", images.other_kinds()["html"], "not_pdf"),
        ("a.pdf", pdfs.html_before(), "not_pdf"),
        ("a.jpg", images.other_kinds()["heic"], "heic"),
        ("IMG_0001.HEIC", images.other_kinds()["heic"], "heic"),
        ("a.png", images.other_kinds()["svg"], "not_image"),
        ("a.png", images.other_kinds()["png_after_space"], "not_image"),
        ("a.pdf", b"", "empty"),
        ("a.pdf", b"%PDF-" + bytes(MAX_UPLOAD_BYTES), "too_large"),
    ],
)
def test_require_kind_disagreement_is_refused(name: str, data: bytes, code: str) -> None:
    with pytest.raises(UploadRefused) as caught:
        require_kind(name, data, allowed=frozenset(FileKind))
    assert caught.value.code == code


def test_require_kind_kind_not_asked_for_here_is_refused() -> None:
    assert require_kind("a.pdf", pdfs.plain(), allowed=frozenset({FileKind.PDF})) is FileKind.PDF
    with pytest.raises(UploadRefused):
        require_kind("a.pdf", pdfs.plain(), allowed=IMAGES)
