from decimal import Decimal

import pytest
from django.utils import timezone

from aktualisasi.models import SeminarMark
from aktualisasi.services import marks
from aktualisasi.services.marks import Kept, Typed
from latsar.accounts.errors import IllegalMove, NoReason, NotAllowed, Refused
from latsar.accounts.models import AuditEntry
from latsar.training.enums import Rater, SeminarKind
from participants.models import ScoreChange, ScoreRemark
from participants.scoring.reading import CellKey
from participants.scoring.scores import Score, ScoreSheet
from participants.services.scoring import Entry, Warrant, save_scores

pytestmark = pytest.mark.django_db


@pytest.fixture
def turn(scene):
    return scene.turn(scene.announce())


def cells(scene, person=0):
    rows = Score.objects.filter(participant=scene.people[person], is_remedial=False).order_by("component__order", "rater")
    return [(row.component.code, row.rater, str(row.value), row.entered_by) for row in rows]


# --- kept as typed


def test_keep_marks_keeps_fields_of_a_draft_and_nothing_in_the_sheet(scene, turn):
    kept = scene.keep(turn, "87.5")
    assert (kept.versions, kept.clashes) == ({str(scene.proposal.pk): 1}, {})
    assert (kept.mark.state, kept.mark.scorer, kept.mark.by_deputy) == ("draft", scene.examiner, False)
    assert cells(scene) == []


def test_keep_marks_twice_over_a_bad_line_is_no_conflict(scene, turn):
    scene.keep(turn, 80)
    again = scene.keep(turn, 80)
    assert (again.clashes, again.versions) == ({}, {str(scene.proposal.pk): 1})


def test_keep_marks_from_a_stale_window_changes_nothing(scene, turn):
    scene.keep(turn, 80)
    scene.keep(turn, 85, seen=1)
    late = scene.keep(turn, 70, seen=1)
    clash = late.clashes[str(scene.proposal.pk)]
    assert (clash.value, clash.version, late.versions) == (Decimal("85.00"), 2, {})
    assert SeminarMark.objects.get().scores.get().value == 85


def test_keep_marks_of_two_windows_in_two_fields_goes_through(scene, turn):
    scene.keep(turn, 80)
    kept = marks.keep_marks(turn_id=turn.pk, rated_by=Rater.EXAMINER, rater=1, fields={"note": Typed("Baik.", 0)}, by=scene.examiner)
    assert (kept.clashes, kept.mark.note) == ({}, "Baik.")


def test_keep_marks_before_the_day_is_refused(scene):
    turn = scene.turn(scene.announce(days=2))
    with pytest.raises(Refused, match="belum hari ini"):
        scene.keep(turn, 80)


def test_keep_marks_of_a_draft_or_cancelled_seminar_is_not_possible(scene):
    seminar = scene.plan()
    with pytest.raises(NotAllowed):
        scene.keep(scene.turn(seminar), 80)
    cancelled = scene.move(scene.move(seminar, "announce"), "cancel", note="Batal.")
    with pytest.raises(NotAllowed):
        scene.keep(scene.turn(cancelled), 80)


# --- sent


def test_send_marks_writes_exactly_the_examiners_column(scene, turn):
    sent = scene.send(turn, "87.5")
    assert (sent.clashes, sent.mark.state) == ([], "sent")
    assert cells(scene) == [("rancangan", 1, "87.50", scene.examiner)]
    scene.send(turn, 90, rater=2)
    assert cells(scene) == [("rancangan", 1, "87.50", scene.examiner), ("rancangan", 2, "90.00", scene.second)]
    turn.seminar.refresh_from_db()
    assert turn.seminar.state == "running"
    assert ScoreChange.objects.filter(participant=scene.people[0]).count() == 2
    assert AuditEntry.objects.filter(verb="send_marks").count() == 2


def test_send_marks_needs_every_field(scene, turn):
    with pytest.raises(Refused, match="Rancangan belum diisi"):
        scene.send(turn)


def test_send_marks_is_final(scene, turn):
    scene.send(turn, 80)
    with pytest.raises(IllegalMove, match="sudah dikirim"):
        scene.send(turn, 90)
    with pytest.raises(NotAllowed):
        scene.keep(turn, 90, seen=1, by=scene.author)
    with pytest.raises(IllegalMove):
        scene.keep(turn, 90, seen=1)
    assert cells(scene)[0][2] == "80.00"


def test_send_marks_apart_from_the_other_examiner_needs_a_note(scene, turn):
    scene.send(turn, 80)
    with pytest.raises(Refused) as refusal:
        scene.send(turn, 90, rater=2)
    assert "80" not in str(refusal.value)
    assert "berbeda lebih dari 5" in str(refusal.value)
    ScoreRemark.objects.create(batch=scene.batch, participant=scene.people[0], component=scene.proposal, late_days=2, by=scene.planner)
    scene.send(turn, 90, rater=2, note="Menguasai bahan.")
    remark = ScoreRemark.objects.get()
    assert (remark.note, remark.late_days, remark.by) == ("Menguasai bahan.", 2, scene.second)


def test_send_marks_within_the_tolerance_needs_no_note(scene, turn):
    scene.send(turn, 80)
    assert scene.send(turn, 85, rater=2).mark.state == "sent"


def test_send_marks_into_a_sheet_that_left_its_fillers_is_refused_and_the_draft_stays(scene, turn):
    scene.keep(turn, 80)
    ScoreSheet.objects.update_or_create(batch=scene.batch, defaults={"state": "submitted"})
    with pytest.raises(Refused, match="Lembar nilai sedang"):
        scene.send(turn)
    assert (SeminarMark.objects.get().state, cells(scene)) == ("draft", [])


def test_send_marks_over_a_cell_of_the_institute_asks_first(scene, turn):
    key = CellKey(scene.people[0].pk, scene.proposal.pk, 1)
    save_scores(batch_id=scene.batch.pk, entries=[Entry(key, Decimal(70), 0)], by=scene.planner)
    asked = scene.send(turn, 80)
    clash = asked.clashes[0]
    assert (clash.mine, clash.stored, clash.version, asked.mark.state) == (80, 70, 1, "draft")
    assert cells(scene)[0][2] == "70.00"
    scene.send(turn, chosen={scene.proposal.pk: ("mine", 1)})
    assert cells(scene)[0][2:] == ("80.00", scene.examiner)


def test_send_marks_taking_over_what_the_sheet_says(scene, turn):
    key = CellKey(scene.people[0].pk, scene.proposal.pk, 1)
    save_scores(batch_id=scene.batch.pk, entries=[Entry(key, Decimal(70), 0)], by=scene.planner)
    scene.keep(turn, 80)
    sent = scene.send(turn, chosen={scene.proposal.pk: ("theirs", 1)})
    assert (sent.clashes, sent.mark.scores.get().value, cells(scene)[0][2]) == ([], 70, "70.00")


def test_send_marks_with_a_stale_choice_asks_again(scene, turn):
    key = CellKey(scene.people[0].pk, scene.proposal.pk, 1)
    save_scores(batch_id=scene.batch.pk, entries=[Entry(key, Decimal(70), 0)], by=scene.planner)
    save_scores(batch_id=scene.batch.pk, entries=[Entry(key, Decimal(71), 1)], by=scene.planner)
    asked = scene.send(turn, 80, chosen={scene.proposal.pk: ("mine", 1)})
    assert (asked.clashes[0].version, cells(scene)[0][2]) == (2, "71.00")


def test_send_marks_from_a_stale_window_sends_nothing(scene, turn):
    scene.keep(turn, 80)
    scene.keep(turn, 85, seen=1)
    fields = {str(scene.proposal.pk): Typed(Decimal(70), 1)}
    answer = marks.send_marks(turn_id=turn.pk, rated_by=Rater.EXAMINER, rater=1, fields=fields, by=scene.examiner)
    assert isinstance(answer, Kept)
    assert (SeminarMark.objects.get().state, cells(scene)) == ("draft", [])


# --- corrected


def test_correct_marks_needs_a_reason_and_keeps_both(scene, turn):
    scene.send(turn, 80)
    with pytest.raises(NoReason):
        marks.require_reason("  ")
    scene.send(turn, 82, reason="Salah ketik.")
    assert cells(scene)[0][2] == "82.00"
    change = SeminarMark.objects.get().changes.first()
    key = str(scene.proposal.pk)
    assert (change.action, change.reason, change.values["old"][key], change.values["new"][key]) == (
        "correct",
        "Salah ketik.",
        "80.00",
        "82.00",
    )


def test_correct_marks_that_were_not_sent_is_illegal(scene, turn):
    scene.keep(turn, 80)
    with pytest.raises(IllegalMove):
        scene.send(turn, 82, reason="Salah ketik.")


# --- who


@pytest.mark.parametrize("who", ["author", "coach", "mentor", "second", "penguji_b", "lembaga_b", "admin_kupang", "pimpinan", "stranger"])
def test_keep_marks_of_somebody_elses_column_is_not_allowed(scene, turn, who):
    user = getattr(scene, who, None) or getattr(scene.cast, who)
    with pytest.raises(NotAllowed):
        scene.keep(turn, 80, by=user)


def test_examiner_whose_role_ended_scores_nothing(scene, turn):
    scene.examiner.grants.update(valid_to=timezone.localdate().replace(year=2021))
    scene.examiner.__dict__.pop("scope", None)
    scene.examiner.__dict__.pop("valid_grants", None)
    with pytest.raises(NotAllowed):
        scene.keep(turn, 80)


def test_deputy_copies_a_paper_form_and_is_recorded(scene, turn):
    sent = scene.send(turn, 80, by=scene.planner)
    assert (sent.mark.scorer, sent.mark.typed_by, sent.mark.by_deputy) == (scene.examiner, scene.planner, True)
    assert cells(scene) == [("rancangan", 1, "80.00", scene.planner)]


def test_deputy_does_not_touch_what_the_examiner_is_typing(scene, turn):
    scene.keep(turn, 80)
    with pytest.raises(Refused, match="sedang mengisi nilainya sendiri"):
        scene.keep(turn, 70, seen=1, by=scene.planner)


def test_coach_scores_the_own_component_of_the_result_seminar(scene):
    turn = scene.turn(scene.announce(SeminarKind.RESULT))
    scene.send(turn, 88, component=scene.benefit)
    scene.send(turn, 90, component=scene.manner, rated_by=Rater.COACH, by=scene.coach)
    assert [(code, value) for code, _rater, value, _by in cells(scene)] == [("manfaat", "88.00"), ("sikap", "90.00")]
    with pytest.raises(NotAllowed):
        scene.keep(scene.turn(turn.seminar, 1), 90, component=scene.manner, by=scene.examiner)  # not a component of the penguji
    with pytest.raises(NotAllowed):
        scene.keep(scene.turn(turn.seminar, 1), 90, component=scene.proposal, by=scene.examiner)  # not of this seminar


# --- the warrant is narrow


def warrant(*keys):
    return Warrant(frozenset(keys))


def test_warrant_opens_its_cells_and_no_others(scene, turn):
    mine = CellKey(scene.people[0].pk, scene.proposal.pk, 1)
    others = [
        CellKey(scene.people[0].pk, scene.proposal.pk, 2),
        CellKey(scene.people[1].pk, scene.proposal.pk, 1),
        CellKey(scene.people[0].pk, scene.batch.scheme.components.get(code="pktbt").pk, 1),
    ]
    for key in others:
        with pytest.raises(NotAllowed):
            save_scores(batch_id=scene.batch.pk, entries=[Entry(key, Decimal(80), 0)], by=scene.examiner, warrant=warrant(mine))
    unit = others[2]
    with pytest.raises(NotAllowed):  # a warrant for a component that no seminar scores opens nothing
        save_scores(batch_id=scene.batch.pk, entries=[Entry(unit, Decimal(80), 0)], by=scene.examiner, warrant=warrant(unit))
    with pytest.raises(NotAllowed):  # nobody scores oneself
        save_scores(batch_id=scene.batch.pk, entries=[Entry(mine, Decimal(80), 0)], by=scene.author, warrant=warrant(mine))
    with pytest.raises(NotAllowed):  # without one an examiner writes nothing
        save_scores(batch_id=scene.batch.pk, entries=[Entry(mine, Decimal(80), 0)], by=scene.examiner)
    assert (
        save_scores(batch_id=scene.batch.pk, entries=[Entry(mine, Decimal(80), 0)], by=scene.examiner, warrant=warrant(mine)).changed == 1
    )
