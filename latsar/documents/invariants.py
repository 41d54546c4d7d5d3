from __future__ import annotations

import hashlib
from collections.abc import Iterator

from latsar.documents.models import DocumentState, IssuedDocument


def broken() -> Iterator[str]:
    """Yield each issued document whose file is missing or is not the one that was issued."""
    for document in IssuedDocument.objects.exclude(state=DocumentState.PREPARED).iterator(chunk_size=500):
        if not document.file.storage.exists(str(document.file.name)):
            yield f"document {document.number}: file missing"
            continue
        with document.file.open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != document.sha256:
                yield f"document {document.number}: file differs from its SHA-256"
