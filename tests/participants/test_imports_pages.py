from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from latsar.jobs.models import Job
from latsar.jobs.run import run_job
from participants.enums import ImportState
from participants.imports import ParticipantImport
from participants.models import Participant
from participants.services import imports, undoing
from participants.workbook.cells import HEADINGS
from tests.corpus.workbooks import book
from tests.factories import ParticipantFactory
from tests.participants.services.test_imports import changed, commit, preview
from tests.participants.workbook.people import many_rows


def upload_page(client, content, name="cpns.xlsx"):
    return client.post(reverse("participant_import"), {"file": SimpleUploadedFile(name, content)})


def mixed_rows():
    """One row of each outcome for the admin of Kupang, given that the first two are registered."""
    same, change, new, wrong = many_rows(4)
    return [same, changed(change, Jabatan="Arsiparis"), new, changed(wrong, NIP=1.99704e17, Email="x@")]


@pytest.mark.parametrize("who", ["admin_kupang", "provinsi_a", "pksdm"])
def test_participant_import_importer_sees_the_upload_page(cast, sign_in, who):
    response = sign_in(getattr(cast, who)).get(reverse("participant_import"))
    assert response.status_code == 200
    assert "Belum ada impor" in response.content.decode()


@pytest.mark.parametrize("who", ["lembaga_a", "mentor_a", "pimpinan", "stranger"])
def test_participant_import_others_find_nothing(cast, sign_in, who):
    client = sign_in(getattr(cast, who))
    for name in ("participant_import", "participant_import_template"):
        assert client.get(reverse(name)).status_code == 404


def test_participant_import_good_file_leads_to_its_preview(cast, sign_in):
    client = sign_in(cast.admin_kupang)
    response = upload_page(client, book(many_rows(3)))
    upload = ParticipantImport.objects.get()
    assert response.url == reverse("participant_import_preview", args=[upload.pk])
    page = client.get(response.url).content.decode()
    assert "Periksa sebelum disimpan" in page
    assert "3 baris siap disimpan" in page
    assert "cpns.xlsx, 3 baris" in page


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("cpns.xlsx", b"bukan buku kerja", "Ini bukan buku kerja Excel."),
        ("cpns.xlsx", b"", "Berkas kosong."),
        ("cpns.xls", b"PK", "Berkas ini berjenis Excel 97-2003 (.xls)."),
        ("cpns.xlsm", b"PK", "Berkas memuat makro."),
    ],
)
def test_participant_import_refused_file_says_why_and_stores_nothing(cast, sign_in, name, content, message):
    response = upload_page(sign_in(cast.admin_kupang), content, name)
    assert response.status_code == 200
    assert message in response.content.decode()
    assert not ParticipantImport.objects.exists()


def test_participant_import_wrong_headings_are_all_named(cast, sign_in):
    headings = ["NIP", "Nama", *HEADINGS[2:14]]
    page = upload_page(sign_in(cast.admin_kupang), book([row[:14] for row in many_rows(1)], headings=headings)).content.decode()
    assert "mestinya “Nama Lengkap”" in page
    assert "Kolom “Kebutuhan Khusus” tidak ada." in page


def test_participant_import_without_a_file_asks_for_one(cast, sign_in):
    page = sign_in(cast.admin_kupang).post(reverse("participant_import")).content.decode()
    assert "Belum ada berkas yang dipilih." in page


def test_participant_import_preview_shows_errors_changes_and_new_rows(cast, sign_in):
    commit(preview(many_rows(2), cast.admin_kupang), cast.admin_kupang)
    upload = preview(mixed_rows(), cast.admin_kupang)
    page = sign_in(cast.admin_kupang).get(upload.get_absolute_url()).content.decode()
    for text in (
        "2 kesalahan di 1 baris",
        "Excel telah membulatkan NIP, angka aslinya hilang.",
        "<code",
        "1 baris berubah",
        "Arsiparis",
        "1 baris baru",
    ):
        assert text in page
    assert "2 baris siap disimpan" in page


@pytest.mark.parametrize(
    ("outcome", "title"), [("new", "1 baris baru"), ("changed", "1 baris berubah"), ("same", "1 baris sama"), ("error", "kesalahan di")]
)
def test_participant_import_preview_filter_shows_one_outcome(cast, sign_in, outcome, title):
    commit(preview(many_rows(2), cast.admin_kupang), cast.admin_kupang)
    upload = preview(mixed_rows(), cast.admin_kupang)
    page = sign_in(cast.admin_kupang).get(upload.get_absolute_url(), {"hasil": outcome}).content.decode()
    titles = [found for found in ("1 baris baru", "1 baris berubah", "1 baris sama", "kesalahan di") if found in page]
    assert titles == [title]


def test_participant_import_preview_many_rows_are_paged(cast, sign_in):
    upload = preview(many_rows(120), cast.admin_kupang)
    client = sign_in(cast.admin_kupang)
    assert "20 baris pertama dari 120" in client.get(upload.get_absolute_url()).content.decode()
    page = client.get(upload.get_absolute_url(), {"hasil": "new", "halaman": "3"}).content.decode()
    assert "101 sampai 120 dari 120" in page


def test_participant_import_preview_costs_the_same_at_1_and_40_rows(cast, sign_in, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, counts = sign_in(cast.admin_kupang), []
    for number in (1, 40):
        upload = preview(many_rows(number), cast.admin_kupang)
        client.get(upload.get_absolute_url())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(upload.get_absolute_url())
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15


def test_participant_import_preview_of_somebody_else_is_not_found(cast, sign_in):
    upload = preview(many_rows(1), cast.admin_kupang)
    client = sign_in(cast.provinsi_a)
    assert client.get(upload.get_absolute_url()).status_code == 404
    assert client.get(reverse("participant_import_errors", args=[upload.pk])).status_code == 404
    for name in ("participant_import_commit", "participant_import_discard"):
        assert client.post(reverse(name, args=[upload.pk]), {"sha256": upload.sha256}).status_code == 404
    upload.refresh_from_db()
    assert upload.state == ImportState.PREVIEW


def test_participant_import_preview_markup_in_cells_stays_text(cast, sign_in):
    row = changed(many_rows(1)[0], Nama_Lengkap="<script>alert(1)</script>", Email="<img src=x>")
    page = sign_in(cast.admin_kupang).get(preview([row], cast.admin_kupang).get_absolute_url()).content.decode()
    assert "<img src=x>" not in page
    assert "<script>alert" not in page


def test_participant_import_commit_posts_a_job_and_saves(cast, sign_in):
    client = sign_in(cast.admin_kupang)
    upload = preview(many_rows(3), cast.admin_kupang)
    page = client.get(upload.get_absolute_url()).content.decode()
    assert f'name="sha256" value="{upload.sha256}"' in page
    response = client.post(reverse("participant_import_commit", args=[upload.pk]), {"sha256": upload.sha256})
    job = Job.objects.get()
    assert (response.status_code, response.url) == (302, job.get_absolute_url())
    assert "Sedang disimpan." in client.get(upload.get_absolute_url()).content.decode()
    run_job(job.pk, imports.save_rows)
    assert Participant.objects.count() == 3
    assert "3 baris tersimpan." in client.get(upload.get_absolute_url()).content.decode()


def test_participant_import_commit_get_is_no_way_to_save(cast, sign_in):
    upload = preview(many_rows(1), cast.admin_kupang)
    assert sign_in(cast.admin_kupang).get(reverse("participant_import_commit", args=[upload.pk])).status_code == 405


def test_participant_import_commit_stale_hash_is_refused(cast, sign_in):
    upload = preview(many_rows(1), cast.admin_kupang)
    response = sign_in(cast.admin_kupang).post(reverse("participant_import_commit", args=[upload.pk]), {"sha256": "x"})
    assert response.status_code == 409
    assert not Job.objects.exists()


def test_participant_import_discard_leads_back_and_says_so(cast, sign_in):
    upload = preview(many_rows(1), cast.admin_kupang)
    client = sign_in(cast.admin_kupang)
    response = client.post(reverse("participant_import_discard", args=[upload.pk]), follow=True)
    assert "Impor dibatalkan. Tidak ada yang disimpan." in response.content.decode()
    assert "Impor ini dibatalkan." in client.get(upload.get_absolute_url()).content.decode()


def test_participant_import_errors_book_can_be_mended_and_uploaded(cast, sign_in):
    upload = preview(mixed_rows(), cast.admin_kupang, name="CPNS Kupang.xlsx")
    response = sign_in(cast.admin_kupang).get(reverse("participant_import_errors", args=[upload.pk]))
    assert "Perbaikan_CPNS" in response.headers["Content-Disposition"]
    content = io.BytesIO(b"".join(response.streaming_content))
    sheet = load_workbook(content)["CPNS"]
    assert [cell.value for cell in sheet[1]] == list(HEADINGS)
    assert sheet.max_row == 2
    good = many_rows(4)[3]
    sheet["A2"], sheet["L2"] = good[0], good[11]
    mended = io.BytesIO()
    sheet.parent.save(mended)
    again = imports.preview_import(source=mended.getvalue(), filename="perbaikan.xlsx", by=cast.admin_kupang)
    assert (again.new_count, again.error_count) == (1, 0)


def test_participant_import_errors_without_errors_is_not_found(cast, sign_in):
    upload = preview(many_rows(1), cast.admin_kupang)
    assert sign_in(cast.admin_kupang).get(reverse("participant_import_errors", args=[upload.pk])).status_code == 404


def test_participant_import_template_lists_only_own_satker(cast, sign_in):
    response = sign_in(cast.provinsi_a).get(reverse("participant_import_template"))
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content)))["Daftar"]
    assert [row[0].value for row in sheet.iter_rows(min_row=2) if row[0].value] == ["53", "53.08", "53.71"]


def test_participant_import_template_filled_in_is_accepted(cast, sign_in):
    response = sign_in(cast.admin_kupang).get(reverse("participant_import_template"))
    workbook = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    for column, value in enumerate(many_rows(1)[0], start=1):
        workbook["CPNS"].cell(2, column).value = value
    filled = io.BytesIO()
    workbook.save(filled)
    assert imports.preview_import(source=filled.getvalue(), filename="templat.xlsx", by=cast.admin_kupang).new_count == 1


def saved_import(cast, rows):
    upload = preview(rows, cast.admin_kupang)
    commit(upload, cast.admin_kupang)
    return upload


def test_participant_import_undo_page_shows_what_goes_and_what_stays(cast, sign_in):
    rows = many_rows(3)
    saved_import(cast, rows[:1])
    upload = saved_import(cast, [changed(rows[0], Jabatan="Arsiparis"), *rows[1:]])
    Participant.objects.filter(nip=rows[1][0]).update(version=5)
    client = sign_in(cast.admin_kupang)
    address = reverse("participant_import_undo", args=[upload.pk])
    assert address in client.get(upload.get_absolute_url()).content.decode()
    page = client.get(address).content.decode()
    for text in (
        "1 orang dihapus lagi",
        "1 baris kembali ke nilai lama",
        f"Jabatan: Arsiparis → {rows[0][4]}",
        "1 baris dibiarkan",
        "Datanya diubah lagi sesudah impor.",
        "Urungkan 2 baris",
    ):
        assert text in page
    only = client.get(address, {"hasil": "dibiarkan"}).content.decode()
    assert ("Datanya diubah lagi" in only, "dihapus lagi" in only) == (True, False)


def test_participant_import_undo_posts_a_job_and_says_what_came_of_it(cast, sign_in):
    upload = saved_import(cast, many_rows(2))
    client = sign_in(cast.admin_kupang)
    response = client.post(reverse("participant_import_undo", args=[upload.pk]))
    job = Job.objects.get(task=undoing.UNDO_TASK)
    assert (response.status_code, response.url) == (302, job.get_absolute_url())
    assert "Sedang diurungkan." in client.get(upload.get_absolute_url()).content.decode()
    run_job(job.pk, undoing.undo_rows)
    page = client.get(upload.get_absolute_url()).content.decode()
    assert "2 dari 2 baris diurungkan" in page
    assert reverse("participant_import_undo", args=[upload.pk]) not in page
    assert client.get(reverse("participant_import_undo", args=[upload.pk])).url == upload.get_absolute_url()
    assert not Participant.objects.exists()


def test_participant_import_undo_preview_is_not_found(cast, sign_in):
    upload = preview(many_rows(1), cast.admin_kupang)
    client = sign_in(cast.admin_kupang)
    assert client.get(reverse("participant_import_undo", args=[upload.pk])).status_code == 404
    assert client.post(reverse("participant_import_undo", args=[upload.pk])).status_code == 409


@pytest.mark.parametrize("who", ["provinsi_b", "pimpinan", "admin_ende"])
def test_participant_import_undo_of_another_unit_is_not_found(cast, sign_in, who):
    upload = saved_import(cast, many_rows(1))
    client = sign_in(getattr(cast, who))
    for answer in (client.get, client.post):
        assert answer(reverse("participant_import_undo", args=[upload.pk])).status_code == 404
    assert Participant.objects.count() == 1


def test_participant_import_undo_page_asks_as_often_for_one_row_as_for_three(cast, sign_in, django_assert_max_num_queries):
    client = sign_in(cast.admin_kupang)
    counts = []
    for rows in (many_rows(1), many_rows(4)[1:]):
        upload = saved_import(cast, rows)
        with django_assert_max_num_queries(60) as asked:
            client.get(reverse("participant_import_undo", args=[upload.pk]))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_participant_import_preview_stale_offers_one_click_to_check_again(cast, sign_in):
    rows = many_rows(2)
    upload = preview(rows, cast.admin_kupang)
    ParticipantFactory(nip=rows[0][0], satker=cast.kupang)
    client = sign_in(cast.admin_kupang)
    page = client.get(upload.get_absolute_url()).content.decode()
    assert "Data 1 orang di berkas ini berubah sejak diperiksa." in page
    assert 'name="sha256"' not in page
    refused = client.post(reverse("participant_import_commit", args=[upload.pk]), {"sha256": upload.sha256, "revision": 1})
    assert (refused.status_code, refused.url, Job.objects.exists()) == (302, upload.get_absolute_url(), False)
    page = client.post(reverse("participant_import_recheck", args=[upload.pk]), follow=True).content.decode()
    assert "berubah sejak diperiksa" not in page
    assert 'name="revision" value="2"' in page
    client.post(reverse("participant_import_commit", args=[upload.pk]), {"sha256": upload.sha256, "revision": 2})
    assert Job.objects.get().total == 2


@pytest.mark.parametrize("revision", ["", "x", "-1", "2"])
def test_participant_import_commit_strange_revision_is_refused(cast, sign_in, revision):
    upload = preview(many_rows(1), cast.admin_kupang)
    address = reverse("participant_import_commit", args=[upload.pk])
    assert sign_in(cast.admin_kupang).post(address, {"sha256": upload.sha256, "revision": revision}).status_code == 409
    assert not Job.objects.exists()


def test_participant_import_preview_names_rows_with_a_shared_email(cast, sign_in):
    rows = many_rows(1)
    ParticipantFactory(email=rows[0][11], satker=cast.denpasar)
    page = sign_in(cast.admin_kupang).get(preview(rows, cast.admin_kupang).get_absolute_url()).content.decode()
    assert "1 baris perlu dilihat lagi, tetapi boleh disimpan." in page
    assert f"E-mail {rows[0][11]} sudah dipakai orang lain di portal." in page


def test_participant_import_preview_says_that_a_dash_empties(cast, sign_in):
    rows = many_rows(1)
    saved_import(cast, rows)
    page = sign_in(cast.admin_kupang).get(preview([changed(rows[0], Alamat="-")], cast.admin_kupang).get_absolute_url()).content.decode()
    assert "(dikosongkan)" in page


def test_participant_import_lists_own_imports_in_pages_with_their_doors(cast, sign_in):
    undoable, wrong = saved_import(cast, many_rows(2)), preview(mixed_rows(), cast.admin_kupang, name="salah.xlsx")
    theirs = preview(many_rows(1), cast.provinsi_a, name="provinsi.xlsx")
    client = sign_in(cast.admin_kupang)
    page = client.get(reverse("participant_import")).content.decode()
    for text in (undoable.filename, "Tersimpan", wrong.filename, "Menunggu keputusan"):
        assert text in page
    assert theirs.filename not in page
    assert page.count(reverse("participant_import_undo", args=[undoable.pk])) == 1
    assert page.count(reverse("participant_import_errors", args=[wrong.pk])) == 1
    for number in range(10):
        ParticipantImport.objects.create(filename=f"lama-{number}.xlsx", sha256="0" * 64, uploaded_by=cast.admin_kupang)
    pages = [client.get(reverse("participant_import"), {"halaman": number}).content.decode() for number in (1, 2)]
    assert [undoable.filename in text for text in pages] == [False, True]


def test_participant_import_list_asks_as_often_for_one_import_as_for_three(cast, sign_in, django_assert_max_num_queries):
    client = sign_in(cast.admin_kupang)
    counts = []
    for wanted in (1, 3):
        while ParticipantImport.objects.count() < wanted:
            ParticipantImport.objects.create(filename="lama.xlsx", sha256="0" * 64, uploaded_by=cast.admin_kupang)
        with django_assert_max_num_queries(15) as asked:
            client.get(reverse("participant_import"))
        counts.append(len(asked))
    assert counts[0] == counts[1]
