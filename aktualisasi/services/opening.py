"""The habituasi that begins by itself: nobody has to open a page for it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from aktualisasi.gates import plan_approved_q
from aktualisasi.habituasi_progress import begun_phases
from aktualisasi.plan import Tahapan
from aktualisasi.rancangan import Rancangan
from aktualisasi.services.recording import open_works
from participants.enums import SEATED


def open_habituasi() -> int:
    """Open the tahapan of approved plans whose habituasi has begun and that lack rows; return how many rows were made or moved."""
    batches = [phase.batch_id for phase in begun_phases(timezone.localdate())]
    rows = Rancangan.objects.filter(plan_approved_q(), participant__batch_id__in=batches, participant__stage__in=SEATED)
    lacking = Tahapan.objects.filter(kegiatan__rancangan__in=rows).filter(Q(work=None) | Q(work__weeks=[], work__due_week=None))
    made = 0
    for pk in lacking.order_by().values_list("kegiatan__rancangan", flat=True).distinct():
        with transaction.atomic():
            rancangan = Rancangan.objects.select_for_update(of=("self",)).filter(pk=pk).first()
            made += open_works(rancangan) if rancangan is not None else 0
    return made
