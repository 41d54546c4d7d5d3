from __future__ import annotations

from celery import shared_task

from latsar.accounts import sealing


@shared_task(name="accounts.seal_audit")
def seal_audit() -> int:
    """Seal what was written to the audit trail since the last round."""
    return sealing.seal_audit()


@shared_task(name="accounts.log_audit_head")
def log_audit_head() -> str:
    """Seal, then write the head of the chain to the log, so that a copy of it stands outside the database."""
    sealing.seal_audit()
    return sealing.log_head()
