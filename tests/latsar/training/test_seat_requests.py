from datetime import date, timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aktualisasi.demo.sample_pdf import sample_rancangan
from latsar.accounts.errors import IllegalMove, NotAllowed, Refused, StaleVersion
from latsar.accounts.models import AuditEntry
from latsar.notices.enums import Audience
from latsar.notices.models import Notice
from latsar.notices.reminders import Asked, reminders
from latsar.training import reference
from latsar.training.enums import RequestState
from latsar.training.invariants import broken
from latsar.training.models import Batch, Curriculum, RegulationScheme, SeatRequest
from latsar.training.policies import is_request_actor
from latsar.training.services import seat_requests as services
from latsar.training.services.batches import create_batch, update_batch
from latsar.training.services.seat_requests import MoveFacts, Paper
from latsar.training.workflow import SEAT_REQUEST_MOVES

pytestmark = pytest.mark.django_db

DAY = date(2026, 1, 12)
LETTER = MoveFacts(number="218/SD/2026", day=DAY)


@pytest.fixture
def ask(cast):
    """Return `ask(**changes)`, a draft of NTT for 80 blended seats at its BPSDM."""

    def make(**changes) -> SeatRequest:
        facts = {
            "institute": cast.institute_a, "province": cast.province_a, "starts_on": date(2026, 2, 1), "ends_on": date(2026, 4, 30),
            "method": "blended", "golongan": "III", "seats_asked": 80, "note": "Rahasia kantor", **changes,
        }  # fmt: skip
        return services.create_request(facts=facts, by=cast.provinsi_a)

    return make


@pytest.fixture
def granted(ask, cast) -> SeatRequest:
    return move(move(ask(), "send", LETTER, cast.provinsi_a), "grant", MoveFacts(seats=50, day=DAY), cast.lembaga_a)


def move(request: SeatRequest, action: str, facts: MoveFacts, by) -> SeatRequest:
    return services.move_request(request_id=request.pk, version=request.version, action=action, facts=facts, by=by)


def test_request_goes_its_way_with_story_trail_and_papers(ask, cast):
    row = ask()
    paper = Paper(sample_rancangan(), "../surat.pdf")
    row = move(row, "send", MoveFacts(number="218/SD/2026", day=DAY, paper=paper), cast.provinsi_a)
    row = move(row, "grant", MoveFacts(seats=60, number="800/1", day=DAY, note="Kelas C"), cast.lembaga_a)
    row = move(row, "agree", MoveFacts(number="12/PKS", day=DAY), cast.pksdm)
    row = move(row, "close", MoveFacts(), cast.provinsi_a)
    assert (row.state, row.letter_number, row.seats_granted, row.agreement_number) == ("closed", "218/SD/2026", 60, "12/PKS")
    story = [(c.action, c.old, c.new, c.by) for c in row.stage_changes.order_by("pk")]
    assert story == [
        ("create", "", "draft", cast.provinsi_a),
        ("send", "draft", "sent", cast.provinsi_a),
        ("grant", "sent", "granted", cast.lembaga_a),
        ("agree", "granted", "agreed", cast.pksdm),
        ("close", "agreed", "closed", cast.provinsi_a),
    ]
    file = row.files.get()
    assert (file.name, file.kind, file.pages, file.uploaded_by) == ("surat.pdf", "surat", 3, cast.provinsi_a)
    assert AuditEntry.objects.about(row).count() == 5
    told = Notice.objects.order_by("pk").values_list("user__username", "text")
    assert list(told) == [
        ("lembaga.a", "Permohonan 80 kursi menunggu jawaban BPSDM Provinsi NTT."),
        ("provinsi.a", "BPSDM Provinsi NTT mengabulkan 60 dari 80 kursi."),
    ]


def test_every_state_action_and_actor_matches_the_table(ask, cast):
    row = ask()
    actors = {
        "own province": cast.provinsi_a, "foreign province": cast.provinsi_b, "pksdm": cast.pksdm, "pimpinan": cast.pimpinan,
        "own institute": cast.lembaga_a, "foreign institute": cast.lembaga_b, "satker": cast.admin_kupang, "stranger": cast.stranger,
    }  # fmt: skip
    allowed = {
        (state, action, who)
        for state in RequestState.values
        for action, one in SEAT_REQUEST_MOVES.items()
        for who, user in actors.items()
        if state in one.sources and is_request_actor(user, row, one.actor)
    }
    askers, answerers = ("own province", "pksdm"), ("own province", "pksdm", "own institute")
    assert allowed == {
        *(("draft", action, who) for action in ("send", "withdraw") for who in askers),
        *(("sent", action, who) for action in ("grant", "refuse") for who in answerers),
        *(("sent", "withdraw", who) for who in askers),
        *(("granted", action, who) for action in ("agree", "close", "withdraw") for who in askers),
        *(("granted", "reconsider", who) for who in answerers),
        *(("refused", "reconsider", who) for who in answerers),
        *(("refused", "close", who) for who in askers),
        *(("agreed", "close", who) for who in askers),
    }


def test_moves_are_refused_for_strangers_wrong_states_missing_facts_and_stale_forms(ask, cast):
    row = ask()
    for user in (cast.provinsi_b, cast.lembaga_a, cast.lembaga_b, cast.admin_kupang, cast.pimpinan):
        with pytest.raises(NotAllowed):
            move(row, "send", LETTER, user)
    with pytest.raises(IllegalMove):
        move(row, "grant", MoveFacts(seats=1), cast.provinsi_a)
    with pytest.raises(Refused) as refusal:
        move(row, "send", MoveFacts(day=timezone.localdate() + timedelta(days=1)), cast.provinsi_a)
    assert set(refusal.value.message_dict) == {"number", "day"}
    row = move(row, "send", LETTER, cast.provinsi_a)
    with pytest.raises(Refused, match="Tulis sebabnya"):
        move(row, "refuse", MoveFacts(), cast.lembaga_a)
    with pytest.raises(Refused, match="kursi yang dikabulkan"):
        move(row, "grant", MoveFacts(), cast.lembaga_a)
    with pytest.raises(StaleVersion):
        services.move_request(request_id=row.pk, version=1, action="grant", facts=MoveFacts(seats=1), by=cast.lembaga_a)
    with pytest.raises(IllegalMove):
        services.update_request(request_id=row.pk, version=row.version, facts={"seats_asked": 1}, by=cast.provinsi_a)
    assert SeatRequest.objects.get(pk=row.pk).state == "sent"


def test_bad_paper_is_refused_and_leaves_neither_row_nor_file(ask, cast):
    row = ask()
    before = set(default_storage.listdir("seat_requests")[0]) if default_storage.exists("seat_requests") else set()
    for content, name in ((b"MZ\x90", "surat.pdf"), (b"", "surat.pdf"), (sample_rancangan(), "surat.exe")):
        with pytest.raises(Refused) as refusal:
            move(row, "send", MoveFacts(number="1", day=DAY, paper=Paper(content, name)), cast.provinsi_a)
        assert list(refusal.value.message_dict) == ["paper"]
    with pytest.raises(Refused):  # a good paper of a move that is refused goes away again
        move(row, "send", MoveFacts(paper=Paper(sample_rancangan(), "surat.pdf")), cast.provinsi_a)
    assert not row.files.exists()
    after = set(default_storage.listdir("seat_requests")[0]) if default_storage.exists("seat_requests") else set()
    for year in after - before:
        assert [
            default_storage.listdir(f"seat_requests/{year}/{month}")[1] for month in default_storage.listdir(f"seat_requests/{year}")[0]
        ] == [[]]


def test_drafts_are_edited_thrown_away_and_hidden_from_the_institute(ask, cast):
    row = ask()
    assert not SeatRequest.objects.visible_to(cast.lembaga_a).exists()
    row = services.update_request(request_id=row.pk, version=1, facts={"seats_asked": 90}, by=cast.provinsi_a)
    assert (row.seats_asked, row.version) == (90, 2)
    with pytest.raises(NotAllowed):
        services.update_request(request_id=row.pk, version=2, facts={"province": cast.province_b}, by=cast.provinsi_a)
    services.discard_request(request_id=row.pk, by=cast.provinsi_a)
    assert not SeatRequest.objects.exists()
    with pytest.raises(NotAllowed):
        services.create_request(facts={"institute": cast.institute_a, "province": cast.province_b}, by=cast.provinsi_a)


def test_granted_seats_become_batches_until_none_is_left(granted, cast):
    reference.load(year=2026)
    facts = {
        "institute": cast.institute_a, "scheme": RegulationScheme.objects.get(code="perlan-1-2021"),
        "curriculum": Curriculum.objects.get(code="berakhlak"), "method": "blended", "golongan": "III", "starts_on": date(2026, 2, 2),
        "by": cast.pksdm, "seat_request": granted,
    }  # fmt: skip
    assert [(row.used, row.left) for row in SeatRequest.objects.granted_open()] == [(0, 50)]
    batch = create_batch(**facts, capacity=40)
    assert [(row.used, row.left) for row in SeatRequest.objects.granted_open()] == [(40, 10)]
    with pytest.raises(Refused) as refusal:
        create_batch(**facts, capacity=11)
    assert refusal.value.message_dict == {"capacity": ["Dari permohonan ini tinggal 10 kursi."]}
    with pytest.raises(Refused) as refusal:
        create_batch(**{**facts, "institute": cast.institute_b}, capacity=5)
    assert list(refusal.value.message_dict) == ["institute"]
    with pytest.raises(Refused):
        update_batch(batch_id=batch.pk, version=1, changes={"capacity": 51}, by=cast.pksdm)
    update_batch(batch_id=batch.pk, version=1, changes={"capacity": 50}, by=cast.pksdm)
    assert not SeatRequest.objects.granted_open().exists()
    with pytest.raises(Refused, match="sudah menjadi angkatan"):
        move(granted, "withdraw", MoveFacts(note="Batal"), cast.provinsi_a)
    assert Batch.objects.get().seat_request == granted
    assert list(broken()) == []
    SeatRequest.objects.filter(pk=granted.pk).update(seats_granted=1)
    assert list(broken()) == [f"seat request {granted.pk}: 49 seats more in batches than were granted"]


def test_database_keeps_a_request_whole(ask, cast):
    row = ask()
    for change in (
        {"state": "sent"},
        {"state": "granted", "sent_at": timezone.now(), "letter_number": "1", "letter_date": DAY},
        {"state": "agreed", "sent_at": timezone.now(), "letter_number": "1", "letter_date": DAY, "seats_granted": 1, "answered_at": timezone.now()},
        {"seats_asked": 0},
        {"ends_on": date(2020, 1, 1)},
        {"seats_granted": 5000},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            SeatRequest.objects.filter(pk=row.pk).update(**change)


def test_pages_ask_answer_and_lead_to_the_batch(ask, cast, sign_in):
    province, institute, pksdm = sign_in(cast.provinsi_a), sign_in(cast.lembaga_a), sign_in(cast.pksdm)
    form = {
        "institute": cast.institute_a.pk, "province": cast.province_a.pk, "starts_on": "2026-02", "ends_on": "04-2026", "method": "blended",
        "golongan": "III", "seats_asked": 80, "note": "Catatan dalam",
    }  # fmt: skip
    assert province.post("/kursi/buat/", form | {"ends_on": "2026-01"}).status_code == 422
    url = province.post("/kursi/buat/", form).url
    row = SeatRequest.objects.get()
    assert (row.starts_on, row.ends_on) == (date(2026, 2, 1), date(2026, 4, 30))
    assert institute.get(url).status_code == 404
    sent = {
        "langkah": "send", "send-version": row.version, "send-number": "218/SD", "send-day": "2026-01-12",
        "send-paper": SimpleUploadedFile("surat.pdf", sample_rancangan()),
    }  # fmt: skip
    refused = province.post(f"{url}langkah/", {**sent, "send-number": "", "send-paper": ""})
    assert refused.status_code == 422
    assert 'value="2026-01-12"' in refused.content.decode()  # what was typed stays
    assert province.post(f"{url}langkah/", sent).status_code == 302
    page = institute.get(url).content.decode()
    assert "Catatan dalam" not in page
    assert "menunggu 0 hari" in page
    file = institute.get(f"{url}berkas/{row.files.get().pk}/")
    assert (file.status_code, b"".join(file.streaming_content)[:5]) == (200, b"%PDF-")
    row.refresh_from_db()
    answer = {"langkah": "grant", "grant-version": row.version, "grant-seats": 60, "grant-day": "13-01-2026"}
    assert institute.post(f"{url}langkah/", answer).status_code == 302
    page = pksdm.get(url).content.decode()
    assert f"/angkatan/buat/?institute={cast.institute_a.pk}&amp;method=blended&amp;golongan=III&amp;capacity=40" in page
    prefilled = pksdm.get(f"/angkatan/buat/?institute={cast.institute_a.pk}&method=blended&golongan=III&capacity=40&seat_request={row.pk}")
    assert "tinggal 60 kursi" in prefilled.content.decode()
    assert "/angkatan/buat/" not in province.get(url).content.decode()
    assert "218/SD" in province.get("/kursi/?q=218").content.decode()
    assert "218/SD" not in province.get("/kursi/?keadaan=draft").content.decode()


def test_list_asks_as_much_for_one_as_for_three(ask, cast, sign_in):
    client = sign_in(cast.provinsi_a)

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get("/kursi/")
        return len(seen)

    move(ask(), "send", LETTER, cast.provinsi_a)
    asked()
    few = asked()
    move(ask(), "send", LETTER, cast.provinsi_a)
    ask()
    assert asked() == few


def test_reminders_count_what_waits_per_office(ask, cast):
    for _n in range(2):
        move(ask(), "send", LETTER, cast.provinsi_a)
    cast.institute_a.accredited_until = timezone.localdate()
    cast.institute_a.save()
    today = timezone.localdate()
    told = {
        (name, audience): [(one.user, one.say()) for one in reminders(name, Asked(audience, today, today))]
        for name in ("seat_answer", "accreditation_end")
        for audience in (Audience.PROVINCE, Audience.PKSDM, Audience.INSTITUTE)
    }
    people = {Audience.PROVINCE: cast.provinsi_a, Audience.PKSDM: cast.pksdm, Audience.INSTITUTE: cast.lembaga_a}
    for (name, audience), lines in told.items():
        assert [user for user, _said in lines] == [people[audience]]
        assert lines[0][1].startswith("2 permohonan kursi" if name == "seat_answer" else "Akreditasi 1 lembaga")
    assert list(reminders("seat_answer", Asked(Audience.PKSDM, today - timedelta(days=1), today))) == []


def test_answer_time_says_when_the_institute_is_late(ask, cast, sign_in):
    row = move(ask(), "send", LETTER, cast.provinsi_a)
    SeatRequest.objects.filter(pk=row.pk).update(sent_at=timezone.now() - timedelta(days=40))
    assert 'is-bad fw-semibold">menunggu 40 hari' in sign_in(cast.pksdm).get("/kursi/").content.decode()
