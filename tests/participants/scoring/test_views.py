import subprocess
from decimal import Decimal
from io import BytesIO

import pikepdf
import pytest
from django.urls import reverse
from openpyxl import load_workbook

from latsar.training.models import Institute
from participants.models import Participant, Score, ScoreSheet
from participants.scoring.enums import SheetState
from participants.scoring.reading import sheet_of
from participants.services.scoring import Entry
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(scene):
    return reverse("score_sheet", args=[scene.batch.pk]) + "?kelompok=semua"


def fields(scene, person, *values, seen=0):
    """What the browser sends for one person's row."""
    data = {}
    for entry, value in zip(scene.entries(person, *([None] * 4)), values, strict=True):
        data |= {f"s-{entry.key}": value, f"v-{entry.key}": str(seen)}
    return data


def test_sheet_saves_good_cells_and_keeps_the_bad_one_typed(scene, url, sign_in):
    agnes = scene.people[0]
    answer = sign_in(scene.filler).post(url, fields(scene, agnes, "87,25", "108", "80", ""))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="108"' in page
    assert "Rancangan 1: 108 di luar 0 sampai 100. Mungkin maksudnya 10,8." in page
    assert set(Score.objects.filter(participant=agnes).values_list("value", flat=True)) == {Decimal("87.25"), Decimal("80.00")}


def test_sheet_clash_answers_409_with_both_and_the_choice_is_kept(scene, url, sign_in):
    agnes, client = scene.people[0], sign_in(scene.filler)
    key = scene.cell(agnes, scene.attitude)
    scene.save([Entry(key, Decimal(84), 0)])
    scene.save([Entry(key, Decimal("86.25"), 1)], by=scene.checker)
    answer = client.post(url, {f"s-{key}": "87,25", f"v-{key}": "1"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert [text in page for text in ("87,25, Anda", "86,25, Pemeriksa Contoh", ">84,00<")] == [True, True, True]
    choice = {"aksi": "pilih", f"mine-{key}": "87,25", f"seen-{key}": "2"}
    assert client.post(url, choice).status_code == 409
    assert client.post(url, choice | {f"pick-{key}": "mine"}).status_code == 302
    assert Score.objects.get(participant=agnes).value == Decimal("87.25")
    assert client.post(url, choice | {f"pick-{key}": "theirs", f"seen-{key}": "3"}).status_code == 302
    assert Score.objects.get(participant=agnes).value == Decimal("87.25")


def test_sheet_sent_to_the_checker_in_one_step(scene, url, sign_in):
    scene.fill((80, 80, 80, 80), (80, 80, 80, 80), (80, 80, 80, None))
    data = fields(scene, scene.people[2], "80", "80", "80", "81", seen=1) | {"aksi": "kirim", "version": sheet_of(scene.batch).version}
    data[f"v-{scene.cell(scene.people[2], scene.unit)}"] = "0"
    assert sign_in(scene.filler).post(url, data).status_code == 302
    assert sheet_of(scene.batch).state == SheetState.SUBMITTED


def test_sheet_of_a_unit_shows_its_people_and_its_component_only(scene, url, sign_in):
    page = sign_in(scene.cast.people["admin_kupang"]).get(url).content.decode()
    assert ("Agnes Contoh" in page, "Citra Contoh" in page, "PKTBT" in page, "Sikap" in page) == (True, False, True, False)


def test_sheet_asks_as_often_for_three_people_as_for_one(scene, url, sign_in, django_assert_num_queries):
    client = sign_in(scene.filler)
    scene.fill(*[(80, 80, 86, 80)] * 3)
    Participant.objects.filter(pk__in=[person.pk for person in scene.people[1:]]).update(stage="withdrawn", batch=None)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(url)
    Participant.objects.filter(pk__in=[person.pk for person in scene.people[1:]]).update(stage="training", batch=scene.batch)
    with django_assert_num_queries(len(one)):
        client.get(url)
    assert len(one) <= 15


def test_results_page_recap_and_record_say_the_same(published, sign_in):
    client, batch = sign_in(published.filler), published.batch
    page = client.get(reverse("batch_results", args=[batch.pk])).content.decode()
    assert [text in page for text in ("86,00", "80,60", "61,40", "Remedial")] == [True] * 4
    book = load_workbook(BytesIO(client.get(reverse("batch_results", args=[batch.pk]) + "?unduh=xlsx").content))
    rows = [row for row in book.active.iter_rows(values_only=True) if row[2] == "Agnes Contoh"]
    assert (rows[0][0], rows[0][4:9]) == (1, (86, 86, 86, 86, "Memuaskan"))
    form = {
        "number": "BA-1/2026",
        "held_on": "2026-01-05",
        "place": "Kupang",
        "chair_name": "Ketua Contoh",
        "chair_title": "Kepala",
        "version": "0",
    }
    assert client.post(reverse("graduation_record", args=[batch.pk]), form).status_code == 302
    Institute.objects.filter(pk=batch.institute_id).update(head_1="PEMERINTAH CONTOH", record_closing="Demikian adanya.")
    pdf = client.get(reverse("graduation_record_pdf", args=[batch.pk]))
    with pikepdf.open(BytesIO(pdf.content)) as document:
        assert document.Root.MarkInfo.Marked
    words = subprocess.run(["pdftotext", "-", "-"], input=pdf.content, capture_output=True, check=True).stdout.decode()
    assert [text in words for text in ("PEMERINTAH CONTOH", "BA-1/2026", "Ketua Contoh", "86,00", "Demikian adanya.")] == [True] * 5
    assert client.post(reverse("graduation_record", args=[batch.pk]), form).status_code == 409


def test_participant_sees_own_result_once_published_and_nobody_elses(scene, sign_in):
    from latsar.accounts.enums import Role

    agnes, bria = scene.people[:2]
    user = factories.UserFactory()
    factories.RoleGrantFactory(user=user, role=Role.PESERTA)
    Participant.objects.filter(pk=agnes.pk).update(user=user)
    scene.fill(*[(86, 86, 86, 86)] * 3)
    client = sign_in(user)
    own, other = (reverse("result_detail", args=[scene.batch.pk, person.pk]) for person in (agnes, bria))
    scene.move("submit")
    scene.move("check", scene.checker)
    scene.move("finalise", scene.checker)
    assert client.get(own).status_code == 404
    scene.move("publish", scene.cast.pksdm)
    assert (client.get(own).status_code, client.get(other).status_code) == (200, 404)
    assert client.post(own, {"component": scene.attitude.pk, "text": "Nilai saya 96."}).status_code == 302
    assert "Nilai saya 96." in client.get(own).content.decode()


def test_graduation_page_ticks_who_passed_and_records_their_qualification(published, sign_in):
    client, url = sign_in(published.filler), reverse("batch_graduate", args=[published.batch.pk])
    page = client.get(url).content.decode()
    assert (page.count(" disabled>"), "Kualifikasi" in page) == (1, True)
    agnes = published.people[0]
    assert (
        client.post(url, {"orang": [agnes.pk], "graduated_on": ScoreSheet.objects.get().created_at.date().isoformat()}).status_code == 302
    )
    agnes.refresh_from_db()
    assert (agnes.qualification, agnes.stage) == ("Memuaskan", "graduated")
