"""What institutes ask for beside the file: sizes for everybody who may read, weeks of pregnancy for few."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from latsar.accounts.errors import Refused
from latsar.accounts.models import AuditEntry
from participants.enums import Stage
from participants.forms import ParticipantForm
from participants.models import Participant
from participants.services.placement import place_participant
from participants.services.registration import UNCHANGED, update_participant
from tests import factories


@pytest.fixture
def person(cast) -> Participant:
    return factories.ParticipantFactory(satker=cast.kupang, sex="P")


def test_update_participant_weeks_count_on_and_end_with_the_term(cast, person):
    update_participant(participant_id=person.pk, version=1, by=cast.admin_kupang, pregnancy_weeks=24)
    person.refresh_from_db()
    assert (person.pregnancy_weeks, person.pregnancy_on) == (24, timezone.localdate())
    assert person.pregnancy_weeks_on(timezone.localdate() + timedelta(weeks=3)) == 27
    assert person.pregnancy_weeks_on(timezone.localdate() + timedelta(weeks=30)) is None


def test_update_participant_without_weeks_leaves_them_and_none_clears_them(cast, person):
    update_participant(participant_id=person.pk, version=1, by=cast.admin_kupang, pregnancy_weeks=24)
    update_participant(participant_id=person.pk, version=2, by=cast.admin_kupang, phone="081200000001")
    person.refresh_from_db()
    assert person.pregnancy_weeks == 24
    update_participant(participant_id=person.pk, version=3, by=cast.admin_kupang, pregnancy_weeks=None)
    person.refresh_from_db()
    assert (person.pregnancy_weeks, person.pregnancy_on) == (None, None)


@pytest.mark.parametrize(("sex", "weeks"), [("L", 20), ("P", 0), ("P", 43)])
def test_update_participant_impossible_weeks_are_refused_beside_their_field(cast, person, sex, weeks):
    Participant.objects.update(sex=sex)
    with pytest.raises(Refused) as refusal:
        update_participant(participant_id=person.pk, version=1, by=cast.admin_kupang, pregnancy_weeks=weeks)
    assert list(refusal.value.error_dict) == ["pregnancy_weeks"]


def test_update_participant_same_number_on_a_later_day_is_a_new_statement(cast, person):
    Participant.objects.update(pregnancy_weeks=12, pregnancy_on=timezone.localdate() - timedelta(weeks=6))
    update_participant(participant_id=person.pk, version=1, by=cast.admin_kupang, pregnancy_weeks=12)
    person.refresh_from_db()
    assert (person.pregnancy_weeks, person.pregnancy_on, person.version) == (12, timezone.localdate(), 2)


@pytest.mark.parametrize(
    ("weeks_ago", "typed", "kept"), [(0, 12, True), (0, UNCHANGED, True), (0, None, False), (60, None, False), (60, UNCHANGED, False)]
)
def test_update_participant_corrected_to_a_man_carries_no_weeks(cast, person, weeks_ago, typed, kept):
    Participant.objects.update(pregnancy_weeks=12, pregnancy_on=timezone.localdate() - timedelta(weeks=weeks_ago))
    change = {"participant_id": person.pk, "version": 1, "by": cast.admin_kupang, "nip": f"{person.nip[:14]}1{person.nip[15:]}"}
    if kept:
        with pytest.raises(Refused) as refusal:
            update_participant(**change, pregnancy_weeks=typed)
        assert list(refusal.value.error_dict) == ["pregnancy_weeks"]
    else:
        update_participant(**change, pregnancy_weeks=typed)
    person.refresh_from_db()
    assert (person.sex, person.pregnancy_weeks) == (("P", 12) if kept else ("L", None))


def test_database_refuses_weeks_of_a_man(person):
    with pytest.raises(IntegrityError), transaction.atomic():
        Participant.objects.update(sex="L", pregnancy_weeks=20, pregnancy_on=timezone.localdate())


def test_participant_form_saves_sizes_and_weeks(cast, sign_in, person):
    client, url = sign_in(cast.admin_kupang), reverse("participant_edit", args=[person.pk])
    data = {name: value for name, value in ParticipantForm.initial_of(person).items() if value is not None}
    data |= {"birth_date": person.birth_date.strftime("%d-%m-%Y"), "clothing_size": "L", "shoe_size": "39", "pregnancy_weeks": "12"}
    assert client.post(url, data).status_code == 302
    person.refresh_from_db()
    assert (person.clothing_size, person.shoe_size, person.pregnancy_weeks) == ("L", "39", 12)
    assert client.get(url).context["form"].initial["pregnancy_weeks"] == 12


def test_weeks_are_read_by_registrars_only(cast, sign_in, person):
    batch = factories.BatchFactory(institute=cast.institute_a, starts_on=timezone.localdate() + timedelta(weeks=2))
    Participant.objects.update(stage=Stage.APPROVED, pregnancy_weeks=21, pregnancy_on=timezone.localdate())
    place_participant(batch_id=batch.pk, participant_id=person.pk, by=cast.pksdm)
    page = sign_in(cast.admin_kupang).get(person.get_absolute_url()).content.decode()
    assert "21 minggu, 23 minggu saat mulai Latsar" in page
    for reader in (cast.lembaga_a, cast.pimpinan):
        assert "21 minggu" not in sign_in(reader).get(person.get_absolute_url()).content.decode()


def test_history_names_the_change_but_not_the_weeks_to_others(cast, sign_in, person):
    update_participant(participant_id=person.pk, version=1, by=cast.admin_kupang, pregnancy_weeks=37)
    assert AuditEntry.objects.about(person).get().changes == {
        "pregnancy_weeks": [None, 37],
        "pregnancy_on": [None, timezone.localdate().isoformat()],
    }
    url = reverse("participant_history", args=[person.pk])
    assert "37" in sign_in(cast.admin_kupang).get(url).content.decode().split("Riwayat")[-1]
    assert "(minggu): 37" not in sign_in(cast.pimpinan).get(url).content.decode()


def test_roster_carries_sizes_for_all_and_weeks_for_registrars(cast, sign_in, person):
    batch = factories.BatchFactory(institute=cast.institute_a, starts_on=timezone.localdate() + timedelta(weeks=2))
    Participant.objects.update(
        stage=Stage.APPROVED, pregnancy_weeks=21, pregnancy_on=timezone.localdate(), clothing_size="M", shoe_size="38"
    )
    place_participant(batch_id=batch.pk, participant_id=person.pk, by=cast.pksdm)
    rows = {}
    for who in (cast.pksdm, cast.lembaga_a):
        content = b"".join(sign_in(who).get(reverse("batch_roster", args=[batch.pk])))
        sheet = load_workbook(io.BytesIO(content)).active
        rows[who] = [cell.value for cell in list(sheet.rows)[-1]][-3:]
    assert rows == {cast.pksdm: [23, "M", "38"], cast.lembaga_a: [None, "M", "38"]}
