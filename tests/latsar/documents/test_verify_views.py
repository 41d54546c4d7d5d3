from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from latsar.documents import throttle
from latsar.documents.models import DocumentState, IssuedDocument
from latsar.documents.services import publish_document, reserve_document, revoke_document

PDF = b"%PDF-1.7\nisi yang terbit\n%%EOF\n"


@pytest.fixture(autouse=True)
def no_visits_yet():
    cache.clear()
    yield
    cache.clear()


def _reserve(cast, name="Dr. Agnes Ratu Dima, S.Kom.") -> IssuedDocument:
    return reserve_document(
        kind="completion",
        day=date(2026, 4, 24),
        holder=None,
        holder_name=name,
        title="Surat Keterangan Menyelesaikan Latsar",
        satker_id=cast.kupang.pk,
        province_id=cast.province_a.pk,
        build_face=lambda number, token: {"printed": {}, "public": {}},
    )


def _publish(cast, document: IssuedDocument, pdf: bytes = PDF, replaces_id: int | None = None) -> IssuedDocument:
    face = {
        "printed": {"nip": "199903152025052914"},
        "public": {"training": "Latsar CPNS Golongan III Angkatan I, 2025", "organiser": "BPSDM Provinsi NTT"},
    }
    return publish_document(
        document_id=document.pk,
        face=face,
        holder_name=document.holder_name,
        pdf=pdf + document.token.encode(),
        is_signed=False,
        by=cast.pksdm,
        replaces_id=replaces_id,
    )


@pytest.fixture
def document(cast):
    return _publish(cast, _reserve(cast))


def _file(document: IssuedDocument, change: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile("surat.pdf", PDF + document.token.encode() + change, content_type="application/pdf")


def test_verify_document_shows_least_data(document):
    answer = Client().get(document.get_absolute_url())
    html = answer.content.decode()
    assert answer.status_code == 200
    for shown in ("Dokumen ini sah", document.number, "Agnes Ratu Dima", "Angkatan I, 2025", "BPSDM Provinsi NTT"):
        assert shown in html
    for hidden in ("199903152025052914", "19990315", "914", "KPU Kota Kupang", document.token[:8] + " "):
        assert hidden not in re.sub(re.escape(document.token), "", html)
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"


@pytest.mark.parametrize("write", [str.lower, str.upper, lambda code: "-".join(code[at : at + 4] for at in range(0, 32, 4))])
def test_verify_document_code_in_any_writing_is_found(document, write):
    assert Client().get(f"/verifikasi/{write(document.token)}/").status_code == 200
    assert Client().get(f"/VERIFIKASI/{write(document.token)}/").status_code == 200


@pytest.mark.parametrize("token", ["A" * 32, "x", "0" * 32, "%27%20OR%201=1", "A" * 400])
def test_verify_document_unknown_code_is_not_found(db, token):
    answer = Client().get(f"/verifikasi/{token}/")
    assert answer.status_code == 404
    assert "Tidak ada dokumen dengan kode ini" in answer.content.decode()


def test_verify_document_prepared_looks_like_unknown(cast):
    prepared = _reserve(cast)
    unknown = Client().get(f"/verifikasi/{'A' * 32}/")
    hidden = Client().get(prepared.get_absolute_url())
    assert (hidden.status_code, len(hidden.content)) == (unknown.status_code, len(unknown.content))


def test_verify_document_revoked_names_reason_and_successor(cast, document):
    revoke_document(document_id=document.pk, reason="Salah menulis tempat lahir.", by=cast.pksdm)
    html = Client().get(document.get_absolute_url()).content.decode()
    assert "Dokumen ini sudah dicabut" in html
    assert "Salah menulis tempat lahir." in html
    assert "Sudah ada penggantinya" not in html
    successor = _publish(cast, _reserve(cast), replaces_id=document.pk)
    html = Client().get(document.get_absolute_url()).content.decode()
    assert successor.number in html
    assert successor.get_absolute_url() in html


def test_verify_document_upload_sees_one_changed_byte(document):
    client, address = Client(), document.get_absolute_url()
    assert "sama persis dengan arsip kami" in client.post(address, {"berkas": _file(document)}).content.decode()
    assert "berbeda dari arsip kami" in client.post(address, {"berkas": _file(document, b" ")}).content.decode()


def test_verify_document_upload_of_revoked_file_says_both(cast, document):
    revoke_document(document_id=document.pk, reason="Salah.", by=cast.pksdm)
    html = Client().post(document.get_absolute_url(), {"berkas": _file(document)}).content.decode()
    assert "tetapi dokumennya sudah dicabut" in html


@pytest.mark.parametrize(
    ("content", "words"), [(b"GIF89a", "bukan PDF"), (b"", "kosong"), (b"%PDF-" + b"x" * (10 * 1024 * 1024), "lebih besar dari 10 MB")]
)
def test_verify_document_bad_upload_is_explained(document, content, words):
    html = Client().post(document.get_absolute_url(), {"berkas": SimpleUploadedFile("a.pdf", content)}).content.decode()
    assert words in html
    assert "has-error" in html


def test_verify_home_finds_by_code_number_and_file(document):
    client = Client()
    assert client.post("/verifikasi/", {"cara": "kode", "kode": document.token.lower()}).url == document.get_absolute_url()
    found = client.post("/verifikasi/", {"cara": "nomor", "nomor": document.number.lower(), "nama": "agnes ratu  DIMA"})
    assert found.url == document.get_absolute_url()
    assert "sama persis" in client.post("/verifikasi/", {"cara": "berkas", "berkas": _file(document)}).content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        {"cara": "kode", "kode": "AAAA"},
        {"cara": "nomor", "nomor": "0001/SDM.05-SK/06/2026", "nama": "Orang Lain"},
        {"cara": "nomor", "nomor": "9999/X", "nama": "Agnes Ratu Dima"},
        {"cara": "nomor", "nomor": "0001/SDM.05-SK/06/2026", "nama": ", S.Kom."},
    ],
)
def test_verify_home_wrong_facts_are_refused_and_kept(document, typed):
    answer = Client().post("/verifikasi/", typed)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "tidak cocok dengan dokumen" in html or "Kode ini tidak ada" in html
    assert f'value="{typed.get("nomor", typed.get("kode"))}"' in html
    assert "Dima" not in html.replace(typed.get("nama", "-"), "")


def test_verify_home_changed_file_is_not_found(document):
    html = Client().post("/verifikasi/", {"cara": "berkas", "berkas": _file(document, b"!")}).content.decode()
    assert "tidak sama dengan dokumen mana pun" in html


@pytest.mark.parametrize("method", ["get", "head"])
def test_verify_document_reading_only_selects(document, method):
    with CaptureQueriesContext(connection) as queries:
        getattr(Client(), method)(document.get_absolute_url())
    assert queries.captured_queries
    assert all(query["sql"].startswith("SELECT") for query in queries.captured_queries)


def test_verify_pages_are_limited_per_visitor(document, monkeypatch):
    monkeypatch.setattr(throttle, "TRIES_PER_MINUTE", 3)
    monkeypatch.setattr(throttle.time, "time", lambda: 1_800_000_000.0)
    tries = [Client().post("/verifikasi/", {"cara": "kode", "kode": "AAAA"}).status_code for _n in range(5)]
    assert tries == [200, 200, 200, 429, 429]
    assert Client().post("/verifikasi/", {"cara": "kode", "kode": "AAAA"}, REMOTE_ADDR="10.1.1.1").status_code == 200
    limited = Client().post("/verifikasi/", {"cara": "kode", "kode": "AAAA"})
    assert limited.headers["Retry-After"] == "60"
    assert "Tunggu sebentar" in limited.content.decode()
    assert Client().get(document.get_absolute_url()).status_code == 200


def test_admits_without_limit_never_refuses():
    """The control of the test above: only the count makes it refuse."""
    assert all(throttle.admits("try", "10.2.2.2", 10**6) for _n in range(50))


def test_admits_counts_an_ipv6_network_as_one_visitor(monkeypatch):
    monkeypatch.setattr(throttle.time, "time", lambda: 1_800_000_000.0)
    assert throttle.admits("try", "2001:db8:1:2::1", 1)
    assert not throttle.admits("try", "2001:db8:1:2:ffff::9", 1)


def test_publish_document_twice_keeps_the_first_file(cast, document):
    again = publish_document(document_id=document.pk, face={}, holder_name="Lain", pdf=b"%PDF-lain", is_signed=True, by=cast.pksdm)
    assert (again.sha256, again.holder_name, again.state) == (document.sha256, document.holder_name, DocumentState.ISSUED)
