"""Whoever registers people chooses address and paper; neither may open an account with other rights."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuditEntry, RoleGrant, User
from latsar.notices.models import OutboxMail
from participants.enums import Stage
from participants.invitation_face import invite_state
from participants.invitation_states import InviteState, state_q
from participants.models import Participant
from participants.services.activation import Proof, activate_account, prove_by_code, prove_by_link
from participants.services.invitation import explain_invitation, invite_participant, preview_invitations
from participants.services.slips import issue_slip
from tests import factories

NEW_PASSWORD = "tujuh-perahu-menyeberang"


@pytest.fixture
def person(cast) -> Participant:
    return factories.ParticipantFactory(satker=cast.kupang, stage=Stage.VERIFIED, email="pendaftar@contoh.go.id")


@pytest.fixture
def waiting(person) -> User:
    """The account of a colleague with this NIP, made before the first sign-in."""
    return User.objects.create_user(person.nip, "pejabat@kpu.contoh.go.id", None, full_name="Pejabat Contoh")


def by_mail(person, by):
    return invite_participant(participant_id=person.pk, by=by)


def by_slip(person, by):
    return issue_slip(participant_id=person.pk, by=by)


@pytest.mark.parametrize("how", [by_mail, by_slip])
@pytest.mark.parametrize("role", [Role.PKSDM, Role.ADMIN_SATKER, Role.MENTOR])
def test_invitation_to_the_nip_of_a_staff_account_is_refused_and_leaves_it_alone(cast, person, waiting, how, role):
    factories.RoleGrantFactory(user=waiting, role=role, satker=cast.ende if role == Role.ADMIN_SATKER else None)
    with pytest.raises(Refused, match=r"akun petugas atau mentor\. Minta PKSDM menghubungkannya"):
        how(person, cast.admin_kupang)
    waiting.refresh_from_db()
    person.refresh_from_db()
    assert (waiting.email, person.user, OutboxMail.objects.count()) == ("pejabat@kpu.contoh.go.id", None, 0)
    assert not waiting.has_role(Role.PESERTA)


@pytest.mark.parametrize("how", [by_mail, by_slip])
def test_invitation_to_the_nip_of_a_mentor_without_grant_is_refused(cast, person, waiting, how):
    factories.MentorFactory(user=waiting, satker=cast.ende)
    with pytest.raises(Refused, match="mentor"):
        how(person, cast.admin_kupang)


def test_invitation_to_a_bare_account_with_the_nip_adopts_it_and_says_so_in_the_trail(cast, person, waiting):
    by_mail(person, cast.admin_kupang)
    person.refresh_from_db()
    assert (person.user, person.user.email) == (waiting, "pendaftar@contoh.go.id")
    told = AuditEntry.objects.about(waiting).order_by("pk").values_list("verb", "changes", "actor")
    assert list(told) == [
        ("change_email", {"email": ["pejabat@kpu.contoh.go.id", "pendaftar@contoh.go.id"]}, cast.admin_kupang.pk),
        ("grant", {"role": ["", "peserta"]}, cast.admin_kupang.pk),
    ]


def test_invitation_that_makes_an_account_records_the_account_and_its_role(cast, person):
    by_slip(person, cast.admin_kupang)
    account = User.objects.get(username=person.nip)
    assert list(AuditEntry.objects.about(account).order_by("pk").values_list("verb", flat=True)) == ["add", "grant"]


def test_slip_of_an_account_that_was_given_a_role_since_opens_nothing(cast, person):
    printed = by_slip(person, cast.admin_kupang)
    account = User.objects.get(username=person.nip)
    proof = prove_by_code(nip=person.nip, code=printed.code)
    factories.RoleGrantFactory(user=account, role=Role.ADMIN_PROVINSI, satker=cast.province_a)
    assert prove_by_code(nip=person.nip, code=printed.code) is None
    with pytest.raises(Refused):
        activate_account(proof=proof, password=NEW_PASSWORD)
    account = User.objects.get(pk=account.pk)
    assert not account.has_usable_password()
    assert "peran lain" in explain_invitation(cast.admin_kupang, Participant.objects.get(pk=person.pk))


def test_link_of_an_account_that_was_given_a_role_since_opens_nothing(cast, person):
    by_mail(person, cast.admin_kupang)
    uid, token = re.search(r"/aktivasi/([0-9a-z]+)-(\S+)/", OutboxMail.objects.get().body).groups()
    account = User.objects.get(username=person.nip)
    assert prove_by_link(uid=uid, token=token) == Proof(account.pk, token=token)
    factories.RoleGrantFactory(user=account, role=Role.PENGUJI)
    assert prove_by_link(uid=uid, token=token) is None
    with pytest.raises(Refused):
        activate_account(proof=Proof(account.pk, token=token), password=NEW_PASSWORD)


@pytest.mark.parametrize("how", [by_mail, by_slip])
@pytest.mark.parametrize("is_linked", [True, False])
def test_invitation_to_an_inactive_account_is_refused_in_words(cast, person, waiting, how, is_linked):
    User.objects.update(is_active=False)
    Participant.objects.filter(pk=person.pk).update(user=waiting if is_linked else None)
    User.objects.filter(pk=cast.admin_kupang.pk).update(is_active=True)
    with pytest.raises(Refused, match="dinonaktifkan"):
        how(person, User.objects.get(pk=cast.admin_kupang.pk))


def test_invitation_to_the_account_of_another_person_is_refused(cast, person, waiting):
    factories.ParticipantFactory(satker=cast.badung, user=waiting)
    with pytest.raises(Refused, match="terhubung ke peserta lain"):
        by_mail(person, cast.admin_kupang)


def test_invitation_renews_a_role_that_has_run_out(cast, person, waiting):
    RoleGrant.objects.create(user=waiting, role=Role.PESERTA, valid_from=date(2025, 1, 1), valid_to=date(2025, 12, 31))
    by_slip(person, cast.admin_kupang)
    assert User.objects.get(pk=waiting.pk).has_role(Role.PESERTA)
    assert AuditEntry.objects.about(waiting).filter(verb="grant").exists()


def test_who_signs_in_by_the_office_account_counts_as_active(cast, person, waiting):
    Participant.objects.filter(pk=person.pk).update(user=waiting)
    User.objects.filter(pk=waiting.pk).update(last_login=timezone.now())
    person = Participant.objects.select_related("user").get(pk=person.pk)
    now = timezone.now()
    assert invite_state(person, now) == InviteState.ACTIVE
    assert Participant.objects.filter(state_q("aktif", now)).get() == person
    assert explain_invitation(cast.admin_kupang, person) == "Akunnya sudah aktif."


@pytest.mark.parametrize(
    ("stage", "said"),
    [(Stage.DEFERRED, "ditunda"), (Stage.WITHDRAWN, "berhenti"), (Stage.DISMISSED, "berhenti"), (Stage.SUBMITTED, "provinsi")],
)
def test_explain_invitation_names_the_reason_of_the_stage(cast, person, stage, said):
    Participant.objects.update(stage=stage)
    person.refresh_from_db()
    assert said in explain_invitation(cast.admin_kupang, person)


def test_preview_invitations_asks_the_same_for_one_and_for_three(cast):
    counts = []
    assert cast.provinsi_a.scope.province_ids
    for number in (1, 3):
        people = factories.ParticipantFactory.create_batch(number, satker=cast.kupang, stage=Stage.APPROVED)
        for one in people:
            factories.RoleGrantFactory(user=User.objects.create_user(one.nip, "", None, full_name="X"), role=Role.MENTOR)
        with CaptureQueriesContext(connection) as queries:
            outcomes = preview_invitations(participant_ids=[one.pk for one in people], by=cast.provinsi_a)
        assert {one.problem for one in outcomes} == {"NIP ini milik akun petugas atau mentor. Minta PKSDM menghubungkannya."}
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_page_of_a_person_says_why_nobody_is_invited(cast, person, waiting, sign_in):
    factories.RoleGrantFactory(user=waiting, role=Role.COACH)
    page = sign_in(cast.admin_kupang).get(reverse("participant_detail", args=[person.pk])).content.decode()
    assert "akun petugas atau mentor" in page
    assert reverse("participant_invite", args=[person.pk]) not in page
