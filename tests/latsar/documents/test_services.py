from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from latsar.accounts.errors import IllegalMove, NotAllowed, Refused
from latsar.accounts.models import AuditEntry
from latsar.documents.lookup import bare_name, read_code
from latsar.documents.models import IssuedDocument, NumberSeries, new_token
from latsar.documents.numbering import take_number, write_number
from latsar.documents.services import publish_document, reserve_document, revoke_document

DAY = date(2026, 4, 24)


def _reserve(**fields: object) -> IssuedDocument:
    facts = {
        "kind": "completion",
        "day": DAY,
        "holder": None,
        "holder_name": "Agnes",
        "title": "Surat",
        "satker_id": None,
        "province_id": None,
    }
    return reserve_document(**facts | {"build_face": lambda number, token: {"number": number, "token": token}} | fields)


def test_write_number_knows_number_year_and_month():
    assert write_number("{n:04d}/SDM.05-SK/{month}/{year}", n=7, day=DAY) == "0007/SDM.05-SK/IV/2026"


@pytest.mark.parametrize("pattern", ["tanpa angka", "{n.__class__}", "{n}{0}", "{n:>9999999999d}", "{year", "{n!r}"])
def test_write_number_refuses_any_other_pattern(pattern):
    with pytest.raises(Refused):
        write_number(pattern, n=1, day=DAY)


def test_take_number_outside_a_transaction_is_an_error(transactional_db):
    with pytest.raises(RuntimeError):
        take_number(kind="completion", day=DAY)


def test_reserve_document_that_fails_gives_the_number_back(db):
    def explode(number: str, token: str) -> dict[str, str]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        _reserve(build_face=explode)
    assert _reserve().number.startswith("0001/")


def test_reserve_document_counts_each_year_and_kind_apart(db):
    numbers = [_reserve().number, _reserve(kind="mentor").number, _reserve(day=date(2027, 1, 4)).number, _reserve().number]
    assert [number[:4] for number in numbers] == ["0001", "0001", "0001", "0002"]


@pytest.mark.django_db(transaction=True)
def test_reserve_document_by_eight_at_once_leaves_no_gap_and_no_double():
    NumberSeries.objects.create(kind="completion", year=2026)
    start = threading.Barrier(8)

    def work() -> None:
        start.wait()
        try:
            for _n in range(5):
                _reserve()
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(int(number[:4]) for number in IssuedDocument.objects.values_list("number", flat=True)) == list(range(1, 41))


@pytest.mark.django_db(transaction=True)
def test_take_number_without_the_lock_would_double():
    """The control: reading and writing the row apart gives two people one number."""
    NumberSeries.objects.create(kind="completion", year=2026)
    start = threading.Barrier(4)
    taken: list[int] = []

    def careless() -> None:
        try:
            seen = NumberSeries.objects.get().next_number
            start.wait()
            NumberSeries.objects.update(next_number=seen + 1)
            taken.append(seen)
        finally:
            connection.close()

    threads = [threading.Thread(target=careless) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken == [1, 1, 1, 1]


def test_publish_document_rolled_back_can_be_done_again(cast):
    document = _reserve()
    with transaction.atomic():
        publish_document(document_id=document.pk, face={}, holder_name="Agnes", pdf=b"%PDF-a", is_signed=False, by=cast.pksdm)
        transaction.set_rollback(True)
    done = publish_document(document_id=document.pk, face={}, holder_name="Agnes", pdf=b"%PDF-b", is_signed=False, by=cast.pksdm)
    with done.file.open("rb") as stream:
        assert stream.read() == b"%PDF-b"


def test_revoke_document_records_who_and_why_once(cast):
    document = _reserve()
    with pytest.raises(IllegalMove):
        revoke_document(document_id=document.pk, reason="Belum terbit.", by=cast.pksdm)
    publish_document(document_id=document.pk, face={}, holder_name="Agnes", pdf=b"%PDF-a", is_signed=False, by=cast.pksdm)
    with pytest.raises(NotAllowed):
        revoke_document(document_id=document.pk, reason="Bukan wewenang.", by=cast.pimpinan)
    revoke_document(document_id=document.pk, reason="Salah nama.", by=cast.pksdm)
    entry = AuditEntry.objects.get(verb="revoke")
    assert (entry.actor, entry.note) == (cast.pksdm, "Salah nama.")


@given(st.binary(min_size=20, max_size=20))
def test_read_code_takes_any_writing_of_a_token(raw):
    from base64 import b32encode

    token = b32encode(raw).decode()
    grouped = "-".join(token[at : at + 4] for at in range(0, 32, 4))
    assert read_code(token.lower()) == read_code(f" {grouped} ") == token
    assert read_code(token.replace("O", "0").replace("I", "1").replace("B", "8")) == token


def test_new_token_has_160_bits_that_a_person_can_type():
    tokens = {new_token() for _n in range(200)}
    assert len(tokens) == 200
    assert all(read_code(token) == token for token in tokens)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Dr. Markus Wenas Ladopura, S.H., M.Si.", "Markus Wenas Ladopura"),
        ("DRA. H. Siti Aminah", "siti aminah"),
        ("Muhammad Sa’ad", "Muhammad Sa'ad"),
    ],
)
def test_bare_name_leaves_out_titles_and_marks(typed, kept):
    assert bare_name(typed) == bare_name(kept)


def test_bare_name_of_titles_only_is_empty():
    assert bare_name(", S.Kom.") == ""
