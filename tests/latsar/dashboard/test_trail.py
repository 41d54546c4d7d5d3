"""The audit trail in words, of one row and of the whole country."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from latsar.accounts import audit
from latsar.accounts.enums import Role
from latsar.accounts.models import AuditEntry, DataView
from latsar.dashboard import trail, trail_search
from participants.models import Participant
from participants.services.movement import MovementFacts, propose_movement
from tests import factories
from tests.access_world import build_world

PAGE = re.compile(r"\s+")


def text_of(answer) -> str:
    return PAGE.sub(" ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def person(cast) -> Participant:
    return factories.ParticipantFactory(satker=cast.kupang, full_name="Theodora Contoh, S.Si.")


def change(person: Participant, by, **changes: list) -> AuditEntry:
    return audit.record(verb="change", obj=person, by=by, changes=changes)


def about(person: Participant) -> str:
    return reverse("trail_object", args=["peserta", person.pk])


def test_trail_object_writes_old_and_new_with_labels_and_words(cast, person, sign_in):
    change(
        person,
        cast.admin_kupang,
        phone=["0812", "0813"],
        satker=[cast.kupang.pk, cast.ende.pk],
        stage=["registered", "submitted"],
        birth_date=["1998-08-12", "1998-08-13"],
    )
    page = text_of(sign_in(cast.admin_kupang).get(about(person)))
    for piece in (
        "No. HP: 0812 → menjadi 0813",
        "Satker: KPU Kota Kupang → menjadi KPU Kabupaten Ende",
        "Tahap: Terdaftar → menjadi",
        "Tanggal lahir: 12 Agustus 1998 → menjadi 13 Agustus 1998",
        "Admin Kupang, S.H. Admin Satker, KPU Kota Kupang",
    ):
        assert piece in page


def test_trail_object_for_somebody_out_of_sight_is_not_there(cast, person, sign_in):
    assert sign_in(cast.admin_badung).get(about(person)).status_code == 404
    assert sign_in(cast.pksdm).get(reverse("trail_object", args=["rahasia", 1])).status_code == 404
    assert sign_in(cast.pksdm).get(reverse("trail_object", args=["peserta", person.pk + 99])).status_code == 404


def test_trail_object_hides_special_needs_from_whoever_may_not_see_them(cast, person, sign_in):
    change(person, cast.admin_kupang, special_needs=["KENARI-LAMA", "KENARI-BARU"])
    assert "KENARI-BARU" in text_of(sign_in(cast.admin_kupang).get(about(person)))
    page = text_of(sign_in(cast.pimpinan).get(about(person)))
    assert "KENARI" not in page
    assert "Kebutuhan khusus" in page


def test_trail_object_shows_request_ids_to_the_nation_only(cast, person, sign_in):
    entry = change(person, cast.admin_kupang, phone=["1", "2"])
    AuditEntry.objects.filter(pk=entry.pk).update(request_id="cafe0123cafe0123")
    assert "cafe0123cafe0123" in text_of(sign_in(cast.pimpinan).get(about(person)))
    assert "cafe0123cafe0123" not in text_of(sign_in(cast.admin_kupang).get(about(person)))


def test_trail_object_of_an_account_shows_a_unit_only_what_was_done_there(cast, sign_in):
    audit.record(verb="change", obj=cast.admin_kupang, by=cast.pksdm, changes={"email": ["KENARI-A@contoh.go.id", "b@contoh.go.id"]})
    url = reverse("trail_object", args=["akun", cast.admin_kupang.pk])
    assert "KENARI-A" in text_of(sign_in(cast.pksdm).get(url))
    assert "KENARI-A" not in text_of(sign_in(cast.provinsi_a).get(url))


def test_trail_object_of_a_person_shows_an_institute_only_its_own_deeds(cast, sign_in):
    batch = factories.BatchFactory(institute=cast.institute_a, province=cast.province_a)
    seated = factories.ParticipantFactory(satker=cast.kupang, stage="training", batch=batch)
    audit.record(
        verb="change", obj=seated, by=cast.admin_kupang, changes={"address": ["Jalan Lama", "Jalan Baru"]}, note="KENARI catatan satker"
    )
    audit.record(verb="mark_progress", obj=seated, by=cast.lembaga_a, note="Dicatat lembaga")
    page = text_of(sign_in(cast.lembaga_a).get(about(seated)))
    assert "Dicatat lembaga" in page
    assert "KENARI" not in page
    assert "Jalan Lama" not in page


def test_trail_object_does_not_tell_a_unit_of_the_actors_other_roles(cast, person, sign_in):
    factories.RoleGrantFactory(user=cast.admin_kupang, role=Role.ADMIN_SATKER, satker=cast.badung)
    change(person, cast.admin_kupang, phone=["1", "2"])
    assert "KPU Kabupaten Badung" not in text_of(sign_in(cast.provinsi_a).get(about(person)))
    assert "KPU Kabupaten Badung" in text_of(sign_in(cast.pksdm).get(about(person)))


def test_trail_object_of_a_person_is_itself_a_look(cast, person, sign_in):
    sign_in(cast.admin_kupang).get(about(person))
    assert DataView.objects.about(person).get().kind == "story"


def test_trail_object_without_changes_says_so(cast, person, sign_in):
    assert "Belum ada jejak" in text_of(sign_in(cast.pksdm).get(about(person)))


@pytest.mark.parametrize("slug", trail.KINDS)
def test_object_of_every_kind_starts_from_what_is_visible(cast, slug):
    assert trail.object_of(cast.stranger, slug, 10**9) is None
    assert trail.kind_name(trail.KINDS[slug]) != trail.KINDS[slug]


def test_trail_object_asks_the_same_number_of_queries_for_one_and_three_rows(cast, person, sign_in):
    client, asked = sign_in(cast.pksdm), []
    change(person, cast.admin_kupang, satker=[cast.kupang.pk, cast.ende.pk])
    client.get(about(person))
    for extra in (0, 2):
        for _ in range(extra):
            change(person, cast.provinsi_a, satker=[cast.ende.pk, cast.kupang.pk])
        with CaptureQueriesContext(connection) as queries:
            client.get(about(person))
        asked.append(len(queries))
    assert asked[0] == asked[1]


@pytest.fixture
def side(cast):
    return build_world(cast).a


@pytest.mark.parametrize(
    ("slug", "find"),
    [
        ("orientasi", lambda side: side.orientation.member.programme),
        ("participants-movement", lambda side: side.movement),
        ("participants-dossierdocument", lambda side: side.document),
        ("training-institute", lambda side: side.batch.institute),
        ("skema", lambda side: side.batch.scheme),
        ("kurikulum", lambda side: side.batch.curriculum),
    ],
)
def test_trail_object_of_every_kind_of_thing_is_read_with_its_values(cast, side, sign_in, slug, find):
    obj = find(side)
    audit.record(verb="change", obj=obj, by=cast.pksdm, changes={"title": ["Lama sekali", "Baru sekali"]})
    assert "Baru sekali" in text_of(sign_in(cast.pksdm).get(reverse("trail_object", args=[slug, obj.pk])))


def test_trail_object_of_a_movement_tells_what_is_written_about_the_person_and_only_while_it_was_open(cast, person, sign_in):
    facts = MovementFacts("defer", "illness", "Dirawat", timezone.localdate())
    Participant.objects.filter(pk=person.pk).update(stage="approved")
    audit.record(verb="propose_movement", obj=person, by=cast.admin_kupang, note="KENARI lama")
    AuditEntry.objects.update(at=timezone.now() - timedelta(days=9))
    movement = propose_movement(participant_id=person.pk, facts=facts, by=cast.admin_kupang)
    change(person, cast.admin_kupang, phone=["1", "KENARI nomor"])
    url = reverse("trail_object", args=["participants-movement", movement.pk])
    page = text_of(sign_in(cast.admin_kupang).get(url))
    assert "Mengusulkan perubahan status" in page
    assert "KENARI" not in page
    assert sign_in(cast.admin_badung).get(url).status_code == 404


@pytest.mark.parametrize("who", ["lembaga_a", "mentor_a", "coach_a"])
def test_trail_object_of_what_is_private_is_not_for_who_has_the_person_for_a_month(side, cast, sign_in, who):
    for slug, obj in (("participants-movement", side.movement), ("participants-dossierdocument", side.document)):
        assert sign_in(getattr(cast, who)).get(reverse("trail_object", args=[slug, obj.pk])).status_code == 404


def test_trail_object_of_an_orientation_does_not_tell_a_member_of_the_others(side, cast, sign_in):
    programme = side.orientation.member.programme
    audit.record(verb="mark_orientation", obj=programme, by=cast.provinsi_a, changes={"KENARI Nama Lain": [None, "A"]})
    url = reverse("trail_object", args=["orientasi", programme.pk])
    assert "KENARI Nama Lain" in text_of(sign_in(cast.provinsi_a).get(url))
    assert "KENARI Nama Lain" not in text_of(sign_in(side.peserta).get(url))


def test_trail_object_of_rules_is_for_the_nation_and_of_tables_that_are_not_ours_for_nobody(cast, side, sign_in):
    url = reverse("trail_object", args=["skema", side.batch.scheme_id])
    assert [sign_in(user).get(url).status_code for user in (cast.pksdm, cast.pimpinan, cast.admin_kupang)] == [200, 200, 404]
    assert sign_in(cast.pksdm).get(reverse("trail_object", args=["contenttypes-contenttype", 1])).status_code == 404


def test_every_page_that_tells_the_trail_shows_auditors_the_fields_and_not_their_values(cast, person, sign_in):
    change(person, cast.admin_kupang, phone=["0812", "0813KENARI"])
    pages = [about(person), reverse("participant_history", args=[person.pk]), reverse("trail")]
    pages.append(reverse("admin:participants_participant_history", args=[person.pk]))
    for url in pages:
        assert "0813KENARI" in text_of(sign_in(cast.pksdm).get(url)), url
        page = text_of(sign_in(cast.pimpinan).get(url))
        assert "No. HP" in page, url
        assert "0813KENARI" not in page, url


def test_history_in_the_admin_is_the_trail_in_words(cast, person, sign_in):
    change(person, cast.admin_kupang, phone=["0812", "0813"])
    page = text_of(sign_in(cast.pksdm).get(reverse("admin:participants_participant_history", args=[person.pk])))
    assert "Mengubah No. HP: 0812 → 0813" in page
    assert "tidak memiliki riwayat perubahan" not in page


# --- the whole country --------------------------------------------------------------------------


@pytest.fixture
def country(cast, person) -> dict[str, AuditEntry]:
    far = factories.ParticipantFactory(satker=cast.badung, full_name="Wayan Contoh, S.T.")
    rows = {
        "phone": change(person, cast.admin_kupang, phone=["0812", "0813"]),
        "verify": audit.record(verb="verify", obj=far, by=cast.provinsi_b),
        "old": change(far, cast.admin_badung, address=["Jalan Lama", "Jalan Baru"]),
    }
    AuditEntry.objects.filter(pk=rows["old"].pk).update(at=timezone.now() - timedelta(days=40))
    return rows


def found(client, **filters: str) -> set[int]:
    return {line.pk for line in client.get(reverse("trail"), filters).context["trail"].rows}


def test_trail_filters_by_who_what_where_and_when(cast, country, sign_in):
    client, today = sign_in(cast.pksdm), timezone.localdate()
    expected = {
        "phone": [
            {"pelaku": "Admin Kupang"},
            {"pelaku": "admin.kupang"},
            {"provinsi": "53"},
            {"q": "theodora"},
            {"tindakan": "change", "dari": str(today)},
        ],
        "verify": [{"tindakan": "verify"}, {"pelaku": "provinsi b"}],
        "old": [{"sampai": str(today - timedelta(days=30))}],
    }
    for key, cases in expected.items():
        for filters in cases:
            assert found(client, **filters) == {country[key].pk}, filters
    assert found(client, jenis="peserta") == {row.pk for row in country.values()}
    assert found(client, jenis="angkatan") == set()


def test_trail_with_a_day_that_is_none_says_so_beside_the_field_and_keeps_it(cast, country, sign_in):
    page = sign_in(cast.pksdm).get(reverse("trail"), {"dari": "besok"})
    assert "Tulis tanggalnya lengkap" in page.content.decode()
    assert 'value="besok"' in page.content.decode()
    assert "mendahului" in sign_in(cast.pksdm).get(reverse("trail"), {"dari": "2026-02-09", "sampai": "2026-02-01"}).content.decode()


def test_trail_shows_auditors_the_fields_and_not_their_values(cast, country, sign_in):
    assert "0813" in text_of(sign_in(cast.pksdm).get(reverse("trail")))
    page = text_of(sign_in(cast.pimpinan).get(reverse("trail")))
    assert "No. HP" in page
    assert "0813" not in page


def test_trail_pages_by_key_there_and_back(cast, person, sign_in, monkeypatch):
    monkeypatch.setattr(trail_search, "PAGE_SIZE", 2)
    rows = [change(person, cast.admin_kupang, phone=[str(n), str(n + 1)]).pk for n in range(5)][::-1]
    client, url, seen = sign_in(cast.pksdm), reverse("trail"), []
    place: dict[str, str] = {}
    for _ in range(3):
        page = client.get(url, place).context["trail"]
        seen.append([line.pk for line in page.rows])
        place = dict(page.links.following or {})
    assert seen == [rows[:2], rows[2:4], rows[4:]]
    assert page.links.summary == "Baris 5 sampai 5, terbaru di atas"
    back = client.get(url, dict(page.links.previous)).context["trail"]
    assert [line.pk for line in back.rows] == rows[2:4]
    first = client.get(url, dict(back.links.previous)).context["trail"]
    assert ([line.pk for line in first.rows], first.links.previous) == (rows[:2], None)


def test_trail_asks_the_same_number_of_queries_for_one_and_three_rows(cast, person, sign_in):
    client, asked = sign_in(cast.pksdm), []
    for extra in (1, 2):
        for _ in range(extra):
            change(person, cast.provinsi_a, satker=[cast.ende.pk, cast.kupang.pk])
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("trail"))
        asked.append(len(queries))
    assert asked[0] == asked[1]


def rows_of(answer) -> list[list[object]]:
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]


def test_trail_export_writes_what_is_filtered_and_is_recorded_itself(cast, country, sign_in):
    answer = sign_in(cast.pksdm).post(f"{reverse('trail_export')}?tindakan=verify")
    rows = rows_of(answer)
    assert [(row[1], row[4], row[6]) for row in rows] == [("Provinsi B, S.H.", "memverifikasi", "Wayan Contoh, S.T.")]
    entry = AuditEntry.objects.get(verb="export")
    assert (entry.actor, "1 baris" in entry.note, "tindakan=verify" in entry.note) == (cast.pksdm, True, True)


def test_trail_export_for_auditors_holds_no_values_and_no_formula(cast, person, sign_in):
    change(person, cast.admin_kupang, phone=["1", "=1+1"])
    audit.record(verb="change", obj=person, by=cast.admin_kupang, note="=2+2")
    cells = [cell for row in rows_of(sign_in(cast.pimpinan).post(reverse("trail_export"))) for cell in row]
    assert "=1+1" not in str(cells)
    assert "'=2+2" in cells


def test_trail_export_above_the_limit_is_refused_and_not_recorded(cast, country, sign_in, monkeypatch):
    monkeypatch.setattr(trail_search, "EXPORT_LIMIT", 2)
    answer = sign_in(cast.pksdm).post(reverse("trail_export"), follow=True)
    assert "Persempit saringannya" in text_of(answer)
    assert not AuditEntry.objects.filter(verb="export").exists()


# --- who looked ---------------------------------------------------------------------------------


def test_participant_views_tells_the_person_who_looked_with_role_and_unit(cast, person, sign_in):
    user = factories.UserFactory(username="peserta.dua")
    factories.RoleGrantFactory(user=user, role=Role.PESERTA)
    Participant.objects.filter(pk=person.pk).update(user=user)
    url = reverse("participant_views", args=[person.pk])
    assert "Belum ada yang melihat" in text_of(sign_in(user).get(url))
    sign_in(cast.provinsi_a).get(person.get_absolute_url())
    page = text_of(sign_in(user).get(url))
    assert "Provinsi A, S.H. Admin Provinsi, KPU Provinsi Nusa Tenggara Timur" in page
    assert "Halaman data" in page


def test_participant_views_is_not_for_institutes_and_leaders(cast, person, sign_in):
    assert sign_in(cast.pimpinan).get(reverse("participant_views", args=[person.pk])).status_code == 404
    assert "Siapa melihat" not in text_of(sign_in(cast.pimpinan).get(person.get_absolute_url()))
    assert sign_in(cast.admin_kupang).get(reverse("participant_views", args=[person.pk])).status_code == 200
