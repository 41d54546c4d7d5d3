from __future__ import annotations

import http.server
import io
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest
from weasyprint import HTML

from latsar.documents.render.face import CertificateFace, group_nip, number_in_words
from latsar.documents.render.fetcher import HOME, shipped_assets
from latsar.documents.render.pdf import RenderRefused, render_pdf
from latsar.documents.render.samples import SAMPLE
from latsar.documents.render.stamp import CertificatePress, render_certificate

PAGE = '<!doctype html><html lang="id"><head><title>Uji</title>{head}</head><body>{body}</body></html>'


@pytest.fixture
def canary() -> Iterator[tuple[str, list[str]]]:
    """A server that must never be asked."""
    hits: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hits.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", hits
    server.shutdown()
    server.server_close()
    thread.join()


HOSTILE_HEADS = [
    '<link rel="attachment" href="{url}">',
    '<link rel="stylesheet" href="{url}/a.css">',
    '<style>@import url("{url}/a.css");</style>',
    '<style>body{{background:url("{url}/a.png")}}</style>',
    '<style>@font-face{{font-family:x;src:url("{url}/a.woff2")}} body{{font-family:x}}</style>',
]
HOSTILE_BODIES = [
    '<img src="{url}/a.png" alt="x">',
    '<embed src="{url}/a.svg">',
    '<object data="{url}/a.svg"></object>',
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="{url}/a.png" width="9" height="9"/></svg>',
    '<ul style="list-style-image:url({url}/a.png)"><li>x</li></ul>',
]
FACES = [(head, "x") for head in HOSTILE_HEADS] + [("", body) for body in HOSTILE_BODIES]


@pytest.mark.parametrize(
    ("scheme", "face"),
    [(scheme, face) for scheme in ("http", "file") for face in FACES] + [(scheme, FACES[5]) for scheme in ("data", "asset")],
)
def test_render_pdf_foreign_address_is_refused_and_never_asked(
    canary: tuple[str, list[str]], tmp_path: Path, face: tuple[str, str], scheme: str
) -> None:
    secret = tmp_path / "rahasia.txt"
    secret.write_text("RAHASIA-9371")
    url = {"http": canary[0], "file": secret.as_uri(), "data": "data:text/plain,RAHASIA-9371", "asset": "asset:../../settings/base.py"}[
        scheme
    ]
    head, body = (part.replace("{url}", url).replace("{{", "{").replace("}}", "}") for part in face)
    with pytest.raises(RenderRefused):
        render_pdf(PAGE.format(head=head, body=body), styles=())
    assert canary[1] == []


def test_render_pdf_control_the_stock_fetcher_does_ask(canary: tuple[str, list[str]]) -> None:
    """The same face without our fetcher reaches the server: so the refusals above refuse something."""
    HTML(string=PAGE.format(head=HOSTILE_HEADS[1].replace("{url}", canary[0]), body="x")).write_pdf()
    assert canary[1] == ["/a.css"]


def test_render_pdf_relative_address_is_not_resolved_against_the_server() -> None:
    pdf = render_pdf(PAGE.format(head="", body='<img src="manage.py" alt="x"><p>isi</p>'), styles=())
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert "/EmbeddedFiles" not in document.Root.get("/Names", {})


@pytest.mark.parametrize(
    "name",
    [
        '<link rel=attachment href="file:///etc/passwd">',
        '<img src="http://169.254.169.254/latest/">',
        "<style>@import url(http://127.0.0.1/)</style>",
        "{{ settings.SECRET_KEY }}",
        '"><base href="http://127.0.0.1/">',
        "A" * 5000,
    ],
)
@pytest.mark.parametrize("way", ["press", "full"])
def test_certificate_injected_markup_is_shown_literally(name: str, way: str) -> None:
    template = "documents/certificate/latsar.html"
    face = replace(SAMPLE, name=name)
    pdf = CertificatePress(template).press(face) if way == "press" else render_certificate(template, face)
    words = "".join(page.get_textpage().get_text_range() for page in pdfium.PdfDocument(pdf))
    assert name.replace(" ", "") in "".join(words.replace("\ufffe", "-").split())
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert "/Names" not in document.Root


def test_render_pdf_too_long_face_is_refused() -> None:
    with pytest.raises(RenderRefused, match="longer"):
        render_pdf("x" * 4_000_001, styles=())


def test_render_pdf_given_title_and_author_replace_those_of_the_face() -> None:
    with pikepdf.open(io.BytesIO(render_pdf(PAGE.format(head="", body="<p>isi</p>"), styles=(), title="Rekap", author="KPU"))) as pdf:
        assert (str(pdf.docinfo["/Title"]), str(pdf.docinfo["/Author"])) == ("Rekap", "KPU")


def test_unsigned_certificate_never_calls_itself_signed() -> None:
    pdf = render_certificate("documents/certificate/latsar.html", SAMPLE)
    words = "".join(page.get_textpage().get_text_range() for page in pdfium.PdfDocument(pdf)).lower()
    assert "ditandatangani secara elektronik" not in words
    assert "bukan tanda tangan elektronik" in " ".join(words.split())


def test_draft_prints_konsep_instead_of_the_number() -> None:
    pdf = render_certificate("documents/certificate/latsar.html", replace(SAMPLE, draft=True))
    words = "".join(page.get_textpage().get_text_range() for page in pdfium.PdfDocument(pdf))
    assert words.count("Nomor KONSEP") == 2
    assert SAMPLE.number not in words


def test_shipped_assets_every_font_has_its_licence_and_version() -> None:
    fonts = sorted(path.name for path in (HOME / "fonts").glob("*.woff2"))
    versions = (HOME / "fonts" / "VERSIONS").read_text()
    assert fonts
    for font in fonts:
        family = font.split("-400")[0].split("-600")[0]
        assert f"OFL-{family}.txt" in versions
        assert "SIL OPEN FONT LICENSE" in (HOME / "fonts" / f"OFL-{family}.txt").read_text().upper()
    assert {f"asset:fonts/{font}" for font in fonts} <= shipped_assets().keys()


def test_certificate_face_facts_survive_json() -> None:
    import json

    assert CertificateFace.from_facts(json.loads(json.dumps(SAMPLE.as_facts()))) == SAMPLE


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "nol"),
        (11, "sebelas"),
        (19, "sembilan belas"),
        (100, "seratus"),
        (647, "enam ratus empat puluh tujuh"),
        (1011, "seribu sebelas"),
        (21_300, "dua puluh satu ribu tiga ratus"),
    ],
)
def test_number_in_words_reads_as_spoken(number: int, words: str) -> None:
    assert number_in_words(number) == words


def test_group_nip_spaces_18_digits_and_leaves_the_rest() -> None:
    assert group_nip("199903152025052914") == "19990315 202505 2 914"
    assert group_nip("123") == "123"
