"""What the charter (piagam) of a mentor says, and for whom one is due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from latsar.accounts.models import User
from latsar.documents.models import DocumentState, Issuer
from latsar.documents.render.face import CertificateFace
from latsar.training.models import Batch
from latsar.ui import words
from mentoring.models import Mentor, MentorAssignment, MentorCertificate
from participants.documents import Problem, dates_text, signed_facts
from participants.enums import Stage

TITLE = "PIAGAM PENGHARGAAN"
PUBLIC_TITLE = "Piagam Penghargaan Mentor Latsar"
OUTCOME = "telah membimbing sebagai mentor"


def mentees_of(batch: Batch) -> dict[int, list[str]]:
    """Return by mentor the graduates of a batch whom they guided to the end, in the order of names; one query.

    Whoever was replaced on the way is not among them: the last mentor of each person counts.
    """
    later = MentorAssignment.objects.filter(participant=OuterRef("participant"), assigned_at__gt=OuterRef("assigned_at"))
    rows = MentorAssignment.objects.filter(~Exists(later), participant__batch=batch, participant__stage=Stage.GRADUATED)
    to_the_end = Q(ended_at=None) | Q(participant__stage=Stage.GRADUATED, ended_at__date__gte=batch.ends_on)
    found: dict[int, list[str]] = defaultdict(list)
    names = rows.filter(to_the_end).order_by("participant__full_name", "participant_id")
    for mentor, name in names.values_list("mentor_id", "participant__full_name"):
        found[mentor].append(name)
    return dict(found)


@dataclass(frozen=True)
class RollLine:
    """One mentor of a closed batch: what counts now, and the latest that was taken back."""

    mentor: Mentor
    mentees: Sequence[str]
    current: MentorCertificate | None = None
    revoked: MentorCertificate | None = None
    is_own: bool = False

    @property
    def is_issued(self) -> bool:
        return self.current is not None and self.current.document.state == DocumentState.ISSUED


def roll_of(batch: Batch, user: User) -> list[RollLine]:
    """Return the mentors of a batch with their charters; three queries."""
    guided = mentees_of(batch)
    mentors = Mentor.objects.visible_to(user).filter(pk__in=guided).select_related("user", "satker").order_by("user__full_name", "pk")
    current: dict[int, MentorCertificate] = {}
    revoked: dict[int, MentorCertificate] = {}
    rows = MentorCertificate.objects.visible_to(user).filter(batch=batch).select_related("document").order_by("created_at", "pk")
    for row in rows:
        (revoked if row.revoked else current)[row.mentor_id] = row
    return [
        RollLine(mentor, guided[mentor.pk], current.get(mentor.pk), revoked.get(mentor.pk), mentor.user_id == user.pk) for mentor in mentors
    ]


def problems_of(mentor: Mentor) -> list[Problem]:
    """Name what the face needs and the mentor's data lack."""
    edit = reverse("mentor_edit", args=[mentor.pk])
    needed = ((mentor.full_name, _("Nama kosong.")), (mentor.jabatan, _("Jabatan kosong, sedangkan templat mewajibkannya.")))
    return [Problem(text, edit) for value, text in needed if not value.strip()]


class CharterWords:
    """Words that all charters of a batch share, read once, and the face of each mentor of it."""

    def __init__(self, batch: Batch, issuer: Issuer, issued_on: date, mentees: Mapping[int, Sequence[str]]) -> None:
        self.batch, self.issuer, self.issued_on, self.mentees = batch, issuer, issued_on, mentees

    def face(self, mentor: Mentor, /, *, number: str, token: str) -> CertificateFace:
        """Return what is printed for this mentor; the names are those who graduated."""
        people = tuple(self.mentees.get(mentor.pk, ()))
        return CertificateFace(
            **signed_facts(self.issuer, self.issued_on, token=token),
            number=number,
            name=mentor.full_name,
            nip=mentor.nip,
            birth="",
            rank="",
            position=mentor.jabatan,
            unit=mentor.satker.name,
            title=TITLE,
            legal_basis=self.issuer.legal_basis,
            outcome=OUTCOME,
            training_line=f"Pelatihan Dasar Calon Pegawai Negeri Sipil Angkatan {words.roman(self.batch.number)} Tahun {self.batch.year}",
            place=self.batch.institute.name,
            dates_text=dates_text(self.batch.starts_on, self.batch.ends_on),
            hours=len(people),
            hours_words=words.spell_number(len(people)),
            agenda=(),
            curriculum_name="",
            people=people,
        )

    def public(self, mentor: Mentor, /) -> dict[str, Any]:
        """Return what the public page shows beside number and name."""
        return {
            "training": f"Mentor Latsar CPNS Angkatan {words.roman(self.batch.number)}, {self.batch.year}",
            "organiser": self.batch.institute.name,
            "signer": self.issuer.signer_title,
        }
