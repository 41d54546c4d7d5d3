"""Several photos as one document of a dossier: kept like an uploaded PDF, refused by place and name."""

from __future__ import annotations

import hashlib

import pytest
from django.utils import timezone

from latsar.accounts.errors import IllegalMove, NotAllowed, Refused
from latsar.accounts.models import AuditEntry
from latsar.documents.intake.photos import MAX_PHOTOS, Photo
from participants.enums import Stage
from participants.models import DossierDocument, Participant
from participants.services.dossier_photos import BrokenPhotos, attach_photos
from tests import factories
from tests.corpus import images
from tests.latsar.documents.intake.test_photos import coloured, nearest, pictures
from tests.participants.dossier.test_services import kept, stored_files

pytestmark = pytest.mark.usefixtures("requirements")


@pytest.fixture
def person(cast) -> Participant:
    return factories.ParticipantFactory(satker=cast.kupang)


def photos(*colours: str) -> list[Photo]:
    return [Photo(f"{colour}.jpg", lambda colour=colour: coloured(colour)) for colour in colours]


def attach(person, by, given, *, code="sk-cpns", **facts) -> DossierDocument:
    return attach_photos(participant_id=person.pk, code=code, photos=given, by=by, **facts)


def test_attach_photos_keeps_one_pdf_with_the_pages_in_order(cast, person):
    document = attach(person, cast.admin_kupang, photos("blue", "red", "lime"))
    assert (document.kind, document.pages, document.name, document.number) == ("pdf", 3, "SK CPNS.pdf", 1)
    data = kept(document)
    assert [nearest(picture, (20, 20)) for picture in pictures(data)] == ["blue", "red", "lime"]
    assert (document.size, document.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    entry = AuditEntry.objects.get(verb="attach_document")
    assert (entry.object_id, entry.note, entry.actor) == (str(person.pk), "SK CPNS", cast.admin_kupang)


def test_attach_photos_by_the_participant(cast, person):
    own = factories.UserFactory()
    factories.RoleGrantFactory(user=own, role="peserta")
    Participant.objects.filter(pk=person.pk).update(user=own)
    assert attach(person, own, photos("red", "blue")).uploaded_by == own


def test_attach_photos_out_of_scope_opens_no_photo(cast, person):
    def read() -> bytes:
        raise AssertionError("opened")

    given = [Photo("a.jpg", read)] * 2
    for by, code in [(cast.admin_ende, "sk-cpns"), (cast.pimpinan, "sk-cpns"), (cast.admin_kupang, "tidak-ada")]:
        with pytest.raises(NotAllowed):
            attach(person, by, given, code=code)
    with pytest.raises(AssertionError, match="opened"):
        attach(person, cast.admin_kupang, given)


def test_attach_photos_broken_ones_are_named_and_nothing_is_stored(cast, person):
    before = stored_files()
    given = [*photos("red"), Photo("IMG_2.jpg", images.truncated), Photo("besar.png", images.bomb), Photo("scan.pdf", lambda: b"%PDF-1.7")]
    with pytest.raises(BrokenPhotos) as broken:
        attach(person, cast.admin_kupang, given)
    assert broken.value.places == {2, 3, 4}
    said = broken.value.message_dict["file"]
    assert [text.partition(":")[0] for text in said] == ["Foto 2, IMG_2.jpg", "Foto 3, besar.png", "Foto 4, scan.pdf"]
    assert [word in text for word, text in zip(["rusak", "40 megapiksel", "hanya foto"], said, strict=True)] == [True] * 3
    assert (stored_files(), DossierDocument.objects.count()) == (before, 0)


def test_attach_photos_beyond_the_limit_is_refused(cast, person):
    with pytest.raises(Refused, match="Paling banyak 20 foto"):
        attach(person, cast.admin_kupang, photos("red") * (MAX_PHOTOS + 1))


def test_attach_photos_same_photos_again_are_refused_another_order_is_not(cast, person):
    attach(person, cast.admin_kupang, photos("red", "blue"))
    with pytest.raises(Refused, match="sama persis"):
        attach(person, cast.admin_kupang, photos("red", "blue"))
    assert attach(person, cast.admin_kupang, photos("blue", "red")).number == 2


def test_attach_photos_that_run_out_need_their_date(cast, person):
    with pytest.raises(Refused) as refused:
        attach(person, cast.admin_kupang, photos("red", "blue"), code="surat-sehat")
    assert "Isi tanggal" in refused.value.message_dict["issued_on"][0]
    today = timezone.localdate()
    assert attach(person, cast.admin_kupang, photos("red", "blue"), code="surat-sehat", issued_on=today).issued_on == today


def test_attach_photos_while_the_province_looks_is_refused(cast, person):
    attach(person, cast.admin_kupang, photos("red", "blue"))
    Participant.objects.filter(pk=person.pk).update(stage=Stage.SUBMITTED)
    with pytest.raises(IllegalMove, match="sedang diperiksa"):
        attach(person, cast.admin_kupang, photos("lime", "blue"))
