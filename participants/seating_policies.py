"""Who may place people, mark their phases and record their graduation."""

from __future__ import annotations

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.training.enums import BatchStage
from latsar.training.models import Batch


def can_place(user: User, batch: Batch) -> bool:
    """PKSDM, while the angkatan is open."""
    return batch.stage == BatchStage.OPEN and user.has_role(Role.PKSDM)


def can_mark_progress(user: User, batch: Batch) -> bool:
    """PKSDM, the institute of the batch, and units for their own people."""
    if user.has_role(Role.PKSDM, Role.ADMIN_PROVINSI, Role.ADMIN_SATKER):
        return True
    return batch.institute_id in user.scope.institute_ids


def can_see_graduation(user: User, batch: Batch) -> bool:
    """PKSDM and the batch's institute."""
    return user.has_role(Role.PKSDM) or batch.institute_id in user.scope.institute_ids


def can_undo_graduation(user: User) -> bool:
    """Only PKSDM takes a graduation back."""
    return user.has_role(Role.PKSDM)


def can_group(user: User, batch: Batch) -> bool:
    """PKSDM and the institute, until the batch is closed."""
    return batch.stage != BatchStage.CLOSED and can_see_graduation(user, batch)
