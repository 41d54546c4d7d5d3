from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from participants.models import Score, ScoreChange, Sttp, TableUpload
from participants.scoring.enums import ScoreSource
from participants.services.results import graduate_by_results
from participants.services.scoring import Entry

pytestmark = pytest.mark.django_db


def bring(client, name, batch, book):
    stream = BytesIO()
    book.save(stream)
    answer = client.post(reverse(name, args=[batch.pk]), {"file": SimpleUploadedFile("berkas.xlsx", stream.getvalue())})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def digest(client, url):
    page = client.get(url).content.decode()
    return page, {"aksi": "simpan", "lihat": page.split('name="lihat" value="')[1].split('"')[0]}


def test_score_template_comes_back_filled_and_only_its_changes_are_saved(scene, sign_in):
    agnes, bria, citra = scene.people
    scene.save(scene.entries(agnes, 80, 81, 82, 83))
    client = sign_in(scene.filler)
    book = load_workbook(BytesIO(client.get(reverse("score_template", args=[scene.batch.pk])).content))
    rows = {row[0].value: row for row in book.active.iter_rows(min_row=2)}
    assert [cell.value for cell in rows[agnes.nip]] == [agnes.nip, "Agnes Contoh", 80, 81, 82, 83]
    for cell, value in zip(rows[agnes.nip][2:], (80, 85.5, 82, 83), strict=True):
        cell.value = value
    for cell, value in zip(rows[bria.nip][2:], (70, 108, 72, 73), strict=True):
        cell.value = value
    rows[citra.nip][2].value = 90
    url = bring(client, "score_import", scene.batch, book)
    page, form = digest(client, url)
    assert "Rancangan 1: 108 di luar 0 sampai 100" in page
    assert "Rancangan 1 81,00 → 85,50" in page
    assert client.post(url, form).status_code == 302
    stored = {
        (row.participant, row.component.code, row.rater): row.value for row in Score.objects.select_related("participant", "component")
    }
    assert (stored[agnes, "rancangan", 1], stored[citra, "sikap", 1], len(stored)) == (Decimal("85.50"), Decimal("90.00"), 5)
    assert set(ScoreChange.objects.filter(source=ScoreSource.FILE).values_list("participant", flat=True)) == {agnes.pk, citra.pk}
    again = bring(client, "score_import", scene.batch, book)
    page, _form = digest(client, again)
    assert "Tidak ada yang berubah" in page


def test_score_import_after_somebody_changed_a_cell_is_looked_at_again(scene, sign_in):
    agnes = scene.people[0]
    client, book = sign_in(scene.filler), Workbook()
    book.active.append(["NIP", "Sikap"])
    book.active.append([agnes.nip, 88])
    url = bring(client, "score_import", scene.batch, book)
    _page, form = digest(client, url)
    scene.save([Entry(scene.cell(agnes, scene.attitude), Decimal(70), 0)], by=scene.checker)
    answer = client.post(url, form)
    assert (answer.status_code, "berubah sejak Anda memeriksa" in answer.content.decode()) == (422, True)
    assert Score.objects.get().value == Decimal(70)


def test_sttp_numbers_come_from_a_file_with_every_error_named(published, sign_in):
    agnes, bria, citra = published.people
    day = timezone.localdate()
    graduate_by_results(batch_id=published.batch.pk, participant_ids=[agnes.pk, bria.pk], graduated_on=day, by=published.filler)
    client, book = sign_in(published.filler), Workbook()
    for line in (
        ["NIP", "Nomor STTP", "Kode Registrasi", "Tanggal STTP"],
        [agnes.nip, "0001/STTP", "900-1", day.strftime("%d-%m-%Y")],
        [bria.nip, "0001/STTP", "900-2", "kapan"],
        [citra.nip, "0003/STTP", "900-3", day.strftime("%d-%m-%Y")],
    ):
        book.active.append(line)
    url = bring(client, "sttp_import", published.batch, book)
    page, form = digest(client, url)
    assert [text in page for text in ("sudah ada di baris 2", "tidak terbaca", "NIP ini tidak ada di angkatan")] == [True] * 3
    assert client.post(url, form).status_code == 302
    assert list(Sttp.objects.values_list("participant", "number", "registration_code", "issued_on")) == [
        (agnes.pk, "0001/STTP", "900-1", day)
    ]
    assert TableUpload.objects.get().saved_rows == 1
    shown = client.get(reverse("sttp_list", args=[published.batch.pk]), {"keadaan": "belum"})
    assert [person.pk for person, _nip, _row in shown.context["rows"]] == [bria.pk]
    assert "2 orang lulus, 1 belum dicatat" in shown.content.decode()
