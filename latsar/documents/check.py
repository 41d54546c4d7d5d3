"""Is this file the one that was issued? By its bytes first, by its signature where it has one."""

from __future__ import annotations

import hashlib
import hmac
import io
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from asn1crypto import x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

MAX_CHECK_BYTES = 5_000_000
"""No document of the portal comes near; a larger file is compared by its bytes only."""


class SignatureState(StrEnum):
    """What the signature of a file says."""

    NONE = "none"
    INTACT = "intact"
    BROKEN = "broken"


@dataclass(frozen=True)
class Verdict:
    """What can be said of a file. `same` alone decides whether it is the issued document."""

    same: bool
    sha256: str
    signature: SignatureState
    whole_file: bool
    trusted: bool
    signer: str = ""


def check_pdf(content: bytes, expected_sha256: str, *, trusted: Iterable[x509.Certificate] = ()) -> Verdict:
    """Compare a file with the hash of the issued one and read its last signature.

    The signature is checked without the network: `trusted` holds the certificates we issue with. A file that is no PDF has no
    signature; it never raises.
    """
    digest = hashlib.sha256(content).hexdigest()
    same = hmac.compare_digest(digest, expected_sha256.lower())
    state, whole, is_trusted, signer = SignatureState.NONE, False, False, ""
    if len(content) <= MAX_CHECK_BYTES and content[:1024].find(b"%PDF-") >= 0:
        state, whole, is_trusted, signer = _read_signature(content, list(trusted))
    return Verdict(same, digest, state, whole, is_trusted, signer)


def _read_signature(content: bytes, trusted: list[x509.Certificate]) -> tuple[SignatureState, bool, bool, str]:
    try:
        found = PdfFileReader(io.BytesIO(content), strict=False).embedded_regular_signatures
        if not found:
            return SignatureState.NONE, False, False, ""
        context = ValidationContext(trust_roots=trusted, allow_fetching=False, revocation_mode="soft-fail")
        status = validate_pdf_signature(found[-1], signer_validation_context=context)
    except PdfError:
        return SignatureState.NONE, False, False, ""
    except Exception:
        # A forged signature may be malformed in ways no library promises to name; all of them are the same answer.
        return SignatureState.BROKEN, False, False, ""
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    state = SignatureState.INTACT if status.intact and status.valid and whole else SignatureState.BROKEN
    return (
        state,
        whole,
        bool(status.trusted) and state is SignatureState.INTACT,
        str(status.signing_cert.subject.native.get("common_name", "")),
    )
