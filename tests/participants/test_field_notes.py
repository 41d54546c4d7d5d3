"""What a verifier says about single fields, and where the satker reads it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from participants.enums import Stage
from participants.field_notes import NOTE_LETTERS
from participants.models import FieldNote, Participant
from participants.services.registration import update_participant
from participants.services.verification import move_participant
from tests import factories


@pytest.fixture
def person(cast) -> Participant:
    return factories.ParticipantFactory(satker=cast.kupang, stage=Stage.SUBMITTED, birth_place="Ende")


def answer(client, person, **said: str):
    return client.post(reverse("verification_queue"), {"orang": person.pk, "putusan": "kembali", **said})


def test_return_with_notes_shows_them_beside_the_fields_of_the_satker(cast, sign_in, person):
    answer(sign_in(cast.provinsi_a), person, isian_birth_place="Menurut SK: Kupang", isian_phone="  ", note="Lihat SK.")
    person.refresh_from_db()
    note = FieldNote.objects.get()
    assert (person.stage, person.return_note) == (Stage.RETURNED, "Lihat SK.")
    assert (note.field, note.text, note.value, note.by) == ("birth_place", "Menurut SK: Kupang", "Ende", cast.provinsi_a)
    satker = sign_in(cast.admin_kupang)
    form = satker.get(reverse("participant_edit", args=[person.pk])).context["form"]
    assert "Catatan verifikator: Menurut SK: Kupang" in str(form["birth_place"].help_text)
    assert "Catatan verifikator" not in str(form["phone"].help_text)
    assert f"{reverse('participant_edit', args=[person.pk])}#id_birth_place" in satker.get(person.get_absolute_url()).content.decode()


def test_return_without_a_word_of_its_own_says_what_the_notes_say(cast, sign_in, person):
    answer(sign_in(cast.provinsi_a), person, isian_birth_place="Kupang", isian_jabatan="Arsiparis")
    person.refresh_from_db()
    assert person.return_note == "Tempat lahir: Kupang. Jabatan: Arsiparis"


def test_return_without_note_or_reason_keeps_what_was_typed_and_asks(cast, sign_in, person):
    page = answer(sign_in(cast.provinsi_a), person)
    person.refresh_from_db()
    assert (page.status_code, person.stage) == (200, Stage.SUBMITTED)
    assert "Tulis alasannya" in page.content.decode()


def test_notes_are_settled_by_the_next_submission_and_the_verifier_sees_what_changed(cast, sign_in, person):
    answer(sign_in(cast.provinsi_a), person, isian_birth_place="Kupang", isian_jabatan="Salah")
    person.refresh_from_db()
    update_participant(participant_id=person.pk, version=person.version, by=cast.admin_kupang, birth_place="Kupang")
    move_participant(participant_id=person.pk, action="submit", by=cast.admin_kupang)
    assert not FieldNote.objects.unsettled().exists()
    shown = sign_in(cast.provinsi_a).get(reverse("verification_queue")).context["last_notes"]
    assert {note.field: is_changed for note, is_changed in shown} == {"birth_place": True, "jabatan": False}


def test_fitting_answer_keeps_no_notes(cast, sign_in, person):
    sign_in(cast.provinsi_a).post(reverse("verification_queue"), {"orang": person.pk, "putusan": "sesuai", "isian_jabatan": "Salah"})
    person.refresh_from_db()
    assert (person.stage, FieldNote.objects.count()) == (Stage.VERIFIED, 0)


def test_long_note_is_kept_to_its_limit(cast, sign_in, person):
    answer(sign_in(cast.provinsi_a), person, isian_jabatan="x" * 500)
    assert len(FieldNote.objects.get().text) == NOTE_LETTERS


def test_notes_of_others_are_out_of_scope(cast, sign_in, person):
    answer(sign_in(cast.provinsi_a), person, isian_jabatan="Salah")
    assert FieldNote.objects.visible_to(cast.admin_kupang).count() == 1
    assert FieldNote.objects.visible_to(cast.admin_ende).count() == 0


def test_database_refuses_two_open_notes_on_a_field_and_unknown_fields(cast, person):
    FieldNote.objects.create(participant=person, field="jabatan", text="a", by=cast.pksdm)
    for field in ("jabatan", "stage"):
        with pytest.raises(IntegrityError), transaction.atomic():
            FieldNote.objects.create(participant=person, field=field, text="b", by=cast.pksdm)
    FieldNote.objects.update(settled_at=timezone.now())
    FieldNote.objects.create(participant=person, field="jabatan", text="b", by=cast.pksdm)
