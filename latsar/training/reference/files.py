"""The files behind the reference data."""

from __future__ import annotations

import csv
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

LATSAR = Path(__file__).resolve().parents[2]


@cache
def toml(name: str) -> dict[str, Any]:
    with (LATSAR / "training" / "data" / name).open("rb") as stream:
        return tomllib.load(stream)


def table(app: str, name: str) -> list[dict[str, str]]:
    with (LATSAR / app / "data" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
