"""A laporan of nobody, for looking at a template of the printed laporan."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from aktualisasi.enums import PaperKind
from aktualisasi.habituasi_enums import ChangeKind, WorkState
from aktualisasi.laporan_content import SCHEMA
from aktualisasi.laporan_prefill import KEGIATAN_FIELDS, LAPORAN_FIELDS
from aktualisasi.sample_plan import PARAGRAPH, sample_content
from latsar.documents.intake.kinds import FileKind
from latsar.training.models import Institute

Json = dict[str, Any]
GREY = (216, 216, 216)


def sample_laporan(institute: Institute | None) -> Json:
    """Return a kept laporan: the sample rancangan carried out in its weeks, with one change of plan and an evidence per kegiatan."""
    plan = sample_content(institute)
    person, training = plan["person"], plan["training"]
    kegiatan = [_kegiatan(one) for one in plan["kegiatan"]]
    report = {
        "schema": SCHEMA,
        "kind": str(PaperKind.LAPORAN),
        "title": plan["title"],
        "participant": {**{name: person[name] for name in ("name", "nip", "golongan", "jabatan")}, "satker": person["unit"]},
        "batch": {name: training[name] for name in ("year", "institute", "city", "golongan", "curriculum")} | {"label": training["batch"]},
        "mentor": plan["mentor"]["name"],
        "coach": plan["coach"]["name"],
        "phase": {**training["habituasi"], "weeks": len(plan["weeks"])},
        "issue": {name: plan["issues"][0][name] for name in ("statement", "current", "expected", "impact")},
        **{name: plan[name] for name in ("idea", "unit_profile", "job_profile", "agenda_summary")},
        "texts": dict.fromkeys(LAPORAN_FIELDS, PARAGRAPH),
        "kegiatan": kegiatan,
        "measures": [{"indicator": "Waktu mencari satu keputusan", "before": "40 menit", "after": "2 menit"}],
        "plan_changes": [
            {
                "kind": str(ChangeKind.CHANGE),
                "number": "2.1",
                "old": {"text": "Tahapan 2.1", "weeks": [2]},
                "new": {"text": "Tahapan 2.1 yang diubah", "weeks": [3]},
                "reason": "Alasan contoh.",
                "on": "2026-03-20",
            }
        ],
        "statement": {"text": PARAGRAPH, "at": "2026-04-20T09:00:00+00:00"},
    }
    return {"schema": 1, "kind": str(PaperKind.LAPORAN), "plan": plan, "report": report}


def sample_pictures() -> dict[str, bytes]:
    """Return a grey picture for each evidence of the sample, by the address that the print asks for."""
    stream = io.BytesIO()
    Image.new("RGB", (800, 600), GREY).save(stream, "JPEG")
    return {f"asset:bukti-{one['id']}-1.jpg": stream.getvalue() for one in sample_content(None)["kegiatan"]}


def _kegiatan(planned: Json) -> Json:
    number, week = planned["order"], planned["weeks"][0]
    same = ("title", "cause", "visi_misi", "penguatan", "weeks", "values", "agenda")
    return {
        "number": number,
        **{name: planned[name] for name in same},
        "told": dict.fromkeys(KEGIATAN_FIELDS, PARAGRAPH),
        "tahapan": [
            {
                "number": f"{number}.{one['order']}",
                "text": one["text"],
                "output": one["output"],
                "weeks": [week],
                "state": str(WorkState.DONE),
                "started_on": "2026-03-10",
                "finished_on": "2026-03-13",
                "note": "",
            }
            for one in planned["tahapan"]
        ],
        "evidence": [
            {
                "id": planned["id"],
                "tahapan": f"{number}.1",
                "caption": "Keterangan bukti contoh",
                "shown_on": "2026-03-11",
                "proves": f"Output {number}.1",
                "kind": FileKind.JPEG.value,
                "pages": 1,
                "sha256": "",
            }
        ],
    }
