"""The bulk issue without the web: the same service, the same job row, worked here."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from latsar.accounts.errors import Refused
from latsar.accounts.models import User
from latsar.jobs.models import ItemState, Job
from latsar.jobs.run import run_job
from latsar.training.models import Batch
from participants import policies
from participants.certificate_roll import Roll, Standing, roll_of
from participants.services import certificates

CANNOT = 2
POLL_SECONDS = 0.5


class Command(BaseCommand):
    help = "Issue the certificates of a batch in the name of an account."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", type=int, required=True, help="id of the batch")
        parser.add_argument("--as", dest="username", required=True, help="account in whose name the certificates are issued")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        begun = time.monotonic()
        by, roll = _check(options["batch"], options["username"])
        counts = {"issued": 0, "skipped": roll.count(Standing.ISSUED), "failed": 0}
        errors: list[dict[str, str]] = []
        if roll.to_issue:
            job = _work(certificates.issue_batch_certificates(batch_id=options["batch"], by=by))
            settled = list(job.items.values_list("state", "label", "message"))
            counts["issued"] = sum(state == ItemState.DONE for state, _label, _message in settled)
            counts["skipped"] += sum(state == ItemState.SKIPPED for state, _label, _message in settled)
            errors = [{"name": label, "message": message} for state, label, message in settled if state == ItemState.FAILED]
            counts["failed"] = len(errors)
        report = counts | {"seconds": round(time.monotonic() - begun, 2), "errors": errors}
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        for error in errors:
            self.stdout.write(f"{error['name']}: {error['message']}")
        self.stdout.write(_("%(issued)d terbit, %(skipped)d sudah ada, %(failed)d gagal, %(seconds).1f detik.") % report)


def _check(batch_id: int, username: str) -> tuple[User, Roll]:
    try:
        by = User.objects.get_by_natural_key(username)
    except User.DoesNotExist:
        raise CommandError(_("Tidak ada akun bernama %(name)s.") % {"name": username}, returncode=CANNOT) from None
    if not policies.can_issue_certificates(by):
        raise CommandError(_("Akun %(name)s tidak berhak menerbitkan sertifikat.") % {"name": username}, returncode=CANNOT)
    batch = Batch.objects.visible_to(by).filter(pk=batch_id).first()
    if batch is None:
        raise CommandError(_("Tidak ada angkatan bernomor %(id)d.") % {"id": batch_id}, returncode=CANNOT)
    try:
        certificates.issuer()
    except Refused as no:
        raise CommandError(no.messages[0], returncode=CANNOT) from None
    return by, roll_of(batch, by)


def _work(job: Job) -> Job:
    """Run the job here; a worker that was quicker is waited for, and taken over from when it dies."""
    run_job(job.pk, certificates.issue_items)
    job.refresh_from_db()
    while job.is_open:
        time.sleep(POLL_SECONDS)
        run_job(job.pk, certificates.issue_items)
        job.refresh_from_db()
    return job
