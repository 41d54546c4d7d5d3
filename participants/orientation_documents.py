"""What the certificate of an orientasi tugas says."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from django.utils.functional import cached_property

from latsar.documents.models import Issuer
from latsar.documents.render.face import AgendaRow, CertificateFace
from latsar.ui import words
from participants.documents import dates_text, shared_facts
from participants.enums import OrientationMethod
from participants.models import OrientationProgramme, Participant

TITLE = "SURAT KETERANGAN MENYELESAIKAN ORIENTASI TUGAS"
PUBLIC_TITLE = "Surat Keterangan Menyelesaikan Orientasi Tugas"
TRAINING = "Orientasi Tugas Calon Pegawai Negeri Sipil Komisi Pemilihan Umum"
OUTCOME = "telah mengikuti dan menyelesaikan"
METHOD_TEXTS = {
    OrientationMethod.ONLINE: "secara daring",
    OrientationMethod.ON_SITE: "secara luring",
    OrientationMethod.MIXED: "secara daring dan luring",
}


class OrientationWords:
    """Words that all certificates of a programme share, read once, and the face of each person of it."""

    def __init__(self, programme: OrientationProgramme, issuer: Issuer, issued_on: date) -> None:
        self.programme, self.issuer, self.issued_on = programme, issuer, issued_on

    def face(self, participant: Participant, *, number: str, token: str) -> CertificateFace:
        """Return what is printed for this person; the JP are those of the sessions."""
        hours = sum(row.hours for row in self._agenda)
        return CertificateFace(
            **shared_facts(participant, self.issuer, self.issued_on, number=number, token=token),
            title=TITLE,
            legal_basis=self.issuer.legal_basis,
            outcome=OUTCOME,
            training_line=TRAINING,
            place=self.programme.place,
            dates_text=dates_text(self.programme.starts_on, self.programme.ends_on),
            hours=hours,
            hours_words=words.spell_number(hours),
            agenda=self._agenda,
            curriculum_name="",
            method_text=METHOD_TEXTS[OrientationMethod(self.programme.method)],
        )

    def public(self, participant: Participant) -> dict[str, Any]:
        """Return what the public page shows beside number and name."""
        province = self.programme.province
        return {
            "training": f"Orientasi Tugas CPNS, {words.date_range(self.programme.starts_on, self.programme.ends_on, lang='id')}",
            "organiser": province.name if province else self.issuer.name,
            "signer": self.issuer.signer_title,
        }

    @cached_property
    def _agenda(self) -> tuple[AgendaRow, ...]:
        days = groupby(self.programme.sessions.order_by("day", "starts_at"), key=lambda session: session.day)
        return tuple(
            AgendaRow(words.long_date_with_weekday(day, lang="id"), tuple((session.title, session.hours) for session in sessions))
            for day, sessions in days
        )
