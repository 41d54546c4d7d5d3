"""The list, the form, the page of one person, the queue, and several at once."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from latsar.accounts.models import AuditEntry
from latsar.training.models import Seat
from participants.enums import Stage
from participants.models import Participant, RegistrationDraft
from tests import factories

TODAY = date(2026, 2, 9)


@pytest.fixture
def person(cast) -> Participant:
    return factories.ParticipantFactory(satker=cast.kupang, full_name="Theodora Contoh, S.Si.")


def seat(person: Participant, **batch: object) -> Participant:
    made = factories.BatchFactory(**batch)
    factories.PlacementFactory(participant=person, seat=Seat.objects.filter(batch=made).first(), group=2)
    Participant.objects.filter(pk=person.pk).update(stage=Stage.PLACED, batch=made)
    person.refresh_from_db()
    return person


def form_data(cast, **changes: str) -> dict[str, str]:
    tmt = timezone.localdate().replace(day=1)
    nip = f"19990317{tmt:%Y%m}2941"
    return {
        "nip": f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}", "full_name": "Theodora Contoh, S.Si.", "satker": cast.kupang.code,
        "golongan": "III/a", "jabatan": "Arsiparis", "email": "theodora@contoh.go.id", "phone": "0812 0000 0941", **changes,
    }  # fmt: skip


# --- list ---------------------------------------------------------------------------------------


def test_participant_list_shows_only_people_in_scope(cast, sign_in):
    for unit in (cast.kupang, cast.ende, cast.denpasar):
        factories.ParticipantFactory(satker=unit, full_name=f"Orang {unit.code}")
    seen = {
        name: {row.name for row in sign_in(user).get(reverse("participant_list")).context["people"].rows}
        for name, user in {"satker": cast.admin_kupang, "provinsi": cast.provinsi_a, "pksdm": cast.pksdm, "lembaga": cast.lembaga_a}.items()
    }
    assert seen == {
        "satker": {"Orang 53.71"},
        "provinsi": {"Orang 53.71", "Orang 53.08"},
        "pksdm": {"Orang 53.71", "Orang 53.08", "Orang 51.71"},
        "lembaga": set(),
    }


@pytest.mark.parametrize("who", ["mentor_a", "coach_a", "penguji_a", "stranger"])
def test_participant_list_for_other_roles_is_not_found(cast, sign_in, who):
    assert sign_in(getattr(cast, who)).get(reverse("participant_list")).status_code == 404


@pytest.mark.parametrize("user", ["provinsi_a", "pksdm", "admin_kupang"])
def test_participant_list_costs_the_same_at_one_and_at_fifty_rows(cast, sign_in, user):
    client = sign_in(getattr(cast, user))
    seat(factories.ParticipantFactory(satker=cast.kupang))
    counts = []
    for more in (0, 49):
        people = factories.ParticipantFactory.create_batch(more, satker=cast.kupang)
        for one in people[:5]:
            seat(one)
        client.get(reverse("participant_list"))  # the jabatan on offer are kept for some minutes
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse("participant_list"))
        assert page.status_code == 200
        counts.append(len(queries))
    assert len(page.context["people"].rows) == 50
    assert counts[0] == counts[1]
    assert counts[0] <= 15


@pytest.mark.parametrize(
    "order", ["nama", "-nama", "batas", "-batas", "tahap", "-tahap", "satker", "-satker", "golongan", "terdaftar", "-terdaftar"]
)
def test_participant_list_pages_forwards_and_back_visit_everybody_once(cast, sign_in, order):
    for number in range(120):
        tmt = date(2026, 1 + number % 3, 1)
        factories.ParticipantFactory(
            satker=[cast.kupang, cast.ende][number % 2],
            full_name=f"Orang {number % 7}",
            tmt_cpns=tmt,
            deadline=tmt.replace(year=2027),
            golongan=["II/c", "III/a"][number % 2],
            created_at=timezone.now() - timedelta(hours=number % 5),
        )
    client, seen, places = sign_in(cast.provinsi_a), [], [""]
    while places[-1] is not None:
        people = client.get(reverse("participant_list"), {"urut": order, "halaman": places[-1]}).context["people"]
        seen.append([row.pk for row in people.rows])
        places.append(people.links.following["halaman"] if people.links.following else None)
    assert [len(page) for page in seen] == [50, 50, 20]
    assert len({pk for page in seen for pk in page}) == 120
    assert people.links.summary == "101 sampai 120 dari 120 orang"
    back = client.get(reverse("participant_list"), {"urut": order, **people.links.previous}).context["people"]
    assert [row.pk for row in back.rows] == seen[1]
    first = client.get(reverse("participant_list"), {"urut": order, **back.links.previous}).context["people"]
    assert [row.pk for row in first.rows] == seen[0]
    assert first.links.previous is None


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, {"Ani", "Budi", "Citra"}),
        ({"q": "cit"}, {"Citra"}),
        ({"q": "19990101 2"}, {"Ani"}),
        ({"q": "53.08"}, {"Citra"}),
        ({"q": " kupang   KOTA "}, {"Ani", "Budi"}),
        ({"satker": "53.08 KPU Kabupaten Ende"}, {"Citra"}),
        ({"satker": "53.08"}, {"Citra"}),
        ({"satker": "51.71"}, set()),
        ({"tahap": "submitted"}, {"Budi"}),
        ({"tahap": "berjalan"}, {"Ani", "Budi", "Citra"}),
        ({"golongan": "II/c"}, {"Citra"}),
        ({"batas": "lewat"}, {"Budi"}),
        ({"batas": "1-30"}, {"Ani"}),
        ({"batas": "tidak-ada"}, set()),
        ({"angkatan": "x"}, set()),
        ({"tahap": "submitted", "batas": "lewat"}, {"Budi"}),
    ],
)
def test_participant_list_filters(cast, sign_in, filters, expected):
    today = timezone.localdate()
    factories.ParticipantFactory(satker=cast.kupang, full_name="Ani", birth_date=date(1999, 1, 1), deadline=today + timedelta(days=30))
    factories.ParticipantFactory(
        satker=cast.kupang, full_name="Budi", stage=Stage.SUBMITTED, tmt_cpns=date(2020, 1, 1), deadline=today - timedelta(days=1)
    )
    factories.ParticipantFactory(satker=cast.ende, full_name="Citra", golongan="II/c", deadline=today + timedelta(days=200))
    page = sign_in(cast.provinsi_a).get(reverse("participant_list"), filters)
    assert {row.name for row in page.context["people"].rows} == expected
    assert len(page.context["chips"]) == len(filters)


def test_participant_list_without_people_offers_two_ways_to_begin(cast, sign_in):
    page = sign_in(cast.admin_kupang).get(reverse("participant_list")).content.decode()
    assert "Belum ada CPNS di sini" in page
    assert "Impor dari Excel" in page


def test_participant_export_writes_exactly_what_is_filtered(cast, sign_in):
    factories.ParticipantFactory(satker=cast.kupang, full_name="=1+1, S.H.", special_needs="KENARI-RAHASIA")
    factories.ParticipantFactory(satker=cast.kupang, full_name="Budi", stage=Stage.SUBMITTED)
    factories.ParticipantFactory(satker=cast.denpasar, full_name="Orang Bali")
    answer = sign_in(cast.provinsi_a).post(f"{reverse('participant_export')}?tahap=registered")
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row if cell.value]
    assert "'=1+1, S.H." in cells
    assert not {"Budi", "Orang Bali", "KENARI-RAHASIA"} & set(cells)
    assert cells[2:14] == [
        "NIP", "Nama lengkap", "Kode satker", "Satker", "Golongan", "Tahap", "Batas masa percobaan", "Jam percobaan", "Angkatan", "Lembaga",
        "Selesai Latsar", cells[13],
    ]  # fmt: skip
    assert AuditEntry.objects.filter(verb="export", actor=cast.provinsi_a).count() == 1


# --- several at once ----------------------------------------------------------------------------


def test_participant_bulk_previews_and_changes_nothing_before_it_is_confirmed(cast, sign_in):
    ready = factories.ParticipantFactory(satker=cast.kupang, full_name="Siap")
    late = factories.ParticipantFactory(satker=cast.kupang, full_name="Sudah", stage=Stage.SUBMITTED)
    factories.ParticipantFactory(satker=cast.denpasar, full_name="Orang Bali")
    client, data = sign_in(cast.admin_kupang), {"aksi": "submit", "pilih": [ready.pk, late.pk]}
    page = client.get(reverse("participant_bulk"), data)
    assert [one.participant for one in page.context["ready"]] == [ready]
    assert [one.participant for one in page.context["left"]] == [late]
    assert "Orang Bali" not in page.content.decode()
    ready.refresh_from_db()
    assert ready.stage == Stage.REGISTERED
    done = client.post(reverse("participant_bulk"), {**data, "pasti": "1"}, follow=True)
    assert [one.participant for one in done.context["done"]] == [ready]
    stages = dict(Participant.objects.values_list("full_name", "stage"))
    assert stages == {"Siap": Stage.SUBMITTED, "Sudah": Stage.SUBMITTED, "Orang Bali": Stage.REGISTERED}


def test_participant_bulk_for_all_filtered_reads_the_filter_not_the_page(cast, sign_in):
    factories.ParticipantFactory.create_batch(60, satker=cast.kupang, stage=Stage.SUBMITTED)
    factories.ParticipantFactory(satker=cast.kupang)
    page = sign_in(cast.provinsi_a).post(reverse("participant_bulk"), {"aksi": "verify", "semua": "1", "saringan": "?tahap=submitted"})
    assert len(page.context["ready"]) == 60
    assert page.context["left"] == []


def test_participant_bulk_without_choice_says_what_to_do(cast, sign_in):
    page = sign_in(cast.admin_kupang).post(reverse("participant_bulk"), {"aksi": "submit"}, follow=True)
    assert "Belum ada yang dipilih" in page.content.decode()


def test_participant_bulk_with_an_action_of_another_role_does_nothing(cast, sign_in, person):
    Participant.objects.update(stage=Stage.VERIFIED)
    sign_in(cast.admin_kupang).post(reverse("participant_bulk"), {"aksi": "approve", "pilih": [person.pk], "pasti": "1"})
    person.refresh_from_db()
    assert person.stage == Stage.VERIFIED


# --- register and correct -----------------------------------------------------------------------


def test_participant_add_with_a_right_form_registers_and_clears_the_draft(cast, sign_in):
    client = sign_in(cast.admin_kupang)
    client.post(reverse("participant_draft"), {"nip": "1999", "draf": "a"})
    answer = client.post(reverse("participant_add"), form_data(cast, draf="a"))
    made = Participant.objects.get()
    assert (answer.status_code, answer.url) == (302, made.get_absolute_url())
    assert (made.full_name, made.satker, made.birth_date, made.sex, made.phone) == (
        "Theodora Contoh, S.Si.", cast.kupang, date(1999, 3, 17), "P", "081200000941",
    )  # fmt: skip
    assert not RegistrationDraft.objects.registering().exists()


def test_participant_add_again_keeps_satker_and_jabatan_only(cast, sign_in):
    answer = sign_in(cast.provinsi_a).post(reverse("participant_add"), form_data(cast, lagi="1"), follow=True)
    assert answer.redirect_chain == [(f"{reverse('participant_add')}?satker=53.71&jabatan=Arsiparis", 302)]
    form = answer.context["form"]
    assert [form[name].value() for name in ("satker", "jabatan", "full_name", "nip")] == ["53.71", "Arsiparis", None, None]
    assert Participant.objects.count() == 1


def test_participant_add_sent_twice_is_one_person_and_no_error(cast, sign_in):
    client = sign_in(cast.admin_kupang)
    first, second = (client.post(reverse("participant_add"), form_data(cast)) for _click in range(2))
    assert (second.status_code, second.url, Participant.objects.count()) == (302, first.url, 1)
    other = client.post(reverse("participant_add"), form_data(cast, jabatan="Lain"))
    assert "NIP ini sudah terdaftar" in str(other.context["form"].errors["nip"])
    Participant.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    assert client.post(reverse("participant_add"), form_data(cast)).status_code == 200


@pytest.mark.parametrize(
    ("changes", "field", "text"),
    [
        ({"nip": "19990317 202506 2 94"}, "nip", "NIP hanya berisi 17 angka"),
        ({"birth_date": "18-03-1999"}, "birth_date", "Tidak sama dengan tanggal lahir di NIP"),
        ({"birth_date": "31-02-1999"}, "birth_date", "Tanggal lahir tidak terbaca"),
        ({"email": "theodora@"}, "email", "Alamat e-mail belum lengkap"),
        ({"satker": "51.71"}, "satker", "Satker tidak ditemukan"),
        ({"satker": "99.99"}, "satker", "Satker tidak ditemukan"),
        ({"golongan": ""}, "golongan", "Pangkat, golongan belum dipilih"),
        ({"phone": "abc"}, "phone", "Nomor HP tidak terbaca"),
        ({"full_name": "x" * 200}, "full_name", "150"),
    ],
)
def test_participant_add_with_a_wrong_field_names_it_and_keeps_the_rest(cast, sign_in, changes, field, text):
    answer = sign_in(cast.admin_kupang).post(reverse("participant_add"), form_data(cast, **changes))
    assert answer.status_code == 200
    assert text in str(answer.context["form"].errors[field])
    page = answer.content.decode()
    assert f'href="#id_{field}' in page
    assert "jabatan" in changes or 'value="Arsiparis"' in page
    assert not Participant.objects.exists()


def test_participant_add_of_a_taken_nip_elsewhere_tells_nothing_about_its_person(cast, sign_in):
    sign_in(cast.admin_denpasar).post(reverse("participant_add"), form_data(cast, satker=cast.denpasar.code, full_name="Orang Bali"))
    page = sign_in(cast.admin_kupang).post(reverse("participant_add"), form_data(cast)).content.decode()
    assert "NIP ini sudah terdaftar. Hubungi PKSDM" in page
    assert "Orang Bali" not in page
    assert Participant.objects.count() == 1


def test_participant_add_of_a_similar_person_asks_first(cast, sign_in):
    client = sign_in(cast.admin_kupang)
    client.post(reverse("participant_add"), form_data(cast))
    twin = form_data(cast, email="lain@contoh.go.id")
    twin["nip"] = twin["nip"].replace("941", "942")
    page = client.post(reverse("participant_add"), twin)
    assert page.status_code == 200
    assert "Mungkin orang yang sama sudah terdaftar" in page.content.decode()
    assert client.post(reverse("participant_add"), {**twin, "not_same": "1"}).status_code == 302
    assert Participant.objects.count() == 2


def test_participant_add_chooses_the_only_satker_and_limits_the_list(cast, sign_in):
    form = sign_in(cast.admin_kupang).get(reverse("participant_add")).context["form"]
    assert [code for code, _label in form.fields["satker"].widget.choices] == ["53.71"]
    assert form["satker"].value() == "53.71"
    form = sign_in(cast.provinsi_a).get(reverse("participant_add")).context["form"]
    assert {code for code, _label in form.fields["satker"].widget.choices} == {"", "53", "53.71", "53.08"}


def test_participant_add_for_readers_is_not_found(cast, sign_in):
    assert sign_in(cast.pimpinan).get(reverse("participant_add")).status_code == 404


def test_participant_edit_after_a_colleague_submitted_shows_what_was_typed_beside_what_is_stored(cast, sign_in, person):
    Participant.objects.filter(pk=person.pk).update(stage=Stage.SUBMITTED)
    typed = form_data(cast, nip=person.nip, version="1", address="Jalan Panjang 77", email="salah@")
    answer = sign_in(cast.admin_kupang).post(reverse("participant_edit", args=[person.pk]), typed)
    clashes = {str(label): (str(mine), str(now)) for label, mine, now in answer.context["clashes"]}
    assert (answer.status_code, clashes["Alamat"]) == (409, ("Jalan Panjang 77", person.address))
    assert "salah@" in answer.content.decode()
    assert "Tanggal lahir" not in clashes


def test_nip_check_on_the_edit_form_knows_the_person(cast, sign_in, person):
    client, asked = sign_in(cast.admin_kupang), {"nip": person.nip, "full_name": person.full_name}
    assert client.get(reverse("nip_check"), asked).context["reading"].taken != ""
    reading = client.get(reverse("nip_check"), {**asked, "orang": person.pk}).context["reading"]
    assert (reading.taken, reading.similar) == ("", [])
    page = client.get(reverse("participant_edit", args=[person.pk])).content.decode()
    assert f'name="orang" value="{person.pk}"' in page
    assert page.count(f'hx-get="{reverse("nip_check")}"') == 2


def test_nip_check_reads_what_is_typed_so_far(cast, sign_in):
    client = sign_in(cast.admin_kupang)
    assert "Baru 8 dari 18 angka" in client.get(reverse("nip_check"), {"nip": "19990317"}).content.decode()
    whole = client.get(reverse("nip_check"), {"nip": form_data(cast)["nip"]}).content.decode()
    assert 'data-birth="17-03-1999"' in whole
    assert "17 Maret 1999" in whole
    pppk = client.get(reverse("nip_check"), {"nip": "199903172025212941"}).content.decode()
    assert "PPPK" in pppk


def test_participant_edit_by_its_satker_saves_the_change(cast, sign_in):
    client = sign_in(cast.admin_kupang)
    client.post(reverse("participant_add"), form_data(cast))
    person = Participant.objects.get()
    url = reverse("participant_edit", args=[person.pk])
    form = client.get(url).context["form"]
    assert form["nip"].value() == form_data(cast)["nip"]
    answer = client.post(url, form_data(cast, full_name="Theodora Baru, S.Si.", version=str(person.version)))
    assert answer.status_code == 302
    person.refresh_from_db()
    assert person.full_name == "Theodora Baru, S.Si."


def test_participant_edit_of_a_row_saved_meanwhile_shows_both_values(cast, sign_in):
    client = sign_in(cast.admin_kupang)
    client.post(reverse("participant_add"), form_data(cast))
    person = Participant.objects.get()
    url, old = reverse("participant_edit", args=[person.pk]), str(person.version)
    sign_in(cast.provinsi_a).post(url, form_data(cast, jabatan="Pranata Komputer Ahli Pertama", version=old))
    answer = client.post(url, form_data(cast, full_name="Ketikan Kupang", version=old))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Pranata Komputer Ahli Pertama" in page
    assert "Ketikan Kupang" in page
    person.refresh_from_db()
    assert person.full_name == "Theodora Contoh, S.Si."
    again = client.post(url, form_data(cast, full_name="Ketikan Kupang", version=answer.context["form"]["version"].value()))
    assert again.status_code == 302


def test_participant_edit_after_submission_explains_the_lock(cast, sign_in, person):
    Participant.objects.update(stage=Stage.SUBMITTED)
    client, url = sign_in(cast.admin_kupang), reverse("participant_edit", args=[person.pk])
    assert "Tarik pengajuan untuk memperbaikinya" in client.get(url).content.decode()
    assert client.post(url, form_data(cast, version=str(person.version))).status_code == 409
    person.refresh_from_db()
    assert person.jabatan != "Arsiparis"


# --- one person ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("user", "status"),
    [
        ("admin_kupang", 200),
        ("provinsi_a", 200),
        ("pksdm", 200),
        ("pimpinan", 200),
        ("admin_ende", 404),
        ("provinsi_b", 404),
        ("lembaga_a", 404),
        ("mentor_a", 404),
    ],
)
def test_participant_detail_opens_in_scope_only(cast, sign_in, person, user, status):
    for name in ("participant_detail", "participant_history"):
        assert sign_in(getattr(cast, user)).get(reverse(name, args=[person.pk])).status_code == status


def test_participant_detail_shows_special_needs_to_admins_and_the_person_only(cast, sign_in, person):
    account = factories.UserFactory(username=person.nip)
    factories.RoleGrantFactory(user=account, role="peserta")
    seat(person, institute=cast.institute_a)
    Participant.objects.update(special_needs="KENARI-RAHASIA", user=account)
    url = reverse("participant_detail", args=[person.pk])
    users = {
        "satker": cast.admin_kupang,
        "provinsi": cast.provinsi_a,
        "pksdm": cast.pksdm,
        "orangnya": account,
        "pimpinan": cast.pimpinan,
        "lembaga": cast.lembaga_a,
    }
    seen = {name: "KENARI-RAHASIA" in sign_in(user).get(url).content.decode() for name, user in users.items()}
    assert seen == {"satker": True, "provinsi": True, "pksdm": True, "orangnya": True, "pimpinan": False, "lembaga": False}


def test_participant_detail_of_a_seated_person_shows_seat_and_schedule(cast, sign_in, person):
    seat(person, number=2)
    page = sign_in(cast.admin_kupang).get(reverse("participant_detail", args=[person.pk])).content.decode()
    assert "Angkatan II" in page
    assert "<dt>Kelompok</dt><dd>2</dd>" in page
    assert "Seminar rancangan" in page


def test_participant_detail_says_what_is_missing_before_the_file_is_submitted(cast, sign_in, person):
    Participant.objects.update(religion="", phone="")
    url = reverse("participant_detail", args=[person.pk])
    page = sign_in(cast.admin_kupang).get(url).content.decode()
    said = page.split("Belum diisi: ")[1].split(".</span>")[0].split(", ")
    assert {"agama", "nomor HP"} <= set(said)


def test_participant_move_walks_from_satker_to_approval(cast, sign_in, person):
    url = reverse("participant_move", args=[person.pk])
    for user, action in ((cast.admin_kupang, "submit"), (cast.provinsi_a, "verify"), (cast.pksdm, "approve")):
        assert sign_in(user).post(url, {"aksi": action}).status_code == 302
    person.refresh_from_db()
    assert person.stage == Stage.APPROVED


def test_participant_move_back_without_reason_keeps_the_page_and_asks(cast, sign_in, person):
    Participant.objects.update(stage=Stage.SUBMITTED)
    answer = sign_in(cast.provinsi_a).post(reverse("participant_move", args=[person.pk]), {"aksi": "return", "note": " "})
    assert answer.status_code == 200
    assert "Tulis alasannya" in answer.content.decode()
    person.refresh_from_db()
    assert person.stage == Stage.SUBMITTED


@pytest.mark.parametrize("action", ["place", "start", "graduate", "undo_graduate", "release", "", "hapus"])
def test_participant_move_with_an_action_of_another_door_is_not_found(cast, sign_in, person, action):
    assert sign_in(cast.pksdm).post(reverse("participant_move", args=[person.pk]), {"aksi": action}).status_code == 404


def test_participant_detail_shows_the_return_note_on_top(cast, sign_in, person):
    Participant.objects.update(stage=Stage.SUBMITTED)
    sign_in(cast.provinsi_a).post(reverse("participant_move", args=[person.pk]), {"aksi": "return", "note": "NIP di SK lain."})
    page = sign_in(cast.admin_kupang).get(reverse("participant_detail", args=[person.pk])).content.decode()
    assert "Dikembalikan untuk diperbaiki" in page
    assert "NIP di SK lain." in page
