"""What the satker may still change in a dossier after submission, and how what comes later reaches who judges."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from participants.dossier import policies
from participants.dossier.documents import DossierDocument
from participants.enums import Stage
from participants.models import Participant
from participants.services.dossier import move_document
from participants.services.verification import move_participant
from tests import factories

pytestmark = pytest.mark.usefixtures("requirements")

OPEN = {Stage.REGISTERED, Stage.RETURNED}
LEFT = {Stage.WITHDRAWN, Stage.DISMISSED}


def at(cast, stage: str, **facts: object) -> Participant:
    batch = factories.BatchFactory() if stage in (Stage.PLACED, Stage.TRAINING, Stage.GRADUATED) else None
    graduated = timezone.localdate() if stage == Stage.GRADUATED else None
    return factories.ParticipantFactory(satker=cast.kupang, stage=stage, batch=batch, graduated_on=graduated, **facts)


@pytest.mark.parametrize("stage", Stage)
def test_waiting_document_is_changed_by_the_satker_only_while_the_file_is_with_it(cast, stage):
    document = factories.DocumentFactory(participant=at(cast, stage))
    person, today = document.participant, timezone.localdate()
    allowed = (
        policies.can_replace(cast.admin_kupang, person, document, today),
        policies.can_remove(cast.admin_kupang, person, document, today),
    )
    assert allowed == ((True, True) if stage in OPEN else (False, False))


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("state", ["lacking", "returned", "expired"])
def test_what_is_lacking_returned_or_expired_can_be_supplied_until_the_end(cast, stage, state):
    person, today = at(cast, stage), timezone.localdate()
    judged = {"judged_by": cast.pksdm, "judged_at": timezone.now()}
    over = {"issued_on": today - timedelta(days=91), "expires_on": today - timedelta(days=1)}
    facts = {"returned": {"state": "returned", "reason": "Buram", **judged}, "expired": {"state": "accepted", **judged, **over}}.get(state)
    document = factories.DocumentFactory(participant=person, **facts) if facts else None
    assert policies.can_replace(cast.admin_kupang, person, document, today) == (stage not in LEFT | {Stage.GRADUATED})


@pytest.fixture
def approved(cast) -> Participant:
    person = at(cast, Stage.SUBMITTED, full_name="Maria Contoh, S.Kom.")
    factories.DocumentFactory(participant=person, uploaded_at=timezone.now() - timedelta(hours=1))
    move_participant(participant_id=person.pk, action="verify", by=cast.provinsi_a)
    return move_participant(participant_id=person.pk, action="approve", by=cast.pksdm)


def test_unseen_finds_only_what_came_after_the_answer(cast, approved):
    assert not DossierDocument.objects.unseen().exists()
    late = factories.DocumentFactory(participant=approved, code="bebas-narkoba")
    assert list(DossierDocument.objects.unseen()) == [late]
    move_document(document_id=late.pk, action="accept", by=cast.provinsi_a)
    assert not DossierDocument.objects.unseen().exists()


def test_late_document_is_a_duty_of_the_province_and_the_number_leads_to_the_person(cast, sign_in, approved):
    client, address = sign_in(cast.provinsi_a), f"{reverse('dossier_overview')}?keadaan=menunggu"
    assert address not in client.get(reverse("home")).content.decode()
    factories.DocumentFactory(participant=approved, code="bebas-narkoba")
    home = client.get(reverse("home")).content.decode()
    assert ("Periksa berkas susulan 1 CPNS" in home, address in home) == (True, True)
    assert [line.person for line in client.get(address).context["people"]] == [approved]
    assert approved.dossier_url in client.get(address).content.decode()
    assert "berkas susulan" not in sign_in(cast.provinsi_b).get(reverse("home")).content.decode()
    assert "berkas susulan" not in sign_in(cast.pksdm).get(reverse("home")).content.decode()


def test_late_document_of_the_secretariat_is_a_duty_of_pksdm(cast, sign_in):
    person = factories.ParticipantFactory(satker=cast.setjen, stage=Stage.VERIFIED)
    move_participant(participant_id=person.pk, action="approve", by=cast.pksdm)
    factories.DocumentFactory(participant=person)
    client, address = sign_in(cast.pksdm), f"{reverse('dossier_overview')}?keadaan=menunggu&provinsi=00"
    assert address.replace("&", "&amp;") in client.get(reverse("home")).content.decode()
    assert [line.person for line in client.get(address).context["people"]] == [person]


def test_list_of_participants_is_filtered_by_documents_that_wait(cast, sign_in, approved):
    factories.DocumentFactory(participant=approved, code="bebas-narkoba")
    factories.ParticipantFactory(satker=cast.kupang)
    page = sign_in(cast.provinsi_a).get(reverse("participant_list"), {"berkas": "menunggu"}).content.decode()
    assert ("Maria Contoh" in page, "Peserta Contoh" in page) == (True, False)
