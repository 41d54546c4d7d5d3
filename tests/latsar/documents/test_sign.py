from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509 as crypto_x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from latsar.documents.check import SignatureState, check_pdf
from latsar.documents.render.samples import SAMPLE, sample_face
from latsar.documents.render.stamp import CertificatePress, render_certificate
from latsar.documents.sign import LocalSigner, SigningFailed, current_signer, load_signer, make_demo_key

TEMPLATE = "documents/certificate/latsar.html"


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_demo_key(tmp_path_factory.mktemp("keys") / "demo.pem")


@pytest.fixture(scope="module")
def signer(key_file: Path) -> LocalSigner:
    return load_signer(key_file)


@pytest.fixture(scope="module")
def plain() -> bytes:
    return render_certificate(TEMPLATE, SAMPLE)


@pytest.fixture(scope="module")
def signed(plain: bytes, signer: LocalSigner) -> bytes:
    return signer.sign(plain)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_check_pdf_issued_file_is_same_intact_whole_and_trusted(signed: bytes, signer: LocalSigner) -> None:
    verdict = check_pdf(signed, digest(signed), trusted=[signer.certificate])
    assert (verdict.same, verdict.signature, verdict.whole_file, verdict.trusted) == (True, SignatureState.INTACT, True, True)


def test_check_pdf_stamped_and_signed_file_is_intact(signer: LocalSigner) -> None:
    press = CertificatePress(TEMPLATE)
    press.press(sample_face(0))
    pdf = signer.sign(press.press(sample_face(3)))
    verdict = check_pdf(pdf, digest(pdf), trusted=[signer.certificate])
    assert (verdict.same, verdict.signature, verdict.trusted) == (True, SignatureState.INTACT, True)


def test_check_pdf_stranger_key_is_intact_but_not_trusted(plain: bytes, tmp_path: Path, signer: LocalSigner) -> None:
    forged = load_signer(make_demo_key(tmp_path / "other.pem")).sign(plain)
    verdict = check_pdf(forged, digest(plain), trusted=[signer.certificate])
    assert (verdict.same, verdict.signature, verdict.trusted) == (False, SignatureState.INTACT, False)


@pytest.mark.parametrize("place", [0.05, 0.3, 0.6, 0.9])
def test_check_pdf_one_changed_byte_is_not_the_issued_file(signed: bytes, signer: LocalSigner, place: float) -> None:
    at = int(len(signed) * place)
    changed = signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]
    verdict = check_pdf(changed, digest(signed), trusted=[signer.certificate])
    assert not verdict.same
    assert not (verdict.signature is SignatureState.INTACT and verdict.trusted)


def test_check_pdf_incremental_update_after_signing_is_broken(signed: bytes, signer: LocalSigner) -> None:
    import io

    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    writer.root["/Evil"] = generic.pdf_string("ya")
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    verdict = check_pdf(out.getvalue(), digest(signed), trusted=[signer.certificate])
    assert (verdict.same, verdict.signature, verdict.whole_file) == (False, SignatureState.BROKEN, False)


@pytest.mark.parametrize("content", [b"", b"bukan pdf", b"%PDF-1.7\nrusak", b"%PDF-1.7\n" + b"\0" * 5000])
def test_check_pdf_garbage_gets_an_answer(content: bytes) -> None:
    verdict = check_pdf(content, "0" * 64)
    assert not verdict.same
    assert verdict.signature is not SignatureState.INTACT


def test_check_pdf_unsigned_file_has_no_signature(plain: bytes) -> None:
    assert check_pdf(plain, digest(plain)).signature is SignatureState.NONE


def test_make_demo_key_is_private_and_kept(key_file: Path) -> None:
    before = key_file.read_bytes()
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert make_demo_key(key_file).read_bytes() == before


def test_load_signer_reads_pkcs12_and_refuses_a_wrong_password(key_file: Path, tmp_path: Path, plain: bytes) -> None:
    key = serialization.load_pem_private_key(key_file.read_bytes(), None)
    certificate = crypto_x509.load_pem_x509_certificate(key_file.read_bytes())
    path = tmp_path / "signer.p12"
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(b"x", key, certificate, None, serialization.BestAvailableEncryption(b"sandi-uji"))
    )
    signed = load_signer(path, "sandi-uji").sign(plain)
    assert check_pdf(signed, digest(signed)).signature is SignatureState.INTACT
    with pytest.raises(SigningFailed):
        load_signer(path, "salah")


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PRIVATE KEY-----\nrusak\n-----END PRIVATE KEY-----\n"])
def test_load_signer_broken_file_says_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "kunci.pem"
    path.write_bytes(content)
    with pytest.raises(SigningFailed, match=r"kunci\.pem"):
        load_signer(path)


def test_sign_broken_pdf_fails_as_signing(signer: LocalSigner) -> None:
    with pytest.raises(SigningFailed):
        signer.sign(b"bukan pdf")


def test_current_signer_follows_the_settings(settings: Any, key_file: Path, plain: bytes) -> None:
    settings.DOCUMENT_SIGNER_FILE = ""
    assert current_signer() is None
    settings.DOCUMENT_SIGNER_FILE = str(key_file)
    found = current_signer()
    assert found is not None
    assert found is current_signer()
    assert check_pdf(found.sign(plain), "0" * 64).signature is SignatureState.INTACT


def test_sign_many_files_each_is_intact_and_differs(tmp_path: Path, plain: bytes) -> None:
    fresh = load_signer(make_demo_key(tmp_path / "many.pem"))
    files = [fresh.sign(plain.replace(b"startxref", b"%" + str(at).encode() + b"\nstartxref")) for at in range(4)]
    verdicts = [check_pdf(pdf, digest(pdf), trusted=[fresh.certificate]) for pdf in files]
    assert [(verdict.signature, verdict.trusted) for verdict in verdicts] == [(SignatureState.INTACT, True)] * 4
    assert len(set(files)) == 4


def test_sign_rsa_key_is_intact_every_time(tmp_path: Path, plain: bytes, key_file: Path) -> None:
    import datetime as dt

    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(65537, 2048)
    name = crypto_x509.load_pem_x509_certificate(key_file.read_bytes()).subject
    now = dt.datetime.now(dt.UTC)
    certificate = (
        crypto_x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "rsa.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    rsa_signer = load_signer(path)
    for _ in range(2):
        assert check_pdf(rsa_signer.sign(plain), "0" * 64).signature is SignatureState.INTACT
