"""PDFs built by hand: clean ones that people really send, and hostile ones, each with one thing wrong.

`build` writes plain objects; with `packed=True` the same objects go into a compressed object stream, where a search
in the file's bytes cannot see them.
"""

import io
import zipfile
import zlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents 4 0 R >>"


def stream(body: bytes, extra: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(body), extra, body)


TEXT = stream(b"0 0 1 rg 100 600 200 100 re f")


def build(
    *more: bytes,
    catalog: bytes = CATALOG,
    pages: bytes = PAGES,
    page: bytes = PAGE,
    content: bytes = TEXT,
    trailer: bytes = b"",
    packed: bool = False,
) -> bytes:
    """Write a PDF whose objects 1-4 are catalog, pages, page and content; `more` start at 5."""
    objects = dict(enumerate((catalog, pages, page, content, *more), start=1))
    return _packed(objects, trailer) if packed else _plain(objects, trailer)


def _plain(objects: Mapping[int, bytes], trailer: bytes) -> bytes:
    out, places = bytearray(HEADER), {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for number in objects:
        out += b"%010d 00000 n \n" % places[number]
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(out)


def _packed(objects: Mapping[int, bytes], trailer: bytes) -> bytes:
    loose = {n: b for n, b in objects.items() if b"\nstream\n" in b}
    inside = {n: b for n, b in objects.items() if n not in loose}
    holder = max(objects) + 1
    index, body = b"", b""
    for number, content in inside.items():
        index += b"%d %d " % (number, len(body))
        body += content + b" "
    out, rows = bytearray(HEADER), {}
    loose[holder] = stream(zlib.compress(index + body), b"/Type /ObjStm /N %d /First %d /Filter /FlateDecode" % (len(inside), len(index)))
    for number, content in loose.items():
        rows[number] = (1, len(out), 0)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    rows.update({number: (2, holder, place) for place, number in enumerate(inside)})
    rows[holder + 1] = (1, len(out), 0)
    rows[0] = (0, 0, 65535)
    table = b"".join(bytes([kind]) + place.to_bytes(4) + last.to_bytes(2) for _, (kind, place, last) in sorted(rows.items()))
    start = len(out)
    head = b"/Type /XRef /Size %d /W [1 4 2] /Root 1 0 R /Filter /FlateDecode %s" % (holder + 2, trailer)
    out += b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (holder + 1, stream(zlib.compress(table), head), start)
    return bytes(out)


def catalog_with(entry: bytes) -> bytes:
    return b"<< /Type /Catalog /Pages 2 0 R %s >>" % entry


def page_with(entry: bytes) -> bytes:
    return PAGE[:-3] + b" " + entry + b" >>"


JS = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
FILESPEC = b"<< /Type /Filespec /F (a.exe) /UF (a.exe) /EF << /F 6 0 R >> >>"
EMBEDDED = stream(b"MZ", b"/Type /EmbeddedFile")


def annotation(body: bytes) -> bytes:
    return page_with(b"/Annots [<< /Type /Annot /Rect [0 0 9 9] %s >>]" % body)


# name -> (the arguments of build(), the code it must be refused with)
ACTIVE: dict[str, tuple[dict[str, object], str]] = {
    "javascript_on_open": ({"catalog": catalog_with(b"/OpenAction 5 0 R"), "more": [JS]}, "javascript"),
    "javascript_in_names": ({"catalog": catalog_with(b"/Names << /JavaScript << /Names [(a) 5 0 R] >> >>"), "more": [JS]}, "javascript"),
    "javascript_name_escaped": ({"catalog": catalog_with(b"/OpenAction << /S /J#61vaScript /J#53 (x) >>")}, "javascript"),
    "javascript_as_stream": (
        {"page": annotation(b"/Subtype /Link /A << /S /JavaScript /JS 5 0 R >>"), "more": [stream(b"app.alert(1)")]},
        "javascript",
    ),
    "javascript_second_in_chain": (
        {"page": annotation(b"/Subtype /Link /A << /S /GoTo /D [3 0 R /Fit] /Next [<< /S /JavaScript /JS (x) >>] >>")},
        "javascript",
    ),
    "javascript_in_field": (
        {"catalog": catalog_with(b"/AcroForm << /Fields [5 0 R] >>"), "more": [b"<< /FT /Tx /T (a) /AA << /K " + JS + b" >> >>"]},
        "javascript",
    ),
    "javascript_by_reference": (
        {"page": annotation(b"/Subtype /Link /A << /S 5 0 R /JS (x) >>"), "more": [b"/JavaScript"]},
        "javascript",
    ),
    "javascript_unreferenced": ({"more": [JS]}, "javascript"),
    "javascript_in_trailer": ({"trailer": b"/Extra [ << /Deep << /S /JavaScript /JS (x) >> >> ]"}, "javascript"),
    "launch": ({"page": annotation(b"/Subtype /Link /A << /S /Launch /F (cmd.exe) >>")}, "launch"),
    "launch_on_open": ({"catalog": catalog_with(b"/OpenAction << /S /Launch /Win << /F (cmd.exe) >> >>")}, "launch"),
    "page_action": ({"page": page_with(b"/AA << /O << /S /GoTo /D [3 0 R /Fit] >> >>")}, "auto_action"),
    "open_action_named": ({"catalog": catalog_with(b"/OpenAction << /S /Named /N /Print >>")}, "auto_action"),
    "open_action_uri": ({"catalog": catalog_with(b"/OpenAction << /S /URI /URI (https://example.org/) >>")}, "auto_action"),
    "attachment": (
        {"catalog": catalog_with(b"/Names << /EmbeddedFiles << /Names [(a.exe) 5 0 R] >> >>"), "more": [FILESPEC, EMBEDDED]},
        "embedded_file",
    ),
    "attachment_annotation": (
        {"page": annotation(b"/Subtype /FileAttachment /FS 5 0 R"), "more": [FILESPEC, EMBEDDED]},
        "embedded_file",
    ),
    "associated_file": ({"catalog": catalog_with(b"/AF [5 0 R]"), "more": [FILESPEC, EMBEDDED]}, "embedded_file"),
    "portfolio": ({"catalog": catalog_with(b"/Collection << /View /D >>")}, "embedded_file"),
    "go_to_embedded": ({"page": annotation(b"/Subtype /Link /A << /S /GoToE /D [0 /Fit] >>")}, "embedded_file"),
    "rich_media": ({"page": annotation(b"/Subtype /RichMedia /RichMediaContent << >>")}, "media"),
    "movie": ({"page": annotation(b"/Subtype /Movie /Movie << /F (a.avi) >>")}, "media"),
    "screen": ({"page": annotation(b"/Subtype /Screen /A << /S /Rendition /OP 0 >>")}, "media"),
    "three_d": ({"page": annotation(b"/Subtype /3D")}, "media"),
    "xfa": (
        {"catalog": catalog_with(b"/AcroForm << /Fields [] /XFA 5 0 R >>"), "more": [stream(b"<xdp:xdp/>")]},
        "xfa",
    ),
    "submit_form": ({"page": annotation(b"/Subtype /Widget /A << /S /SubmitForm /F (https://example.org/) >>")}, "external"),
    "import_data": ({"page": annotation(b"/Subtype /Widget /A << /S /ImportData /F (a.fdf) >>")}, "external"),
    "go_to_remote": ({"page": annotation(b"/Subtype /Link /A << /S /GoToR /F (\\\\\\\\host\\\\share) /D [0 /Fit] >>")}, "external"),
    "link_to_script": ({"page": annotation(b"/Subtype /Link /A << /S /URI /URI (javascript:alert\\(1\\)) >>")}, "external"),
    "link_to_file": ({"page": annotation(b"/Subtype /Link /A << /S /URI /URI (file://host/share) >>")}, "external"),
    "link_to_share": ({"page": annotation(b"/Subtype /Link /A << /S /URI /URI (\\\\\\\\host\\\\share) >>")}, "external"),
    "stream_in_other_file": ({"more": [stream(b"", b"/F (/etc/passwd)")]}, "external"),
    "unknown_action": ({"page": annotation(b"/Subtype /Link /A << /Type /Action /S /Vendor_Do >>")}, "action"),
    "unknown_action_without_type": ({"page": annotation(b"/Subtype /Link /A << /S /Vendor_Do >>")}, "action"),
}


def active(name: str, *, packed: bool) -> bytes:
    arguments = dict(ACTIVE[name][0])
    more = arguments.pop("more", [])
    return build(*more, packed=packed, **arguments)  # type: ignore[arg-type, misc]


def flate(body: bytes, times: int = 1) -> bytes:
    for _ in range(times):
        body = zlib.compress(body, 9)
    return body


@cache
def _zeros(size: int) -> bytes:
    machine = zlib.compressobj(9)
    block = bytes(1024 * 1024)
    return b"".join(machine.compress(block) for _ in range(size // len(block))) + machine.flush()


def bomb(size: int = 1024 * 1024 * 1024) -> bytes:
    """About one megabyte whose page content unpacks to a gigabyte."""
    return build(content=stream(_zeros(size), b"/Filter /FlateDecode"))


def bomb_as_image(size: int = 1024 * 1024 * 1024) -> bytes:
    """The same zeros called a one-pixel image."""
    extra = b"/Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray /Filter /FlateDecode"
    return build(stream(_zeros(size), extra))


def bomb_run_length() -> bytes:
    """Eight megabytes of run-length codes that unpack to half a gigabyte: counted only after unpacking."""
    return build(content=stream(b"\x81\x00" * 4_000_000 + b"\x80", b"/Filter /RunLengthDecode"))


def bomb_nested() -> bytes:
    return build(content=stream(flate(_zeros(1024 * 1024 * 1024)), b"/Filter [/FlateDecode /FlateDecode]"))


def bomb_by_pixels() -> bytes:
    extra = b"/Subtype /Image /Width 60000 /Height 60000 /BitsPerComponent 8 /ColorSpace /DeviceGray /Filter /DCTDecode"
    return build(stream(b"\xff\xd8\xff\xd9", extra))


def bomb_in_object_stream(size: int = 1024 * 1024 * 1024) -> bytes:
    """An object stream that qpdf itself must unpack to find an object: only the memory limit can stop it."""
    objects = {1: CATALOG, 2: PAGES, 3: PAGE, 4: TEXT, 5: stream(_zeros(size), b"/Type /ObjStm /N 1 /First 8 /Filter /FlateDecode")}
    out, places = bytearray(HEADER), {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows = [(0, 0, 65535), *((1, places[n], 0) for n in objects), (2, 5, 0), (1, len(out), 0)]
    table = b"".join(bytes([kind]) + place.to_bytes(4) + last.to_bytes(2) for kind, place, last in rows)
    start = len(out)
    out += b"7 0 obj\n%s\nendobj\n" % stream(table, b"/Type /XRef /Size 8 /W [1 4 2] /Root 1 0 R /Extra 6 0 R")
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def many_streams(count: int = 60) -> bytes:
    """Each stream stays below its own limit; together they unpack to gigabytes."""
    return build(*([stream(_zeros(48 * 1024 * 1024), b"/Filter /FlateDecode")] * count))


def encrypted(*, user: str, owner: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(build())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(user=user, owner=owner, R=6))
    return out.getvalue()


def with_pages(count: int, *, claimed: int | None = None) -> bytes:
    kids = b" ".join(b"%d 0 R" % n for n in range(5, 5 + count))
    pages = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count if claimed is None else claimed)
    return build(*([PAGE] * count), pages=pages)


def circular_pages() -> bytes:
    inner = b"<< /Type /Pages /Parent 2 0 R /Kids [3 0 R 2 0 R] /Count 2 >>"
    return build(inner, pages=b"<< /Type /Pages /Kids [5 0 R] /Count 2 >>")


def circular_outline() -> bytes:
    first, second = b"<< /Title (a) /Parent 5 0 R /Next 7 0 R >>", b"<< /Title (b) /Parent 5 0 R /Next 6 0 R >>"
    return build(b"<< /First 6 0 R /Last 7 0 R >>", first, second, catalog=catalog_with(b"/Outlines 5 0 R"))


def circular_xref() -> bytes:
    plain = build()
    start = plain.rindex(b"xref\n0 ")
    return build(trailer=b"/Prev %d" % start)


def without_pages() -> bytes:
    return build(pages=b"<< /Type /Pages /Kids [] /Count 0 >>")


def truncated() -> bytes:
    whole = build()
    return whole[: len(whole) * 2 // 3]


def wrong_xref() -> bytes:
    return build().replace(b"startxref\n", b"startxref\n9")


def shifted_xref() -> bytes:
    """Every offset is seven bytes off: readers that repair would still open it."""
    return build().replace(b"%\xe2\xe3\xcf\xd3\n", b"%\xe2\xe3\xcf\xd3\n%shift\n")


def doubled_key() -> bytes:
    return build(page=annotation(b"/Subtype /Link /A << /S /JavaScript /J2 (x) /S /GoTo /D [3 0 R /Fit] >>"))


def html_before() -> bytes:
    return b"<script>alert(1)</script>\n" + build()


def html_after() -> bytes:
    return build() + b"<script>alert(1)</script>"


def zip_after() -> bytes:
    return build() + _archive()


def zip_inside() -> bytes:
    """A PDF that opens as a ZIP: the archive lies in a stream, the bytes behind it count as its comment."""
    out = build(stream(_archive()))
    end = out.rindex(b"PK\x05\x06")
    comment = len(out) - end - 22
    return out[: end + 20] + comment.to_bytes(2, "little") + out[end + 22 :]


def _archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("evil.txt", "x")
    return out.getvalue()


DAMAGED: dict[str, tuple[Callable[[], bytes], str]] = {
    "user_password": (lambda: encrypted(user="a", owner="b"), "encrypted"),
    "owner_password": (lambda: encrypted(user="", owner="b"), "encrypted"),
    "pages_301": (lambda: with_pages(301), "too_many_pages"),
    "pages_301_claiming_one": (lambda: with_pages(301, claimed=1), "too_many_pages"),
    "no_pages": (without_pages, "no_pages"),
    "truncated": (truncated, "broken_pdf"),
    "wrong_xref": (wrong_xref, "broken_pdf"),
    "shifted_xref": (shifted_xref, "broken_pdf"),
    "only_header": (lambda: b"%PDF-1.7\n%%EOF\n", "broken_pdf"),
    "doubled_key": (doubled_key, "broken_pdf"),
    "circular_pages": (circular_pages, "circular"),
    "circular_outline": (circular_outline, "circular"),
    "circular_xref": (circular_xref, "circular"),
    "bomb": (bomb, "bomb"),
    "bomb_as_image": (bomb_as_image, "bomb"),
    "bomb_run_length": (bomb_run_length, "too_heavy"),
    "bomb_nested": (bomb_nested, "bomb"),
    "bomb_by_pixels": (bomb_by_pixels, "bomb"),
    "many_streams": (many_streams, "bomb"),
    "html_before": (html_before, "not_pdf"),
    "html_after": (html_after, "double_file"),
    "zip_after": (zip_after, "double_file"),
    "zip_inside": (zip_inside, "double_file"),
    "word_file": (_archive, "not_pdf"),
    "empty": (lambda: b"", "empty"),
}


def plain() -> bytes:
    return build()


def packed() -> bytes:
    return build(packed=True)


def opens_at_page() -> bytes:
    """What LibreOffice writes into every export."""
    return build(catalog=catalog_with(b"/OpenAction [3 0 R /XYZ null null 0]"))


def opens_by_go_to() -> bytes:
    """What LaTeX with hyperref writes."""
    return build(b"<< /S /GoTo /D [3 0 R /Fit] >>", catalog=catalog_with(b"/OpenAction 5 0 R"))


def with_links() -> bytes:
    links = b"/Subtype /Link /A << /Type /Action /S /URI /URI (https://jdih.kpu.go.id/) >>"
    return build(page=annotation(links))


def with_empty_names() -> bytes:
    return build(catalog=catalog_with(b"/Names << /EmbeddedFiles << /Names [] >> >>"))


def with_tags() -> bytes:
    """A tagged document: its structure elements use /S and /A in another meaning."""
    element = b"<< /Type /StructElem /S /P /A << /O /Layout /TextAlign /Center >> >>"
    return build(element, catalog=catalog_with(b"/MarkInfo << /Marked true >> /StructTreeRoot << /K 5 0 R >>"))


def scanned() -> bytes:
    """A white A4 page scanned at 300 dpi and packed with Flate: unpacks a hundredfold, honestly."""
    size = b"/Subtype /Image /Width 2480 /Height 3508 /BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter /FlateDecode"
    return build(stream(flate(b"\xff" * (2480 * 3508 * 3)), size))


def run_length() -> bytes:
    return build(content=stream(b"\x1c0 0 1 rg 100 600 200 100 re f\x80", b"/Filter /RunLengthDecode"))


def ascii_then_flate() -> bytes:
    return build(content=stream(flate(b"0 0 1 rg 100 600 200 100 re f").hex().encode() + b">", b"/Filter [/ASCIIHexDecode /FlateDecode]"))


def three_hundred_pages() -> bytes:
    return with_pages(300)


@cache
def signed() -> bytes:
    """A PDF signed with PAdES by a throw-away certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Penanda Tangan Contoh")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    signer = signers.SimpleSigner(*_for_pyhanko(key, certificate), SimpleCertificateStore())
    writer = IncrementalPdfFileWriter(io.BytesIO(build()))
    meta = signers.PdfSignatureMetadata(field_name="Tanda1", subfilter=SigSeedSubFilter.PADES)
    return bytes(signers.sign_pdf(writer, meta, signer=signer).getvalue())


def _for_pyhanko(key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> tuple[object, object]:
    from asn1crypto import keys
    from asn1crypto import x509 as asn1_x509
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)), keys.PrivateKeyInfo.load(private)


CLEAN: dict[str, Callable[[], bytes]] = {
    "plain": plain,
    "packed": packed,
    "opens_at_page": opens_at_page,
    "opens_by_go_to": opens_by_go_to,
    "with_links": with_links,
    "with_empty_names": with_empty_names,
    "with_tags": with_tags,
    "scanned": scanned,
    "run_length": run_length,
    "ascii_then_flate": ascii_then_flate,
    "three_hundred_pages": three_hundred_pages,
    "signed": signed,
}
