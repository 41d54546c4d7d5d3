from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from latsar.accounts.errors import IllegalMove, NotAllowed, Refused
from latsar.accounts.models import AuditEntry
from latsar.notices.models import Notice
from participants.enums import Stage
from participants.models import DossierDocument, Participant
from participants.services import dossier
from participants.services.answering import DocumentAnswer, answer_file
from participants.services.verification import move_participant, preview_many
from tests import factories
from tests.corpus import images, pdfs

pytestmark = pytest.mark.usefixtures("requirements")


@pytest.fixture
def person(cast) -> Participant:
    return factories.ParticipantFactory(satker=cast.kupang)


def attach(person, by, content=None, *, code="sk-cpns", name="SK CPNS.pdf", **facts) -> DossierDocument:
    return dossier.attach_document(
        participant_id=person.pk, code=code, content=pdfs.plain() if content is None else content, name=name, by=by, **facts
    )


def kept(document: DossierDocument) -> bytes:
    with document.file.open("rb") as stream:
        return stream.read()


def stored_files() -> set[str]:
    root = Path(default_storage.path("berkas"))
    return {path.name for path in root.rglob("*") if path.is_file()} if root.exists() else set()


def test_attach_document_keeps_the_pdf_byte_for_byte(cast, person):
    document = attach(person, cast.admin_kupang, pdfs.with_pages(2))
    assert kept(document) == pdfs.with_pages(2)
    assert (document.number, document.pages, document.kind, document.state) == (1, 2, "pdf", "waiting")
    entry = AuditEntry.objects.get(verb="attach_document")
    assert (entry.object_id, entry.note, entry.actor) == (str(person.pk), "SK CPNS", cast.admin_kupang)


def test_attach_document_writes_a_photo_anew(cast, person):
    photo = images.phone_photo()
    document = attach(person, cast.admin_kupang, photo, name="IMG_1.jpg")
    data = kept(document)
    assert (document.kind, document.pages, b"Exif" in data, b"Exif" in photo) == ("jpeg", 1, False, True)
    assert document.sha256 != document.source_sha256


def test_attach_document_again_closes_the_one_before(cast, person):
    first = attach(person, cast.admin_kupang)
    second = attach(person, cast.admin_kupang, pdfs.with_pages(2))
    first.refresh_from_db()
    assert (second.number, first.closed_why, first.closed_by) == (2, "replaced", cast.admin_kupang)
    assert list(DossierDocument.objects.current()) == [second]
    assert kept(first) == pdfs.plain()


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (pdfs.active("javascript_in_names", packed=True), "a.pdf", "skrip"),
        (b"", "a.pdf", "kosong"),
        (b"halo", "a.pdf", "bukan PDF"),
        (pdfs.plain(), "a.jpg", "tidak cocok"),
        (pdfs.plain(), "a.docx", "Jenis berkas"),
        (images.truncated(), "a.jpg", "rusak"),
    ],
    ids=["script", "empty", "text", "renamed", "kind", "cut"],
)
def test_attach_document_refused_file_stores_nothing(cast, person, content, name, said):
    before = stored_files()
    with pytest.raises(Refused) as refused:
        attach(person, cast.admin_kupang, content, name=name)
    assert said in refused.value.message_dict["file"][0]
    assert (stored_files(), DossierDocument.objects.count()) == (before, 0)


def test_attach_document_same_file_again_is_refused_and_leaves_no_file(cast, person):
    attach(person, cast.admin_kupang)
    before = stored_files()
    with pytest.raises(Refused, match="sama persis"):
        attach(person, cast.admin_kupang)
    assert (stored_files(), DossierDocument.objects.count()) == (before, 1)


def test_attach_document_that_runs_out_needs_its_date(cast, person):
    today = timezone.localdate()
    for day, said in [(None, "Isi tanggal"), (today + timedelta(days=1), "belum terjadi"), (today - timedelta(days=91), "habis berlaku")]:
        with pytest.raises(Refused) as refused:
            attach(person, cast.admin_kupang, code="surat-sehat", issued_on=day)
        assert said in refused.value.message_dict["issued_on"][0]
    document = attach(person, cast.admin_kupang, code="surat-sehat", issued_on=today - timedelta(days=90))
    assert document.expires_on == today


def test_attach_document_of_another_unit_or_another_list_is_not_allowed(cast, person):
    for by, code in [(cast.admin_ende, "sk-cpns"), (cast.pimpinan, "sk-cpns"), (cast.admin_kupang, "tidak-ada")]:
        with pytest.raises(NotAllowed):
            attach(person, by, code=code)
    attach(person, cast.admin_kupang)


def test_attach_document_while_the_province_looks_is_refused_unless_returned(cast, person):
    document = attach(person, cast.admin_kupang)
    Participant.objects.filter(pk=person.pk).update(stage=Stage.SUBMITTED)
    with pytest.raises(IllegalMove, match="sedang diperiksa"):
        attach(person, cast.admin_kupang, pdfs.with_pages(2))
    dossier.move_document(document_id=document.pk, action="return", by=cast.provinsi_a, note="Buram.")
    assert attach(person, cast.admin_kupang, pdfs.with_pages(2)).state == "waiting"


def test_attach_document_over_an_accepted_one_is_for_the_verifier(cast, person):
    document = attach(person, cast.admin_kupang)
    dossier.move_document(document_id=document.pk, action="accept", by=cast.provinsi_a)
    with pytest.raises(IllegalMove, match="sudah diterima"):
        attach(person, cast.admin_kupang, pdfs.with_pages(2))
    assert attach(person, cast.provinsi_a, pdfs.with_pages(2)).number == 2


def test_attach_document_over_an_accepted_one_that_runs_out_is_open(cast, person):
    today = timezone.localdate()
    document = attach(person, cast.admin_kupang, code="surat-sehat", issued_on=today - timedelta(days=70))
    dossier.move_document(document_id=document.pk, action="accept", by=cast.provinsi_a)
    assert attach(person, cast.admin_kupang, pdfs.with_pages(2), code="surat-sehat", issued_on=today).number == 2


def test_attach_document_of_a_graduate_is_not_allowed(cast, person):
    batch = factories.BatchFactory()
    Participant.objects.filter(pk=person.pk).update(stage=Stage.GRADUATED, batch=batch, graduated_on=timezone.localdate())
    with pytest.raises(NotAllowed):
        attach(person, cast.pksdm)


def test_participant_attaches_own_documents_and_judges_none(cast, person):
    own = factories.UserFactory()
    factories.RoleGrantFactory(user=own, role="peserta")
    factories.RoleGrantFactory(user=own, role="admin_provinsi", satker=cast.province_a)
    Participant.objects.filter(pk=person.pk).update(user=own)
    document = attach(person, own)
    with pytest.raises(NotAllowed):
        dossier.move_document(document_id=document.pk, action="accept", by=own)
    dossier.move_document(document_id=document.pk, action="accept", by=cast.provinsi_a)


def test_move_document_return_tells_the_uploader_why(cast, person):
    document = attach(person, cast.admin_kupang)
    with pytest.raises(Refused, match="Tulis alasannya"):
        dossier.move_document(document_id=document.pk, action="return", by=cast.provinsi_a, note="  ")
    dossier.move_document(document_id=document.pk, action="return", by=cast.provinsi_a, note=" Buram. ")
    document.refresh_from_db()
    assert (document.state, document.reason, document.judged_by) == ("returned", "Buram.", cast.provinsi_a)
    assert Notice.objects.get(user=cast.admin_kupang).text == f"SK CPNS milik {person.full_name} dikembalikan: Buram."
    assert AuditEntry.objects.get(verb="return_document").note == "SK CPNS: Buram."


def test_move_document_twice_or_on_a_replaced_file_is_refused(cast, person):
    first = attach(person, cast.admin_kupang)
    second = attach(person, cast.admin_kupang, pdfs.with_pages(2))
    with pytest.raises(IllegalMove, match="sudah diganti"):
        dossier.move_document(document_id=first.pk, action="accept", by=cast.provinsi_a)
    dossier.move_document(document_id=second.pk, action="accept", by=cast.provinsi_a)
    with pytest.raises(IllegalMove, match="sudah dijawab"):
        dossier.move_document(document_id=second.pk, action="accept", by=cast.provinsi_a)


@pytest.mark.parametrize("by", ["admin_kupang", "provinsi_b", "pimpinan", "admin_ende"])
def test_move_document_by_others_is_not_allowed(cast, person, by):
    document = attach(person, cast.admin_kupang)
    with pytest.raises(NotAllowed):
        dossier.move_document(document_id=document.pk, action="accept", by=getattr(cast, by))
    dossier.move_document(document_id=document.pk, action="accept", by=cast.pksdm)


def test_remove_document_can_be_undone_until_another_comes(cast, person):
    first = attach(person, cast.admin_kupang)
    dossier.remove_document(document_id=first.pk, by=cast.admin_kupang)
    assert not DossierDocument.objects.current().exists()
    dossier.restore_document(document_id=first.pk, by=cast.admin_kupang)
    assert DossierDocument.objects.current().get() == first
    dossier.remove_document(document_id=first.pk, by=cast.admin_kupang)
    attach(person, cast.admin_kupang, pdfs.with_pages(2))
    with pytest.raises(IllegalMove, match="lebih baru"):
        dossier.restore_document(document_id=first.pk, by=cast.admin_kupang)


def test_remove_document_accepted_is_refused(cast, person):
    document = attach(person, cast.admin_kupang)
    dossier.move_document(document_id=document.pk, action="accept", by=cast.provinsi_a)
    with pytest.raises(IllegalMove, match="tidak dapat dihapus"):
        dossier.remove_document(document_id=document.pk, by=cast.provinsi_a)


def test_submit_with_a_blocking_document_missing_is_refused(cast, person, requirements):
    requirements["sk-cpns"].blocks_submission = True
    requirements["sk-cpns"].save()
    said = "Berkas yang masih kurang: SK CPNS."
    with pytest.raises(Refused, match=said):
        move_participant(participant_id=person.pk, action="submit", by=cast.admin_kupang)
    assert said in preview_many(participant_ids=[person.pk], action="submit", by=cast.admin_kupang)[0].problem
    attach(person, cast.admin_kupang)
    assert move_participant(participant_id=person.pk, action="submit", by=cast.admin_kupang).stage == Stage.SUBMITTED


def test_submit_with_a_missing_document_that_does_not_block_goes_through(cast, person):
    assert move_participant(participant_id=person.pk, action="submit", by=cast.admin_kupang).stage == Stage.SUBMITTED


@pytest.fixture
def submitted(cast, person) -> DossierDocument:
    document = attach(person, cast.admin_kupang)
    Participant.objects.filter(pk=person.pk).update(stage=Stage.SUBMITTED)
    return document


def test_answer_file_returned_document_gives_the_file_its_reason(cast, person, submitted):
    answers = [DocumentAnswer(submitted.pk, "return", "Halaman 2 terpotong.")]
    answer_file(participant_id=person.pk, action="return", answers=answers, by=cast.provinsi_a)
    person.refresh_from_db()
    assert (person.stage, person.return_note) == (Stage.RETURNED, "SK CPNS: Halaman 2 terpotong.")


def test_answer_file_verified_with_a_returned_document_changes_nothing(cast, person, submitted):
    answers = [DocumentAnswer(submitted.pk, "return", "Buram.")]
    with pytest.raises(Refused, match="Masih ada berkas yang dikembalikan"):
        answer_file(participant_id=person.pk, action="verify", answers=answers, by=cast.provinsi_a)
    submitted.refresh_from_db()
    assert submitted.state == "waiting"
    answer_file(participant_id=person.pk, action="verify", answers=[DocumentAnswer(submitted.pk, "accept")], by=cast.provinsi_a)
    submitted.refresh_from_db()
    assert submitted.state == "accepted"


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "accepted"},
        {"state": "returned", "judged": True},
        {"reason": "x"},
        {"closed_why": "removed"},
        {"closed": True, "closed_why": "removed", "state": "accepted", "judged": True},
        {"expires_on": timezone.localdate()},
        {"size": 0},
        {"pages": 0},
    ],
    ids=str,
)
def test_database_refuses_a_contradictory_document(cast, person, wrong):
    factories.DocumentFactory(participant=person, code="lain")
    facts = dict(wrong)
    if facts.pop("judged", False):
        facts |= {"judged_by": cast.pksdm, "judged_at": timezone.now()}
    if facts.pop("closed", False):
        facts |= {"closed_by": cast.pksdm, "closed_at": timezone.now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.DocumentFactory(participant=person, **facts)


def test_database_keeps_one_current_document_per_requirement(cast, person):
    factories.DocumentFactory(participant=person, number=1, closed_why="replaced", closed_by=cast.pksdm, closed_at=timezone.now())
    factories.DocumentFactory(participant=person, number=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.DocumentFactory(participant=person, number=3)
