from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from latsar.accounts.sealing import log_head, seal_audit
from latsar.accounts.verifying import verify

SHOWN = 50


class Command(BaseCommand):
    help = "Hitung ulang rantai jejak audit. Keluar dengan kode 1 bila ada baris yang diubah, dihapus, atau diselipkan."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--head", default="", help="Sidik ujung yang disimpan di luar portal; harus masih ada di dalam rantai.")
        parser.add_argument("--no-seal", action="store_true", help="Hanya memeriksa, tanpa menyegel baris yang baru.")

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify(options["head"].strip().lower())
        sealed = 0
        if not options["no_seal"] and not verdict.broken:
            sealed = seal_audit()
            verdict.head, verdict.unsealed = log_head() or verdict.head, verdict.unsealed - sealed
        if options["json"]:
            self.stdout.write(json.dumps(asdict(verdict) | {"sealed": sealed}))
        else:
            self._tell(verdict, sealed)
        if verdict.broken:
            raise SystemExit(1)

    def _tell(self, verdict: Any, sealed: int) -> None:
        for line in verdict.broken[:SHOWN]:
            self.stdout.write(line)
        if len(verdict.broken) > SHOWN:
            self.stdout.write(f"dan {len(verdict.broken) - SHOWN} lainnya (semuanya dengan --json)")
        state = f"{len(verdict.broken)} ingkar" if verdict.broken else "utuh"
        self.stdout.write(f"jejak audit: {state}, {verdict.rows} baris dalam {verdict.blocks} blok, {sealed} baru disegel")
        self.stdout.write(f"ujung: {verdict.head}")
