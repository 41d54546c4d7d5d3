"""Twenty at once for one mentor. The guard holds on every path; its twin shows the fault without the guard."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from itertools import cycle

import pytest
from django.core.management import CommandError, call_command
from django.db import close_old_connections, connection, connections, models
from django.test import Client
from django.utils import timezone

from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused
from latsar.accounts.models import User
from latsar.satker.models import SatkerKind
from mentoring import invariants, services
from mentoring.models import Mentor, MentorAssignment, MentoringSession, MentorWaiver
from participants.models import Participant
from tests import factories

AT_ONCE = 20
FULL = re.compile(r"Mentor ini sudah membimbing \d peserta. Pilih mentor lain.")


@pytest.fixture
def scene(transactional_db: None) -> tuple[User, Mentor, list[Participant]]:
    province = factories.SatkerFactory(code="53", kind=SatkerKind.PROVINCE, parent=None, province=None)
    province.province = province
    province.save()
    kupang = factories.SatkerFactory(code="53.71", parent=province)
    admin = factories.UserFactory(username="admin.lomba")
    factories.RoleGrantFactory(user=admin, role=Role.ADMIN_SATKER, satker=kupang)
    mentor = factories.MentorFactory(satker=province)
    return admin, mentor, factories.ParticipantFactory.create_batch(AT_ONCE, satker=kupang)


def by_service(admin: User, mentor: Mentor, person: Participant) -> bool:
    try:
        services.assign_mentor(mentor_id=mentor.pk, participant_id=person.pk, by=admin)
    except Refused:
        return False
    return True


def by_command(admin: User, mentor: Mentor, person: Participant) -> bool:
    try:
        call_command("assign_mentor", mentor=mentor.nip, participant=person.nip, username=admin.username, stdout=StringIO())
    except CommandError:
        return False
    return True


def by_form(admin: User, mentor: Mentor, person: Participant) -> bool:
    client = Client()
    client.force_login(admin, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post(f"/mentor/penetapan/?peserta={person.pk}", {"mentor": mentor.pk})
    assert answer.status_code in (302, 422)
    return answer.status_code == 302


def by_admin(admin: User, mentor: Mentor, person: Participant) -> bool:
    client = Client()
    client.force_login(admin, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post("/admin/mentoring/mentorassignment/add/", {"mentor": mentor.pk, "participant": person.pk})
    assert answer.status_code in (200, 302)
    if answer.status_code == 200:
        assert FULL.search(answer.content.decode())
    return answer.status_code == 302


PATHS = (by_service, by_command, by_form, by_admin)


def run_at_once(tasks: list[Callable[[], bool]]) -> list[bool]:
    """Start all of them behind one barrier, each on its own connection."""
    barrier, results, faults = threading.Barrier(len(tasks)), [], []

    def run(task: Callable[[], bool]) -> None:
        try:
            close_old_connections()
            connection.ensure_connection()
            barrier.wait(timeout=60)
            results.append(task())
        except BaseException as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert faults == []
    return results


@pytest.mark.parametrize("free", [1, 5])
def test_assign_mentor_twenty_at_once_on_every_path_ends_at_five(scene, free: int) -> None:
    admin, mentor, people = scene
    waiting = people[5 - free :]
    for slot, person in enumerate(people[: 5 - free], 1):
        MentorAssignment.objects.create(mentor=mentor, participant=person, slot=slot, assigned_by=admin)
    tasks = [lambda path=path, person=person: path(admin, mentor, person) for path, person in zip(cycle(PATHS), waiting)]
    results = run_at_once(tasks)
    assert sum(results) == free
    assert sorted(MentorAssignment.objects.active().values_list("slot", flat=True)) == [1, 2, 3, 4, 5]


class Unguarded(models.Model):
    """The same row without its constraints, to show what they hold back."""

    mentor_id = models.IntegerField()
    participant_id = models.IntegerField()

    class Meta:
        app_label = "shadow"
        managed = False
        db_table = "unguarded_assignment"


@pytest.fixture
def unguarded(transactional_db: None) -> Iterator[None]:
    with connection.schema_editor() as editor:
        editor.create_model(Unguarded)
    yield
    with connection.schema_editor() as editor:
        editor.delete_model(Unguarded)


def test_assign_mentor_control_counting_without_the_guard_passes_five(unguarded) -> None:
    """Count, then insert: everybody counts before anybody inserts, so the limit is passed."""
    counted = threading.Barrier(AT_ONCE)

    def naive(person: int) -> bool:
        free = Unguarded.objects.filter(mentor_id=1).count() < 5
        counted.wait(timeout=60)
        if free:
            Unguarded.objects.create(mentor_id=1, participant_id=person)
        return free

    results = run_at_once([lambda person=person: naive(person) for person in range(AT_ONCE)])
    assert sum(results) == Unguarded.objects.count() == AT_ONCE


def by_bulk(admin: User, mentor: Mentor, person: Participant) -> bool:
    return services.assign_many(pairs=[(person.pk, mentor.pk)], by=admin)[0].refusal == ""


def by_task(admin: User, mentor: Mentor, person: Participant) -> bool:
    """As a worker does: a fresh account row, in a thread with a connection of its own."""
    by = User.objects.get_queryset().get(pk=admin.pk)
    return services.assign_many(pairs=[(person.pk, mentor.pk)], by=by)[0].refusal == ""


EVERY_PATH = (*PATHS, by_bulk, by_task)


@pytest.fixture
def waived(scene: tuple[User, Mentor, list[Participant]]) -> tuple[User, Mentor, list[Participant]]:
    """The scene with a decision of PKSDM about two places more."""
    pksdm, today = factories.UserFactory(username="pksdm.lomba"), timezone.localdate()
    factories.RoleGrantFactory(user=pksdm, role=Role.PKSDM)
    decision = services.Decision(2, "1/SK", today, today + timedelta(days=30), "Kekurangan mentor")
    services.record_waiver(mentor_id=scene[1].pk, decision=decision, by=pksdm)
    return scene


def test_fifth_slot_by_form_bulk_admin_command_and_task_at_once_goes_to_one(scene) -> None:
    admin, mentor, people = scene
    for slot, person in enumerate(people[:4], 1):
        MentorAssignment.objects.create(mentor=mentor, participant=person, slot=slot, assigned_by=admin)
    tasks = [lambda path=path, person=person: path(admin, mentor, person) for path, person in zip(cycle(EVERY_PATH), people[4:])]
    assert sum(run_at_once(tasks)) == 1
    assert sorted(MentorAssignment.objects.active().values_list("slot", flat=True)) == [1, 2, 3, 4, 5]


def test_waived_slots_on_every_path_at_once_end_at_seven(waived) -> None:
    admin, mentor, people = waived
    tasks = [lambda path=path, person=person: path(admin, mentor, person) for path, person in zip(cycle(EVERY_PATH), people)]
    assert sum(run_at_once(tasks)) == 7
    assert sorted(MentorAssignment.objects.active().values_list("slot", flat=True)) == [1, 2, 3, 4, 5, 6, 7]


def test_waiver_revoked_amid_the_rush_lets_nobody_in_afterwards(waived) -> None:
    """Whoever got in came before the end: assigning and revoking take the same lock."""
    admin, mentor, people = waived
    for slot, person in enumerate(people[:5], 1):
        MentorAssignment.objects.create(mentor=mentor, participant=person, slot=slot, assigned_by=admin)
    pksdm, waiver = User.objects.get_queryset().get(username="pksdm.lomba"), MentorWaiver.objects.get()

    def revoke() -> bool:
        services.end_waiver(waiver_id=waiver.pk, reason="Dicabut", by=pksdm)
        return False

    tasks = [lambda person=person: by_service(admin, mentor, person) for person in people[5:]]
    got_in = sum(run_at_once([*tasks[:7], revoke, *tasks[7:]]))
    waiver.refresh_from_db()
    above = MentorAssignment.objects.active().filter(slot__gt=5)
    assert above.count() == got_in <= 2
    assert not above.filter(assigned_at__gt=waiver.ended_at).exists()
    assert list(invariants.broken()) == []


def test_waiver_control_two_at_once_without_the_guard_take_one_place_twice(unguarded) -> None:
    """Look whether the sixth place is free, then take it: both look before either takes."""
    looked = threading.Barrier(2)

    def naive(person: int) -> bool:
        free = not Unguarded.objects.filter(mentor_id=1).exists()
        looked.wait(timeout=60)
        if free:
            Unguarded.objects.create(mentor_id=1, participant_id=person)
        return free

    assert sum(run_at_once([lambda person=person: naive(person) for person in range(2)])) == Unguarded.objects.count() == 2


def test_two_confirmations_and_a_change_of_notes_cross_without_a_false_paraf(scene) -> None:
    """Ten parafs of the participant race with one rewrite of the guide: what is confirmed is what was read."""
    admin, mentor, people = scene
    factories.RoleGrantFactory(user=mentor.user, role=Role.MENTOR)
    person = people[0]
    person.user = factories.UserFactory()
    person.save()
    factories.RoleGrantFactory(user=person.user, role=Role.PESERTA)
    assignment = MentorAssignment.objects.create(mentor=mentor, participant=person, slot=1, assigned_by=admin)
    start = timezone.now() - timedelta(hours=2)
    session = MentoringSession.objects.create(
        participant=person, kind="mentor", guide=mentor.user, assignment=assignment, starts_at=start, ends_at=start + timedelta(hours=1),
        agenda="Isu", stage="noted", last_side="guide", notes="Lama", guide_confirmed_at=start, created_by=mentor.user,
    )  # fmt: skip

    def confirm() -> bool:
        try:
            services.confirm_session(session_id=session.pk, version=1, by=person.user)
        except Refused:
            return False
        return True

    def rewrite() -> bool:
        try:
            services.write_notes(session_id=session.pk, version=1, written=services.Written("Baru"), by=mentor.user)
        except Refused:
            return False
        return False

    confirmed = sum(run_at_once([*[confirm] * 5, rewrite, *[confirm] * 5]))
    session.refresh_from_db()
    if session.notes == "Lama":
        assert (confirmed, session.stage) == (1, "confirmed")
    else:
        assert (confirmed, session.stage) == (0, "noted")
        assert session.participant_confirmed_at is None
