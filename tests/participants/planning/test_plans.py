"""Plans from the question to people on seats, through the services."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from latsar.accounts.errors import NotAllowed, Refused, StaleVersion
from latsar.accounts.models import AuditEntry
from latsar.jobs.models import ItemState, JobState
from latsar.jobs.run import run_job
from latsar.jobs.services import retry_job
from latsar.training.enums import BatchStage, GolonganGroup, Method
from latsar.training.models import Batch, SbmRate, Tariff, Wave
from participants.enums import Stage
from participants.models import Participant, Placement, Plan
from participants.planning.enums import PlanReason, PlanScope, PlanState
from participants.planning.reasons import reason_text
from participants.services import plan_commit, plan_moves, planning
from participants.services.movement import MovementFacts, propose_movement
from participants.services.plan_offers import ThoughtUp
from tests import factories

pytestmark = pytest.mark.django_db


def sentences(plan):
    rows = plan.assignments.exclude(reason="").select_related("participant")
    return {
        row.participant.full_name: reason_text(row.reason, row.facts, golongan=row.participant.golongan, deadline=row.participant.deadline)
        for row in rows
    }


def work(job, runner=plan_commit.commit_items, stopped=plan_commit.settle_commit):
    run_job(job.pk, runner, stopped=stopped)
    job.refresh_from_db()
    return job


def test_create_plan_names_one_binding_reason_for_everybody_without_a_seat(cast, today, offered, needing, facts, seating):
    soon = offered(1, 60)
    late = offered(2, 100, golongan="II")
    a, b = needing("Awal", 70), needing("Akhir", 90)
    needing("Penuh", 95)
    needing("Terlambat", 50)
    needing("Golongan", 70, golongan="II/c")
    needing("Lewat", -3)
    needing("Hamil", 65, pregnancy_weeks=30, pregnancy_on=today)
    needing("Belum", 80, stage=Stage.SUBMITTED)
    needing("Tunda", 80, stage=Stage.DEFERRED, deferred_until=today + timedelta(days=40))
    needing("Pernah", 80, latsar_entries=1)
    asked = needing("Usulan", 80)
    said = MovementFacts(kind="defer", reason="illness", note="Sakit.", effective_on=today)
    propose_movement(participant_id=asked.pk, facts=said, by=cast.admin_kupang)
    plan = planning.create_plan(facts=facts(soon, late), by=cast.pksdm)
    assert seating(plan) == {
        "Awal": 1, "Akhir": 1, "Penuh": PlanReason.FULL, "Terlambat": PlanReason.TOO_LATE, "Golongan": PlanReason.TOO_LATE, "Lewat": PlanReason.PASSED,
        "Hamil": PlanReason.PREGNANT, "Belum": PlanReason.NOT_APPROVED, "Tunda": PlanReason.DEFERRED, "Pernah": PlanReason.BARRED, "Usulan": PlanReason.PROPOSAL,
    }  # fmt: skip
    said = sentences(plan)
    assert "30 hari sesudah batas" in said["Golongan"]
    assert said["Hamil"] == "Hamil 34 minggu saat tatap muka. Tidak ada kursi berikutnya."
    assert said["Belum"] == "Berkas belum disetujui: diajukan ke provinsi."
    assert said["Penuh"].endswith("hanya 2 dan habis dipakai.")
    assert all(text.endswith(".") for text in said.values())
    found = plan.figures
    assert (found["demand"], found["timely"], found["late"], found["unplaced"], found["not_ready"]) == (11, 2, 0, 5, 4)
    assert (plan.bounds["not_in_time"], plan.greedy["not_in_time"], plan.is_proven, plan.state) == (5, 5, True, PlanState.DRAFT)
    assert {a.stage, b.stage} == {Stage.APPROVED}
    assert not Placement.objects.exists()


def test_create_plan_counts_cost_where_tariff_and_rate_are_known(cast, today, offered, needing, facts):
    batch = offered(1, 60)
    needing("Satu", 80)
    assert planning.create_plan(facts=facts(batch), by=cast.pksdm).figures["cost_unknown"] == 1
    Tariff.objects.create(method=Method.BLENDED, year=today.year - 1, amount=5_000_000)
    SbmRate.objects.create(province=cast.province_a, year=today.year - 1, training_day=120_000)
    found = planning.create_plan(facts=facts(batch), by=cast.pksdm).figures
    assert (found["cost"], found["cost_unknown"]) == (5_000_000 + 5 * 120_000, 0)


def test_create_plan_only_pksdm_and_no_larger_than_can_be(cast, offered, needing, facts, monkeypatch):
    with pytest.raises(NotAllowed):
        planning.create_plan(facts=facts(), by=cast.provinsi_a)
    needing("Satu", 80)
    needing("Dua", 80)
    monkeypatch.setattr(planning, "MOST_PEOPLE", 1)
    with pytest.raises(Refused) as refusal:
        planning.create_plan(facts=facts(), by=cast.pksdm)
    assert refusal.value.messages == ["Cakupan ini berisi lebih dari 1 orang. Pilih beberapa provinsi saja."]


def test_create_plan_large_scope_is_a_job_that_two_runs_leave_as_one(cast, offered, needing, facts, seating, monkeypatch):
    monkeypatch.setattr(planning, "AT_ONCE", 1)
    needing("Satu", 80)
    needing("Dua", 80, satker=cast.denpasar)
    plan = planning.create_plan(facts=facts(offered(1, 60)), by=cast.pksdm)
    assert (plan.state, plan.solved_at) == (PlanState.SOLVING, None)
    job = work(plan.job, planning.solve_requested, planning.settle_solving)
    assert job.state == JobState.DONE
    work(job, planning.solve_requested, planning.settle_solving)
    plan.refresh_from_db()
    assert (plan.state, plan.job, seating(plan)) == (PlanState.DRAFT, None, {"Satu": 1, "Dua": 1})
    narrow = planning.create_plan(facts=facts(scope=PlanScope.PROVINCES, provinces=[cast.province_b]), by=cast.pksdm)
    assert seating(narrow) == {"Dua": PlanReason.GOLONGAN}


def test_moves_by_hand_are_checked_survive_a_new_computation_and_are_undone(cast, offered, needing, facts, seating):
    first, second = offered(1, 60, 1), offered(2, 62, 2)
    a, b, c = needing("A", 80), needing("B", 81), needing("C", 61)
    other = needing("D", 81, golongan="II/a")
    plan = planning.create_plan(facts=facts(first, second), by=cast.pksdm)
    assert seating(plan)["C"] == 1  # the only seat in time for C
    target = plan.offers.get(batch=first).pk

    def move(people, offer_id, version=None):
        plan.refresh_from_db()
        ids = [person.pk for person in people]
        return plan_moves.move_people(
            plan_id=plan.pk, version=version or plan.version, participant_ids=ids, offer_id=offer_id, by=cast.pksdm
        )

    with pytest.raises(Refused) as refusal:
        move([a, other], target)
    assert refusal.value.messages[0].startswith("Kursi penuh.")
    assert any("bergolongan II/a" in text for text in refusal.value.messages)
    with pytest.raises(Refused):
        move([c], plan.offers.get(batch=second).pk)  # would end one day after the deadline
    with pytest.raises(StaleVersion):
        move([a], None, version=plan.version + 7)
    move([c], None)
    move([a], target)
    assert seating(plan) == {"A": 1, "B": 2, "C": PlanReason.OUT, "D": PlanReason.GOLONGAN}
    plan.refresh_from_db()
    assert (plan.figures["timely"], plan.figures["unplaced"]) == (2, 2)
    again = planning.compute_plan(plan_id=plan.pk, by=cast.pksdm)
    assert seating(again) == {"A": 1, "B": 2, "C": PlanReason.OUT, "D": PlanReason.GOLONGAN}
    move([b], None)
    plan.refresh_from_db()
    plan_moves.undo_moves(plan_id=plan.pk, version=plan.version, participant_ids=[b.pk], by=cast.pksdm)
    assert seating(plan)["B"] == 2
    assert not plan.assignments.get(participant=b).is_manual
    free = planning.compute_plan(plan_id=plan.pk, by=cast.pksdm, keep_manual=False)
    assert seating(free)["C"] == 1
    assert AuditEntry.objects.filter(verb="move_in_plan").count() == 3


def test_undo_is_refused_when_the_seat_is_taken_by_now(cast, offered, needing, facts, seating):
    batch = offered(1, 60, 1)
    a, b = needing("A", 80), needing("B", 90)
    plan = planning.create_plan(facts=facts(batch), by=cast.pksdm)
    holder, waiter = (a, b) if seating(plan)["A"] == 1 else (b, a)
    offer = plan.offers.get()
    for person, to in ((holder, None), (waiter, offer.pk)):
        plan.refresh_from_db()
        plan_moves.move_people(plan_id=plan.pk, version=plan.version, participant_ids=[person.pk], offer_id=to, by=cast.pksdm)
    plan.refresh_from_db()
    with pytest.raises(Refused) as refusal:
        plan_moves.undo_moves(plan_id=plan.pk, version=plan.version, participant_ids=[holder.pk], by=cast.pksdm)
    assert "Kursi penuh" in refusal.value.messages[0]


def test_try_seats_changes_nothing_and_thought_up_seats_cannot_be_applied(cast, today, offered, needing, facts, seating):
    needing("Satu", 80)
    plan = planning.create_plan(facts=facts(), by=cast.pksdm)
    more = ThoughtUp(cast.institute_b, Method.BLENDED, GolonganGroup.MIXED, 40, today + timedelta(days=20), today + timedelta(days=70))
    trial = planning.try_seats(plan_id=plan.pk, seats=more, allow_other_provinces=True, by=cast.pksdm)
    assert (seating(plan), seating(trial)) == ({"Satu": PlanReason.GOLONGAN}, {"Satu": "andaian"})
    assert (trial.parent, trial.is_trial, trial.figures["leavers"], trial.figures["kilometres"] > 500) == (plan, True, 1, True)
    second = planning.try_seats(plan_id=plan.pk, seats=more, allow_other_provinces=False, by=cast.pksdm)
    assert seating(second) == {"Satu": PlanReason.PROVINCE}
    assert list(plan.alternatives.all()) == [second]
    kept = planning.keep_plan(plan_id=second.pk, name="Dengan Bali", by=cast.pksdm)
    kept = planning.update_plan(plan_id=kept.pk, version=kept.version, facts=facts(), by=cast.pksdm)
    with pytest.raises(Refused) as refusal:
        plan_commit.request_commit(plan_id=kept.pk, version=kept.version, by=cast.pksdm)
    assert refusal.value.messages == ["1 orang duduk di kursi andaian. Buat angkatannya, lalu ganti kursi andaian dengan angkatan itu."]
    real = offered(5, 65)
    offer = kept.offers.get()
    done = planning.replace_offer(plan_id=kept.pk, version=kept.version, offer_id=offer.pk, batch_id=real.pk, by=cast.pksdm)
    assert seating(done) == {"Satu": 5}
    assert not plan_commit.why_not_commit(done)


def test_commit_seats_who_is_still_fit_and_names_who_is_not(cast, today, offered, needing, facts, seating):
    batch = offered(1, 60, 4)
    good, withdrawn, ill, late = needing("Baik", 80), needing("Keluar", 80), needing("Usulan", 80), needing("Mepet", 80)
    plan = planning.create_plan(facts=facts(batch), by=cast.pksdm)
    job = plan_commit.request_commit(plan_id=plan.pk, version=plan.version, by=cast.pksdm)
    plan.refresh_from_db()
    assert plan.state == PlanState.COMMITTING
    with pytest.raises(Refused):
        planning.discard_plan(plan_id=plan.pk, by=cast.pksdm)
    Participant.objects.filter(pk=withdrawn.pk).update(stage=Stage.RETURNED)
    Participant.objects.filter(pk=late.pk).update(deadline=today + timedelta(days=30))
    said = MovementFacts(kind="defer", reason="illness", note="Sakit.", effective_on=today)
    propose_movement(participant_id=ill.pk, facts=said, by=cast.admin_kupang)
    job = work(job)
    assert job.state == JobState.PARTIAL
    items = {item.label: (item.state, item.message) for item in job.items.all()}
    assert items["Baik"] == (ItemState.DONE, "")
    assert items["Usulan"] == (ItemState.FAILED, "Usulan Penundaan menunggu putusan.")
    assert items["Mepet"] == (ItemState.FAILED, "Angkatan I kini selesai sesudah batasnya.")
    assert items["Keluar"][0] == ItemState.FAILED
    good.refresh_from_db()
    plan.refresh_from_db()
    assert (good.stage, good.batch, plan.state, plan.committed_by) == (Stage.PLACED, batch, PlanState.COMMITTED, cast.pksdm)
    # what has been put right since is repeated, and nobody is seated twice
    Participant.objects.filter(pk=withdrawn.pk).update(stage=Stage.APPROVED)
    retry_job(job_id=job.pk, by=cast.pksdm)
    work(job)
    assert Placement.objects.active().count() == 2
    with pytest.raises(Refused):
        plan_commit.request_commit(plan_id=plan.pk, version=plan.version, by=cast.pksdm)


def test_commit_that_was_stopped_leaves_a_draft_and_an_old_job_does_not_apply_a_changed_one(cast, offered, needing, facts, seating):
    needing("Satu", 80)
    plan = planning.create_plan(facts=facts(offered(1, 60)), by=cast.pksdm)
    job = plan_commit.request_commit(plan_id=plan.pk, version=plan.version, by=cast.pksdm)
    type(job).objects.filter(pk=job.pk).update(cancel_requested=True)
    assert work(job).state == JobState.CANCELLED
    plan.refresh_from_db()
    assert plan.state == PlanState.DRAFT
    planning.compute_plan(plan_id=plan.pk, by=cast.pksdm)
    retry_job(job_id=job.pk, by=cast.pksdm)
    assert work(job).state == JobState.FAILED
    assert (Plan.objects.get(pk=plan.pk).state, Placement.objects.count()) == (PlanState.DRAFT, 0)


def test_store_is_refused_when_somebody_changed_the_plan_meanwhile(cast, offered, needing, facts, monkeypatch):
    needing("Satu", 80)
    plan = planning.create_plan(facts=facts(offered(1, 60)), by=cast.pksdm)
    solve = planning.solve

    def slow(problem, **how):
        Plan.objects.filter(pk=plan.pk).update(version=99)
        return solve(problem, **how)

    monkeypatch.setattr(planning, "solve", slow)
    with pytest.raises(StaleVersion):
        planning.compute_plan(plan_id=plan.pk, by=cast.pksdm)


def test_seats_taken_outside_the_plan_are_free_no_longer(cast, offered, needing, facts, seating):
    batch = offered(1, 60, 1)
    seat = batch.seats.get()
    sitter = factories.ParticipantFactory(satker=cast.ende, stage=Stage.PLACED, batch=batch)
    needing("Satu", 80)
    plan = planning.create_plan(facts=facts(batch), by=cast.pksdm)
    assert seating(plan) == {"Satu": 1}
    factories.PlacementFactory(participant=sitter, seat=seat)
    assert seating(planning.compute_plan(plan_id=plan.pk, by=cast.pksdm)) == {"Satu": PlanReason.FULL}


def test_a_wave_uses_its_own_batches_only_and_a_closed_one_gives_no_seats(cast, offered, needing, facts, seating):
    wave = Wave.objects.create(number=1, year=2026)
    own, other = offered(1, 60, wave=wave), offered(2, 55)
    needing("Satu", 80)
    said = replace(facts(own, other), scope=PlanScope.WAVE, wave=wave)
    plan = planning.create_plan(facts=said, by=cast.pksdm)
    assert (seating(plan), plan.offers.count()) == ({"Satu": 1}, 1)
    Batch.objects.filter(pk=own.pk).update(stage=BatchStage.RUNNING)
    assert seating(planning.compute_plan(plan_id=plan.pk, by=cast.pksdm)) == {"Satu": PlanReason.FULL}
