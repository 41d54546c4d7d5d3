from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from aktualisasi.demo.loading import holds_real_people, load
from latsar.satker.models import Satker
from participants.models import Participant

DEFAULT_PEOPLE = 3278
DEFAULT_SEED = 2026


class Command(BaseCommand):
    help = "Isi basis data dengan orang rekaan di setiap tahap cerita. Ditolak bila ada peserta sungguhan."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--participants", type=int, default=DEFAULT_PEOPLE)
        parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
        parser.add_argument("--today", type=date.fromisoformat, default=None, help="Hari cerita, YYYY-MM-DD (baku: hari ini).")

    def handle(self, *args: Any, **options: Any) -> None:
        if not Satker.objects.exists():
            raise CommandError("Data rujukan belum ada. Jalankan dahulu: manage.py load_reference")
        if holds_real_people():
            raise CommandError("Basis data ini berisi peserta dengan NIP sungguhan. Data contoh tidak dimuat.")
        if Participant.objects.exists():
            self.stdout.write("Data contoh sudah ada, tidak ada yang diubah.")
            return
        if not 100 <= options["participants"] <= 1_000_000:
            raise CommandError("--participants harus antara 100 dan 1000000.")
        say = self.stdout.write if options["verbosity"] > 1 else str
        made = load(participants=options["participants"], seed=options["seed"], today=options["today"] or timezone.localdate(), say=say)
        self.stdout.write(f"{made} orang rekaan dimuat. Akun: {settings.DEMO_ACCOUNTS_FILE}")
