from datetime import date, timedelta

import pytest
from django.utils import timezone

from latsar.accounts.errors import NotAllowed, Refused, StaleVersion
from latsar.accounts.models import AuditEntry
from latsar.notices.models import Notice
from latsar.training import reference, services
from latsar.training.enums import BatchStage, StageScope
from latsar.training.layout import PhasePlan
from latsar.training.models import Batch, Curriculum, ElectionStage, Institute, RegulationScheme, WaveShift
from latsar.training.services.waves import plan_shift
from participants.enums import Stage
from participants.services import schedule
from participants.services.placement import place_many
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def facts(cast):
    reference.load(year=2026)
    return {
        "institute": Institute.objects.get(code="bpsdm-ntt"),
        "scheme": RegulationScheme.objects.get(code="perlan-1-2021"),
        "curriculum": Curriculum.objects.get(code="berakhlak"),
        "method": "blended",
        "golongan": "III",
        "capacity": 40,
        "starts_on": date(2026, 1, 26),
        "by": cast.pksdm,
    }


def days_of(batch):
    return list(batch.phases.order_by("order").values_list("name", "starts_on", "ends_on"))


def test_create_batches_three_equal_ones_have_consecutive_numbers(facts, sign_in, cast):
    made = services.create_batches(count=3, wave_number=1, **facts)
    assert [batch.label for batch in made] == ["Angkatan I", "Angkatan II", "Angkatan III"]
    with pytest.raises(Refused):
        services.create_batches(count=2, number=3, **facts)
    assert Batch.objects.count() == 3  # number 3 is taken: the fourth is not left behind
    client = sign_in(cast.pksdm)
    found = lambda text: [row.batch.label for row in client.get("/angkatan/", {"q": text}).context["rows"]]  # noqa: E731
    assert (found("I"), found("Angkatan III"), found("2")) == (["Angkatan I"], ["Angkatan III"], ["Angkatan II"])
    rows = client.get("/angkatan/", {"urut": "nomor", "gelombang": made[0].wave_id}).context["rows"]
    assert [row.batch.number for row in rows] == [1, 2, 3]
    assert client.get("/angkatan/unduh/", {"q": "II"}).content[:2] == b"PK"


def test_batch_add_begins_with_the_last_batch_of_the_institute(facts, sign_in, cast):
    services.create_batch(**facts, place="Kupang")
    page = sign_in(cast.pksdm).get(
        "/angkatan/buat/", {"lembaga": facts["institute"].pk, "mulai": "2026-05-04", "kursi": "36", "gelombang": "2"}
    )
    form = page.context["form"]
    values = {name: form[name].value() for name in ("method", "place", "capacity", "starts_on", "wave_number")}
    assert values == {"method": "blended", "place": "Kupang", "capacity": 36, "starts_on": date(2026, 5, 4), "wave_number": 2}
    assert sign_in(cast.pksdm).get("/angkatan/buat/", {"lembaga": "x", "mulai": "besok"}).context["form"].initial == {}


def test_shift_wave_moves_what_has_not_begun_tells_people_and_comes_back_exactly(facts, cast, sign_in):
    first, second, running = services.create_batches(count=3, wave_number=1, **facts)
    Batch.objects.filter(pk=running.pk).update(stage=BatchStage.RUNNING)
    services.open_batch(batch_id=second.pk, by=cast.pksdm)
    user = factories.UserFactory()
    person = factories.ParticipantFactory(satker=cast.kupang, stage=Stage.APPROVED, user=user)
    place_many(batch_id=second.pk, participant_ids=[person.pk], by=cast.pksdm)
    before = {batch.pk: days_of(batch) for batch in (first, second, running)}
    url = f"/gelombang/{first.wave_id}/geser/"
    client = sign_in(cast.pksdm)
    shown = client.post(url, {"days": "5", "aksi": "lihat"}).context["rows"]
    assert [bool(plan.reason) for plan, _old, _new in shown] == [False, False, True]
    assert days_of(first) == before[first.pk]
    assert client.post(url, {"days": "5", "aksi": "geser"}).status_code == 302
    assert days_of(first)[0][1] == date(2026, 2, 2)
    assert days_of(running) == before[running.pk]
    told = Notice.objects.filter(user=user, key__startswith="schedule-")
    assert told.count() == 1
    assert "6 fase lain ikut bergeser" in told.get().text
    assert AuditEntry.objects.filter(verb="reschedule", object_id=str(person.pk)).count() == 1
    shift = WaveShift.objects.get()
    assert client.post(f"/gelombang/geseran/{shift.pk}/urungkan/").status_code == 302
    assert {batch.pk: days_of(batch) for batch in (first, second, running)} == before
    assert WaveShift.objects.get().undone_by == cast.pksdm
    with pytest.raises(Refused):
        schedule.undo_shift(shift_id=shift.pk, by=cast.pksdm)
    with pytest.raises(NotAllowed):
        schedule.shift_wave(wave_id=first.wave_id, days=1, by=cast.provinsi_a)


def test_undo_shift_refuses_when_a_batch_changed_since(facts, cast):
    batch = services.create_batch(**facts, wave_number=1)
    shift, _moved = schedule.shift_wave(wave_id=batch.wave_id, days=-2, by=cast.pksdm)
    batch.refresh_from_db()
    assert batch.starts_on == date(2026, 1, 22)
    services.update_batch(batch_id=batch.pk, version=batch.version, changes={"place": "Ende"}, by=cast.pksdm)
    with pytest.raises(Refused):
        schedule.undo_shift(shift_id=shift.pk, by=cast.pksdm)
    assert all(not plan.reason for plan in plan_shift(wave=batch.wave, days=1, by=cast.pksdm))
    assert plan_shift(wave=batch.wave, days=-60, by=cast.pksdm)[0].reason.startswith("Akan mulai tahun 2025")


def test_copy_wave_takes_the_rules_in_force_and_leaves_out_what_it_cannot(facts, cast, sign_in):
    blended = services.create_batch(**facts, wave_number=1)
    services.create_batch(**{**facts, "method": "klasikal", "approval_basis": "S-1/2026"}, wave_number=1)
    client, url = sign_in(cast.pksdm), f"/gelombang/{blended.wave_id}/salin/"
    typed = {"number": "1", "starts_on": "2027-02-01"}
    plans = [plan for plan, _days in client.post(url, {**typed, "aksi": "lihat"}).context["planned"]]
    assert [bool(plan.reason) for plan in plans] == [False, True]
    assert client.post(url, {**typed, "aksi": "salin"}).status_code == 302
    copy = Batch.objects.get(year=2027)
    assert (copy.starts_on, copy.number, copy.wave.year, copy.stage, copy.capacity) == (date(2027, 2, 1), 1, 2027, BatchStage.DRAFT, 40)


def test_wave_pages_cost_the_same_queries_with_more_batches(facts, cast, sign_in, django_assert_max_num_queries):
    services.create_batches(count=5, wave_number=1, **facts)
    client = sign_in(cast.pksdm)
    with django_assert_max_num_queries(12):
        page = client.get("/gelombang/", {"tahun": "2026"})
    assert [(row.batches, row.seats, row.taken, row.late) for row in page.context["rows"]] == [(5, 200, 0, 0)]
    with django_assert_max_num_queries(14):
        assert len(client.get(page.context["rows"][0].wave.get_absolute_url()).context["rows"]) == 5


def test_phases_come_go_and_change_names_until_the_start(facts, cast, sign_in):
    batch = services.create_batch(**facts)
    client, url = sign_in(cast.pksdm), f"/angkatan/{batch.pk}/fase/"
    new = {
        "version": batch.version,
        "aksi": "tambah",
        "name": "Pembekalan",
        "kind": "mooc",
        "after": "0",
        "length": "2",
        "day_count": "kerja",
    }
    assert client.post(url, new).status_code == 302
    rows = list(batch.phases.order_by("order"))
    assert [(row.name, row.starts_on, row.is_mandatory) for row in rows[:2]] == [
        ("Pembekalan", date(2026, 1, 26), False),
        ("MOOC mandiri", date(2026, 1, 28), True),
    ]
    assert client.post(url, new).status_code == 409
    batch.refresh_from_db()
    names = {f"name_{row.pk}": row.name for row in rows} | {f"name_{rows[0].pk}": "Pembukaan"}
    assert client.post(url, {**names, "version": batch.version, "aksi": "simpan"}).status_code == 302
    batch.refresh_from_db()
    with pytest.raises(Refused):
        services.remove_phase(batch_id=batch.pk, version=batch.version, phase_id=rows[1].pk, by=cast.pksdm)
    removed = {"version": batch.version, "aksi": "hapus", "fase": rows[0].pk}
    assert client.post(url, removed).status_code == 302
    assert batch.phases.count() == 7
    batch.refresh_from_db()
    assert batch.starts_on == date(2026, 1, 28)
    assert list(AuditEntry.objects.filter(model="training.batch").order_by("pk").values_list("verb", flat=True)) == [
        "create_batch",
        "add_phase",
        "rename_phase",
        "remove_phase",
    ]
    Batch.objects.filter(pk=batch.pk).update(stage=BatchStage.RUNNING)
    with pytest.raises(NotAllowed):
        services.add_phase(batch_id=batch.pk, version=batch.version, after=0, plan=PhasePlan("mooc", "x", 1), by=cast.pksdm)


def test_opening_findings_stop_on_what_would_be_frozen_wrong(facts, cast, sign_in):
    batch = services.create_batch(**facts)
    levels = lambda: {finding.level for finding in services.opening_findings(Batch.objects.get(pk=batch.pk))}  # noqa: E731
    assert levels() == {"ok", "warn"}
    Institute.objects.filter(code="bpsdm-ntt").update(accredited_until=date(2026, 1, 1))
    assert "bad" in levels()
    with pytest.raises(Refused):
        services.open_batch(batch_id=batch.pk, by=cast.pksdm)
    page = sign_in(cast.pksdm).get(batch.get_absolute_url())
    assert page.context["is_stopped"]
    assert "Belum bisa dibuka" in page.content.decode()
    Institute.objects.filter(code="bpsdm-ntt").update(accredited_until=date(2030, 1, 1))
    assert services.open_batch(batch_id=batch.pk, by=cast.pksdm).stage == BatchStage.OPEN


def test_stages_are_kept_by_who_they_bind(cast, sign_in):
    today = timezone.localdate()
    days = {"starts_on": today, "ends_on": today + timedelta(days=3), "is_blocking": True}
    nation = services.save_stage(name="Kampanye", scope=StageScope.NATION, satker=cast.kupang, by=cast.pksdm, **days)
    assert nation.satker is None
    own = services.save_stage(name="Rekapitulasi", scope=StageScope.SATKER, satker=cast.kupang, by=cast.admin_kupang, **days)
    services.save_stage(name="Logistik", scope=StageScope.PROVINCE, satker=cast.province_a, by=cast.provinsi_a, **days)
    for user, scope, unit in (
        (cast.admin_kupang, StageScope.NATION, None),
        (cast.admin_kupang, StageScope.SATKER, cast.ende),
        (cast.provinsi_a, StageScope.PROVINCE, cast.province_b),
        (cast.lembaga_a, StageScope.SATKER, cast.kupang),
    ):
        with pytest.raises(NotAllowed):
            services.save_stage(name="x", scope=scope, satker=unit, by=user, **days)
    with pytest.raises(Refused):
        services.save_stage(name="x", scope=StageScope.PROVINCE, satker=cast.kupang, by=cast.pksdm, **days)
    seen = lambda user: set(ElectionStage.objects.visible_to(user).values_list("name", flat=True))  # noqa: E731
    assert seen(cast.admin_kupang) == {"Kampanye", "Rekapitulasi", "Logistik"}
    assert seen(cast.admin_ende) == {"Kampanye", "Logistik"}
    assert seen(cast.provinsi_b) == {"Kampanye"}
    kupang = {"satker_id": cast.kupang.pk, "province_id": cast.province_a.pk}
    assert [stage.binds(**kupang) for stage in ElectionStage.objects.order_by("pk")] == [True, True, True]
    assert not own.binds(satker_id=cast.ende.pk, province_id=cast.province_a.pk)
    with pytest.raises(StaleVersion):
        services.save_stage(name="Lain", scope=own.scope, satker=cast.kupang, by=cast.admin_kupang, stage_id=own.pk, version=0, **days)
    client = sign_in(cast.admin_kupang)
    assert client.post(f"/tahapan/{own.pk}/tarik/").status_code == 302
    assert [row.stage.name for row in client.get("/tahapan/").context["rows"]] == ["Kampanye", "Logistik"]
    assert [row.stage for row in client.get("/tahapan/", {"tampil": "ditarik"}).context["rows"]] == [own]
    client.post(f"/tahapan/{own.pk}/tarik/", {"kembalikan": "1"})
    own.refresh_from_db()
    typed = {"name": "Rekapitulasi kota", "scope": "satker", "satker": cast.kupang.pk, "starts_on": "2026-01-01", "ends_on": "2025-12-01"}
    refused = client.post(f"/tahapan/{own.pk}/", {**typed, "version": own.version})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["ends_on"])
    assert client.get("/tahapan/unduh/").content[:2] == b"PK"
