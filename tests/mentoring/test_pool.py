"""The pool: pembekalan, willingness, suggestions with their reasons, and the list as a file."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from latsar.accounts.errors import NotAllowed, Refused, StaleVersion
from latsar.notices.models import Notice
from mentoring import invariants, services
from mentoring.expertise import fields_of
from mentoring.models import MentorAssignment, MentorTraining
from mentoring.suggestions import suggestions
from tests import factories
from tests.mentoring.conftest import make_mentor

pytestmark = pytest.mark.django_db


def record(mentor, by, days=3, organiser="PKSDM"):
    day = timezone.localdate() - timedelta(days=days)
    return services.record_training(mentor_id=mentor.pk, held_on=day, organiser=organiser, by=by)


def test_trainings_are_a_history_and_the_latest_day_stands_on_the_mentor(cast, mentor):
    old, new = record(mentor, cast.admin_ende, days=30), record(mentor, cast.admin_ende)
    mentor.refresh_from_db()
    assert mentor.trained_on == new.held_on
    with pytest.raises(Refused, match="sudah tercatat"):
        record(mentor, cast.pksdm)
    with pytest.raises(NotAllowed):
        record(mentor, cast.admin_kupang, days=1)  # another satker
    with pytest.raises(Refused, match="belum tiba"):
        record(mentor, cast.pksdm, days=-1)
    services.remove_training(training_id=new.pk, by=cast.provinsi_a)
    mentor.refresh_from_db()
    assert mentor.trained_on == old.held_on
    assert list(invariants.broken()) == []
    mentor.trained_on = None
    mentor.save()
    assert list(invariants.broken()) == [f"mentor {mentor.pk}: latest training is {old.held_on}"]


def test_training_page_keeps_evidence_and_pool_filters_who_lacks_it(cast, mentor, sign_in):
    client = sign_in(cast.admin_ende)
    page = f"/mentor/{mentor.pk}/pembekalan/"
    day = timezone.localdate().isoformat()
    bad = client.post(page, {"held_on": day, "organiser": "PKSDM", "file": SimpleUploadedFile("a.pdf", b"bukan pdf")})
    assert bad.status_code == 422
    assert 'value="PKSDM"' in bad.content.decode()
    assert str(mentor) in client.get("/mentor/?tanpa_bekal=on").content.decode()
    from aktualisasi.demo.sample_pdf import sample_rancangan

    form = {"held_on": day, "organiser": "PKSDM", "file": SimpleUploadedFile("a.pdf", sample_rancangan())}
    assert client.post(page, form).status_code == 302
    row = MentorTraining.objects.get()
    assert b"".join(client.get(f"/mentor/pembekalan/{row.pk}/").streaming_content) == sample_rancangan()
    assert sign_in(cast.admin_denpasar).get(f"/mentor/pembekalan/{row.pk}/").status_code == 404
    assert str(mentor) not in client.get("/mentor/?tanpa_bekal=on").content.decode()
    assert "PKSDM" in client.get(f"/mentor/{mentor.pk}/").content.decode()


def test_update_mentor_changes_field_and_refuses_stale_and_strangers(cast, mentor):
    facts = {"satker": cast.ende, "jabatan": "Kasubbag Hukum", "bidang": "hukum"}
    services.update_mentor(mentor_id=mentor.pk, version=1, by=cast.admin_ende, **facts)
    mentor.refresh_from_db()
    assert (mentor.bidang, mentor.version) == ("hukum", 2)
    with pytest.raises(StaleVersion):
        services.update_mentor(mentor_id=mentor.pk, version=1, by=cast.admin_ende, **facts)
    with pytest.raises(NotAllowed):
        services.update_mentor(mentor_id=mentor.pk, version=2, by=cast.admin_kupang, **facts)
    with pytest.raises(Refused, match="di luar wewenang"):
        services.update_mentor(mentor_id=mentor.pk, version=2, by=cast.admin_ende, **{**facts, "satker": cast.denpasar})


def test_unwilling_mentor_keeps_mentees_gets_nobody_new_and_units_are_asked(cast, mentor, person, fill, sign_in):
    held = fill(mentor, 1)[0]
    with pytest.raises(Refused):
        services.deactivate_mentor(mentor_id=mentor.pk, reason=" ", by=cast.admin_ende)
    services.deactivate_mentor(mentor_id=mentor.pk, reason="Cuti besar", by=cast.admin_ende)
    assert MentorAssignment.objects.active().get() == held
    assert Notice.objects.filter(user=mentor.user, text__contains="tidak menerima peserta").exists()
    with pytest.raises(Refused, match="tidak bersedia"):
        services.assign_mentor(mentor_id=mentor.pk, participant_id=person.pk, by=cast.admin_kupang)
    assert "Ganti mentor 1 peserta" in sign_in(cast.admin_kupang).get("/").content.decode()
    assert "Cuti besar" in sign_in(cast.admin_kupang).get(f"/mentor/{mentor.pk}/").content.decode()
    services.activate_mentor(mentor_id=mentor.pk, by=cast.admin_ende)
    assert services.assign_mentor(mentor_id=mentor.pk, participant_id=person.pk, by=cast.admin_kupang).slot == 2


def test_willingness_by_page_is_for_who_administers_the_mentor(cast, mentor, sign_in):
    url = f"/mentor/{mentor.pk}/kesediaan/"
    assert sign_in(cast.admin_kupang).post(url, {"reason": "x"}).status_code == 404
    sign_in(cast.admin_ende).post(url, {"reason": ""})
    mentor.refresh_from_db()
    assert mentor.is_active
    sign_in(cast.admin_ende).post(url, {"reason": "Pindah"})
    mentor.refresh_from_db()
    assert (mentor.is_active, mentor.inactive_reason) == (False, "Pindah")
    sign_in(cast.admin_ende).post(url, {"aksi": "bersedia"})
    mentor.refresh_from_db()
    assert mentor.is_active


def test_suggestions_weigh_field_satker_load_and_zone_and_say_why(cast, fill):
    person = factories.ParticipantFactory(satker=cast.kupang, jabatan="Pranata Komputer Ahli Pertama")
    own = make_mentor(cast.kupang, bidang="hukum", trained_on=timezone.localdate())
    same_field = make_mentor(cast.ende, bidang="data", trained_on=timezone.localdate())
    far = make_mentor(cast.denpasar, bidang="data", trained_on=timezone.localdate())
    stranger = make_mentor(cast.badung, bidang="hukum")
    found = suggestions([person], cast.admin_kupang)[person.pk]
    assert [offer.mentor for offer in found] == [same_field, own, far]
    assert "bidang sama" in found[0].why
    assert found[1].why.startswith("satker sama")
    assert "zona waktu sama" in found[2].why
    assert stranger not in [offer.mentor for offer in found]
    fill(same_field, 4)
    again = [offer.mentor for offer in suggestions([person], cast.admin_kupang)[person.pk]]
    assert again == [own, far, same_field]
    fill(far, 5)
    assert far not in [offer.mentor for offer in suggestions([person], cast.admin_kupang)[person.pk]]


def test_untrained_mentor_is_named_so(cast, person):
    make_mentor(cast.kupang, trained_on=None)
    assert "belum dibekali" in suggestions([person], cast.admin_kupang)[person.pk][0].why


@pytest.mark.parametrize(
    ("jabatan", "wanted"),
    [
        ("Pranata Komputer Ahli Pertama", {"data"}),
        ("Analis Hukum", {"hukum"}),
        ("Arsiparis Terampil", {"umum"}),
        ("Bendahara", {"keuangan"}),
        ("Dokter", set()),
    ],
)
def test_fields_of_reads_the_words_of_a_jabatan(jabatan, wanted):
    assert fields_of(jabatan) == wanted


def test_pool_export_holds_the_filtered_rows_and_is_recorded(cast, mentor, fill, sign_in):
    from latsar.accounts.models import AuditEntry

    fill(mentor, 2)
    make_mentor(cast.kupang, user=factories.UserFactory(full_name="=HYPERLINK(1)"))
    answer = sign_in(cast.admin_kupang).post("/mentor/ekspor/?q=Mentor A")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    texts = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert next(row for row in texts if row[1] == str(mentor))[6:8] == [2, 5]
    assert not any("HYPERLINK" in str(value) for row in texts for value in row)
    everything = sign_in(cast.admin_kupang).post("/mentor/ekspor/")
    kinds = {
        cell.value: cell.data_type for row in openpyxl.load_workbook(io.BytesIO(everything.content)).active.iter_rows() for cell in row
    }
    assert "f" not in kinds.values()
    assert AuditEntry.objects.filter(verb="export", note="daftar mentor").count() == 2


def test_register_with_the_account_of_a_participant_is_refused(cast):
    account = factories.UserFactory(username="akun.peserta")
    factories.ParticipantFactory(satker=cast.kupang, user=account)
    with pytest.raises(Refused, match="milik peserta"):
        services.register_mentor(nip="198501012010011905", full_name="A", email=account.email, satker=cast.ende, jabatan="B", by=cast.pksdm)
