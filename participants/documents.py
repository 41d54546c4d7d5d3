"""What a certificate says about a person: facts of several rooms, made into the words that are printed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any, Protocol, TypeVar

from django.conf import settings
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from latsar.documents.models import Issuer
from latsar.documents.render.face import DRAFT_NUMBER, AgendaRow, CertificateFace, group_code
from latsar.training.models import AgendaSubject, Batch
from latsar.ui import words
from participants.people import Participant

TITLE = "SURAT KETERANGAN MENYELESAIKAN LATSAR"
PUBLIC_TITLE = "Surat Keterangan Menyelesaikan Latsar"
AGENCY = "Komisi Pemilihan Umum"
OUTCOME = "LULUS"
HARD_SPACE = "\u00a0"
DRAFT_TOKEN = "KONSEP" + "A" * 26


@dataclass(frozen=True)
class Problem:
    """Something the face needs and the person's data lack; `fix_url` leads to the form that settles it."""

    text: str
    fix_url: str


def problems_of(participant: Participant) -> list[Problem]:
    """Name what is missing for the certificate of this person."""
    edit = reverse("participant_edit", args=[participant.pk])
    needed = (
        (participant.full_name, _("Nama kosong.")),
        (participant.birth_place, _("Tempat lahir kosong, sedangkan templat mewajibkannya.")),
        (participant.jabatan, _("Jabatan kosong, sedangkan templat mewajibkannya.")),
        (participant.golongan, _("Golongan kosong, sedangkan templat mewajibkannya.")),
    )
    return [Problem(text, edit) for value, text in needed if not value.strip()]


Person_contra = TypeVar("Person_contra", contravariant=True)


class Face(Protocol[Person_contra]):
    """What is printed on one kind of certificate, and what the public page shows of it."""

    issued_on: date

    def face(self, person: Person_contra, /, *, number: str, token: str) -> CertificateFace: ...

    def public(self, person: Person_contra, /) -> dict[str, Any]: ...


def draft_of(words_of: Face[Any], participant: Any) -> CertificateFace:
    """Return a face for looking at: no number, and a code that leads to no document."""
    return replace(words_of.face(participant, number=DRAFT_NUMBER, token=DRAFT_TOKEN), draft=True)


def shared_facts(participant: Participant, issuer: Issuer, issued_on: date, *, number: str, token: str) -> dict[str, Any]:
    """Return what every face says of its holder, its signer and the way to verify it."""
    return {
        "number": number,
        "name": participant.full_name,
        "nip": participant.nip,
        "birth": f"{participant.birth_place}, {printed(participant.birth_date)}",
        "rank": participant.rank,
        "position": participant.jabatan,
        "unit": participant.satker.name,
        **signed_facts(issuer, issued_on, token=token),
    }


def signed_facts(issuer: Issuer, issued_on: date, *, token: str) -> dict[str, Any]:
    """Return what a face says of its signer and of the way to verify it, whoever holds it."""
    return {
        "issuer_lines": tuple(filter(None, (issuer.line_1, issuer.line_2))),
        "agency": AGENCY,
        "city": issuer.city,
        "issued_date_text": printed(issued_on),
        "signer_name": issuer.signer_name,
        "signer_nip": issuer.signer_nip,
        "signer_title": issuer.signer_title,
        "verify_url": f"{settings.PUBLIC_URL}{reverse('verify_document', args=[token])}",
        "verify_code_groups": group_code(token),
        "created": issued_on.isoformat(),
    }


def printed(day: date) -> str:
    """Write a date as it is printed: in Indonesian, day and month held together."""
    return words.long_date(day, lang="id").replace(" ", HARD_SPACE, 1)


def dates_text(first: date, last: date) -> str:
    """Write the span of a training as a certificate says it."""
    return f"dari tanggal {printed(first)} sampai dengan {printed(last)}"


class CertificateWords:
    """Words that all certificates of a batch share, read once, and the face of each person of it."""

    def __init__(self, batch: Batch, issuer: Issuer, issued_on: date) -> None:
        self.batch, self.issuer, self.issued_on = batch, issuer, issued_on

    def face(self, participant: Participant, *, number: str, token: str) -> CertificateFace:
        """Return what is printed for this person. Ref: PerLAN 1/2021; the words are the issuer's data."""
        return CertificateFace(
            **shared_facts(participant, self.issuer, self.issued_on, number=number, token=token),
            title=TITLE,
            legal_basis=self._legal_basis,
            outcome=OUTCOME,
            qualification=participant.qualification or None,
            training_line=self._training_line(participant),
            place=self.batch.place or self.batch.institute.city,
            dates_text=dates_text(self.batch.starts_on, self.batch.ends_on),
            hours=self._hours,
            hours_words=words.spell_number(self._hours),
            agenda=self._agenda,
            curriculum_name=self.batch.curriculum.name,
            aktualisasi_title=participant.aktualisasi_title or None,
        )

    def public(self, participant: Participant) -> dict[str, Any]:
        """Return what the public page shows beside number and name."""
        group = participant.golongan.split("/")[0]
        return {
            "training": f"Latsar CPNS Golongan {group} Angkatan {words.roman(self.batch.number)}, {self.batch.year}",
            "organiser": self.batch.institute.name,
            "signer": self.issuer.signer_title,
        }

    def _training_line(self, participant: Participant) -> str:
        group = participant.golongan.split("/")[0]
        return (
            f"Pelatihan Dasar Calon Pegawai Negeri Sipil Golongan {group} Angkatan {words.roman(self.batch.number)} Tahun {self.batch.year}"
        )

    @cached_property
    def _legal_basis(self) -> str:
        basis = self.issuer.legal_basis.strip().rstrip(".,")
        return basis if basis.lower().startswith("berdasarkan") else f"Berdasarkan {basis}"

    @cached_property
    def _agenda(self) -> tuple[AgendaRow, ...]:
        subjects = AgendaSubject.objects.filter(curriculum_id=self.batch.curriculum_id, method=self.batch.method).order_by("order")
        return tuple(
            AgendaRow(agenda, tuple((subject.name, subject.hours) for subject in rows))
            for agenda, rows in groupby(subjects, key=lambda subject: subject.agenda)
        )

    @cached_property
    def _hours(self) -> int:
        """Return the JP of the printed rows, so that both pages agree; without rows those of the scheme."""
        return sum(row.hours for row in self._agenda) or self.batch.scheme.hours
