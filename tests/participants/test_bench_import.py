from __future__ import annotations

from latsar.accounts.models import User
from latsar.satker.models import Satker
from participants.bench_import import bench_import
from participants.models import Participant


def test_bench_import_measures_both_on_the_same_content_and_leaves_nothing(db):
    report = bench_import(rows=30, rounds=1)
    assert (report["rows"], report["same_content"]) == (30, True)
    assert report["ratio"] > 0
    assert not any(model.objects.exists() for model in (Participant, Satker, User))
