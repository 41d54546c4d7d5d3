from __future__ import annotations

from urllib.parse import unquote

import pytest

from participants.enums import Stage
from participants.services.invitation import invite_participant
from participants.services.slips import issue_slip
from tests.factories import BatchFactory, ParticipantFactory


def page(client, person) -> str:
    return unquote(client.get(person.get_absolute_url()).content.decode())


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"stage": Stage.RETURNED, "return_note": "SK belum jelas."}, "Berkas Latsar Anda dikembalikan: SK belum jelas."),
        ({"stage": Stage.PLACED}, "Anda ditempatkan di Angkatan"),
        ({"stage": Stage.TRAINING}, "Jangan lupa mengunggah rancangan"),
    ],
)
def test_reach_card_offers_what_fits_to_registrars_alone(cast, sign_in, fields, said):
    if fields["stage"] != Stage.RETURNED:
        fields |= {"batch": BatchFactory(institute=cast.institute_a)}
    person = ParticipantFactory(satker=cast.kupang, phone="0812-3456-7890", **fields)
    html = page(sign_in(cast.admin_kupang), person)
    assert "https://wa.me/6281234567890?text=Yth." in html
    assert said in html
    assert "wa.me" not in page(sign_in(cast.pimpinan), person)


def test_reach_card_reminds_of_an_invitation_without_its_link(cast, sign_in):
    person = ParticipantFactory(satker=cast.kupang, phone="081234567890", stage=Stage.TRAINING, batch=BatchFactory())
    invite_participant(participant_id=person.pk, by=cast.admin_kupang)
    html = page(sign_in(cast.admin_kupang), person)
    assert "Undangan portal Latsar sudah dikirim ke" in html
    assert "/akun/sandi/baru/" not in html


def test_reach_card_speaks_of_the_slip_when_one_was_printed_and_no_mail_went(cast, sign_in):
    person = ParticipantFactory(satker=cast.kupang, phone="081234567890", stage=Stage.VERIFIED)
    issue_slip(participant_id=person.pk, by=cast.admin_kupang)
    html = page(sign_in(cast.admin_kupang), person)
    assert "/aktivasi/, lalu ketik NIP dan kode di slip itu" in html
    assert "sudah dikirim ke" not in html


@pytest.mark.parametrize("phone", ["", "0812"])
def test_reach_card_without_a_usable_number_says_so(cast, sign_in, phone):
    person = ParticipantFactory(satker=cast.kupang, phone=phone, stage=Stage.RETURNED, return_note="SK belum jelas.")
    html = page(sign_in(cast.admin_kupang), person)
    assert "wa.me" not in html
    assert "tidak dapat dipakai" in html
