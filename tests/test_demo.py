from __future__ import annotations

import io
import json
import stat
from collections import Counter

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from aktualisasi.models import ReviewNote
from latsar.accounts.models import User
from latsar.documents.models import IssuedDocument
from latsar.notices.models import Notice, OutboxMail
from latsar.satker.models import Satker
from latsar.training.models import Batch
from mentoring.models import MentorAssignment
from participants.enums import LEFT, Stage
from participants.models import DossierDocument, Participant


def run(*args: str) -> str:
    out = io.StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """Load the demo once, in a transaction around all tests of this file; return the accounts it wrote."""
    with django_db_blocker.unblock(), transaction.atomic():
        run("load_reference")
        run("load_demo", "--participants", "600")
        yield settings.DEMO_ACCOUNTS_FILE.read_text()
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded, db) -> str:
    return loaded


def test_load_demo_tells_the_story(demo):
    assert Satker.objects.count() == 553
    assert Participant.objects.filter(province__code="53").count() == 118
    assert Batch.objects.filter(institute__code="bpsdm-ntt").count() == 4
    assert Participant.objects.filter(batch__institute__code="kkp-sukamandi", stage=Stage.GRADUATED).count() == 80
    assert set(Participant.objects.values_list("stage", flat=True)) == set(Stage.values) - set(LEFT)
    assert max(Counter(MentorAssignment.objects.active().filter(place=None).values_list("mentor", flat=True)).values()) <= 5
    assert Counter(IssuedDocument.objects.values_list("state", flat=True))["revoked"] == 1
    assert IssuedDocument.objects.filter(state="issued").count() >= 3
    assert not Participant.objects.exclude(nip__regex=r"9[0-9]{2}$").exists()
    assert ReviewNote.objects.sent().filter(version__paper__rancangan__participant__user__username="peserta").count() == 2


def test_load_demo_writes_accounts_that_sign_in(demo):
    rows = [line.split() for line in demo.splitlines()]
    assert stat.S_IMODE(settings.DEMO_ACCOUNTS_FILE.stat().st_mode) == 0o600
    assert {row[1] for row in rows} == {
        "pksdm",
        "provinsi.ntt",
        "satker.kupang",
        "lembaga.ntt",
        "pemeriksa.ntt",
        "mentor",
        "coach",
        "penguji",
        "pimpinan",
        "peserta",
        "peserta.habituasi",
        "mentor.habituasi",
    }
    for _role, username, password in rows:
        assert User.objects.get(username=username).check_password(password)


def test_load_demo_twice_changes_nothing(demo):
    before = Participant.objects.count()
    assert "tidak ada yang diubah" in run("load_demo")
    assert Participant.objects.count() == before


def test_check_invariants_whole_demo_is_intact(demo):
    assert json.loads(run("check_invariants", "--json"))["broken"] == 0


def test_check_invariants_names_what_is_broken(demo):
    person = Participant.objects.filter(stage=Stage.TRAINING).first()
    assert person
    person.placements.all().delete()
    out = io.StringIO()
    with pytest.raises(SystemExit) as stop:
        call_command("check_invariants", "--json", stdout=out)
    found = json.loads(out.getvalue())
    assert (stop.value.code, found["rooms"]["participants"]) == (1, [f"participant {person.pk}: seated without a seat"])


def test_load_demo_puts_news_under_every_bell(demo):
    told = set(Notice.objects.filter(key__startswith="demo-").values_list("user__username", flat=True))
    assert told == set(User.objects.exclude(email="").filter(participant__invitation=None).values_list("username", flat=True))
    assert Counter(OutboxMail.objects.filter(key__startswith="demo-").values_list("state", flat=True)) == {
        "queued": 2,
        "sent": 1,
        "failed": 1,
    }


def test_load_demo_note_of_a_returned_file_is_about_the_document_that_was_returned(demo):
    returned = DossierDocument.objects.current().filter(state="returned", participant__stage=Stage.RETURNED).select_related("participant")
    assert returned.count() > 0
    assert [row.participant.return_note.endswith(row.reason) for row in returned] == [True] * len(returned)
