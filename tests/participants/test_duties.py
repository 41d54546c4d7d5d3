from datetime import timedelta

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from aktualisasi.demo.sample_pdf import sample_rancangan
from latsar.accounts.enums import Role
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import AuditEntry
from latsar.jobs.models import Job, JobState
from latsar.jobs.run import run_job
from latsar.notices.enums import Audience
from latsar.notices.models import Notice
from latsar.notices.reminders import Asked, reminders
from latsar.training.enums import BatchStage, PhaseKind, StageScope
from latsar.training.models import BatchPhase, ElectionStage, Holiday
from participants.clashes import find_clashes
from participants.enums import Stage
from participants.models import Duty, DutyLetter, OrientationMember, OrientationProgramme
from participants.services import duties, duty_letters
from participants.services.duty_letters import LetterFacts
from participants.services.placement import place_many
from tests import factories

pytestmark = pytest.mark.django_db

FACTS = {"city": "Kupang", "basis": "PerLAN 1/2021\nSurat pemanggilan 12/2026", "signer_name": "Drs. Contoh", "signer_title": "Sekretaris"}


@pytest.fixture
def batch(cast):
    """An angkatan of institute A that starts in five days with a klasikal in its midst, and its people."""
    batch = factories.BatchFactory(
        institute=cast.institute_a, starts_on=timezone.localdate() + timedelta(days=5), capacity=6, place="Kupang"
    )
    BatchPhase.objects.filter(batch=batch, order=1).update(kind=PhaseKind.CLASSICAL, name="Klasikal")
    return batch


@pytest.fixture
def people(cast, batch):
    made = [factories.ParticipantFactory(satker=satker, stage=Stage.APPROVED) for satker in (cast.kupang, cast.kupang, cast.ende)]
    made[0].user = factories.UserFactory(full_name=made[0].full_name)
    made[0].save()
    factories.RoleGrantFactory(user=made[0].user, role=Role.PESERTA)
    place_many(batch_id=batch.pk, participant_ids=[person.pk for person in made], by=cast.pksdm)
    for person in made:
        person.refresh_from_db()
    return made


def klasikal(batch):
    return batch.phases.get(kind=PhaseKind.CLASSICAL)


def facts():
    return LetterFacts(letter_date=timezone.localdate(), **FACTS)


def issue(people, by, *, pattern="{n:03d}/ST/53.71/{year}", first=1):
    return duty_letters.issue_letters(participant_ids=[p.pk for p in people], pattern=pattern, first=first, facts=facts(), by=by)


def test_letters_are_numbered_by_the_unit_and_nobody_gets_two(cast, people):
    year = timezone.localdate().year
    letters = issue(people, cast.admin_kupang)  # the person of Ende is not theirs and is left out
    assert [(letter.number, letter.satker) for letter in letters] == [
        (f"001/ST/53.71/{year}", cast.kupang),
        (f"002/ST/53.71/{year}", cast.kupang),
    ]
    assert [phase["released"] for phase in letters[0].phases] == [True, True, True]
    assert Notice.objects.filter(user=people[0].user, text__contains="Surat tugas Latsar Anda terbit").count() == 1
    with pytest.raises(Refused):
        issue(people[:1], cast.admin_kupang, first=9)
    with pytest.raises(Refused):  # the province's numbers are its own, this one it has used
        issue(people[2:], cast.provinsi_a, pattern="tetap") and issue(people[2:], cast.provinsi_a, pattern="tetap")
    with pytest.raises(Refused):
        issue(people[2:], cast.lembaga_a)
    assert AuditEntry.objects.filter(verb="issue_duty_letter").count() == 2


def test_letter_number_that_is_taken_is_refused_for_all(cast, people):
    issue(people[:1], cast.admin_kupang)
    with pytest.raises(Refused):
        issue(people, cast.admin_kupang)
    assert DutyLetter.objects.count() == 1


def test_void_and_replace_keep_the_story(cast, people, batch):
    (letter,) = issue(people[:1], cast.admin_kupang)
    with pytest.raises(NotAllowed):
        duty_letters.void_letter(letter_id=letter.pk, reason="x", by=cast.lembaga_a)
    with pytest.raises(Refused):
        duty_letters.void_letter(letter_id=letter.pk, reason=" ", by=cast.admin_kupang)
    new = duty_letters.replace_letter(letter_id=letter.pk, number="7/ST", reason="Jadwal berubah", facts=facts(), by=cast.admin_kupang)
    letter.refresh_from_db()
    assert (letter.voided_by, letter.replaced_by, letter.void_reason) == (cast.admin_kupang, new, "Jadwal berubah")
    assert DutyLetter.objects.in_force().get(participant=people[0]) == new


def test_letters_of_several_people_are_printed_into_one_file(cast, people):
    letters = issue(people, cast.pksdm)
    job = duty_letters.request_prints(letter_ids=[letter.pk for letter in letters], by=cast.admin_kupang)
    DutyLetter.objects.filter(pk=letters[1].pk).update(voided_at=timezone.now(), voided_by=cast.pksdm, void_reason="x")
    run_job(job.pk, duty_letters.print_letters)
    job = Job.objects.get(pk=job.pk)
    assert (job.state, [item.state for item in job.items.order_by("position")]) == (JobState.DONE, ["skipped", "done"])
    with job.result_file.open("rb") as stored, pikepdf.open(stored) as pdf:
        assert len(pdf.pages) >= 1
    with pytest.raises(Refused):
        duty_letters.request_prints(letter_ids=[letter.pk for letter in letters], by=cast.lembaga_a)


def test_letter_pages_from_the_list_to_the_signed_paper(cast, people, sign_in, django_assert_max_num_queries):
    client = sign_in(cast.admin_kupang)
    with django_assert_max_num_queries(16):
        page = client.get("/surat-tugas/", {"keadaan": "mendesak"})
    assert [row.person for row in page.context["rows"]] == sorted(people[:2], key=lambda person: person.full_name)
    assert all(row.is_urgent for row in page.context["rows"])
    ids = {"orang": [person.pk for person in people]}
    assert "Kupang" not in client.post("/surat-tugas/buat/", ids).context["form"].initial.get("city", "")
    typed = {**ids, **FACTS, "letter_date": timezone.localdate().isoformat(), "pattern": "{n}/ST/{year}", "first": "4"}
    shown = client.post("/surat-tugas/buat/", {**typed, "aksi": "periksa"})
    assert [plan.number.split("/")[0] for plan in shown.context["planned"]] == ["4", "5"]
    wrong = client.post("/surat-tugas/buat/", {**typed, "pattern": "{x}", "aksi": "periksa"})
    assert (wrong.status_code, "pattern" in wrong.context["form"].errors) == (422, True)
    draft = client.post("/surat-tugas/buat/", {**typed, "aksi": "konsep"})
    assert draft.content[:5] == b"%PDF-"
    assert DutyLetter.objects.count() == 0
    assert client.post("/surat-tugas/buat/", {**typed, "aksi": "simpan"}).status_code == 302
    letter = DutyLetter.objects.get(participant=people[0])
    assert client.get(f"/surat-tugas/{letter.pk}/unduh/").content[:5] == b"%PDF-"
    scan = SimpleUploadedFile("surat.pdf", sample_rancangan(), "application/pdf")
    assert client.post(letter.get_absolute_url(), {"scan": scan}).status_code == 302
    assert client.post(letter.get_absolute_url(), {"scan": SimpleUploadedFile("x.pdf", b"bukan pdf")}).status_code == 422
    own = sign_in(people[0].user)
    assert own.get(letter.get_absolute_url()).status_code == 200
    assert b"".join(own.get(f"/surat-tugas/{letter.pk}/pindaian/"))[:5] == b"%PDF-"
    assert own.get(f"/peserta/{people[0].pk}/").content.decode().count(letter.number) >= 1
    institute = sign_in(cast.lembaga_a)
    assert institute.get(letter.get_absolute_url()).status_code == 404
    roster = institute.get(people[0].batch.get_absolute_url()).content.decode()
    assert letter.number in roster
    assert f'href="{letter.get_absolute_url()}"' not in roster
    assert client.post(f"/surat-tugas/{letter.pk}/batal/", {"reason": "Salah nama"}).status_code == 302
    assert client.post(f"/surat-tugas/{letter.pk}/batal/", {"reason": "Salah nama"}).status_code == 404


def test_duty_in_a_released_phase_is_told_once_and_stands_on_the_home_page(cast, people, batch, sign_in):
    day = klasikal(batch).starts_on
    own = sign_in(people[0].user)
    typed = {"what": "Rekapitulasi", "starts_on": day.isoformat(), "ends_on": day.isoformat()}
    assert own.post(f"/peserta/{people[0].pk}/tugas/", typed).status_code == 302
    duty = Duty.objects.get()
    assert (duty.source, duty.reported_by) == ("peserta", people[0].user)
    told = Notice.objects.filter(key__startswith=f"duty-{duty.pk}-").values_list("user", flat=True)
    assert set(told) == {cast.admin_kupang.pk, cast.provinsi_a.pk}
    duties.report_duty(
        participant_id=people[0].pk,
        what="Di luar",
        starts_on=batch.ends_on + timedelta(days=9),
        ends_on=batch.ends_on + timedelta(days=9),
        by=cast.lembaga_a,
    )
    client = sign_in(cast.admin_kupang)
    home = client.get("/").content.decode()
    assert "1 tugas kedinasan menimpa bebas tugas" in home
    assert "Buat surat tugas untuk 2 peserta" in home
    assert [row.what for row, _days in client.get("/tugas-kedinasan/").context["rows"]] == ["Rekapitulasi"]
    assert "Bertepatan dengan Klasikal" in client.get(f"/peserta/{people[0].pk}/").content.decode()
    with pytest.raises(NotAllowed):
        duties.withdraw_duty(duty_id=duty.pk, note="", by=cast.lembaga_a)
    assert client.post(f"/tugas-kedinasan/{duty.pk}/tarik/", {"note": "Diganti rekan"}).status_code == 302
    assert "menimpa bebas tugas" not in client.get("/").content.decode()
    wrong = client.post(f"/peserta/{people[0].pk}/tugas/", {**typed, "ends_on": "2020-01-01"})
    assert list(wrong.context["form"].errors) == ["ends_on"]


def test_clashes_name_people_days_and_the_way_out(cast, people, batch, sign_in):
    phase = klasikal(batch)
    span = {"starts_on": phase.starts_on, "ends_on": phase.ends_on}
    ElectionStage.objects.create(
        name="Rekapitulasi", scope=StageScope.SATKER, satker=cast.kupang, province=cast.province_a, is_blocking=True, **span
    )
    ElectionStage.objects.create(name="Logistik", scope=StageScope.PROVINCE, satker=cast.province_b, province=cast.province_b, **span)
    weekday = next(day for n in range(6) if (day := phase.starts_on + timedelta(days=n)).weekday() < 5)
    Holiday.objects.create(date=weekday, name="Libur")
    programme = OrientationProgramme.objects.create(title="Orientasi NTT", province=cast.province_a, created_by=cast.pksdm, **span)
    OrientationMember.objects.create(programme=programme, participant=people[2], added_by=cast.pksdm)
    Duty.objects.create(participant=people[1], what="Piket", source="satker", reported_by=cast.pksdm, **span)
    other = factories.BatchFactory(institute=cast.institute_a, starts_on=batch.starts_on, place="KUPANG ")
    BatchPhase.objects.filter(batch=other, order=1).update(kind=PhaseKind.CLASSICAL)
    found = [(finding.level, finding.text) for finding in find_clashes(cast.pksdm, batch)]
    assert [level for level, _text in found] == ["bad", "bad", "warn", "warn", "warn"]
    text = " ".join(said for _level, said in found)
    for part in ("Orientasi NTT", "terikat Rekapitulasi", "dipanggil bertugas (Piket)", "melewati hari libur", "memakai Kupang"):
        assert part in text
    assert "Logistik" not in text
    assert "Orientasi NTT" not in " ".join(finding.text for finding in find_clashes(cast.admin_kupang, batch))
    for who in (cast.pksdm, cast.lembaga_a, cast.pimpinan):
        client = sign_in(who)
        assert [f.url for f in find_clashes(who, batch) if f.url and client.get(f.url).status_code != 200] == []
    page = sign_in(cast.pksdm).get(f"/angkatan/{batch.pk}/jadwal/")
    assert len(page.context["clashes"]) == 5
    assert 'id="bentrok"' in sign_in(cast.pksdm).get(batch.get_absolute_url()).content.decode()
    batch.stage = BatchStage.CLOSED
    assert find_clashes(cast.pksdm, batch) == []


def test_schedule_that_newly_collides_is_shown_once_before_it_is_saved(cast, people, batch, sign_in):
    phase = klasikal(batch)
    day = phase.ends_on + timedelta(days=2)
    ElectionStage.objects.create(name="Pleno", scope=StageScope.NATION, is_blocking=True, starts_on=day, ends_on=day)
    client, url = sign_in(cast.pksdm), f"/angkatan/{batch.pk}/jadwal/"
    batch.refresh_from_db()
    typed = {"version": batch.version}
    for number, row in enumerate(batch.phases.order_by("order")):
        typed |= {f"starts_{number}": row.starts_on.isoformat(), f"ends_{number}": row.ends_on.isoformat()}
    typed["ends_0"] = day.isoformat()
    shown = client.post(url, typed)
    assert len(shown.context["fresh"]) == 1
    assert klasikal(batch).ends_on == phase.ends_on
    assert client.post(url, {**typed, "tetap": "1"}).status_code == 302
    assert klasikal(batch).ends_on == day
    assert Notice.objects.filter(user=people[0].user, key__startswith="schedule-").count() == 1
    assert "Jadwal angkatan berubah" in client.get(f"/peserta/{people[0].pk}/").content.decode()


def test_letters_for_everybody_in_a_batch_who_has_none(cast, people, batch, sign_in):
    issue(people[:1], cast.admin_kupang)
    client = sign_in(cast.pksdm)
    assert client.get("/surat-tugas/", {"angkatan": batch.pk}).context["lacking"] == 2
    assert {person.pk for person in client.get("/surat-tugas/buat/", {"angkatan": batch.pk}).context["people"]} == {
        p.pk for p in people[1:]
    }
    assert [row.person.pk for row in client.get("/surat-tugas/", {"keadaan": "ada"}).context["rows"]] == [people[0].pk]
    assert client.get("/surat-tugas/", {"q": people[2].full_name, "angkatan": "x"}).context["rows"] == []
    assert sign_in(cast.admin_ende).get("/surat-tugas/buat/", {"angkatan": batch.pk}).context["people"] == [people[2]]


def test_units_are_reminded_of_missing_letters_and_of_blocking_tahapan(cast, people, batch):
    today, phase = timezone.localdate(), klasikal(batch)
    ask = lambda name, audience, day: [one.say() for one in reminders(name, Asked(audience, day, today))]  # noqa: E731
    assert ask("duty_letter", Audience.SATKER, batch.starts_on)[0].startswith("2 peserta mulai Latsar")
    issue(people, cast.pksdm)
    assert ask("duty_letter", Audience.SATKER, batch.starts_on) == []
    span = {"starts_on": phase.starts_on, "ends_on": phase.ends_on}
    ElectionStage.objects.create(
        name="Pleno", scope=StageScope.SATKER, satker=cast.ende, province=cast.province_a, is_blocking=True, **span
    )
    assert len(ask("stage_clash", Audience.SATKER, phase.starts_on)) == 1
    assert ask("stage_clash", Audience.PROVINCE, phase.starts_on)[0].startswith("Tahapan mulai")
    assert ask("stage_clash", Audience.SATKER, phase.starts_on + timedelta(days=1)) == []
