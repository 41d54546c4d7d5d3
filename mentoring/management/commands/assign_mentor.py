from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from mentoring.models import Mentor
from mentoring.services import assign_mentor
from participants.models import Participant
from participants.nip import normalise_nip


class Command(BaseCommand):
    help = "Tetapkan mentor seorang peserta, dengan aturan yang sama seperti di portal."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mentor", required=True, metavar="NIP")
        parser.add_argument("--participant", required=True, metavar="NIP")
        parser.add_argument("--as", required=True, dest="username", metavar="USERNAME")

    def handle(self, *args: Any, mentor: str, participant: str, username: str, **options: Any) -> None:
        by = User.objects.get_queryset().filter(username=username, is_active=True).first()
        if by is None:
            raise CommandError(f"Tidak ada akun aktif bernama {username}.")
        chosen = Mentor.objects.visible_to(by).filter(nip=normalise_nip(mentor)).first()
        person = Participant.objects.visible_to(by).filter(nip=normalise_nip(participant)).first()
        if chosen is None or person is None:
            raise CommandError("NIP mentor atau peserta tidak ditemukan dalam wewenang akun ini.")
        try:
            assignment = assign_mentor(mentor_id=chosen.pk, participant_id=person.pk, by=by)
        except NotAllowed as refused:
            raise CommandError("Akun ini tidak berwenang menetapkan mentor peserta tersebut.") from refused
        except Refused as refused:
            raise CommandError(" ".join(refused.messages)) from refused
        self.stdout.write(f"{chosen} membimbing {person}, tempat {assignment.slot} dari 5.")
