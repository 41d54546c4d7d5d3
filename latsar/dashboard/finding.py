"""What the one box of the top bar finds beside people: units, batches and issued documents within the reader's scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from latsar.accounts.models import User
from latsar.documents.models import IssuedDocument
from latsar.satker.models import Satker, SatkerKind
from latsar.training.models import Batch
from latsar.ui.numbers import only_digits

SHOWN = 10
NIP_DIGITS = 4
"""From here on figures are a piece of a NIP, never a batch or a region."""


@dataclass(frozen=True)
class Found:
    units: Sequence[tuple[Satker, str]]
    batches: Sequence[Batch]
    documents: Sequence[IssuedDocument]

    def __bool__(self) -> bool:
        return bool(self.units or self.batches or self.documents)


def find(user: User, text: str) -> Found:
    """Find a few units, batches and documents; nothing at all for what can only be a NIP."""
    figures = text.replace(" ", "")
    if not text or (only_digits(figures) and len(figures) >= NIP_DIGITS):
        return Found((), (), ())
    units = Satker.objects.visible_to(user).active().search(text).order_by("code")[:SHOWN]
    batches = Batch.objects.visible_to(user).search(text).select_related("institute")[:SHOWN]
    documents = IssuedDocument.objects.visible_to(user).published().filter(number__icontains=text) if _looks_numbered(text) else ()
    return Found([(unit, _people_of(unit)) for unit in units], list(batches), list(documents[:SHOWN]))


def _looks_numbered(text: str) -> bool:
    """Whether this may be a piece of a document's number, such as 0012/SDM: names never hold a slash."""
    return "/" in text


def _people_of(unit: Satker) -> str:
    key = "provinsi" if unit.kind == SatkerKind.PROVINCE else "satker"
    return f"{reverse('participant_list')}?{urlencode({key: unit.code})}"
