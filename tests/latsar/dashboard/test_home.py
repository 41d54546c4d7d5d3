"""The home page of each role: what it asks for, when, where it leads, and what it must not show."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aktualisasi.enums import PaperStage
from aktualisasi.models import Paper, PaperVersion
from latsar.accounts.enums import Role
from latsar.dashboard import home
from latsar.dashboard.registry import Todo
from latsar.jobs.models import Job, JobState
from latsar.training.enums import BatchStage
from latsar.training.models import Seat
from mentoring.models import GroupCoach, MentorAssignment
from participants.enums import ProgressState, Stage
from participants.models import PhaseProgress
from tests import factories

QUERY_LIMIT = 15  # 16 with the one of the second factor
ROLES = ("admin_kupang", "provinsi_a", "pksdm", "lembaga_a", "mentor_a", "coach_a", "penguji_a", "pimpinan")
FOREIGN = "KENARI"


@pytest.fixture(autouse=True)
def _plain_sign_in(settings):
    settings.MFA_REQUIRED = False


def in_days(days: int):
    return timezone.localdate() + timedelta(days=days)


def person(satker, stage=Stage.REGISTERED, *, left=200, **fields):
    deadline = in_days(left)
    return factories.ParticipantFactory(
        satker=satker, stage=stage, deadline=deadline, tmt_cpns=deadline - timedelta(days=365), stage_at=timezone.now(), **fields
    )


def running(institute, **fields):
    """A batch in whose MOOC everybody should be: the phases run at days 20 to 25, 40 to 45 and 60 to 65."""
    return factories.BatchFactory(stage=BatchStage.RUNNING, starts_on=in_days(-22), institute=institute, **fields)


def seat(someone, batch, number, *, group=1):
    factories.PlacementFactory(participant=someone, seat=Seat.objects.get(batch=batch, number=number), group=group)
    return someone


def mentored(someone, mentor, slot, by):
    MentorAssignment.objects.create(mentor=mentor, participant=someone, slot=slot, assigned_by=by)


def submitted(someone, by):
    paper = factories.PaperFactory(rancangan__participant=someone, rancangan__title=f"Judul {someone.pk}", stage=PaperStage.SUBMITTED)
    PaperVersion.objects.create(paper=paper, number=1, file="x.pdf", name="x.pdf", size=1, pages=1, sha256="0" * 64, uploaded_by=by)
    return paper


def populate(cast, count: int, *, institute, province, satker, coach, mentor_user, prefix: str, side: int) -> None:
    """Give one side of the country `count` of everything that a home page can ask for."""
    batch = running(institute, province=province, capacity=40, number=300 + side)
    over = factories.BatchFactory(
        institute=institute, province=province, stage=BatchStage.RUNNING, starts_on=in_days(-100), capacity=10, number=310 + side
    )
    factories.BatchFactory(institute=institute, province=province, stage=BatchStage.DRAFT, number=320 + side)
    mentor = factories.MentorFactory(user=mentor_user, satker=satker)
    GroupCoach.objects.create(batch=batch, group=1, coach=coach)
    for number in range(1, count + 1):
        for stage in (Stage.REGISTERED, Stage.RETURNED, Stage.SUBMITTED, Stage.VERIFIED, Stage.APPROVED):
            person(satker, stage, left=10, full_name=f"{prefix} {stage} {number}", return_note=f"Catatan {prefix}")
        trainee = seat(person(satker, Stage.TRAINING, batch=batch, full_name=f"{prefix} latsar {number}"), batch, number)
        mentored(trainee, mentor, number, cast.pksdm)
        submitted(trainee, cast.pksdm)
        seat(person(satker, Stage.TRAINING, batch=over, full_name=f"{prefix} habis {number}"), over, number)
        person(
            satker, Stage.GRADUATED, batch=over, graduated_on=in_days(-1), qualification="Memuaskan", full_name=f"{prefix} lulus {number}"
        )
    Job.objects.create(
        task="x.y", title=f"Terbit {prefix}", requested_by=cast.pksdm if side else coach, state=JobState.FAILED, finished_at=timezone.now()
    )


@pytest.fixture
def both_sides(cast):
    def make(count: int) -> None:
        shared = {"cast": cast, "count": count}
        populate(
            **shared, institute=cast.institute_a, province=cast.province_a, satker=cast.kupang, coach=cast.coach_a, mentor_user=cast.mentor_a,
            prefix="Warga", side=1,
        )  # fmt: skip
        populate(
            **shared, institute=cast.institute_b, province=cast.province_b, satker=cast.denpasar, coach=cast.coach_b,
            mentor_user=cast.mentor_b, prefix=FOREIGN, side=0,
        )  # fmt: skip

    return make


def page_of(client) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.content.decode()


def duties(page: str) -> list[tuple[str, str, str]]:
    """The to-do items of a page as (due, title, address)."""
    found = re.findall(r'<li><div class="due[^"]*"><b>(.*?)</b>.*?<h3>(.*?)</h3>.*?<a class="btn[^"]*" href="(.*?)">', page, re.DOTALL)
    return [(due, title, address.replace("&amp;", "&")) for due, title, address in found]


def titles(page: str) -> list[str]:
    return [title for _due, title, _address in duties(page)]


def participant_user(someone):
    user = factories.UserFactory(full_name=someone.full_name)
    factories.RoleGrantFactory(user=user, role=Role.PESERTA)
    someone.user = user
    someone.save()
    return user


def test_home_of_a_satker_lists_what_its_people_need(cast, sign_in, both_sides):
    both_sides(1)
    page = page_of(sign_in(cast.admin_kupang))
    assert set(titles(page)) == {
        "Perbaiki berkas Warga returned 1",
        "Ajukan 1 CPNS untuk diverifikasi",
        "Carikan kursi untuk 5 CPNS yang kritis",
        "Tetapkan mentor untuk 1 peserta",
        "Undang 2 peserta ke portal",
        "Buat surat tugas untuk 1 peserta",
    }
    assert "Catatan Warga" in page
    assert "CPNS di satker ini" in page
    assert "8, " not in page.split("CPNS di satker ini")[1][:60]
    assert FOREIGN not in page


def test_home_of_a_satker_leads_to_the_form_of_a_returned_person_with_its_deadline(cast, sign_in):
    someone = person(cast.kupang, Stage.RETURNED, left=10, return_note="Tanggal lahir tidak cocok dengan SK.")
    page = page_of(sign_in(cast.admin_kupang))
    assert ("10 hari lagi", f"Perbaiki berkas {someone}", f"/peserta/{someone.pk}/ubah/") in duties(page)
    assert "Tanggal lahir tidak cocok dengan SK." in page


def test_home_of_a_satker_with_many_returned_names_three_and_counts_the_rest(cast, sign_in):
    for _ in range(5):
        person(cast.kupang, Stage.RETURNED)
    found = duties(page_of(sign_in(cast.admin_kupang)))
    assert [title for _due, title, _url in found if title.startswith("Perbaiki berkas")] == [title for _d, title, _u in found[:3]]
    assert found[-1][1:] == ("Perbaiki 2 berkas lain yang dikembalikan", "/peserta/?tahap=returned")


def test_home_of_a_satker_with_many_people_shows_the_most_urgent_twelve(cast, sign_in):
    for number in range(14):
        person(cast.kupang, left=100 + number, full_name=f"Urut {number:02d}")
    page = page_of(sign_in(cast.admin_kupang))
    assert "12 dari 14" in page
    assert "Urut 11" in page
    assert "Urut 12" not in page


def test_home_of_an_empty_satker_offers_two_ways_to_begin(cast, sign_in):
    page = page_of(sign_in(cast.admin_kupang))
    assert "Belum ada CPNS di satker ini" in page
    assert 'btn btn-primary" href="/peserta/tambah/"' in page


@pytest.mark.parametrize("who", ROLES)
def test_home_has_at_most_one_main_button(cast, sign_in, both_sides, who):
    both_sides(1)
    assert page_of(sign_in(getattr(cast, who))).count("btn-primary") <= 1


def test_home_of_a_province_names_the_queue_with_the_day_of_the_oldest(cast, sign_in, both_sides):
    both_sides(1)
    page = page_of(sign_in(cast.provinsi_a))
    assert {"Putuskan 1 berkas di antrean", "Tetapkan mentor untuk 1 peserta", "Carikan kursi untuk 5 CPNS yang kritis"} <= set(
        titles(page)
    )
    queue = next(item for item in duties(page) if item[2] == "/verifikasi-berkas/")
    assert re.fullmatch(r"\d+ hari lagi", queue[0])
    assert FOREIGN not in page
    assert "Bali" not in page


def test_home_of_pksdm_asks_for_decisions_seats_batches_and_certificates(cast, sign_in, both_sides):
    both_sides(1)
    found = titles(page_of(sign_in(cast.pksdm)))
    for start in ("Putuskan 2 berkas", "Tempatkan 2 CPNS", "Terbitkan sertifikat 1 orang", "Buka Angkatan", "Tutup Angkatan"):
        assert [title for title in found if title.startswith(start)], start
    assert "Selesaikan pekerjaan: Terbit Warga" in found
    assert f"Selesaikan pekerjaan: Terbit {FOREIGN}" not in found


def test_home_of_pksdm_starts_an_open_batch_only_near_its_day(cast, sign_in):
    near = factories.BatchFactory(institute=cast.institute_a, starts_on=in_days(5))
    factories.BatchFactory(institute=cast.institute_a, starts_on=in_days(30))
    assert duties(page_of(sign_in(cast.pksdm))) == [("5 hari lagi", f"Mulai {near}", near.get_absolute_url())]


def test_home_of_an_institute_names_what_to_mark_and_whom_to_graduate(cast, sign_in, both_sides):
    both_sides(2)
    page = page_of(sign_in(cast.lembaga_a))
    assert titles(page) == ["Tandai 2 orang selesai MOOC", "Catat kelulusan 2 orang, Angkatan CCCXI", "Tandai 2 orang mulai MOOC"]
    assert "daftar.xlsx" in page
    assert FOREIGN not in page
    assert "BPSDM Provinsi Bali" not in page


def test_home_of_an_institute_with_everything_marked_asks_nothing(cast, sign_in):
    batch = running(cast.institute_a)
    someone = seat(person(cast.kupang, Stage.TRAINING, batch=batch), batch, 1)
    client = sign_in(cast.lembaga_a)
    phase = batch.phases.get(order=1)
    (item,) = duties(page_of(client))
    assert item[1:] == ("Tandai 1 orang mulai MOOC", f"/angkatan/{batch.pk}/?fase=1&keadaan=waiting#peserta")
    PhaseProgress.objects.create(participant=someone, phase=phase, state=ProgressState.RUNNING, marked_by=cast.lembaga_a)
    assert duties(page_of(client)) == []


def test_home_of_a_mentor_puts_waiting_reviews_first(cast, sign_in, both_sides):
    both_sides(2)
    page = page_of(sign_in(cast.mentor_a))
    own = Paper.objects.filter(rancangan__participant__full_name__startswith="Warga")
    assert {address for _due, _title, address in duties(page)} == {f"/aktualisasi/naskah/{row.pk}/tinjau/" for row in own}
    assert all(re.fullmatch(r"\d+ hari lagi", due) for due, _title, _address in duties(page))
    assert "2 dari 5" in page
    assert "Seminar rancangan mulai" in page
    assert FOREIGN not in page


def test_home_of_a_mentor_without_mentees_says_who_names_them(cast, sign_in):
    page = page_of(sign_in(cast.mentor_a))
    assert "Belum ada peserta bimbingan" in page
    assert "0 dari 5" in page


def test_home_of_a_coach_counts_groups_by_stage(cast, sign_in, both_sides):
    both_sides(2)
    page = page_of(sign_in(cast.coach_a))
    assert titles(page) == ["Dampingi 2 orang sampai rancangannya disetujui"]
    cells = re.findall(r'data-label="(Belum mulai|Menunggu mentor|Disetujui)"[^>]*>(\d+)<', page)
    assert cells == [("Belum mulai", "0"), ("Menunggu mentor", "2"), ("Disetujui", "0")]
    assert "BPSDM Provinsi Bali" not in page


def test_home_of_an_examiner_says_when_assignments_appear(cast, sign_in, both_sides):
    both_sides(1)
    page = page_of(sign_in(cast.penguji_a))
    assert "Anda belum ditetapkan untuk seminar mana pun" in page
    assert "/bantuan/#penguji" in page
    assert "Yang harus Anda kerjakan" not in page
    assert "Warga" not in page


def test_home_of_a_leader_shows_the_nation_and_no_duties(cast, sign_in, both_sides):
    both_sides(1)
    page = page_of(sign_in(cast.pimpinan))
    assert "10 CPNS kritis, 10 di antaranya belum dapat kursi." in page
    assert "/dasbor/?ukuran=kritis#peta" in page
    assert "/dasbor/53/" in page
    assert "/dasbor/51/" in page
    assert "Yang harus Anda kerjakan" not in page


def test_home_of_a_participant_shows_journey_mentor_and_schedule(cast, sign_in):
    batch = running(cast.institute_a)
    someone = seat(person(cast.kupang, Stage.TRAINING, batch=batch, full_name="Warga Latsar"), batch, 1)
    other = seat(person(cast.kupang, Stage.TRAINING, batch=batch, full_name=FOREIGN), batch, 2)
    mentor = factories.MentorFactory(user=cast.mentor_a, satker=cast.ende)
    for number, one in enumerate((someone, other), 1):
        mentored(one, mentor, number, cast.pksdm)
    GroupCoach.objects.create(batch=batch, group=1, coach=cast.coach_a)
    user = participant_user(someone)
    page = page_of(sign_in(user))
    assert 'aria-current="step"><b>MOOC</b>' in page
    assert "MOOC sampai" in page
    assert "Berikutnya Seminar rancangan" in page
    assert duties(page) == [("18 hari lagi", "Ajukan rancangan aktualisasi ke mentor", "/aktualisasi/")]
    assert cast.mentor_a.full_name in page
    assert f"mailto:{cast.coach_a.email}" in page
    assert "Jadwal angkatan Anda" in page
    assert "Batas percobaan" in page
    assert FOREIGN not in page


@pytest.mark.parametrize(
    ("stage", "sentence"),
    [
        (Stage.REGISTERED, "Satker Anda melengkapi data"),
        (Stage.RETURNED, "Satker Anda sedang memperbaiki data"),
        (Stage.SUBMITTED, "KPU provinsi sedang memeriksa data Anda."),
        (Stage.VERIFIED, "PKSDM memeriksa data Anda berikutnya."),
        (Stage.APPROVED, "PKSDM mencarikan kursi."),
    ],
)
def test_home_of_a_participant_before_the_seat_says_who_has_the_file(cast, sign_in, stage, sentence):
    user = participant_user(person(cast.kupang, stage))
    page = page_of(sign_in(user))
    assert sentence in page
    assert "Masa percobaan Anda" in page
    assert duties(page) == []


def test_home_of_a_participant_whose_rancangan_is_with_the_mentor_shows_the_answer_day(cast, sign_in):
    batch = running(cast.institute_a)
    someone = seat(person(cast.kupang, Stage.TRAINING, batch=batch), batch, 1)
    submitted(someone, cast.pksdm)
    page = page_of(sign_in(participant_user(someone)))
    assert "Menunggu mentor" in page
    assert re.search(r"Mentor menjawab paling lambat \d+ \w+ \d{4} \(", page)
    assert duties(page) == []


def test_home_of_a_graduate_says_so(cast, sign_in):
    batch = running(cast.institute_a)
    someone = person(cast.kupang, Stage.GRADUATED, batch=batch, graduated_on=in_days(-2), qualification="Memuaskan")
    page = page_of(sign_in(participant_user(someone)))
    assert "Anda lulus Latsar" in page
    assert "tahap 6 dari 6" in page
    assert "Batas percobaan" not in page


def test_home_of_a_participant_account_without_a_person_stays_calm(cast, sign_in):
    user = factories.UserFactory()
    factories.RoleGrantFactory(user=user, role=Role.PESERTA)
    assert "Tidak ada yang menunggu Anda." in page_of(sign_in(user))


def count_queries(client) -> int:
    client.get("/")
    with CaptureQueriesContext(connection) as seen:
        assert client.get("/").status_code == 200
    return len(seen)


@pytest.mark.parametrize("who", ROLES)
def test_home_asks_the_same_few_queries_at_one_and_three(cast, sign_in, both_sides, who):
    both_sides(1)
    client = sign_in(getattr(cast, who))
    few = count_queries(client)
    _three_of_everything(cast)
    assert count_queries(client) == few <= QUERY_LIMIT


def _three_of_everything(cast) -> None:
    """Two more of each kind beside the first one, on the side that is looked at."""
    batch, over = cast.institute_a.batches.get(number=301), cast.institute_a.batches.get(number=311)
    mentor = cast.mentor_a.mentor
    GroupCoach.objects.bulk_create([GroupCoach(batch=batch, group=number, coach=cast.coach_a) for number in (2, 3)])
    for number in (2, 3):
        for stage in (Stage.REGISTERED, Stage.RETURNED, Stage.SUBMITTED, Stage.VERIFIED, Stage.APPROVED):
            person(cast.kupang, stage, left=10)
        trainee = seat(person(cast.kupang, Stage.TRAINING, batch=batch), batch, number, group=number)
        mentored(trainee, mentor, number, cast.pksdm)
        submitted(trainee, cast.pksdm)
        seat(person(cast.kupang, Stage.TRAINING, batch=over), over, number)
        more = running(cast.institute_a, number=400 + number)
        seat(person(cast.kupang, Stage.TRAINING, batch=more), more, 1)
        factories.BatchFactory(institute=cast.institute_a, stage=BatchStage.DRAFT, number=420 + number)
        Job.objects.create(task="x.y", title="Terbit", requested_by=cast.pksdm, state=JobState.FAILED, finished_at=timezone.now())


@pytest.mark.parametrize("stage", PaperStage)
def test_home_of_a_participant_asks_few_queries(cast, sign_in, stage):
    batch = running(cast.institute_a)
    someone = seat(person(cast.kupang, Stage.TRAINING, batch=batch), batch, 1)
    mentored(someone, factories.MentorFactory(user=cast.mentor_a, satker=cast.ende), 1, cast.pksdm)
    GroupCoach.objects.create(batch=batch, group=1, coach=cast.coach_a)
    Paper.objects.filter(pk=submitted(someone, cast.pksdm).pk).update(stage=stage)
    assert count_queries(sign_in(participant_user(someone))) <= QUERY_LIMIT


@pytest.mark.parametrize(
    ("due", "ending"),
    [
        (3, "Ada 1 hal yang menunggu Anda, yang pertama jatuh tempo 3 hari lagi."),
        (-2, "Ada 1 hal yang menunggu Anda, yang pertama sudah lewat 2 hari."),
        (None, "Ada 1 hal yang menunggu Anda."),
    ],
)
def test_lead_says_how_much_waits_and_since_or_until_when(due, ending):
    item = Todo("Judul", "", "/", "Buka", in_days(due) if due is not None else None)
    assert home.lead([item], timezone.localdate()).endswith(f"). {ending}")


def test_home_of_a_satker_tells_apart_who_can_be_submitted_and_whose_documents_lack(cast, sign_in):
    factories.RequirementFactory(code="sk-cpns", name="SK CPNS", is_required=True, blocks_submission=True)
    ready, _lacking, _other = (person(cast.kupang) for _ in range(3))
    factories.DocumentFactory(participant=ready)
    page = sign_in(cast.admin_kupang).get("/").content.decode()
    assert "Ajukan 1 CPNS untuk diverifikasi" in page
    assert "Lengkapi berkas 2 CPNS, lalu ajukan" in page
    assert "misalnya: SK CPNS" in page


def test_person_page_names_what_holds_a_submission_back_and_offers_no_button(cast, sign_in):
    factories.RequirementFactory(code="sk-cpns", name="SK CPNS", is_required=True, blocks_submission=True)
    one, client = person(cast.kupang), sign_in(cast.admin_kupang)
    page = client.get(one.get_absolute_url()).content.decode()
    assert "Untuk diajukan masih kurang: <b>SK CPNS</b>" in page
    assert '<button class="btn" disabled>Ajukan untuk verifikasi</button>' in page
    factories.DocumentFactory(participant=one)
    assert "masih kurang" not in client.get(one.get_absolute_url()).content.decode()


def test_home_of_a_participant_asks_for_documents_that_are_lacking(cast, sign_in):
    factories.RequirementFactory(code="sehat", name="Surat keterangan sehat", is_required=True)
    one = person(cast.kupang, Stage.PLACED, batch=factories.BatchFactory(institute=cast.institute_a))
    client = sign_in(participant_user(one))
    page = client.get("/").content.decode()
    assert "Lengkapi 1 dokumen Anda" in page
    assert "Yang kurang: Surat keterangan sehat." in page
    assert client.get("/saya/").url == one.get_absolute_url()
