"""The story of a person: words instead of codes, pages instead of an end, and only what the reader may know."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from latsar.accounts import audit
from latsar.accounts.enums import Role
from latsar.accounts.models import AuditEntry
from participants import person_story
from participants.list_columns import COLUMNS
from participants.models import Participant
from participants.services.lists import choose_columns, columns_of
from tests import factories


@pytest.fixture
def person(cast) -> Participant:
    return factories.ParticipantFactory(satker=cast.kupang, email="kenari@contoh.go.id", phone="081200000901", address="Jalan Kenari 1")


def note(person, by, changes=None, **more) -> AuditEntry:
    entry = audit.entry(verb="change", obj=person, by=by, changes=changes or {}, **more)
    entry.save(force_insert=True)
    return entry


def test_history_says_dates_and_codes_in_words(cast, sign_in, person):
    changes = {
        "deadline": ["2027-11-01", "2027-12-01"],
        "sex": ["P", "L"],
        "religion": ["Kristen", ""],
        "extended_until": ["2027-12-01", None],
    }
    note(person, cast.admin_kupang, changes)
    page = sign_in(cast.admin_kupang).get(reverse("participant_history", args=[person.pk])).content.decode()
    for words in ("1 November 2027 → 1 Desember 2027", "Perempuan → Laki-laki", "Kristen → kosong", "1 Desember 2027 → kosong"):
        assert words in page


def test_history_asks_the_same_queries_for_one_transfer_and_for_five(cast, sign_in, person):
    client, url, counts = sign_in(cast.pksdm), reverse("participant_history", args=[person.pk]), []
    for more in (1, 4):
        for _number in range(more):
            note(person, cast.pksdm, {"satker": [cast.kupang.pk, cast.denpasar.pk]})
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(url).content.decode()
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert page.count("KPU Kota Kupang → KPU Kota Denpasar") == 5


def test_history_has_pages_that_together_tell_everything_once(cast, sign_in, person):
    start = timezone.now() - timedelta(days=400)
    for number in range(person_story.HISTORY_PAGE + 10):
        note(person, cast.pksdm, note=f"catatan-{number:03d}.")
        if number % 10 == 0:
            person.stage_changes.create(action="verify", old="submitted", new="verified", note=f"tahap-{number:03d}.", at=start)
    client, url, told = sign_in(cast.pksdm), reverse("participant_history", args=[person.pk]), ""
    for page in ("1", "2"):
        answer = client.get(url, {"halaman": page}).content.decode()
        assert "Sebelumnya" in answer
        told += answer
    assert [told.count(f"catatan-{number:03d}.") for number in range(person_story.HISTORY_PAGE + 10)] == [1] * (
        person_story.HISTORY_PAGE + 10
    )
    assert told.count("tahap-") == 11


def test_list_column_of_the_stage_counts_days_by_the_clock_of_the_portal(person):
    person.stage_at = timezone.make_aware(datetime(2026, 3, 2, 0, 30))
    assert COLUMNS["sejak"].cell(person, None) == "2 Maret 2026"


@pytest.mark.parametrize(("who", "reads"), [("admin_kupang", True), ("pksdm", True), ("pimpinan", False)])
def test_contact_is_for_who_works_with_the_person(cast, sign_in, person, who, reads):
    user = getattr(cast, who)
    client = sign_in(user)
    note(person, cast.admin_kupang, {"phone": ["081200000900", "081200000901"]})
    choose_columns(names=["satker", "kontak"], by=user)
    assert ("kontak" in columns_of(user)) == reads
    pages = [client.get(url).content.decode() for url in (reverse("participant_list"), person.get_absolute_url())]
    pages.append(client.get(reverse("participant_history", args=[person.pk])).content.decode())
    assert ["kenari@contoh.go.id" in pages[0], "kenari@contoh.go.id" in pages[1], "081200000900" in pages[2]] == [reads] * 3
    assert ("No. HP" in pages[2]) is True
    book = load_workbook(BytesIO(b"".join(client.post(reverse("participant_export")))))
    cells = {str(cell.value) for row in book.active.rows for cell in row}
    assert ({"E-mail", "kenari@contoh.go.id", "081200000901"} <= cells, "081200000901" in cells) == (reads, reads)


def test_contact_is_shown_to_the_person(cast, sign_in, person):
    account = factories.UserFactory()
    factories.RoleGrantFactory(user=account, role=Role.PESERTA)
    Participant.objects.update(user=account)
    assert "kenari@contoh.go.id" in sign_in(account).get(person.get_absolute_url()).content.decode()
