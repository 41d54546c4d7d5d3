from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from latsar.accounts.errors import IllegalMove, NotAllowed, Refused
from participants.enums import Stage
from participants.models import Participant, Result, Score, ScoreSheet
from participants.scoring.enums import CorrectionKind, ObjectionState, Outcome
from participants.services.corrections import decide_correction, file_objection, propose_correction, reject_objection
from participants.services.graduation import graduate_participants
from participants.services.results import graduate_by_results, recompute
from participants.services.sttp import record_sttp
from tests import factories

pytestmark = pytest.mark.django_db


def propose(scene, person, new, kind=CorrectionKind.MISTAKE, by=None, **changes):
    facts = {"component_id": scene.attitude.pk, "rater": 1, "kind": kind, "new": Decimal(new), "reason": "Salah baca lembar."} | changes
    return propose_correction(batch_id=scene.batch.pk, participant_id=person.pk, by=by or scene.filler, **facts)


def own_account(person):
    person.user = factories.UserFactory()
    person.save(update_fields=["user"])
    from latsar.accounts.enums import Role
    from latsar.accounts.models import RoleGrant

    RoleGrant.objects.create(user=person.user, role=Role.PESERTA)
    return person.user


def test_finalised_results_are_ranked_and_explained(published):
    rows = {row.participant.full_name: row for row in Result.objects.select_related("participant")}
    assert [(rows[n].total, rows[n].rank, rows[n].outcome) for n in ("Agnes Contoh", "Bria Contoh", "Citra Contoh")] == [
        (Decimal("86.00"), 1, Outcome.PASSED),
        (Decimal("80.60"), 2, Outcome.PASSED),
        (Decimal("61.40"), None, Outcome.REMEDIAL),
    ]
    assert [line["share"] for line in rows["Bria Contoh"].breakdown["lines"]] == ["32.8000", "31.8000", "16.0000"]


def test_recompute_names_every_figure_that_differs(published):
    results = list(Result.objects.order_by("participant__full_name"))
    assert [row.differences for row in recompute(published.batch, results)] == [[], [], []]
    Score.objects.filter(participant=published.people[0], component=published.attitude).update(value=96)
    changed = recompute(published.batch, results)[0].differences
    assert {(one.component, one.field, one.stored, one.computed) for one in changed} == {
        ("", "sum", "86.00", "90.00"), ("", "total", "86.00", "90.00"), ("Sikap", "raw", "86.00", "96.00"), ("Sikap", "mean", "86.00", "96.00"),
        ("Sikap", "counted", "86.00", "96.00"), ("Sikap", "share", "34.4000", "38.4000"),
    }  # fmt: skip


def test_correction_counts_once_a_second_person_agrees(published):
    agnes = published.people[0]
    row = propose(published, agnes, 96)
    with pytest.raises(Refused, match="orang lain"):
        decide_correction(correction_id=row.pk, agrees=True, by=published.filler)
    assert Result.objects.get(participant=agnes).total == Decimal("86.00")
    decide_correction(correction_id=row.pk, agrees=True, by=published.checker)
    assert Result.objects.get(participant=agnes).total == Decimal("90.00")
    with pytest.raises(IllegalMove):
        decide_correction(correction_id=row.pk, agrees=True, by=published.checker)


def test_correction_twice_for_the_same_score_is_refused(published):
    propose(published, published.people[0], 96)
    with pytest.raises(Refused, match="orang kedua"):
        propose(published, published.people[0], 97)


def test_remedial_replaces_the_component_and_stays_at_the_cap(published):
    citra = published.people[2]
    with pytest.raises(Refused, match="remedial"):
        propose(published, published.people[0], 90, CorrectionKind.REMEDIAL)
    row = propose(published, citra, 100, CorrectionKind.REMEDIAL)
    decide_correction(correction_id=row.pk, agrees=True, by=published.checker)
    result = Result.objects.get(participant=citra)
    assert (result.total, result.outcome, result.qualification, result.rank) == (Decimal("75.00"), Outcome.PASSED, "Cukup memuaskan", 3)
    assert Score.objects.filter(participant=citra, component=published.attitude, is_remedial=False).get().value == Decimal("60.00")


def test_objection_is_filed_by_oneself_in_time_and_answered(published):
    agnes = published.people[0]
    user = own_account(agnes)
    facts = {"batch_id": published.batch.pk, "participant_id": agnes.pk, "component_id": published.attitude.pk, "text": "Nilai saya 96."}
    with pytest.raises(NotAllowed):
        file_objection(by=published.filler, **facts)
    row = file_objection(by=user, **facts)
    with pytest.raises(Refused, match="menunggu jawaban"):
        file_objection(by=user, **facts)
    change = propose(published, agnes, 96, CorrectionKind.OBJECTION, objection_id=row.pk)
    decide_correction(correction_id=change.pk, agrees=False, by=published.checker, note="Lembar asli 86.")
    row.refresh_from_db()
    assert row.state == ObjectionState.FILED
    reject_objection(objection_id=row.pk, answer="Lembar asli 86.", by=published.filler)
    row.refresh_from_db()
    assert (row.state, row.answered_by) == (ObjectionState.REJECTED, published.filler)
    ScoreSheet.objects.update(objections_until=timezone.localdate() - timedelta(days=1))
    with pytest.raises(Refused, match="berakhir"):
        file_objection(by=user, **facts)


def test_graduation_follows_the_published_scores(published):
    day = timezone.localdate()
    agnes, bria, citra = published.people
    with pytest.raises(Refused, match="mengikuti nilai"):
        graduate_participants(
            batch_id=published.batch.pk, participant_ids=[agnes.pk], qualification="Memuaskan", graduated_on=day, by=published.filler
        )
    with pytest.raises(Refused, match="Citra Contoh"):
        graduate_by_results(batch_id=published.batch.pk, participant_ids=[agnes.pk, citra.pk], graduated_on=day, by=published.filler)
    assert graduate_by_results(batch_id=published.batch.pk, participant_ids=[agnes.pk, bria.pk], graduated_on=day, by=published.filler) == 2
    assert set(Participant.objects.filter(stage=Stage.GRADUATED).values_list("full_name", "qualification")) == {
        ("Agnes Contoh", "Memuaskan"),
        ("Bria Contoh", "Memuaskan"),
    }
    with pytest.raises(Refused, match="sudah dicatat lulus"):
        propose(published, agnes, 96)


def test_graduation_before_publication_is_refused(scene):
    scene.fill(*[(86, 86, 86, 86)] * 3)
    scene.move("submit")
    with pytest.raises(Refused, match="belum diumumkan"):
        graduate_by_results(
            batch_id=scene.batch.pk, participant_ids=[scene.people[0].pk], graduated_on=timezone.localdate(), by=scene.filler
        )


def test_sttp_number_is_recorded_once_and_not_before_graduation(published):
    agnes, bria, citra = published.people
    day = timezone.localdate()
    graduate_by_results(batch_id=published.batch.pk, participant_ids=[agnes.pk, bria.pk], graduated_on=day, by=published.filler)
    facts = {
        "batch_id": published.batch.pk,
        "number": "0001/STTP/2026",
        "registration_code": "9001",
        "issued_on": day,
        "version": 0,
        "by": published.filler,
    }
    row = record_sttp(participant_id=agnes.pk, **facts)
    assert (row.number, row.recorded_by) == ("0001/STTP/2026", published.filler)
    with pytest.raises(Refused) as taken:
        record_sttp(participant_id=bria.pk, **facts)
    assert "number" in taken.value.error_dict
    with pytest.raises(Refused, match="belum dicatat lulus"):
        record_sttp(participant_id=citra.pk, **facts)


def test_who_missed_too_much_is_deferred_whatever_the_scores_say(scene):
    from participants.models import Attendance
    from tests.participants.trainings import make_session

    for number in (1, 2):
        session = make_session(scene.batch, number=number)
        Attendance.objects.create(participant=scene.people[0], session=session, mark="A", marked_by=scene.filler)
    scene.fill(*[(86, 86, 86, 86)] * 3)
    scene.publish()
    assert [(row.outcome, row.rank) for row in Result.objects.order_by("participant__full_name")] == [
        (Outcome.DEFERRED, None),
        (Outcome.PASSED, 1),
        (Outcome.PASSED, 1),
    ]


def test_invariants_name_a_result_that_does_not_come_out_again(published):
    from participants.scoring.invariants import broken

    assert list(broken()) == []
    Score.objects.filter(participant=published.people[0], component=published.attitude).update(value=96)
    score, result = Score.objects.get(value=96), Result.objects.get(participant=published.people[0])
    assert list(broken()) == [f"score {score.pk}: value and history differ", f"result {result.pk}: 6 figures differ from the raw scores"]
