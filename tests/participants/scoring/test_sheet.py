from decimal import Decimal

import pytest

from latsar.accounts.errors import IllegalMove, NoReason, NotAllowed, Refused, StaleVersion
from latsar.accounts.models import AuditEntry
from latsar.notices.models import Notice
from participants.models import Result, Score, ScoreChange
from participants.scoring import policies, reading
from participants.scoring.enums import ScoreSource, SheetState
from participants.scoring.typing import BadScore, parse_score
from participants.scoring.workflow import SHEET_MOVES
from participants.services.scoring import Entry, remark_score
from tests import factories

pytestmark = pytest.mark.django_db


def test_save_scores_writes_history_and_trail(scene):
    agnes = scene.people[0]
    assert scene.save(scene.entries(agnes, 90, 80.5, None, None)).changed == 2
    changes = ScoreChange.objects.filter(participant=agnes).order_by("component", "rater")
    assert [(row.old, row.new, row.version, row.by) for row in changes] == [
        (None, Decimal("90.00"), 1, scene.filler),
        (None, Decimal("80.50"), 1, scene.filler),
    ]
    sealed = AuditEntry.objects.get(verb="enter_scores")
    assert sealed.changes == {f"{agnes.nip} Sikap 1": [None, "90.00"], f"{agnes.nip} Rancangan 1": [None, "80.50"]}
    unit = scene.cast.people["admin_kupang"]
    assert not AuditEntry.objects.visible_to(unit).filter(verb="enter_scores").exists()  # not public yet


def test_save_scores_second_editor_gets_both_values_and_loses_nothing(scene):
    agnes = scene.people[0]
    scene.save(scene.entries(agnes, 84, 80, 80, None))
    scene.save([Entry(scene.cell(agnes, scene.attitude), Decimal("86.25"), 1)], by=scene.checker)
    mine = [Entry(scene.cell(agnes, scene.attitude), Decimal("87.25"), 1), Entry(scene.cell(agnes, scene.unit), Decimal(81), 0)]
    saved = scene.save(mine)
    (clash,) = saved.clashes
    assert (clash.entry.value, clash.stored.value, clash.before, saved.changed) == (Decimal("87.25"), Decimal("86.25"), Decimal("84.00"), 1)
    lost = ScoreChange.objects.get(source=ScoreSource.CLASH)
    assert (lost.new, lost.old, lost.by) == (Decimal("87.25"), Decimal("86.25"), scene.filler)
    assert Score.objects.get(participant=agnes, component=scene.attitude).value == Decimal("86.25")
    assert not scene.save([Entry(scene.cell(agnes, scene.attitude), Decimal("87.25"), 2)]).clashes


def test_save_scores_emptied_cell_keeps_counting_versions(scene):
    key = scene.cell(scene.people[0], scene.attitude)
    scene.save([Entry(key, Decimal(70), 0)])
    scene.save([Entry(key, None, 1)])
    assert scene.save([Entry(key, Decimal(71), 1)]).clashes
    assert scene.save([Entry(key, Decimal(71), 2)]).changed == 1


def test_unit_enters_only_what_the_scheme_leaves_to_it(scene):
    agnes, citra, unit = scene.people[0], scene.people[2], scene.cast.people["admin_kupang"]
    assert scene.save([Entry(scene.cell(agnes, scene.unit), Decimal(80), 0)], by=unit).changed == 1
    for key in (scene.cell(agnes, scene.attitude), scene.cell(citra, scene.unit)):
        with pytest.raises(NotAllowed):
            scene.save([Entry(key, Decimal(80), 0)], by=unit)
    with pytest.raises(NotAllowed):
        scene.save([Entry(scene.cell(agnes, scene.attitude), Decimal(80), 0)], by=scene.cast.people["lembaga_b"])


def test_examiners_apart_need_a_note_before_the_sheet_is_sent(scene):
    scene.fill((80, 80, 86, 80), (80, 80, 85, 80), (80, 80, 80, 80))
    with pytest.raises(Refused, match="Selisih penguji Rancangan melewati toleransi tanpa catatan: Agnes Contoh"):
        scene.move("submit")
    remark_score(
        batch_id=scene.batch.pk, participant_id=scene.people[0].pk, component_id=scene.proposal.pk, note="Dibahas.", late_days=0, seen=0, by=scene.filler
    )  # fmt: skip
    assert scene.move("submit").state == SheetState.SUBMITTED


def test_sheet_incomplete_names_who_lacks_scores(scene):
    scene.fill((80, 80, 80, 80), (80, 80, None, 80), (80, 80, 80, 80))
    with pytest.raises(Refused, match="Nilai belum lengkap: Bria Contoh"):
        scene.move("submit")


def test_who_entered_a_score_neither_checks_nor_finalises(scene):
    scene.fill(*[(80, 80, 80, 80)] * 3)
    scene.move("submit")
    with pytest.raises(NotAllowed):
        scene.move("check")
    scene.move("check", scene.checker)
    with pytest.raises(NotAllowed):
        scene.move("finalise")
    scene.move("finalise", scene.checker)
    assert set(Result.objects.values_list("total", "rank", "qualification")) == {(Decimal("80.00"), 1, "Cukup memuaskan")}
    with pytest.raises(NotAllowed):
        scene.move("publish", scene.checker)
    scene.move("publish", scene.cast.pksdm)


def test_who_wrote_down_lateness_neither_checks_nor_finalises(scene):
    scene.fill(*[(80, 80, 80, 80)] * 3)
    where = {"batch_id": scene.batch.pk, "participant_id": scene.people[0].pk, "component_id": scene.proposal.pk}
    remark_score(**where, note="", late_days=3, seen=0, by=scene.checker)
    assert set(policies.entered_by(scene.batch)) == {scene.filler.pk, scene.checker.pk}
    scene.move("submit")
    with pytest.raises(NotAllowed):
        scene.move("check", scene.checker)
    scene.move("check", scene.cast.pksdm)


def test_sheet_moves_every_state_action_actor(scene):
    """The literal table: who may do what when; everything else is refused."""
    allowed = {
        ("filling", "submit", "filler"), ("filling", "submit", "checker"), ("filling", "submit", "pksdm"),
        ("submitted", "take_back", "filler"), ("submitted", "take_back", "checker"), ("submitted", "take_back", "pksdm"),
        ("submitted", "return", "checker"), ("submitted", "return", "pksdm"), ("checked", "return", "checker"), ("checked", "return", "pksdm"),
        ("submitted", "check", "checker"), ("submitted", "check", "pksdm"),
        ("checked", "finalise", "checker"), ("checked", "finalise", "pksdm"),
        ("final", "reopen", "pksdm"), ("final", "publish", "pksdm"),
    }  # fmt: skip
    scene.fill(*[(80, 80, 80, 80)] * 3)
    actors = {"filler": scene.filler, "checker": scene.checker, "pksdm": scene.cast.pksdm, "unit": scene.cast.people["admin_kupang"], "other": scene.cast.people["lembaga_b"]}  # fmt: skip
    sheet = reading.sheet_of(scene.batch)
    found = set()
    for state in SheetState.values:
        for action in SHEET_MOVES:
            for name, user in actors.items():
                type(sheet).objects.filter(pk=sheet.pk).update(state=state)
                try:
                    scene.move(action, user, note="Alasan")
                except (NotAllowed, IllegalMove):
                    continue
                found.add((state, action, name))
    assert found == allowed


def test_return_needs_a_reason_and_a_stale_page_is_told(scene):
    scene.fill(*[(80, 80, 80, 80)] * 3)
    scene.move("submit")
    with pytest.raises(NoReason):
        scene.move("return", scene.checker)
    from participants.services.scoring import move_sheet

    with pytest.raises(StaleVersion):
        move_sheet(batch_id=scene.batch.pk, action="check", version=1, by=scene.checker)
    with pytest.raises(Refused):
        scene.save(scene.entries(scene.people[0], 99, 80, 80, 80, seen=1))


def test_publish_tells_each_participant_once(scene):
    person = scene.people[0]
    person.user = factories.UserFactory()
    person.save(update_fields=["user"])
    scene.fill(*[(80, 80, 80, 80)] * 3)
    sheet = scene.publish()
    assert sheet.objections_until is not None
    assert Notice.objects.filter(user=person.user, text__contains="diumumkan").count() == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        (" 87,25 ", Decimal("87.25")),
        ("87.5", Decimal("87.50")),
        ("100", Decimal("100.00")),
        ("0", Decimal("0.00")),
        ("80,100", Decimal("80.10")),
    ],
)
def test_parse_score_reads_what_people_type(text, value):
    assert parse_score(text) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [("108", "108 di luar 0 sampai 100. Mungkin maksudnya 10,8."), ("8525", "85,25"), ("-3", "bukan angka"), ("delapan", "bukan angka"), ("80,123", "dua angka"), ("100,5", "di luar")],
)  # fmt: skip
def test_parse_score_says_what_is_wrong(text, message):
    with pytest.raises(BadScore, match=message):
        parse_score(text)
