"""Letters, duties, tahapan and waves of one side of the access matrix."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.files.base import ContentFile

from aktualisasi.demo.sample_pdf import sample_rancangan
from latsar.accounts.models import User
from latsar.training.models import Batch, ElectionStage, Wave, WaveShift
from participants.models import Duty, DutyLetter, Participant


@dataclass
class DutySet:
    letter: DutyLetter
    duty: Duty
    stage: ElectionStage
    shift: WaveShift


def add_duties(person: Participant, batch: Batch, admin: User, canary: str) -> DutySet:
    """Make a letter with its scan, a duty, a tahapan of the satker and a wave with one move."""
    wave = Wave.objects.create(year=batch.year, number=1 if canary.endswith("A") else 2)
    batch.wave = wave
    batch.save(update_fields=["wave"])
    span = {"starts_on": batch.starts_on.isoformat(), "ends_on": batch.ends_on.isoformat()}
    letter = DutyLetter(
        participant=person,
        batch=batch,
        satker=person.satker,
        number=f"{canary}/001",
        letter_date=batch.starts_on,
        city=f"{canary} Kota",
        basis=f"{canary} Dasar",
        signer_name=f"{canary} Penanda",
        signer_title="Sekretaris",
        phases=[{"name": f"{canary} Fase", "released": True, **span}],
        issued_by=admin,
        scan_name=f"{canary}-surat.pdf",
    )
    letter.scan.save(f"{canary}.pdf", ContentFile(sample_rancangan()))
    unit = {"satker": person.satker, "province": person.province}
    days = {"starts_on": batch.starts_on, "ends_on": batch.ends_on}
    return DutySet(
        letter,
        Duty.objects.create(participant=person, what=f"{canary} Tugas", source="satker", reported_by=admin, **days),
        ElectionStage.objects.create(name=f"{canary} Tahapan", scope="satker", is_blocking=True, created_by=admin, **unit, **days),
        WaveShift.objects.create(wave=wave, days=1, before={}, after={}, by=admin),
    )
