"""A few people of NTT off the straight way: one deferred, one extended, one proposal that waits for PKSDM."""

from __future__ import annotations

from datetime import timedelta

from aktualisasi.demo.accounts import Cast
from aktualisasi.demo.batches import Rules
from aktualisasi.demo.sample_pdf import sample_rancangan
from latsar.accounts.models import User
from participants.enums import MovementKind, MovementReason, Stage
from participants.models import Participant
from participants.services.movement import Evidence, MovementFacts, propose_movement


def record(rules: Rules, cast: Cast) -> None:
    """Go through the service of the page, so that story, audit and seats agree."""
    ntt = Participant.objects.filter(province__code="53", user=None).order_by("deadline", "pk")
    waiting = ntt.filter(stage=Stage.APPROVED)
    _say(
        waiting.filter(sex="P").first(),
        by=cast.users["provinsi.ntt"],
        kind=MovementKind.DEFER,
        reason=MovementReason.BIRTH,
        note="Cuti melahirkan sesuai surat cuti.",
        effective_on=rules.today - timedelta(days=3),
        until=rules.today + timedelta(days=75),
    )
    late = waiting.last()
    _say(
        late,
        by=cast.users["pksdm"],
        evidence=Evidence(sample_rancangan(), "Surat perpanjangan.pdf"),
        kind=MovementKind.EXTEND,
        reason=MovementReason.FACILITIES,
        note="Kursi BPSDM NTT baru tersedia pada gelombang berikutnya.",
        effective_on=rules.today - timedelta(days=10),
        until=late.deadline + timedelta(days=184) if late else None,
        basis_number="1182/SDM.05-SD/04/2026",
        basis_date=rules.today - timedelta(days=10),
    )
    _say(
        ntt.filter(stage=Stage.PLACED).first(),
        by=cast.users["pksdm"],
        kind=MovementKind.DEFER,
        reason=MovementReason.ILLNESS,
        note="Rawat inap menurut surat keterangan rumah sakit.",
        effective_on=rules.today - timedelta(days=1),
        until=rules.today + timedelta(days=30),
    )


def _say(person: Participant | None, *, by: User, evidence: Evidence | None = None, **said: object) -> None:
    if person is not None:
        propose_movement(participant_id=person.pk, facts=MovementFacts(**said), by=by, evidence=evidence)  # type: ignore[arg-type]
