"""Taking a whole import back, as far as nobody has touched its people since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import ForeignObjectRel, QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import IllegalMove, NotAllowed, Refused
from latsar.accounts.models import AuditEntry, User
from latsar.bulk import insert_rows, rows_like
from latsar.jobs.models import ItemState, Job, JobItem
from latsar.jobs.run import Runner
from latsar.jobs.services import request_job
from latsar.notices.enums import NoticeKind
from latsar.notices.services import notify
from latsar.ui.words import one_stop, thousands
from participants import policies
from participants.enums import ImportState, RowOutcome, Stage
from participants.imports import ImportRow, ParticipantImport
from participants.people import Participant, ParticipantStageChange
from participants.services.closing import settle_import
from participants.services.judging import locked_text
from participants.services.linking import follow_email
from participants.services.registration import take_fields
from participants.services.saving import save_touched

UNDO_TASK = "participants.undo_import"
VERB = "undo_import"
CHUNK_ROWS = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """What undoing would do with one written row: nothing, for the reason in `problem`, else take it back from `person`.

    A hidden one is about somebody whom only the uploader may be told of.
    """

    row: ImportRow
    person: Participant | None = None
    problem: str = ""
    is_hidden: bool = False

    @property
    def removes(self) -> bool:
        """Whether the person goes away again; else old values come back."""
        return self.row.outcome == RowOutcome.NEW


def judge_undo(upload: ParticipantImport, *, by: User) -> list[Verdict]:
    """Say for each row that an import wrote whether it can be taken back by `by`, in the order of the file. Reads only."""
    return [verdict for rows in _pages(upload) for verdict in _judge(upload, rows, by)]


@transaction.atomic
def request_undo(*, import_id: int, by: User) -> Job:
    """Ask for everything untouched of an import to be taken back as a job; asked again, it answers with the same job.

    The uploader may, and who sees the saved import: each row is judged by the rights of who asks. Raises NotAllowed, IllegalMove when the import is not saved, Refused when every row has been touched since.
    """
    upload = ParticipantImport.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=import_id).first()
    if upload is None:
        raise NotAllowed
    settle_import(import_id=upload.pk)
    upload.refresh_from_db()
    if upload.undo_job is not None and upload.state != ImportState.COMMITTED:
        return upload.undo_job
    if upload.state != ImportState.COMMITTED:
        raise IllegalMove(_("Hanya impor yang sudah tersimpan yang dapat diurungkan."))
    if not any(not verdict.problem for rows in _pages(upload) for verdict in _judge(upload, rows, by)):
        raise Refused(_("Tidak ada baris yang dapat diurungkan. Semua orangnya sudah disentuh sesudah impor."))
    upload.undo_job = request_job(
        task=UNDO_TASK,
        title=_("Mengurungkan impor %(file)s") % {"file": upload.filename},
        by=by,
        params={"import_id": upload.pk},
        total=upload.rows.written().count(),  # type: ignore[attr-defined]
        back_url=upload.get_absolute_url(),
    )
    upload.state = ImportState.UNDOING
    upload.save(update_fields=["undo_job", "state"])
    return upload.undo_job


def undo_rows(runner: Runner) -> None:
    """Take back the untouched rows of a job's import, chunk by chunk; called again after a crash it goes on with the rest.

    A row touched since becomes a skipped item of the job with its reason.
    """
    job, by = runner.job, runner.job.requested_by
    upload = ParticipantImport.objects.visible_to(by).filter(undo_job=job).first()
    if upload is None:
        raise NotAllowed
    if upload.state == ImportState.COMMITTED:  # a stopped job that is retried
        ParticipantImport.objects.filter(pk=upload.pk, undo_job=job).update(state=ImportState.UNDOING)
    undone = upload.rows.filter(undone_at__isnull=False).count()
    runner.start(total=undone + upload.rows.written().count(), done=undone)  # type: ignore[attr-defined]
    last, kept = 0, 0
    while numbers := list(_waiting(upload, last).values_list("number", flat=True)[:CHUNK_ROWS]):
        kept += undo_next_rows(import_id=upload.pk, numbers=numbers, by=by, job=job)
        last = numbers[-1]
        runner.advance(len(numbers))
    runner.say(_finish(upload, kept, by))


@transaction.atomic
def undo_next_rows(*, import_id: int, numbers: Sequence[int], by: User, job: Job) -> int:
    """Take back these rows where nobody touched their people since, all or none; return how many stay as they are.

    Locks the import, then its people in the order of their NIP, as saving does.
    """
    upload = ParticipantImport.objects.select_for_update().get(pk=import_id)
    rows = list(upload.rows.written().filter(number__in=numbers).order_by("number"))  # type: ignore[attr-defined]
    verdicts = [_account_comes_back(verdict, by) for verdict in _judge(upload, rows, by, lock=True)]
    going = [verdict for verdict in verdicts if not verdict.problem]
    _restore([verdict for verdict in going if not verdict.removes], upload, by)
    _remove([verdict for verdict in going if verdict.removes], upload, by)
    upload.rows.filter(pk__in=[verdict.row.pk for verdict in going]).update(undone_at=timezone.now())
    kept = [verdict for verdict in verdicts if verdict.problem]
    JobItem.objects.bulk_create([_item(job, verdict, upload) for verdict in kept], ignore_conflicts=True)
    return len(kept)


def _waiting(upload: ParticipantImport, after: int) -> QuerySet[ImportRow]:
    return upload.rows.written().filter(number__gt=after).order_by("number")  # type: ignore[attr-defined, no-any-return]


def _pages(upload: ParticipantImport) -> Iterator[list[ImportRow]]:
    last = 0
    while rows := list(_waiting(upload, last)[:CHUNK_ROWS]):
        last = rows[-1].number
        yield rows


def _judge(upload: ParticipantImport, rows: Sequence[ImportRow], by: User, *, lock: bool = False) -> list[Verdict]:
    wanted = Participant.objects.select_related("user").filter(pk__in=[row.person_id for row in rows]).order_by("nip")
    people = {person.pk: person for person in (wanted.select_for_update(of=("self",)) if lock else wanted)}
    added = [row.person_id for row in rows if row.outcome == RowOutcome.NEW and row.person_id and row.person_id in people]
    ties = _ties(added)
    verdicts = []
    for row in rows:
        person = people.get(row.person_id or 0)
        is_hidden = upload.uploaded_by_id != by.pk and (person is None or not policies.is_registrar(by, person))
        verdicts.append(Verdict(row, person, _problem(row, person, ties, by), is_hidden))
    return verdicts


def _problem(row: ImportRow, person: Participant | None, ties: dict[int, str], by: User) -> str:
    if person is None:
        return _("Orang ini sudah tidak ada di portal.")
    if not policies.is_registrar(by, person):
        return _("Anda tidak lagi berhak atas data orang ini.")
    if row.outcome == RowOutcome.NEW and person.stage != Stage.REGISTERED:
        return _("Tahapnya sudah maju: %(stage)s.") % {"stage": person.get_stage_display()}
    if person.version != (row.base_version or 0) + 1:
        return _("Datanya diubah lagi sesudah impor.")
    if row.outcome == RowOutcome.CHANGED:
        return "" if policies.can_edit(by, person) else locked_text(person)
    if person.user_id is not None:
        return _("Orang ini sudah punya akun portal.")
    return ties.get(person.pk, "")


def _ties(people: Sequence[int]) -> dict[int, str]:
    """Say of newly registered people what has been recorded about them since, in whatever table points at them."""
    ties: dict[int, str] = {}
    for relation in Participant._meta.get_fields(include_hidden=True):  # a relation without a name ties too
        if not isinstance(relation, ForeignObjectRel) or relation.many_to_many or relation.related_model is ParticipantStageChange:
            continue
        field = relation.field.name
        pointing = relation.related_model._base_manager.filter(**{f"{field}__in": people}).order_by()  # noqa: SLF001 - rows of every app
        name = capfirst(str(relation.related_model._meta.verbose_name))
        for person in pointing.values_list(field, flat=True).distinct():
            ties.setdefault(person, _("Sudah ada catatan lain tentang orang ini: %(what)s.") % {"what": name})
    moved = ParticipantStageChange.objects.filter(participant_id__in=people).exclude(action="register").order_by()
    for person in moved.values_list("participant_id", flat=True).distinct():
        ties.setdefault(person, _("Orang ini sudah pernah diajukan."))
    return ties


def _account_comes_back(verdict: Verdict, by: User) -> Verdict:
    """Move the account's address back with the person's; a row whose account stays where it is stays too."""
    if verdict.problem or verdict.removes or verdict.person is None or "email" not in verdict.row.changes:
        return verdict
    verdict.person.email = verdict.row.changes["email"][0]
    try:
        follow_email(verdict.person, by=by)
    except Refused as refusal:
        return replace(verdict, problem=" ".join(refusal.messages))
    return verdict


def _restore(verdicts: Sequence[Verdict], upload: ParticipantImport, by: User) -> None:
    entries = []
    touched: list[tuple[Participant, list[str]]] = []
    for verdict in verdicts:
        person, changes = verdict.person, verdict.row.changes
        assert person is not None
        take_fields(person, {name: old for name, (old, _new) in changes.items()})
        person.version, person.updated_at = person.version + 1, timezone.now()
        back = {name: [new, old] for name, (old, new) in changes.items()}
        entries.append(audit.entry(verb=VERB, obj=person, by=by, changes=back, note=_note(upload, verdict.row)))
        touched.append((person, list(changes)))
    save_touched(touched)
    audit.record_many(entries)


def _remove(verdicts: Sequence[Verdict], upload: ParticipantImport, by: User) -> None:
    """Delete people with the first line of their story; the audit trail keeps that they were registered and taken back."""
    people = {verdict.row: verdict.person for verdict in verdicts if verdict.person is not None}
    if not people:
        return
    like = rows_like(audit.entry(verb=VERB, obj=next(iter(people.values())), by=by))
    entries = [
        like(
            object_id=str(person.pk),
            object_label=str(person)[:200],
            satker_id=person.satker_id,
            province_id=person.province_id,
            note=_note(upload, row)[:500],
        )
        for row, person in people.items()
    ]
    insert_rows(AuditEntry, entries)
    Participant.objects.filter(pk__in=[person.pk for person in people.values()]).delete()


def _note(upload: ParticipantImport, row: ImportRow) -> str:
    return _("Impor %(file)s diurungkan, baris %(row)d") % {"file": upload.filename, "row": row.number}


def _item(job: Job, verdict: Verdict, upload: ParticipantImport) -> JobItem:
    row = verdict.row
    facts = {"row": row.number, "name": row.label}
    label = _("Baris %(row)d") % facts if verdict.is_hidden else _("Baris %(row)d, %(name)s") % facts
    return JobItem(
        job=job,
        position=row.number,
        ref=str(row.number),
        label=label[:200],
        state=ItemState.SKIPPED,
        message=verdict.problem[:500],
        fix_url=upload.get_absolute_url(),
    )


@transaction.atomic
def _finish(upload: ParticipantImport, kept: int, by: User) -> str:
    """Close the import as undone, with who and when, and say what came of it."""
    upload.undone_count = upload.rows.filter(undone_at__isnull=False).count()
    upload.state, upload.undone_by, upload.undone_at = ImportState.UNDONE, by, timezone.now()
    upload.save(update_fields=["undone_count", "state", "undone_by", "undone_at"])
    if by.pk != upload.uploaded_by_id:
        facts = {"file": upload.filename, "name": by.full_name}
        notify(
            user=upload.uploaded_by,
            text=lambda: one_stop(_("Impor %(file)s Anda diurungkan oleh %(name)s.") % facts),
            url=upload.get_absolute_url(),
            kind=NoticeKind.ACCOUNT,
        )
    audit.record(verb=VERB, obj=upload, by=by, changes={"undone": [None, upload.undone_count], "kept": [None, kept]})
    said = _("%(count)s baris diurungkan.") % {"count": thousands(upload.undone_count)}
    left = _("%(count)s baris dibiarkan.") % {"count": thousands(kept)}
    return f"{said} {left}" if kept else said
