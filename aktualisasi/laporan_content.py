"""A laporan as plain data, schema 1: what a version keeps, what two versions are compared by, what is printed."""

from __future__ import annotations

from datetime import date
from typing import Any

from aktualisasi.habituasi import Evidence, PlanChange, TahapanWork
from aktualisasi.habituasi_enums import ChangeStage
from aktualisasi.laporan import Laporan, LaporanKegiatan
from aktualisasi.laporan_prefill import KEGIATAN_FIELDS, LAPORAN_FIELDS, Done, done_of, mentor_name
from aktualisasi.report_weeks import habituasi_of, weeks_of
from mentoring.models import GroupCoach

SCHEMA = 1


def snapshot(laporan: Laporan) -> dict[str, Any]:
    """Return all that the laporan says, in values that JSON holds; the same rows give the same snapshot."""
    rancangan = laporan.rancangan
    person = rancangan.participant
    phase = habituasi_of(person)
    written = {row.kegiatan_id: row for row in laporan.kegiatan.all()}
    coach = GroupCoach.objects.of_participant(person.pk).select_related("coach").first()
    issue = rancangan.chosen_issue
    return {
        "schema": SCHEMA,
        "kind": "laporan",
        "title": rancangan.title,
        "participant": {
            "name": person.full_name,
            "nip": person.nip,
            "golongan": person.golongan,
            "jabatan": person.jabatan,
            "satker": person.satker.name,
        },
        "batch": _batch(laporan),
        "mentor": mentor_name(person.pk),
        "coach": coach.coach.full_name if coach else "",
        "phase": {"starts_on": _iso(phase.starts_on), "ends_on": _iso(phase.ends_on), "weeks": len(weeks_of(phase))} if phase else {},
        "issue": {
            "statement": issue.statement if issue else "",
            "current": issue.current if issue else "",
            "expected": issue.expected if issue else "",
            "impact": issue.impact if issue else "",
        },
        "idea": rancangan.idea,
        "unit_profile": rancangan.unit_profile,
        "job_profile": rancangan.job_profile,
        "agenda_summary": rancangan.agenda_summary,
        "texts": {name: getattr(laporan, name) for name in LAPORAN_FIELDS},
        "kegiatan": [_kegiatan(done, written.get(done.kegiatan.pk)) for done in done_of(rancangan)],
        "measures": [{"indicator": m.indicator, "before": m.before, "after": m.after} for m in laporan.measures.all()],
        "plan_changes": plan_changes(rancangan.pk),
        "statement": {"text": laporan.statement_text, "at": laporan.statement_at.isoformat() if laporan.statement_at else ""},
    }


def plan_changes(rancangan_id: int) -> list[dict[str, Any]]:
    """Return the approved changes of the plan, oldest first, each as it was and as it became."""
    rows = PlanChange.objects.filter(rancangan=rancangan_id, stage=ChangeStage.APPROVED).order_by("closed_at", "pk")
    return [
        {
            "kind": change.kind,
            "number": change.number,
            "old": {name: change.old.get(name) for name in ("text", "output", "weeks") if name in change.old},
            "new": {name: change.new.get(name) for name in ("text", "output", "weeks") if name in change.new},
            "reason": change.reason,
            "on": _iso(change.closed_at.date()) if change.closed_at else "",
        }
        for change in rows
    ]


def _batch(laporan: Laporan) -> dict[str, Any]:
    batch = laporan.rancangan.participant.batch
    if batch is None:
        return {}
    return {
        "label": batch.label,
        "year": batch.year,
        "institute": batch.institute.name,
        "city": batch.institute.city,
        "golongan": batch.golongan,
        "curriculum": batch.curriculum.name,
    }


def _kegiatan(done: Done, written: LaporanKegiatan | None) -> dict[str, Any]:
    kegiatan = done.kegiatan
    return {
        "number": kegiatan.order,
        "title": kegiatan.title,
        "cause": kegiatan.cause.text if kegiatan.cause else "",
        "visi_misi": kegiatan.visi_misi,
        "penguatan": kegiatan.penguatan,
        "weeks": list(kegiatan.weeks),
        "values": [{"name": row.value.name, "text": row.text} for row in kegiatan.values.all()],
        "agenda": [{"name": row.subject.name, "text": row.text} for row in kegiatan.agenda.all()],
        "told": {name: getattr(written, name) if written else "" for name in KEGIATAN_FIELDS},
        "tahapan": [_tahapan(kegiatan.order, tahapan, work) for tahapan, work in zip(done.tahapan, done.works, strict=True)],
        "evidence": [_evidence(one, kegiatan.order) for one in done.evidence if one.in_laporan],
    }


def _tahapan(number: int, tahapan: Any, work: TahapanWork | None) -> dict[str, Any]:
    return {
        "number": f"{number}.{tahapan.order}",
        "text": tahapan.text,
        "output": tahapan.output,
        "weeks": list(work.weeks) if work else [],
        "state": work.state if work else "todo",
        "started_on": _iso(work.started_on) if work and work.started_on else "",
        "finished_on": _iso(work.finished_on) if work and work.finished_on else "",
        "note": work.note if work else "",
    }


def _evidence(evidence: Evidence, number: int) -> dict[str, Any]:
    return {
        "id": evidence.pk,
        "tahapan": f"{number}.{evidence.tahapan.order}" if evidence.tahapan else "",
        "caption": evidence.caption,
        "shown_on": _iso(evidence.shown_on),
        "proves": evidence.proves,
        "kind": evidence.kind,
        "pages": evidence.pages,
        "sha256": evidence.sha256,
    }


def _iso(day: date) -> str:
    return day.isoformat()
