"""Who looked at whom: one row per viewer, person, day and kind, written after the answer."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from latsar.accounts import seen
from latsar.accounts.enums import Role, ViewKind
from latsar.accounts.models import DataView
from participants.models import ContactRequest, Participant
from participants.services.lists import choose_columns
from tests.access_world import build_world
from tests.factories import ParticipantFactory, RoleGrantFactory, UserFactory

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def person(cast) -> Participant:
    user = UserFactory(username="peserta.satu")
    RoleGrantFactory(user=user, role=Role.PESERTA)
    return ParticipantFactory(satker=cast.kupang, user=user)


def test_note_view_of_a_persons_page_records_who_role_unit_and_kind(cast, person, sign_in):
    answer = sign_in(cast.admin_kupang).get(person.get_absolute_url())
    row = DataView.objects.about(person).get()
    assert (row.viewer, row.kind, row.role, row.unit) == (cast.admin_kupang, ViewKind.PAGE, Role.ADMIN_SATKER, "KPU Kota Kupang")
    assert row.request_id == answer.headers["X-Request-ID"]


def test_note_view_twice_a_day_records_one_row_and_the_next_day_another(cast, person, sign_in):
    client = sign_in(cast.admin_kupang)
    for _ in range(3):
        client.get(person.get_absolute_url())
    client.get(reverse("participant_history", args=[person.pk]))
    assert sorted(DataView.objects.values_list("kind", flat=True)) == ["page", "story"]
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        sign_in(cast.admin_kupang).get(person.get_absolute_url())
    assert DataView.objects.filter(kind=ViewKind.PAGE).count() == 2


def test_note_view_of_oneself_records_nothing(person, sign_in):
    assert sign_in(person.user).get(person.get_absolute_url()).status_code == 200
    assert not DataView.objects.exists()


def test_note_view_of_somebody_out_of_sight_records_nothing(cast, person, sign_in):
    assert sign_in(cast.admin_badung).get(person.get_absolute_url()).status_code == 404
    assert not DataView.objects.exists()


def test_note_view_costs_one_query_after_the_first_look(cast, person, sign_in):
    client = sign_in(cast.admin_kupang)
    asked = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as queries:
            client.get(person.get_absolute_url())
        asked.append([q["sql"] for q in queries if "accounts_dataview" in q["sql"]])
    assert [len(one) for one in asked] == [2, 1, 1]


@pytest.mark.parametrize(
    ("name", "kind", "visitor", "recorded"),
    [
        ("participant_history", "participant", "prov", "story"),
        ("participant_movements", "participant", "prov", "story"),
        ("mentee_detail", "assignment", "men", "page"),
        ("rancangan_detail", "rancangan", "coach", "work"),
        ("paper_review", "naskah", "men", "work"),
        ("paper_file", "file", "lemb", "work"),
        ("certificate_file", "certificate", "satker", "file"),
        ("batch_roster", "batch", "lemb", "export"),
        ("batch_print", "batch", "lemb", "export"),
        ("participant_edit", "participant", "pksdm", "page"),
    ],
)
def test_pages_that_show_a_person_record_the_look(cast, sign_in, name, kind, visitor, recorded):
    world = build_world(cast)
    answer = sign_in(world.visitors[visitor]).get(reverse(name, args=world.a.arguments(kind)))
    b"".join(answer)
    assert answer.status_code == 200
    rows = DataView.objects.about(world.a.participant).values_list("viewer", "kind")
    assert list(rows) == [(world.visitors[visitor].pk, recorded)]


def test_export_of_the_list_records_each_person_in_it(cast, sign_in):
    inside = [ParticipantFactory(satker=cast.kupang) for _ in range(3)]
    outside = ParticipantFactory(satker=cast.badung)
    sign_in(cast.provinsi_a).post(reverse("participant_export"))
    assert set(DataView.objects.filter(kind=ViewKind.EXPORT).values_list("object_id", flat=True)) == {str(p.pk) for p in inside}
    assert not DataView.objects.about(outside).exists()


def _recorded(person: Participant) -> list[tuple[int, str]]:
    return list(DataView.objects.about(person).values_list("viewer", "kind"))


def test_lists_with_contact_data_record_each_person_shown(cast, sign_in):
    person = ParticipantFactory(satker=cast.kupang)
    ParticipantFactory(satker=cast.ende)
    client = sign_in(cast.admin_kupang)
    client.get(reverse("participant_list"))
    assert not DataView.objects.exists()  # name, NIP, satker and stage are open all day
    choose_columns(names=["satker", "kontak"], by=cast.admin_kupang)
    client.get(reverse("participant_list"))
    assert _recorded(person) == [(cast.admin_kupang.pk, ViewKind.LIST)]
    assert DataView.objects.count() == 1


def test_contact_requests_record_each_person_shown(cast, person, sign_in):
    ContactRequest.objects.create(participant=person, phone="081200000999")
    sign_in(cast.admin_kupang).get(reverse("contact_requests"))
    assert _recorded(person) == [(cast.admin_kupang.pk, ViewKind.LIST)]


def test_quality_list_and_its_file_record_each_person(cast, sign_in):
    people = [ParticipantFactory(satker=cast.kupang, phone="081200000999") for _ in range(2)]
    alone = ParticipantFactory(satker=cast.kupang, phone="081200000998")
    client = sign_in(cast.admin_kupang)
    client.get(reverse("quality_list", args=["hp-ganda"]))
    assert [_recorded(one) for one in people] == [[(cast.admin_kupang.pk, ViewKind.LIST)]] * 2
    client.post(reverse("quality_export", args=["hp-ganda"]))
    assert [sorted(kind for _viewer, kind in _recorded(one)) for one in people] == [["export", "list"]] * 2
    assert _recorded(alone) == []


def test_export_and_change_page_of_the_admin_record_each_person(cast, person, sign_in):
    client = sign_in(cast.pksdm)
    b"".join(client.post(reverse("admin:participants_participant_export"), {"format": "csv"}))
    client.get(reverse("admin:participants_participant_change", args=[person.pk]))
    assert sorted(DataView.objects.about(person).values_list("kind", flat=True)) == ["export", "page"]


def test_record_export_above_the_limit_records_nobody(cast, person, monkeypatch):
    monkeypatch.setattr(seen, "EXPORT_LIMIT", 2)
    seen.record_export(people=[1, 2, 3], model=Participant, by=cast.pksdm, note="Uji")
    assert not DataView.objects.exists()
    seen.record_export(people=[1, 2], model=Participant, by=cast.pksdm, note="Uji")
    assert DataView.objects.count() == 2


def test_record_export_asks_the_same_number_of_queries_for_few_and_many(cast, django_assert_num_queries):
    seen.record_export(people=[1], model=Participant, by=cast.pksdm, note="Uji")
    for ids in ([2], list(range(3, 53))):
        with django_assert_num_queries(2):  # what is known, and one INSERT
            seen.record_export(people=ids, model=Participant, by=cast.pksdm, note="Uji")


def test_audit_tables_have_one_writer_and_no_way_back():
    """No code changes or deletes what is recorded; views have one door."""
    sources = [path for room in ("latsar", "participants", "mentoring", "aktualisasi") for path in (ROOT / room).rglob("*.py")]
    texts = {path.relative_to(ROOT).as_posix(): path.read_text() for path in sources if "migrations" not in path.parts}
    undone = re.compile(r"Audit(Entry|Seal)\.objects(\.\w+\([^)]*\))*\.(update|delete|bulk_update)\(")
    assert [name for name, text in texts.items() if undone.search(text)] == []
    doors = [name for name, text in texts.items() if re.search(r"DataView\(\s|DataView\.objects\.(create|bulk_create|get_or_create)", text)]
    assert sorted(doors) == ["aktualisasi/demo/trail.py", "latsar/accounts/seen.py"]
