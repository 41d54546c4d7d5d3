from __future__ import annotations

from pathlib import Path

import pytest

from participants.invariants import broken
from participants.services.dossier import attach_document
from tests import factories
from tests.corpus import pdfs


@pytest.mark.usefixtures("requirements")
def test_broken_names_a_document_whose_bytes_changed_or_went(cast):
    person = factories.ParticipantFactory(satker=cast.kupang)
    person.stage_changes.create(action="register", new=person.stage)
    document = attach_document(participant_id=person.pk, code="sk-cpns", content=pdfs.plain(), name="a.pdf", by=cast.admin_kupang)
    assert list(broken()) == []
    path = Path(document.file.path)
    path.write_bytes(b"x")
    assert list(broken()) == [f"dossier file {document.file.name}: differs from its SHA-256"]
    path.unlink()
    assert list(broken()) == [f"dossier file {document.file.name}: missing"]
