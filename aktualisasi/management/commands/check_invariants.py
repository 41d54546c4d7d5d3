from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from aktualisasi import invariants as aktualisasi
from latsar.accounts import invariants as accounts
from latsar.documents import invariants as documents
from latsar.jobs import invariants as jobs
from latsar.training import invariants as training
from mentoring import invariants as mentoring
from participants import invariants as participants

ROOMS = {
    "audit": accounts.broken,
    "jobs": jobs.broken,
    "documents": documents.broken,
    "training": training.broken,
    "participants": participants.broken,
    "mentoring": mentoring.broken,
    "aktualisasi": aktualisasi.broken,
}
SHOWN = 20


class Command(BaseCommand):
    help = (
        "Periksa setiap janji: kursi, mentor, nomor, berkas terhadap baris, rantai jejak audit. Keluar dengan kode 1 bila ada yang ingkar."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        found = {room: list(check()) for room, check in ROOMS.items()}
        count = sum(len(lines) for lines in found.values())
        if options["json"]:
            self.stdout.write(json.dumps({"broken": count, "rooms": found}, ensure_ascii=False))
        else:
            for room, lines in found.items():
                self.stdout.write(f"{room}: {'utuh' if not lines else f'{len(lines)} ingkar'}")
                for line in lines[:SHOWN]:
                    self.stdout.write(f"  {line}")
                if len(lines) > SHOWN:
                    self.stdout.write(f"  dan {len(lines) - SHOWN} lainnya (semuanya dengan --json)")
        if count:
            raise SystemExit(1)
