"""The timetable: laid out from the curriculum, its clashes, the form, copying, files, and the private calendar."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import pairwise

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from latsar.accounts.errors import NotAllowed, Refused, StaleVersion
from latsar.notices.models import Notice
from latsar.training.calendar import WorkCalendar
from latsar.training.models import AgendaSubject, Holiday, Lecturer, TrainingSession
from latsar.training.services import add_sessions, copy_day, generate_timetable, remove_session, session_clashes, update_session
from latsar.training.services.sessions import SessionFacts
from latsar.training.timetable import JP, USUAL_SLOTS, Slot, agenda_totals, plan
from participants.models import Attendance, CalendarAddress
from participants.services import feeds
from participants.workbook.refusal import WorkbookRefused
from participants.workbook.table import read_table
from tests import factories
from tests.participants.trainings import CLOCK, make_session, running_batch

MONDAY = date(2026, 3, 2)


@pytest.fixture
def running(cast):
    return running_batch(cast)


def facts(day: date, hour: int = 8, title: str = "Materi", **more) -> SessionFacts:
    start = datetime.combine(day, time(hour), CLOCK)
    return SessionFacts(title, start, start + timedelta(minutes=90), 2, **more)


@given(
    st.lists(st.integers(0, 30), min_size=1, max_size=6),
    st.integers(0, 25),
    st.lists(st.tuples(st.integers(7, 18), st.integers(1, 3)), min_size=1, max_size=4, unique_by=lambda slot: slot[0] // 3),
    st.sets(st.integers(0, 25), max_size=5),
)
def test_plan_places_all_it_can_on_working_days_without_overlap(hours, length, slots, free):
    subjects = [(AgendaSubject(pk=n, name=f"Materi {n}", hours=jp), jp) for n, jp in enumerate(hours, 1)]
    calendar = WorkCalendar(frozenset(MONDAY + timedelta(days=n) for n in free))
    parts = [Slot(time(hour), jp) for hour, jp in slots]
    last = MONDAY + timedelta(days=length)
    laid = plan(subjects, first=MONDAY, last=last, slots=parts, zone="WITA", calendar=calendar)
    placed: dict[int, int] = {}
    for one in laid.sessions:
        placed[one.subject_id] = placed.get(one.subject_id, 0) + one.jp
        assert calendar.is_working(one.starts_at.date())
        assert MONDAY <= one.starts_at.date() <= last
        assert one.ends_at - one.starts_at == JP * one.jp
    assert {s.pk: jp for s, jp in subjects if jp} == {pk: placed.get(pk, 0) + laid.left.get(pk, 0) for pk in {*placed, *laid.left}}
    ordered = sorted(laid.sessions, key=lambda one: one.starts_at)
    assert all(one.ends_at <= other.starts_at or one.starts_at.date() != other.starts_at.date() for one, other in pairwise(ordered)) or any(
        a.end_minute > b.start.hour * 60 for a, b in pairwise(sorted(parts, key=lambda slot: slot.start))
    )
    if laid.left:  # what is left does not fit: every slot of every working day is in use
        assert len(laid.sessions) == calendar.count(MONDAY, last) * len(parts)


@pytest.mark.django_db
def test_generate_fills_what_the_curriculum_lacks_once(cast):
    batch, _people = running_batch(cast, subjects=(("Akuntabel", 12), ("Kompeten", 40)))
    phase = batch.phases.first()
    phase.starts_on, phase.ends_on = MONDAY, MONDAY + timedelta(days=4)
    phase.save()
    subjects = list(batch.curriculum.subjects.order_by("order"))
    Holiday.objects.create(date=MONDAY + timedelta(days=1), name="Hari contoh")
    asked = {"batch_id": batch.pk, "phase": phase, "subjects": subjects, "slots": USUAL_SLOTS, "zone": "WITA", "mode": "sync"}
    made, left = generate_timetable(**asked, by=cast.lembaga_a)
    assert {one.local_start.date() for one in made} == {MONDAY + timedelta(days=n) for n in (0, 2, 3, 4)}
    assert sum(one.jp for one in made) + sum(left.values()) == 52
    assert [(line.agenda, line.planned, line.wanted) for line in agenda_totals(subjects, made)] == [
        ("Agenda II", 52 - sum(left.values()), 52)
    ]
    again, still = generate_timetable(**asked, by=cast.pksdm)
    assert (again, still) == ([], left)
    with pytest.raises(NotAllowed):
        generate_timetable(**asked, by=cast.lembaga_b)


@pytest.mark.django_db
def test_clashes_name_lecturer_room_group_phase_and_holiday(cast, running, django_assert_num_queries):
    batch, _people = running
    other, _more = running_batch(cast, people=1)
    lecturer = Lecturer.objects.create(institute=cast.institute_a, name="Dra. Pengajar")
    phase = batch.phases.first()
    far = make_session(batch, 1, lecturer=lecturer, room="Aula 1", phase=phase, group=1)
    make_session(batch, 2, room="aula  1", group=2)
    make_session(batch, 3, hour=20)
    make_session(other, 1, lecturer=lecturer)
    Holiday.objects.create(date=far.local_start.date(), name="Hari contoh")
    with django_assert_num_queries(4):
        found = session_clashes(batch)
    assert sorted((clash.kind, clash.session.number) for clash in found) == [
        ("holiday", 1), ("holiday", 2), ("holiday", 3), ("lecturer", 1), ("phase", 1), ("room", 1),
    ]  # fmt: skip
    make_session(batch, 4, group=None)
    assert sorted(clash.kind for clash in session_clashes(batch) if clash.kind == "group") == ["group", "group"]


@pytest.mark.django_db
def test_sessions_are_changed_copied_and_kept_once_somebody_is_marked(cast, running):
    batch, people = running
    day = timezone.localdate() - timedelta(days=1)
    (session,) = add_sessions(batch_id=batch.pk, sessions=[facts(day)], by=cast.lembaga_a)
    with pytest.raises(Refused, match="nomor 1 sudah ada"):
        add_sessions(batch_id=batch.pk, sessions=[facts(day, 10, number=1)], by=cast.lembaga_a)
    changed = update_session(session_id=session.pk, version=1, facts=facts(day, 9, "Materi baru"), by=cast.lembaga_a)
    assert (changed.title, changed.number, changed.version) == ("Materi baru", 1, 2)
    with pytest.raises(StaleVersion):
        update_session(session_id=session.pk, version=1, facts=facts(day), by=cast.pksdm)
    with pytest.raises(Refused, match="“materi baru” sudah ada pada"):
        add_sessions(batch_id=batch.pk, sessions=[facts(day, 9, "materi baru")], by=cast.lembaga_a)
    copies = copy_day(batch_id=batch.pk, day=day, count=2, by=cast.lembaga_a)
    with pytest.raises(Refused, match="sudah ada pada"):
        copy_day(batch_id=batch.pk, day=day, count=1, by=cast.lembaga_a)
    assert [(one.number, f"{one.local_start:%H.%M}") for one in copies] == [(2, "09.00"), (3, "09.00")]
    assert all(one.local_start.weekday() < 5 for one in copies)
    Attendance.objects.create(participant=people[0], session=session, mark="H", marked_by=cast.pksdm)
    with pytest.raises(Refused, match="sudah memiliki kehadiran"):
        remove_session(session_id=session.pk, by=cast.lembaga_a)
    remove_session(session_id=copies[0].pk, by=cast.lembaga_a)
    assert TrainingSession.objects.filter(batch=batch).count() == 2
    foreign = Lecturer.objects.create(institute=cast.institute_b, name="Orang Bali")
    with pytest.raises(NotAllowed):
        add_sessions(batch_id=batch.pk, sessions=[facts(day, 14, lecturer=foreign)], by=cast.lembaga_a)


@pytest.mark.django_db
def test_form_keeps_what_was_typed_and_saves_by_the_clock_of_the_place(cast, running, sign_in):
    batch, _people = running
    client, url = sign_in(cast.lembaga_a), reverse("session_add", args=[batch.pk])
    typed = {"title": "Etika publik", "mode": "klasikal", "day": "2026-03-04", "starts": "08.00", "zone": "WIT", "late_after_minutes": 15}
    refused = client.post(url, {**typed, "lecturer": "Drs. Baru", "check_in_opens": "07:30"})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Isi jam selesai atau JP." in page
    assert "Isi kedua jam lapor hadir" in page
    assert 'value="Drs. Baru"' in page
    assert not Lecturer.objects.exists()
    assert client.post(url, {**typed, "jp": 3, "lecturer": "Drs. Baru", "closes": "18:00", "group": "2"}).status_code == 302
    session = TrainingSession.objects.get()
    assert (session.hours_text, session.group, session.lecturer.name) == ("08.00 sampai 10.15 WIT", 2, "Drs. Baru")
    edit = reverse("session_edit", args=[batch.pk, session.pk])
    form = client.get(edit).context["form"]
    assert form.initial["starts"] == time(8)
    stale = client.post(edit, {**typed, "jp": 3, "version": 0, "number": 1})
    assert stale.status_code == 409
    assert client.post(edit, {**typed, "jp": 2, "version": 1, "number": 1}).status_code == 302
    assert client.get(reverse("timetable", args=[batch.pk]), {"tampilan": "minggu", "mulai": "2026-03-04"}).context["page"].shown == 1
    assert client.post(reverse("timetable_copy", args=[batch.pk]), {"day": "2026-03-04", "count": 1}).status_code == 302
    assert client.post(reverse("session_remove", args=[batch.pk, session.pk])).status_code == 302
    assert client.post(reverse("lecturers", args=[batch.pk]), {"name": "drs. baru", "nip": "12"}).status_code == 422
    lecturer, list_url = Lecturer.objects.get(), reverse("lecturers", args=[batch.pk])
    for version, status in ((1, 302), (1, 409)):
        form = {"name": "Dr. Baru", "is_active": "on", "version": version}
        assert client.post(f"{list_url}?ubah={lecturer.pk}", form).status_code == status
    assert client.post(list_url, {"name": "Lain", "email": f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 40}.id"}).status_code == 422
    assert sign_in(cast.lembaga_b).get(url).status_code == 404


@pytest.mark.django_db
def test_generate_page_shows_before_it_makes(cast, sign_in):
    batch, _people = running_batch(cast, subjects=(("Akuntabel", 6),))
    subject = batch.curriculum.subjects.get()
    url, client = reverse("timetable_generate", args=[batch.pk]), sign_in(cast.lembaga_a)
    form = {"phase": batch.phases.first().pk, "mode": "sync", "zone": "WITA", "subjects": [subject.pk], "slot_0": "08:00", "jp_0": 3}
    looked = client.post(url, form)
    assert [one.jp for one in looked.context["plan"]] == [3, 3]
    assert not TrainingSession.objects.exists()
    assert client.post(url, {**form, "slot_1": "08:30", "jp_1": 2}).status_code == 422  # overlapping parts of a day
    assert client.post(url, {**form, "aksi": "buat"}).status_code == 302
    assert TrainingSession.objects.count() == 2


@pytest.mark.django_db
def test_timetable_goes_out_and_comes_home_unchanged(cast, running, sign_in):
    batch, _people = running
    client, url = sign_in(cast.lembaga_a), reverse("timetable_import", args=[batch.pk])
    day = timezone.localdate()
    text = (
        "Rencana acara;;;;;;\r\n\r\nTanggal;Mulai;Selesai;Acara;JP;Kelompok;Pengajar\r\n"
        f"{day:%d-%m-%Y};08.00;10.15;=Etika publik;3;;Dra. Pengajar\r\n{day:%d/%m/%Y};10.30;;Kompeten;2;Kelompok 2;\r\n31-02-2026;25.00;;;99;x;\r\n"
    )
    answer = client.post(url, {"file": SimpleUploadedFile("acara.csv", text.encode("cp1252"))})
    page = client.get(answer.url)
    assert page.context["counts"] == {"new": 2, "changed": 0, "same": 0, "error": 1}
    wrong = next(line for line, *_face in page.context["rows"] if line.problems)
    assert (wrong.number, len(wrong.problems)) == (6, 5)
    errors = b"".join(client.get(reverse("table_upload_errors", args=[batch.pk, int(answer.url.split("/")[-2])])).streaming_content)
    assert CalamineWorkbook.from_filelike(BytesIO(errors)).get_sheet_by_index(0).to_python()[1][0] == 6
    assert client.post(answer.url, {"aksi": "simpan"}).status_code == 302
    assert client.get(answer.url).status_code == 404
    assert list(TrainingSession.objects.values_list("title", "jp", "group")) == [("=Etika publik", 3, None), ("Kompeten", 2, 2)]
    book = client.get(reverse("timetable_export", args=[batch.pk])).content
    again = client.post(url, {"file": SimpleUploadedFile("acara.xlsx", book)})
    assert client.get(again.url).context["counts"] == {"new": 0, "changed": 0, "same": 2, "error": 0}
    assert client.post(again.url, {"aksi": "buang"}).status_code == 302
    for name, content in (("acara.xlsx", b"PK\x03\x04 rusak"), ("acara.xlsm", book), ("acara.csv", b"\x00\x01;\x00"), ("acara.csv", b"")):
        assert client.post(url, {"file": SimpleUploadedFile(name, content)}).status_code == 422


def test_table_with_a_cell_far_to_the_right_is_refused_before_it_is_read():
    book, stream = Workbook(), BytesIO()
    book.active["A1"], book.active["B1"], book.active["XFD2000"] = "Tanggal", "Mulai", "x"
    book.save(stream)
    stream.seek(0)
    with pytest.raises(WorkbookRefused, match="kolom ke-16384"):
        read_table(stream, "acara.xlsx")


@pytest.mark.django_db
def test_feed_is_a_calendar_of_the_own_sessions_with_zones_and_sequence(cast, running, client):
    batch, (one, _two, three) = running
    for number, zone in enumerate(("WIB", "WITA", "WIT"), 1):
        make_session(
            batch, number, zone=zone, hour=6 + number, title=f"Materi {number}, dengan judul yang panjang sekali; {'x' * 90}", group=1
        )
    make_session(batch, 9, group=2, title="Rahasia kelompok 2")
    address = feeds.renew_address(by=one.user)
    url = reverse("calendar_feed", args=[address.token])
    answer = client.get(url)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert max(len(line) for line in answer.content.split(b"\r\n")) <= 75
    calendar = Calendar.from_ical(answer.content)
    zones = {str(part["TZID"]) for part in calendar.walk("VTIMEZONE")}
    assert zones == {"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"}
    events = {str(event["UID"]): event for event in calendar.walk("VEVENT")}
    sessions = {uid: event for uid, event in events.items() if uid.startswith("sesi-")}
    assert len(sessions) == 3
    assert len(events) == 3 + batch.phases.count()
    assert all("DTSTAMP" in event for event in events.values())
    phase = batch.phases.first()
    assert (events[f"fase-{phase.pk}@latsar"]["DTSTART"].dt, events[f"fase-{phase.pk}@latsar"]["DTEND"].dt) == (
        phase.starts_on, phase.ends_on + timedelta(days=1),
    )  # fmt: skip
    moved = TrainingSession.objects.get(number=2)
    uid = f"sesi-{moved.pk}@latsar"
    assert (sessions[uid]["DTSTART"].dt, sessions[uid]["SEQUENCE"]) == (moved.starts_at, 0)
    assert sessions[uid]["DTSTART"].params["TZID"] == "Asia/Makassar"
    assert one.full_name.encode() not in answer.content
    update_session(session_id=moved.pk, version=1, facts=facts(moved.local_start.date(), 15, group=1), by=cast.lembaga_a)
    changed = next(event for event in Calendar.from_ical(client.get(url).content).walk("VEVENT") if event["UID"] == uid)
    assert changed["SEQUENCE"] == 1
    assert b"Rahasia kelompok 2" in client.get(reverse("calendar_feed", args=[feeds.renew_address(by=three.user).token])).content
    institute = client.get(reverse("calendar_feed", args=[feeds.renew_address(by=cast.lembaga_a).token]))
    assert institute.content.count(b"BEGIN:VEVENT") == 4 + batch.phases.count()
    assert client.get(reverse("calendar_feed", args=[feeds.renew_address(by=cast.lembaga_b).token])).content.count(b"BEGIN:VEVENT") == 0


@pytest.mark.django_db
def test_calendar_address_is_renewed_revoked_and_kept_as_a_hash(cast, running, sign_in, client, settings):
    _batch, (one, *_rest) = running
    own, url = sign_in(one.user), reverse("calendar_page")
    assert own.post(url, {"aksi": "baru"}).status_code == 302
    first = CalendarAddress.objects.get()
    assert len(first.token) * 4 >= 128
    assert first.token not in (first.nonce, first.token_hash)
    assert first.token in own.get(url).content.decode()
    own.post(url, {"aksi": "baru"})
    second = CalendarAddress.objects.get()
    feed = [client.get(reverse("calendar_feed", args=[row.token])).status_code for row in (first, second)]
    assert feed == [404, 200]
    token = second.token
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "kunci-baru", [settings.SECRET_KEY]
    assert second.token == token
    one.user.is_active = False
    one.user.save()
    assert client.get(reverse("calendar_feed", args=[token])).status_code == 404
    one.user.is_active = True
    one.user.save()
    sign_in(one.user).post(url, {"aksi": "matikan"})
    assert client.get(reverse("calendar_feed", args=[token])).status_code == 404
    answers = {client.get(reverse("calendar_feed", args=["0" * 40])).status_code for _n in range(62)}
    assert answers == {404, 429}


@pytest.mark.django_db
def test_coach_sees_the_sessions_of_the_own_group_only(cast, running, client):
    from mentoring.models import GroupCoach

    batch, _people = running
    GroupCoach.objects.create(batch=batch, group=2, coach=cast.coach_a)
    make_session(batch, 1, group=1, title="Kelompok satu")
    make_session(batch, 2, group=2, hour=10, title="Kelompok dua")
    make_session(batch, 3, hour=13, title="Semua orang")
    assert list(TrainingSession.objects.visible_to(cast.coach_a).values_list("number", flat=True).order_by("number")) == [2, 3]
    content = client.get(reverse("calendar_feed", args=[feeds.renew_address(by=cast.coach_a).token])).content
    assert [text in content for text in (b"Kelompok satu", b"Kelompok dua", b"Semua orang")] == [False, True, True]
    factories.RoleGrantFactory(user=cast.stranger, role="coach")
    assert not TrainingSession.objects.visible_to(cast.stranger).exists()


@pytest.mark.django_db
def test_who_is_in_a_near_session_is_told_when_it_changes_or_goes(cast, running):
    batch, (one, two, _three) = running
    near, far = make_session(batch, 1, days_ago=-2, group=1), make_session(batch, 2, days_ago=-30)
    day = near.local_start.date()
    update_session(session_id=near.pk, version=1, facts=facts(day, 8, "Materi 1", group=1, number=1), by=cast.lembaga_a)
    assert not Notice.objects.exists()  # nothing of its time or place is different
    update_session(session_id=near.pk, version=near.version, facts=facts(day, 10, "Materi 1", group=1, number=1), by=cast.lembaga_a)
    update_session(session_id=far.pk, version=1, facts=facts(far.local_start.date(), 10, number=2), by=cast.lembaga_a)
    remove_session(session_id=near.pk, by=cast.lembaga_a)
    told = Notice.objects.order_by("pk").values_list("user", "text")
    assert [user for user, _text in told] == [one.user_id, two.user_id] * 2
    assert "10.00 sampai 11.30 WIB" in told[0][1]
    assert told[2][1].endswith("dihapus dari acara.")
