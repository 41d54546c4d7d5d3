"""The golden cases once more, through the seeded regulations and the database."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from latsar.training.enums import BatchStage, Method
from latsar.training.models import RegulationScheme
from latsar.training.reference.rules import load_schemes
from participants.enums import Stage
from participants.models import Result
from participants.scoring import reading
from participants.scoring.reading import CellKey
from participants.services.results import compute_results
from participants.services.scoring import Entry, save_scores
from tests import factories

pytestmark = pytest.mark.django_db

CASES = [
    # the 80 of KKP Sukamandi, 12 August 2019: 8,80 + 16,50 + 17,05 + 26,22 + 16,00
    ("perlan-12-2018", Method.ON_OFF_CAMPUS, {"sikap": "88", "akademik": "82.5", "rancangan": "84 86.5", "pelaksanaan": "87.4", "pktbt": "80"}, "84.57"),
    # BPSDM NTT 2026, blended: 9 + 8,85 + 8,60 + 17,452 + 4,40 + 17,90 + 4,25 + 17
    (
        "perlan-1-2021",
        Method.BLENDED,
        {"sikap": "90", "mooc": "88.5", "e-learning": "86", "rancangan": "87.25 87.26", "capaian": "88", "kemanfaatan": "89.5", "komunikasi": "85", "pktbt": "85"},
        "87.45",
    ),
    # klasikal counts two tests where blended has MOOC and e-learning: 9 + 8 + 9 + 16 + 4 + 16 + 4 + 16
    (
        "perlan-1-2021",
        Method.KLASIKAL,
        {"sikap": "90", "tes-a": "80", "tes-b": "90", "rancangan": "80 80", "capaian": "80", "kemanfaatan": "80", "komunikasi": "80", "pktbt": "80"},
        "82.00",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("scheme", "method", "scores", "total"), CASES)
def test_result_under_the_regulation_is_as_computed_by_hand(cast, scheme, method, scores, total):
    load_schemes()
    begun = timezone.localdate() - timedelta(days=90)
    batch = factories.BatchFactory(
        scheme=RegulationScheme.objects.get(code=scheme),
        method=method,
        institute=cast.institute_a,
        stage=BatchStage.RUNNING,
        starts_on=begun,
    )
    person = factories.ParticipantFactory(satker=cast.kupang, stage=Stage.TRAINING, batch=batch)
    leaves = {leaf.code: leaf for leaf in reading.tree_of(batch).leaves}
    assert set(scores) == set(leaves)
    entries = [
        Entry(CellKey(person.pk, leaves[code].pk, rater), Decimal(value), 0)
        for code, values in scores.items()
        for rater, value in enumerate(values.split(), 1)
    ]
    save_scores(batch_id=batch.pk, entries=entries, by=cast.lembaga_a)
    compute_results(batch=batch, by=cast.lembaga_a)
    result = Result.objects.get()
    assert (result.total, result.qualification) == (Decimal(total), "Memuaskan")
    assert result.breakdown["scheme"] == scheme
