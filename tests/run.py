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
    command = [sys.executable, "-m", "pytest", "-n", "2", "-q", *options, *sys.argv[1:]]
    return subprocess.run(
        command, cwd=ROOT, env={**env, "DJANGO_SETTINGS_MODULE": "latsar.settings.test", **environment}, check=False
    ).returncode


ASKED_ONCE = "tests/test_access.py::test_every_address_answers_every_visitor_as_the_table_says"
"""Thousands of requests about who may open what: no answer depends on the database."""


def played_later() -> list[str]:
    """Leave the long stories in the browser, and the question that every page is asked, to the run on PostgreSQL and Redis.

    The stories start web and worker of their own and take minutes; on SQLite the short one stays. Without services all of them
    are played on SQLite.
    """
    stories = [f"--ignore={path}" for path in sorted((ROOT / "tests" / "journeys").glob("test_*.py")) if path.name != "test_smoke.py"]
    return [*stories, f"--deselect={ASKED_ONCE}"]


def main() -> int:
    required = os.environ.get("LATSAR_REQUIRE_SERVICES") == "1"
    have = answers(DATABASE) and answers(BROKER)
    if required and not have:
        print(f"LATSAR_REQUIRE_SERVICES=1, but PostgreSQL ({DATABASE}) or Redis ({BROKER}) does not answer.")
        return 1
    first = run("SQLite, filesystem broker", *(played_later() if have and not sys.argv[1:] else ()))
    if not have:
        print("PostgreSQL or Redis does not answer: only SQLite was tested.")
        return first
    second = run(
        "PostgreSQL and Redis",
        "--only-db",
        DATABASE_URL=DATABASE,
        CELERY_BROKER_URL=BROKER,
        CACHE_URL=BROKER.replace("/9", "/8").replace("redis:", "rediscache:"),
    )
    return first or second


if __name__ == "__main__":
    sys.exit(main())
