from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from latsar.accounts.errors import NotAllowed, Refused, StaleVersion
from latsar.accounts.models import AuditEntry
from participants.enums import Stage
from participants.forms import ParticipantForm
from participants.models import Participant
from participants.services.placement import place_participant
from participants.services.registration import register_participant, update_participant
from tests.factories import BatchFactory, ParticipantFactory, nip_of

NIP = "199609142025061901"
FIELDS = {"full_name": "Contoh Peserta Satu, S.Kom.", "golongan": "III/a", "jabatan": "Arsiparis", "email": "satu@contoh.go.id"}


def test_register_participant_good_data_derives_and_records(cast):
    person = register_participant(by=cast.admin_kupang, nip="19960914 202506 1 901", satker=cast.kupang, **FIELDS)
    person.refresh_from_db()
    assert (person.nip, person.birth_date, person.sex) == (NIP, date(1996, 9, 14), "L")
    assert (person.tmt_cpns, person.deadline) == (date(2025, 6, 1), date(2026, 6, 1))
    assert (person.province, person.stage, person.version, person.created_by) == (cast.province_a, Stage.REGISTERED, 1, cast.admin_kupang)
    change = person.stage_changes.get()
    assert (change.action, change.old, change.new, change.by) == ("register", "", Stage.REGISTERED, cast.admin_kupang)
    entry = AuditEntry.objects.about(person).get()
    assert (entry.verb, entry.actor, entry.satker, entry.province) == ("register", cast.admin_kupang, cast.kupang, cast.province_a)


@pytest.mark.parametrize("who", ["admin_ende", "admin_denpasar", "provinsi_b", "pimpinan", "lembaga_a", "mentor_a", "stranger"])
def test_register_participant_outside_own_units_is_not_allowed(cast, who):
    with pytest.raises(NotAllowed):
        register_participant(by=getattr(cast, who), nip=NIP, satker=cast.kupang, **FIELDS)
    assert not Participant.objects.exists()


@pytest.mark.parametrize("who", ["admin_kupang", "provinsi_a", "pksdm"])
def test_register_participant_inside_own_units_is_allowed(cast, who):
    assert register_participant(by=getattr(cast, who), nip=NIP, satker=cast.kupang, **FIELDS).satker == cast.kupang


def test_register_participant_closed_satker_is_not_allowed(cast):
    cast.kupang.closed_on = date(2026, 1, 1)
    cast.kupang.save()
    with pytest.raises(NotAllowed):
        register_participant(by=cast.pksdm, nip=NIP, satker=cast.kupang, **FIELDS)


@pytest.mark.parametrize("where", ["kupang", "denpasar"])
def test_register_participant_taken_nip_is_refused_in_the_same_words(cast, where):
    ParticipantFactory(nip=NIP, satker=getattr(cast, where))
    with pytest.raises(Refused) as refused:
        register_participant(by=cast.admin_kupang, nip=NIP, satker=cast.kupang, **FIELDS)
    assert refused.value.message_dict == {"nip": ["NIP ini sudah terdaftar. Hubungi PKSDM bila seharusnya milik satker Anda."]}
    assert Participant.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"nip": "19960914202506190"}, "nip"),
        ({"nip": "199609142025211901"}, "nip"),
        ({"birth_date": date(1995, 9, 14)}, "birth_date"),
        ({"sex": "P"}, "sex"),
        ({"full_name": ""}, "full_name"),
        ({"full_name": "x" * 200}, "full_name"),
        ({"full_name": "Nama\x00Lain"}, "full_name"),
        ({"golongan": "IV/a"}, "golongan"),
        ({"religion": "Lain"}, "religion"),
        ({"email": "bukan surel"}, "email"),
    ],
)
def test_register_participant_bad_field_is_refused_by_name_and_writes_nothing(cast, change, field):
    with pytest.raises(Refused) as refused:
        register_participant(**{"by": cast.admin_kupang, "nip": NIP, "satker": cast.kupang, **FIELDS, **change})
    assert list(refused.value.message_dict) == [field]
    assert not Participant.objects.exists()
    assert not AuditEntry.objects.exists()


def test_update_participant_changed_field_raises_version_and_records_old_and_new(cast):
    person = register_participant(by=cast.admin_kupang, nip=NIP, satker=cast.kupang, **FIELDS)
    update_participant(participant_id=person.pk, version=1, by=cast.admin_kupang, phone="081200000901")
    person.refresh_from_db()
    assert (person.version, person.phone) == (2, "081200000901")
    assert AuditEntry.objects.about(person).first().changes == {"phone": ["", "081200000901"]}


def test_update_participant_nothing_changed_writes_nothing(cast):
    person = register_participant(by=cast.admin_kupang, nip=NIP, satker=cast.kupang, **FIELDS)
    assert update_participant(participant_id=person.pk, version=1, by=cast.admin_kupang, **FIELDS).version == 1
    assert AuditEntry.objects.about(person).count() == 1


def test_update_participant_old_version_is_stale(cast):
    person = register_participant(by=cast.admin_kupang, nip=NIP, satker=cast.kupang, **FIELDS)
    update_participant(participant_id=person.pk, version=1, by=cast.provinsi_a, phone="081200000901")
    with pytest.raises(StaleVersion):
        update_participant(participant_id=person.pk, version=1, by=cast.admin_kupang, phone="081200000902")


def test_update_participant_submitted_is_locked_for_the_satker_only(cast):
    person = ParticipantFactory(satker=cast.kupang, stage=Stage.SUBMITTED)
    with pytest.raises(NotAllowed):
        update_participant(participant_id=person.pk, version=1, by=cast.admin_kupang, phone="081200000901")
    assert update_participant(participant_id=person.pk, version=1, by=cast.provinsi_a, phone="081200000901").version == 2


def test_update_participant_new_nip_derives_again(cast):
    person = register_participant(by=cast.admin_kupang, nip=NIP, satker=cast.kupang, **FIELDS)
    update_participant(participant_id=person.pk, version=1, by=cast.admin_kupang, nip="199803022025032902")
    person.refresh_from_db()
    assert (person.birth_date, person.sex, person.deadline) == (date(1998, 3, 2), "P", date(2026, 3, 1))


def test_update_participant_transfer_needs_the_right_at_both_units(cast):
    person = register_participant(by=cast.admin_kupang, nip=NIP, satker=cast.kupang, **FIELDS)
    with pytest.raises(NotAllowed):
        update_participant(participant_id=person.pk, version=1, by=cast.provinsi_a, satker=cast.denpasar)
    moved = update_participant(participant_id=person.pk, version=1, by=cast.pksdm, satker=cast.denpasar)
    assert (moved.satker, moved.province_id) == (cast.denpasar, cast.province_b.pk)


@pytest.mark.parametrize("stage", [Stage.SUBMITTED, Stage.APPROVED])
def test_update_participant_transfer_of_a_submitted_file_is_a_movement(cast, sign_in, stage):
    person = ParticipantFactory(satker=cast.kupang, stage=stage)
    with pytest.raises(Refused) as refused:
        update_participant(participant_id=person.pk, version=1, by=cast.pksdm, satker=cast.denpasar)
    assert list(refused.value.message_dict) == ["satker"]
    typed = {**ParticipantForm.initial_of(person), "birth_date": person.birth_date.strftime("%d-%m-%Y"), "satker": cast.denpasar.code}
    url = reverse("participant_edit", args=[person.pk])
    page = sign_in(cast.pksdm).post(url, {name: value for name, value in typed.items() if value is not None}).content.decode()
    assert f'href="{reverse("movement_add", args=[person.pk])}?jenis=change_satker"' in page
    person.refresh_from_db()
    assert (person.satker, person.version) == (cast.kupang, 1)


@pytest.mark.parametrize(("group", "is_refused"), [("III", True), ("II/III", False)])
def test_update_participant_golongan_outside_the_angkatan_is_refused_while_seated(cast, group, is_refused):
    person = ParticipantFactory(satker=cast.kupang, stage=Stage.APPROVED)
    place_participant(batch_id=BatchFactory(golongan=group).pk, participant_id=person.pk, by=cast.pksdm)
    version = Participant.objects.get().version
    if is_refused:
        with pytest.raises(Refused) as refused:
            update_participant(participant_id=person.pk, version=version, by=cast.pksdm, golongan="II/c")
        assert list(refused.value.message_dict) == ["golongan"]
    else:
        update_participant(participant_id=person.pk, version=version, by=cast.pksdm, golongan="II/c")
    person.refresh_from_db()
    assert person.golongan == ("III/a" if is_refused else "II/c")


@pytest.mark.parametrize(
    ("tmt", "until", "deadline"),
    [
        (date(2025, 3, 1), date(2026, 9, 1), date(2026, 9, 1)),
        (date(2025, 9, 1), None, date(2026, 9, 1)),
        (date(2026, 1, 1), None, date(2027, 1, 1)),
    ],
)
def test_update_participant_corrected_tmt_keeps_only_an_extension_that_extends(cast, sign_in, tmt, until, deadline):
    birth, extended = date(1996, 5, 5), date(2026, 9, 1)
    nips = [nip_of(birth, day, female=True, serial=901) for day in (date(2025, 6, 1), tmt)]
    person = ParticipantFactory(
        satker=cast.kupang, birth_date=birth, nip=nips[0], tmt_cpns=date(2025, 6, 1), deadline=extended, extended_until=extended
    )
    typed = {**ParticipantForm.initial_of(person), "nip": nips[1], "birth_date": "05-05-1996"}
    answer = sign_in(cast.admin_kupang).post(
        reverse("participant_edit", args=[person.pk]), {name: value for name, value in typed.items() if value is not None}, follow=True
    )
    person.refresh_from_db()
    assert (person.tmt_cpns, person.extended_until, person.deadline) == (tmt, until, deadline)
    assert ("gugur" in answer.content.decode()) == (until is None)
    assert ("extended_until" in AuditEntry.objects.about(person).get(verb="change").changes) == (until is None)
