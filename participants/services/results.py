"""Results computed from raw scores, kept, and computed again to be compared."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from latsar.training.models import Batch
from latsar.ui import words
from participants.absence import standing
from participants.enums import AbsenceState, Stage
from participants.models import Participant
from participants.scoring import policies, reading
from participants.scoring.enums import Outcome, SheetState
from participants.scoring.grading import Grade, grade, ranks
from participants.scoring.results import Result
from participants.services.verification import move_participant

SCORED = (Stage.TRAINING, Stage.GRADUATED)


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure of a stored result that does not come out the same again: component or "", field, stored, computed."""

    component: str
    field: str
    stored: str
    computed: str

    @property
    def label(self) -> str:
        return {
            "sum": _("jumlah"),
            "total": _("nilai akhir"),
            "qualification": _("kualifikasi"),
            "outcome": _("hasil"),
            "weight": _("bobot"),
            "raw": _("nilai mentah"),
            "mean": _("rata-rata"),
            "late_days": _("hari terlambat"),
            "deduction": _("pengurang"),
            "counted": _("nilai dihitung"),
            "share": _("sumbangan"),
        }[self.field]


@dataclass(frozen=True, slots=True)
class Recomputed:
    result: Result
    grade: Grade | None
    differences: Sequence[Difference]


def grades_of(batch: Batch, participant_ids: Collection[int]) -> dict[int, Grade | None]:
    """Grade these people from their raw scores as they stand now."""
    rules = reading.rules_of(batch)
    marks = reading.marks_of(batch, participant_ids, over_absence_in(batch))
    return {pk: grade(rules, marks[pk]) for pk in participant_ids}


def over_absence_in(batch: Batch) -> set[int]:
    """Name who missed more sessions than the scheme allows, one query."""
    return {pk for pk, one in standing(batch).items() if one.state == AbsenceState.OVER}


@transaction.atomic
def compute_results(*, batch: Batch, by: User, participant_ids: Collection[int] | None = None) -> int:
    """Store the result of everybody in training (or of these people) and rank all who passed. Returns how many."""
    people = Participant.objects.filter(batch=batch, stage__in=SCORED)
    if participant_ids is not None:
        people = people.filter(pk__in=participant_ids)
    ids = list(people.values_list("pk", flat=True))
    now = timezone.now()
    rows = [
        Result(
            batch=batch,
            participant_id=pk,
            total=one.total,
            qualification=one.qualification,
            outcome=one.outcome,
            breakdown=one.as_json(batch.scheme.code),
            computed_at=now,
            computed_by=by,
        )
        for pk, one in grades_of(batch, ids).items()
        if one is not None
    ]
    Result.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["batch", "participant"],
        update_fields=["total", "qualification", "outcome", "rank", "breakdown", "computed_at", "computed_by"],
    )
    _rank(batch)
    return len(rows)


def _rank(batch: Batch) -> None:
    rows = list(Result.objects.filter(batch=batch))
    places = ranks({row.pk: row.total for row in rows if row.outcome == Outcome.PASSED})
    for row in rows:
        row.rank = places.get(row.pk)
    Result.objects.bulk_update(rows, ["rank"])


def drop_results(*, batch: Batch, by: User) -> None:
    """Take the results away when a sheet goes back to be filled in. Refused once somebody graduated by them."""
    if Participant.objects.filter(batch=batch, stage=Stage.GRADUATED).exists():
        raise Refused(_("Sebagian peserta sudah dicatat lulus. Batalkan kelulusannya dahulu, atau ubah satu nilai lewat perubahan nilai."))
    Result.objects.filter(batch=batch).delete()


def recompute(batch: Batch, results: Sequence[Result]) -> list[Recomputed]:
    """Compute stored results again from the raw scores and name every figure that differs. Changes nothing."""
    grades = grades_of(batch, [result.participant_id for result in results])
    return [
        Recomputed(result, grades[result.participant_id], _compared(batch, result, grades[result.participant_id])) for result in results
    ]


def _compared(batch: Batch, result: Result, again: Grade | None) -> list[Difference]:
    if again is None:
        return [Difference("", "total", _text(result.total), "")]
    old, new = result.breakdown, again.as_json(batch.scheme.code)
    found = [
        Difference("", name, _text(old.get(name)), _text(new[name]))
        for name in ("sum", "total", "qualification", "outcome")
        if _text(old.get(name)) != _text(new[name])
    ]
    stored = {line["key"]: line for line in old.get("lines", [])}
    for line in new["lines"]:
        before = stored.pop(line["key"], {})
        found += [
            Difference(line["name"], name, _text(before.get(name)), _text(line[name]))
            for name in ("weight", "raw", "mean", "late_days", "deduction", "counted", "share")
            if _text(before.get(name)) != _text(line[name])
        ]
    found += [Difference(line["name"], "weight", _text(line["weight"]), "") for line in stored.values()]
    return found


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)


@transaction.atomic
def graduate_by_results(*, batch_id: int, participant_ids: Collection[int], graduated_on: date, by: User) -> int:
    """Record as passed who passed by the published results, each with the qualification that the scores reached.

    All of them or nobody. Raises Refused when the scores are not published, or somebody chosen did not pass.
    """
    batch = Batch.objects.visible_to(by).select_related("scheme").filter(pk=batch_id).first()
    wanted = sorted(set(participant_ids))
    if batch is None or not wanted or not policies.runs_scores(by, batch):
        raise NotAllowed
    if reading.sheet_of(batch).state != SheetState.PUBLISHED:
        raise Refused(_("Nilainya belum diumumkan. Kelulusan dicatat sesudah PKSDM mengumumkan nilai."))
    check_graduation_day(batch, graduated_on)
    rows = {row.participant_id: row for row in Result.objects.visible_to(by).filter(batch=batch, participant_id__in=wanted)}
    not_passed = [pk for pk in wanted if pk not in rows or rows[pk].outcome != Outcome.PASSED]
    if not_passed:
        names = Participant.objects.visible_to(by).filter(pk__in=not_passed).order_by("full_name").values_list("full_name", flat=True)
        if len(names) < len(not_passed):
            raise NotAllowed
        raise Refused(_("Belum lulus menurut nilainya: %(names)s.") % {"names": "; ".join(names[:3])})
    for pk in wanted:
        facts = {"qualification": rows[pk].qualification, "graduated_on": graduated_on}
        move_participant(participant_id=pk, action="graduate", by=by, facts=facts)
    return len(wanted)


def check_graduation_day(batch: Batch, graduated_on: date) -> None:
    """Refuse a day in the future or before the batch began, beside its field."""
    if graduated_on > timezone.localdate():
        raise Refused({"graduated_on": _("Tanggal lulus tidak boleh sesudah hari ini.")})
    if graduated_on < batch.starts_on:
        text = _("Tanggal lulus mendahului mulai angkatan, %(start)s.") % {"start": words.long_date(batch.starts_on)}
        raise Refused({"graduated_on": text})


def record_change(batch: Batch, row: Result | None, new: Result | None, by: User) -> None:
    """Write into the sheet's trail how a result changed."""
    before = [str(row.total), row.qualification, row.outcome] if row else [None, None, None]
    after = [str(new.total), new.qualification, new.outcome] if new else [None, None, None]
    person = (new or row).participant  # type: ignore[union-attr]  # one of the two exists
    changes = {name: [a, b] for name, a, b in zip(("total", "qualification", "outcome"), before, after, strict=True) if a != b}
    if changes:
        audit.record(verb="recompute_result", obj=reading.sheet_of(batch), by=by, changes=changes, note=person.nip)
