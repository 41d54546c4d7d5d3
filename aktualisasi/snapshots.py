"""A rancangan as it stands, as JSON: everything that is printed, with names instead of numbers. A submitted version keeps its snapshot for good."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone, translation

from aktualisasi.content import Plan, read_plan
from aktualisasi.models import Kegiatan, Rancangan
from aktualisasi.scoring import APKL, USG
from latsar.training.enums import PhaseKind
from latsar.training.models import BatchPhase
from mentoring.cards import card_lines
from mentoring.models import GroupCoach, MentorAssignment
from participants.models import Participant, Placement

SCHEMA = 1
TEXTS = ("title", "summary", "unit_profile", "job_profile", "agenda_summary", "idea", "tie_reason")


def snapshot(rancangan: Rancangan) -> dict[str, Any]:
    """Return the rancangan as JSON of schema 1. Dates are ISO; ids name rows only so that two snapshots can be compared."""
    participant = Participant.objects.select_related("batch__institute", "satker", "province").get(pk=rancangan.participant_id)
    return snapshot_of(read_plan(participant, rancangan))


def snapshot_of(plan: Plan) -> dict[str, Any]:
    """Return the snapshot of a plan that was read. Always Indonesian, whatever the reader's language: it is printed."""
    with translation.override("id"):
        row = plan.rancangan
        ranks = {standing.issue.pk: standing for standing in plan.standings}
        return {
            "schema": SCHEMA,
            "made_on": timezone.localdate().isoformat(),
            "person": _person(plan.participant),
            "training": _training(plan),
            **_guides(plan.participant),
            "consultations": {kind: card_lines(plan.participant, kind) for kind in ("mentor", "coach")},
            **{name: getattr(row, name, "") if row else "" for name in TEXTS},
            "chosen_issue": plan.chosen.pk if plan.chosen else None,
            "issues": [
                {
                    "id": issue.pk,
                    "order": issue.order,
                    **{name: getattr(issue, name) for name in ("statement", "current", "expected", "impact", "reason")},
                    "apkl": {name: getattr(issue, name) for name in APKL},
                    "usg": {name: getattr(issue, name) for name in USG},
                    "total": issue.total,
                    "rank": ranks[issue.pk].rank,
                    "failed": list(ranks[issue.pk].failed),
                }
                for issue in plan.issues
            ],
            "causes": [
                {"id": c.pk, "issue": c.issue_id, "bone": c.bone, "bone_name": c.get_bone_display(), "text": c.text, "is_root": c.is_root}
                for c in plan.causes
            ],
            "corrections": [
                {
                    "id": c.pk,
                    "name": c.superior_name,
                    "jabatan": c.superior_jabatan,
                    "on": c.corrected_on.isoformat(),
                    "text": c.text,
                    "issue": c.issue.order if c.issue else None,
                }
                for c in plan.corrections
            ],
            "kegiatan": [_activity(plan, kegiatan) for kegiatan in plan.kegiatan],
            "weeks": [
                {
                    "number": w.number,
                    "starts_on": _iso(w.starts_on),
                    "ends_on": _iso(w.ends_on),
                    "holidays": [{"on": day.isoformat(), "name": name} for day, name in w.holidays],
                }
                for w in plan.weeks
            ],
        }


def _person(participant: Participant) -> dict[str, Any]:
    return {
        "name": participant.full_name,
        "nip": participant.nip,
        "jabatan": participant.jabatan,
        "golongan": participant.golongan,
        "unit": participant.satker.name,
        "birth_place": participant.birth_place,
        "birth_date": _iso(participant.birth_date),
        "education": participant.education,
        "study_programme": participant.study_programme,
    }


def _training(plan: Plan) -> dict[str, Any]:
    batch = plan.batch
    if batch is None:
        return {"batch": "", "year": None, "institute": "", "city": "", "head": [], "values": [], "subjects": [], "habituasi": None}
    institute = batch.institute
    seminar = BatchPhase.objects.filter(batch=batch, kind=PhaseKind.PROPOSAL_SEMINAR).order_by("order").first()
    return {
        "batch": batch.label,
        "year": batch.year,
        "golongan": batch.get_golongan_display(),
        "method": batch.get_method_display(),
        "institute": institute.name,
        "city": institute.city,
        "head": [line for line in (institute.head_1, institute.head_2) if line],
        "address": institute.address,
        "curriculum": batch.curriculum.name,
        "values": [value.name for value in plan.values],
        "subjects": [subject.name for subject in plan.subjects],
        "seminar_on": _iso(seminar.starts_on if seminar else None),
        "habituasi": {"starts_on": _iso(plan.phase.starts_on), "ends_on": _iso(plan.phase.ends_on)} if plan.phase else None,
    }


def _guides(participant: Participant) -> dict[str, Any]:
    """Return mentor, coach and examiner; who is not known yet has an empty name, and the paper an empty line."""
    assigned = MentorAssignment.objects.active().filter(participant=participant).select_related("mentor__user", "mentor__satker").first()
    mentor = assigned.mentor if assigned else None
    seat = Placement.objects.active().filter(participant=participant).select_related("seat").first()
    coach = None
    if seat is not None:
        coach = GroupCoach.objects.filter(batch=seat.seat.batch_id, group=seat.group or 0).select_related("coach").first()
    return {
        "mentor": {
            "name": mentor.user.full_name if mentor else "",
            "nip": mentor.nip if mentor else "",
            "jabatan": mentor.jabatan if mentor else "",
            "unit": mentor.satker.name if mentor else "",
        },
        "coach": {"name": coach.coach.full_name if coach else "", "nip": ""},
        "examiner": {"name": "", "nip": ""},
    }


def _activity(plan: Plan, kegiatan: Kegiatan) -> dict[str, Any]:
    cause = plan.cause(kegiatan.cause_id)
    values = [(value, plan.sentence(kegiatan, value)) for value in plan.values]
    subjects = [(subject, plan.relation(kegiatan, subject)) for subject in plan.subjects]
    return {
        "id": kegiatan.pk,
        "order": kegiatan.order,
        "title": kegiatan.title,
        "cause": f"{cause.get_bone_display()}: {cause.text}" if cause else "",
        "values": [{"name": value.name, "text": row.text if row else ""} for value, row in values],
        "agenda": [{"name": subject.name, "text": row.text if row else ""} for subject, row in subjects],
        "visi_misi": kegiatan.visi_misi,
        "penguatan": kegiatan.penguatan,
        "weeks": list(kegiatan.weeks),
        "tahapan": [{"id": t.pk, "order": t.order, "text": t.text, "output": t.output, "proof": t.proof} for t in kegiatan.tahapan.all()],
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
