"""A change of plan: asked, applied in one transaction, kept as it was."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aktualisasi.enums import MAX_TAHAPAN
from aktualisasi.laporan_content import plan_changes
from aktualisasi.models import Evidence, Kegiatan, PlanChange, Rancangan, Tahapan, TahapanWork
from aktualisasi.services.evidence import remove_evidence
from aktualisasi.services.plan_changes import move_change
from aktualisasi.services.recording import record_tahapan
from latsar.accounts.errors import NoReason, NotAllowed, Refused, StaleVersion
from latsar.notices.models import Notice


def approve(work, change: PlanChange) -> PlanChange:
    return move_change(change_id=change.pk, action="approve", by=work.story.mentor)


def test_approve_change_rewrites_the_tahapan_and_keeps_the_old_words(work) -> None:
    version = work.rancangan.version
    change = approve(work, work.ask(text="Memasang tautan di PPID", output="Tautan"))
    step = Tahapan.objects.get(pk=work.steps[0].pk)
    assert (step.text, step.output) == ("Memasang tautan di PPID", "Tautan")
    assert change.old == {"text": "Langkah 1.1", "output": "Output 1.1", "weeks": [1, 2], "number": "1.1"}
    assert Rancangan.objects.get().version == version + 1
    told = plan_changes(work.rancangan.pk)
    assert [(one["number"], one["old"]["text"], one["new"]["text"]) for one in told] == [("1.1", "Langkah 1.1", "Memasang tautan di PPID")]


def test_approve_change_of_weeks_moves_the_tahapan_and_spans_the_kegiatan(work) -> None:
    record_tahapan(
        tahapan_id=work.steps[0].pk, state="todo", version=0, planned_on=work.phase.starts_on + timedelta(days=8), by=work.story.author
    )
    approve(work, work.ask(text="Langkah 1.1", weeks=[4]))
    row = TahapanWork.objects.get(tahapan=work.steps[0])
    assert (row.weeks, row.due_week, row.planned_on) == ([4], 4, None)
    assert Kegiatan.objects.get(order=1).weeks == [1, 2, 4]


def test_approve_add_puts_a_tahapan_behind_the_others(work) -> None:
    kegiatan = work.steps[0].kegiatan
    change = approve(work, work.ask(kind="add", kegiatan_id=kegiatan.pk, text="Langkah tambahan", output="Hasil"))
    added = Tahapan.objects.get(text="Langkah tambahan")
    assert (added.order, added.kegiatan, added.work.due_week, change.tahapan) == (3, kegiatan, 2, added)


def test_approve_drop_takes_the_tahapan_out_and_the_change_still_tells_of_it(work) -> None:
    gone = work.evidence(1)
    remove_evidence(evidence_id=gone.pk, by=work.story.author)
    change = approve(work, work.ask(1, kind="drop"))
    assert not Tahapan.objects.filter(pk=work.steps[1].pk).exists()
    assert (change.old["text"], PlanChange.objects.get().tahapan_id, Evidence.objects.get().tahapan_id) == ("Langkah 1.2", None, None)


def test_ask_drop_with_evidence_or_of_the_only_tahapan_is_refused(work) -> None:
    work.evidence(1)
    with pytest.raises(Refused, match="sudah berbukti"):
        work.ask(1, kind="drop")
    Tahapan.objects.filter(pk=work.steps[3].pk).delete()
    with pytest.raises(Refused, match="satu-satunya"):
        work.ask(2, kind="drop")


def test_approve_drop_refused_when_evidence_came_meanwhile(work) -> None:
    change = work.ask(1, kind="drop")
    work.evidence(1)
    with pytest.raises(Refused, match="sudah berbukti"):
        approve(work, change)
    assert PlanChange.objects.get().stage == "open"


def test_approve_change_of_an_edited_tahapan_is_stale_and_changes_nothing(work) -> None:
    change = work.ask()
    Tahapan.objects.filter(pk=work.steps[0].pk).update(text="Diubah lewat jalan lain")
    with pytest.raises(StaleVersion):
        approve(work, change)
    assert (PlanChange.objects.get().stage, Tahapan.objects.get(pk=work.steps[0].pk).text) == ("open", "Diubah lewat jalan lain")


def test_ask_change_twice_of_one_tahapan_is_refused_until_the_first_is_closed(work) -> None:
    first = work.ask()
    with pytest.raises(Refused, match="masih menunggu jawaban"):
        work.ask()
    assert work.ask(1).pk
    move_change(change_id=first.pk, action="withdraw", by=work.story.author)
    assert work.ask().pk


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": "Langkah 1.1"}, "text"),
        ({"weeks": [9]}, "weeks"),
        ({"tahapan_id": None}, "tahapan"),
        ({"kind": "add", "kegiatan_id": None}, "kegiatan"),
        ({"reason": " "}, "reason"),
    ],
)
def test_ask_change_what_is_missing_is_said_beside_its_field(work, facts, field) -> None:
    with pytest.raises(Refused) as refused:
        work.ask(**facts)
    assert list(refused.value.message_dict) == [field]
    assert not PlanChange.objects.exists()


def test_ask_add_to_a_full_kegiatan_is_refused(work) -> None:
    kegiatan = work.steps[0].kegiatan
    Tahapan.objects.bulk_create(Tahapan(kegiatan=kegiatan, order=n, text="x") for n in range(3, MAX_TAHAPAN + 1))
    with pytest.raises(Refused, match="paling banyak"):
        work.ask(kind="add", kegiatan_id=kegiatan.pk)


def test_refuse_needs_a_note(work) -> None:
    change = work.ask()
    with pytest.raises(NoReason):
        move_change(change_id=change.pk, action="refuse", by=work.story.mentor, note=" ")
    assert move_change(change_id=change.pk, action="refuse", by=work.story.mentor, note="Tetap di situs.").note == "Tetap di situs."
    assert Tahapan.objects.get(pk=work.steps[0].pk).text == "Langkah 1.1"


def test_change_tells_the_mentor_and_then_the_participant(work) -> None:
    approve(work, work.ask())
    told = {(notice.user_id, notice.text) for notice in Notice.objects.all()}
    assert told == {
        (work.story.mentor.pk, "Penulis Contoh, S.Kom. mengajukan perubahan rencana tahapan 1.1."),
        (work.story.author.pk, "Perubahan rencana tahapan 1.1 disetujui mentor."),
    }


@pytest.mark.parametrize("name", ["mentor_a", "admin_kupang", "pksdm", "stranger"])
def test_ask_change_by_anybody_else_is_not_allowed(work, cast, name) -> None:
    work.story.author = getattr(cast, name)
    with pytest.raises(NotAllowed):
        work.ask()
