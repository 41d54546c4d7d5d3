"""The form that names several photos, which came in pieces before, as one document."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from latsar.documents.intake.photos import MAX_PHOTOS
from latsar.documents.upload.sessions import UploadSession
from participants.models import DossierDocument, Participant
from tests import factories
from tests.corpus import images
from tests.latsar.documents.intake.test_photos import coloured, nearest, pictures
from tests.participants.dossier.test_views import in_pieces, sent_in, text

pytestmark = pytest.mark.usefixtures("requirements")


@pytest.fixture
def person(cast) -> Participant:
    return factories.ParticipantFactory(satker=cast.kupang, full_name="Maria Contoh, S.Kom.")


def photos_in_pieces(client, person, *contents: bytes, code: str = "sk-cpns") -> list[str]:
    page = client.get(person.dossier_url)
    return [in_pieces(client, page, code, content, f"IMG_{n}.jpg") for n, content in enumerate(contents, start=1)]


def test_dossier_attach_joins_photos_in_the_order_of_the_form(cast, person, sign_in):
    client = sign_in(cast.admin_kupang)
    red, blue, lime = photos_in_pieces(client, person, coloured("red"), coloured("blue"), coloured("lime"))
    answer = client.post(reverse("dossier_attach", args=[person.pk, "sk-cpns"]), {"upload": f"{lime},{red},{blue}"})
    assert answer.headers["Location"] == f"{person.dossier_url}#berkas-sk-cpns"
    document = DossierDocument.objects.get()
    with document.file.open("rb") as stored:
        assert [nearest(picture, (20, 20)) for picture in pictures(stored.read())] == ["lime", "red", "blue"]
    assert (document.name, UploadSession.objects.exists()) == ("SK CPNS.pdf", False)
    shown = client.get(reverse("dossier_page", args=[document.pk, 3]))
    assert (shown.status_code, b"".join(shown)[:4]) == (200, b"RIFF")


def test_dossier_attach_with_a_broken_photo_keeps_all_that_was_sent(cast, person, sign_in):
    client = sign_in(cast.admin_kupang)
    red, broken, blue = photos_in_pieces(client, person, coloured("red"), images.truncated(), coloured("blue"))
    address = reverse("dossier_attach", args=[person.pk, "sk-cpns"])
    page = client.post(address, {"upload": f"{red},{broken},{blue}"})
    assert (page.status_code, sent_in(page, "sk-cpns")) == (422, [("IMG_1.jpg", False), ("IMG_2.jpg", True), ("IMG_3.jpg", False)])
    error = re.search(r'id="id_sk-cpns_file_error">(.*?)</div>', text(page), re.DOTALL)
    assert "Foto 2, IMG_2.jpg: Gambar rusak atau terpotong." in error.group(1)
    (better,) = photos_in_pieces(client, person, coloured("lime"))
    assert client.post(address, {"upload": f"{red},{better},{blue}"}).status_code == 302
    assert DossierDocument.objects.get().pages == 3


def test_dossier_attach_keeps_the_photos_while_the_date_is_missing(cast, person, sign_in):
    client = sign_in(cast.admin_kupang)
    tokens = photos_in_pieces(client, person, coloured("red"), coloured("blue"), code="surat-sehat")
    address = reverse("dossier_attach", args=[person.pk, "surat-sehat"])
    page = client.post(address, {"upload": ",".join(tokens)})
    assert sent_in(page, "surat-sehat") == [("IMG_1.jpg", False), ("IMG_2.jpg", False)]
    assert client.post(address, {"upload": ",".join(tokens), "issued_on": timezone.localdate().isoformat()}).status_code == 302


def test_dossier_attach_with_a_photo_that_is_gone_keeps_the_others(cast, person, sign_in):
    client = sign_in(cast.admin_kupang)
    red, _blue = photos_in_pieces(client, person, coloured("red"), coloured("blue"))
    page = client.post(reverse("dossier_attach", args=[person.pk, "sk-cpns"]), {"upload": f"{red},hilang"})
    assert (page.status_code, "1 foto yang terkirim sudah tidak ada" in text(page)) == (422, True)
    assert (sent_in(page, "sk-cpns"), UploadSession.objects.count()) == ([("IMG_1.jpg", False)], 2)


def test_dossier_attach_counts_a_photo_named_twice_once(cast, person, sign_in):
    client = sign_in(cast.admin_kupang)
    (red,) = photos_in_pieces(client, person, coloured("red"))
    assert client.post(reverse("dossier_attach", args=[person.pk, "sk-cpns"]), {"upload": f"{red},{red}"}).status_code == 302
    assert (DossierDocument.objects.get().kind, DossierDocument.objects.get().pages) == ("jpeg", 1)


def test_dossier_attach_with_the_photos_of_somebody_else_asks_again(cast, person, sign_in):
    own = sign_in(cast.admin_kupang)
    tokens = photos_in_pieces(own, person, coloured("red"), coloured("blue"))
    page = sign_in(cast.provinsi_a).post(reverse("dossier_attach", args=[person.pk, "sk-cpns"]), {"upload": ",".join(tokens)})
    assert (page.status_code, "sudah tidak ada" in text(page), sent_in(page, "sk-cpns")) == (422, True, [])
    assert sign_in(cast.admin_ende).post(reverse("dossier_attach", args=[person.pk, "sk-cpns"]), {}).status_code == 404
    assert UploadSession.objects.count() == 2


def test_dossier_attach_beyond_the_limit_of_photos_is_refused_and_nothing_is_lost(cast, person, sign_in):
    client = sign_in(cast.admin_kupang)
    tokens = photos_in_pieces(client, person, *[b"foto"] * (MAX_PHOTOS + 1))
    page = client.post(reverse("dossier_attach", args=[person.pk, "sk-cpns"]), {"upload": ",".join(tokens)})
    assert (page.status_code, "Paling banyak 20 foto untuk satu dokumen." in text(page)) == (422, True)
    assert UploadSession.objects.count() == MAX_PHOTOS + 1
