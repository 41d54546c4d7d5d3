from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, F

from latsar.training.models import Batch, RegulationScheme
from latsar.training.weights import tree_for, weight_problems


def broken() -> Iterator[str]:
    """Yield schemes whose weights do not add up to 100 and batches whose chairs are not their capacity."""
    for scheme in RegulationScheme.objects.published().prefetch_related("components", "phase_templates"):
        for method in sorted({template.method for template in scheme.phase_templates.all()}):
            for problem in weight_problems(tree_for(scheme.components.all(), method)):
                yield f"scheme {scheme.code}, {method}: {problem}"
    for batch in Batch.objects.annotate(chairs=Count("seats")).exclude(chairs=F("capacity")):
        yield f"batch {batch.pk}: {batch.chairs} seats for a capacity of {batch.capacity}"
