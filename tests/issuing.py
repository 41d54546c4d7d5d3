"""A batch whose people have graduated, for everything that issues or checks certificates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from django.http import HttpResponseBase
from django.utils import timezone

from latsar.documents.models import IssuedDocument, Issuer
from latsar.training.enums import Method
from latsar.training.models import AgendaSubject, Batch
from participants.enums import Stage
from participants.models import Participant
from tests import factories

GRADUATED_ON = date(2026, 4, 17)


def make_issuer() -> Issuer:
    return Issuer.objects.create(
        name="PKSDM KPU RI",
        line_1="KOMISI PEMILIHAN UMUM REPUBLIK INDONESIA",
        line_2="PUSAT PENGEMBANGAN KOMPETENSI SDM APARATUR",
        city="Jakarta",
        signer_title="Kepala PKSDM",
        signer_name="Dr. Markus Wenas Ladopura, S.H., M.Si.",
        signer_nip="197011121996031901",
        legal_basis="Peraturan Lembaga Administrasi Negara Nomor 1 Tahun 2021",
    )


def make_batch(**fields: object) -> Batch:
    """Make a batch of 2026 with two agenda rows."""
    curriculum = factories.CurriculumFactory(published_at=None)
    AgendaSubject.objects.bulk_create(
        AgendaSubject(curriculum=curriculum, method=Method.BLENDED, order=n, agenda="Agenda I. Bela negara", name=name, hours=12)
        for n, name in enumerate(("Wawasan kebangsaan", "Analisis isu kontemporer"), 1)
    )
    curriculum.published_at = timezone.now()
    curriculum.save()
    return factories.BatchFactory(starts_on=date(2026, 2, 9), ends_on=date(2026, 4, 17), number=2, curriculum=curriculum, **fields)


def graduate(batch: Batch, count: int, **fields: object) -> list[Participant]:
    """Make people who graduated in the batch."""
    return [
        factories.ParticipantFactory(stage=Stage.GRADUATED, batch=batch, graduated_on=GRADUATED_ON, qualification="Memuaskan", **fields)
        for _n in range(count)
    ]


def numbers_of(documents: Sequence[str]) -> list[int]:
    """Return the running numbers at the head of printed numbers."""
    return sorted(int(number.split("/")[0]) for number in documents)


def body_of(answer: HttpResponseBase) -> bytes:
    """Return the bytes of a streamed answer; reading to the end closes its file."""
    return b"".join(answer.streaming_content)


def stored_bytes(document: IssuedDocument) -> bytes:
    return Path(document.file.path).read_bytes()
