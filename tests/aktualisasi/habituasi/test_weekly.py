"""The weekly report: autosave, sending, lateness, the mentor's answer."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from aktualisasi.habituasi_reminders import habituasi_answer, weekly_report
from aktualisasi.models import Evidence, WeeklyReport
from aktualisasi.report_weeks import weeks_of
from aktualisasi.services.weekly import move_report, save_report
from latsar.accounts.errors import NoReason, NotAllowed, Refused, StaleVersion
from latsar.accounts.models import AuditEntry
from latsar.notices.enums import Audience
from latsar.notices.models import Notice, OutboxMail
from latsar.notices.reminders import Asked
from mentoring.services import end_assignment


def save(work, done: str, version: int, **facts) -> WeeklyReport:
    given = {"week": 1, "obstacles": "", "value_id": None, "by": work.story.author} | facts
    return save_report(participant_id=work.person_id, done=done, version=version, **given)


def test_save_report_same_text_again_changes_nothing(work) -> None:
    assert save(work, "Satu", 0).version == save(work, "Satu", 0).version == 1
    assert AuditEntry.objects.filter(verb="save_weekly").count() == 1


def test_save_report_from_an_old_window_is_stale_and_keeps_the_stored(work) -> None:
    first = save(work, "Satu", 0)
    save(work, "Dua", first.version)
    with pytest.raises(StaleVersion):
        save(work, "Tiga", first.version)
    assert WeeklyReport.objects.get().done == "Dua"


def test_save_report_of_a_week_to_come_is_refused_and_of_none_not_allowed(work) -> None:
    with pytest.raises(Refused, match="belum dapat ditulis"):
        save(work, "Nanti", 0, week=4)
    with pytest.raises(NotAllowed):
        save(work, "Nanti", 0, week=99)


def test_save_report_while_the_mentor_has_it_is_refused(work) -> None:
    report = work.send()
    with pytest.raises(Refused, match="di tangan mentor"):
        save(work, "Lain", report.version)


def test_save_report_a_value_of_another_curriculum_is_refused(work) -> None:
    with pytest.raises(Refused) as refused:
        save(work, "Satu", 0, value_id=0)
    assert list(refused.value.message_dict) == ["value"]


def test_send_report_of_a_past_week_is_late_and_of_this_week_is_not(work) -> None:
    weeks = weeks_of(work.phase)
    first = work.send(1)
    assert (first.due_on, first.sent_late) == (weeks[0].due_on, True)
    second = work.send(2)
    assert (second.due_on, second.sent_late) == (weeks[1].due_on, work.today > weeks[1].due_on)


def test_send_report_says_what_is_missing(work) -> None:
    report = save(work, "", 0)
    with pytest.raises(Refused, match="yang dikerjakan, nilai yang paling terasa"):
        move_report(report_id=report.pk, action="send", by=work.story.author)


def test_send_report_without_a_mentor_is_refused(work) -> None:
    report = work.write()
    end_assignment(assignment_id=work.story.assignment.pk, reason="Pindah tugas", by=work.story.admin)
    with pytest.raises(Refused, match="belum ditetapkan"):
        move_report(report_id=report.pk, action="send", by=work.story.author)
    assert WeeklyReport.objects.get().stage == "draft"


def test_send_report_takes_the_evidence_of_its_week_along(work) -> None:
    this, before = work.evidence(), work.evidence(shown_on=work.phase.starts_on)
    report = work.send(1)
    assert list(Evidence.objects.filter(report=report)) == [before]
    this.refresh_from_db()
    assert this.report is None


def test_return_report_needs_a_note_and_tells_the_participant(work) -> None:
    report = work.send()
    with pytest.raises(NoReason):
        move_report(report_id=report.pk, action="return", by=work.story.mentor)
    move_report(report_id=report.pk, action="return", by=work.story.mentor, note="Sebutkan jumlahnya.")
    report = WeeklyReport.objects.get()
    assert (report.stage, report.note) == ("returned", "Sebutkan jumlahnya.")
    assert list(Notice.objects.filter(user=work.story.author).values_list("text", flat=True)) == [
        "Laporan minggu 1 dikembalikan mentor dengan catatan."
    ]
    assert OutboxMail.objects.filter(user=work.story.author).exists()


def test_approve_report_counts_only_for_the_words_that_were_read(work) -> None:
    seen = work.send().version
    report = WeeklyReport.objects.get()
    move_report(report_id=report.pk, action="withdraw", by=work.story.author)
    report = work.write(done="Kata lain.")
    move_report(report_id=report.pk, action="send", by=work.story.author)
    with pytest.raises(StaleVersion):
        move_report(report_id=report.pk, action="approve", by=work.story.mentor, version=seen)
    assert move_report(report_id=report.pk, action="approve", by=work.story.mentor, version=report.version).stage == "approved"


def _asked(audience: str, day) -> Asked:
    return Asked(audience, day, day)


def test_weekly_reminder_names_who_has_not_sent_and_counts_for_the_mentor(work) -> None:
    due = weeks_of(work.phase)[1].due_on
    told = [(one.user, one.about) for one in weekly_report(_asked(Audience.PERSON, due))]
    assert told == [(work.story.author, "week-2")]
    assert [one.user for one in weekly_report(_asked(Audience.MENTOR, due))] == [work.story.mentor]
    assert list(weekly_report(_asked(Audience.PERSON, due - timedelta(days=1)))) == []
    work.send(2)
    assert list(weekly_report(_asked(Audience.PERSON, due))) == []


def test_answer_reminder_names_reports_and_changes_that_wait(work) -> None:
    report, change = work.send(), work.ask()
    sent = timezone.make_aware(datetime(2026, 11, 2, 9))  # a Monday without holidays after it
    type(report).objects.update(stage_at=sent)
    type(change).objects.update(asked_at=sent)
    told = [(one.user, one.about, one.say()) for one in habituasi_answer(_asked(Audience.MENTOR, datetime(2026, 11, 5).date()))]
    text = "Kiriman habituasi Penulis Contoh, S.Kom. menunggu jawaban Anda, batasnya 5 November 2026."
    assert [(user, text_) for user, _about, text_ in told] == [(work.story.mentor, told[0][2])] * 2
    assert told[0][2].endswith(text.split("S.Kom.")[1])
    assert list(habituasi_answer(_asked(Audience.MENTOR, datetime(2026, 11, 6).date()))) == []
