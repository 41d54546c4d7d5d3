"""Signatures in PDFs: PAdES by pyHanko behind one small interface, so that a certified service can take the local key's place.

Ref: UU 11/2008 pasal 11 and PP 71/2019 pasal 60; only a certified provider's signature makes a document "signed electronically"
in the words of the law. A local key shows that a file is unchanged, no more.
"""

from __future__ import annotations

import datetime as dt
import io
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from asn1crypto import cms, keys, x509
from cryptography import x509 as crypto_x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

FIELD_NAME = "TandaTangan"
REASON = "Penerbitan dokumen Latsar CPNS"
CLOCK_SKEW = dt.timedelta(minutes=5)
SIGNATURE_ROOM = 2048
"""Bytes of a CMS signature beside its certificates. Said beforehand, so that pyHanko need not sign twice to find out."""


class SigningFailed(Exception):
    """The signer is missing, unreadable or did not answer; nothing may be published as signed."""


class Signer(Protocol):
    """Turns the bytes of a finished PDF into the same PDF with a signature. The one method a remote service has to offer."""

    def sign(self, pdf: bytes) -> bytes:
        """Return the signed file. Raises SigningFailed; asking twice with the same file must be harmless."""
        ...


class PatternSigner(signers.SimpleSigner):
    """Lets pyHanko compose one signature per process and certificate, and repeats it with each file's digest.

    Composing takes several times as long as an ECDSA signature; from file to file only the digest and the signature differ. The
    signed attributes hold no time (PAdES keeps it in the PDF), so nothing in the pattern can go stale.
    """

    _pattern: tuple[bytes, bytes, bytes, ec.EllipticCurvePrivateKey] | None = None

    async def async_sign(self, data_digest: bytes, digest_algorithm: str, *args: Any, **settings: Any) -> cms.ContentInfo:
        """Return the CMS signature of a digest. Keys that are not elliptic, and other digests, take pyHanko's own way."""
        if self._pattern is None:
            composed = await super().async_sign(data_digest, digest_algorithm, *args, **settings)
            self._pattern = self._learn(composed, data_digest, digest_algorithm)
            return composed
        whole, attributes, digest, key = self._pattern
        signature = key.sign(attributes.replace(digest, data_digest), ec.ECDSA(hashes.SHA256()))
        fresh = cms.ContentInfo.load(whole.replace(digest, data_digest))
        fresh["content"]["signer_infos"][0]["signature"] = signature
        return fresh

    def _learn(
        self, composed: cms.ContentInfo, digest: bytes, digest_algorithm: str
    ) -> tuple[bytes, bytes, bytes, ec.EllipticCurvePrivateKey] | None:
        key = serialization.load_der_private_key(self.signing_key.dump(), None)
        signed = composed["content"]["signer_infos"][0]["signed_attrs"].untag()
        kinds = {attribute["type"].native for attribute in signed}
        whole, attributes = composed.dump(), signed.dump()
        once = whole.count(digest) == 1 and attributes.count(digest) == 1
        if digest_algorithm == "sha256" and isinstance(key, ec.EllipticCurvePrivateKey) and once and "signing_time" not in kinds:
            return whole, attributes, digest, key
        return None


class LocalSigner:
    """Signs with a key held by this process, read and parsed once."""

    def __init__(self, signer: signers.SimpleSigner) -> None:
        self._signer = signer
        certificates = [self.certificate, *signer.cert_registry]
        self._reserved = 2 * (SIGNATURE_ROOM + sum(len(item.dump()) for item in certificates))

    @property
    def certificate(self) -> x509.Certificate:
        certificate = self._signer.signing_cert
        if certificate is None:
            raise SigningFailed("the signer has no certificate")
        return certificate

    def sign(self, pdf: bytes) -> bytes:
        """Add a PAdES B-B signature as an incremental update. Raises SigningFailed when the file cannot be signed."""
        out = io.BytesIO()
        try:
            signers.sign_pdf(
                IncrementalPdfFileWriter(io.BytesIO(pdf)),
                signers.PdfSignatureMetadata(field_name=FIELD_NAME, reason=REASON, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256"),
                signer=self._signer,
                new_field_spec=fields.SigFieldSpec(FIELD_NAME),
                bytes_reserved=self._reserved,
                output=out,
            )
        except Exception as error:
            raise SigningFailed(str(error)) from error
        return out.getvalue()


def load_signer(path: Path, password: str = "") -> LocalSigner:
    """Read a PKCS#12 file (.p12, .pfx) or a PEM with key and certificates. Raises SigningFailed with the reason."""
    try:
        content = path.read_bytes()
        secret = password.encode() or None
        if path.suffix.lower() in {".p12", ".pfx"}:
            signer = PatternSigner.load_pkcs12_data(content, other_certs=[], passphrase=secret)
            if signer is None:
                raise SigningFailed(f"{path.name} is no PKCS#12 file or the password is wrong")
            return LocalSigner(signer)
        key = serialization.load_pem_private_key(content, secret)
        certificates = crypto_x509.load_pem_x509_certificates(content)
    except (OSError, ValueError, TypeError) as error:
        raise SigningFailed(f"{path.name}: {error}") from error
    chain = [x509.Certificate.load(item.public_bytes(serialization.Encoding.DER)) for item in certificates]
    store = SimpleCertificateStore()
    store.register_multiple(chain[1:])
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return LocalSigner(
        PatternSigner(signing_cert=chain[0], signing_key=keys.PrivateKeyInfo.load(der), cert_registry=store, prefer_pss=False)
    )


@lru_cache(maxsize=2)
def _cached_signer(path: str, password: str) -> LocalSigner:
    return load_signer(Path(path), password)


def current_signer() -> Signer | None:
    """Return the signer that the settings name, or None when documents go out unsigned."""
    path = str(settings.DOCUMENT_SIGNER_FILE)
    return _cached_signer(path, str(settings.DOCUMENT_SIGNER_PASSWORD)) if path else None


def make_demo_key(path: Path, *, common_name: str = "Latsar KPU, kunci contoh", now: dt.datetime | None = None) -> Path:
    """Write a self-signed P-256 key and certificate as PEM (mode 600), for development and tests. Keeps a file that exists."""
    if path.exists():
        return path
    key = ec.generate_private_key(ec.SECP256R1())
    name = crypto_x509.Name([crypto_x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    start = (now or dt.datetime.now(dt.UTC)) - CLOCK_SKEW
    usage = crypto_x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        crypto_x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(crypto_x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=825))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path
