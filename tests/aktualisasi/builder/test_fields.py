from __future__ import annotations

import threading

import pytest
from django.db import close_old_connections, connection, connections
from django.utils import timezone

from aktualisasi import services
from aktualisasi.fields import LINE, PARAGRAPH, WEEKS, BadValue, digest, parse
from aktualisasi.models import Issue, KegiatanValue, Paper, Rancangan
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import AuditEntry
from latsar.training.models import CurriculumValue
from participants.models import Participant
from tests import factories


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("rancangan.title", True),
        ("issue.12.statement", True),
        ("kegiatan.3.weeks", True),
        ("nilai.3.17", True),
        ("agenda.3.4", True),
        ("tahapan.9.proof", True),
        ("rancangan.stage", False),
        ("rancangan.version", False),
        ("rancangan.participant", False),
        ("rancangan.1.title", False),
        ("issue.12.rancangan", False),
        ("issue.12.order", False),
        ("issue.statement", False),
        ("nilai.3.title", False),
        ("user.1.password", False),
        ("issue.12.statement.x", False),
        ("issue.-1.statement", False),
        ("", False),
    ],
)
def test_parse_knows_the_fields_and_no_other_column(key: str, found: bool) -> None:
    place = parse(key)
    assert (place is not None) is found
    assert place is None or str(place) == key


def test_kinds_read_what_the_page_writes() -> None:
    assert LINE.read("  Arsip \n lama\u200b ") == "Arsip lama"
    assert PARAGRAPH.read("a\r\n\r\nb") == "a\n\nb"
    assert WEEKS.read("3,1,1") == [1, 3]
    assert digest("a\r\nb ") == digest("a\nb")


@pytest.mark.parametrize(("kind", "text"), [(LINE, "x" * 501), (PARAGRAPH, "x" * 4001), (WEEKS, "0"), (WEEKS, "31"), (WEEKS, "a")])
def test_kinds_refuse_and_cut_nothing_off(kind, text) -> None:
    with pytest.raises(BadValue):
        kind.read(text)


def test_save_field_first_word_makes_the_rancangan_and_its_audit_row(builder) -> None:
    saved = builder.save("rancangan.title", "Menata arsip")
    row = Rancangan.objects.get()
    assert (row.title, saved.text, saved.seen) == ("Menata arsip", "Menata arsip", digest("Menata arsip"))
    entry = AuditEntry.objects.get(verb="save_field")
    assert (entry.changes, entry.actor) == ({"rancangan.title": ["", "Menata arsip"]}, builder.author)


def test_save_field_again_after_a_lost_answer_changes_nothing(builder) -> None:
    builder.save("rancangan.title", "Menata arsip")
    again = builder.save("rancangan.title", "Menata arsip", seen="")
    assert again.seen == digest("Menata arsip")
    assert AuditEntry.objects.filter(verb="save_field").count() == 1


def test_save_field_over_something_unseen_is_a_conflict_and_keeps_the_stored(builder) -> None:
    builder.save("rancangan.title", "Dari jendela satu")
    with pytest.raises(services.FieldConflict) as caught:
        builder.save("rancangan.title", "Dari jendela dua", seen="")
    assert caught.value.stored == "Dari jendela satu"
    assert Rancangan.objects.get().title == "Dari jendela satu"
    builder.save("rancangan.title", "Dari jendela dua", seen="Dari jendela satu")
    assert AuditEntry.objects.filter(verb="save_field").order_by("pk").last().changes == {
        "rancangan.title": ["Dari jendela satu", "Dari jendela dua"]
    }


def test_drop_typed_keeps_both_in_the_trail(builder) -> None:
    builder.save("rancangan.title", "Tersimpan")
    services.drop_typed(participant_id=builder.participant.pk, key="rancangan.title", text="Ketikan", by=builder.author)
    assert AuditEntry.objects.get(verb="drop_field").changes == {"rancangan.title": ["Ketikan", "Tersimpan"]}
    assert Rancangan.objects.get().title == "Tersimpan"


@pytest.mark.parametrize("name", ["admin_kupang", "pksdm", "mentor_a", "coach_a", "stranger"])
def test_save_field_by_anybody_else_is_not_allowed(builder, cast, name) -> None:
    with pytest.raises(NotAllowed):
        builder.save("rancangan.title", "x", by=getattr(cast, name))
    assert not Rancangan.objects.exists()


def test_save_field_before_a_seat_is_found_is_kept(builder) -> None:
    Participant.objects.update(stage="approved", batch=None)
    builder.save("rancangan.title", "Menulis lebih awal")
    paper = Paper.objects.get()
    assert (paper.rancangan.title, paper.due_on) == ("Menulis lebih awal", None)


@pytest.mark.parametrize("stage", ["withdrawn", "dismissed"])
def test_save_field_after_the_end_is_not_allowed(builder, stage) -> None:
    Participant.objects.update(stage=stage, batch=None)
    with pytest.raises(NotAllowed):
        builder.save("rancangan.title", "x")


@pytest.mark.parametrize("stage", ["submitted", "approved"])
def test_save_field_while_the_mentor_has_it_is_refused(builder, stage) -> None:
    builder.save("rancangan.title", "Lama")
    Paper.objects.update(stage=stage, first_submitted_at=timezone.now())
    with pytest.raises(Refused):
        builder.save("rancangan.title", "Baru", seen="Lama")
    assert Rancangan.objects.get().title == "Lama"


def test_save_field_of_a_foreign_row_is_refused_as_gone(builder) -> None:
    other = factories.ParticipantFactory(satker=builder.participant.satker)
    foreign = Issue.objects.create(rancangan=Rancangan.objects.create(participant=other), order=1, statement="Milik orang")
    with pytest.raises(Refused, match="sudah tidak ada"):
        builder.save(f"issue.{foreign.pk}.statement", "Milik saya", seen="Milik orang")
    foreign.refresh_from_db()
    assert foreign.statement == "Milik orang"


def test_save_field_too_long_is_refused_whole(builder) -> None:
    with pytest.raises(Refused, match="Terlalu panjang 3 huruf"):
        builder.save("rancangan.title", "x" * 253)
    assert not Rancangan.objects.filter(title__gt="").exists()


def test_save_field_value_of_another_curriculum_is_refused(builder) -> None:
    row = builder.kegiatan()
    foreign = CurriculumValue.objects.create(curriculum=factories.CurriculumFactory(published_at=None), order=1, name="Akuntabilitas")
    with pytest.raises(Refused, match="Kurikulum"):
        builder.save(f"nilai.{row.pk}.{foreign.pk}", "x")
    assert not KegiatanValue.objects.exists()


def test_save_fields_keeps_what_fits_and_names_what_does_not(builder) -> None:
    builder.save("rancangan.title", "Dari jendela satu")
    typed = {
        "rancangan.title": ("Dari jendela dua", digest("")),
        "rancangan.summary": ("Ringkasan", digest("")),
        "rancangan.idea": ("x" * 4001, digest("")),
        "rancangan.job_profile": ("", digest("")),
    }
    faults = services.save_fields(participant_id=builder.participant.pk, typed=typed, by=builder.author)
    row = Rancangan.objects.get()
    assert sorted(faults) == ["rancangan.idea", "rancangan.title"]
    assert (row.title, row.summary, row.idea) == ("Dari jendela satu", "Ringkasan", "")


def test_scores_choose_the_highest_and_a_tie_asks(builder) -> None:
    first, second = builder.issue("Arsip", "554"), builder.issue("PPID", "443")
    assert Rancangan.objects.get().chosen_issue == first
    saved = builder.save(f"issue.{second.pk}.urgency", "5", "4")
    assert saved.choice is None
    saved = builder.save(f"issue.{second.pk}.growth", "4", "3")
    assert (second.pk, saved.choice) != (None, "")
    builder.save(f"issue.{second.pk}.seriousness", "5", "4")
    row = Rancangan.objects.get()
    assert row.chosen_issue == first, "a choice that is among the tied ones stays"
    builder.save("rancangan.chosen_issue", str(second.pk), str(first.pk))
    assert Rancangan.objects.get().chosen_issue == second


def test_choosing_an_issue_below_the_top_is_refused(builder) -> None:
    first, second = builder.issue("Arsip", "554"), builder.issue("PPID", "443")
    with pytest.raises(Refused, match="tertinggi"):
        builder.save("rancangan.chosen_issue", str(second.pk), str(first.pk))


def test_an_issue_that_fails_apkl_is_not_ranked(builder) -> None:
    first, second = builder.issue("Arsip", "554"), builder.issue("PPID", "443")
    builder.save(f"issue.{first.pk}.kekhalayakan", "0", "1")
    standing = builder.plan.standings[0]
    assert (standing.failed, standing.rank, standing.total) == (("kekhalayakan",), None, None)
    assert Rancangan.objects.get().chosen_issue == second


def race(jobs) -> list[str]:
    barrier, outcomes = threading.Barrier(len(jobs)), []

    def run(job) -> None:
        close_old_connections()
        barrier.wait(timeout=30)
        try:
            job()
            outcomes.append("saved")
        except services.FieldConflict:
            outcomes.append("conflict")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(outcomes)


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_the_same_field_never_overwrite_each_other(builder) -> None:
    builder.save("rancangan.title", "Dasar")
    jobs = [lambda text=text: builder.save("rancangan.title", text, seen="Dasar") for text in ("Jendela satu", "Jendela dua")]
    assert race(jobs) == ["conflict", "saved"]
    kept = Rancangan.objects.get().title
    assert AuditEntry.objects.filter(verb="save_field").order_by("pk").last().changes == {"rancangan.title": ["Dasar", kept]}


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_different_fields_both_save(builder) -> None:
    builder.save("rancangan.title", "Dasar")
    jobs = [lambda name=name: builder.save(f"rancangan.{name}", f"Isi {name}") for name in ("summary", "idea", "unit_profile")]
    assert race(jobs) == ["saved", "saved", "saved"]
    row = Rancangan.objects.get()
    assert (row.summary, row.idea, row.unit_profile) == ("Isi summary", "Isi idea", "Isi unit_profile")


@pytest.mark.django_db(transaction=True)
def test_two_first_words_at_once_make_one_rancangan(builder) -> None:
    jobs = [lambda name=name: builder.save(f"rancangan.{name}", f"Isi {name}") for name in ("summary", "idea")]
    assert race(jobs) == ["saved", "saved"]
    assert [(row.summary, row.idea) for row in Rancangan.objects.all()] == [("Isi summary", "Isi idea")]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite takes one writer at a time, so without the guard nothing races")
def test_without_the_lock_one_tab_loses_its_words(builder, monkeypatch) -> None:
    """The twin of the first race: reading without the lock lets both tabs see the old text, and the later write wins."""
    builder.save("rancangan.title", "Dasar")
    meet, plain = threading.Barrier(2), services.fields._locked

    def unlocked(participant_id: int) -> Rancangan | None:
        row = Rancangan.objects.select_related("participant__batch").filter(participant_id=participant_id).first()
        meet.wait(timeout=30)
        return row

    monkeypatch.setattr(services.fields, "_locked", unlocked)
    jobs = [lambda text=text: builder.save("rancangan.title", text, seen="Dasar") for text in ("Jendela satu", "Jendela dua")]
    assert race(jobs) == ["saved", "saved"]
    monkeypatch.setattr(services.fields, "_locked", plain)
    told = [entry.changes["rancangan.title"][0] for entry in AuditEntry.objects.filter(verb="save_field").order_by("-pk")[:2]]
    assert told == ["Dasar", "Dasar"], "both claim to have replaced the same text: one was overwritten unseen"
