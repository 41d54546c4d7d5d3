"""Two rancangan written whole: an archive with JDIH (BerAKHLAK) and an article feature (ANEKA). Persons and places are the demo's."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from aktualisasi.content import read_plan
from aktualisasi.demo import guiding
from aktualisasi.demo.batches import Rules
from aktualisasi.enums import PaperStage
from aktualisasi.models import Cause, Issue, IssueCorrection, Kegiatan, KegiatanAgenda, KegiatanValue, Rancangan, Tahapan
from aktualisasi.scoring import APKL, USG
from latsar.accounts.models import User
from participants.models import Participant

FOLDER = Path(__file__).resolve().parent / "examples"
TEXTS = ("title", "summary", "unit_profile", "job_profile", "agenda_summary", "idea")


def record(rules: Rules, author: User) -> None:
    """Give the archive to the demo's participant and the article to a graduate of the 2019 batch."""
    mine = Rancangan.objects.select_related("participant__batch", "participant__satker").get(participant__user=author)
    fill(mine, "arsip", by=author)
    graduates = Participant.objects.select_related("batch", "satker").filter(batch__curriculum__code="aneka", batch__year=2019)
    person = graduates.order_by("full_name").first()
    if person is not None:
        (old,) = guiding.write_rancangan(rules, [person], [PaperStage.APPROVED], rules.by)
        fill(old, "artikel", by=rules.by)


def fill(rancangan: Rancangan, name: str, *, by: User) -> None:
    """Write one example into an empty rancangan. Values and subjects come in the order of the batch's curriculum."""
    data = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    unit = rancangan.participant.satker.name
    for field in TEXTS:
        setattr(rancangan, field, data[field].strip().format(unit=unit))
    issues = [_issue(rancangan, n, row) for n, row in enumerate(data["issue"], 1)]
    causes = _causes(issues[0], data["cause"])
    for row in data["correction"]:
        IssueCorrection.objects.create(
            rancangan=rancangan,
            issue=issues[row["issue"] - 1],
            superior_name=row["name"],
            superior_jabatan=row["jabatan"],
            corrected_on=timezone.localdate(rancangan.created_at) - timedelta(days=7),
            text=row["text"],
            recorded_by=by,
        )
    rancangan.chosen_issue = max(issues, key=lambda issue: issue.total or 0)
    rancangan.save()
    rules = read_plan(rancangan.participant, None)
    for n, row in enumerate(data["kegiatan"], 1):
        kegiatan = Kegiatan.objects.create(
            rancangan=rancangan,
            order=n,
            title=row["title"],
            cause=causes[row["cause"] - 1],
            weeks=row["weeks"],
            visi_misi=row["visi_misi"],
            penguatan=row["penguatan"],
        )
        Tahapan.objects.bulk_create(
            Tahapan(kegiatan=kegiatan, order=k, text=text, output=output, proof=proof)
            for k, (text, output, proof) in enumerate(row["tahapan"], 1)
        )
        KegiatanValue.objects.bulk_create(
            KegiatanValue(kegiatan=kegiatan, value=value, text=text) for value, text in zip(rules.values, row["values"], strict=True)
        )
        KegiatanAgenda.objects.bulk_create(
            KegiatanAgenda(kegiatan=kegiatan, subject=subject, text=text)
            for subject, text in zip(rules.subjects, row["agenda"], strict=True)
        )
    Participant.objects.filter(pk=rancangan.participant_id).exclude(aktualisasi_title="").update(aktualisasi_title=rancangan.title)


def _issue(rancangan: Rancangan, order: int, row: dict[str, Any]) -> Issue:
    words = {name: row[name] for name in ("statement", "current", "expected", "impact", "reason")}
    marks = dict(zip(USG, row["usg"] or (None, None, None), strict=True))
    return Issue.objects.create(rancangan=rancangan, order=order, **words, **dict(zip(APKL, row["apkl"], strict=True)), **marks)


def _causes(issue: Issue, rows: list[dict[str, Any]]) -> list[Cause]:
    count: dict[str, int] = {}
    made = []
    for row in rows:
        count[row["bone"]] = count.get(row["bone"], 0) + 1
        made.append(
            Cause.objects.create(issue=issue, bone=row["bone"], order=count[row["bone"]], text=row["text"], is_root=row.get("root", False))
        )
    return made
