"""`manage.py bench NAME --json`: one measurement, one JSON object. Each room keeps its own bench; here is where they are found."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string

BENCHES = {
    "certificates": "latsar.documents.bench.bench_certificates",
    "import": "participants.bench_import.bench_import",
    "list": "participants.bench_list.bench_list",
    "plan": "participants.planning.bench.bench_plan",
}


class Command(BaseCommand):
    help = "Measure a job beside its plain baseline in one run."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help=", ".join(sorted(BENCHES)))
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        address = BENCHES.get(options["name"])
        if address is None:
            raise CommandError(f"Tidak ada ukuran bernama {options['name']}. Yang ada: {', '.join(sorted(BENCHES))}.", returncode=2)
        measured = import_string(address)()
        if options["json"]:
            self.stdout.write(json.dumps(measured, ensure_ascii=False))
            return
        for name, value in measured.items():
            self.stdout.write(f"{name}: {value}")
