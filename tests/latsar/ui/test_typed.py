"""Free text is kept without signs that nobody sees."""

from __future__ import annotations

import pytest
from django.urls import reverse

from aktualisasi.forms import ReopenForm
from participants.contact_forms import ContactDecisionForm
from participants.models import Participant
from tests import factories

UNSEEN = ["\x00", "\u202a", "\u202e", "\u2066", "\u2069", "\u200b", "\u200f", "\u2060", "\ufeff"]


@pytest.mark.parametrize("sign", UNSEEN)
@pytest.mark.parametrize("form", [ReopenForm, ContactDecisionForm])
def test_note_is_kept_without_signs_that_nobody_sees(form, sign):
    filled = form({"note": f"Bab {sign}dua\nkurang {sign}data"})
    assert filled.is_valid()
    assert filled.cleaned_data["note"].splitlines() == ["Bab dua", "kurang data"]


def test_note_of_unseen_signs_only_counts_as_not_written():
    assert "note" in ReopenForm({"note": "\u202e\u200b"}).errors


def test_own_address_is_kept_without_direction_signs(cast, sign_in):
    user = factories.UserFactory()
    factories.RoleGrantFactory(user=user, role="peserta")
    person = factories.ParticipantFactory(satker=cast.kupang, user=user, phone="081200000900")
    typed = {"email": person.email, "phone": person.phone, "address": "Jalan \u202eContoh 1"}
    assert sign_in(user).post(reverse("contact_edit"), typed).status_code == 302
    assert Participant.objects.get().address == "Jalan Contoh 1"


def test_address_with_nul_is_answered_before_any_row_is_looked_for(cast, sign_in):
    client = sign_in(cast.pksdm)
    assert client.get(reverse("batch_list"), {"keadaan": "a\0b"}).status_code == 400
    assert client.get(reverse("batch_list"), {"keadaan": "ab"}).status_code == 200


def test_what_was_typed_can_be_copied_from_the_page_of_a_stale_form(cast, sign_in):
    institute, client = cast.institute_a, sign_in(cast.pksdm)
    form = {
        "version": 7,
        "k-0-name": "Bidang Contoh",
        "k-0-duty": "Jadwal & kelas",
        "k-0-phone": "081200000900",
        "k-0-email": "",
        "baris": "0",
    }
    page = client.post(reverse("institute_contacts", args=[institute.pk]), form)
    assert page.status_code == 409
    assert "Bidang Contoh\nJadwal &amp; kelas</textarea>" in page.content.decode()
