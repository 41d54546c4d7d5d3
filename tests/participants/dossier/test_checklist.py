from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from latsar.training.enums import Method
from participants.dossier.checklist import Checklists, holding_back, lines_of, lines_of_many, missing_required
from participants.models import DossierDocument
from tests import factories


def test_checklists_variant_takes_the_most_specific_line(cast, requirements):
    own, other = cast.institute_a, cast.institute_b
    factories.RequirementFactory(code="sk-cpns", name="SK CPNS legalisir", institute=own, order=1)
    factories.RequirementFactory(code="sk-cpns", name="SK CPNS asli", institute=own, method=Method.DISTANCE, order=1)
    factories.RequirementFactory(code="laptop", name="Pernyataan laptop", method=Method.BLENDED, order=9)
    factories.RequirementFactory(code="rekening", name="Buku rekening", institute=other, order=9)
    lists = Checklists.read()
    names = {key: [line.name for line in lists.variant(*key)] for key in [(None, ""), (own.pk, Method.BLENDED), (own.pk, Method.DISTANCE)]}
    rest = ["Surat keterangan sehat", "Surat bebas narkoba"]
    assert names == {
        (None, ""): ["SK CPNS", *rest],
        (own.pk, Method.BLENDED): ["SK CPNS legalisir", *rest, "Pernyataan laptop"],
        (own.pk, Method.DISTANCE): ["SK CPNS asli", *rest],
    }


def test_checklists_of_person_follows_the_batch(cast, requirements):
    factories.RequirementFactory(code="rekening", institute=cast.institute_a, order=9)
    batch = factories.BatchFactory(institute=cast.institute_a)
    waiting = factories.ParticipantFactory(satker=cast.kupang)
    placed = factories.ParticipantFactory(satker=cast.kupang, stage="placed", batch=batch)
    lists = Checklists.read()
    assert [len(lists.of(waiting)), len(lists.of(placed))] == [3, 4]


@pytest.mark.parametrize(
    ("facts", "state", "lacking"),
    [
        (None, "missing", True),
        ({}, "waiting", False),
        ({"state": "accepted"}, "accepted", False),
        ({"state": "returned", "reason": "Buram."}, "returned", True),
        ({"days": -1, "state": "accepted"}, "expired", True),
        ({"days": 0, "state": "accepted"}, "expiring", False),
        ({"days": 30, "state": "accepted"}, "expiring", False),
        ({"days": 31, "state": "accepted"}, "accepted", False),
        ({"days": 5}, "waiting", False),
        ({"closed_why": "removed"}, "missing", True),
    ],
)
def test_line_state_says_what_counts(cast, requirements, facts, state, lacking):
    person, today = factories.ParticipantFactory(satker=cast.kupang), timezone.localdate()
    if facts is not None:
        facts, days = dict(facts), facts.get("days")
        facts.pop("days", None)
        if days is not None:
            facts |= {"issued_on": today - timedelta(days=60), "expires_on": today + timedelta(days=days)}
        if "state" in facts:
            facts |= {"judged_by": cast.pksdm, "judged_at": timezone.now()}
        if "closed_why" in facts:
            facts |= {"closed_by": cast.pksdm, "closed_at": timezone.now()}
        factories.DocumentFactory(participant=person, code="surat-sehat", **facts)
    line = next(line for line in lines_of(person, today) if line.code == "surat-sehat")
    assert (line.state, line.is_lacking) == (state, lacking)
    assert (line.label != "", line.kind != "", line.icon != "") == (True, True, True)


def test_missing_required_names_required_lines_only(cast, requirements):
    full, empty = (factories.ParticipantFactory(satker=cast.kupang) for _n in range(2))
    for code in ("sk-cpns", "surat-sehat"):
        factories.DocumentFactory(participant=full, code=code)
    found = missing_required([full, empty], timezone.localdate())
    assert {pk: [line.code for line in lines] for pk, lines in found.items()} == {empty.pk: ["sk-cpns", "surat-sehat"]}


def test_lines_of_many_takes_two_queries_for_any_number(cast, requirements):
    people = [factories.ParticipantFactory(satker=cast.kupang) for _n in range(3)]
    counts = []
    for number in (1, 3):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            lines_of_many(people[:number], timezone.localdate())
        counts.append(len(queries))
    assert counts == [2, 2]


def test_expiring_and_expired_find_current_valid_files(cast, requirements):
    today = timezone.localdate()
    person = factories.ParticipantFactory(satker=cast.kupang)
    ends = {"a": -1, "b": 0, "c": 30, "d": 31}
    for code, days in ends.items():
        factories.DocumentFactory(
            participant=person, code=code, issued_on=today - timedelta(days=50), expires_on=today + timedelta(days=days)
        )
    rows = DossierDocument.objects
    assert sorted(one.code for one in rows.expiring(within=30, today=today)) == ["b", "c"]
    assert [one.code for one in rows.expired(today)] == ["a"]
    assert sorted(one.code for one in rows.counting(today)) == ["b", "c", "d"]


def test_holding_back_asks_nothing_more_unless_a_requirement_blocks(cast, requirements):
    person = factories.ParticipantFactory(satker=cast.kupang)
    with CaptureQueriesContext(connection) as queries:
        assert holding_back([person], timezone.localdate()) == {}
    assert len(queries) == 1
    requirements["sk-cpns"].blocks_submission = True
    requirements["sk-cpns"].save()
    assert holding_back([person], timezone.localdate()) == {person.pk: "SK CPNS"}
