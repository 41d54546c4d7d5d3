from __future__ import annotations

import gc

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from latsar.accounts.models import AuditEntry
from latsar.bulk import AnyOf, insert_rows, rows_like, uncollected
from participants.models import Participant
from tests.factories import ParticipantFactory


def test_insert_rows_keeps_every_value_and_gives_keys(cast):
    people = [
        ParticipantFactory.build(satker=cast.kupang, province=cast.province_a, full_name=f"Dua\tkata \\ baris\n{n}") for n in range(3)
    ]
    insert_rows(Participant, people, keys=True)
    for person in people:
        stored = Participant.objects.get(pk=person.pk)
        for field in Participant._meta.concrete_fields:
            assert getattr(stored, field.attname) == getattr(person, field.attname) or field.name == "updated_at"
    assert ParticipantFactory(satker=cast.kupang).pk not in [person.pk for person in people]


def test_insert_rows_json_and_addresses_are_kept(cast):
    entry = AuditEntry(verb="x", model="m", object_id="1", object_label="o", changes={"a": ["\n", None]}, client_ip="127.0.0.1")
    insert_rows(AuditEntry, [entry])
    assert AuditEntry.objects.values_list("changes", "client_ip").get() == ({"a": ["\n", None]}, "127.0.0.1")


def test_insert_rows_taken_value_is_an_integrity_error_and_nothing_stays(cast):
    taken = ParticipantFactory(satker=cast.kupang)
    people = [
        ParticipantFactory.build(satker=cast.kupang, province=cast.province_a),
        ParticipantFactory.build(satker=cast.kupang, province=cast.province_a, nip=taken.nip),
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(Participant, people, keys=True)
    assert Participant.objects.count() == 1


def test_insert_rows_nothing_is_fine(db):
    insert_rows(Participant, [])


def test_rows_like_makes_what_the_constructor_makes(cast):
    pattern = ParticipantFactory.build(satker=cast.kupang, province=cast.province_a, full_name="Contoh Satu")
    like = rows_like(pattern)
    first, second = like(nip="199601012025061901"), like(nip="199601012025061902", full_name="Contoh Dua")
    assert (first.full_name, second.full_name, first.satker_id, first.pk) == ("Contoh Satu", "Contoh Dua", cast.kupang.pk, None)
    assert first._state is not second._state
    insert_rows(Participant, [first, second], keys=True)
    made = Participant.objects.get(nip=second.nip)
    again = Participant(**{field.attname: getattr(second, field.attname) for field in Participant._meta.concrete_fields})
    assert {
        field.attname for field in Participant._meta.concrete_fields if getattr(made, field.attname) != getattr(again, field.attname)
    } <= {"updated_at"}


def test_uncollected_pauses_the_collector_and_lets_it_go_on():
    assert gc.isenabled()
    with uncollected():
        assert not gc.isenabled()
        with uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ValueError, match="x"), uncollected():
        raise ValueError("x")
    assert gc.isenabled()


def test_any_of_finds_what_in_finds(cast):
    people = ParticipantFactory.create_batch(4, satker=cast.kupang)
    odd = 'o\'brien {"a",b}\\\\ %s@contoh.go.id'
    Participant.objects.filter(pk=people[0].pk).update(full_name=odd)
    for wanted in ([], [odd], [odd, people[2].full_name, "nobody", "NULL", ""], [one.full_name for one in people]):
        found = Participant.objects.filter(AnyOf(F("full_name"), wanted)).order_by("pk")
        assert list(found) == list(Participant.objects.filter(full_name__in=wanted).order_by("pk"))
