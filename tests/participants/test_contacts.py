"""Participants keep their own contact data; the way to reach them changes only when the satker accepts it."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.account.models import EmailAddress
from django.db import connection, connections, transaction
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
from participants.services.contacts import (
    CODES_A_DAY,
    EMAILS_A_DAY,
    TRIES,
    ask_contact,
    cancel_contact,
    confirm_email,
    decide_contact,
    decide_many,
)
from participants.services.slips import issue_slip
from tests import factories

NEW = "theodora.baru@contoh.go.id"


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


def test_contact_edit_of_the_address_alone_keeps_the_request_that_waits(person, sign_in):
    asked = proved(person)
    sign_in(person.user).post(reverse("contact_edit"), {"email": person.email, "phone": person.phone, "address": "Jalan Baru 1"})
    asked.refresh_from_db()
    assert (asked.state, ContactRequest.objects.count()) == (ContactState.WAITING, 1)
    assert not AuditEntry.objects.filter(verb="cancel_contact").exists()


def test_ask_contact_for_what_waits_already_sends_no_second_code(person):
    for _ in range(3):
        ask_contact(participant_id=person.pk, by=person.user, email=NEW, phone=person.phone)
    assert (ContactRequest.objects.count(), OutboxMail.objects.count()) == (1, 1)


def test_ask_contact_for_a_number_takes_the_proved_email_along_and_records_both(person):
    first = proved(person)
    second = ask_contact(participant_id=person.pk, by=person.user, email=person.email, phone="081200000777")
    first.refresh_from_db()
    assert (first.state, second.state, second.email, second.phone) == (ContactState.CANCELLED, ContactState.WAITING, NEW, "081200000777")
    third = ask_contact(participant_id=person.pk, by=person.user, email="lain@contoh.go.id", phone=person.phone)
    assert (third.state, third.phone) == (ContactState.PROVING, "081200000777")
    dropped = AuditEntry.objects.filter(verb="cancel_contact").order_by("pk")
    assert [entry.changes for entry in dropped] == [{}, {"email": [NEW, ""]}]


def test_confirm_email_leaves_an_audit_row(person):
    proved(person)
    entry = AuditEntry.objects.about(person).get(verb="prove_contact")
    assert (entry.actor, entry.changes["email"]) == (person.user, ["lama@contoh.go.id", NEW])


def test_ask_contact_again_and_again_is_limited_per_person(person):
    for number in range(EMAILS_A_DAY):
        ask_contact(participant_id=person.pk, by=person.user, email=f"baru{number}@contoh.go.id", phone=person.phone)
    with pytest.raises(Refused, match="terlalu sering"):
        ask_contact(participant_id=person.pk, by=person.user, email=NEW, phone=person.phone)
    assert OutboxMail.objects.count() == EMAILS_A_DAY


def test_ask_contact_is_limited_per_address_whoever_asks(cast):
    for number in range(CODES_A_DAY + 1):
        user = factories.UserFactory(username=f"peserta.{number}")
        factories.RoleGrantFactory(user=user, role=Role.PESERTA)
        other = factories.ParticipantFactory(satker=cast.kupang, user=user)
        if number < CODES_A_DAY:
            ask_contact(participant_id=other.pk, by=user, email=NEW, phone=other.phone)
        else:
            with pytest.raises(Refused, match="beberapa kali"):
                ask_contact(participant_id=other.pk, by=user, email=NEW, phone=other.phone)
    assert OutboxMail.objects.filter(to=NEW).count() == CODES_A_DAY


def test_contact_of_a_satker_without_an_admin_waits_for_its_province(cast, person, sign_in):
    cast.admin_kupang.grants.all().delete()
    proved(person)
    assert Notice.objects.filter(user=cast.provinsi_a, text__contains="mengusulkan kontak baru").count() == 1
    assert "Periksa 1 usulan kontak peserta" in sign_in(cast.provinsi_a).get(reverse("home")).content.decode()
    factories.RoleGrantFactory(user=cast.admin_kupang, role=Role.ADMIN_SATKER, satker=cast.kupang)
    assert "usulan kontak peserta" not in sign_in(cast.provinsi_a).get(reverse("home")).content.decode()


def _apart(*calls):
    """Run calls at once, each on a connection of its own."""

    def run(call):
        try:
            return call()
        except Exception as error:  # the test compares what came out
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(run, call) for call in calls]]


@pytest.mark.django_db(transaction=True)
def test_decide_contact_by_two_at_once_is_decided_once(cast, person):
    asked = proved(person)

    def decide(user):
        return lambda: decide_contact(request_id=asked.pk, accept=True, by=user)

    came = _apart(decide(cast.admin_kupang), decide(cast.provinsi_a))
    assert sorted(type(one).__name__ for one in came) == ["ContactRequest", "Refused"]
    assert AuditEntry.objects.filter(verb="accept_contact").count() == 1


@pytest.mark.django_db(transaction=True)
def test_decide_contact_whose_address_is_taken_between_the_look_and_the_save_is_refused(cast, person):
    asked = proved(person)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            factories.UserFactory(email=NEW)  # not committed: the other does not see it and waits at its save
            future = pool.submit(_apart, lambda: decide_contact(request_id=asked.pk, accept=True, by=cast.admin_kupang))
            while connection.vendor == "postgresql" and not _somebody_waits():  # SQLite lets one writer begin at a time
                assert not future.done()
        [came] = future.result()
    assert isinstance(came, Refused)
    assert "sudah dipakai" in str(came)
    asked.refresh_from_db()
    assert asked.state == ContactState.WAITING


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0


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
