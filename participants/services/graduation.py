"""The record that somebody passed: qualification and date, taken back only by PKSDM."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from latsar.training.models import Batch
from participants import seating_policies as policies
from participants.models import Certificate, Participant, ScoreSheet
from participants.services.results import check_graduation_day
from participants.services.verification import move_participant


@transaction.atomic
def graduate_participants(*, batch_id: int, participant_ids: Iterable[int], qualification: str, graduated_on: date, by: User) -> int:
    """Record these people of one angkatan as passed: all of them or nobody.

    `qualification` is one of the passing bands of the angkatan's scheme. Raises Refused beside the field concerned.
    """
    batch = Batch.objects.visible_to(by).select_related("scheme").filter(pk=batch_id).first()
    wanted = sorted(set(participant_ids))
    if batch is None or not wanted or not policies.can_see_graduation(by, batch):
        raise NotAllowed
    if ScoreSheet.objects.filter(batch=batch).exists():
        raise Refused(_("Angkatan ini memiliki lembar nilai: kelulusannya mengikuti nilai yang diumumkan."))
    _check(batch, qualification, graduated_on)
    if Participant.objects.visible_to(by).filter(pk__in=wanted, batch=batch).count() != len(wanted):
        raise NotAllowed
    for participant_id in wanted:
        facts = {"qualification": qualification, "graduated_on": graduated_on}
        move_participant(participant_id=participant_id, action="graduate", by=by, facts=facts)
    return len(wanted)


@transaction.atomic
def undo_graduation(*, participant_id: int, reason: str, by: User) -> Participant:
    """Put a person back into training, with the reason; a certificate that counts must be revoked first."""
    if not policies.can_undo_graduation(by):
        raise NotAllowed
    if Certificate.objects.visible_to(by).current().filter(participant_id=participant_id).exists():
        raise Refused(_("Sertifikatnya sudah terbit. Cabut sertifikat itu dahulu, lalu batalkan kelulusannya."))
    facts = {"qualification": "", "graduated_on": None}
    return move_participant(participant_id=participant_id, action="undo_graduate", by=by, note=reason, facts=facts)


def _check(batch: Batch, qualification: str, graduated_on: date) -> None:
    if not batch.scheme.bands.filter(name=qualification, passes=True).exists():
        raise Refused({"qualification": _("Pilih salah satu kualifikasi lulus dari skema %(scheme)s.") % {"scheme": batch.scheme}})
    check_graduation_day(batch, graduated_on)
