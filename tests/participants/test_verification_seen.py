"""An answer counts for the file that the verifier saw, and nothing that they typed is lost."""

from __future__ import annotations

import pytest
from django.urls import reverse

from latsar.accounts.errors import NotAllowed, StaleVersion
from participants.enums import Stage
from participants.models import DossierDocument, FieldNote, Participant
from participants.services.answering import DocumentAnswer, answer_documents, answer_file
from participants.services.dossier import attach_document
from participants.services.registration import update_participant
from participants.services.verification import move_many, move_participant, preview_many
from tests import factories
from tests.corpus import pdfs

QUEUE = "verification_queue"


@pytest.fixture
def person(cast) -> Participant:
    made = factories.ParticipantFactory(satker=cast.kupang, full_name="Nama Lama, S.H.")
    return move_participant(participant_id=made.pk, action="submit", by=cast.admin_kupang)


@pytest.fixture
def changed(cast, person) -> Participant:
    """The person again, withdrawn, corrected and submitted while somebody looks at the former file."""
    back = move_participant(participant_id=person.pk, action="withdraw_submission", by=cast.admin_kupang)
    update_participant(participant_id=back.pk, version=back.version, by=cast.admin_kupang, full_name="Nama Baru, S.H.")
    return move_participant(participant_id=person.pk, action="submit", by=cast.admin_kupang)


def stage_of(person) -> str:
    return Participant.objects.get(pk=person.pk).stage


@pytest.mark.parametrize(("behind", "stage"), [(0, Stage.VERIFIED), (1, Stage.SUBMITTED)])
def test_move_participant_counts_only_for_the_version_that_was_seen(cast, person, behind, stage):
    try:
        move_participant(participant_id=person.pk, action="verify", by=cast.provinsi_a, version=person.version - behind)
    except StaleVersion:
        assert behind == 1
    assert stage_of(person) == stage


def test_queue_answer_to_a_changed_file_is_shown_again_with_what_was_typed_and_what_changed(cast, sign_in, person, changed):
    typed = {"orang": person.pk, "version": person.version, "putusan": "kembali", "note": "Gelar kurang.", "isian_jabatan": "Salah"}
    client = sign_in(cast.provinsi_a)
    page = client.post(reverse(QUEUE), typed)
    text = page.content.decode()
    assert (page.status_code, stage_of(person)) == (409, Stage.SUBMITTED)
    assert "berubah sejak Anda membukanya" in text
    assert "Nama Lama, S.H. → Nama Baru, S.H." in text
    assert ("Gelar kurang.</textarea>" in text, 'value="Salah"' in text) == (True, True)
    assert f'name="version" value="{changed.version}"' in text
    client.post(reverse(QUEUE), {**typed, "version": changed.version})
    assert stage_of(person) == Stage.RETURNED


def test_person_page_move_of_a_changed_file_is_refused_with_the_note(cast, sign_in, person, changed):
    typed = {"aksi": "return", "version": person.version, "note": "Gelar kurang."}
    text = sign_in(cast.provinsi_a).post(reverse("participant_move", args=[person.pk]), typed).content.decode()
    assert stage_of(person) == Stage.SUBMITTED
    assert ("Gelar kurang.</textarea>" in text, "Nama Lama, S.H. → Nama Baru, S.H." in text) == (True, True)
    assert f'name="version" value="{changed.version}"' in text


def test_bulk_confirmation_leaves_out_who_changed_since_the_preview(cast, sign_in, person):
    other = move_participant(participant_id=factories.ParticipantFactory(satker=cast.ende).pk, action="submit", by=cast.admin_ende)
    client, order = sign_in(cast.provinsi_a), {"aksi": "verify", "dari": "antrean", "pilih": [person.pk, other.pk]}
    preview = client.post(reverse("participant_bulk"), order).content.decode()
    assert f'name="versi_{person.pk}" value="{person.version}"' in preview
    move_participant(participant_id=person.pk, action="withdraw_submission", by=cast.admin_kupang)
    move_participant(participant_id=person.pk, action="submit", by=cast.admin_kupang)
    seen = {f"versi_{one.pk}": one.version for one in (person, other)}
    done = client.post(reverse("participant_bulk"), {**order, **seen, "pasti": "1"}, follow=True)
    assert [one.participant.pk for one in done.context["done"]] == [other.pk]
    assert "berubah sejak Anda membukanya" in done.context["left"][0].problem


def test_attach_document_makes_an_answer_to_the_submitted_file_stale_but_not_an_edit_before_it(cast, requirements):
    draft = factories.ParticipantFactory(satker=cast.kupang)
    attach_document(participant_id=draft.pk, code="sk-cpns", content=pdfs.with_pages(1), name="a.pdf", by=cast.admin_kupang)
    assert Participant.objects.get(pk=draft.pk).version == draft.version
    sent = move_participant(participant_id=draft.pk, action="submit", by=cast.admin_kupang)
    attach_document(participant_id=draft.pk, code="bebas-narkoba", content=pdfs.with_pages(2), name="b.pdf", by=cast.admin_kupang)
    with pytest.raises(StaleVersion):
        answer_file(participant_id=draft.pk, action="verify", answers=[], by=cast.provinsi_a, version=sent.version)


def test_queue_without_a_decision_keeps_what_was_typed(cast, sign_in, person):
    typed = {"orang": person.pk, "version": person.version, "note": "Gelar kurang.", "isian_jabatan": "Salah"}
    text = sign_in(cast.provinsi_a).post(reverse(QUEUE), typed).content.decode()
    assert "Pilih dulu" in text
    assert ("Gelar kurang.</textarea>" in text, 'value="Salah"' in text) == (True, True)


def test_queue_answer_to_a_file_that_waits_no_more_gives_the_words_back_and_not_to_the_next_person(cast, sign_in, person):
    waiting = factories.ParticipantFactory(satker=cast.ende, stage=Stage.SUBMITTED)
    move_participant(participant_id=person.pk, action="withdraw_submission", by=cast.admin_kupang)
    typed = {"orang": person.pk, "putusan": "kembali", "note": "Gelar kurang.", "isian_jabatan": "Salah", "alasan_7": "Buram"}
    page = sign_in(cast.provinsi_a).post(reverse(QUEUE), typed)
    assert (page.status_code, page.context["participant"]) == (409, waiting)
    gone = page.context["gone"]
    assert (gone["person"], gone["typed"]) == (person, "Gelar kurang.\nJabatan: Salah\nBuram")
    assert page.content.decode().count("Gelar kurang.") == 1


def returned(person: Participant, by) -> DossierDocument:
    return factories.DocumentFactory(participant=person, state="returned", reason="Buram", judged_by=by, judged_at=person.stage_at)


@pytest.mark.parametrize(("stage", "action", "actor"), [(Stage.SUBMITTED, "verify", "provinsi_a"), (Stage.VERIFIED, "approve", "pksdm")])
def test_file_with_a_returned_document_passes_by_no_door(cast, sign_in, requirements, stage, action, actor):
    held, free = (factories.ParticipantFactory(satker=cast.kupang, stage=stage) for _n in range(2))
    returned(held, cast.pksdm)
    by = getattr(cast, actor)
    for answer in (preview_many, move_many):
        outcomes = {one.participant.pk: one.problem for one in answer(participant_ids=[held.pk, free.pk], action=action, by=by)}
        assert outcomes[free.pk] == ""
        assert "Masih ada berkas yang dikembalikan: SK CPNS" in outcomes[held.pk]
    client = sign_in(by)
    client.post(reverse("participant_move", args=[held.pk]), {"aksi": action})
    client.post(reverse(QUEUE), {"orang": held.pk, "putusan": "sesuai"})
    assert (stage_of(held), stage_of(free)) == (stage, {"verify": Stage.VERIFIED, "approve": Stage.APPROVED}[action])


def test_file_without_a_document_that_holds_submissions_back_is_not_verified(cast, requirements):
    requirements["sk-cpns"].blocks_submission = True
    requirements["sk-cpns"].save()
    person = factories.ParticipantFactory(satker=cast.kupang, stage=Stage.SUBMITTED)
    problem = move_many(participant_ids=[person.pk], action="verify", by=cast.provinsi_a)[0].problem
    assert problem == "Belum dapat diloloskan. Berkas yang masih kurang: SK CPNS."


def test_queue_of_pksdm_passes_each_file_by_its_stage(cast, sign_in):
    verified = factories.ParticipantFactory(satker=cast.kupang, stage=Stage.VERIFIED)
    own = factories.ParticipantFactory(satker=cast.setjen, stage=Stage.SUBMITTED)
    client = sign_in(cast.pksdm)
    assert 'name="aksi" value="onward"' in client.get(reverse(QUEUE)).content.decode()
    order = {"aksi": "onward", "dari": "antrean", "pilih": [verified.pk, own.pk], "pasti": "1"}
    assert client.post(reverse("participant_bulk"), order, follow=True).context["left"] == []
    assert (stage_of(verified), stage_of(own)) == (Stage.APPROVED, Stage.VERIFIED)
    assert 'value="onward"' not in client.get(reverse("participant_list")).content.decode()


def test_answer_documents_refuses_a_document_of_somebody_else(cast, person, requirements):
    neighbour = factories.ParticipantFactory(satker=cast.kupang, stage=Stage.SUBMITTED)
    document = factories.DocumentFactory(participant=neighbour)
    with pytest.raises(NotAllowed):
        answer_documents(participant_id=person.pk, answers=[DocumentAnswer(document.pk, "accept")], by=cast.provinsi_a)
    document.refresh_from_db()
    assert document.state == "waiting"


def test_queue_shows_the_notes_and_the_reason_of_the_last_return_only(cast, sign_in, person):
    client = sign_in(cast.provinsi_a)
    client.post(reverse(QUEUE), {"orang": person.pk, "putusan": "kembali", "isian_jabatan": "Catatan pertama"})
    move_participant(participant_id=person.pk, action="submit", by=cast.admin_kupang)
    client.post(reverse(QUEUE), {"orang": person.pk, "putusan": "kembali", "note": "Alasan kedua."})
    move_participant(participant_id=person.pk, action="submit", by=cast.admin_kupang)
    page = client.get(reverse(QUEUE))
    assert (page.context["last_reason"], page.context["last_notes"]) == ("Alasan kedua.", [])
    assert "Catatan pertama" not in page.content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("satker", "53.71 KPU Kota Kupang"),
        ("sex", "P"),
        ("special_needs", "Kursi roda"),
        ("religion", "Katolik"),
        ("address", "Jalan Contoh 1"),
    ],
)
def test_every_typed_field_can_be_called_wrong_and_the_note_stands_beside_it(cast, sign_in, field, value):
    made = factories.ParticipantFactory(
        satker=cast.kupang, stage=Stage.SUBMITTED, special_needs="Kursi roda", religion="Katolik", address="Jalan Contoh 1"
    )
    sign_in(cast.provinsi_a).post(reverse(QUEUE), {"orang": made.pk, "putusan": "kembali", f"isian_{field}": "Periksa lagi"})
    assert list(FieldNote.objects.values_list("field", "value")) == [(field, value)]
    form = sign_in(cast.admin_kupang).get(reverse("participant_edit", args=[made.pk])).context["form"]
    assert "Periksa lagi" in str(form[field].help_text)


def test_queue_shows_every_fact_that_can_be_called_wrong_and_offers_no_size_for_it(cast, sign_in):
    facts = {"religion": "Katolik", "address": "Jalan Contoh 1", "special_needs": "Kursi roda", "clothing_size": "XL", "shoe_size": "43"}
    made = factories.ParticipantFactory(satker=cast.kupang, stage=Stage.SUBMITTED, **facts)
    client = sign_in(cast.provinsi_a)
    text = client.get(reverse(QUEUE)).content.decode()
    face = text[text.index('<dl class="facts">') : text.index("</dl>")]
    assert [word for word in facts.values() if word not in face] == []
    offered = {name for name, *_rest in client.get(reverse(QUEUE)).context["field_lines"]}
    assert offered & set(facts) == {"religion", "address", "special_needs"}
    client.post(reverse(QUEUE), {"orang": made.pk, "putusan": "kembali", "note": "Lihat SK.", "isian_shoe_size": "Salah"})
    assert not FieldNote.objects.exists()


def test_queue_tells_the_second_verifier_who_answered_what_and_when(cast, sign_in, person):
    waiting = factories.ParticipantFactory(satker=cast.ende, stage=Stage.SUBMITTED)
    other = factories.UserFactory(full_name="Verifikator Lain, S.H.")
    move_participant(participant_id=person.pk, action="verify", by=cast.provinsi_a)
    person.stage_changes.filter(action="verify").update(by=other)
    page = sign_in(cast.provinsi_a).post(reverse(QUEUE), {"orang": person.pk, "putusan": "sesuai"})
    assert (page.status_code, page.context["participant"]) == (409, waiting)
    said = page.content.decode().split('role="alert"')[1].split("</div>")[0]
    assert "Berkas Nama Lama, S.H. sudah tidak menunggu" in said
    assert "Diverifikasi oleh <b>Verifikator Lain, S.H.</b> (Hari ini" in said
    assert f'href="{person.get_absolute_url()}"' in said
