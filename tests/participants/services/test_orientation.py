from __future__ import annotations

from datetime import date, time

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from latsar.accounts.errors import IllegalMove, NotAllowed, Refused, StaleVersion
from latsar.accounts.models import AuditEntry
from latsar.notices.models import Notice
from latsar.training.models import Holiday
from participants.enums import OrientationStanding, OrientationState, Stage
from participants.models import OrientationAttendance, OrientationMember, OrientationProgramme, Participant
from participants.orientation_roll import needed_hours
from participants.services.orientation import (
    SessionFacts,
    create_programme,
    finish_programme,
    reopen_programme,
    save_sessions,
    update_programme,
)
from participants.services.orientation_members import Crossed, add_members, mark_attendance, remove_member
from tests import factories
from tests.participants.orientations import DAY, approved, join, make_programme, make_template


@pytest.fixture
def programme(cast) -> OrientationProgramme:
    return make_programme(cast.provinsi_a, province=cast.province_a)


@pytest.fixture
def members(programme, cast) -> list[OrientationMember]:
    return join(programme, approved(cast.kupang, 3), cast.provinsi_a)


def mark(programme, member, letters, by) -> None:
    for session, letter in zip(programme.sessions.all(), letters, strict=True):
        mark_attendance(session_id=session.pk, marks={member.pk: letter}, seen={}, by=by)


def test_needed_hours_rounds_up():
    assert [needed_hours(30, 90), needed_hours(10, 80), needed_hours(7, 50), needed_hours(30, 0)] == [27, 8, 4, 0]


def test_create_programme_skips_weekend_and_holiday(cast):
    Holiday.objects.create(date=date(2026, 6, 1), name="Hari Lahir Pancasila")
    made = create_programme(
        template=make_template(), title="O", province=cast.province_a, starts_on=date(2026, 5, 29), method="daring", by=cast.provinsi_a
    )
    assert [session.day for session in made.sessions.all()] == [date(2026, 5, 29), date(2026, 6, 2), date(2026, 6, 3)]
    assert (made.starts_on, made.ends_on, made.min_attendance_percent) == (date(2026, 5, 29), date(2026, 6, 3), 80)


@pytest.mark.parametrize(
    ("actor", "where"), [("provinsi_b", "province_a"), ("admin_kupang", "province_a"), ("provinsi_a", None), ("pimpinan", None)]
)
def test_create_programme_for_others_is_refused(cast, actor, where):
    province = getattr(cast, where) if where else None
    with pytest.raises(NotAllowed):
        create_programme(
            template=make_template(), title="O", province=province, starts_on=date(2026, 6, 2), method="daring", by=getattr(cast, actor)
        )
    assert not OrientationProgramme.objects.exists()


def test_update_programme_moves_every_session_over_working_days(cast):
    made = create_programme(template=make_template(), title="O", province=None, starts_on=date(2026, 6, 2), method="daring", by=cast.pksdm)
    update_programme(programme_id=made.pk, version=made.version, starts_on=date(2026, 6, 4), by=cast.pksdm, title="P")
    made.refresh_from_db()
    assert [session.day for session in made.sessions.all()] == [date(2026, 6, 4), date(2026, 6, 5), date(2026, 6, 8)]
    assert (made.title, made.ends_on, made.version) == ("P", date(2026, 6, 8), 2)
    assert AuditEntry.objects.filter(verb="update_orientation").count() == 1


def test_update_programme_keeps_a_free_day_between_sessions_free(cast, programme):
    """Days 1, 3 and 4 of working days stay 1, 3 and 4, over weekend and holiday."""
    Holiday.objects.create(date=date(2027, 3, 16), name="Hari libur contoh")
    days = [date(2027, 3, 1), date(2027, 3, 3), date(2027, 3, 4)]
    save_sessions(programme_id=programme.pk, version=1, sessions=[line(day, 8, 10) for day in days], by=cast.provinsi_a)
    update_programme(programme_id=programme.pk, version=2, starts_on=date(2027, 3, 15), by=cast.provinsi_a)
    assert [session.day.day for session in programme.sessions.all()] == [15, 18, 19]


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ({"starts_on": date(2027, 3, 8)}, "Jadwal"),
        ({"place": "Aula KPU"}, "Aula KPU"),
        ({"link": "https://contoh.go.id/ruang"}, "tautan"),
        ({"title": "Nama lain"}, ""),
    ],
)
def test_update_programme_tells_the_members_what_they_must_know(cast, programme, facts, word):
    user, out = factories.UserFactory(), factories.UserFactory()
    join(programme, [*approved(cast.kupang, user=user)], cast.provinsi_a)
    [left] = join(programme, [*approved(cast.kupang, user=out)], cast.provinsi_a)
    remove_member(member_id=left.pk, reason="Tugas luar", by=cast.provinsi_a)
    Notice.objects.all().delete()
    update_programme(programme_id=programme.pk, version=1, **{"starts_on": programme.starts_on, **facts}, by=cast.provinsi_a)
    assert [(notice.user, word in notice.text) for notice in Notice.objects.all()] == ([(user, True)] if word else [])


def test_save_sessions_tells_the_members_of_other_hours_and_not_of_another_speaker(cast, programme):
    user = factories.UserFactory()
    join(programme, [*approved(cast.kupang, user=user)], cast.provinsi_a)
    Notice.objects.all().delete()
    same = [line(programme.starts_on, 8, 10, speaker="A")]
    save_sessions(programme_id=programme.pk, version=1, sessions=same, by=cast.provinsi_a)
    assert Notice.objects.get().user == user
    save_sessions(programme_id=programme.pk, version=2, sessions=[line(programme.starts_on, 8, 10, speaker="B")], by=cast.provinsi_a)
    assert Notice.objects.count() == 1


def test_remove_member_tells_the_person_why(cast, programme):
    user = factories.UserFactory()
    [member] = join(programme, approved(cast.kupang, user=user), cast.provinsi_a)
    remove_member(member_id=member.pk, reason="Tugas luar", by=cast.provinsi_a)
    assert "Tugas luar" in Notice.objects.get(user=user).text


def test_update_programme_of_an_old_page_is_stale(cast, programme):
    with pytest.raises(StaleVersion):
        update_programme(programme_id=programme.pk, version=7, starts_on=programme.starts_on, by=cast.provinsi_a)


def test_update_programme_with_marks_keeps_its_days(cast, programme, members):
    mark(programme, members[0], "HH", cast.provinsi_a)
    with pytest.raises(Refused, match="sudah mulai dicatat"):
        update_programme(programme_id=programme.pk, version=1, starts_on=programme.starts_on + DAY, by=cast.provinsi_a)


def line(day, start, end, **facts) -> SessionFacts:
    return SessionFacts(day, time(start), time(end), hours=2, title=f"Sesi {start}", **facts)


def test_save_sessions_replaces_the_timetable_and_its_days(cast, programme):
    first = programme.sessions.first()
    day = programme.starts_on
    save_sessions(
        programme_id=programme.pk, version=1, sessions=[line(day + DAY, 8, 10), line(day, 9, 11, pk=first.pk)], by=cast.provinsi_a
    )
    programme.refresh_from_db()
    assert [(s.pk == first.pk, s.day, s.title) for s in programme.sessions.all()] == [(True, day, "Sesi 9"), (False, day + DAY, "Sesi 8")]
    assert programme.ends_on == day + DAY


def test_save_sessions_refuses_overlap_nothing_left_and_a_marked_one(cast, programme, members):
    day = programme.starts_on
    with pytest.raises(Refused, match="bertumpuk"):
        save_sessions(programme_id=programme.pk, version=1, sessions=[line(day, 8, 10), line(day, 9, 11)], by=cast.provinsi_a)
    with pytest.raises(Refused, match="paling sedikit satu"):
        save_sessions(programme_id=programme.pk, version=1, sessions=[], by=cast.provinsi_a)
    mark(programme, members[0], "HH", cast.provinsi_a)
    with pytest.raises(Refused, match="sudah memiliki kehadiran"):
        save_sessions(programme_id=programme.pk, version=1, sessions=[line(day, 8, 10)], by=cast.provinsi_a)
    assert programme.sessions.count() == 2


def test_save_sessions_takes_no_session_of_another_programme(cast, programme):
    foreign = make_programme(cast.provinsi_b, province=cast.province_b).sessions.first()
    save_sessions(programme_id=programme.pk, version=1, sessions=[line(programme.starts_on, 8, 10, pk=foreign.pk)], by=cast.provinsi_a)
    foreign.refresh_from_db()
    assert foreign.title == "Materi 8"


def test_add_members_tells_them_and_their_story(cast, programme):
    user = factories.UserFactory()
    [person] = approved(cast.kupang, user=user)
    add_members(programme_id=programme.pk, participant_ids=[person.pk], by=cast.provinsi_a)
    assert AuditEntry.objects.get(verb="join_orientation").object_id == str(person.pk)
    assert Notice.objects.get(user=user).url == programme.get_absolute_url()


@pytest.mark.parametrize("stage", [Stage.REGISTERED, Stage.VERIFIED])
def test_add_members_before_approval_adds_nobody(cast, programme, stage):
    people = [*approved(cast.kupang), *approved(cast.kupang, stage=stage)]
    with pytest.raises(Refused, match="belum bisa ikut"):
        add_members(programme_id=programme.pk, participant_ids=[p.pk for p in people], by=cast.provinsi_a)
    assert not OrientationMember.objects.exists()


def test_add_members_of_another_province_is_refused(cast, programme):
    [person] = approved(cast.badung)
    with pytest.raises(NotAllowed):
        add_members(programme_id=programme.pk, participant_ids=[person.pk], by=cast.provinsi_a)
    with pytest.raises(Refused, match="bukan dari provinsi penyelenggara"):
        add_members(programme_id=programme.pk, participant_ids=[person.pk], by=cast.pksdm)


def test_add_members_who_take_another_programme_is_refused_by_service_and_database(cast, programme, members):
    other = make_programme(cast.pksdm)
    with pytest.raises(Refused, match="sedang atau sudah mengikuti"):
        add_members(programme_id=other.pk, participant_ids=[members[0].participant_id], by=cast.pksdm)
    with pytest.raises(IntegrityError), transaction.atomic():
        join(other, [members[0].participant], cast.pksdm)


def test_remove_member_keeps_the_reason_and_lets_them_back(cast, programme, members):
    with pytest.raises(Refused, match="Tulis alasannya"):
        remove_member(member_id=members[0].pk, reason=" ", by=cast.provinsi_a)
    gone = remove_member(member_id=members[0].pk, reason="Tugas luar", by=cast.provinsi_a)
    assert (gone.standing, gone.remove_reason) == (OrientationStanding.REMOVED, "Tugas luar")
    add_members(programme_id=programme.pk, participant_ids=[gone.participant_id], by=cast.provinsi_a)
    gone.refresh_from_db()
    assert (gone.standing, gone.remove_reason, gone.removed_by) == (OrientationStanding.TAKING, "", None)


@pytest.mark.parametrize("actor", ["provinsi_b", "admin_kupang", "pimpinan", "lembaga_a"])
def test_orientation_verbs_by_others_are_refused(cast, programme, members, actor):
    by, session = getattr(cast, actor), programme.sessions.first()
    for verb in (
        lambda: mark_attendance(session_id=session.pk, marks={members[0].pk: "H"}, seen={}, by=by),
        lambda: remove_member(member_id=members[0].pk, reason="x", by=by),
        lambda: finish_programme(programme_id=programme.pk, by=by),
        lambda: reopen_programme(programme_id=programme.pk, by=by),
        lambda: save_sessions(programme_id=programme.pk, version=1, sessions=[], by=by),
        lambda: update_programme(programme_id=programme.pk, version=1, starts_on=programme.starts_on, by=by),
    ):
        with pytest.raises(NotAllowed):
            verb()
    assert not OrientationAttendance.objects.exists()


def test_mark_attendance_counts_what_changed_and_audits_old_and_new(cast, programme, members):
    session = programme.sessions.first()
    first = {members[0].pk: "H", members[1].pk: "A"}
    assert mark_attendance(session_id=session.pk, marks=first, seen={}, by=cast.provinsi_a) == 2
    again = mark_attendance(session_id=session.pk, marks={**first, members[1].pk: "T"}, seen=first, by=cast.provinsi_a)
    assert again == 1
    told = AuditEntry.objects.filter(verb="mark_orientation").order_by("-pk").first()
    assert told.changes == {members[1].participant.full_name: ["A", "T"]}


def test_mark_attendance_over_somebody_elses_mark_is_refused(cast, programme, members):
    session = programme.sessions.first()
    mark_attendance(session_id=session.pk, marks={members[0].pk: "S"}, seen={}, by=cast.pksdm)
    with pytest.raises(Crossed, match=r"\(S\)"):
        mark_attendance(session_id=session.pk, marks={members[0].pk: "H", members[1].pk: "H"}, seen={}, by=cast.provinsi_a)
    assert OrientationAttendance.objects.count() == 1
    mark_attendance(session_id=session.pk, marks={members[0].pk: "H"}, seen={members[0].pk: "S"}, by=cast.provinsi_a)
    assert OrientationAttendance.objects.get().mark == "H"


def test_mark_attendance_of_an_untouched_row_keeps_what_somebody_else_wrote(cast, programme, members):
    """The sheet sends every row: one that was not touched is no wish."""
    session = programme.sessions.first()
    mark_attendance(session_id=session.pk, marks={members[0].pk: "H"}, seen={}, by=cast.provinsi_a)
    mark_attendance(session_id=session.pk, marks={members[0].pk: "A"}, seen={members[0].pk: "H"}, by=cast.pksdm)
    sheet = {members[0].pk: "H", members[1].pk: "H"}
    assert mark_attendance(session_id=session.pk, marks=sheet, seen={members[0].pk: "H"}, by=cast.provinsi_a) == 1
    assert OrientationAttendance.objects.get(member=members[0]).mark == "A"


def test_mark_attendance_before_its_day_is_refused(cast, members):
    later = make_programme(cast.provinsi_a, province=cast.province_a, day=timezone.localdate() + DAY)
    with pytest.raises(Refused, match="pada harinya"):
        mark_attendance(session_id=later.sessions.first().pk, marks={}, seen={}, by=cast.provinsi_a)


def test_finish_programme_parts_enough_from_short_and_fixes_the_sheet(cast, programme, members):
    for member, letters in zip(members, ("HT", "HI", "AH"), strict=True):
        mark(programme, member, letters, cast.provinsi_a)
    finish_programme(programme_id=programme.pk, by=cast.provinsi_a)
    standings = list(OrientationMember.objects.order_by("pk").values_list("standing", flat=True))
    assert standings == [OrientationStanding.PASSED, OrientationStanding.SHORT, OrientationStanding.SHORT]
    with pytest.raises(Refused, match="sudah diselesaikan"):
        mark(programme, members[0], "AA", cast.provinsi_a)
    with pytest.raises(IllegalMove):
        finish_programme(programme_id=programme.pk, by=cast.provinsi_a)


def test_finish_programme_with_a_missing_mark_names_the_person(cast, programme, members):
    mark(programme, members[0], "HH", cast.provinsi_a)
    with pytest.raises(Refused, match=members[1].participant.full_name):
        finish_programme(programme_id=programme.pk, by=cast.provinsi_a)
    programme.refresh_from_db()
    assert programme.state == OrientationState.OPEN


def test_finish_programme_before_its_last_day_is_refused(cast):
    later = make_programme(cast.pksdm, day=timezone.localdate() + DAY)
    with pytest.raises(Refused, match="hari terakhirnya"):
        finish_programme(programme_id=later.pk, by=cast.pksdm)


def test_reopen_programme_gives_the_sheet_back(cast, programme, members):
    for member in members:
        mark(programme, member, "HH", cast.provinsi_a)
    finish_programme(programme_id=programme.pk, by=cast.provinsi_a)
    reopen_programme(programme_id=programme.pk, by=cast.provinsi_a)
    assert set(OrientationMember.objects.values_list("standing", flat=True)) == {OrientationStanding.TAKING}


def test_reopen_programme_while_a_short_one_takes_another_is_refused(cast, programme, members):
    for member, letters in zip(members, ("HH", "AA", "HH"), strict=True):
        mark(programme, member, letters, cast.provinsi_a)
    finish_programme(programme_id=programme.pk, by=cast.provinsi_a)
    join(make_programme(cast.pksdm), [Participant.objects.get(pk=members[1].participant_id)], cast.pksdm)
    with pytest.raises(Refused, match="orientasi lain"):
        reopen_programme(programme_id=programme.pk, by=cast.provinsi_a)
    assert OrientationProgramme.objects.get(pk=programme.pk).state == OrientationState.FINISHED
