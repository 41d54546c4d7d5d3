"""What a person's file still lacks, and who can fill it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from latsar.accounts.models import User
from participants import policies
from participants.dossier.checklist import lines_of
from participants.enums import ENDED
from participants.models import Participant
from participants.queue import missing_facts


@dataclass(frozen=True, slots=True)
class Gaps:
    """Fields and required documents by name, and who fills the fields in."""

    fields: str
    documents: str
    filler: str

    def __bool__(self) -> bool:
        return bool(self.fields or self.documents)


def gaps_of(person: Participant, user: User, today: date) -> Gaps | None:
    """Return what is missing, for those who answer for the file and for the person; nothing once the clock has stopped."""
    if person.stage in ENDED or not (policies.is_registrar(user, person) or policies.is_self(user, person)):
        return None
    documents = ", ".join(line.problem for line in lines_of(person, today) if line.is_lacking)
    return Gaps(missing_facts(person), documents, _filler(person, user))


def _filler(person: Participant, user: User) -> str:
    if policies.can_edit(user, person):
        return ""
    if person.stage in policies.OPEN_FOR_SATKER:
        return _("Dilengkapi %(satker)s.") % {"satker": person.satker}
    if person.stage in policies.OPEN_FOR_PROVINCE:
        return _("Sedang diperiksa. %(province)s bisa melengkapi, atau mengembalikannya ke satker.") % {"province": person.province}
    return _("Berkas terkunci. PKSDM bisa melengkapi, atau mengembalikannya ke satker.")
