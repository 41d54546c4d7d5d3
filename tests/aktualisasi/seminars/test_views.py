import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from aktualisasi.models import Rancangan, Seminar, SeminarMark
from aktualisasi.services import seminar_results
from latsar.training.enums import SeminarKind
from participants.models import Participant
from participants.scoring.scores import Score
from tests.corpus import pdfs

pytestmark = pytest.mark.django_db


def plan_form(scene, **more):
    day = timezone.localdate()
    return {
        "day": day.isoformat(), "starts": "08:00", "minutes": "45", "zone": "WIB", "break_every": "", "break_minutes": "", "use_1": "on",
        "day_1": "", "starts_1": "", "room_1": "Aula", "link_1": "", "examiner_1_1": scene.examiner.pk, "examiner_1_2": scene.second.pk, **more,
    }  # fmt: skip


def test_plan_page_makes_a_seminar_per_group(scene, sign_in):
    client = sign_in(scene.planner)
    url = f"/angkatan/{scene.batch.pk}/seminar/susun/?jenis=seminar_rancangan"
    assert "Kelompok 1" in client.get(url).content.decode()
    answer = client.post(url, plan_form(scene))
    assert (answer.status_code, answer.url) == (302, f"/angkatan/{scene.batch.pk}/seminar/")
    seminar = Seminar.objects.get()
    assert (seminar.room, seminar.turns.count(), seminar.examiners.count()) == ("Aula", 3, 2)
    assert "Semua peserta sudah punya giliran" in client.get(url).content.decode()


def test_plan_page_keeps_what_was_typed_when_refused(scene, sign_in):
    url = f"/angkatan/{scene.batch.pk}/seminar/susun/?jenis=seminar_rancangan"
    page = sign_in(scene.planner).post(url, plan_form(scene, starts="25:00", room_1="Ruang Hilang"))
    assert page.status_code == 422
    assert "Tulis jam seperti 08.00." in page.content.decode()
    assert "Ruang Hilang" in page.content.decode()
    twice = sign_in(scene.planner).post(url, plan_form(scene, examiner_1_2=scene.examiner.pk))
    assert (twice.status_code, Seminar.objects.count()) == (422, 0)


def test_detail_page_orders_turns_by_button_and_by_number(scene, sign_in):
    seminar, client = scene.plan(), sign_in(scene.planner)
    keys = [turn.pk for turn in seminar.turns.order_by("order")]
    form = {f"no-{pk}": n for n, pk in enumerate(keys, 1)} | {f"jeda-{pk}": 0 for pk in keys}
    client.post(f"/seminar/{seminar.pk}/giliran/", form | {"version": 1, "turun": keys[0]})
    assert [turn.pk for turn in seminar.turns.order_by("order")] == [keys[1], keys[0], keys[2]]
    numbers = {f"no-{keys[1]}": 1, f"no-{keys[0]}": 2, f"no-{keys[2]}": 1, f"jeda-{keys[2]}": 15}
    client.post(f"/seminar/{seminar.pk}/giliran/", form | numbers | {"version": 2})
    assert [turn.pk for turn in seminar.turns.order_by("order")] == [keys[2], keys[1], keys[0]]
    assert seminar.turns.get(pk=keys[2]).break_after == 15
    assert client.post(f"/seminar/{seminar.pk}/giliran/", form | {"version": 1}).status_code == 409


def test_announce_on_the_page_says_what_stands_against_it(scene, sign_in):
    seminar, client = scene.plan(examiners=(scene.examiner,)), sign_in(scene.planner)
    page = client.post(f"/seminar/{seminar.pk}/langkah/", {"langkah": "announce", "version": 1})
    assert (page.status_code, "Penguji kurang" in page.content.decode()) == (422, True)
    cancelled = client.post(f"/seminar/{seminar.pk}/langkah/", {"langkah": "cancel", "version": 1, "note": ""})
    assert (cancelled.status_code, "Tulis alasannya" in cancelled.content.decode()) == (422, True)


def test_participant_sees_the_own_turn_and_no_others(scene, sign_in):
    seminar, client = scene.announce(), sign_in(scene.author)
    page = client.get(f"/seminar/{seminar.pk}/").content.decode()
    assert "Agnes Contoh" in page
    assert "Bria Contoh" not in page
    assert client.get(f"/seminar/giliran/{scene.turn(seminar, 1).pk}/").status_code == 404
    event = Calendar.from_ical(client.get(f"/seminar/{seminar.pk}/kalender.ics").content).walk("VEVENT")[0]
    assert str(event["uid"]) == f"seminar-{seminar.pk}-{scene.turn(seminar).pk}@latsar"


def test_examiner_reads_the_rancangan_of_whom_they_examine_and_no_other(scene, sign_in):
    client = sign_in(scene.examiner)
    rancangan = Rancangan.objects.get(participant=scene.people[0])
    assert client.get(f"/aktualisasi/{rancangan.pk}/").status_code == 404
    scene.announce()
    read = client.get(f"/aktualisasi/{rancangan.pk}/")
    assert read.status_code == 200
    assert "Isian sekarang" not in read.content.decode()
    assert client.get(f"/aktualisasi/{rancangan.pk}/isi/").status_code == 404
    assert client.get(f"/aktualisasi/habituasi/{scene.people[0].pk}/").status_code == 404


def test_mentor_and_coach_are_led_to_the_fields_as_they_are_now(scene, sign_in):
    rancangan = Rancangan.objects.get(participant=scene.people[0])
    for reader in (scene.mentor, scene.coach, scene.cast.admin_kupang):
        client = sign_in(reader)
        assert f'href="/aktualisasi/{rancangan.pk}/isi/"' in client.get(f"/aktualisasi/{rancangan.pk}/").content.decode()
        assert client.get(f"/aktualisasi/{rancangan.pk}/isi/").status_code == 200


# --- the scoring form


def score_url(turn):
    return f"/seminar/giliran/{turn.pk}/nilai/"


def test_score_page_without_script_keeps_then_sends(scene, sign_in):
    turn, client = scene.turn(scene.announce()), sign_in(scene.examiner)
    key = scene.proposal.pk
    page = client.get(score_url(turn)).content.decode()
    for said in ("Siapkah?", "91 sampai 100", "70 ke bawah", "bobot 40", f'name="v-{key}" value="0"', "Wajib bila selisih"):
        assert said in page
    client.post(score_url(turn), {f"s-{key}": "87,5", f"v-{key}": "0", "note": "Baik.", "v-note": "0", "aksi": "simpan"})
    page = client.get(score_url(turn)).content.decode()
    assert 'value="87,5"' in page
    assert "35,00" in page
    assert Score.objects.count() == 0
    sent = client.post(score_url(turn), {f"s-{key}": "88", f"v-{key}": "1", "note": "Baik.", "v-note": "1", "aksi": "kirim"})
    assert (sent.status_code, Score.objects.get().value) == (302, 88)
    page = client.get(score_url(turn)).content.decode()
    assert "Nilai terkirim" in page
    assert "data-score-done" in page


def test_score_page_refuses_what_is_no_score_beside_its_field_and_keeps_the_note(scene, sign_in):
    turn, client, key = scene.turn(scene.announce()), sign_in(scene.examiner), scene.proposal.pk
    page = client.post(score_url(turn), {f"s-{key}": "875", f"v-{key}": "0", "note": "Panjang lebar", "v-note": "0", "aksi": "kirim"})
    text = page.content.decode()
    assert page.status_code == 422
    assert "875 di luar 0 sampai 100. Mungkin maksudnya 87,5." in text
    assert 'value="875"' in text
    assert "data-unsaved" in text
    assert SeminarMark.objects.get().note == "Panjang lebar"


def test_score_page_hides_others_until_the_own_are_sent(scene, sign_in):
    turn, client = scene.turn(scene.announce()), sign_in(scene.second)
    scene.send(turn, "83.25")
    assert "83,25" not in client.get(score_url(turn)).content.decode()
    assert "83,25" not in client.get(f"/seminar/giliran/{turn.pk}/").content.decode()
    assert "83,25" not in client.get(f"/seminar/{turn.seminar_id}/").content.decode()
    scene.send(turn, 85, rater=2)
    assert "83,25" in client.get(score_url(turn)).content.decode()


def test_score_keep_answers_versions_and_clashes(scene, sign_in):
    turn, client, key = scene.turn(scene.announce()), sign_in(scene.examiner), scene.proposal.pk
    url = f"{score_url(turn)}simpan/"
    first = client.post(url, {f"s-{key}": "90", f"v-{key}": "0"}).json()
    assert (first["versions"], first["clashes"]) == ({str(key): 1}, {})
    late = client.post(url, {f"s-{key}": "70", f"v-{key}": "0"}).json()
    assert late["clashes"] == {str(key): {"value": "90", "version": 1}}
    wrong = client.post(url, {f"s-{key}": "abc", f"v-{key}": "1"}).json()
    assert "bukan angka" in wrong["errors"][str(key)]
    scene.send(turn)
    gone = client.post(url, {f"s-{key}": "80", f"v-{key}": "1"})
    assert (gone.status_code, "sudah dikirim" in json.loads(gone.content)["refused"]) == (409, True)


def test_score_page_of_a_stale_tab_shows_both_and_sends_nothing(scene, sign_in):
    turn, client, key = scene.turn(scene.announce()), sign_in(scene.examiner), scene.proposal.pk
    scene.keep(turn, 90)
    page = client.post(score_url(turn), {f"s-{key}": "70", f"v-{key}": "0", "note": "", "v-note": "0", "aksi": "kirim"})
    assert page.status_code == 409
    assert "Rancangan: 90" in page.content.decode()
    assert 'value="70"' in page.content.decode()
    assert Score.objects.count() == 0


def test_correcting_needs_a_reason(scene, sign_in):
    turn, client, key = scene.turn(scene.announce()), sign_in(scene.examiner), scene.proposal.pk
    scene.send(turn, 80)
    assert "Alasan membetulkan" in client.get(f"{score_url(turn)}?betulkan=1").content.decode()
    form = {f"s-{key}": "81", f"v-{key}": "1", "note": "", "v-note": "0", "aksi": "betulkan"}
    refused = client.post(f"{score_url(turn)}?betulkan=1", form)
    assert (refused.status_code, "Tulis alasannya" in refused.content.decode()) == (422, True)
    done = client.post(f"{score_url(turn)}?betulkan=1", form | {"reason": "Salah ketik."})
    assert (done.status_code, done.url, Score.objects.get().value) == (302, score_url(turn), 81)


def test_institute_copies_a_paper_form(scene, sign_in):
    turn, client, key = scene.turn(scene.announce()), sign_in(scene.planner), scene.proposal.pk
    assert client.get(score_url(turn)).status_code == 404
    url = f"{score_url(turn)}?sebagai=penguji-1"
    assert "Anda menyalin formulir kertas" in client.get(url).content.decode()
    client.post(url, {f"s-{key}": "81", f"v-{key}": "0", "note": "", "v-note": "0", "aksi": "kirim"})
    assert "disalin dari kertas oleh" in client.get(f"/seminar/giliran/{turn.pk}/").content.decode()
    assert sign_in(scene.cast.lembaga_b).get(url).status_code == 404
    assert sign_in(scene.second).get(url).status_code == 404


# --- result, repairs, paper


def result_form(turn, **more):
    form = {"version": turn.version, "outcome": "accepted", "revision_due_on": "", "number": "", "note": ""}
    form |= {f"text_{n}": "" for n in range(3)} | {f"part_{n}": "" for n in range(3)}
    form |= {f"hadir_{one.key}": "onsite" for one in seminar_results.attendees_of(turn)}
    return form | more


def test_result_page_records_and_the_participant_repairs(scene, sign_in):
    turn = scene.turn(scene.announce())
    url = f"/seminar/giliran/{turn.pk}/"
    examiner, author, coach = sign_in(scene.examiner), sign_in(scene.author), sign_in(scene.coach)
    bad = examiner.post(f"{url}hasil/", result_form(turn, outcome="revise"))
    assert (bad.status_code, "paling sedikit satu" in bad.content.decode()) == (422, True)
    due = (timezone.localdate() + timedelta(days=3)).isoformat()
    done = examiner.post(f"{url}hasil/", result_form(turn, outcome="revise", revision_due_on=due, text_0="Ukur hasilnya.", part_0="BAB IV"))
    assert (done.status_code, done.url) == (302, url)
    revision = turn.revisions.get()
    assert "Selesaikan 1 perbaikan seminar" in author.get("/").content.decode()
    author.post(f"/seminar/perbaikan/{revision.pk}/", {"aksi": "done"})
    assert "Periksa perbaikan Agnes Contoh" in coach.get("/").content.decode()
    coach.post(f"/seminar/perbaikan/{revision.pk}/", {"aksi": "confirm"})
    assert "Diperiksa Coach A, S.H." in author.get(url).content.decode()
    assert "Periksa perbaikan" not in coach.get("/").content.decode()


def test_record_and_signed_paper_come_as_pdf(scene, sign_in):
    seminar = scene.announce()
    turn, client = scene.turn(seminar), sign_in(scene.planner)
    assert client.get(f"/seminar/giliran/{turn.pk}/berita-acara.pdf").content.startswith(b"%PDF")
    assert client.get(f"/seminar/{seminar.pk}/berita-acara.pdf").content.startswith(b"%PDF")
    scene.result(turn)
    from django.core.files.uploadedfile import SimpleUploadedFile

    url = f"/seminar/giliran/{turn.pk}/berita-acara/unggah/"
    assert client.post(url, {"file": SimpleUploadedFile("ba.pdf", pdfs.with_pages(1))}).status_code == 302
    bad = client.post(url, {"file": SimpleUploadedFile("ba.pdf", b"<svg onload=x>")})
    assert bad.status_code == 422
    paper = turn.papers.get()
    assert b"".join(sign_in(scene.author).get(f"/seminar/berita-acara/{paper.pk}/")) == pdfs.with_pages(1)


# --- lists, homes and their queries


def queries(client, url):
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


@pytest.mark.parametrize("who", ["planner", "examiner", "coach", "mentor", "author", "admin_kupang"])
def test_seminar_list_takes_the_same_queries_for_one_and_for_three(scene, sign_in, who):
    client = sign_in(getattr(scene, who, None) or getattr(scene.cast, who))
    scene.announce()
    client.get("/seminar/")
    one = queries(client, "/seminar/")
    scene.announce(SeminarKind.RESULT, hour=13)
    for n in range(3):
        scene.result(scene.turn(Seminar.objects.get(kind="seminar_rancangan"), n), "repeat")
    scene.announce(hour=17)
    assert Seminar.objects.count() == 3
    assert queries(client, "/seminar/") == one <= 15


@pytest.mark.parametrize("who", ["examiner", "coach", "mentor", "author"])
def test_home_takes_the_same_queries_for_one_turn_and_for_three(scene, sign_in, who):
    client = sign_in(getattr(scene, who))
    seminar = scene.announce()
    keys = [scene.people[1].pk, scene.people[2].pk]
    extra = list(seminar.turns.filter(participant__in=keys).values("participant_id", "order", "starts_at", "ends_at"))
    seminar.turns.filter(participant__in=keys).delete()
    client.get("/")
    one = queries(client, "/")
    for row in extra:
        seminar.turns.create(**row)
    assert queries(client, "/") == one


@pytest.mark.parametrize("path", ["", "cetak/", "berita-acara.pdf"])
def test_seminar_pages_take_the_same_queries_for_one_turn_and_for_three(scene, sign_in, path):
    client, seminar = sign_in(scene.examiner), scene.announce()
    extra = list(seminar.turns.filter(order__gt=1).values("participant_id", "order", "starts_at", "ends_at"))
    seminar.turns.filter(order__gt=1).delete()
    url = f"/seminar/{seminar.pk}/{path}"
    client.get(url)
    one = queries(client, url)
    for row in extra:
        seminar.turns.create(**row)
    client.get(url)
    assert queries(client, url) == one


def test_home_of_the_examiner_shows_todays_turns_with_their_state(scene, sign_in):
    seminar = scene.announce()
    scene.send(scene.turn(seminar), 80)
    scene.keep(scene.turn(seminar, 1), 70)
    page = sign_in(scene.examiner).get("/").content.decode()
    for said in ("Giliran hari ini", "Terkirim, 32,00", "1 nilai tersimpan, belum dikirim", "Kirim nilai 2 orang"):
        assert said in page


def test_list_filters_and_says_so_when_nothing_fits(scene, sign_in):
    scene.announce()
    client = sign_in(scene.planner)
    for query, found in (
        ("q=agnes", True),
        ("q=xyz", False),
        ("jenis=seminar_hasil", False),
        (f"tanggal={timezone.localdate()}", True),
        ("keadaan=done", False),
    ):
        page = client.get(f"/seminar/?{query}").content.decode()
        assert ("Ruang Lontar" in page, "Tidak ada seminar dengan saringan ini" in page) == (found, not found)
    assert "Belum ada seminar untuk Anda" in sign_in(scene.cast.penguji_b).get("/seminar/").content.decode()


def test_person_page_and_batch_page_lead_to_the_seminar(scene, sign_in):
    seminar = scene.announce()
    client = sign_in(scene.cast.pksdm)
    assert (
        f"/seminar/giliran/{scene.turn(seminar).pk}/"
        in client.get(Participant.objects.get(pk=scene.people[0].pk).get_absolute_url()).content.decode()
    )
    assert f"/angkatan/{scene.batch.pk}/seminar/" in client.get(scene.batch.get_absolute_url()).content.decode()
