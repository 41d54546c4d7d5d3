"""Twenty at once for one mentor. The guard holds on every path; its twin shows the fault without the guard."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from io import StringIO
from itertools import cycle

import pytest
from django.core.management import CommandError, call_command
from django.db import close_old_connections, connection, connections, models
from django.test import Client

from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused
from latsar.accounts.models import User
from latsar.satker.models import SatkerKind
from mentoring import services
from mentoring.models import Mentor, MentorAssignment
from participants.models import Participant
from tests import factories

AT_ONCE = 20
FULL = "Mentor ini sudah membimbing 5 peserta. Pilih mentor lain."


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
        assert FULL in answer.content.decode()
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
