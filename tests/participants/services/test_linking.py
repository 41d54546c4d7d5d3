"""A person and their account: PKSDM ties the two, and the sign-in address follows a correction only where that is safe."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.urls import reverse

from latsar.accounts.enums import Role
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import AuditEntry, User
from latsar.notices.models import Notice, OutboxMail
from participants.enums import Stage
from participants.models import Participant
from participants.services.linking import link_account
from participants.services.registration import update_participant
from tests import factories
from tests.participants.services.test_imports import changed, commit, errors_of, preview
from tests.participants.workbook.people import many_rows

WHY = "Dipastikan kasubbag lewat telepon"


@pytest.fixture
def person(cast) -> Participant:
    return factories.ParticipantFactory(satker=cast.kupang, stage=Stage.VERIFIED, email="lama@contoh.go.id")


@pytest.fixture
def account(person) -> User:
    return factories.UserFactory(username=person.nip, email="kantor@contoh.go.id")


def test_link_account_ties_records_and_tells_and_changes_nothing_of_the_account(cast, person, account):
    factories.RoleGrantFactory(user=account, role=Role.COACH)
    link_account(participant_id=person.pk, reason=WHY, by=cast.pksdm)
    person.refresh_from_db()
    kept = User.objects.get(pk=account.pk)
    assert (person.user, kept.email, kept.password) == (account, "kantor@contoh.go.id", account.password)
    assert kept.scope.roles == {Role.COACH, Role.PESERTA}
    for obj in (person, account):
        assert AuditEntry.objects.about(obj).get(verb="link_account").note == WHY
    assert "dihubungkan" in Notice.objects.get(user=account).text


@pytest.mark.parametrize("who", ["admin_kupang", "provinsi_a", "pimpinan", "stranger"])
def test_link_account_by_others_is_not_allowed(cast, person, account, who):
    with pytest.raises(NotAllowed):
        link_account(participant_id=person.pk, reason=WHY, by=getattr(cast, who))


def test_link_account_to_oneself_is_not_allowed(cast, person, account):
    factories.RoleGrantFactory(user=account, role=Role.PKSDM)
    with pytest.raises(NotAllowed):
        link_account(participant_id=person.pk, reason=WHY, by=account)


@pytest.mark.parametrize("state", ["no reason", "other name", "of another", "inactive"])
def test_link_account_that_does_not_fit_is_refused(cast, person, account, state):
    if state == "other name":
        User.objects.filter(pk=account.pk).update(username="akun.lain")
    elif state == "of another":
        factories.ParticipantFactory(satker=cast.ende, user=account)
    elif state == "inactive":
        User.objects.filter(pk=account.pk).update(is_active=False)
    with pytest.raises(Refused):
        link_account(participant_id=person.pk, reason=" " if state == "no reason" else WHY, by=cast.pksdm)
    person.refresh_from_db()
    assert person.user is None


def test_participant_link_is_offered_to_pksdm_where_the_page_says_so(cast, person, account, sign_in):
    url, page = reverse("participant_link", args=[person.pk]), reverse("participant_detail", args=[person.pk])
    assert url not in sign_in(cast.admin_kupang).get(page).content.decode()
    client = sign_in(cast.pksdm)
    assert url in client.get(page).content.decode()
    refused = client.post(url, {"reason": ""})
    assert (refused.status_code, "Tulis alasannya" in refused.content.decode()) == (200, True)
    done = client.post(url, {"reason": WHY}, follow=True).content.decode()
    assert ("terhubung" in done, url in done) == (True, False)


# --- the address ----------------------------------------------------------------------------------


def correct(person: Participant, by: User) -> None:
    update_participant(participant_id=person.pk, version=person.version, by=by, email="baru@contoh.go.id")


def test_update_participant_moves_an_account_that_nobody_uses_yet(cast, person):
    waiting = User.objects.create_user(person.nip, person.email, None, full_name=person.full_name)
    Participant.objects.filter(pk=person.pk).update(user=waiting, stage=Stage.RETURNED)
    EmailAddress.objects.create(user=waiting, email=person.email)
    correct(person, cast.admin_kupang)
    waiting.refresh_from_db()
    assert (waiting.email, EmailAddress.objects.count()) == ("baru@contoh.go.id", 0)
    assert AuditEntry.objects.about(waiting).get(verb="change_email").actor == cast.admin_kupang


def test_update_participant_by_the_satker_never_moves_an_account_in_use(cast, person, account):
    Participant.objects.filter(pk=person.pk).update(user=account, stage=Stage.RETURNED)
    with pytest.raises(Refused, match="sudah dipakai"):
        correct(person, cast.admin_kupang)
    person.refresh_from_db()
    account.refresh_from_db()
    assert (person.email, account.email) == ("lama@contoh.go.id", "kantor@contoh.go.id")


def test_update_participant_by_pksdm_moves_an_account_in_use_and_tells_the_old_address(cast, person, account):
    Participant.objects.filter(pk=person.pk).update(user=account)
    correct(person, cast.pksdm)
    account.refresh_from_db()
    assert account.email == "baru@contoh.go.id"
    mail = OutboxMail.objects.get()
    assert (mail.to, f"diganti oleh {cast.pksdm.full_name}" in mail.body) == ("kantor@contoh.go.id", True)


def test_update_participant_never_moves_an_account_with_other_roles(cast, person, account):
    factories.RoleGrantFactory(user=account, role=Role.ADMIN_SATKER, satker=cast.ende)
    Participant.objects.filter(pk=person.pk).update(user=account)
    with pytest.raises(Refused, match="sudah dipakai"):
        correct(person, cast.pksdm)


def test_import_moves_an_unused_account_and_leaves_the_row_of_one_in_use(cast):
    rows = many_rows(2)
    commit(preview(rows, cast.admin_kupang), cast.admin_kupang)
    waiting, used = (factories.UserFactory(username=row[0], email=f"lama{n}@contoh.go.id") for n, row in enumerate(rows))
    User.objects.filter(pk=waiting.pk).update(password=make_password(None))
    for account in (waiting, used):
        Participant.objects.filter(nip=account.username).update(user=account)
    again = preview([changed(row, Email=f"baru{n}@contoh.go.id") for n, row in enumerate(rows)], cast.admin_kupang)
    commit(again, cast.admin_kupang)
    assert dict(User.objects.filter(pk__in=[waiting.pk, used.pk]).values_list("username", "email")) == {
        rows[0][0]: "baru0@contoh.go.id",
        rows[1][0]: "lama1@contoh.go.id",
    }
    ((line, column, said),) = errors_of(again)
    assert (line, column, "sudah dipakai" in said) == (3, "Email", True)
    assert Participant.objects.get(nip=rows[1][0]).email != "baru1@contoh.go.id"
