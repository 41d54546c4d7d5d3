from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from latsar.accounts.enums import Role
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import AuditEntry, User
from latsar.jobs.models import Job
from latsar.notices.models import EmailBounce, OutboxMail
from latsar.notices.services import clear_bounce, send_queued_mail
from participants.enums import Stage
from participants.invitation_face import invitation_card, invitation_face, invite_state
from participants.invitation_states import InviteState
from participants.models import Participant
from participants.services.invitation import invite_many, invite_participant, preview_invitations
from tests import factories

NEW_PASSWORD = "tujuh-perahu-menyeberang"


@pytest.fixture
def person(cast) -> Participant:
    return factories.ParticipantFactory(satker=cast.kupang, stage=Stage.VERIFIED, email="theodora@contoh.go.id")


def link_in(mail: OutboxMail) -> str:
    return re.search(r"https?://[^/\s]+(/aktivasi/\S+)", mail.body)[1]


def open_link(client: Client, link: str):
    return client.get(link, follow=True)


def test_invite_participant_makes_an_account_without_password_and_mails_the_person_only(cast, person):
    invite_participant(participant_id=person.pk, by=cast.admin_kupang)
    person.refresh_from_db()
    assert (person.user.username, person.user.email, person.user.has_usable_password()) == (person.nip, "theodora@contoh.go.id", False)
    assert person.user.has_role(Role.PESERTA)
    mail = OutboxMail.objects.get()
    assert (mail.to, mail.subject) == ("theodora@contoh.go.id", "Undangan masuk portal Latsar CPNS KPU")
    assert invite_state(person, timezone.now()) == InviteState.QUEUED
    assert link_in(mail) not in str(list(AuditEntry.objects.values()))


def test_invitation_link_sets_the_password_once_and_lets_the_person_in(cast, person):
    invite_participant(participant_id=person.pk, by=cast.admin_kupang)
    link, client = link_in(OutboxMail.objects.get()), Client()
    form = open_link(client, link)
    assert "Simpan dan masuk" in form.content.decode()
    client.post(form.redirect_chain[-1][0], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert "Tautan tidak berlaku lagi" in open_link(Client(), link).content.decode()
    visitor = Client()
    visitor.post(reverse("account_login"), {"login": person.nip, "password": NEW_PASSWORD})
    assert visitor.get(reverse("participant_detail", args=[person.pk])).status_code == 200
    person = Participant.objects.get(pk=person.pk)
    assert invite_state(person, timezone.now()) == InviteState.ACTIVE


def test_invitation_link_expires(cast, person, settings):
    invite_participant(participant_id=person.pk, by=cast.admin_kupang)
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "Tautan tidak berlaku lagi" in open_link(Client(), link_in(OutboxMail.objects.get())).content.decode()


def test_invite_participant_again_later_sends_another_mail_to_the_same_account(cast, person):
    invite_participant(participant_id=person.pk, by=cast.admin_kupang)
    send_queued_mail()
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        invite_participant(participant_id=person.pk, by=cast.provinsi_a)
    assert OutboxMail.objects.count() == 2
    assert User.objects.filter(username=person.nip).count() == 1


@pytest.mark.parametrize(("is_sent", "said"), [(False, "menunggu dikirim"), (True, "baru saja dikirim")])
def test_invite_participant_twice_sends_one_mail(cast, person, is_sent, said):
    invite_participant(participant_id=person.pk, by=cast.admin_kupang)
    if is_sent:
        send_queued_mail()
    with pytest.raises(Refused, match=said):
        invite_participant(participant_id=person.pk, by=cast.admin_kupang)
    assert OutboxMail.objects.count() == 1


def test_invite_many_confirmed_twice_mails_each_person_once(cast, sign_in):
    people = factories.ParticipantFactory.create_batch(3, satker=cast.kupang, stage=Stage.APPROVED)
    client, order = sign_in(cast.provinsi_a), {"aksi": "invite", "pilih": [one.pk for one in people], "pasti": "1"}
    done = reverse("participant_bulk_done")
    assert [client.post(reverse("participant_bulk"), order).url for _click in range(2)] == [done, done]
    assert OutboxMail.objects.count() == 3


def test_request_invitations_confirmed_twice_is_one_job(cast, sign_in):
    people = factories.ParticipantFactory.create_batch(51, satker=cast.kupang, stage=Stage.APPROVED)
    client, order = sign_in(cast.provinsi_a), {"aksi": "invite", "pilih": [one.pk for one in people], "pasti": "1"}
    answers = [client.post(reverse("participant_bulk"), order).url for _click in range(2)]
    assert answers == [Job.objects.get().get_absolute_url()] * 2


def test_invite_participant_to_a_bouncing_address_is_refused_until_it_is_corrected_or_cleared(cast, person):
    bounce = EmailBounce.objects.create(address=person.email, reason="550 no such user")
    (told,) = preview_invitations(participant_ids=[person.pk], by=cast.admin_kupang)
    assert told.problem == "Alamat e-mailnya ditolak servernya. Perbaiki alamatnya, atau cetak slip."
    with pytest.raises(Refused, match="ditolak servernya"):
        invite_participant(participant_id=person.pk, by=cast.admin_kupang)
    clear_bounce(bounce_id=bounce.pk, by=cast.pksdm)
    invite_participant(participant_id=person.pk, by=cast.admin_kupang)
    EmailBounce.objects.update(cleared_at=None)
    invite_participant(participant_id=person.pk, by=cast.admin_kupang, email="theodora.baru@contoh.go.id")
    assert OutboxMail.objects.count() == 2


def test_invite_participant_with_a_corrected_address_kills_the_old_link(cast, person):
    invite_participant(participant_id=person.pk, by=cast.admin_kupang)
    old = link_in(OutboxMail.objects.get())
    invite_participant(participant_id=person.pk, by=cast.admin_kupang, email="theodora.baru@contoh.go.id")
    person.refresh_from_db()
    assert (person.email, person.user.email) == ("theodora.baru@contoh.go.id",) * 2
    assert "Tautan tidak berlaku lagi" in open_link(Client(), old).content.decode()
    assert set(EmailAddress.objects.values_list("email", flat=True)) == {"theodora.baru@contoh.go.id"}
    assert AuditEntry.objects.filter(verb="change").get().changes == {"email": ["theodora@contoh.go.id", "theodora.baru@contoh.go.id"]}


def test_invite_participant_after_activation_is_refused_and_keeps_the_address(cast, person):
    account = factories.UserFactory(username=person.nip, email="theodora@contoh.go.id")
    Participant.objects.filter(pk=person.pk).update(user=account)
    with pytest.raises(Refused, match="sudah aktif"):
        invite_participant(participant_id=person.pk, by=cast.admin_kupang, email="penyusup@contoh.go.id")
    account.refresh_from_db()
    assert account.email == "theodora@contoh.go.id"
    assert not OutboxMail.objects.exists()


def test_invite_participant_whose_nip_has_a_living_account_is_refused(cast, person):
    factories.UserFactory(username=person.nip, email="lain@contoh.go.id")
    with pytest.raises(Refused, match="sudah mempunyai akun"):
        invite_participant(participant_id=person.pk, by=cast.admin_kupang)


def test_invite_participant_with_an_address_of_somebody_else_is_refused_and_leaves_nothing(cast, person):
    factories.UserFactory(email="Dipakai@contoh.go.id")
    with pytest.raises(Refused, match="sudah dipakai akun lain"):
        invite_participant(participant_id=person.pk, by=cast.admin_kupang, email="dipakai@contoh.go.id")
    person.refresh_from_db()
    assert (person.email, person.user, OutboxMail.objects.count()) == ("theodora@contoh.go.id", None, 0)


@pytest.mark.parametrize("stage", [Stage.REGISTERED, Stage.SUBMITTED, Stage.RETURNED])
def test_invite_participant_before_verification_is_refused(cast, person, stage):
    Participant.objects.update(stage=stage)
    with pytest.raises(Refused, match="sesudah berkas diverifikasi"):
        invite_participant(participant_id=person.pk, by=cast.admin_kupang)


@pytest.mark.parametrize(
    ("stage", "heading"),
    [(Stage.REGISTERED, "Belum diverifikasi"), (Stage.DEFERRED, "Latsar ditunda"), (Stage.DISMISSED, "Tidak diundang")],
)
def test_invitation_card_is_headed_by_what_keeps_the_person_from_it(cast, person, stage, heading):
    Participant.objects.filter(pk=person.pk).update(stage=stage)
    person.refresh_from_db()
    assert heading in invitation_card(person, timezone.now()).pill
    assert heading in invitation_face(person, timezone.now())


@pytest.mark.parametrize("user", ["admin_ende", "provinsi_b", "pimpinan", "lembaga_a", "stranger"])
def test_invite_participant_by_others_is_not_allowed(cast, person, user):
    with pytest.raises(NotAllowed):
        invite_participant(participant_id=person.pk, by=getattr(cast, user))
    assert not User.objects.filter(username=person.nip).exists()


def test_invite_many_invites_a_province_and_names_who_is_left(cast):
    ready = factories.ParticipantFactory.create_batch(12, satker=cast.kupang, stage=Stage.APPROVED)
    early = factories.ParticipantFactory(satker=cast.ende)
    outcomes = invite_many(participant_ids=[one.pk for one in (*ready, early)], by=cast.provinsi_a)
    assert sum(one.is_done for one in outcomes) == 12
    assert OutboxMail.objects.count() == 12
    assert [one.participant for one in outcomes if not one.is_done] == [early]


def test_participant_invite_never_shows_the_link_to_the_admin(cast, person, sign_in):
    client = sign_in(cast.admin_kupang)
    page = client.post(reverse("participant_invite", args=[person.pk]), {"email": person.email}, follow=True).content.decode()
    assert "E-mail menunggu" in page
    assert "/aktivasi/" not in page
    assert "/aktivasi/" not in client.get(reverse("participant_history", args=[person.pk])).content.decode()


def test_participant_invite_with_a_wrong_address_says_so_beside_the_field(cast, person, sign_in):
    page = sign_in(cast.admin_kupang).post(reverse("participant_invite", args=[person.pk]), {"email": "theodora@"}).content.decode()
    assert "Alamat e-mail belum lengkap" in page
    assert 'value="theodora@"' in page
