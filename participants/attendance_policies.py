"""Who writes attendance and the timetable. The same answers hide the buttons and guard the services."""

from __future__ import annotations

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.training.enums import BatchStage
from latsar.training.models import Batch, TrainingSession
from latsar.training.policies import can_run_batch

READERS = (Role.PKSDM, Role.PIMPINAN, Role.ADMIN_PROVINSI, Role.ADMIN_SATKER, Role.LEMBAGA)
WRITERS = (Role.PKSDM, Role.LEMBAGA)


def can_mark(user: User, batch: Batch) -> bool:
    """PKSDM and the institute of the batch, while it runs; nobody marks themselves, which the service sees to."""
    return batch.stage == BatchStage.RUNNING and can_run_batch(user, batch)


def can_correct(user: User, session: TrainingSession) -> bool:
    """Who may mark also corrects a closed session, with a reason."""
    return session.is_closed and can_mark(user, session.batch)


def can_report_pktbt(user: User, batch: Batch) -> bool:
    """The units for their own people, and PKSDM; which people is the query's to say."""
    return batch.stage in (BatchStage.OPEN, BatchStage.RUNNING) and user.has_role(Role.PKSDM, Role.ADMIN_PROVINSI, Role.ADMIN_SATKER)
