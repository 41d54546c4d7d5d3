"""A rancangan read whole, in a constant number of queries: what pages, completeness, snapshot and prints are made of."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Prefetch

from aktualisasi.enums import Bone
from aktualisasi.models import Cause, Issue, IssueCorrection, Kegiatan, KegiatanAgenda, KegiatanValue, Rancangan
from aktualisasi.scoring import Standing, standings, top_issues
from aktualisasi.weeks import Week, weeks_of
from latsar.training.enums import PhaseKind
from latsar.training.models import AgendaSubject, Batch, BatchPhase, CurriculumValue
from latsar.training.places import Holiday
from participants.models import Participant

THIRD = 3


@dataclass
class Plan:
    """The rows of one rancangan. `rancangan` is None before the first word."""

    participant: Participant
    rancangan: Rancangan | None
    issues: list[Issue] = field(default_factory=list)
    causes: list[Cause] = field(default_factory=list)
    corrections: list[IssueCorrection] = field(default_factory=list)
    kegiatan: list[Kegiatan] = field(default_factory=list)
    values: list[CurriculumValue] = field(default_factory=list)
    subjects: list[AgendaSubject] = field(default_factory=list)
    phase: BatchPhase | None = None
    weeks: list[Week] = field(default_factory=list)

    @property
    def batch(self) -> Batch | None:
        return self.participant.batch

    @cached_property
    def standings(self) -> list[Standing]:
        return standings(self.issues)

    @cached_property
    def top(self) -> list[Issue]:
        return top_issues(self.issues)

    @cached_property
    def chosen(self) -> Issue | None:
        wanted = self.rancangan.chosen_issue_id if self.rancangan else None
        return next((issue for issue in self.issues if issue.pk == wanted), None)

    @cached_property
    def bones(self) -> list[tuple[Bone, list[Cause]]]:
        """The causes of the chosen issue, bone by bone."""
        chosen = self.chosen.pk if self.chosen else None
        return [(bone, [c for c in self.causes if c.issue_id == chosen and c.bone == bone]) for bone in Bone]

    @property
    def roots(self) -> list[Cause]:
        return [cause for _bone, causes in self.bones for cause in causes if cause.is_root]

    def cause(self, pk: int | None) -> Cause | None:
        return next((cause for cause in self.causes if cause.pk == pk), None)

    def sentence(self, kegiatan: Kegiatan, value: CurriculumValue) -> KegiatanValue | None:
        return next((row for row in kegiatan.values.all() if row.value_id == value.pk), None)

    def relation(self, kegiatan: Kegiatan, subject: AgendaSubject) -> KegiatanAgenda | None:
        return next((row for row in kegiatan.agenda.all() if row.subject_id == subject.pk), None)

    def kept_sentences(self, kegiatan: Kegiatan) -> list[tuple[str, str]]:
        """Sentences about values and subjects of a curriculum that is no longer the batch's: kept, shown, not printed."""
        values, subjects = {v.pk for v in self.values}, {s.pk for s in self.subjects}
        old = [(row.value.name, row.text) for row in kegiatan.values.all() if row.value_id not in values and row.text]
        return old + [(row.subject.name, row.text) for row in kegiatan.agenda.all() if row.subject_id not in subjects and row.text]


def read_plan(participant: Participant, rancangan: Rancangan | None) -> Plan:
    """Read everything. `participant.batch` should have come along."""
    plan = Plan(participant, rancangan)
    if rancangan is not None:
        plan.issues = list(rancangan.issues.order_by("order"))
        plan.causes = list(Cause.objects.filter(issue__rancangan=rancangan).order_by("issue__order", "bone", "order"))
        plan.corrections = list(rancangan.corrections.select_related("recorded_by", "issue"))
        relations = (
            Prefetch("values", KegiatanValue.objects.select_related("value").order_by("value__order")),
            Prefetch("agenda", KegiatanAgenda.objects.select_related("subject").order_by("subject__order")),
            "tahapan",
        )
        plan.kegiatan = list(rancangan.kegiatan.order_by("order").prefetch_related(*relations))
    read_rules(plan)
    return plan


def read_rules(plan: Plan) -> None:
    """Read what the batch gives: values, agenda III, and the habituasi with its weeks. Nothing of it before a seat is found."""
    batch = plan.batch
    if batch is not None:
        plan.values = list(CurriculumValue.objects.filter(curriculum=batch.curriculum_id).order_by("order"))
        plan.subjects = third_agenda(
            list(AgendaSubject.objects.filter(curriculum=batch.curriculum_id, method=batch.method).order_by("order"))
        )
        phases = BatchPhase.objects.filter(batch=batch, kind=PhaseKind.HABITUASI)
        plan.phase = phases.order_by("order").first()
    first, last = (plan.phase.starts_on, plan.phase.ends_on) if plan.phase else (None, None)
    days = list(Holiday.objects.filter(date__range=(first, last)).values_list("date", "name")) if first else []
    plan.weeks = weeks_of(first, last, days)


def third_agenda(subjects: list[AgendaSubject]) -> list[AgendaSubject]:
    """Return the subjects of the third distinct agenda, in the order of the curriculum; empty when it has fewer."""
    by_agenda: dict[str, list[AgendaSubject]] = defaultdict(list)
    for subject in subjects:
        by_agenda[subject.agenda].append(subject)
    agendas = list(by_agenda.values())
    return agendas[THIRD - 1] if len(agendas) >= THIRD else []
