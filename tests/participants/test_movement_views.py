"""The pages of movements: choose, say why, decide; and who reads the reasons."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from aktualisasi.demo.sample_pdf import sample_rancangan
from latsar.accounts.enums import Role
from latsar.ui import words
from participants.enums import MovementState, Stage
from participants.models import Movement, Participant
from participants.services.movement import Evidence, MovementFacts, decide_movement, propose_movement
from participants.services.placement import place_participant
from tests import factories

TODAY = timezone.localdate()


@pytest.fixture
def person(cast) -> Participant:
    return factories.ParticipantFactory(satker=cast.kupang, stage=Stage.APPROVED, sex="P", full_name="Maria Contoh, S.Kom.")


def typed(**changed: object) -> dict[str, object]:
    return {"reason": "birth", "note": "Melahirkan bulan ini.", "effective_on": TODAY.isoformat(), **changed}


def propose(person: Participant, by: object) -> Movement:
    said = MovementFacts(kind="defer", reason="birth", note="RAHASIA-KANDUNGAN", effective_on=TODAY)
    return propose_movement(participant_id=person.pk, facts=said, by=by)


def test_movement_add_offers_only_what_is_possible(cast, sign_in, person):
    page = sign_in(cast.admin_kupang).get(reverse("movement_add", args=[person.pk]))
    kinds = [value for value, *_rest in page.context["kinds"]]
    assert kinds == ["defer", "change_satker", "extend", "withdraw", "dismiss"]


def test_movement_add_by_satker_becomes_a_proposal_that_pksdm_finds_at_home(cast, sign_in, person):
    client = sign_in(cast.admin_kupang)
    data = typed(until=(TODAY + timedelta(days=90)).isoformat(), evidence=SimpleUploadedFile("surat.pdf", sample_rancangan()))
    answer = client.post(reverse("movement_add", args=[person.pk]) + "?jenis=defer", data)
    movement = Movement.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, movement.get_absolute_url())
    assert movement.evidence_name == "surat.pdf"
    assert "menunggu keputusan PKSDM" in client.get(person.get_absolute_url()).content.decode()
    home = sign_in(cast.pksdm).get("/").content.decode()
    assert "Putuskan 1 usulan perubahan status" in home
    assert "Putuskan 1 usulan" not in client.get("/").content.decode()


def test_movement_add_wrong_form_keeps_what_was_typed(cast, sign_in, person):
    url = reverse("movement_add", args=[person.pk]) + "?jenis=dismiss"
    answer = sign_in(cast.admin_kupang).post(url, typed(reason="discipline", note="Ketikan yang tidak boleh hilang"))
    assert answer.status_code == 422
    assert "Ketikan yang tidak boleh hilang" in answer.content.decode()
    assert "Tulis nomor surat" in answer.content.decode()
    assert not Movement.objects.exists()


def test_movement_decide_refuses_without_reason_and_says_so(cast, sign_in, person):
    movement, client = propose(person, cast.admin_kupang), sign_in(cast.pksdm)
    url = reverse("movement_decide", args=[movement.pk])
    assert "Tulis sebab penolakannya" in client.post(url, {"tolak": "1", "note": ""}).content.decode()
    assert client.post(url, {"terima": "1"}).status_code == 302
    movement.refresh_from_db()
    person.refresh_from_db()
    assert (movement.state, person.stage) == (MovementState.APPLIED, Stage.DEFERRED)


def test_reason_of_a_movement_is_hidden_from_the_next_institute(cast, sign_in, person):
    """The new institute sees the person, but not why the seat was changed."""
    first, second = (factories.BatchFactory(institute=one) for one in (cast.institute_a, cast.institute_b))
    place_participant(batch_id=first.pk, participant_id=person.pk, by=cast.pksdm)
    said = MovementFacts(kind="change_batch", reason="pregnancy", note="RAHASIA-KANDUNGAN", effective_on=TODAY, to_batch=second)
    propose_movement(participant_id=person.pk, facts=said, by=cast.pksdm)
    institute, satker = sign_in(cast.lembaga_b), sign_in(cast.admin_kupang)
    for name in ("participant_detail", "participant_history"):
        url = reverse(name, args=[person.pk])
        assert "RAHASIA-KANDUNGAN" not in institute.get(url).content.decode()
        assert "RAHASIA-KANDUNGAN" in satker.get(url).content.decode()


@pytest.mark.parametrize(("kind", "is_released"), [("change_satker", False), ("extend", False), ("defer", True)])
def test_movement_page_names_a_seat_as_released_only_when_it_was(cast, sign_in, person, kind, is_released):
    batch = factories.BatchFactory(institute=cast.institute_a)
    place_participant(batch_id=batch.pk, participant_id=person.pk, by=cast.pksdm)
    facts = {
        "change_satker": {"reason": "mutation", "to_satker": cast.ende},
        "extend": {"reason": "budget", "until": person.deadline + timedelta(days=30)},
        "defer": {"reason": "birth"},
    }
    said = MovementFacts(kind=kind, note="Uraian.", effective_on=TODAY, basis_number="1/2026", basis_date=TODAY, **facts[kind])
    movement = propose_movement(participant_id=person.pk, facts=said, by=cast.pksdm, evidence=Evidence(sample_rancangan(), "a.pdf"))
    page = sign_in(cast.pksdm).get(movement.get_absolute_url()).content.decode()
    assert ("Dilepas dari" in page) == is_released


def test_movement_list_filters_and_searches(cast, sign_in, person):
    propose(person, cast.admin_kupang)
    client = sign_in(cast.provinsi_a)
    for query, found in (
        ("q=maria", 1),
        ("q=tidak+ada", 0),
        (f"q={person.nip[:6]}", 1),
        ("jenis=defer&keadaan=proposed", 1),
        ("jenis=extend", 0),
    ):
        page = client.get(reverse("movement_list") + f"?{query}")
        assert len(page.context["rows"]) == found, query


def test_movement_list_asks_the_same_queries_at_one_and_three(cast, sign_in, person):
    client = sign_in(cast.pksdm)
    propose(person, cast.admin_kupang)
    few = _queries(client)
    for _number in range(2):
        propose(factories.ParticipantFactory(satker=cast.ende, stage=Stage.APPROVED, sex="P"), cast.admin_ende)
    assert _queries(client) == few


def test_participant_sees_own_movements_and_cannot_record_any(cast, sign_in, person):
    account = factories.UserFactory()
    factories.RoleGrantFactory(user=account, role=Role.PESERTA)
    Participant.objects.filter(pk=person.pk).update(user=account)
    propose(person, cast.pksdm)
    client = sign_in(account)
    page = client.get(reverse("participant_movements", args=[person.pk]))
    assert "RAHASIA-KANDUNGAN" in page.content.decode()
    assert page.context["kinds"] == []
    assert client.get(reverse("movement_add", args=[person.pk])).status_code == 404


def _queries(client) -> int:
    client.get(reverse("movement_list"))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse("movement_list")).status_code == 200
    return len(queries)


def test_movement_cancel_of_a_decided_proposal_says_what_became_of_it(cast, sign_in, person):
    movement = propose(person, cast.admin_kupang)
    decide_movement(movement_id=movement.pk, accept=True, note="", by=cast.pksdm)
    answer = sign_in(cast.admin_kupang).post(reverse("movement_cancel", args=[movement.pk]), follow=True)
    assert answer.redirect_chain == [(movement.get_absolute_url(), 302)]
    assert "sudah diputus: Berlaku" in answer.content.decode()


@pytest.mark.parametrize(("who", "words"), [("pksdm", "Putuskan usulan itu dahulu."), ("provinsi_a", "diputus atau ditarik")])
def test_movement_add_beside_an_open_proposal_leads_to_it(cast, sign_in, person, who, words):
    movement = propose(person, cast.admin_kupang)
    client, url = sign_in(getattr(cast, who)), reverse("movement_add", args=[person.pk])
    for address in (url, f"{url}?jenis=defer"):
        page = client.get(address).content.decode()
        assert words in page
        assert f'href="{movement.get_absolute_url()}"' in page


def test_movement_add_offers_the_satker_every_open_angkatan_that_fits(cast, sign_in, person):
    here, there = (factories.BatchFactory(institute=one, golongan="III") for one in (cast.institute_a, cast.institute_b))
    factories.BatchFactory(golongan="II")
    factories.BatchFactory(golongan="III", stage="running")
    full = factories.BatchFactory(golongan="III", capacity=1)
    place_participant(
        batch_id=full.pk, participant_id=factories.ParticipantFactory(satker=cast.ende, stage=Stage.APPROVED).pk, by=cast.pksdm
    )
    place_participant(batch_id=here.pk, participant_id=person.pk, by=cast.pksdm)
    client, url = sign_in(cast.admin_kupang), reverse("movement_add", args=[person.pk]) + "?jenis=change_batch"
    assert [value for value, _label in client.get(url).context["form"].fields["to_batch"].choices] == ["", there.pk]
    assert client.post(url, typed(reason="duty", to_batch=there.pk)).status_code == 302
    assert Movement.objects.get().to_batch == there


def test_movement_add_asks_the_same_queries_for_one_angkatan_and_three(cast, sign_in, person):
    place_participant(batch_id=factories.BatchFactory().pk, participant_id=person.pk, by=cast.pksdm)
    client, url = sign_in(cast.admin_kupang), reverse("movement_add", args=[person.pk]) + "?jenis=change_batch"
    counts = []
    for more in (1, 2):
        factories.BatchFactory.create_batch(more)
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_movement_page_of_an_extension_leads_to_its_correction(cast, sign_in, person):
    client, url = sign_in(cast.pksdm), reverse("movement_add", args=[person.pk])
    until = (person.deadline + timedelta(days=60)).isoformat()
    scan = SimpleUploadedFile("surat.pdf", sample_rancangan())
    said = typed(reason="budget", until=until, basis_number="1/2026", basis_date=TODAY.isoformat(), evidence=scan)
    page = client.post(f"{url}?jenis=extend", said, follow=True).content.decode()
    assert f'href="{url}?jenis=correct_extend"' in page
    answer = client.post(f"{url}?jenis=correct_extend", typed(reason="mistake", until=""), follow=True)
    assert "tanpa perpanjangan" in answer.content.decode()
    assert Participant.objects.get().extended_until is None
    extension = Movement.objects.get(kind="extend")
    assert "correct_extend" not in client.get(extension.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("stage", "is_told"), [(Stage.REGISTERED, True), (Stage.SUBMITTED, True), (Stage.APPROVED, False)])
def test_movement_add_before_approval_says_how_a_deferral_is_reached(cast, sign_in, person, stage, is_told):
    Participant.objects.update(stage=stage)
    page = sign_in(cast.provinsi_a).get(reverse("movement_add", args=[person.pk])).content.decode()
    assert ("Hamil atau sakit sebelum disetujui?" in page) == is_told


def record(person: Participant, by: object, kind: str, reason: str) -> Movement:
    said = MovementFacts(kind=kind, reason=reason, note="Uraian.", effective_on=TODAY, basis_number="1/2026", basis_date=TODAY)
    return propose_movement(participant_id=person.pk, facts=said, by=by, evidence=Evidence(sample_rancangan(), "a.pdf"))


def test_movement_add_says_where_a_wrong_record_leads_back_and_that_the_seat_is_gone(cast, sign_in, person):
    place_participant(batch_id=factories.BatchFactory().pk, participant_id=person.pk, by=cast.pksdm)
    record(person, cast.pksdm, "dismiss", "discipline")
    client, url = sign_in(cast.pksdm), reverse("movement_add", args=[person.pk]) + "?jenis=reinstate"
    assert "tahapnya kembali menjadi Disetujui PKSDM. Kursinya sudah dilepas" in client.get(url).content.decode()
    page = client.post(url, typed(reason="mistake"), follow=True).content.decode()
    assert "Kursinya sudah dilepas, jadi tempatkan lagi." in page


def test_person_who_died_is_said_to_have_died_everywhere(cast, sign_in, person):
    movement = record(person, cast.pksdm, "withdraw", "death")
    client = sign_in(cast.pksdm)
    addresses = [reverse(name, args=[person.pk]) for name in ("participant_detail", "participant_history", "participant_movements")]
    for url in (*addresses, movement.get_absolute_url(), reverse("participant_list"), reverse("movement_list")):
        main = client.get(url).content.decode().partition("<main")[2].partition("<tbody")
        shown = (main[2] or main[0]).partition("</tbody>")[0]
        assert "Meninggal dunia" in shown, url
        assert "engundurkan diri" not in shown, url
        assert "engunduran diri" not in shown, url


def extend(person: Participant, by: object, days: int | None, kind: str = "extend") -> Movement:
    until = person.deadline + timedelta(days=days) if days else None
    reason = "budget" if kind == "extend" else "mistake"
    said = MovementFacts(kind=kind, reason=reason, note="Uraian.", effective_on=TODAY, until=until, basis_number="1/2026", basis_date=TODAY)
    return propose_movement(participant_id=person.pk, facts=said, by=by, evidence=Evidence(sample_rancangan(), "a.pdf"))


@pytest.mark.parametrize(("days", "word"), [(30, "Dibetulkan"), (None, "Tidak berlaku lagi")])
def test_extension_that_was_corrected_says_so_and_leads_to_the_correction(cast, sign_in, person, days, word):
    first, later = extend(person, cast.pksdm, 60), extend(person, cast.pksdm, days, "correct_extend")
    client = sign_in(cast.pksdm)
    for url in (reverse("participant_movements", args=[person.pk]), reverse("movement_list"), first.get_absolute_url()):
        page = client.get(url)
        assert f'<a href="{later.get_absolute_url()}">Pembetulan perpanjangan' in page.content.decode(), url
        faces = {row.pk: face for row, face, *_lines in page.context.get("rows") or [(first, page.context["face"])]}
        assert word in faces[first.pk]
        assert later.pk not in faces or "Berlaku" in faces[later.pk]


def test_departure_after_which_somebody_came_back_no_longer_counts_until_they_leave_again(cast, sign_in, person):
    left = record(person, cast.pksdm, "dismiss", "discipline")
    back = record(person, cast.pksdm, "reinstate", "mistake")
    again = record(person, cast.pksdm, "withdraw", "own_request")
    rows = sign_in(cast.pksdm).get(reverse("movement_list")).context["rows"]
    faces = {row.pk: face for row, face in rows}
    assert "Tidak berlaku lagi" in faces[left.pk]
    assert back.get_absolute_url() in faces[left.pk]
    assert all("Berlaku" in faces[one.pk] for one in (back, again))


@pytest.mark.parametrize("page", ["movement_list", "participant_movements"])
def test_movements_that_no_longer_count_cost_no_query_each(cast, sign_in, person, page):
    client = sign_in(cast.pksdm)
    url = reverse(page, args=[person.pk] if page == "participant_movements" else [])
    counts = []
    for days in (60, 90):
        extend(person, cast.pksdm, days)
        extend(person, cast.pksdm, None, "correct_extend")
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_movement_add_names_every_wrong_field_and_the_wrong_file_at_once(cast, sign_in, person):
    url = reverse("movement_add", args=[person.pk]) + "?jenis=extend"
    wrong = SimpleUploadedFile("surat.pdf", b"MZ bukan pdf")
    data = typed(reason="budget", note="", until=person.deadline.isoformat(), basis_date=TODAY.isoformat(), evidence=wrong)
    answer = sign_in(cast.admin_kupang).post(url, data)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"note", "until", "basis_number", "evidence"}
    assert "Pilih lagi berkasnya" in answer.content.decode()


def test_movement_page_of_a_proposed_extension_shows_the_present_limit(cast, sign_in, person):
    movement = extend(person, cast.admin_kupang, 60)
    lines = dict(sign_in(cast.pksdm).get(movement.get_absolute_url()).context["lines"])
    assert lines["Batas sekarang"] == words.long_date_with_weekday(person.deadline)
