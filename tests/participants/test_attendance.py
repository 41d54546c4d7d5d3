"""Attendance: marking, crossing, closing, correcting, the own check-in, the limit, and the pages."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from latsar.accounts.errors import NoReason, NotAllowed, Refused
from latsar.accounts.models import AuditEntry
from latsar.notices.models import Notice
from participants import check_in
from participants.absence import absence_of, standing
from participants.attendance_page import LETTERS_SHOWN
from participants.models import AbsenceWarning, Attendance, AttendanceChange
from participants.services.attendance import check_in_self, close_session, mark_attendance, reopen_session
from tests import factories
from tests.participants.trainings import make_session, running_batch


@pytest.fixture
def running(cast):
    return running_batch(cast)


def mark(session, marks, by, seen=None, **more):
    return mark_attendance(session_id=session.pk, marks=marks, seen=seen or {}, by=by, **more)


@pytest.mark.django_db
def test_mark_twice_changes_once_and_keeps_the_story(cast, running):
    batch, (one, two, three) = running
    session = make_session(batch)
    marks = {one.pk: "H", two.pk: "A", three.pk: "T"}
    assert mark(session, marks, cast.lembaga_a).changed == 3
    assert mark(session, marks, cast.lembaga_a).changed == 0
    assert mark(session, {one.pk: "I"}, cast.pksdm, {one.pk: "H"}).changed == 1
    story = list(AttendanceChange.objects.filter(attendance__participant=one).order_by("pk").values_list("old", "new", "by"))
    assert story == [("", "H", cast.lembaga_a.pk), ("H", "I", cast.pksdm.pk)]
    assert AuditEntry.objects.filter(verb="mark_attendance").count() == 2
    assert Attendance.objects.get(participant=one).version == 2


@pytest.mark.django_db
def test_mark_that_somebody_changed_meanwhile_comes_back_and_the_others_are_saved(cast, running):
    batch, (one, two, three) = running
    session = make_session(batch)
    mark(session, {one.pk: "A", three.pk: "H"}, cast.pksdm)
    done = mark(session, {one.pk: "H", two.pk: "H", three.pk: "H"}, cast.lembaga_a)
    assert (done.changed, [(c.participant, c.stored, c.wanted, c.by) for c in done.crossed]) == (1, [(one, "A", "H", cast.pksdm.full_name)])
    # What was shown and left alone is not a wish: the newer mark stays.
    mark(session, {three.pk: "S"}, cast.pksdm, {three.pk: "H"})
    assert mark(session, {three.pk: "H"}, cast.lembaga_a, {three.pk: "H"}) == type(done)()
    assert Attendance.objects.get(participant=three).mark == "S"


@pytest.mark.django_db
def test_mark_by_others_for_others_and_too_early_is_refused(cast, running):
    batch, (one, _two, three) = running
    session, other_group = make_session(batch), make_session(batch, 2, group=2, hour=10)
    for user in (cast.lembaga_b, cast.admin_kupang, cast.provinsi_a, cast.pimpinan, cast.stranger, one.user):
        with pytest.raises(NotAllowed):
            mark(session, {one.pk: "H"}, user)
    factories.RoleGrantFactory(user=one.user, role="lembaga", institute=cast.institute_a)
    del one.user.__dict__["valid_grants"], one.user.__dict__["scope"]
    assert mark(session, {one.pk: "H"}, one.user).changed == 0  # nobody marks oneself
    assert mark(other_group, {one.pk: "H", three.pk: "H"}, cast.lembaga_a).changed == 1
    with pytest.raises(Refused):
        mark(make_session(batch, 3, days_ago=-1), {one.pk: "H"}, cast.lembaga_a)
    with pytest.raises(Refused):
        mark(make_session(batch, 4, mode="async"), {one.pk: "H"}, cast.lembaga_a)


@pytest.mark.django_db
def test_closed_session_takes_corrections_with_a_reason_only(cast, running):
    batch, people = running
    session = make_session(batch)
    mark(session, {people[0].pk: "H", people[1].pk: "H"}, cast.lembaga_a)
    with pytest.raises(Refused, match="Peserta C"):
        close_session(session_id=session.pk, by=cast.lembaga_a)
    mark(session, {people[2].pk: "A"}, cast.lembaga_a)
    assert close_session(session_id=session.pk, by=cast.lembaga_a).closed_by == cast.lembaga_a
    with pytest.raises(NoReason):
        mark(session, {people[2].pk: "S"}, cast.lembaga_a, {people[2].pk: "A"})
    assert mark(session, {people[2].pk: "S"}, cast.lembaga_a, {people[2].pk: "A"}, reason="Surat dokter menyusul").changed == 1
    assert AttendanceChange.objects.first().reason == "Surat dokter menyusul"
    with pytest.raises(NoReason):
        reopen_session(session_id=session.pk, reason=" ", by=cast.lembaga_a)
    assert reopen_session(session_id=session.pk, reason="Daftar tertukar", by=cast.pksdm).closed_at is None


@pytest.mark.django_db
def test_check_in_inside_the_window_marks_present_then_late(cast, running):
    batch, (one, two, three) = running
    now = timezone.now()
    window = {"check_in_opens_at": now - timedelta(minutes=30), "check_in_closes_at": now + timedelta(minutes=30)}
    times = {"starts_at": now, "ends_at": now + timedelta(hours=1)}
    session = make_session(batch, needs_code=True, late_after_minutes=10, group=1, **window, **times)
    code = check_in.code_of(session, now)
    with pytest.raises(Refused, match="Kodenya"):
        check_in_self(session_id=session.pk, by=one.user, code="000000" if code != "000000" else "000001", now=now)
    assert check_in_self(session_id=session.pk, by=one.user, code=f"{code[:3]} {code[3:]}", now=now).mark == "H"
    late = now + timedelta(minutes=20)
    row = check_in_self(session_id=session.pk, by=two.user, code=check_in.code_of(session, late - timedelta(minutes=1)), now=late)
    assert (row.mark, row.source, row.marked_by) == ("T", "self", two.user)
    with pytest.raises(NotAllowed):  # of another group
        check_in_self(session_id=session.pk, by=three.user, code=code, now=now)
    assert mark(session, {two.pk: "A"}, cast.lembaga_a, {two.pk: "T"}).changed == 1
    assert check_in_self(session_id=session.pk, by=two.user, now=now).mark == "A"  # what the institute says stays
    with pytest.raises(Refused, match="sudah lewat"):
        check_in_self(session_id=session.pk, by=one.user, code=code, now=now + timedelta(hours=2))


LETTERS = st.lists(st.tuples(st.sampled_from("HISAT"), st.integers(1, 10)), max_size=40)


@given(
    LETTERS,
    st.none() | st.integers(0, 10),
    st.none() | st.integers(0, 100),
    st.sampled_from(["A", "AI", "AIS"]),
    st.none() | st.integers(1, 5),
)
def test_absence_of_counts_what_the_scheme_says(marks, sessions, percent, letters, late):
    scheme = factories.SchemeFactory.build(
        max_absence_sessions=sessions,
        max_absence_percent=None if percent is None else Decimal(percent),
        absence_marks=letters,
        late_per_absence=late,
    )
    total = sum(jp for _letter, jp in marks)
    found = absence_of(marks, scheme, total)
    plain = [jp for letter, jp in marks if letter in letters]
    lates = sum(letter == "T" for letter, _jp in marks)
    assert found.counted == len(plain) + (lates // late if late else 0)
    assert sum(plain) <= found.missed_jp <= total
    over = (sessions is not None and found.counted > sessions) or (percent is not None and found.missed_jp * 100 > total * percent)
    assert (found.state == "over") == over
    assert found.consequence == ("deferred" if over else "")
    if sessions is not None and not over and found.counted and found.counted >= sessions - 1:
        assert found.state == "warn"
    if sessions is None and percent is None:
        assert found.state == "ok"


@pytest.mark.django_db
def test_absence_warning_is_told_once_per_threshold_to_who_must_act(cast, running, django_assert_num_queries):
    batch, (one, two, three) = running
    factories.RoleGrantFactory(user=cast.admin_ende, role="lembaga", institute=cast.institute_b)
    for number in range(1, 5):
        session = make_session(batch, number, days_ago=6 - number)
        mark(session, {one.pk: "A", two.pk: "H", three.pk: "S"}, cast.lembaga_a)
    told = Notice.objects.filter(key__startswith=f"absence-{batch.pk}-")
    assert sorted(told.values_list("user__username", "key")) == sorted(
        (user.username, f"absence-{batch.pk}-{one.pk}-{state}-{user.pk}")
        for user in (one.user, cast.lembaga_a, cast.pksdm, cast.admin_kupang)
        for state in ("warn", "over")
    )
    with django_assert_num_queries(1):
        found = standing(batch)
    assert {pk: (s.state, s.label, s.consequence) for pk, s in found.items()} == {
        one.pk: ("over", "4 dari 3", "deferred"), two.pk: ("ok", "0 dari 3", ""), three.pk: ("ok", "0 dari 3", ""),
    }  # fmt: skip
    assert [(w.participant, w.state) for w in AbsenceWarning.objects.open()] == [(one, "over")]
    other, _people = running_batch(cast, people=1)
    assert [s.counted for s in standing(other).values()] == [0]


@pytest.mark.django_db
def test_sheet_saves_fills_closes_and_shows_conflicts_with_both_values(cast, running, sign_in):
    batch, (one, two, three) = running
    session = make_session(batch)
    url = reverse("attendance_sheet", args=[batch.pk, session.pk])
    client = sign_in(cast.lembaga_a)
    assert client.post(url, {f"m{one.pk}": "A", f"w{one.pk}": ""}).status_code == 302
    assert "1 dari 3 sudah diisi" in client.get(url).content.decode()
    mark(session, {two.pk: "S"}, cast.pksdm)
    answer = client.post(url, {f"m{two.pk}": "H", f"w{two.pk}": "", f"m{three.pk}": "H", f"w{three.pk}": ""})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert all(text in page for text in ("Baru saja diisi orang lain", "isian Anda", cast.pksdm.full_name))
    assert Attendance.objects.get(participant=three).mark == "H"
    assert client.post(url, {f"m{two.pk}": "H", f"w{two.pk}": "S"}).status_code == 302
    assert client.post(url, {"aksi": "tutup"}).status_code == 302
    session.refresh_from_db()
    assert session.is_closed
    refused = client.post(f"{url}?perbaiki=1", {f"m{one.pk}": "I", f"w{one.pk}": "A"})
    assert refused.status_code == 422
    assert "Tulis alasan perbaikannya" in refused.content.decode()
    assert client.post(f"{url}?perbaiki=1", {f"m{one.pk}": "I", f"w{one.pk}": "A", "alasan": "Surat izin"}).status_code == 302
    assert "Surat izin" in client.get(reverse("attendance_history", args=[batch.pk, session.pk])).content.decode()
    assert client.post(reverse("attendance_move", args=[batch.pk, session.pk]), {"alasan": "Salah"}).status_code == 302
    assert sign_in(cast.admin_kupang).get(url).status_code == 200
    assert sign_in(cast.admin_kupang).post(url, {}).status_code == 404


@pytest.mark.django_db
def test_sheet_fills_the_rest_and_folds_earlier_sessions(cast, running, sign_in):
    batch, people = running
    sessions = [make_session(batch, n, days_ago=1, hour=1 + n % 22, jp=1) for n in range(1, LETTERS_SHOWN + 4)]
    sessions.sort(key=lambda one: one.starts_at)
    for one in sessions[:3]:
        mark(one, {people[0].pk: "H"}, cast.lembaga_a)
    client = sign_in(cast.lembaga_a)
    url = reverse("attendance_sheet", args=[batch.pk, sessions[-1].pk])
    sheet = client.get(url).context["sheet"]
    assert (len(sheet.earlier), sheet.folded_from, sheet.folded_to, sheet.rows[0].folded) == (
        LETTERS_SHOWN,
        sessions[0].number,
        sessions[1].number,
        "2 H",
    )
    assert client.post(url, {"aksi": "sisa", f"m{people[1].pk}": "I"}).status_code == 302
    assert dict(sessions[-1].attendances.values_list("participant_id", "mark")) == {people[0].pk: "H", people[1].pk: "I", people[2].pk: "H"}


@pytest.mark.django_db
def test_pages_of_attendance_ask_the_same_for_one_and_three(cast, sign_in, django_assert_max_num_queries):
    counted = []
    for people, number in ((1, 1), (3, 3)):
        batch, _people = running_batch(cast, people=people)
        for n in range(1, number + 1):
            session = make_session(batch, n, days_ago=n)
        client = sign_in(cast.lembaga_a)
        urls = [
            reverse("attendance_sheet", args=[batch.pk, session.pk]), reverse("batch_attendance", args=[batch.pk]), reverse("attendance_home"),
            reverse("timetable", args=[batch.pk]), reverse("phase_board", args=[batch.pk, batch.phases.first().pk]), reverse("attendance_export", args=[batch.pk]),
        ]  # fmt: skip
        counts = []
        for url in urls:
            client.get(url)
            with django_assert_max_num_queries(60) as queries:
                assert client.get(url).status_code == 200
            counts.append(len(queries))
        counted.append(counts)
    assert counted[0] == counted[1]


@pytest.mark.django_db
def test_attendance_comes_from_a_file_and_leaves_as_a_recap(cast, running, sign_in):
    batch, (one, two, three) = running
    session = make_session(batch)
    client = sign_in(cast.lembaga_a)
    text = f"NIP;Nama;Kehadiran\r\n'{one.nip};{one.full_name};hadir\r\n;{two.full_name};Sakit\r\n1,99E+17;Orang Lain;X9\r\n"
    file = SimpleUploadedFile("hadir.csv", text.encode())
    answer = client.post(reverse("attendance_import", args=[batch.pk, session.pk]), {"file": file})
    page = client.get(answer.url)
    assert page.context["counts"] == {"new": 2, "changed": 0, "same": 0, "error": 1}
    assert "Excel telah membulatkan NIP" in page.content.decode()
    assert "tidak dikenal" in page.content.decode()
    assert not Attendance.objects.exists()
    assert client.post(answer.url, {"aksi": "simpan"}).status_code == 302
    assert dict(Attendance.objects.values_list("participant_id", "mark")) == {one.pk: "H", two.pk: "S"}
    assert set(Attendance.objects.values_list("source", flat=True)) == {"file"}
    again = client.post(reverse("attendance_import", args=[batch.pk, session.pk]), {"file": SimpleUploadedFile("hadir.csv", text.encode())})
    assert client.get(again.url).context["counts"]["same"] == 2
    recap = client.get(reverse("attendance_export", args=[batch.pk]))
    rows = CalamineWorkbook.from_filelike(BytesIO(recap.content)).get_sheet_by_index(0).to_python()
    assert [row[2:5] for row in rows[2:]] == [[p.full_name, p.satker.name, m] for p, m in ((one, "H"), (two, "S"), (three, ""))]


@pytest.mark.django_db
def test_own_page_reports_presence_and_shows_what_comes(cast, running, sign_in):
    batch, (one, _two, _three) = running
    now = timezone.now()
    session = make_session(
        batch,
        starts_at=now,
        ends_at=now + timedelta(hours=1),
        check_in_opens_at=now - timedelta(hours=1),
        check_in_closes_at=now + timedelta(hours=1),
    )
    make_session(batch, 2, days_ago=-1, title="Materi besok")
    client = sign_in(one.user)
    page = client.get(reverse("own_attendance")).content.decode()
    assert "Saya hadir" in page
    assert "Materi besok" in page
    assert "Laporkan kehadiran Anda" in client.get(reverse("home")).content.decode()
    assert client.post(reverse("check_in_own", args=[session.pk])).status_code == 302
    assert Attendance.objects.get().participant == one
    assert "Saya hadir" not in client.get(reverse("own_attendance")).content.decode()
    tried = [client.post(reverse("check_in_own", args=[session.pk])).status_code for _n in range(25)]
    assert 422 in tried  # too many tries of one person, and of nobody else; the window may turn once meanwhile
    assert sign_in(_two.user).post(reverse("check_in_own", args=[session.pk])).status_code == 302
    session.refresh_from_db()
    session.check_in_closes_at = now - timedelta(minutes=1)
    session.save()
    refused = sign_in(_three.user).post(reverse("check_in_own", args=[session.pk]))
    assert (refused.status_code, "Belum tercatat" in refused.content.decode()) == (422, True)


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_two_people_marking_the_same_person_leave_one_row_and_one_conflict(cast):
    """Without the lock on the session both would insert; the unique constraint would turn the slower one into an error."""
    batch, people = running_batch(cast)
    session = make_session(batch)
    barrier, results = threading.Barrier(2), []

    def work(user, letter):
        try:
            barrier.wait(timeout=10)
            results.append(mark(session, {person.pk: letter for person in people}, user))
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=pair) for pair in ((cast.lembaga_a, "H"), (cast.pksdm, "A"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted((done.changed, len(done.crossed)) for done in results) == [(0, 3), (3, 0)]
    assert Attendance.objects.count() == 3
