from __future__ import annotations

import importlib
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from participants.models import Participant
from participants.tidying import tidy
from tests.factories import ParticipantFactory
from tests.participants.services.test_imports import commit, preview
from tests.participants.workbook.people import many_rows

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("email", " Ani.Contoh@Contoh.GO.ID ", "ani.contoh@contoh.go.id"),
        ("jabatan", " Penata  Kelola\u00a0Pemilu ", "Penata Kelola Pemilu"),
        ("full_name", "Jose\u0301 Contoh", "Jos\u00e9 Contoh"),
        ("address", "Jalan A 9", "Jalan A 9"),
    ],
)
def test_tidy_keeps_one_spelling_of_a_text(name, typed, kept):
    assert tidy(name, typed) == kept


def test_import_of_what_the_form_registered_is_all_the_same(cast, sign_in):
    row = many_rows(1)[0]
    typed = {
        "nip": row[0], "full_name": f" {row[1].replace(' ', '  ')}", "satker": row[2], "golongan": row[3], "jabatan": row[4].replace(" ", "  "),
        "education": row[5], "study_programme": f"{row[6]} ", "birth_place": row[7], "religion": row[10], "email": row[11].title(),
        "phone": row[12], "address": row[13].replace(" ", "   "),
    }  # fmt: skip
    assert sign_in(cast.admin_kupang).post(reverse("participant_add"), typed).status_code == 302
    assert preview([row], cast.admin_kupang).same_count == 1


def test_tidy_stored_brings_older_people_to_what_the_import_keeps(cast):
    row = many_rows(1)[0]
    commit(preview([row], cast.admin_kupang), cast.admin_kupang)
    other = ParticipantFactory(satker=cast.kupang)
    Participant.objects.filter(nip=row[0]).update(email=row[11].upper(), jabatan=f"{row[4]} ", address=row[13].replace(" ", "  "))
    before = Participant.objects.filter(pk=other.pk).values().get()
    importlib.import_module("participants.migrations.0016_lists_words").tidy_stored(apps, SimpleNamespace(connection=connection))
    assert preview([row], cast.admin_kupang).same_count == 1
    assert Participant.objects.filter(pk=other.pk).values().get() == before
