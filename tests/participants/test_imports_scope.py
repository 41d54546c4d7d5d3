"""Whose imports one sees, whose one may undo, and what stays with the uploader."""

from __future__ import annotations

import importlib
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from latsar.accounts.enums import Role
from latsar.accounts.errors import NotAllowed
from latsar.accounts.models import AuditEntry
from latsar.jobs.models import JobItem, JobState
from latsar.jobs.run import run_job
from latsar.notices.models import Notice
from participants.enums import SAVED_IMPORTS, ImportState
from participants.imports import ImportRow, ParticipantImport
from participants.models import Participant
from participants.services import imports, undoing
from tests.admin_pages import address, text
from tests.factories import RoleGrantFactory, UserFactory
from tests.participants.services.test_imports import changed, commit, preview
from tests.participants.services.test_undoing import undo
from tests.participants.workbook.people import many_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(cast):
    """A second Admin Satker of Kupang."""
    return RoleGrantFactory(user=UserFactory(full_name="Rekan Kupang"), role=Role.ADMIN_SATKER, satker=cast.kupang).user


@pytest.fixture
def everybody(cast, colleague):
    """Who might look at what the admin of Kupang saved, by name."""
    office = RoleGrantFactory(user=UserFactory(), role=Role.ADMIN_SATKER, satker=cast.province_a).user
    names = ("admin_kupang", "admin_ende", "admin_denpasar", "provinsi_a", "provinsi_b", "pksdm", "pimpinan", "lembaga_a", "stranger")
    return {"colleague": colleague, "office": office, **{name: getattr(cast, name) for name in names}}


def save(rows, by, name="cpns.xlsx"):
    upload = preview(rows, by, name=name)
    commit(upload, by)
    return upload


def seen_by(everybody, upload):
    return {name for name, user in everybody.items() if ParticipantImport.objects.visible_to(user).filter(pk=upload.pk).exists()}


def opens(user, sign_in, upload, page="participant_import_preview"):
    return sign_in(user).get(reverse(page, args=[upload.pk])).status_code == 200


def test_saved_import_is_seen_by_the_satker_its_province_and_pksdm(everybody, sign_in):
    upload = save(many_rows(1), everybody["admin_kupang"])
    expected = {"admin_kupang", "colleague", "provinsi_a", "pksdm"}
    assert seen_by(everybody, upload) == expected
    for page in ("participant_import_preview", "participant_import_undo"):
        assert {name for name, user in everybody.items() if opens(user, sign_in, upload, page)} == expected
    assert (upload.satker.name, upload.province.name) == ("KPU Kota Kupang", "KPU Provinsi Nusa Tenggara Timur")


@pytest.mark.parametrize("state", ImportState)
def test_import_is_seen_by_others_in_saved_states_only(cast, everybody, state):
    upload = save(many_rows(1), cast.admin_kupang)
    undone = {"undone_by": cast.admin_kupang, "undone_at": upload.uploaded_at} if state == ImportState.UNDONE else {}
    ParticipantImport.objects.filter(pk=upload.pk).update(state=state, **undone)
    above = {"colleague", "provinsi_a", "pksdm"} if state in SAVED_IMPORTS else set()
    assert seen_by(everybody, upload) == {"admin_kupang", *above}


def test_import_of_a_province_is_for_the_province_even_when_it_is_about_one_satker(cast, everybody):
    assert seen_by(everybody, save(many_rows(1), cast.provinsi_a)) == {"provinsi_a", "pksdm"}


def test_import_of_pksdm_is_for_pksdm(cast, everybody):
    assert seen_by(everybody, save(many_rows(1), cast.pksdm)) == {"pksdm"}


def test_import_about_two_satker_is_for_the_province_and_about_two_provinces_for_pksdm(cast, everybody):
    first, second, third, fourth = many_rows(4)
    RoleGrantFactory(user=cast.admin_kupang, role=Role.ADMIN_SATKER, satker=cast.ende)
    assert seen_by(everybody, save([first, changed(second, Kode_Satker="53.08")], cast.admin_kupang)) == {
        "admin_kupang",
        "provinsi_a",
        "pksdm",
    }
    del cast.admin_kupang.valid_grants, cast.admin_kupang.scope
    RoleGrantFactory(user=cast.admin_kupang, role=Role.ADMIN_PROVINSI, satker=cast.province_b)
    assert seen_by(everybody, save([third, changed(fourth, Kode_Satker="51.71")], cast.admin_kupang)) == {"admin_kupang", "pksdm"}


def test_undo_by_the_province_of_somebody_who_left_takes_back_and_tells_both(cast, sign_in):
    upload = save(many_rows(2), cast.admin_kupang)
    cast.admin_kupang.grants.all().delete()
    cast.admin_kupang.is_active = False
    cast.admin_kupang.save()
    client = sign_in(cast.provinsi_a)
    page = client.get(reverse("participant_import_undo", args=[upload.pk])).content.decode()
    assert "Diunggah oleh Admin Kupang, S.H., KPU Kota Kupang" in page
    job = undoing.request_undo(import_id=upload.pk, by=cast.provinsi_a)
    run_job(job.pk, undoing.undo_rows)
    upload.refresh_from_db()
    assert (upload.state, upload.undone_by, Participant.objects.count()) == (ImportState.UNDONE, cast.provinsi_a, 0)
    assert AuditEntry.objects.about(upload).first().actor == cast.provinsi_a
    assert Notice.objects.get(user=cast.admin_kupang).text == f"Impor {upload.filename} Anda diurungkan oleh {cast.provinsi_a.full_name}"
    after = client.get(upload.get_absolute_url()).content.decode()
    assert ("Contoh Peserta 0" in after, "Contoh Peserta 1" in after) == (True, True)


def test_undo_by_the_uploader_sends_no_notice_to_the_uploader(cast):
    undo(save(many_rows(1), cast.admin_kupang), cast.admin_kupang)
    assert not Notice.objects.filter(text__contains="diurungkan oleh").exists()


@pytest.mark.parametrize("who", ["admin_ende", "provinsi_b", "pimpinan", "office"])
def test_request_undo_by_others_is_not_allowed(who, everybody):
    upload = save(many_rows(1), everybody["admin_kupang"])
    with pytest.raises(NotAllowed):
        undoing.request_undo(import_id=upload.pk, by=everybody[who])
    assert Participant.objects.count() == 1


@pytest.fixture
def moved(cast):
    """An import about three people: a new one at home, a new one and a changed one who went to Bali since."""
    first, second, third = many_rows(3)
    save([first], cast.admin_kupang, name="lama.xlsx")
    upload = save([changed(first, Alamat="Jalan Rahasia 7"), second, third], cast.admin_kupang)
    gone = Participant.objects.filter(nip__in=[first[0], second[0]])
    gone.update(satker=cast.denpasar, province=cast.province_b)
    return upload


@pytest.mark.parametrize("who", ["colleague", "provinsi_a"])
def test_people_who_went_elsewhere_are_counted_and_not_shown_to_others(who, everybody, moved, sign_in):
    client = sign_in(everybody[who])
    pages = {
        name: client.get(reverse(name, args=[moved.pk])).content.decode()
        for name in ("participant_import_preview", "participant_import_undo")
    }
    for page in pages.values():
        assert "Contoh Peserta 2" in page
        for secret in ("Contoh Peserta 0", "Contoh Peserta 1", "Jalan Rahasia", many_rows(2)[1][0]):
            assert secret not in page
    assert pages["participant_import_preview"].count("1 baris tidak ditampilkan") == 2
    assert "2 baris tidak ditampilkan dan dibiarkan" in pages["participant_import_undo"]
    job = undo(moved, everybody[who])
    assert (job.state, job.message) == (JobState.DONE, "1 baris diurungkan. 2 baris dibiarkan.")
    assert sorted(JobItem.objects.filter(job=job).values_list("label", flat=True)) == ["Baris 2", "Baris 3"]


def test_people_who_went_elsewhere_stay_in_the_uploaders_own_file(cast, moved, sign_in):
    page = sign_in(cast.admin_kupang).get(moved.get_absolute_url()).content.decode()
    assert ("Contoh Peserta 1" in page, "Jalan Rahasia" in page, "tidak ditampilkan" in page) == (True, True, False)


def test_rows_that_others_read_are_of_people_they_administer(cast, everybody):
    """An institute sees who is placed with it for the batch; what an import changed about them is not its business."""
    upload = save(many_rows(2), cast.admin_kupang)
    person = Participant.objects.order_by("nip").first()
    person.satker, person.province = cast.denpasar, cast.province_b
    person.save()
    RoleGrantFactory(user=everybody["colleague"], role=Role.LEMBAGA, institute=cast.institute_b)
    read = {name: ImportRow.objects.visible_to(user).filter(participant_import=upload).count() for name, user in everybody.items()}
    assert {name: count for name, count in read.items() if count} == {"admin_kupang": 2, "colleague": 1, "provinsi_a": 1, "pksdm": 2}


def test_what_was_wrong_in_cells_stays_with_the_uploader(cast, sign_in):
    good, bad = many_rows(2)
    upload = save([good, changed(bad, Email="salah@", Alamat="Jalan Rahasia 7")], cast.admin_kupang)
    errors = reverse("participant_import_errors", args=[upload.pk])
    for user, is_own in ((cast.admin_kupang, True), (cast.provinsi_a, False), (cast.pksdm, False)):
        client = sign_in(user)
        page = client.get(upload.get_absolute_url(), {"hasil": "error"}).content.decode()
        assert ("salah@" in page, errors in page, client.get(errors).status_code == 200) == (is_own, is_own, is_own)
        assert ("Isi baris yang salah hanya dapat dilihat pengunggahnya." in page) is not is_own


@pytest.mark.parametrize("who", ["colleague", "provinsi_a", "pksdm"])
def test_deciding_stays_with_the_uploader(who, everybody, sign_in):
    saved, waiting = save(many_rows(1), everybody["admin_kupang"]), preview(many_rows(2)[1:], everybody["admin_kupang"], name="lain.xlsx")
    user = everybody[who]
    for upload in (saved, waiting):
        for decide in (imports.recheck_import, imports.discard_import):
            with pytest.raises(NotAllowed):
                decide(import_id=upload.pk, by=user)
        with pytest.raises(NotAllowed):
            imports.commit_import(import_id=upload.pk, sha256=upload.sha256, revision=upload.revision, by=user)
        client = sign_in(user)
        for name in ("commit", "recheck", "discard"):
            assert client.post(reverse(f"participant_import_{name}", args=[upload.pk])).status_code == 404


def test_saving_that_stopped_offers_its_check_to_the_uploader_alone(cast, sign_in):
    upload = preview(many_rows(1), cast.admin_kupang)
    job = imports.commit_import(import_id=upload.pk, sha256=upload.sha256, by=cast.admin_kupang)
    job_url = job.get_absolute_url()
    recheck = reverse("participant_import_recheck", args=[upload.pk])
    pages = [sign_in(user).get(upload.get_absolute_url()).content.decode() for user in (cast.admin_kupang, cast.provinsi_a)]
    assert [job_url in page for page in pages] == [True, False]
    type(job).objects.filter(pk=job.pk).update(state=JobState.FAILED)
    pages = [sign_in(user).get(upload.get_absolute_url()).content.decode() for user in (cast.admin_kupang, cast.provinsi_a)]
    assert [recheck in page for page in pages] == [True, False]


def test_second_who_asks_for_the_undo_is_led_to_the_import(cast, sign_in):
    upload = save(many_rows(1), cast.admin_kupang)
    address_ = reverse("participant_import_undo", args=[upload.pk])
    job = undoing.request_undo(import_id=upload.pk, by=cast.provinsi_a)
    client = sign_in(cast.admin_kupang)
    assert client.post(address_).url == upload.get_absolute_url()
    page = client.get(upload.get_absolute_url()).content.decode()
    assert ("Sedang diurungkan." in page, job.get_absolute_url() in page) == (True, False)
    assert sign_in(cast.provinsi_a).post(address_).url == job.get_absolute_url()


def listed(client, **asked):
    return client.get(reverse("participant_import"), asked).content.decode()


def test_list_shows_own_imports_first_and_all_of_the_area_when_asked(cast, sign_in):
    save(many_rows(1), cast.admin_kupang, name="kupang.xlsx")
    save(many_rows(2)[1:], cast.provinsi_a, name="provinsi.xlsx")
    preview(many_rows(3)[2:], cast.admin_kupang, name="belum.xlsx")
    client = sign_in(cast.provinsi_a)
    own, area = listed(client), listed(client, milik="wilayah")
    names = ("provinsi.xlsx", "kupang.xlsx", "belum.xlsx")
    assert [name in own for name in names] == [True, False, False]
    assert [name in area for name in names] == [True, True, False]
    assert "Admin Kupang, S.H., KPU Kota Kupang" in area
    assert "Semua di wilayah Anda" in own


def test_list_of_a_satker_has_the_switch_once_a_colleague_saved_something(cast, colleague, sign_in):
    client = sign_in(cast.admin_kupang)
    assert "Semua di wilayah Anda" not in listed(client)
    save(many_rows(1), colleague, name="rekan.xlsx")
    assert "Semua di wilayah Anda" in listed(client)
    assert "rekan.xlsx" in listed(client, milik="wilayah")
    assert "Semua di wilayah Anda" not in listed(sign_in(cast.admin_ende), milik="wilayah")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "KUPANG.x"}, {"kupang.xlsx"}),
        ({"q": "admin kup"}, {"kupang.xlsx"}),
        ({"q": "kota denpasar"}, {"bali.xlsx"}),
        ({"q": "nusa tenggara"}, {"kupang.xlsx"}),
        ({"keadaan": "undone"}, {"bali.xlsx"}),
        ({"keadaan": "committed"}, {"kupang.xlsx"}),
        ({"keadaan": "ngawur"}, {"bali.xlsx", "kupang.xlsx"}),
        ({"q": "tidak ada"}, set()),
    ],
)
def test_list_is_searched_and_filtered(cast, sign_in, asked, found):
    save(many_rows(1), cast.admin_kupang, name="kupang.xlsx")
    undo(save([changed(many_rows(2)[1], Kode_Satker="51.71")], cast.admin_denpasar, name="bali.xlsx"), cast.admin_denpasar)
    page = listed(sign_in(cast.pksdm), milik="wilayah", **asked)
    assert {name for name in ("kupang.xlsx", "bali.xlsx") if f">{name}<" in page} == found
    assert ("Tidak ada yang cocok" in page) is not bool(found)


def test_list_of_the_area_asks_as_often_for_one_import_as_for_nine_and_has_pages(cast, sign_in, django_assert_max_num_queries):
    client, counts = sign_in(cast.provinsi_a), []
    facts = {"sha256": "0" * 64, "uploaded_by": cast.admin_kupang, "satker": cast.kupang, "province": cast.province_a, "state": "committed"}
    listed(client, milik="wilayah")
    for wanted in (1, 9, 12):
        while ParticipantImport.objects.count() < wanted:
            ParticipantImport.objects.create(filename=f"berkas-{ParticipantImport.objects.count()}.xlsx", **facts)
        with django_assert_max_num_queries(15) as asked:
            page = listed(client, milik="wilayah")
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2]
    assert "1 sampai 10 dari 12" in page
    assert ">berkas-0.xlsx<" in listed(client, milik="wilayah", halaman=2)


def test_list_of_an_area_without_imports_says_so(cast, sign_in):
    assert "Belum ada impor di wilayah Anda" in listed(sign_in(cast.provinsi_a), milik="wilayah")


def test_trail_of_a_saved_import_is_read_by_who_sees_it(cast, everybody, sign_in):
    upload = save(many_rows(1), cast.admin_kupang)
    trail = reverse("trail_object", args=["impor", upload.pk])
    read = {name for name, user in everybody.items() if sign_in(user).get(trail).status_code == 200}
    assert read == {"admin_kupang", "colleague", "provinsi_a", "pksdm"}
    assert "mengimpor" in sign_in(cast.provinsi_a).get(trail).content.decode().lower()


def test_trail_of_an_import_for_no_unit_is_whole_for_its_uploader(cast, sign_in):
    RoleGrantFactory(user=cast.admin_kupang, role=Role.ADMIN_PROVINSI, satker=cast.province_b)
    first, second = many_rows(2)
    upload = save([first, changed(second, Kode_Satker="51.71")], cast.admin_kupang)
    undo(upload, cast.pksdm)
    trail = sign_in(cast.admin_kupang).get(reverse("trail_object", args=["impor", upload.pk])).content.decode()
    assert "mengurungkan impor" in trail.lower()


@pytest.mark.parametrize(
    ("who", "count"), [("admin_kupang", 2), ("colleague", 1), ("provinsi_a", 1), ("pksdm", 1), ("admin_ende", 0), ("pimpinan", 0)]
)
def test_admin_lists_own_imports_and_saved_ones_of_the_area(who, count, everybody, sign_in):
    upload = save(many_rows(1), everybody["admin_kupang"], name="simpan.xlsx")
    preview(many_rows(2)[1:], everybody["admin_kupang"], name="belum.xlsx")
    client = sign_in(everybody[who])
    page = text(client.get(address(ParticipantImport, "changelist")))
    assert sum(name in page for name in ("simpan.xlsx", "belum.xlsx")) == count
    assert client.get(address(ParticipantImport, "change", upload.pk)).status_code == (200 if count else 404)


def test_saved_imports_of_before_are_filed_as_saving_files_them_now(cast):
    first, second, third, fourth = many_rows(4)
    uploads = [save([first], cast.admin_kupang), save([second], cast.provinsi_a), save([third], cast.pksdm)]
    waiting = preview([fourth], cast.admin_kupang, name="belum.xlsx")
    filed = list(ParticipantImport.objects.order_by("pk").values_list("satker", "province"))
    assert filed == [(cast.kupang.pk, cast.province_a.pk), (None, cast.province_a.pk), (None, None), (None, None)]
    ParticipantImport.objects.update(satker=None, province=None)
    fill = importlib.import_module("participants.migrations.0021_import_filed").file_saved
    fill(apps, SimpleNamespace(connection=connection))
    assert (
        list(
            ParticipantImport.objects.filter(pk__in=[*(one.pk for one in uploads), waiting.pk])
            .order_by("pk")
            .values_list("satker", "province")
        )
        == filed
    )
