from __future__ import annotations

from django.core.management.base import BaseCommand
from django.utils import timezone

from latsar.training import reference


class Command(BaseCommand):
    help = (
        "Add missing reference data: satker, regulations, curricula, checklist, tariffs, institutes, holidays, reminders. Edited rows stay."
    )

    def handle(self, *args: object, **options: object) -> None:
        for row in reference.load(year=timezone.localdate().year):
            self.stdout.write(f"{row.name}: {row.total} ({row.added} baru)")
