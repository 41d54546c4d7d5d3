from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, F, Q

from latsar.training.enums import BatchStage
from latsar.training.models import Batch, RegulationScheme, SeatRequest
from latsar.training.rule_lines import band_problems, lines_of_scheme
from latsar.training.weights import tree_for, weight_problems


def broken() -> Iterator[str]:
    """Yield published schemes that are not whole, batches whose chairs or rules are not as promised, and granted seats used twice."""
    for scheme in RegulationScheme.objects.published().prefetch_related("components", "phase_templates", "bands"):
        for problem in band_problems(lines_of_scheme(scheme).bands) if scheme.bands.all() else ():
            yield f"scheme {scheme.code}: {problem}"
        for method in sorted({template.method for template in scheme.phase_templates.all()}):
            for problem in weight_problems(tree_for(scheme.components.all(), method)):
                yield f"scheme {scheme.code}, {method}: {problem}"
    for batch in Batch.objects.annotate(chairs=Count("seats")).exclude(chairs=F("capacity")):
        yield f"batch {batch.pk}: {batch.chairs} seats for a capacity of {batch.capacity}"
    drafts = Q(scheme__published_at=None) | Q(curriculum__published_at=None)
    for pk in Batch.objects.filter(drafts).exclude(stage=BatchStage.DRAFT).values_list("pk", flat=True):
        yield f"batch {pk}: opened with rules that are a draft"
    for pk, used, left in SeatRequest.objects.with_use().values_list("pk", "used", "left"):  # type: ignore[misc]  # annotated
        if used and left < 0:
            yield f"seat request {pk}: {-left} seats more in batches than were granted"
