"""Scores after they are final: objections and their answers, remedials, mistakes. One proposes, another decides."""

from __future__ import annotations

from decimal import Decimal

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import IllegalMove, NotAllowed, Refused
from latsar.accounts.models import User
from latsar.notices.enums import NoticeKind
from latsar.notices.services import News, notify_many
from latsar.training.models import Batch, ScoreComponent
from participants.enums import Stage
from participants.models import Participant
from participants.scoring import policies, reading
from participants.scoring.enums import CorrectionKind, CorrectionState, ObjectionState, Outcome, ScoreSource, SheetState
from participants.scoring.results import Objection, Result, ScoreCorrection
from participants.scoring.scores import Score, ScoreChange
from participants.services.results import compute_results, record_change
from participants.services.scoring import locked_batch, locked_sheet

SETTLED = (SheetState.FINAL, SheetState.PUBLISHED)


@transaction.atomic
def file_objection(*, batch_id: int, participant_id: int, component_id: int, text: str, by: User) -> Objection:
    """Object to one's own published score of one component, within the scheme's time. Raises Refused, NotAllowed."""
    person = Participant.objects.visible_to(by).select_related("batch").filter(pk=participant_id, batch_id=batch_id).first()
    if person is None or person.batch is None or not policies.can_object(by, person):
        raise NotAllowed
    sheet = reading.sheet_of(person.batch)
    if sheet.state != SheetState.PUBLISHED:
        raise Refused(_("Nilai belum diumumkan, jadi belum ada yang dapat disanggah."))
    if sheet.objections_until is None or timezone.localdate() > sheet.objections_until:
        raise Refused(_("Masa sanggah sudah berakhir. Hubungi lembaga atau PKSDM."))
    component = _leaf(person.batch, component_id)
    try:
        with transaction.atomic():
            row = Objection.objects.create(batch=person.batch, participant=person, component=component, text=text.strip())
    except IntegrityError:
        raise Refused(_("Sanggahan Anda untuk %(name)s masih menunggu jawaban.") % {"name": component.name}) from None
    audit.record(verb="file_objection", obj=person, by=by, changes={"component": [None, component.name]})
    return row


def _leaf(batch: Batch, component_id: int) -> ScoreComponent:
    found = next((leaf for leaf in reading.tree_of(batch).leaves if leaf.pk == component_id), None)
    if found is None:
        raise NotAllowed
    return found


@transaction.atomic
def reject_objection(*, objection_id: int, answer: str, by: User) -> Objection:
    """Answer that the score stays, with the reason. Raises IllegalMove once it was answered, NotAllowed, Refused."""
    row = _locked_objection(objection_id, by)
    if row.state != ObjectionState.FILED:
        raise IllegalMove(_("Sanggahan ini sudah dijawab."))
    if not answer.strip():
        raise Refused({"answer": _("Tulis jawabannya, supaya peserta mengerti.")})
    _answer(row, ObjectionState.REJECTED, answer, by)
    return row


def _answer(row: Objection, state: ObjectionState, answer: str, by: User) -> None:
    row.state, row.answer, row.answered_by, row.answered_at = state, answer.strip(), by, timezone.now()
    row.save()
    audit.record(verb="answer_objection", obj=row.participant, by=by, changes={"state": [None, state]})
    _tell(row.participant, _("Sanggahan nilai Anda sudah dijawab."), row.batch)


def _tell(person: Participant, text: str, batch: Batch) -> None:
    if person.user is not None:
        url = reverse("result_detail", args=[batch.pk, person.pk])
        notify_many(news=[News(person.user, lambda: text, NoticeKind.PLACEMENT, url, lambda: _("Lihat nilai"))])


def _locked_objection(objection_id: int, by: User) -> Objection:
    row = Objection.objects.visible_to(by).select_related("batch", "participant__user").filter(pk=objection_id).first()
    if row is None or not policies.can_correct(by, row.batch, row.participant):
        raise NotAllowed
    return Objection.objects.select_for_update(of=("self",)).select_related("batch", "participant__user", "component").get(pk=row.pk)


@transaction.atomic
def propose_correction(
    *,
    batch_id: int,
    participant_id: int,
    component_id: int,
    rater: int,
    kind: str,
    new: Decimal,
    reason: str,
    by: User,
    objection_id: int | None = None,
) -> ScoreCorrection:
    """Propose another value for a settled score; it counts once a second person agrees.

    A remedial adds a score beside the first one, and only for who is to take one. Raises Refused, NotAllowed.
    """
    batch = locked_batch(batch_id, by)
    person = Participant.objects.visible_to(by).filter(pk=participant_id, batch=batch).first()
    if person is None or not policies.can_correct(by, batch, person):
        raise NotAllowed
    leaf = _leaf(batch, component_id)
    if not 1 <= rater <= leaf.raters:
        raise NotAllowed
    sheet = locked_sheet(batch)
    if sheet.state not in SETTLED:
        raise Refused(_("Nilai belum final: ubah langsung di lembar nilai."))
    if person.stage == Stage.GRADUATED:
        raise Refused(_("%(name)s sudah dicatat lulus. Batalkan kelulusannya dahulu.") % {"name": person.full_name})
    if not reason.strip():
        raise Refused({"reason": _("Tulis alasannya, supaya yang memutuskan mengerti.")})
    result = Result.objects.filter(batch=batch, participant=person).first()
    if kind == CorrectionKind.REMEDIAL and (result is None or result.outcome != Outcome.REMEDIAL):
        raise Refused(_("%(name)s tidak berada dalam remedial.") % {"name": person.full_name})
    objection = _locked_objection(objection_id, by) if objection_id is not None else None
    if objection is not None and (objection.state != ObjectionState.FILED or objection.component_id != leaf.pk):
        raise IllegalMove(_("Sanggahan ini sudah dijawab."))
    rows = Score.objects.filter(batch=batch, participant=person, component=leaf, rater=rater)
    stored = rows.filter(is_remedial=kind == CorrectionKind.REMEDIAL).first() or rows.filter(is_remedial=False).first()
    try:
        with transaction.atomic():
            row = ScoreCorrection.objects.create(
                batch=batch,
                participant=person,
                component=leaf,
                rater=rater,
                kind=kind,
                objection=objection,
                old=stored.value if stored else None,
                new=new,
                reason=reason.strip(),
                proposed_by=by,
            )
    except IntegrityError:
        raise Refused(_("Perubahan untuk nilai ini masih menunggu orang kedua.")) from None
    if objection is not None:
        objection.state = ObjectionState.PROPOSED
        objection.save(update_fields=["state"])
    changes = {leaf.name: [str(row.old) if row.old is not None else None, str(new)]}
    audit.record(verb="propose_correction", obj=sheet, by=by, changes=changes, note=person.nip)
    return row


@transaction.atomic
def decide_correction(*, correction_id: int, agrees: bool, by: User, note: str = "") -> ScoreCorrection:
    """Let a second person agree or refuse. Agreeing writes the score and computes the result again.

    Raises NotAllowed, Refused when the same person proposed it or the score moved since, IllegalMove once decided.
    """
    found = ScoreCorrection.objects.visible_to(by).select_related("batch", "participant").filter(pk=correction_id).first()
    if found is None or not policies.can_correct(by, found.batch, found.participant):
        raise NotAllowed
    batch = locked_batch(found.batch_id, by)
    sheet = locked_sheet(batch)
    row = (
        ScoreCorrection.objects.select_for_update(of=("self",))
        .select_related("participant__user", "component", "objection")
        .get(pk=found.pk)
    )
    if row.state != CorrectionState.PROPOSED:
        raise IllegalMove(_("Perubahan ini sudah diputus."))
    if row.proposed_by_id == by.pk:
        raise Refused(_("Anda yang mengusulkan, jadi yang memutuskan harus orang lain."))
    if not agrees and not note.strip():
        raise Refused({"note": _("Tulis alasan penolakannya.")})
    row.state = CorrectionState.APPLIED if agrees else CorrectionState.REFUSED
    row.decided_by, row.decided_at, row.decision_note = by, timezone.now(), note.strip()
    row.save()
    if agrees:
        _apply(batch, row, by)
    if row.objection is not None:
        _settle_objection(row.objection, row, by, agrees=agrees)
    audit.record(verb="decide_correction", obj=sheet, by=by, changes={"state": ["proposed", row.state]}, note=row.participant.nip)
    return row


def _apply(batch: Batch, row: ScoreCorrection, by: User) -> None:
    is_remedial = row.kind == CorrectionKind.REMEDIAL
    rows = Score.objects.filter(
        batch=batch, participant_id=row.participant_id, component_id=row.component_id, rater=row.rater, is_remedial=is_remedial
    )
    score = rows.first()
    old = score.value if score else None
    if score is None:
        score = Score(
            batch=batch,
            participant_id=row.participant_id,
            component_id=row.component_id,
            rater=row.rater,
            is_remedial=is_remedial,
            version=0,
        )
    elif not is_remedial and old != row.old:
        raise Refused(_("Nilai ini berubah sejak diusulkan. Tolak usulan ini, lalu buat yang baru."))
    score.value, score.entered_by, score.entered_at = row.new, row.proposed_by, timezone.now()
    score.version += 1
    score.save()
    ScoreChange.objects.create(
        batch=batch,
        participant_id=row.participant_id,
        component_id=row.component_id,
        rater=row.rater,
        is_remedial=is_remedial,
        old=old,
        new=row.new,
        version=score.version,
        source=ScoreSource.CORRECTION,
        reason=row.reason,
        by=row.proposed_by,
    )
    before = Result.objects.select_related("participant").filter(batch=batch, participant_id=row.participant_id).first()
    compute_results(batch=batch, by=by, participant_ids=[row.participant_id])
    after = Result.objects.select_related("participant").filter(batch=batch, participant_id=row.participant_id).first()
    record_change(batch, before, after, by)


def _settle_objection(objection: Objection, row: ScoreCorrection, by: User, *, agrees: bool) -> None:
    if agrees:
        _answer(objection, ObjectionState.UPHELD, row.reason, by)
        return
    objection.state = ObjectionState.FILED
    objection.save(update_fields=["state"])
    ScoreCorrection.objects.filter(pk=row.pk).update(objection=None)
