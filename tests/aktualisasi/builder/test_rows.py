from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from aktualisasi import services
from aktualisasi.enums import MAX_ISSUES, MAX_KEGIATAN, MAX_TAHAPAN
from aktualisasi.invariants import broken
from aktualisasi.models import Cause, Issue, IssueCorrection, Kegiatan, Paper, Rancangan, RemovedRow, Tahapan
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import AuditEntry
from tests import factories


def orders(model) -> list[tuple[int, int]]:
    return list(model.objects.order_by("order").values_list("pk", "order"))


@pytest.mark.parametrize(("kind", "limit"), [("issue", MAX_ISSUES), ("kegiatan", MAX_KEGIATAN)])
def test_add_row_until_the_limit(builder, kind, limit) -> None:
    rows = [builder.add(kind) for _n in range(limit)]
    assert [row.order for row in rows] == list(range(1, limit + 1))
    with pytest.raises(Refused, match="Paling banyak"):
        builder.add(kind)


def test_add_row_under_a_foreign_parent_is_not_allowed(builder) -> None:
    with pytest.raises(NotAllowed):
        builder.add("tahapan", 999_999)
    with pytest.raises(NotAllowed):
        builder.add("cause", builder.add("issue").pk, "tulang-lain")
    with pytest.raises(NotAllowed):
        builder.add("rancangan")
    assert (Tahapan.objects.count(), Cause.objects.count()) == (0, 0)


def test_move_row_changes_places_even_when_the_list_is_full(builder) -> None:
    rows = [builder.add("issue").pk for _n in range(MAX_ISSUES)]
    builder.move("issue", rows[4], up=True)
    assert orders(Issue) == [(rows[0], 1), (rows[1], 2), (rows[2], 3), (rows[4], 4), (rows[3], 5)]
    builder.move("issue", rows[0], up=True)
    assert orders(Issue)[0] == (rows[0], 1)


def test_remove_and_restore_give_the_same_rows_under_the_same_numbers(builder) -> None:
    rancangan = builder.whole()
    before = (list(Kegiatan.objects.values()), list(Tahapan.objects.values()), orders(Issue), list(Cause.objects.values()))
    sentences = [str(value) for value in builder.plan.kegiatan[0].values.all()]
    issue, kegiatan = rancangan.chosen_issue, Kegiatan.objects.get()
    taken = [builder.remove("kegiatan", kegiatan.pk), builder.remove("issue", issue.pk)]
    rancangan.refresh_from_db()
    assert (Kegiatan.objects.count(), Tahapan.objects.count(), Cause.objects.count()) == (0, 0, 0)
    assert [order for _pk, order in orders(Issue)] == [1, 2]
    assert rancangan.chosen_issue == Issue.objects.get(order=1), "the next highest is chosen"
    for kept in reversed(taken):
        builder.restore(kept.pk)
    rancangan.refresh_from_db()
    assert (list(Kegiatan.objects.values()), list(Tahapan.objects.values()), orders(Issue), list(Cause.objects.values())) == before
    assert [str(value) for value in builder.plan.kegiatan[0].values.all()] == sentences
    assert rancangan.chosen_issue == issue
    assert set(AuditEntry.objects.filter(verb__endswith="_row").values_list("verb", flat=True)) == {"add_row", "remove_row", "restore_row"}


def test_restore_twice_changes_nothing(builder) -> None:
    kept = builder.remove("issue", builder.issue("Arsip").pk)
    assert builder.restore(kept.pk).restored_at == builder.restore(kept.pk).restored_at
    assert Issue.objects.count() == 1


def test_restore_into_a_full_list_is_refused_and_keeps_the_row(builder) -> None:
    kept = builder.remove("issue", builder.issue("Arsip").pk)
    for _n in range(MAX_ISSUES):
        builder.add("issue")
    with pytest.raises(Refused, match="Paling banyak"):
        builder.restore(kept.pk)
    assert RemovedRow.objects.get().restored_at is None


def test_restore_of_a_part_waits_for_its_whole(builder) -> None:
    kegiatan = builder.kegiatan()
    step = builder.remove("tahapan", builder.add("tahapan", kegiatan.pk).pk)
    builder.remove("kegiatan", kegiatan.pk)
    with pytest.raises(Refused, match="Kembalikan yang itu dahulu"):
        builder.restore(step.pk)


def test_remove_keeps_the_corrections_and_restore_ties_them_again(builder) -> None:
    issue = builder.issue("Arsip")
    correct(builder, issue_id=issue.pk)
    kept = builder.remove("issue", issue.pk)
    assert IssueCorrection.objects.get().issue is None
    builder.restore(kept.pk)
    assert IssueCorrection.objects.get().issue_id == issue.pk


def test_rows_of_another_person_are_refused_or_not_allowed(builder, cast) -> None:
    issue = builder.issue("Arsip")
    for call, more in ((services.remove_row, {}), (services.move_row, {"up": True})):
        with pytest.raises(NotAllowed):
            call(participant_id=builder.participant.pk, kind="issue", row_id=issue.pk, by=cast.mentor_a, **more)
    assert Issue.objects.count() == 1


def test_rows_stay_while_the_mentor_has_it(builder) -> None:
    issue = builder.issue("Arsip")
    Paper.objects.update(stage="submitted", first_submitted_at=timezone.now())
    for call in (lambda: builder.add("issue"), lambda: builder.remove("issue", issue.pk), lambda: builder.move("issue", issue.pk, up=True)):
        with pytest.raises(Refused, match="tangan mentor"):
            call()
    assert Issue.objects.count() == 1


def test_limit_of_tahapan(builder) -> None:
    kegiatan = builder.kegiatan()
    for _n in range(MAX_TAHAPAN):
        builder.add("tahapan", kegiatan.pk)
    with pytest.raises(Refused):
        builder.add("tahapan", kegiatan.pk)


def correct(builder, by=None, **more):
    facts = {
        "rancangan_id": Rancangan.objects.get().pk,
        "issue_id": None,
        "superior_name": "Atasan Contoh, S.H.",
        "superior_jabatan": "Kepala Subbagian",
        "corrected_on": timezone.localdate(),
        "text": "Sebut berapa permintaan tiap bulan.",
        "by": by or builder.author,
    }
    return services.record_correction(**{**facts, **more})


def test_record_correction_by_participant_and_mentor_only(builder, story, cast) -> None:
    builder.issue("Arsip")
    assert [correct(builder, by=who).recorded_by for who in (story.author, story.mentor)] == [story.author, story.mentor]
    for name in ("coach_a", "pksdm", "admin_kupang", "stranger"):
        with pytest.raises(NotAllowed):
            correct(builder, by=getattr(cast, name))
    assert IssueCorrection.objects.count() == 2


def test_record_correction_also_after_submission_but_not_for_tomorrow(builder) -> None:
    builder.issue("Arsip")
    Paper.objects.update(stage="submitted", first_submitted_at=timezone.now())
    correct(builder)
    with pytest.raises(Refused, match="belum tiba"):
        correct(builder, corrected_on=timezone.localdate() + timedelta(days=1))
    with pytest.raises(Refused, match="sudah tidak ada"):
        correct(builder, issue_id=999_999)
    assert IssueCorrection.objects.count() == 1


def test_invariants_name_rows_out_of_place(builder) -> None:
    rancangan = builder.whole()
    assert list(broken()) == []
    other = Rancangan.objects.create(participant=factories.ParticipantFactory(satker=builder.participant.satker))
    foreign = Issue.objects.create(rancangan=other, order=0)
    cause = Cause.objects.create(issue=foreign, bone="mesin", order=1)
    Rancangan.objects.filter(pk=rancangan.pk).update(chosen_issue=foreign)
    Kegiatan.objects.update(cause=cause)
    assert list(broken()) == [
        f"issue {foreign.pk}: left without a place in its list",
        f"rancangan {rancangan.pk}: its chosen issue is another one's",
        f"kegiatan {Kegiatan.objects.get().pk}: answers a cause of another rancangan",
    ]
