"""Activating an account on a phone: NIP and code, or the mail's link, then the own password; each once."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from latsar.accounts.errors import Refused
from latsar.accounts.models import AuditEntry, User
from latsar.notices.models import OutboxMail
from participants.enums import Stage
from participants.invitations import VoidReason
from participants.models import ActivationSlip, Participant
from participants.services.activation import activate_account, prove_by_code
from participants.services.invitation import invite_participant
from participants.services.slips import issue_slip, void_slip
from participants.slip_code import grouped
from participants.views.activation import TRIES_PER_PERSON
from tests import factories

NEW_PASSWORD = "tujuh-perahu-menyeberang"


@pytest.fixture
def person(cast) -> Participant:
    return factories.ParticipantFactory(satker=cast.kupang, stage=Stage.VERIFIED, full_name="Dr. Theodora Nahak, S.Kom.")


@pytest.fixture
def code(cast, person) -> str:
    return issue_slip(participant_id=person.pk, by=cast.admin_kupang).code


def show(client: Client, nip: str, code: str):
    return client.post(reverse("activate"), {"nip": nip, "kode": code})


def choose(client: Client, password: str = NEW_PASSWORD):
    return client.post(reverse("activate_password"), {"password1": password, "password2": password}, follow=True)


def test_activate_with_the_slip_signs_in_and_greets(person, code):
    client = Client()
    answer = client.post(reverse("activate"), {"nip": f" {person.nip[:8]} {person.nip[8:]}", "kode": grouped(code).lower()}, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0] == reverse("activate_password")
    assert ("Halo, Theodora" in page, "Nahak" in page, person.nip in page, person.email in page) == (True, False, False, False)
    home = choose(client)
    assert home.redirect_chain[-1][0] == reverse("home")
    assert "Selamat datang, Theodora" in home.content.decode()
    assert client.get(reverse("participant_detail", args=[person.pk])).status_code == 200
    assert ActivationSlip.objects.get().used_at is not None
    entry = AuditEntry.objects.about(person).filter(verb="activate").get()
    assert entry.actor == User.objects.get(username=person.nip)


def test_activate_a_second_time_with_the_same_code_is_refused(person, code):
    client = Client()
    show(client, person.nip, code)
    choose(client)
    page = show(Client(), person.nip, code)
    assert (page.status_code, "tidak cocok" in page.content.decode()) == (422, True)


def test_activate_after_another_device_used_the_code_says_so_and_keeps_the_first_password(person, code):
    first, second = Client(), Client()
    show(first, person.nip, code)
    show(second, person.nip, code)
    choose(first)
    page = second.post(reverse("activate_password"), {"password1": "lima-sapi-berenang", "password2": "lima-sapi-berenang"}, follow=True)
    assert page.redirect_chain[-1][0] == reverse("activate")
    assert User.objects.get(username=person.nip).check_password(NEW_PASSWORD)


def wrong_pairs(cast, person, code):
    stranger = factories.ParticipantFactory(satker=cast.kupang, stage=Stage.VERIFIED)
    yield person.nip, "AAAA-BBBB-CCCC"
    yield stranger.nip, code
    yield "199001012025011900", code


def test_activate_answers_the_same_to_every_wrong_pair_with_the_same_work(cast, person, code):
    answers, work = set(), set()
    for nip, typed in wrong_pairs(cast, person, code):
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            answer = show(Client(), nip, typed)
        page = re.sub(r'(csrfmiddlewaretoken" value="|value=")[^"]*', "", answer.content.decode())
        answers.add((answer.status_code, page))
        work.add(len(queries))
    assert (len(answers), len(work)) == (1, 1)


@pytest.mark.parametrize("nip", ["bukan nip", "1.99305E+17", "19930512202604290"])
def test_activate_names_a_nip_that_is_none_and_keeps_what_was_typed(person, code, nip):
    page = show(Client(), nip, code).content.decode()
    assert "NIP terdiri dari 18 angka" in page
    assert f'value="{nip}"' in page
    assert code in page


@pytest.mark.parametrize("how", ["void", "replaced", "expired", "inactive"])
def test_activate_with_a_dead_slip_is_refused(cast, person, code, how):
    assert prove_by_code(nip=person.nip, code=code) is not None
    if how == "void":
        void_slip(participant_id=person.pk, by=cast.admin_kupang)
    elif how == "replaced":
        issue_slip(participant_id=person.pk, by=cast.admin_kupang)
    elif how == "expired":
        ActivationSlip.objects.update(valid_until=timezone.localdate() - timedelta(days=1))
    else:
        User.objects.filter(username=person.nip).update(is_active=False)
    assert prove_by_code(nip=person.nip, code=code) is None


def test_activate_account_with_a_slip_voided_since_is_refused_and_sets_nothing(cast, person, code):
    proof = prove_by_code(nip=person.nip, code=code)
    void_slip(participant_id=person.pk, by=cast.admin_kupang)
    with pytest.raises(Refused):
        activate_account(proof=proof, password=NEW_PASSWORD)
    assert not User.objects.get(username=person.nip).has_usable_password()


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [("pendek", "pendek", "12"), (NEW_PASSWORD, NEW_PASSWORD + "x", "berbeda"), ("theodora-berlari-pagi", "theodora-berlari-pagi", "nama")],
)
def test_activate_password_against_the_rules_says_so_and_uses_nothing_up(person, code, first, second, said):
    client = Client()
    show(client, person.nip, code)
    page = client.post(reverse("activate_password"), {"password1": first, "password2": second})
    assert (page.status_code, said in page.content.decode()) == (422, True)
    assert ActivationSlip.objects.get().used_at is None


def test_activate_password_without_a_shown_code_asks_for_it():
    assert Client().get(reverse("activate_password")).url == reverse("activate")


def test_activate_password_too_long_after_the_code_asks_for_it_again(person, code):
    client = Client()
    show(client, person.nip, code)
    session = client.session
    session["activation"] = session["activation"] | {"at": timezone.now().timestamp() - 3600}
    session.save()
    assert client.get(reverse("activate_password")).url == reverse("activate")


def test_activate_session_never_holds_the_code(person, code):
    client = Client()
    show(client, person.nip, code)
    assert code not in str(dict(client.session))


def test_activate_too_often_is_slowed_for_this_network_and_person_only(cast, person, code):
    other = factories.ParticipantFactory(satker=cast.kupang, stage=Stage.VERIFIED)
    for _ in range(TRIES_PER_PERSON):
        assert show(Client(), person.nip, "AAAA-BBBB-CCCC").status_code == 422
    slowed = show(Client(), person.nip, code)
    assert (slowed.status_code, slowed.headers["Retry-After"]) == (429, "60")
    assert show(Client(), other.nip, "AAAA-BBBB-CCCC").status_code == 422
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert show(elsewhere, person.nip, code).url == reverse("activate_password")


def link_in(mail: OutboxMail) -> str:
    return re.search(r"https?://[^/\s]+(/aktivasi/\S+)", mail.body)[1]


def test_activate_link_of_the_mail_leads_to_the_same_step_and_kills_the_slip(cast, person, code):
    invite_participant(participant_id=person.pk, by=cast.admin_kupang)
    client = Client()
    page = client.get(link_in(OutboxMail.objects.get()), follow=True)
    assert "Halo, Theodora" in page.content.decode()
    assert "Selamat datang" in choose(client).content.decode()
    assert ActivationSlip.objects.get().void_reason == VoidReason.ACTIVATED


def test_activate_link_opened_by_a_mail_scanner_is_not_used_up(cast, person):
    invite_participant(participant_id=person.pk, by=cast.admin_kupang)
    link = link_in(OutboxMail.objects.get())
    Client().get(link, follow=True)
    assert "Halo, Theodora" in Client().get(link, follow=True).content.decode()


@pytest.mark.parametrize("link", ["/aktivasi/1-salah/", "/aktivasi/zzzzzzzzzzzzzzzz-abc/"])
def test_activate_link_that_never_was_says_so(db, link):
    assert "tidak berlaku lagi" in Client().get(link).content.decode()


@pytest.mark.django_db(transaction=True)
def test_activate_account_raced_with_one_code_exactly_one_wins():
    satker = factories.SatkerFactory(code="53.71", parent=None, province=None)
    person = factories.ParticipantFactory(satker=satker, province=satker, stage=Stage.VERIFIED)
    admin = factories.UserFactory()
    factories.RoleGrantFactory(user=admin, role="pksdm")
    code, hands = issue_slip(participant_id=person.pk, by=admin).code, 6
    proof, barrier = prove_by_code(nip=person.nip, code=code), Barrier(hands)

    def take(number: int) -> str:
        try:
            barrier.wait(timeout=30)
            activate_account(proof=proof, password=f"{NEW_PASSWORD}-{number}")
        except Refused:
            return ""
        finally:
            connection.close()
        return f"{NEW_PASSWORD}-{number}"

    with ThreadPoolExecutor(hands) as pool:
        won = [password for password in pool.map(take, range(hands)) if password]
    assert len(won) == 1
    assert User.objects.get(username=person.nip).check_password(won[0])
    assert AuditEntry.objects.filter(verb="activate").count() == 1


def test_first_password_by_lupa_sandi_voids_the_slip_and_is_recorded(person, code):
    client = Client()
    client.post(reverse("account_reset_password"), {"email": person.email})
    link = re.search(r"https?://[^/\s]+(/akun/sandi/baru/\S+)", OutboxMail.objects.get().body)[1]
    client.post(client.get(link, follow=True).redirect_chain[-1][0], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert User.objects.get(username=person.nip).check_password(NEW_PASSWORD)
    assert ActivationSlip.objects.get().void_reason == VoidReason.ACTIVATED
    entry = AuditEntry.objects.about(person).get(verb="activate")
    assert (entry.actor.username, entry.note) == (person.nip, "lewat lupa sandi")
