"""Synthetic CPNS for every unit: NIP serials 900-999, stages spread as in a year under way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from latsar.satker.models import Satker, SatkerKind
from participants.enums import Religion, Stage
from participants.models import Participant

from . import names

NTT = "53"
NTT_PEOPLE = 115
MONTHS_SINCE_TMT = ((12, 1), (11, 3), (10, 8), (9, 22), (8, 26), (7, 24), (6, 16))
"""Months since TMT CPNS with their weight: most have three to six months left, a few none."""


SIZES = ("S", "M", "L", "XL")


def month_back(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


def head_counts(rng: Random, units: list[Satker], total: int) -> dict[int, int]:
    """Share out `total` people: the Secretariat and provinces get more, NTT exactly 115 where that fits."""
    ntt = [u for u in units if u.code.startswith(NTT)]
    rest = [u for u in units if not u.code.startswith(NTT)]
    ntt_total = min(NTT_PEOPLE, total // 2)
    return _share(rng, ntt, ntt_total) | _share(rng, rest, total - ntt_total)


def _share(rng: Random, units: list[Satker], total: int) -> dict[int, int]:
    weights = {SatkerKind.SETJEN: 12.0, SatkerKind.PROVINCE: 2.2, SatkerKind.REGENCY: 1.0}
    raw = {u.pk: weights[SatkerKind(u.kind)] * rng.uniform(0.7, 1.3) for u in units}
    scale = total / sum(raw.values())
    counts = {pk: int(value * scale) for pk, value in raw.items()}
    short = total - sum(counts.values())
    for pk in sorted(raw, key=lambda key: raw[key] * scale - counts[key], reverse=True)[:short]:
        counts[pk] += 1
    return counts


def people(rng: Random, units: list[Satker], total: int, today: date) -> Iterator[Participant]:
    """Yield unsaved participants, all registered; stages are dealt afterwards."""
    taken: set[str] = set()
    counts = head_counts(rng, units, total)
    months, weights = zip(*MONTHS_SINCE_TMT, strict=True)
    for unit in units:
        for _ in range(counts[unit.pk]):
            tmt = month_back(today, rng.choices(months, weights)[0])
            yield person(rng, unit, tmt, taken)


def person(rng: Random, unit: Satker, tmt: date, taken: set[str]) -> Participant:
    female = rng.random() < 0.52
    while True:
        birth = tmt - timedelta(days=rng.randint(21 * 366, 33 * 365))
        nip = f"{birth:%Y%m%d}{tmt:%Y%m}{2 if female else 1}{rng.randint(900, 999)}"
        if nip not in taken:
            taken.add(nip)
            break
    jabatan = rng.choice(names.JABATAN)
    title, education, programme, golongan = names.DEGREES[jabatan]
    name = names.invent(rng, (unit.province or unit).code, female=female)
    mail = "".join(c for c in name.lower() if c.isalpha())[:18]
    return Participant(
        nip=nip,
        full_name=f"{name}, {title}",
        satker=unit,
        province=unit.province or unit,
        golongan=golongan,
        jabatan=jabatan,
        education=education,
        study_programme=programme,
        birth_place=names.place_of(unit.name),
        birth_date=birth,
        sex="P" if female else "L",
        religion=rng.choice(list(Religion.values)[:4]),
        email=f"{mail}.{nip[-10:]}@contoh.go.id",
        phone=f"0812{rng.randint(10000000, 99999999)}",
        address=f"Jalan Contoh Nomor {rng.randint(1, 200)}",
        tmt_cpns=tmt,
        deadline=tmt.replace(year=tmt.year + 1),
        stage=Stage.REGISTERED,
        clothing_size=SIZES[int(nip[6:8]) % len(SIZES)],
        shoe_size=str((36 if female else 39) + int(nip[6:8]) % 5),
    )
