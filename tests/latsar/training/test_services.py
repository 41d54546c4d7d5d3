from datetime import date, timedelta

import pytest

from latsar.accounts.errors import IllegalMove, NotAllowed, Refused, StaleVersion
from latsar.accounts.models import AuditEntry
from latsar.training import reference, services
from latsar.training.enums import BatchStage
from latsar.training.models import Batch, Curriculum, Institute, RegulationScheme, Seat
from latsar.training.policies import is_actor
from latsar.training.workflow import MOVES

pytestmark = pytest.mark.django_db

BLENDED_2026 = {"method": "blended", "golongan": "III", "capacity": 40, "starts_on": date(2026, 1, 26)}


@pytest.fixture
def plan(cast):
    """Return `plan(**changes)`, the arguments of create_batch for a blended angkatan at BPSDM NTT."""
    reference.load(year=2026)

    def make(**changes):
        facts = {
            "institute": Institute.objects.get(code="bpsdm-ntt"),
            "scheme": RegulationScheme.objects.get(code="perlan-1-2021"),
            "curriculum": Curriculum.objects.get(code="berakhlak"),
            "by": cast.pksdm,
            **BLENDED_2026,
        }
        return {**facts, **changes}

    return make


def test_create_batch_blended_has_seats_phases_number_and_audit(plan, cast):
    batch = services.create_batch(**plan())
    assert (batch.number, batch.year, batch.label, batch.stage) == (1, 2026, "Angkatan I", BatchStage.DRAFT)
    assert Seat.objects.filter(batch=batch).count() == 40
    assert [(p.name, p.starts_on, p.ends_on) for p in batch.phases.all()] == [
        ("MOOC mandiri", date(2026, 1, 26), date(2026, 2, 11)),
        ("E-learning", date(2026, 2, 12), date(2026, 3, 1)),
        ("Seminar rancangan", date(2026, 3, 2), date(2026, 3, 3)),
        ("Habituasi di satker", date(2026, 3, 4), date(2026, 4, 2)),
        ("PKTBT oleh satker", date(2026, 3, 5), date(2026, 4, 1)),
        ("Klasikal", date(2026, 4, 6), date(2026, 4, 12)),
        ("Seminar hasil", date(2026, 4, 13), date(2026, 4, 14)),
    ]
    assert (batch.starts_on, batch.ends_on) == (date(2026, 1, 26), date(2026, 4, 14))
    assert AuditEntry.objects.filter(verb="create_batch", actor=cast.pksdm).count() == 1


def test_create_batch_without_number_takes_the_next(plan):
    services.create_batch(**plan())
    assert services.create_batch(**plan()).number == 2


def test_create_batch_2019_on_off_campus_lives_beside_a_2026_batch(plan):
    services.create_batch(**plan())
    old = services.create_batch(
        **plan(
            institute=Institute.objects.get(code="kkp-sukamandi"),
            scheme=RegulationScheme.objects.get(code="perlan-12-2018"),
            curriculum=Curriculum.objects.get(code="aneka"),
            method="klasikal_on_off",
            starts_on=date(2019, 8, 12),
            capacity=80,
        )
    )
    assert (old.phases.first().ends_on, old.year, old.seats.count()) == (date(2019, 8, 30), 2019, 80)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"method": "klasikal_on_off", "approval_basis": "B-1/2026"}, "method"),
        ({"method": "klasikal"}, "approval_basis"),
        ({"starts_on": date(2019, 8, 12)}, "scheme"),
        ({"method": "jarak_jauh", "aneka": True}, "curriculum"),
    ],
)
def test_create_batch_against_the_rules_is_refused_beside_its_field(plan, changes, field):
    if changes.pop("aneka", False):
        changes["curriculum"] = Curriculum.objects.get(code="aneka")
    with pytest.raises(Refused) as refusal:
        services.create_batch(**plan(**changes))
    assert list(refusal.value.message_dict) == [field]
    assert Batch.objects.count() == 0


def test_create_batch_number_taken_is_refused_and_leaves_nothing(plan):
    services.create_batch(**plan(number=3))
    with pytest.raises(Refused) as refusal:
        services.create_batch(**plan(number=3))
    assert refusal.value.message_dict == {"number": ["Angkatan III tahun 2026 sudah ada di BPSDM Provinsi NTT. Pilih nomor lain."]}
    assert Seat.objects.count() == 40


def test_create_batch_by_anyone_but_pksdm_is_not_allowed(plan, cast):
    for user in (cast.provinsi_a, cast.admin_kupang, cast.lembaga_a, cast.pimpinan, cast.stranger, cast.mentor_a):
        with pytest.raises(NotAllowed):
            services.create_batch(**plan(by=user))
    assert Batch.objects.count() == 0


def test_move_batch_every_stage_action_and_actor_matches_the_table(plan, cast):
    actors = {
        "pksdm": cast.pksdm,
        "provinsi": cast.provinsi_a,
        "lembaga": cast.lembaga_a,
        "pimpinan": cast.pimpinan,
        "asing": cast.stranger,
    }
    batch = services.create_batch(**plan())
    allowed = {
        (stage, action, who)
        for stage in BatchStage.values
        for action, move in MOVES.items()
        for who, user in actors.items()
        if stage in move.sources and is_actor(user, batch, move.actor)
    }
    assert allowed == {("draft", "open", "pksdm"), ("open", "start", "pksdm"), ("running", "close", "pksdm")}


def test_open_batch_draft_freezes_rules_and_writes_the_story(plan, cast):
    batch = services.create_batch(**plan())
    batch = services.open_batch(batch_id=batch.pk, by=cast.pksdm)
    assert (batch.stage, batch.opened_by) == (BatchStage.OPEN, cast.pksdm)
    assert [(row.old, row.new, row.by) for row in batch.stage_changes.all()] == [("draft", "open", cast.pksdm)]
    with pytest.raises(IllegalMove):
        services.open_batch(batch_id=batch.pk, by=cast.pksdm)
    frozen = {"curriculum": Curriculum.objects.get(code="aneka")}
    with pytest.raises(Refused):
        services.update_batch(batch_id=batch.pk, version=batch.version, changes=frozen, by=cast.pksdm)
    batch.refresh_from_db()
    assert batch.curriculum.code == "berakhlak"


def test_update_batch_capacity_adds_and_takes_away_empty_seats(plan, cast):
    batch = services.create_batch(**plan())
    batch = services.update_batch(batch_id=batch.pk, version=1, changes={"capacity": 44}, by=cast.pksdm)
    assert batch.seats.count() == 44
    services.update_batch(batch_id=batch.pk, version=2, changes={"capacity": 36}, by=cast.pksdm)
    assert list(batch.seats.order_by("number").values_list("number", flat=True)) == list(range(1, 37))


def test_update_batch_draft_method_lays_phases_out_again(plan, cast):
    batch = services.create_batch(**plan())
    services.update_batch(batch_id=batch.pk, version=1, changes={"method": "jarak_jauh"}, by=cast.pksdm)
    assert list(batch.phases.values_list("name", flat=True))[1] == "Pembelajaran jarak jauh"


def test_update_batch_stale_version_changes_nothing(plan, cast):
    batch = services.create_batch(**plan())
    services.update_batch(batch_id=batch.pk, version=1, changes={"place": "Kupang"}, by=cast.pksdm)
    with pytest.raises(StaleVersion):
        services.update_batch(batch_id=batch.pk, version=1, changes={"place": "Ende"}, by=cast.pksdm)
    batch.refresh_from_db()
    assert batch.place == "Kupang"


def test_update_batch_phases_overlap_is_refused_naming_both(plan, cast):
    batch = services.create_batch(**plan())
    dates = [(p.starts_on, p.ends_on) for p in batch.phases.all()]
    dates[1] = (date(2026, 2, 10), dates[1][1])
    with pytest.raises(Refused) as refusal:
        services.update_batch_phases(batch_id=batch.pk, version=1, dates=dates, by=cast.pksdm)
    expected = "E-learning mulai Selasa, 10 Feb, padahal MOOC mandiri baru selesai Rabu, 11 Feb. Geser salah satunya."
    assert refusal.value.messages == [expected]
    assert batch.phases.get(order=2).starts_on == date(2026, 2, 12)


def test_move_phase_by_a_week_carries_the_followers(plan, cast):
    batch = services.create_batch(**plan())
    week = timedelta(days=7)
    moved = services.move_phase(batch=batch, order=1, starts_on=date(2026, 1, 26) + week, ends_on=date(2026, 2, 11) + week)
    assert [(p.starts_on, p.ends_on) for p in moved][:3] == [
        (date(2026, 2, 2), date(2026, 2, 18)),
        (date(2026, 2, 19), date(2026, 3, 8)),
        (date(2026, 3, 9), date(2026, 3, 10)),
    ]
    batch = services.update_batch_phases(batch_id=batch.pk, version=1, dates=[(p.starts_on, p.ends_on) for p in moved], by=cast.pksdm)
    assert (batch.starts_on, batch.ends_on, batch.version) == (date(2026, 2, 2), moved[-1].ends_on, 2)


def test_update_batch_phases_organising_province_may_and_another_may_not(plan, cast):
    cast.institute_a.refresh_from_db()
    batch = services.create_batch(**plan())
    dates = [(p.starts_on, p.ends_on) for p in batch.phases.all()]
    services.update_batch_phases(batch_id=batch.pk, version=1, dates=dates, by=cast.provinsi_a)
    for user in (cast.provinsi_b, cast.admin_kupang, cast.lembaga_a, cast.pimpinan):
        with pytest.raises(NotAllowed):
            services.update_batch_phases(batch_id=batch.pk, version=1, dates=dates, by=user)
