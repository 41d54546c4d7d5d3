from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from latsar.accounts.enums import Role
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import AuditEntry, RoleGrant, User
from latsar.notices.models import Notice, OutboxMail
from mentoring import services
from mentoring.models import Mentor, MentorAssignment
from participants.enums import Stage
from tests import factories
from tests.mentoring.conftest import make_mentor

FULL = ["Mentor ini sudah membimbing 5 peserta. Pilih mentor lain."]
NIP = "198501012010011905"


def test_assign_mentor_first_takes_slot_one_and_tells_both(cast, mentor, person) -> None:
    person.user = factories.UserFactory()
    person.save()
    assignment = services.assign_mentor(mentor_id=mentor.pk, participant_id=person.pk, by=cast.admin_kupang)
    assert (assignment.slot, assignment.assigned_by) == (1, cast.admin_kupang)
    assert set(Notice.objects.values_list("user_id", flat=True)) == {mentor.user_id, person.user_id}
    assert OutboxMail.objects.get().to == mentor.user.email
    entry = AuditEntry.objects.get(verb="assign_mentor")
    assert (entry.object_id, entry.satker_id, entry.changes) == (str(person.pk), cast.kupang.pk, {"mentor": [None, str(mentor)]})


def test_assign_mentor_takes_the_lowest_free_slot(cast, mentor, person, fill) -> None:
    assignments = fill(mentor, 4)
    services.end_assignment(assignment_id=assignments[1].pk, reason="Pindah tugas", by=cast.admin_kupang)
    assert services.assign_mentor(mentor_id=mentor.pk, participant_id=person.pk, by=cast.admin_kupang).slot == 2


def test_assign_mentor_sixth_is_refused_and_changes_nothing(cast, mentor, person, fill) -> None:
    fill(mentor, 5)
    with pytest.raises(Refused) as refused:
        services.assign_mentor(mentor_id=mentor.pk, participant_id=person.pk, by=cast.admin_kupang)
    assert refused.value.messages == FULL
    assert MentorAssignment.objects.count() == 5
    assert not AuditEntry.objects.filter(verb="assign_mentor").exists()


@pytest.mark.parametrize("slot", [0, 6])
def test_mentor_assignment_slot_outside_the_limit_is_refused_by_the_database(cast, mentor, person, slot) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        MentorAssignment.objects.bulk_create([MentorAssignment(mentor=mentor, participant=person, slot=slot, assigned_by=cast.pksdm)])


def test_mentor_assignment_same_slot_twice_is_refused_by_the_database(cast, mentor, person, fill) -> None:
    fill(mentor, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        MentorAssignment.objects.create(mentor=mentor, participant=person, slot=1, assigned_by=cast.pksdm)


def test_assign_mentor_graduated_mentee_gives_the_slot_back(cast, mentor, person, fill) -> None:
    done = fill(mentor, 5)[2]
    batch = factories.BatchFactory()
    type(done.participant).objects.filter(pk=done.participant_id).update(
        stage=Stage.GRADUATED, graduated_on=timezone.localdate(), batch=batch
    )
    assert services.assign_mentor(mentor_id=mentor.pk, participant_id=person.pk, by=cast.pksdm).slot == 3
    done.refresh_from_db()
    assert (done.end_reason, done.ended_by) == ("Peserta lulus atau berhenti", cast.pksdm)


@pytest.mark.parametrize("by", ["nip", "account"])
def test_assign_mentor_to_oneself_is_refused(cast, mentor, person, by) -> None:
    if by == "nip":
        mentor.nip = person.nip
        mentor.save()
    else:
        person.user = mentor.user
        person.save()
    with pytest.raises(Refused, match="dirinya sendiri"):
        services.assign_mentor(mentor_id=mentor.pk, participant_id=person.pk, by=cast.admin_kupang)


def test_assign_mentor_second_mentor_is_refused(cast, mentor, person) -> None:
    services.assign_mentor(mentor_id=mentor.pk, participant_id=person.pk, by=cast.admin_kupang)
    other = make_mentor(cast.denpasar)
    with pytest.raises(Refused, match="sudah dibimbing"):
        services.assign_mentor(mentor_id=other.pk, participant_id=person.pk, by=cast.admin_kupang)


def test_assign_mentor_who_is_not_willing_is_refused(cast, mentor, person) -> None:
    Mentor.objects.update(is_active=False)
    with pytest.raises(Refused, match="tidak bersedia"):
        services.assign_mentor(mentor_id=mentor.pk, participant_id=person.pk, by=cast.admin_kupang)


ALLOWED = {"admin_kupang", "provinsi_a", "pksdm"}


@pytest.mark.parametrize(
    "name",
    [
        "admin_kupang",
        "admin_ende",
        "provinsi_a",
        "provinsi_b",
        "pksdm",
        "pimpinan",
        "lembaga_a",
        "mentor_a",
        "coach_a",
        "penguji_a",
        "stranger",
    ],
)
def test_assign_mentor_by_each_role_follows_the_scope(cast, mentor, person, name) -> None:
    actor = getattr(cast, name)
    if name in ALLOWED:
        assert services.assign_mentor(mentor_id=mentor.pk, participant_id=person.pk, by=actor).pk
    else:
        with pytest.raises(NotAllowed):
            services.assign_mentor(mentor_id=mentor.pk, participant_id=person.pk, by=actor)
        assert not MentorAssignment.objects.exists()


def test_change_mentor_ends_and_begins_at_once(cast, mentor, person) -> None:
    first = services.assign_mentor(mentor_id=mentor.pk, participant_id=person.pk, by=cast.admin_kupang)
    other = make_mentor(cast.denpasar)
    second = services.change_mentor(participant_id=person.pk, mentor_id=other.pk, reason="Mentor dimutasi", by=cast.provinsi_a)
    first.refresh_from_db()
    assert (first.end_reason, first.ended_by, second.mentor, second.slot) == ("Mentor dimutasi", cast.provinsi_a, other, 1)


def test_change_mentor_to_a_full_one_keeps_the_present(cast, mentor, person, fill) -> None:
    first = services.assign_mentor(mentor_id=mentor.pk, participant_id=person.pk, by=cast.admin_kupang)
    full = make_mentor(cast.denpasar)
    fill(full, 5)
    with pytest.raises(Refused) as refused:
        services.change_mentor(participant_id=person.pk, mentor_id=full.pk, reason="Mentor dimutasi", by=cast.admin_kupang)
    first.refresh_from_db()
    assert (refused.value.messages, first.ended_at) == (FULL, None)


def test_change_mentor_without_reason_is_refused(cast, mentor, person) -> None:
    first = services.assign_mentor(mentor_id=mentor.pk, participant_id=person.pk, by=cast.admin_kupang)
    with pytest.raises(Refused, match="alasan"):
        services.change_mentor(participant_id=person.pk, mentor_id=make_mentor(cast.ende).pk, reason=" ", by=cast.admin_kupang)
    first.refresh_from_db()
    assert first.ended_at is None


def test_end_assignment_by_a_foreign_unit_is_not_allowed(cast, mentor, person) -> None:
    assignment = services.assign_mentor(mentor_id=mentor.pk, participant_id=person.pk, by=cast.admin_kupang)
    with pytest.raises(NotAllowed):
        services.end_assignment(assignment_id=assignment.pk, reason="x", by=cast.provinsi_b)


def test_former_mentor_and_expired_role_lose_sight_at_once(cast, mentor, person) -> None:
    assignment = services.assign_mentor(mentor_id=mentor.pk, participant_id=person.pk, by=cast.admin_kupang)
    assert MentorAssignment.objects.visible_to(User.objects.get(pk=mentor.user_id)).count() == 1
    RoleGrant.objects.filter(user=mentor.user).update(valid_from="2020-01-01", valid_to=timezone.localdate() - timedelta(days=1))
    assert not MentorAssignment.objects.visible_to(User.objects.get(pk=mentor.user_id)).exists()
    RoleGrant.objects.filter(user=mentor.user).update(valid_to=None)
    services.end_assignment(assignment_id=assignment.pk, reason="Pindah", by=cast.admin_kupang)
    assert not MentorAssignment.objects.visible_to(User.objects.get(pk=mentor.user_id)).exists()


def test_register_mentor_new_person_gets_account_role_and_mail(cast) -> None:
    mentor = services.register_mentor(
        nip=NIP,
        full_name="Mentor Contoh, S.T.",
        email="mentor.baru@contoh.go.id",
        satker=cast.badung,
        jabatan="Kasubbag",
        by=cast.admin_kupang,
    )
    user = User.objects.get(username=NIP)
    assert mentor.user == user
    assert not user.has_usable_password()
    assert user.has_role(Role.MENTOR)
    assert "/akun/sandi/lupa/" in OutboxMail.objects.get().body
    assert mail.outbox == []


def test_register_mentor_known_email_adds_the_role_to_that_account(cast) -> None:
    mentor = services.register_mentor(
        nip=NIP, full_name="Nama Lain", email=cast.admin_ende.email.upper(), satker=cast.ende, jabatan="Kasubbag", by=cast.admin_kupang
    )
    assert mentor.user == cast.admin_ende
    assert User.objects.get(pk=cast.admin_ende.pk).scope.roles == {Role.ADMIN_SATKER, Role.MENTOR}


@pytest.mark.parametrize(("nip", "text"), [("1985", "18 angka"), ("19850101201001190X", "18 angka")])
def test_register_mentor_bad_nip_is_refused(cast, nip, text) -> None:
    with pytest.raises(Refused, match=text):
        services.register_mentor(nip=nip, full_name="A", email="a@contoh.go.id", satker=cast.ende, jabatan="B", by=cast.pksdm)


def test_register_mentor_twice_or_participant_is_refused(cast, mentor, person) -> None:
    for nip, text in ((mentor.nip, "sudah ada"), (person.nip, "milik peserta")):
        with pytest.raises(Refused, match=text):
            services.register_mentor(nip=nip, full_name="A", email="a@contoh.go.id", satker=cast.ende, jabatan="B", by=cast.pksdm)


def test_register_mentor_by_mentor_is_not_allowed(cast) -> None:
    with pytest.raises(NotAllowed):
        services.register_mentor(nip=NIP, full_name="A", email="a@contoh.go.id", satker=cast.ende, jabatan="B", by=cast.mentor_a)


def test_assign_many_refused_pair_leaves_the_others(cast, mentor, fill) -> None:
    fill(mentor, 4)
    people = factories.ParticipantFactory.create_batch(2, satker=cast.kupang)
    outcomes = services.assign_many(pairs=[(one.pk, mentor.pk) for one in people], by=cast.admin_kupang)
    assert [outcome.refusal for outcome in outcomes] == ["", *FULL]


def test_assign_mentor_command_assigns_and_refuses_like_the_portal(cast, mentor, person, fill) -> None:
    out = StringIO()
    call_command("assign_mentor", mentor=mentor.nip, participant=person.nip, username=cast.admin_kupang.username, stdout=out)
    assert "tempat 1 dari 5" in out.getvalue()
    full = make_mentor(cast.ende)
    fill(full, 5)
    other = factories.ParticipantFactory(satker=cast.kupang)
    with pytest.raises(CommandError, match="sudah membimbing 5 peserta"):
        call_command("assign_mentor", mentor=full.nip, participant=other.nip, username=cast.admin_kupang.username)
    with pytest.raises(CommandError, match="tidak ditemukan"):
        call_command("assign_mentor", mentor=mentor.nip, participant=other.nip, username=cast.admin_denpasar.username)
