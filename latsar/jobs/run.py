"""How a worker runs a job: claim the lease, beat while working, stop when told or replaced."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import BinaryIO

from celery import current_task
from django.core.files import File
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts.errors import NotAllowed, Refused
from latsar.jobs.models import ItemState, Job, JobItem, JobQuerySet, JobState

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
BEAT_SECONDS = 1.0
PAGE = 200


class JobCancelled(Exception):
    """The requester asked to stop."""


class LeaseLost(Exception):
    """Another worker took this job over after our heartbeat went stale."""


class Runner:
    """What the work sees of its job. Every write is fenced by the lease."""

    def __init__(self, job: Job, token: str) -> None:
        self.job = job
        self._token = token
        self._beaten = 0.0
        self._done, self._failed = job.done, job.failed

    def start(self, *, total: int, done: int = 0, failed: int = 0) -> None:
        """Set the size of the work; a resumed job starts from what its items already show."""
        self._done, self._failed = done, failed
        self._write(total=total, done=done, failed=failed, done_before=done + failed)

    def advance(self, by: int = 1) -> None:
        self._done += by
        self.beat()

    def fail(self, by: int = 1) -> None:
        self._failed += by
        self.beat()

    def say(self, message: str) -> None:
        self._write(message=message[:500])

    def beat(self) -> None:
        """Write progress at most once a second. Raises JobCancelled or LeaseLost."""
        if time.monotonic() - self._beaten >= BEAT_SECONDS:
            self.flush()

    def flush(self) -> None:
        self._write(done=self._done, failed=self._failed)
        if Job.objects.filter(pk=self.job.pk, cancel_requested=True).exists():
            raise JobCancelled

    def queued_items(self) -> Iterator[JobItem]:
        """Yield the items still to do, in order, after setting the counts from those that are done."""
        states = list(self.job.items.values_list("state", flat=True))
        finished = sum(s in {ItemState.DONE, ItemState.SKIPPED} for s in states)
        self.start(total=len(states), done=finished, failed=states.count(ItemState.FAILED))
        waiting, last = self.job.items.filter(state=ItemState.QUEUED).order_by("position"), 0
        # Whole pages, never an open cursor: a read left open would keep SQLite from writing between two items.
        while page := list(waiting.filter(position__gt=last)[:PAGE]):
            last = page[-1].position
            yield from page

    def finish_item(self, item: JobItem, state: ItemState, message: str = "", fix_url: str = "") -> None:
        """Settle the item and count it."""
        self.settle(item, state, message, fix_url)
        self.count(item)

    @staticmethod
    def settle(item: JobItem, state: ItemState, message: str = "", fix_url: str = "") -> None:
        """Write the item's state, in the transaction of the work that settled it."""
        item.state, item.message, item.fix_url = state, message[:500], fix_url
        item.save(update_fields=["state", "message", "fix_url"])

    def count(self, item: JobItem) -> None:
        """Count a settled item after its transaction: a cancellation raised here cannot undo it."""
        if item.state == ItemState.FAILED:
            self.fail()
        else:
            self.advance()

    def attach(self, stream: BinaryIO, name: str, *, keep: timedelta | None = None) -> None:
        """Keep the file that the requester downloads, for the time `keep` when it must not lie about."""
        self.beat()
        self.job.result_file.save(f"{self.job.pk}-{secrets.token_hex(8)}", File(stream), save=False)
        until = timezone.now() + keep if keep else None
        self._write(result_file=self.job.result_file.name, result_name=name, result_until=until)

    def _write(self, **fields: object) -> None:
        self._beaten = time.monotonic()
        if not Job.objects.filter(pk=self.job.pk, runner=self._token, state=JobState.RUNNING).update(heartbeat_at=timezone.now(), **fields):
            raise LeaseLost


def run_job(job_id: int, work: Callable[[Runner], None], *, stopped: Callable[[Job], None] | None = None) -> None:
    """Claim the job, run `work`, record how it ended. Safe to call twice or ten times at once.

    `work` must be idempotent: it is called again after a crash, at most MAX_ATTEMPTS times. `stopped` hears of a job that
    was cancelled, also before a worker came, or failed; it may hear of it twice. A Celery task takes only jobs of its own
    name: a message may outlive its database, and after a restore its number can be that of another job.
    """
    jobs = Job.objects.filter(pk=job_id, task=current_task.name) if current_task else Job.objects.filter(pk=job_id)
    _claim_and_work(jobs, work)
    job = jobs.filter(state__in=[JobState.CANCELLED, JobState.FAILED]).first() if stopped else None
    if stopped is not None and job is not None:
        stopped(job)


def _claim_and_work(jobs: JobQuerySet, work: Callable[[Runner], None]) -> None:
    token = secrets.token_hex(16)
    now = timezone.now()
    claimed = jobs.claimable().update(state=JobState.RUNNING, runner=token, heartbeat_at=now, started_at=now, attempts=F("attempts") + 1)
    if not claimed:
        return
    job = jobs.select_related("requested_by").get()
    runner = Runner(job, token)
    if job.attempts > MAX_ATTEMPTS:
        _end(
            job,
            token,
            JobState.FAILED,
            _("Pekerjaan ini sudah dicoba %(n)s kali dan selalu terputus. Ulangi, atau laporkan nomornya.") % {"n": MAX_ATTEMPTS},
        )
        return
    if job.cancel_requested:
        _end(job, token, JobState.CANCELLED, "")
        return
    try:
        work(runner)
        runner.flush()
    except LeaseLost:
        log.warning("job %s was taken over by another worker", job.pk)
        return
    except JobCancelled:
        _end(job, token, JobState.CANCELLED, _("Dihentikan atas permintaan Anda. Yang sudah selesai tetap tersimpan."))
        return
    except (Refused, NotAllowed) as no:
        _end(job, token, JobState.FAILED, " ".join(getattr(no, "messages", [])) or _("Anda tidak lagi berhak atas pekerjaan ini."))
        return
    except Exception:
        log.exception("job %s failed", job.pk)
        _end(
            job,
            token,
            JobState.FAILED,
            _("Terjadi kesalahan di portal. Yang sudah selesai tetap tersimpan; tekan Ulangi untuk meneruskan."),
        )
        return
    job.refresh_from_db()
    _end(job, token, JobState.PARTIAL if job.failed else JobState.DONE, job.message)


def _end(job: Job, token: str, state: JobState, message: str) -> None:
    Job.objects.filter(pk=job.pk, runner=token, state=JobState.RUNNING).update(
        state=state, message=message[:500], finished_at=timezone.now()
    )
