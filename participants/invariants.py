from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.db.models import Count, F, OuterRef, Q, Subquery

from latsar.documents.models import DocumentState
from latsar.training.models import TrainingSession
from participants.enums import Stage
from participants.models import (
    ActivationSlip,
    Attendance,
    AttendanceChange,
    Certificate,
    DossierDocument,
    Invitation,
    Participant,
    ParticipantStageChange,
    Placement,
)
from participants.scoring import invariants as score_invariants

SEATED = (Stage.PLACED, Stage.TRAINING, Stage.GRADUATED)


def broken() -> Iterator[str]:
    """Yield each person whose row, seat, story or certificate contradict one another."""
    for pk in Participant.objects.exclude(province_id=F("satker__province_id")).values_list("pk", flat=True):
        yield f"participant {pk}: province differs from the satker's"
    seated = Placement.objects.active()
    for pk in Participant.objects.filter(stage__in=SEATED).exclude(pk__in=seated.values("participant_id")).values_list("pk", flat=True):
        yield f"participant {pk}: seated without a seat"
    for placement in seated.exclude(participant__batch_id=F("seat__batch_id")):
        yield f"participant {placement.participant_id}: seat and batch differ"
    for placement in seated.exclude(participant__stage__in=SEATED):
        yield f"participant {placement.participant_id}: has a seat but is {placement.participant.stage}"
    begun = Participant.objects.filter(stage__in=(Stage.TRAINING, Stage.GRADUATED), latsar_entries=0)
    for pk in begun.values_list("pk", flat=True):
        yield f"participant {pk}: in Latsar without having begun it"
    last = ParticipantStageChange.objects.filter(participant=OuterRef("pk")).order_by("-at", "-pk").values("new")[:1]
    for pk in Participant.objects.annotate(told=Subquery(last)).filter(~Q(told=F("stage")) | Q(told=None)).values_list("pk", flat=True):
        yield f"participant {pk}: stage and story differ"
    yield from _seats()
    yield from _certificates()
    yield from _slips()
    yield from _documents()
    yield from _attendance()
    yield from score_invariants.broken()


def _attendance() -> Iterator[str]:
    """Yield marks that their story does not tell, and closed sessions without a mark."""
    last = AttendanceChange.objects.filter(attendance=OuterRef("pk")).order_by("-at", "-pk").values("new")[:1]
    told = Attendance.objects.annotate(told=Subquery(last))
    for pk in told.filter(~Q(told=F("mark")) | Q(told=None)).values_list("pk", flat=True):
        yield f"attendance {pk}: mark and story differ"
    for pk in TrainingSession.objects.exclude(closed_at=None).filter(attendances=None).values_list("pk", flat=True):
        yield f"session {pk}: closed without a mark"


def _seats() -> Iterator[str]:
    """Say again, by counting, what the unique constraints promise."""
    active = Placement.objects.active()
    for seat in active.values("seat").annotate(n=Count("pk")).filter(n__gt=1):
        yield f"seat {seat['seat']}: {seat['n']} people"
    for person in active.values("participant").annotate(n=Count("pk")).filter(n__gt=1):
        yield f"participant {person['participant']}: {person['n']} seats"
    for row in active.values("seat__batch", "seat__batch__capacity").annotate(n=Count("pk")).filter(n__gt=F("seat__batch__capacity")):
        yield f"batch {row['seat__batch']}: {row['n']} people on {row['seat__batch__capacity']} seats"


def _certificates() -> Iterator[str]:
    for row in Certificate.objects.current().values("participant", "batch").annotate(n=Count("pk")).filter(n__gt=1):
        yield f"participant {row['participant']}: {row['n']} certificates for batch {row['batch']}"
    for certificate in Certificate.objects.filter(revoked=True).exclude(document__state=DocumentState.REVOKED):
        yield f"certificate {certificate.pk}: revoked, its document is not"
    for certificate in Certificate.objects.current().filter(document__state=DocumentState.REVOKED):
        yield f"certificate {certificate.pk}: counts, but its document is revoked"


def _documents() -> Iterator[str]:
    """Yield dossier files, earlier ones too, that are missing or not the bytes that were kept."""
    seen: dict[str, str] = {}
    for name, digest in DossierDocument.objects.order_by("file").values_list("file", "sha256").iterator():
        if name not in seen:
            seen = {name: _digest(name)}
        if seen[name] != digest:
            yield f"dossier file {name}: {'missing' if not seen[name] else 'differs from its SHA-256'}"


def _digest(name: str) -> str:
    if not default_storage.exists(name):
        return ""
    with default_storage.open(name) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]


def _slips() -> Iterator[str]:
    for slip in ActivationSlip.objects.filter(used_at__isnull=False).exclude(participant__user__isnull=False):
        yield f"slip {slip.pk}: used, but its person has no account"
    newest = ActivationSlip.objects.filter(participant=OuterRef("participant")).order_by("-printed_at", "-pk").values("pk")[:1]
    for invitation in Invitation.objects.annotate(newest=Subquery(newest)).exclude(slip=None).exclude(slip=F("newest")):
        yield f"participant {invitation.participant_id}: the invitation does not point at the newest slip"
