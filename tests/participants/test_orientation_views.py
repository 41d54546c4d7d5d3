from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from participants.enums import OrientationStanding, Stage
from participants.models import OrientationAttendance, OrientationMember, OrientationProgramme, Participant
from participants.services.orientation import finish_programme
from tests import factories
from tests.participants.orientations import DAY, approved, join, make_programme, make_template


@pytest.fixture
def programme(cast) -> OrientationProgramme:
    return make_programme(cast.provinsi_a, province=cast.province_a)


def sheet(programme) -> str:
    return reverse("orientation_attendance", args=[programme.pk, programme.sessions.first().pk])


def test_orientation_add_by_a_province_is_its_own(cast, sign_in):
    template = make_template()
    client = sign_in(cast.provinsi_a)
    typed = {
        "template": template.pk,
        "title": "Orientasi NTT",
        "starts_on": "2026-06-02",
        "method": "daring",
        "province": cast.province_b.pk,
    }
    refused = client.post(reverse("orientation_add"), typed)
    assert (refused.status_code, OrientationProgramme.objects.count()) == (422, 0)
    assert 'value="Orientasi NTT"' in refused.content.decode()
    client.post(reverse("orientation_add"), {**typed, "province": cast.province_a.pk})
    made = OrientationProgramme.objects.get()
    assert (made.province, made.sessions.count()) == (cast.province_a, 3)


def test_orientation_add_on_site_asks_for_the_place(cast, sign_in):
    typed = {"template": make_template().pk, "title": "O", "starts_on": "2026-06-02", "method": "luring"}
    answer = sign_in(cast.pksdm).post(reverse("orientation_add"), typed)
    assert "Orientasi luring memerlukan tempat." in answer.content.decode()


def test_orientation_members_previews_before_it_writes(cast, sign_in, programme):
    ready, early = approved(cast.kupang)[0], approved(cast.ende, stage="registered")[0]
    client, url = sign_in(cast.provinsi_a), reverse("orientation_members", args=[programme.pk])
    page = client.get(url).content.decode()
    assert ready.full_name in page
    assert early.full_name not in page
    preview = client.post(url, {"orang": [ready.pk, early.pk], "aksi": "periksa"}).content.decode()
    assert "belum bisa ikut" in preview
    assert not OrientationMember.objects.exists()
    client.post(url, {"orang": [ready.pk], "aksi": "tambahkan"})
    assert OrientationMember.objects.get().participant == ready


def test_orientation_members_tick_everybody_who_is_shown(cast, sign_in, programme):
    mine, other = approved(cast.kupang)[0], approved(cast.ende)[0]
    url = reverse("orientation_members", args=[programme.pk])
    page = sign_in(cast.provinsi_a).get(url, {"satker": "Kupang", "semua": "1"}).content.decode()
    assert f'value="{mine.pk}" checked' in page
    assert other.full_name not in page


def test_orientation_remove_asks_for_a_reason(cast, sign_in, programme):
    [member] = join(programme, approved(cast.kupang), cast.provinsi_a)
    client, url = sign_in(cast.provinsi_a), reverse("orientation_remove", args=[programme.pk, member.pk])
    assert client.post(url, {"reason": ""}).status_code == 422
    client.post(url, {"reason": "Tugas luar"})
    member.refresh_from_db()
    assert member.standing == OrientationStanding.REMOVED
    assert "Tugas luar" in client.get(programme.get_absolute_url()).content.decode()
    assert client.get(url).status_code == 404


def test_orientation_attendance_saves_and_fills_the_rest(cast, sign_in, programme):
    first, second = join(programme, approved(cast.kupang, 2), cast.provinsi_a)
    client = sign_in(cast.provinsi_a)
    client.post(sheet(programme), {f"m{first.pk}": "S", f"w{first.pk}": ""})
    assert list(OrientationAttendance.objects.values_list("member", "mark")) == [(first.pk, "S")]
    client.post(sheet(programme), {f"m{first.pk}": "S", f"w{first.pk}": "S", f"w{second.pk}": "", "sisa": "1"})
    assert list(OrientationAttendance.objects.order_by("pk").values_list("mark", flat=True)) == ["S", "H"]


def test_orientation_attendance_that_crossed_keeps_what_was_typed(cast, sign_in, programme):
    first, second = join(programme, approved(cast.kupang, 2), cast.provinsi_a)
    client = sign_in(cast.provinsi_a)
    sign_in(cast.pksdm).post(sheet(programme), {f"m{first.pk}": "A", f"w{first.pk}": ""})
    answer = client.post(sheet(programme), {f"m{first.pk}": "H", f"w{first.pk}": "", f"m{second.pk}": "T", f"w{second.pk}": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Baru saja diisi orang lain" in page
    assert f'name="m{second.pk}" value="T" checked' in page
    assert f'name="w{first.pk}" value="A"' in page
    assert OrientationAttendance.objects.get().mark == "A"


def test_orientation_attendance_shows_who_is_at_the_limit(cast, sign_in, programme):
    [member] = join(programme, approved(cast.kupang), cast.provinsi_a)
    sign_in(cast.provinsi_a).post(sheet(programme), {f"m{member.pk}": "A", f"w{member.pk}": ""})
    page = sign_in(cast.provinsi_a).get(sheet(programme)).content.decode()
    assert "sudah atau tepat di batas" in page


def test_orientation_attendance_of_another_programmes_session_is_not_found(cast, sign_in, programme):
    foreign = make_programme(cast.pksdm).sessions.first()
    url = reverse("orientation_attendance", args=[programme.pk, foreign.pk])
    assert sign_in(cast.provinsi_a).get(url).status_code == 404


def test_orientation_attendance_of_a_national_one_is_read_only_for_a_province(cast, sign_in):
    national = make_programme(cast.pksdm)
    join(national, [*approved(cast.kupang, full_name="Orang NTT"), *approved(cast.badung, full_name="KENARI Bali")], cast.pksdm)
    client = sign_in(cast.provinsi_a)
    page = client.get(sheet(national)).content.decode()
    assert "Orang NTT" in page
    assert "KENARI" not in page
    assert "Simpan kehadiran" not in page
    assert client.post(sheet(national), {}).status_code == 404
    assert "KENARI" not in client.get(national.get_absolute_url()).content.decode()


def test_orientation_timetable_keeps_what_was_typed_and_saves(cast, sign_in, programme):
    client, url = sign_in(cast.provinsi_a), reverse("orientation_timetable", args=[programme.pk])
    first, second = programme.sessions.all()
    day = programme.starts_on.isoformat()
    typed = {"version": "1", "lines": "3"}
    for n, (pk, title, start, end) in enumerate(
        ((first.pk, "Satu", "08:00", "10:00"), (second.pk, "Dua", "09:00", "11:00"), ("", "", "", ""))
    ):
        typed |= {f"s{n}-pk": pk, f"s{n}-title": title, f"s{n}-day": day, f"s{n}-starts_at": start, f"s{n}-ends_at": end, f"s{n}-hours": "2" if pk else ""}  # fmt: skip
    refused = client.post(url, typed)
    assert refused.status_code == 422
    assert "bertumpuk" in refused.content.decode()
    assert 'value="Satu"' in refused.content.decode()
    assert client.post(url, {**typed, "s1-starts_at": "10:00", "s1-hours": ""}).status_code == 422
    assert client.post(url, {**typed, "s1-starts_at": "10:00"}).status_code == 302
    assert [session.title for session in programme.sessions.all()] == ["Satu", "Dua"]
    assert client.post(url, {**typed, "s1-starts_at": "10:00"}).status_code == 409


def test_orientation_move_says_what_is_missing(cast, sign_in, programme):
    [member] = join(programme, approved(cast.kupang), cast.provinsi_a)
    page = sign_in(cast.provinsi_a).post(reverse("orientation_move", args=[programme.pk]), follow=True).content.decode()
    assert f"belum lengkap: {member.participant.full_name}" in page


def test_orientation_calendar_has_one_event_per_session_in_utc(cast, sign_in, programme):
    text = sign_in(cast.pksdm).get(reverse("orientation_calendar", args=[programme.pk])).content.decode()
    assert text.count("BEGIN:VEVENT") == 2
    assert f"DTSTART:{programme.starts_on:%Y%m%d}T010000Z" in text


def test_home_names_a_programme_that_is_over(cast, sign_in):
    past = make_programme(cast.provinsi_a, province=cast.province_a, day=timezone.localdate() - DAY)
    join(past, approved(cast.kupang), cast.provinsi_a)
    assert "Selesaikan 1 orientasi tugas" in sign_in(cast.provinsi_a).get("/").content.decode()
    assert "Selesaikan 1 orientasi tugas" not in sign_in(cast.provinsi_b).get("/").content.decode()


@pytest.mark.parametrize("page", ["list", "detail", "sheet", "members"])
@pytest.mark.parametrize("who", ["provinsi_a", "pksdm"])
def test_orientation_pages_ask_the_same_queries_at_one_and_three(cast, sign_in, programme, page, who):
    client = sign_in(getattr(cast, who))
    urls = {
        "list": reverse("orientation_list"),
        "detail": programme.get_absolute_url(),
        "sheet": sheet(programme),
        "members": reverse("orientation_members", args=[programme.pk]),
    }
    counts = []
    for more in (1, 2):
        join(programme, approved(cast.kupang, more), cast.provinsi_a)
        approved(cast.kupang, more)
        if more == 2:
            make_programme(cast.provinsi_a, province=cast.province_a)
            make_programme(cast.pksdm)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(urls[page]).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15


def test_own_page_of_a_participant_shows_only_the_own_line(cast, sign_in, programme):
    user = factories.UserFactory()
    factories.RoleGrantFactory(user=user, role="peserta")
    own, other = approved(cast.kupang, user=user)[0], approved(cast.kupang, full_name="KENARI Teman")[0]
    join(programme, [own, other], cast.provinsi_a)
    page = sign_in(user).get(programme.get_absolute_url()).content.decode()
    assert own.full_name in page
    assert "KENARI" not in page


def test_orientation_names_who_left_and_does_not_count_them(cast, sign_in, programme):
    stays, gone = join(programme, approved(cast.kupang, 2), cast.provinsi_a)
    for session in programme.sessions.all():
        for member in (stays, gone):
            OrientationAttendance.objects.create(session=session, member=member, mark="H", marked_by=cast.provinsi_a)
    Participant.objects.filter(pk=gone.participant_id).update(stage=Stage.DISMISSED)
    page = sign_in(cast.provinsi_a).get(programme.get_absolute_url())
    assert {line.member.pk: line.kind for line in page.context["lines"]} == {stays.pk: "enough", gone.pk: "left"}
    assert "Tidak dihitung. Keluarkan dari orientasi ini." in page.content.decode()
    assert (page.context["totals"].complete, page.context["totals"].enough) == (1, 1)


def test_finish_programme_asks_no_marks_of_who_left_and_passes_them_not(cast, programme):
    stays, gone = join(programme, approved(cast.kupang, 2), cast.provinsi_a)
    for session in programme.sessions.all():
        OrientationAttendance.objects.create(session=session, member=stays, mark="H", marked_by=cast.provinsi_a)
    Participant.objects.filter(pk=gone.participant_id).update(stage=Stage.WITHDRAWN)
    finish_programme(programme_id=programme.pk, by=cast.provinsi_a)
    standings = dict(OrientationMember.objects.values_list("pk", "standing"))
    assert standings == {stays.pk: OrientationStanding.PASSED, gone.pk: OrientationStanding.SHORT}
