from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, F, Sum

from latsar.training.models import Batch, RegulationScheme


def broken() -> Iterator[str]:
    """Yield schemes whose weights do not add up to 100 and batches whose chairs are not their capacity."""
    for scheme in RegulationScheme.objects.annotate(total=Sum("components__weight")).exclude(total=100):
        yield f"scheme {scheme.code}: weights add up to {scheme.total}"
    for batch in Batch.objects.annotate(chairs=Count("seats")).exclude(chairs=F("capacity")):
        yield f"batch {batch.pk}: {batch.chairs} seats for a capacity of {batch.capacity}"
