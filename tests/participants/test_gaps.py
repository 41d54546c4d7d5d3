"""What a file lacks, and the rule that Latsar is followed once: on the page of the person, for who can act."""

from __future__ import annotations

import pytest
from django.urls import reverse

from latsar.accounts.enums import Role
from participants.enums import Stage
from participants.models import Participant
from tests import factories


@pytest.fixture
def person(cast) -> Participant:
    person = factories.ParticipantFactory(satker=cast.kupang, phone="", address="Jalan Contoh 1", user=factories.UserFactory())
    factories.RoleGrantFactory(user=person.user, role=Role.PESERTA)
    factories.RequirementFactory(code="sk-cpns", name="SK CPNS", is_required=True)
    return person


@pytest.mark.parametrize(
    ("stage", "who", "said"),
    [
        (Stage.REGISTERED, "admin_kupang", "Lengkapi data"),
        (Stage.REGISTERED, "self", "Dilengkapi KPU Kota Kupang."),
        (Stage.SUBMITTED, "admin_kupang", "KPU Provinsi Nusa Tenggara Timur bisa melengkapi"),
        (Stage.SUBMITTED, "provinsi_a", "Lengkapi data"),
        (Stage.APPROVED, "admin_kupang", "PKSDM bisa melengkapi"),
        (Stage.APPROVED, "self", "PKSDM bisa melengkapi"),
        (Stage.APPROVED, "pksdm", "Lengkapi data"),
        (Stage.APPROVED, "pimpinan", None),
        (Stage.WITHDRAWN, "pksdm", None),
    ],
)
def test_person_page_says_what_is_missing_and_who_fills_it(cast, sign_in, person, stage, who, said):
    Participant.objects.update(stage=stage)
    page = sign_in(person.user if who == "self" else getattr(cast, who)).get(person.get_absolute_url()).content.decode()
    shown = [text in page for text in ("Belum diisi: ", "nomor HP", "Berkas kurang: SK CPNS", said or "Yang belum lengkap")]
    assert shown == [said is not None] * 4
    assert ("Ubah kontak</a>" in page) == (who == "self")


@pytest.mark.parametrize("allowed", [1, 2])
def test_person_page_of_who_may_not_begin_again_leads_to_the_basis(cast, sign_in, person, allowed):
    Participant.objects.update(stage=Stage.APPROVED, latsar_entries=1, entries_allowed=allowed)
    factories.BatchFactory(golongan="III")
    answer = sign_in(cast.admin_kupang).get(person.get_absolute_url())
    link = f"{reverse('movement_add', args=[person.pk])}?jenis=second_entry"
    assert (link in answer.content.decode()) == (allowed == 1)
    assert (answer.context["person_clock"].reachable_on is None) == (allowed == 1)
    assert (link in sign_in(person.user).get(person.get_absolute_url()).content.decode()) is False
