"""Regulation schemes and curricula. A scheme or curriculum that exists is never touched again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db.models import Model
from django.utils import timezone

from latsar.training.models import (
    AgendaSubject,
    AnswerTime,
    Band,
    Curriculum,
    CurriculumValue,
    DossierRequirement,
    PhaseTemplate,
    RegulationScheme,
    RubricBand,
    ScoreComponent,
)
from latsar.training.reference.files import toml


def steps() -> tuple[tuple[str, type[Model], Callable[[], None]], ...]:
    return (
        ("skema", RegulationScheme, load_schemes),
        ("kurikulum", Curriculum, load_curricula),
        ("syarat berkas", DossierRequirement, load_requirements),
        ("waktu jawab", AnswerTime, load_answer_times),
    )


def load_schemes() -> None:
    """Create missing schemes with their phase templates, components and bands."""
    data = toml("schemes.toml")
    known = set(RegulationScheme.objects.values_list("code", flat=True))
    for entry in data["scheme"]:
        if entry["code"] not in known:
            _create_scheme(entry, data["band"], data["rubric"])


def _create_scheme(entry: dict[str, Any], bands: list[dict[str, Any]], rubric: list[dict[str, Any]]) -> None:
    facts = {name: value for name, value in entry.items() if name not in {"components", "phases"}}
    scheme = RegulationScheme.objects.create(**facts)
    _create_components(scheme, entry["components"])
    Band.objects.bulk_create(Band(scheme=scheme, **row) for row in bands)
    scored = set(scheme.components.exclude(seminar="").values_list("code", flat=True))
    RubricBand.objects.bulk_create(RubricBand(scheme=scheme, **row) for row in rubric if row["code"] in scored)
    PhaseTemplate.objects.bulk_create(
        PhaseTemplate(scheme=scheme, method=method, order=n, **row)
        for method, rows in entry["phases"].items()
        for n, row in enumerate(rows, 1)
    )
    scheme.published_at = timezone.now()
    scheme.save(update_fields=["published_at"])


def _create_components(
    scheme: RegulationScheme, rows: Sequence[dict[str, Any]], parent: ScoreComponent | None = None, order: int = 0
) -> int:
    """Create components and their parts, numbered through; a row for several methods becomes one each. Returns the last number."""
    for row in rows:
        facts = {name: value for name, value in row.items() if name not in {"parts", "methods"}}
        for method in row.get("methods", [""]):
            order += 1
            component = ScoreComponent.objects.create(scheme=scheme, parent=parent, order=order, method=method, **facts)
        order = _create_components(scheme, row.get("parts", []), component, order)
    return order


def load_curricula() -> None:
    """Create missing curricula with their values, and their subjects per method."""
    known = set(Curriculum.objects.values_list("code", flat=True))
    for entry in toml("curricula.toml")["curriculum"]:
        if entry["code"] in known:
            continue
        facts = {name: value for name, value in entry.items() if name not in {"values", "agenda"}}
        curriculum = Curriculum.objects.create(**facts)
        CurriculumValue.objects.bulk_create(
            CurriculumValue(curriculum=curriculum, order=n, name=name) for n, name in enumerate(entry["values"], 1)
        )
        AgendaSubject.objects.bulk_create(_subjects(curriculum, entry["agenda"]))
        curriculum.published_at = timezone.now()
        curriculum.save(update_fields=["published_at"])


def _subjects(curriculum: Curriculum, agendas: list[dict[str, Any]]) -> Iterator[AgendaSubject]:
    order = 0
    for agenda in agendas:
        for subject in agenda["subjects"]:
            order += 1
            for method, hours in subject.items():
                if method != "name":
                    yield AgendaSubject(
                        curriculum=curriculum, method=method, order=order, agenda=agenda["name"], name=subject["name"], hours=hours
                    )


def load_requirements() -> None:
    """Create missing lines of the national dossier checklist."""
    known = set(DossierRequirement.objects.filter(institute=None, method="").values_list("code", flat=True))
    DossierRequirement.objects.bulk_create(
        DossierRequirement(order=n, **row) for n, row in enumerate(toml("places.toml")["requirement"], 1) if row["code"] not in known
    )


def load_answer_times() -> None:
    """Create missing answer times."""
    known = set(AnswerTime.objects.values_list("code", flat=True))
    AnswerTime.objects.bulk_create(AnswerTime(**row) for row in toml("answer_times.toml")["answer_time"] if row["code"] not in known)
