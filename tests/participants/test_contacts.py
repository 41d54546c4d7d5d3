"""Participants keep their own contact data; the way to reach them changes only when the satker accepts it."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from latsar.accounts.enums import Role
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import AuditEntry
from latsar.notices.models import Notice, OutboxMail
from participants.contacts import ContactState
from participants.enums import Stage
from participants.models import ContactRequest, Participant
from participants.services.contacts import TRIES, ask_contact, cancel_contact, confirm_email, decide_contact, decide_many
from participants.services.slips import issue_slip
from tests import factories

NEW = "theodora.baru@contoh.go.id"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def person(cast) -> Participant:
    account = factories.UserFactory(username="peserta.kupang", email="lama@contoh.go.id")
    factories.RoleGrantFactory(user=account, role=Role.PESERTA)
    return factories.ParticipantFactory(
        satker=cast.kupang, stage=Stage.VERIFIED, user=account, email="lama@contoh.go.id", phone="081200000900", full_name="Theodora Nahak"
    )


def code_in(mail: OutboxMail) -> str:
    return re.search(r"^([2-9A-Z]{4} [2-9A-Z]{4})$", mail.body, re.MULTILINE)[1]


def proved(person: Participant, email: str = NEW, phone: str = "") -> ContactRequest:
    asked = ask_contact(participant_id=person.pk, by=person.user, email=email, phone=phone or person.phone)
    return confirm_email(participant_id=person.pk, code=code_in(OutboxMail.objects.get(key=f"contact-{asked.pk}")), by=person.user)


def test_contact_edit_changes_sizes_and_address_at_once_and_asks_for_the_phone(cast, person, sign_in):
    typed = {"email": person.email, "phone": "0812-0000-0999", "address": "Jalan Baru 1", "clothing_size": "L", "shoe_size": "38"}
    sign_in(person.user).post(reverse("contact_edit"), typed)
    person.refresh_from_db()
    assert (person.address, person.clothing_size, person.shoe_size, person.phone) == ("Jalan Baru 1", "L", "38", "081200000900")
    asked = ContactRequest.objects.get()
    assert (asked.state, asked.phone, asked.old_phone, asked.email) == (ContactState.WAITING, "081200000999", "081200000900", "")
    assert Notice.objects.filter(user=cast.admin_kupang, text__contains="mengusulkan kontak baru").count() == 1


def test_contact_edit_with_nothing_new_writes_nothing(person, sign_in):
    typed = {"email": person.email, "phone": person.phone, "address": "", "clothing_size": "", "shoe_size": ""}
    sign_in(person.user).post(reverse("contact_edit"), typed)
    assert (ContactRequest.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_contact_edit_keeps_what_was_typed_beside_the_error(person, sign_in):
    page = sign_in(person.user).post(reverse("contact_edit"), {"email": "salah@", "phone": "", "address": "Jalan Tetap 7"})
    text = page.content.decode()
    assert page.status_code == 422
    assert ["Alamat e-mail belum lengkap" in text, "tidak bisa dikosongkan" in text, "Jalan Tetap 7" in text] == [True] * 3


def test_new_email_reaches_the_satker_only_after_its_code(cast, person, sign_in):
    client, admin = sign_in(person.user), sign_in(cast.admin_kupang)
    client.post(reverse("contact_edit"), {"email": NEW, "phone": person.phone})
    mail = OutboxMail.objects.get()
    assert mail.to == NEW
    assert NEW not in admin.get(reverse("contact_requests")).content.decode()
    assert not Notice.objects.filter(user=cast.admin_kupang).exists()
    client.post(reverse("contact_confirm"), {"kode": code_in(mail).lower()})
    assert NEW in admin.get(reverse("contact_requests")).content.decode()
    assert code_in(mail).replace(" ", "") not in str(list(ContactRequest.objects.values())) + str(list(AuditEntry.objects.values()))


def test_confirm_email_with_wrong_codes_runs_out_even_for_the_right_one(person, sign_in):
    asked = ask_contact(participant_id=person.pk, by=person.user, email=NEW, phone=person.phone)
    for _ in range(TRIES):
        page = sign_in(person.user).post(reverse("contact_confirm"), {"kode": "AAAA BBBB"})
        assert (page.status_code, "Kode tidak cocok" in page.content.decode()) == (422, True)
    with pytest.raises(Refused, match="tidak berlaku lagi"):
        confirm_email(participant_id=person.pk, code=code_in(OutboxMail.objects.get(key=f"contact-{asked.pk}")), by=person.user)


def test_decide_contact_accepted_moves_the_account_too_and_tells_both_addresses(cast, person):
    EmailAddress.objects.create(user=person.user, email="lama@contoh.go.id", primary=True)
    asked = proved(person, phone="081200000999")
    decide_contact(request_id=asked.pk, accept=True, by=cast.admin_kupang)
    person = Participant.objects.get(pk=person.pk)
    assert (person.email, person.phone, person.user.email) == (NEW, "081200000999", NEW)
    assert not EmailAddress.objects.filter(email="lama@contoh.go.id").exists()
    told = OutboxMail.objects.get(to="lama@contoh.go.id")
    assert ("th…@contoh.go.id" in told.body, NEW in told.body) == (True, False)
    assert Notice.objects.filter(user=person.user, text__contains="sudah dicatat").exists()
    entry = AuditEntry.objects.about(person).filter(verb="accept_contact").get()
    assert entry.changes == {"email": ["lama@contoh.go.id", NEW], "phone": ["081200000900", "081200000999"]}


def test_decide_contact_refused_needs_a_reason_and_keeps_the_old(cast, person):
    asked = proved(person)
    with pytest.raises(Refused, match="Tulis sebab"):
        decide_contact(request_id=asked.pk, accept=False, by=cast.admin_kupang)
    decide_contact(request_id=asked.pk, accept=False, by=cast.admin_kupang, note="Bukan alamat dinas.")
    person.refresh_from_db()
    assert (person.email, person.user.email) == ("lama@contoh.go.id",) * 2
    assert Notice.objects.filter(user=person.user, text__contains="Bukan alamat dinas.").exists()


def test_decide_contact_whose_address_was_taken_meanwhile_is_refused(cast, person):
    asked = proved(person)
    factories.UserFactory(email=NEW)
    with pytest.raises(Refused, match="sudah dipakai"):
        decide_contact(request_id=asked.pk, accept=True, by=cast.admin_kupang)
    person.refresh_from_db()
    assert person.email == "lama@contoh.go.id"


def test_decide_contact_twice_or_unproved_is_refused(cast, person):
    asked = ask_contact(participant_id=person.pk, by=person.user, email=NEW, phone=person.phone)
    with pytest.raises(Refused, match="tidak menunggu lagi"):
        decide_contact(request_id=asked.pk, accept=True, by=cast.admin_kupang)


@pytest.mark.parametrize("user", ["admin_ende", "provinsi_b", "pimpinan", "lembaga_a", "stranger"])
def test_decide_contact_by_others_is_not_allowed(cast, person, user):
    asked = proved(person)
    with pytest.raises(NotAllowed):
        decide_contact(request_id=asked.pk, accept=True, by=getattr(cast, user))


def test_decide_contact_of_oneself_is_not_allowed(cast, person):
    factories.RoleGrantFactory(user=person.user, role=Role.ADMIN_SATKER, satker=cast.kupang)
    asked = proved(person)
    with pytest.raises(NotAllowed):
        decide_contact(request_id=asked.pk, accept=True, by=type(person.user).objects.get(pk=person.user_id))


def test_ask_contact_for_somebody_else_is_not_allowed(cast, person):
    for other in (cast.admin_kupang, cast.pksdm):
        with pytest.raises(NotAllowed):
            ask_contact(participant_id=person.pk, by=other, email=NEW, phone=person.phone)


def test_ask_contact_again_replaces_and_cancel_ends(person):
    first = proved(person)
    second = ask_contact(participant_id=person.pk, by=person.user, email=person.email, phone="081200000777")
    first.refresh_from_db()
    assert (first.state, second.state) == (ContactState.CANCELLED, ContactState.WAITING)
    assert (cancel_contact(participant_id=person.pk, by=person.user), cancel_contact(participant_id=person.pk, by=person.user)) == (1, 0)


def test_decide_many_accepts_what_it_can_and_names_the_rest(cast, person):
    other = factories.ParticipantFactory(satker=cast.ende, stage=Stage.VERIFIED, user=factories.UserFactory())
    factories.RoleGrantFactory(user=other.user, role=Role.PESERTA)
    foreign = ask_contact(participant_id=other.pk, by=other.user, email=other.email, phone="081200000111")
    mine = proved(person)
    taken = factories.UserFactory(email=NEW)
    assert decide_many(request_ids=[mine.pk, foreign.pk], accept=True, by=cast.admin_kupang)[0] == 0
    taken.delete()
    assert decide_many(request_ids=[mine.pk, foreign.pk], accept=True, by=cast.provinsi_a) == (2, [])


def test_contact_decide_accepts_the_ticked_and_asks_for_the_reason_of_a_refusal(cast, person, sign_in):
    asked, client = proved(person), sign_in(cast.admin_kupang)
    page = client.post(reverse("contact_decide"), {"pilih": [asked.pk], "tolak": "1"})
    assert (
        page.status_code,
        "Tulis sebab penolakannya" in page.content.decode(),
        f'value="{asked.pk}" checked' in page.content.decode(),
    ) == (
        422,
        True,
        True,
    )
    client.post(reverse("contact_decide"), {"pilih": [asked.pk], "terima": "1"})
    asked.refresh_from_db()
    assert asked.state == ContactState.ACCEPTED


def test_home_and_person_page_say_that_a_contact_waits(cast, person, sign_in):
    client = sign_in(cast.admin_kupang)
    assert "usulan kontak peserta" not in client.get(reverse("home")).content.decode()
    proved(person)
    assert "Periksa 1 usulan kontak peserta" in client.get(reverse("home")).content.decode()
    assert "Kontak baru menunggu keputusan" in client.get(reverse("participant_detail", args=[person.pk])).content.decode()
    assert "Periksa" not in sign_in(cast.admin_ende).get(reverse("home")).content.decode()


def test_contact_requests_asks_the_same_at_one_and_three_rows(cast, person, sign_in):
    client, counts = sign_in(cast.admin_kupang), []
    ask_contact(participant_id=person.pk, by=person.user, email=person.email, phone="081200000222")
    for _round in range(2):
        client.get(reverse("contact_requests"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("contact_requests"))
        counts.append(len(queries))
        for number in range(2):
            other = factories.ParticipantFactory(satker=cast.kupang, stage=Stage.VERIFIED, user=factories.UserFactory())
            factories.RoleGrantFactory(user=other.user, role=Role.PESERTA)
            ask_contact(participant_id=other.pk, by=other.user, email=other.email, phone=f"08120000033{number}")
    assert counts[0] == counts[1]


def test_activate_password_can_lead_to_the_own_contact_page(cast):
    newcomer = factories.ParticipantFactory(satker=cast.kupang, stage=Stage.VERIFIED)
    code = issue_slip(participant_id=newcomer.pk, by=cast.admin_kupang).code
    client = Client()
    client.post(reverse("activate"), {"nip": newcomer.nip, "kode": code})
    word = "tujuh-perahu-menyeberang"
    answer = client.post(reverse("activate_password"), {"password1": word, "password2": word, "kontak": "1"}, follow=True)
    assert answer.redirect_chain[-1] == (reverse("contact_edit"), 302)
    assert "Kontak saya" in answer.content.decode()
