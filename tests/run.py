"""Run the suite on SQLite and, where PostgreSQL and Redis answer, everything that touches a database again on them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
DATABASE = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/test")
BROKER = os.environ.get("TEST_BROKER_URL", "redis://127.0.0.1:6379/9")


def answers(url: str) -> bool:
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 0), timeout=2).close()
    except OSError:
        return False
    return True


def run(title: str, *options: str, **environment: str) -> int:
    print(f"== {title}", flush=True)
    env = {
        key: value
        for key, value in os.environ.items()
        if key not in {"DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL", "MEDIA_ROOT", "PUBLIC_URL"}
    }
    command = [sys.executable, "-m", "pytest", "-n", "3", "-q", *options, *sys.argv[1:]]
    return subprocess.run(
        command, cwd=ROOT, env={**env, "DJANGO_SETTINGS_MODULE": "latsar.settings.test", **environment}, check=False
    ).returncode


AT_A_FORM = ("dossier", "idle", "photos", "slip", "typing")
STORIES = [path for path in sorted((ROOT / "tests" / "journeys").glob("test_*.py")) if path.name != "test_smoke.py"]
"""The long stories in the browser start web and worker of their own and take minutes: with services each is played once, what one
person does at a form on SQLite, all others on PostgreSQL and Redis. The short one is played on both."""

ASKED_ONCE = "tests/test_access.py::test_every_address_answers_every_visitor_as_the_table_says"
"""Thousands of requests about who may open what: no answer depends on the database, so SQLite answers for both."""


def main() -> int:
    required = os.environ.get("LATSAR_REQUIRE_SERVICES") == "1"
    have = answers(DATABASE) and answers(BROKER)
    if required and not have:
        print(f"LATSAR_REQUIRE_SERVICES=1, but PostgreSQL ({DATABASE}) or Redis ({BROKER}) does not answer.")
        return 1
    everything = not sys.argv[1:]
    short = [f"--ignore={path}" for path in STORIES if path.stem.removeprefix("test_") in AT_A_FORM]
    long = [f"--ignore={path}" for path in STORIES if path.stem.removeprefix("test_") not in AT_A_FORM]
    first = run("SQLite, filesystem broker", *(long if have and everything else []))
    if not have:
        print("PostgreSQL or Redis does not answer: only SQLite was tested.")
        return first
    second = run(
        "PostgreSQL and Redis",
        "--only-db",
        *([f"--deselect={ASKED_ONCE}", *short] if everything else []),
        DATABASE_URL=DATABASE,
        CELERY_BROKER_URL=BROKER,
        CACHE_URL=BROKER.replace("/9", "/8").replace("redis:", "rediscache:"),
    )
    return first or second


if __name__ == "__main__":
    sys.exit(main())
