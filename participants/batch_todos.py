"""What PKSDM does for whole angkatan: open, start and close them, and issue certificates in them; read in one query."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from latsar.accounts.models import User
from latsar.dashboard.registry import Todo
from latsar.training.models import Batch
from participants import batch_home, certificate_home


def of_batches(user: User, today: date) -> Sequence[Todo]:
    """Name the angkatan to move, then those in which certificates wait."""
    moving, waiting = batch_home.to_move_in(user, today), certificate_home.to_issue_in(user)
    either = Q(pk__in=moving.values("pk")) | Q(pk__in=waiting.values("pk"))
    rows = certificate_home.with_waiting(batch_home.with_training(Batch.objects.visible_to(user).filter(either), user), user)
    found = list(rows.select_related("institute"))
    return [*batch_home.move_todos(found, today), *certificate_home.issue_todos(found)]
