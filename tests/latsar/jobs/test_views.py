from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from latsar.accounts.models import RoleGrant
from latsar.jobs.models import ItemState, Job, JobState
from latsar.jobs.pace import duration, pace
from latsar.jobs.run import Runner, run_job
from latsar.jobs.services import cancel_job, request_job
from latsar.notices.models import Notice
from latsar.notices.services import tell_ended_jobs
from tests.issuing import body_of

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def job(cast):
    return request_job(
        task="tests.none", title="Menerbitkan 3 sertifikat", by=cast.pksdm, items=[(str(n), f"Orang {n}") for n in (1, 2, 3)]
    )


def _work(runner: Runner) -> None:
    for item in runner.queued_items():
        if item.ref == "2":
            runner.finish_item(item, ItemState.FAILED, "Tempat lahir kosong.", "/peserta/2/ubah/")
        else:
            runner.finish_item(item, ItemState.DONE)


def test_job_detail_of_open_job_polls_itself(job, cast, sign_in):
    html = sign_in(cast.pksdm).get(job.get_absolute_url()).content.decode()
    assert f'hx-get="/pekerjaan/{job.pk}/"' in html
    assert "every 1500ms" in html
    assert "Menunggu giliran" in html


def test_job_detail_htmx_request_gets_only_the_middle(job, cast, sign_in):
    html = sign_in(cast.pksdm).get(job.get_absolute_url(), **HTMX).content.decode()
    assert html.lstrip().startswith('<div id="kemajuan"')
    assert "<html" not in html


def test_job_detail_of_ended_job_stops_polling_and_names_what_failed(job, cast, sign_in):
    run_job(job.pk, _work)
    html = sign_in(cast.pksdm).get(job.get_absolute_url(), **HTMX).content.decode()
    assert "hx-get" not in html
    assert "Tempat lahir kosong." in html
    assert 'href="/peserta/2/ubah/"' in html
    assert ">2</span> dari 3 selesai" in html
    assert "Ulangi yang gagal" in html


@pytest.mark.parametrize("page", ["", "batal/", "hasil/"])
def test_job_pages_of_somebody_else_are_not_found(job, cast, sign_in, page):
    assert sign_in(cast.pimpinan).get(f"/pekerjaan/{job.pk}/{page}").status_code == 404


def test_job_retry_by_somebody_else_changes_nothing(job, cast, sign_in):
    run_job(job.pk, _work)
    assert sign_in(cast.pimpinan).post(f"/pekerjaan/{job.pk}/ulangi/").status_code == 404
    job.refresh_from_db()
    assert job.state == JobState.PARTIAL


def test_job_retry_queues_only_what_failed(job, cast, sign_in):
    run_job(job.pk, _work)
    assert sign_in(cast.pksdm).post(f"/pekerjaan/{job.pk}/ulangi/").status_code == 302
    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    assert list(job.items.values_list("state", flat=True)) == [ItemState.DONE, ItemState.QUEUED, ItemState.DONE]


def test_job_cancel_asks_first_and_keeps_what_is_done(job, cast, sign_in):
    client = sign_in(cast.pksdm)
    assert "Jangan batalkan" in client.get(f"/pekerjaan/{job.pk}/batal/").content.decode()

    def work(runner: Runner) -> None:
        for item in runner.queued_items():
            runner.finish_item(item, ItemState.DONE)
            client.post(f"/pekerjaan/{job.pk}/batal/")
            runner.flush()

    run_job(job.pk, work)
    job.refresh_from_db()
    assert (job.state, job.done) == (JobState.CANCELLED, 1)
    assert list(job.items.values_list("state", flat=True)) == [ItemState.DONE, ItemState.QUEUED, ItemState.QUEUED]


def test_cancel_job_of_queued_job_ends_it_without_a_worker(job, cast):
    cancel_job(job_id=job.pk, by=cast.pksdm)
    run_job(job.pk, _work)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.CANCELLED, 0)


def _with_result(by) -> Job:
    made = request_job(task="tests.none", title="Rekap", by=by)
    run_job(made.pk, lambda runner: runner.attach(BytesIO(b"isi"), "rekap.xlsx"))
    made.refresh_from_db()
    return made


def test_job_result_is_a_download_under_its_name(cast, sign_in):
    made = _with_result(cast.provinsi_a)
    answer = sign_in(cast.provinsi_a).get(f"/pekerjaan/{made.pk}/hasil/")
    assert body_of(answer) == b"isi"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="rekap.xlsx"'


def test_job_result_after_the_role_ended_is_not_found(cast, sign_in):
    made = _with_result(cast.provinsi_a)
    RoleGrant.objects.filter(user=cast.provinsi_a).update(
        valid_from=timezone.localdate() - timedelta(days=9), valid_to=timezone.localdate() - timedelta(days=1)
    )
    client = sign_in(cast.provinsi_a)
    assert client.get(f"/pekerjaan/{made.pk}/hasil/").status_code == 404
    assert "wewenang Anda berubah" in client.get(made.get_absolute_url()).content.decode()


def test_job_list_shows_only_own_jobs(job, cast, sign_in):
    request_job(task="tests.none", title="Pekerjaan orang lain", by=cast.pimpinan)
    html = sign_in(cast.pksdm).get("/pekerjaan/").content.decode()
    assert "Menerbitkan 3 sertifikat" in html
    assert "Pekerjaan orang lain" not in html


def test_job_list_empty_says_how_to_begin(cast, sign_in):
    assert "Belum ada pekerjaan." in sign_in(cast.stranger).get("/pekerjaan/").content.decode()


@pytest.mark.parametrize("path", ["/pekerjaan/", "detail"])
def test_job_pages_cost_the_same_for_one_and_three(job, cast, sign_in, path):
    client = sign_in(cast.pksdm)
    address = job.get_absolute_url() if path == "detail" else path
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(address)
    for n in range(3):
        request_job(task="tests.none", title=f"Lagi {n}", by=cast.pksdm)
    with CaptureQueriesContext(connection) as more:
        client.get(address)
    assert len(more) <= len(one) + (1 if path == "detail" else 0)
    assert all(query["sql"].startswith("SELECT") for query in more.captured_queries)


def test_pace_measures_this_run_only():
    now = timezone.now()
    job = Job(state=JobState.RUNNING, started_at=now - timedelta(seconds=10), done=950, failed=0, done_before=900, total=1000)
    assert pace(job, now).per_second == pytest.approx(5)
    assert pace(job, now).seconds_left == 10
    assert pace(job, now).rate_text == "5,0 per detik"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "kurang dari 1 detik"), (14, "14 detik"), (89, "89 detik"), (180, "3 menit"), (7300, "2 jam")]
)
def test_duration_reads_well(seconds, text):
    assert duration(seconds) == text


def test_tell_ended_jobs_tells_once(job, cast):
    run_job(job.pk, _work)
    assert [tell_ended_jobs(), tell_ended_jobs()] == [1, 0]
    notice = Notice.objects.get(user=cast.pksdm)
    assert notice.text == "Selesai sebagian: Menerbitkan 3 sertifikat. 2 dari 3 selesai. 1 gagal."
    assert notice.url == job.get_absolute_url()
