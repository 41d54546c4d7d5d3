"""What each date of registration, verification, placement and phases says, to whom."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from latsar.accounts import audit
from latsar.notices.models import Notice, ReminderRule
from latsar.notices.services import send_reminders
from latsar.training.enums import BatchStage, PhaseKind
from latsar.training.models import BatchPhase, Holiday
from mentoring.models import GroupCoach, MentorAssignment
from participants.enums import ProgressState, Stage
from participants.models import (
    ActivationSlip,
    ContactRequest,
    Movement,
    OrientationProgramme,
    ParticipantImport,
    PhaseProgress,
    RegistrationDraft,
)
from tests.factories import (
    BatchFactory,
    DocumentFactory,
    MentorFactory,
    ParticipantFactory,
    PlacementFactory,
    RoleGrantFactory,
    UserFactory,
)
from tests.participants.orientations import approved, join, make_programme

TODAY = date(2026, 11, 23)  # a Monday
DAY = timedelta(days=1)


def noon(days: int) -> datetime:
    return datetime(2026, 11, 23, 5, tzinfo=UTC) + timedelta(days=days)


def run(source: str, audience: str, offset: int) -> dict[str, str]:
    """Run one rule and return {account: text}."""
    ReminderRule.objects.create(code="uji", source=source, audience=audience, offset=offset)
    send_reminders(today=TODAY)
    return dict(Notice.objects.values_list("user__username", "text"))


def account() -> object:
    user = UserFactory()
    RoleGrantFactory(user=user, role="peserta")
    return user


@pytest.mark.parametrize(
    ("fields", "is_told"),
    [({}, True), ({"ends": 6}, False), ({"ends": 8}, True), ({"stage": Stage.GRADUATED, "graduated_on": TODAY, "ends": 8}, False)],
)
def test_probation_tells_who_has_no_seat_in_time(cast, fields, is_told):
    user, ends = account(), fields.pop("ends", None)
    if ends is not None:
        batch = BatchFactory(institute=cast.institute_a, starts_on=TODAY - 60 * DAY, ends_on=TODAY + ends * DAY)
        fields = {"stage": Stage.TRAINING, "batch": batch} | fields
    ParticipantFactory(satker=cast.kupang, user=user, tmt_cpns=date(2025, 11, 1), deadline=TODAY + 7 * DAY, **fields)
    assert (user.username in run("probation", "person", -7)) is is_told


@pytest.mark.parametrize("offset", [-400, -90, 0, 1])
def test_probation_links_to_a_list_for_every_distance(cast, offset):
    from latsar.notices.reminders import Asked, reminders

    ParticipantFactory(satker=cast.kupang, tmt_cpns=date(2025, 1, 1), deadline=TODAY - offset * DAY)
    (line,) = reminders("probation", Asked("satker", TODAY - offset * DAY, TODAY))
    assert line.url.startswith("/peserta/?tahap=berjalan&batas=")


def test_verification_counts_working_days_and_holidays(cast):
    Holiday.objects.create(date=date(2026, 11, 20), name="Hari libur contoh")
    # four working days after Tuesday the 17th, without Friday: Tuesday the 24th
    ParticipantFactory(satker=cast.kupang, stage=Stage.SUBMITTED, stage_at=noon(-6))
    ParticipantFactory(satker=cast.ende, stage=Stage.SUBMITTED, stage_at=noon(-5))
    assert run("verification", "province", -1) == {"provinsi.a": "1 berkas harus dijawab paling lambat 24 November 2026."}


def test_verification_of_verified_and_central_files_goes_to_pksdm(cast):
    ParticipantFactory(satker=cast.kupang, stage=Stage.VERIFIED, stage_at=noon(-7))
    ParticipantFactory(satker=cast.setjen, province=cast.setjen, stage=Stage.SUBMITTED, stage_at=noon(-7))
    ParticipantFactory(satker=cast.kupang, stage=Stage.SUBMITTED, stage_at=noon(-7))
    assert run("verification", "pksdm", 3) == {"pksdm.satu": "2 berkas lewat batas jawab 20 November 2026."}


def test_returned_and_unsubmitted_go_to_the_own_satker(cast):
    ParticipantFactory(satker=cast.kupang, stage=Stage.RETURNED, stage_at=noon(-7))
    ParticipantFactory(satker=cast.badung, stage=Stage.RETURNED, stage_at=noon(-6))
    text = "1 berkas dikembalikan 16 November 2026 dan belum diajukan lagi. Perbaiki menurut catatannya."
    assert run("returned", "satker", 7) == {"admin.kupang": text}
    ReminderRule.objects.all().delete()
    ParticipantFactory(satker=cast.ende, stage=Stage.REGISTERED, stage_at=noon(-7))
    assert "admin.ende" in run("unsubmitted", "satker", 7)


@pytest.mark.parametrize("settled", ["", "again", "active"])
def test_invitation_unused_is_told_to_the_satker(cast, settled):
    user = UserFactory()
    user.set_unusable_password()
    user.save()
    person = ParticipantFactory(satker=cast.kupang, user=user, stage=Stage.PLACED, batch=BatchFactory(institute=cast.institute_a))
    entry = audit.record(verb="invite", obj=person, by=cast.admin_kupang)
    type(entry).objects.filter(pk=entry.pk).update(at=noon(-3))
    if settled == "again":
        audit.record(verb="invite", obj=person, by=cast.admin_kupang)
    if settled == "active":
        user.set_password("empat-kuda-melompat")
        user.save()
    assert list(run("invitation", "satker", 3)) == ([] if settled else ["admin.kupang"])


def test_draft_and_preview_go_to_who_began_them(cast):
    RegistrationDraft.objects.create(user=cast.admin_kupang, data={"nip": "1"})
    RegistrationDraft.objects.update(saved_at=noon(-2))
    ParticipantImport.objects.create(filename="cpns.xlsx", sha256="0" * 64, uploaded_by=cast.admin_ende, uploaded_at=noon(-2))
    assert run("draft", "person", 2) == {
        "admin.kupang": "Isian pendaftaran CPNS Anda dari 21 November 2026 belum disimpan. Lanjutkan, atau kosongkan."
    }
    ReminderRule.objects.all().delete()
    assert run("import_preview", "person", 2)["admin.ende"] == "Pratinjau impor cpns.xlsx belum diputuskan dan dihapus 28 November 2026."


@pytest.mark.parametrize(
    ("audience", "account_name"),
    [("person", "orang"), ("satker", "admin.kupang"), ("province", "provinsi.a"), ("institute", "lembaga.a"), ("pksdm", "pksdm.satu")],
)
def test_batch_start_is_told_on_every_side_alone(cast, audience, account_name):
    user = UserFactory(username="orang")
    batch = BatchFactory(institute=cast.institute_a, starts_on=TODAY + 7 * DAY, number=3)
    ParticipantFactory(satker=cast.kupang, user=user, stage=Stage.PLACED, batch=batch)
    ParticipantFactory(satker=cast.badung, stage=Stage.PLACED, batch=BatchFactory(institute=cast.institute_b, starts_on=TODAY + 8 * DAY))
    said = run("batch_start", audience, -7)
    assert list(said) == [account_name]
    assert "mulai" in said[account_name]
    assert "30 November 2026" in said[account_name]


@pytest.mark.parametrize(("audience", "names"), [("person", ["tertinggal"]), ("institute", ["lembaga.a"])])
def test_phase_end_tells_who_is_behind(cast, audience, names):
    batch = BatchFactory(institute=cast.institute_a, stage=BatchStage.RUNNING, starts_on=TODAY - 22 * DAY)
    phase = batch.phases.order_by("order").first()  # the first phase ends 25 days after the start
    for name, state in (("selesai", ProgressState.DONE), ("tertinggal", ProgressState.RUNNING)):
        person = ParticipantFactory(satker=cast.kupang, user=UserFactory(username=name), stage=Stage.TRAINING, batch=batch)
        PhaseProgress.objects.create(participant=person, phase=phase, state=state, marked_by=cast.pksdm)
    said = run("phase_end", audience, -3)
    assert list(said) == names
    assert "26 November 2026" in said[names[0]]


def test_deferral_end_is_told_to_the_own_satker(cast):
    ParticipantFactory(satker=cast.kupang, stage=Stage.DEFERRED, deferred_until=TODAY + 14 * DAY)
    ParticipantFactory(satker=cast.badung, stage=Stage.DEFERRED, deferred_until=TODAY + 13 * DAY)
    said = run("deferral_end", "satker", -14)
    assert list(said) == ["admin.kupang"]
    assert "7 Desember 2026" in said["admin.kupang"]


def test_dossier_expiry_tells_the_person_and_counts_for_the_satker(cast):
    user, ends = account(), TODAY + 14 * DAY
    person = ParticipantFactory(satker=cast.kupang, user=user, tmt_cpns=date(2026, 1, 1), deadline=date(2027, 1, 1))
    other = ParticipantFactory(satker=cast.kupang, tmt_cpns=date(2026, 1, 1), deadline=date(2027, 1, 1))
    gone = ParticipantFactory(satker=cast.kupang, stage=Stage.WITHDRAWN, tmt_cpns=date(2026, 1, 1), deadline=date(2027, 1, 1))
    for one, day in ((person, ends), (other, ends), (other, ends + DAY), (gone, ends)):
        DocumentFactory(participant=one, code=f"sehat-{day}", issued_on=TODAY, expires_on=day)
    assert list(run("dossier_expiry", "person", -14)) == [user.username]
    Notice.objects.all().delete()
    ReminderRule.objects.all().delete()
    assert run("dossier_expiry", "satker", -14) == {
        cast.admin_kupang.username: "Berkas 2 CPNS habis masa berlakunya 7 Desember 2026. Minta dan unggah yang baru."
    }


@pytest.mark.parametrize("kind", list(PhaseKind))
def test_phase_start_of_every_kind_tells_participant_institute_mentor_and_coach(cast, kind):
    batch = BatchFactory(institute=cast.institute_a, stage=BatchStage.RUNNING, starts_on=TODAY - 60 * DAY)
    phase = batch.phases.order_by("order").first()
    BatchPhase.objects.filter(pk=phase.pk).update(kind=kind, name=kind.label, starts_on=TODAY + 3 * DAY, ends_on=TODAY + 9 * DAY)
    person = ParticipantFactory(satker=cast.kupang, user=UserFactory(username="orang"), stage=Stage.TRAINING, batch=batch)
    PlacementFactory(participant=person, seat=batch.seats.first(), group=1)
    MentorAssignment.objects.create(
        mentor=MentorFactory(user=cast.mentor_a, satker=cast.kupang), participant=person, slot=1, assigned_by=cast.pksdm
    )
    GroupCoach.objects.create(batch=batch, group=1, coach=cast.coach_a)
    said = {}
    for source, audience in (
        ("phase_start", "person"),
        ("phase_start", "institute"),
        ("guided_phase_start", "mentor"),
        ("guided_phase_start", "coach"),
    ):
        Notice.objects.all().delete()
        ReminderRule.objects.all().delete()
        said |= run(source, audience, -3)
    assert set(said) == {"orang", "lembaga.a", "mentor.a", "coach.a"}
    assert said["orang"] == f"Fase {kind.label} mulai 26 November 2026."
    assert said["mentor.a"] == f"1 peserta bimbingan Anda mulai fase {kind.label} 26 November 2026."


def test_phase_start_on_the_first_day_of_the_batch_is_told_as_its_start(cast):
    batch = BatchFactory(institute=cast.institute_a, starts_on=TODAY + 3 * DAY)
    BatchPhase.objects.filter(batch=batch, order=1).update(starts_on=TODAY + 3 * DAY)
    ParticipantFactory(satker=cast.kupang, user=UserFactory(), stage=Stage.PLACED, batch=batch)
    assert run("phase_start", "person", -3) == {}


def test_orientation_start_tells_members_and_their_offices(cast):
    programme = make_programme(cast.provinsi_a, province=cast.province_a)
    OrientationProgramme.objects.update(starts_on=TODAY + 3 * DAY, ends_on=TODAY + 4 * DAY)
    join(programme, approved(cast.kupang, user=UserFactory(username="orang")), cast.provinsi_a)
    assert "26 November 2026" in run("orientation_start", "person", -3)["orang"]
    ReminderRule.objects.all().delete()
    assert "admin.kupang" in run("orientation_start", "satker", -3)


def test_slip_contact_and_movement_that_wait_are_told(cast):
    person = ParticipantFactory(satker=cast.kupang)
    ActivationSlip.objects.create(participant=person, code_hash="1" * 64, printed_by=cast.pksdm, valid_until=TODAY + 3 * DAY)
    assert "26 November 2026" in run("slip_expiry", "satker", -3)["admin.kupang"]
    ReminderRule.objects.all().delete()
    Notice.objects.all().delete()
    ContactRequest.objects.create(participant=person, phone="081200000999", requested_at=noon(-3))
    assert run("contact_waiting", "satker", 3)["admin.kupang"].startswith("1 usulan kontak menunggu sejak 20 November 2026")
    ReminderRule.objects.all().delete()
    Movement.objects.create(
        participant=person,
        kind="defer",
        reason="illness",
        note="Sakit",
        effective_on=TODAY,
        proposed_by=cast.admin_kupang,
        proposed_at=noon(-3),
    )
    assert run("movement_waiting", "pksdm", 3)["pksdm.satu"] == "1 usulan perubahan status menunggu keputusan sejak 20 November 2026."


def test_grant_end_tells_who_holds_it_and_pksdm(cast):
    cast.admin_kupang.grants.update(valid_to=TODAY + 14 * DAY, valid_from=date(2020, 1, 1))
    assert "7 Desember 2026" in run("grant_end", "person", -14)["admin.kupang"]
    ReminderRule.objects.all().delete()
    assert run("grant_end", "pksdm", -14)["pksdm.satu"].startswith("1 peran berakhir 7 Desember 2026")
