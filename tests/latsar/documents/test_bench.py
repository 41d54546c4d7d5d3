from __future__ import annotations

import json

from latsar.documents.bench import bench_certificates


def test_bench_certificates_small_batch_is_verified_and_serialisable() -> None:
    result = json.loads(json.dumps(bench_certificates(24)))
    assert (result["n"], result["verified"]) == (24, 24)
    assert result["laid_out"] + result["stamped"] == 24
    assert result["ratio"] > 1
