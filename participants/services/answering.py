"""The verifier's answer to one file: its documents and the file as a whole, in one step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from latsar.accounts.errors import NotAllowed
from latsar.accounts.models import User
from participants.dossier.checklist import lines_of
from participants.enums import Stage
from participants.field_notes import PRIVATE_FIELD, FieldNote, field_label, shown_value
from participants.models import Participant
from participants.services.dossier import move_document
from participants.services.verification import NOTE_LIMIT, locked_participant, move_participant
from participants.workflow import MOVES


@dataclass(frozen=True, slots=True)
class DocumentAnswer:
    """What the verifier says about one document: `accept`, or `return` with the reason."""

    document_id: int
    action: str
    note: str = ""


@transaction.atomic
def answer_documents(*, participant_id: int, answers: Iterable[DocumentAnswer], by: User) -> int:
    """Apply the answers to the documents of one person, all or none; return how many.

    Raises NotAllowed, also for a document of somebody else, IllegalMove when a document was replaced or answered meanwhile, Refused without a reason.
    """
    count = 0
    for answer in answers:
        document = move_document(document_id=answer.document_id, action=answer.action, by=by, note=answer.note)
        if document.participant_id != participant_id:
            raise NotAllowed
        count += 1
    return count


@transaction.atomic
def answer_file(
    *,
    participant_id: int,
    action: str,
    answers: Iterable[DocumentAnswer],
    by: User,
    version: int | None = None,
    note: str = "",
    field_notes: Mapping[str, str] | None = None,
) -> Participant:
    """Answer the documents and move the file, all or none; `field_notes` maps a field to what is wrong with it.

    A file that goes back without a word of its own says what its returned documents say. Raises as answer_documents
    and move_participant do; a file that changed since `version` is refused before anything in it is answered.
    """
    locked_participant(participant_id, by, version)
    answer_documents(participant_id=participant_id, answers=answers, by=by)
    if MOVES[action].needs_note and not note.strip():
        person = Participant.objects.visible_to(by).select_related("batch").get(pk=participant_id)
        told = [
            field_label(name) if name == PRIVATE_FIELD else f"{field_label(name)}: {text}" for name, text in (field_notes or {}).items()
        ]
        note = ". ".join([*told, *_returned(person)])[:NOTE_LIMIT]
    moved = move_participant(participant_id=participant_id, action=action, by=by, note=note)
    if MOVES[action].target == Stage.RETURNED:
        _note_fields(moved, field_notes or {}, by)
    return moved


def _note_fields(person: Participant, notes: Mapping[str, str], by: User) -> None:
    now = timezone.now()
    person.field_notes.unsettled().update(settled_at=now)
    FieldNote.objects.bulk_create(
        FieldNote(participant=person, field=name, text=text, value=shown_value(person, name)[:250], by=by, at=now)
        for name, text in notes.items()
    )


def _returned(person: Participant) -> list[str]:
    lines = lines_of(person, timezone.localdate())
    return [f"{line.name}: {line.document.reason}" for line in lines if line.document and line.document.reason]
