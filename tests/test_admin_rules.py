"""Mentors, rules, batches and units in the admin; and what a list costs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from latsar.accounts.enums import Role
from latsar.accounts.models import AuditEntry, RoleGrant, User
from latsar.documents.models import IssuedDocument
from latsar.satker.models import Satker
from latsar.training.enums import BatchStage
from latsar.training.models import Band, Batch, Holiday, RegulationScheme, ScoreComponent
from mentoring.models import MentorAssignment
from participants.enums import Stage
from participants.models import Certificate, Participant
from tests import factories
from tests.admin_pages import act, address, person_of, text


def _full_mentor(cast):
    mentor = factories.MentorFactory(satker=cast.kupang)
    factories.RoleGrantFactory(user=mentor.user, role=Role.MENTOR)
    for slot in range(1, 6):
        MentorAssignment.objects.create(
            mentor=mentor, participant=person_of(cast.ende, f"Orang Ende {slot}"), slot=slot, assigned_by=cast.pksdm
        )
    return mentor


FULL = "Mentor ini sudah membimbing 5 peserta. Pilih mentor lain."


def test_sixth_mentee_is_refused_with_the_same_words_on_every_path(cast, sign_in):
    mentor, sixth = _full_mentor(cast), person_of(cast.kupang, "Orang Keenam")
    client = sign_in(cast.admin_kupang)
    added = client.post(address(MentorAssignment, "add"), {"mentor": mentor.pk, "participant": sixth.pk})
    inline = client.post(address(type(mentor), "change", mentor.pk), _mentor_form(mentor, sixth))
    acted = act(client, type(mentor), "assign_chosen", [mentor], participant_nip=sixth.nip)
    assert [FULL in text(answer) for answer in (added, inline, acted)] == [True, True, True]
    assert MentorAssignment.objects.count() == 5


def _mentor_form(mentor, participant) -> dict[str, object]:
    own = {"nip": mentor.nip, "satker": mentor.satker_id, "jabatan": mentor.jabatan, "is_active": "on"}
    return own | {"assignments-TOTAL_FORMS": 1, "assignments-INITIAL_FORMS": 0, "assignments-0-participant": participant.pk}


def test_first_mentee_is_assigned_on_every_path(cast, sign_in):
    mentor = factories.MentorFactory(satker=cast.kupang)
    people = [person_of(cast.kupang, f"Orang {n}") for n in range(3)]
    client = sign_in(cast.admin_kupang)
    client.post(address(MentorAssignment, "add"), {"mentor": mentor.pk, "participant": people[0].pk})
    client.post(address(type(mentor), "change", mentor.pk), _mentor_form(mentor, people[1]))
    act(client, type(mentor), "assign_chosen", [mentor], participant_nip=people[2].nip)
    rows = MentorAssignment.objects.order_by("slot").values_list("participant_id", "slot", "assigned_by_id")
    assert list(rows) == [(person.pk, slot, cast.admin_kupang.pk) for slot, person in enumerate(people, 1)]


def test_assignment_of_a_foreign_participant_changes_nothing(cast, sign_in):
    mentor, other = factories.MentorFactory(satker=cast.kupang), person_of(cast.denpasar, "Ketut Contoh")
    client = sign_in(cast.admin_kupang)
    client.post(address(MentorAssignment, "add"), {"mentor": mentor.pk, "participant": other.pk})
    client.post(address(type(mentor), "change", mentor.pk), _mentor_form(mentor, other))
    acted = act(client, type(mentor), "assign_chosen", [mentor], participant_nip=other.nip)
    assert "Tidak ada peserta dengan NIP ini" in text(acted)
    assert not MentorAssignment.objects.exists()


def test_assignment_change_needs_a_reason_and_keeps_the_story(cast, sign_in):
    first, second, person = (
        factories.MentorFactory(satker=cast.kupang),
        factories.MentorFactory(satker=cast.ende),
        person_of(cast.kupang, "X"),
    )
    row = MentorAssignment.objects.create(mentor=first, participant=person, slot=1, assigned_by=cast.pksdm)
    client = sign_in(cast.admin_kupang)
    assert client.post(address(MentorAssignment, "change", row.pk), {"mentor": second.pk}).status_code == 200
    client.post(address(MentorAssignment, "change", row.pk), {"mentor": second.pk, "reason": "Mutasi"})
    row.refresh_from_db()
    assert (row.mentor, row.end_reason) == (first, "Mutasi")
    assert MentorAssignment.objects.active().get().mentor == second


def test_mentor_of_another_satker_is_not_edited(cast, sign_in):
    mentor = factories.MentorFactory(satker=cast.denpasar)
    form = {"nip": mentor.nip, "satker": cast.kupang.pk, "jabatan": "Diubah", "assignments-TOTAL_FORMS": 0, "assignments-INITIAL_FORMS": 0}
    sign_in(cast.admin_kupang).post(address(type(mentor), "change", mentor.pk), form)
    mentor.refresh_from_db()
    assert (mentor.satker, mentor.jabatan) == (cast.denpasar, "Kepala Subbagian Teknis")


# --- rules, batches, satker


def _scheme_form(weights: list[str]) -> dict[str, object]:
    form: dict[str, object] = {
        "code": "baru",
        "name": "Skema",
        "regulation": "PerLAN",
        "effective_from": "01-01-2026",
        "hours": 647,
        "extension_months": 12,
        "absence_marks": "A",
        "over_absence": "deferred",
        "objection_days": 3,
        "submit_lead_days": 0,
    }
    for prefix in ("bands", "rubric", "phase_templates", "components"):
        form |= {f"{prefix}-TOTAL_FORMS": len(weights) if prefix == "components" else 0, f"{prefix}-INITIAL_FORMS": 0}
    for number, weight in enumerate(weights):
        row = {"order": number, "code": f"k{number}", "name": f"Komponen {number}", "weight": weight, "rated_by": "lembaga", "raters": 1}
        form |= {f"components-{number}-{name}": value for name, value in row.items()}
    return form


def test_scheme_draft_may_be_saved_before_its_weights_are_whole(cast, sign_in):
    client = sign_in(cast.pksdm)
    assert client.post(address(RegulationScheme, "add"), _scheme_form(["50", "49,5"])).status_code == 302
    scheme = RegulationScheme.objects.get()
    assert (scheme.published_at, scheme.components.count()) == (None, 2)
    form = _scheme_form(["50"]) | {
        "components-INITIAL_FORMS": 1,
        "components-0-id": scheme.components.first().pk,
        "published_at": "01-01-2026",
    }
    client.post(address(RegulationScheme, "change", scheme.pk), form)  # publishing has its own door
    scheme.refresh_from_db()
    assert (scheme.published_at, scheme.version) == (None, 1 + bool(form["name"] != "Skema"))


def test_inline_edits_are_audited_with_old_and_new_values(cast, sign_in):
    client = sign_in(cast.pksdm)
    client.post(address(RegulationScheme, "add"), _scheme_form(["50", "50"]))
    scheme, (first, second) = RegulationScheme.objects.get(), ScoreComponent.objects.order_by("order")
    added = AuditEntry.objects.about(first).get(verb="add").changes
    assert (added["name"], added["weight"], added["scheme"]) == ([None, "Komponen 0"], [None, "50"], [None, scheme.pk])
    form = _scheme_form(["100"]) | {"components-TOTAL_FORMS": 2, "components-INITIAL_FORMS": 2}
    form |= {"components-0-id": first.pk, "components-1-id": second.pk, "components-1-DELETE": "on"}
    form |= {"components-1-order": 1, "components-1-code": "k1", "components-1-name": "Komponen 1", "components-1-weight": "50"}
    form |= {"components-1-rated_by": "lembaga", "components-1-raters": 1}
    assert client.post(address(RegulationScheme, "change", scheme.pk), form).status_code == 302
    assert AuditEntry.objects.about(first).get(verb="change").changes == {"weight": ["50.00", "100"]}
    gone = AuditEntry.objects.get(verb="delete", object_id=str(second.pk)).changes
    assert (gone["name"], gone["weight"]) == (["Komponen 1", None], ["50.00", None])


def test_published_scheme_is_only_read(cast, sign_in):
    scheme = factories.SchemeFactory(published_at=None)
    Band.objects.create(scheme=scheme, name="Lulus", above=70)
    RegulationScheme.objects.filter(pk=scheme.pk).update(published_at=timezone.now())
    form = {
        "name": "Nama baru", "regulation": "Lain", "hours": 1, "extension_months": 6, "absence_marks": "A", "over_absence": "deferred", "objection_days": 3, "bands-TOTAL_FORMS": 1, "bands-INITIAL_FORMS": 1, "bands-0-id": scheme.bands.get().pk,
        "bands-0-name": "Lulus", "bands-0-above": 10, "components-TOTAL_FORMS": 0, "components-INITIAL_FORMS": 0,
        "phase_templates-TOTAL_FORMS": 0, "phase_templates-INITIAL_FORMS": 0,
    }  # fmt: skip
    client = sign_in(cast.pksdm)
    assert client.get(address(RegulationScheme, "change", scheme.pk)).status_code == 200
    assert client.post(address(RegulationScheme, "change", scheme.pk), form).status_code in (403, 404)
    scheme.refresh_from_db()
    assert (scheme.name, scheme.hours, scheme.regulation, scheme.bands.get().above) == ("Skema contoh", 647, "PerLAN contoh", 70)


def _batch_form(batch: Batch, **changed: object) -> dict[str, object]:
    names = ["scheme_id", "method", "curriculum_id", "golongan", "number", "capacity", "place", "approval_basis", "version"]
    empty = {f"{prefix}-{part}": 0 for prefix in ("phases", "stage_changes") for part in ("TOTAL_FORMS", "INITIAL_FORMS")}
    return {name.removesuffix("_id"): getattr(batch, name) for name in names} | {"wave": ""} | empty | changed


def test_batch_change_goes_through_the_service_and_fits_its_seats(cast, sign_in):
    scheme, curriculum = factories.SchemeFactory(published_at=None), factories.CurriculumFactory(published_at=None)
    scheme.phase_templates.create(method="blended", order=1, kind="mooc", name="MOOC", length=5)
    scheme.components.create(order=1, code="a", name="A", weight=100)
    curriculum.subjects.create(method="blended", order=1, agenda="I", name="X", hours=3)
    for rules in (scheme, curriculum):
        rules.published_at = timezone.now()
        rules.save()
    batch = factories.BatchFactory(institute=cast.institute_a, province=cast.province_a, scheme=scheme, curriculum=curriculum)
    client = sign_in(cast.pksdm)
    answer = client.post(address(Batch, "change", batch.pk), _batch_form(batch, capacity=6, stage="closed", starts_on="01-01-2020"))
    assert answer.status_code == 302
    after = Batch.objects.get(pk=batch.pk)
    assert (after.capacity, after.seats.count(), after.stage, after.starts_on) == (6, 6, BatchStage.OPEN, batch.starts_on)
    stale = client.post(address(Batch, "change", batch.pk), _batch_form(batch, capacity=9))
    assert "baru saja diubah orang lain" in text(stale)
    assert Batch.objects.get(pk=batch.pk).capacity == 6


def test_batch_of_the_own_province_is_only_read_by_its_province(cast, sign_in):
    batch = factories.BatchFactory(institute=cast.institute_a, province=cast.province_a)
    client = sign_in(cast.provinsi_a)
    assert client.get(address(Batch, "change", batch.pk)).status_code == 200
    assert client.post(address(Batch, "change", batch.pk), _batch_form(batch, capacity=9)).status_code in (403, 404)
    assert Batch.objects.get(pk=batch.pk).capacity == 4


def test_satker_added_hangs_under_its_province_and_a_known_one_stays_there(cast, sign_in):
    client = sign_in(cast.pksdm)
    form = {"code": "53.99", "name": "KPU Baru", "kind": "KABKOTA", "zone": "WITA", "changes-TOTAL_FORMS": 0, "changes-INITIAL_FORMS": 0}
    refused = client.post(address(Satker, "add"), form | {"parent": cast.setjen.pk})
    assert "Induk kabupaten/kota adalah satker provinsinya" in text(refused)
    assert client.post(address(Satker, "add"), form | {"parent": cast.province_a.pk}).status_code == 302
    new = Satker.objects.get(code="53.99")
    assert new.province == cast.province_a
    moved = form | {"parent": cast.province_b.pk, "name": "KPU Lain"}
    assert client.post(address(Satker, "change", new.pk), moved).status_code == 302
    new.refresh_from_db()
    assert (new.name, new.parent, new.province) == ("KPU Lain", cast.province_a, cast.province_a)


def test_satker_renamed_or_closed_in_the_admin_tells_its_story_and_stays_findable(cast, sign_in):
    client, unit = sign_in(cast.pksdm), cast.ende
    person_of(unit, "Orang Ende")
    old = unit.name
    kept = {name: getattr(unit, name) or "" for name in ("province_name", "dipa_code", "zone", "email", "phone", "address")}
    inline = {"changes-TOTAL_FORMS": 0, "changes-INITIAL_FORMS": 0}
    client.post(address(Satker, "change", unit.pk), {**kept, **inline, "name": "KPU Kabupaten Baru", "closed_on": ""})
    assert list(unit.changes.values_list("kind", "old_name")) == [("rename", old)]
    assert list(Satker.objects.search(old)) == [unit]
    page = client.post(
        address(Satker, "change", unit.pk), {**kept, **inline, "name": "KPU Kabupaten Baru", "closed_on": "2026-01-05"}, follow=True
    )
    assert unit.changes.filter(kind="close", effective_on="2026-01-05").count() == 1
    assert "1 orang masih di sana" in page.content.decode()


def test_unit_admin_writes_no_master_data(cast, sign_in):
    client = sign_in(cast.provinsi_a)
    assert client.get(address(Satker, "change", cast.kupang.pk)).status_code == 200
    for model, form in ((Holiday, {"date": "01-01-2026", "name": "Palsu"}), (Satker, {"code": "53.99", "name": "X"})):
        assert client.post(address(model, "add"), form).status_code in (403, 404)
    assert not Holiday.objects.exists()


def test_holiday_typed_in_is_kept_from_the_reference_data(cast, sign_in):
    assert sign_in(cast.pksdm).post(address(Holiday, "add"), {"date": "01-06-2026", "name": "Libur daerah"}).status_code == 302
    assert Holiday.objects.get().is_own


# --- constant cost


@pytest.mark.parametrize("model", [Satker, User, RoleGrant, Batch, Participant, MentorAssignment, Certificate], ids=lambda m: m.__name__)
def test_changelist_asks_as_much_for_one_row_as_for_three(model, cast, sign_in):
    client = sign_in(cast.pksdm)
    _one_of_each(cast, 1)
    few = _queries(client, model)
    for number in (2, 3):
        _one_of_each(cast, number)
    assert _queries(client, model) == few


def _queries(client, model) -> int:
    client.get(address(model, "changelist"))
    with CaptureQueriesContext(
        connection,
    ) as seen:
        client.get(address(model, "changelist"))
    return len(seen)


def _one_of_each(cast, number: int) -> None:
    batch = factories.BatchFactory(institute=cast.institute_a, starts_on=timezone.localdate() + timedelta(days=number), number=400 + number)
    person = person_of(cast.kupang, f"Orang {number}", stage=Stage.TRAINING, batch=batch)
    mentor = factories.MentorFactory(satker=cast.kupang)
    MentorAssignment.objects.create(mentor=mentor, participant=person, slot=1, assigned_by=cast.pksdm)
    document = IssuedDocument.objects.create(kind="completion", number=f"N/{number}", holder_name="X", title="X", face={})
    Certificate.objects.create(participant=person, batch=batch, document=document)
