"""The chain over the audit trail finds every kind of tampering, done past the code with plain SQL."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from latsar.accounts import audit, invariants, periodic, sealing
from latsar.accounts.models import AuditEntry, AuditSeal
from latsar.accounts.sealing import START, seal_audit
from latsar.accounts.verifying import verify
from latsar.bulk import insert_rows

COPIED = "at, verb, model, object_id, object_label, changes, note, request_id, client_ip, actor_id, satker_id, province_id"


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def write(cast, count: int = 3) -> list[AuditEntry]:
    return [audit.record(verb="change", obj=cast.kupang, by=cast.pksdm, changes={"name": [f"lama {n}", "baru é"]}) for n in range(count)]


@pytest.fixture
def sealed(cast) -> list[AuditEntry]:
    """Two blocks of three rows, the first of them sealed long enough ago to be settled."""
    rows = write(cast)
    seal_audit()
    age_chain()
    rows += write(cast)
    seal_audit()
    assert verify().broken == []
    return rows


def age_chain() -> None:
    """Rewrite the chain as if it had been sealed two hours ago."""
    previous = START
    for block in AuditSeal.objects.order_by("number"):
        at = timezone.now() - timedelta(hours=2)
        digest = sealing.digest_of(number=block.number, previous=previous, at=at, runs=block.runs, leaves=bytes(block.leaves))
        AuditSeal.objects.filter(pk=block.pk).update(at=at, digest=digest, previous=previous)
        previous = digest


def test_seal_audit_covers_every_row_in_blocks(cast, monkeypatch):
    monkeypatch.setattr(sealing, "BLOCK_ROWS", 2)
    write(cast, 5)
    assert seal_audit() == 5
    assert list(AuditSeal.objects.order_by("number").values_list("number", "rows")) == [(1, 2), (2, 2), (3, 1)]
    assert seal_audit() == 0
    verdict = verify()
    assert (verdict.broken, verdict.blocks, verdict.rows, verdict.unsealed) == ([], 3, 5, 0)


def test_seal_audit_chains_blocks_by_their_digests(sealed):
    first, second = AuditSeal.objects.order_by("number")
    assert (first.previous, second.previous) == (START, first.digest)
    assert verify().head == second.digest


def test_seal_audit_takes_rows_that_were_copied_in(cast):
    rows = [audit.entry(verb="add", obj=cast.kupang, by=None, changes={"n": [None, n]}) for n in range(2500)]
    insert_rows(AuditEntry, rows)
    assert seal_audit() == 2500
    assert verify().broken == []


def test_seal_audit_takes_a_row_that_was_committed_late(cast):
    rows = write(cast, 3)
    late = rows[1]
    sql("DELETE FROM accounts_auditentry WHERE id = %s", late.pk)
    seal_audit()
    late.save(force_insert=True)
    assert seal_audit() == 1
    assert AuditSeal.objects.head().runs == [[late.pk, late.pk]]
    assert verify().broken == []


def test_verify_with_a_changed_row_names_it(sealed):
    sql("UPDATE accounts_auditentry SET note = 'lain' WHERE id = %s", sealed[1].pk)
    assert [line.split(" (")[0] for line in verify().broken] == [f"row {sealed[1].pk}: changed"]


@pytest.mark.parametrize("column", ["verb", "model", "object_id", "object_label", "request_id"])
def test_verify_covers_each_text(sealed, column):
    sql(f"UPDATE accounts_auditentry SET {column} = 'x' WHERE id = %s", sealed[4].pk)
    assert len(verify().broken) == 1


def test_verify_covers_who_and_when(sealed, cast):
    sql("UPDATE accounts_auditentry SET actor_id = %s WHERE id = %s", cast.pimpinan.pk, sealed[0].pk)
    sql("UPDATE accounts_auditentry SET at = %s WHERE id = %s", timezone.now(), sealed[2].pk)
    assert len(verify().broken) == 2


def test_verify_with_a_removed_row_names_it(sealed):
    sql("DELETE FROM accounts_auditentry WHERE id = %s", sealed[1].pk)
    assert [line.split(" (")[0] for line in verify().broken] == [f"row {sealed[1].pk}: removed"]


def test_verify_with_two_rows_exchanged_names_both(sealed):
    for old, new in ((sealed[0].pk, -1), (sealed[1].pk, sealed[0].pk), (-1, sealed[1].pk)):
        sql("UPDATE accounts_auditentry SET id = %s WHERE id = %s", new, old)
    assert [line.split(" (")[0] for line in verify().broken] == [f"row {row.pk}: changed" for row in sealed[:2]]


def test_verify_with_an_inserted_row_names_it(cast):
    rows = write(cast, 3)
    sql("DELETE FROM accounts_auditentry WHERE id = %s", rows[1].pk)  # what a rolled back transaction leaves behind
    seal_audit()
    age_chain()
    write(cast)
    seal_audit()
    assert verify().broken == []
    sql(
        f"INSERT INTO accounts_auditentry (id, {COPIED}) SELECT %s, {COPIED} FROM accounts_auditentry WHERE id = %s", rows[1].pk, rows[0].pk
    )
    seal_audit()
    assert verify().broken == [f"row {rows[1].pk}: inserted between sealed rows"]


def test_verify_with_a_removed_block_in_the_middle_says_so(sealed, cast):
    write(cast)
    seal_audit()
    sql("DELETE FROM accounts_auditseal WHERE number = 2")
    assert any("block 3: does not follow" in line for line in verify().broken)


def test_verify_with_a_rewritten_block_says_so(sealed):
    sql("UPDATE accounts_auditseal SET last_id = last_id, at = %s WHERE number = 1", timezone.now())
    assert verify().broken == ["block 1: was changed after it was sealed"]


@pytest.mark.parametrize(
    "change", ["last_id = 1000000000", "first_id = -5", "rows = 2", "runs = '[]'", "runs = '[[1, 1000000000]]'", "runs = '7'"]
)
@pytest.mark.parametrize("number", [1, 2])
def test_verify_with_any_column_of_a_block_rewritten_says_so_and_sealing_goes_on(sealed, cast, change, number):
    sql(f"UPDATE accounts_auditseal SET {change} WHERE number = %s", number)
    assert f"block {number}: was changed after it was sealed" in verify().broken
    late = write(cast)
    seal_audit()
    covered = [run for block in AuditSeal.objects.order_by("number") for run in sealing.runs_of(block)]
    if "runs" not in change:
        assert (covered[-1], AuditSeal.objects.count()) == ((late[0].pk, late[-1].pk), 3)


def test_verify_with_the_last_block_and_its_rows_removed_is_found_by_the_kept_head(sealed):
    head = verify().head
    sql("DELETE FROM accounts_auditseal WHERE number = 2")
    sql("DELETE FROM accounts_auditentry WHERE id > %s", sealed[2].pk)
    assert verify().broken == []  # nothing inside can know what is gone
    assert verify(head).broken == [f"head {head}: not in the chain; blocks at its end were removed or replaced"]


def test_verify_with_the_last_block_sealed_anew_is_found_by_the_kept_head(sealed):
    head = verify().head
    sql("DELETE FROM accounts_auditseal WHERE number = 2")
    sql("UPDATE accounts_auditentry SET note = 'lain' WHERE id = %s", sealed[5].pk)
    seal_audit()
    assert verify().broken == []
    assert len(verify(head).broken) == 1


def test_verify_audit_prints_one_json_object_and_seals(cast):
    write(cast)
    out = StringIO()
    call_command("verify_audit", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["broken"], told["sealed"], told["unsealed"], told["head"]) == ([], 3, 0, AuditSeal.objects.head().digest)


def test_verify_audit_with_a_broken_chain_exits_with_one_and_seals_nothing(sealed, cast):
    sql("DELETE FROM accounts_auditentry WHERE id = %s", sealed[1].pk)
    write(cast)
    out = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("verify_audit", stdout=out)
    assert end.value.code == 1
    assert f"row {sealed[1].pk}: removed" in out.getvalue()
    assert AuditSeal.objects.count() == 2


def test_check_invariants_reads_the_chain(sealed):
    assert list(invariants.broken()) == []
    sql("DELETE FROM accounts_auditentry WHERE id = %s", sealed[1].pk)
    assert len(list(invariants.broken())) == 1


def test_log_audit_head_writes_the_digest_to_the_log(cast, caplog):
    write(cast)
    with caplog.at_level("INFO"):
        digest = periodic.log_audit_head()
    assert AuditSeal.objects.head().digest == digest
    assert digest in caplog.text


def test_seal_audit_asks_the_same_number_of_queries_for_few_and_many_rows(cast):
    asked = []
    for count in (1, 1, 30):
        write(cast, count)
        with CaptureQueriesContext(connection) as queries:
            seal_audit()
        asked.append(len(queries))
    assert asked[1] == asked[2]


@pytest.mark.django_db(transaction=True)
def test_seal_audit_by_four_at_once_makes_one_chain(monkeypatch):
    monkeypatch.setattr(sealing, "BLOCK_ROWS", 40)
    insert_rows(AuditEntry, [AuditEntry(verb="add", model="m", object_id=str(n), object_label="o") for n in range(400)])

    def seal() -> int:
        try:
            return seal_audit()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        sealed = sum(future.result() for future in [pool.submit(seal) for _ in range(4)])
    sealed += seal_audit()  # a loser stops early; the next round takes what is left
    assert (sealed, sum(AuditSeal.objects.values_list("rows", flat=True))) == (400, 400)
    assert verify().broken == []
