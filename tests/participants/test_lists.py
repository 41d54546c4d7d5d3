"""The list people live in: saved filters, columns, search by satker, the export as a job."""

from __future__ import annotations

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import AuditEntry
from latsar.jobs.models import Job, JobState
from latsar.jobs.run import run_job
from latsar.training.models import DossierRequirement
from participants import people_export
from participants.list_columns import COLUMNS, DEFAULT
from participants.list_query import ListQuery
from participants.models import ListColumns, Participant, SavedFilter
from participants.saved_lists import MOST
from participants.services.lists import choose_columns, columns_of, delete_filter, save_filter
from tests import factories

LIST = "participant_list"


@pytest.fixture
def people(cast):
    """One in Kupang, one in Ende, one in Denpasar; only the second has an account."""
    account = factories.UserFactory()
    make = factories.ParticipantFactory
    return [
        make(satker=cast.kupang, full_name="Anna Contoh", jabatan="Arsiparis"),
        make(satker=cast.ende, full_name="Budi Contoh", user=account),
        make(satker=cast.denpasar, full_name="Citra Contoh"),
    ]


def names(client, query: str) -> list[str]:
    return [row.name for row in client.get(reverse(LIST) + query).context["people"].rows]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=kupang", ["Anna Contoh"]),
        ("?q=anna", ["Anna Contoh"]),
        ("?q=contoh", ["Anna Contoh", "Budi Contoh"]),
        ("?q=denpasar", []),
        ("?jabatan=Arsiparis", ["Anna Contoh"]),
        ("?akun=belum", ["Anna Contoh"]),
        ("?akun=aktif", ["Budi Contoh"]),
        ("?akun=diundang", []),
        ("?akun=entah", []),
        ("?satker=51.71", []),
        ("?provinsi=99", []),
    ],
)
def test_participant_list_filters_and_searches_within_scope(cast, sign_in, people, query, expected):
    assert names(sign_in(cast.provinsi_a), query) == expected


def test_search_of_a_word_that_all_satker_share_names_people_only(cast, people):
    for number in range(45):
        factories.SatkerFactory(code=f"53.9{number}"[:8], name=f"KPU Kota Kupang {number}", parent=cast.province_a)

    assert Participant.objects.search("kupang").count() == 0
    assert Participant.objects.search("anna").count() == 1


def test_participant_list_costs_the_same_at_one_and_a_hundred_rows(cast, sign_in):
    client, counts = sign_in(cast.pksdm), []
    choose_columns(names=COLUMNS, by=cast.pksdm)
    for more in (1, 99):
        for _number in range(more):
            factories.ParticipantFactory(satker=cast.kupang, user=factories.UserFactory())
        address = reverse(LIST) + "?urut=batas&provinsi=53&q=peserta"
        client.get(address)  # the jabatan on offer are kept for some minutes, the first look of a day is recorded
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15


def test_save_filter_comes_back_as_a_chip_and_can_be_deleted(cast, sign_in, people):
    client = sign_in(cast.provinsi_a)
    client.post(reverse("filter_save"), {"nama": "  Ende  saja ", "saringan": "?satker=53.08&urut=batas"})
    saved = SavedFilter.objects.get()
    assert (saved.user, saved.name, saved.address) == (cast.provinsi_a, "Ende saja", "?satker=53.08&urut=batas")
    page = client.get(reverse(LIST) + saved.address)
    assert page.context["saved"] == [(saved, True)]
    assert names(client, saved.address) == ["Budi Contoh"]
    answer = client.post(reverse("filter_save"), {"hapus": saved.pk, "saringan": saved.address})
    assert answer["Location"] == reverse(LIST) + saved.address
    assert not SavedFilter.objects.exists()


def test_save_filter_again_under_the_same_name_replaces_it(cast):
    save_filter(name="Milik saya", query=ListQuery(tahap="placed"), by=cast.pksdm)
    save_filter(name="Milik saya", query=ListQuery(tahap="training"), by=cast.pksdm)
    save_filter(name="Milik saya", query=ListQuery(tahap="training"), by=cast.provinsi_a)
    assert list(SavedFilter.objects.visible_to(cast.pksdm).values_list("address", flat=True)) == ["?tahap=training"]


@pytest.mark.parametrize(("name", "query"), [("", ListQuery(q="a")), ("x" * 41, ListQuery(q="a")), ("Semua", ListQuery())])
def test_save_filter_without_name_or_filter_is_refused(cast, name, query):
    with pytest.raises(Refused):
        save_filter(name=name, query=query, by=cast.pksdm)
    assert not SavedFilter.objects.exists()


def test_save_filter_stops_at_the_limit_but_still_replaces(cast):
    for number in range(MOST):
        save_filter(name=f"Saringan {number}", query=ListQuery(q=f"a{number}"), by=cast.pksdm)
    with pytest.raises(Refused):
        save_filter(name="Satu lagi", query=ListQuery(q="b"), by=cast.pksdm)
    save_filter(name="Saringan 3", query=ListQuery(q="c"), by=cast.pksdm)
    assert SavedFilter.objects.count() == MOST


def test_delete_filter_of_somebody_else_is_not_found(cast, sign_in):
    saved = save_filter(name="Milik saya", query=ListQuery(q="a"), by=cast.pksdm)
    with pytest.raises(NotAllowed):
        delete_filter(filter_id=saved.pk, by=cast.provinsi_a)
    assert sign_in(cast.provinsi_a).post(reverse("filter_save"), {"hapus": saved.pk}).status_code == 404
    assert SavedFilter.objects.exists()


def test_choose_columns_keeps_the_known_ones_in_their_order(cast, sign_in, people):
    client = sign_in(cast.admin_kupang)
    client.post(reverse("columns_choose"), {"kolom": ["akun", "satker", "tidak-ada"], "saringan": "?q=anna"})
    assert columns_of(cast.admin_kupang) == ["satker", "akun"]
    page = client.get(reverse(LIST))
    assert [head.label for head in page.context["people"].heads] == ["Satker", "Akun"]
    assert "Belum diundang" in page.content.decode()
    assert columns_of(cast.pksdm) == list(DEFAULT)


def test_choose_columns_none_means_the_usual_ones(cast):
    choose_columns(names=["akun"], by=cast.pksdm)
    assert choose_columns(names=[], by=cast.pksdm) == list(DEFAULT)
    assert not ListColumns.objects.exists()


def test_participant_export_of_a_long_list_becomes_a_job_with_the_same_rows(cast, sign_in, people, monkeypatch):
    monkeypatch.setattr(people_export, "DIRECT_LIMIT", 1)
    answer = sign_in(cast.provinsi_a).post(reverse("participant_export") + "?urut=-nama")
    job = Job.objects.get()
    assert answer["Location"] == job.get_absolute_url()
    run_job(job.pk, people_export.build_export)
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (JobState.DONE, 2, 2)
    with job.result_file.open("rb") as stored:
        sheet = load_workbook(io.BytesIO(stored.read())).active
    assert [row[1].value for row in sheet.iter_rows(min_row=4)][-2:] == ["Budi Contoh", "Anna Contoh"]
    assert AuditEntry.objects.filter(verb="export", actor=cast.provinsi_a).count() == 1


def test_build_export_uses_the_rights_of_the_moment(cast, people):
    job = people_export.request_export(query=ListQuery(), by=cast.provinsi_a)
    cast.provinsi_a.grants.update(valid_to=timezone.localdate().replace(year=2020), valid_from=timezone.localdate().replace(year=2019))
    run_job(job.pk, people_export.build_export)
    job.refresh_from_db()
    assert (job.state, bool(job.result_file)) == (JobState.FAILED, False)


def test_participant_bulk_leaves_out_who_was_unticked_in_the_preview(cast, sign_in, people):
    """Everybody of the filter is previewed with a tick; the exceptions are unticked before it is confirmed."""
    client, url = sign_in(cast.provinsi_a), reverse("participant_bulk")
    page = client.post(url, {"aksi": "submit", "semua": "1", "saringan": "?provinsi=53"}).content.decode()
    assert page.count('name="pilih"') == 2
    client.post(url, {"aksi": "submit", "pasti": "1", "pilih": [people[1].pk]})
    for person in people:
        person.refresh_from_db()
    assert [person.stage for person in people] == ["registered", "submitted", "registered"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("19950615", True),
        ("19950615 202601 2", True),
        ("1995.0615", True),
        ("202601 2 941", True),
        ("941", True),
        ("0615", True),
        ("19950616", False),
        ("20260129", True),
        ("99999999", False),
    ],
)
def test_search_finds_a_nip_by_its_beginning_and_by_any_piece(cast, typed, found):
    factories.ParticipantFactory(satker=cast.kupang, nip="199506152026012941")
    assert Participant.objects.search(typed).exists() is found


def test_participant_list_filters_by_the_state_of_the_dossier(cast, sign_in, people):
    DossierRequirement.objects.all().delete()
    DossierRequirement.objects.create(code="sk-cpns", name="SK CPNS", is_required=True)
    factories.DocumentFactory(participant=people[0], code="sk-cpns")
    factories.DocumentFactory(
        participant=people[1], code="sk-cpns", state="returned", reason="Buram", judged_by=cast.pksdm, judged_at=timezone.now()
    )
    client = sign_in(cast.pksdm)
    found = {word: names(client, f"?berkas={word}") for word in ("lengkap", "kurang", "dikembalikan", "kedaluwarsa", "entah")}
    assert found == {
        "lengkap": ["Anna Contoh"],
        "kurang": ["Citra Contoh"],
        "dikembalikan": ["Budi Contoh"],
        "kedaluwarsa": [],
        "entah": [],
    }
