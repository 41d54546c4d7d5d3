"""Production refuses to start, naming the variable, in every process that would serve or work."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from latsar.celery import app as celery_app

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "DJANGO_SETTINGS_MODULE": "latsar.settings.production",
    "SECRET_KEY": "k7Qm-Zx3_vB9pLw2" * 4,
    "ALLOWED_HOSTS": "latsar.contoh.go.id",
    "DATABASE_URL": "postgres://latsar:rahasia@db.contoh.go.id:5432/latsar",
    "CELERY_BROKER_URL": "redis://:rahasia@redis.contoh.go.id:6379/0",
    "CACHE_URL": "rediscache://:rahasia@redis.contoh.go.id:6379/1",
    "EMAIL_URL": "smtp+tls://portal:rahasia@mail.contoh.go.id:587",
    "PUBLIC_URL": "https://latsar.contoh.go.id",
}
BAD = [
    ("SECRET_KEY", None),
    ("SECRET_KEY", ""),
    ("SECRET_KEY", "pendek"),
    ("SECRET_KEY", "django-insecure-" + "x" * 60),
    ("DEBUG", "1"),
    ("ALLOWED_HOSTS", ""),
    ("ALLOWED_HOSTS", "*"),
    ("DATABASE_URL", "postgres://latsar@db.contoh.go.id:5432/latsar"),
    ("DATABASE_URL", "sqlite:///tmp/x.sqlite3"),
    ("CELERY_BROKER_URL", "redis://redis.contoh.go.id:6379/0"),
    ("CELERY_BROKER_URL", None),
    ("EMAIL_URL", None),
    ("PUBLIC_URL", "http://latsar.contoh.go.id"),
    ("MFA_REQUIRED", "0"),
    ("STAFF_IDLE_MINUTES", "4"),
    ("PARTICIPANT_IDLE_MINUTES", "0"),
    ("OIDC_SERVER_URL", "http://masuk.contoh.go.id"),
]


def start(code: str, tmp_path: Path, **changes: str | None) -> subprocess.CompletedProcess[str]:
    (tmp_path / "static").mkdir(exist_ok=True)
    env = {"PATH": os.environ["PATH"], "VAR_ROOT": str(tmp_path), **GOOD}
    for name, value in changes.items():
        env.pop(name, None)
        if value is not None:
            env[name] = value
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=False)


WEB = "import latsar.wsgi"
WORKER = "from latsar.celery import app; app.loader.import_default_modules(); app.conf.broker_url"


@pytest.mark.parametrize("code", [WEB, WORKER], ids=["web", "worker"])
def test_production_good_environment_starts(code, tmp_path):
    done = start(code, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(("name", "value"), BAD, ids=[f"{n}={v}" for n, v in BAD])
def test_production_bad_environment_refuses_and_names_the_variable(name, value, tmp_path):
    done = start(WEB, tmp_path, **{name: value})
    assert done.returncode != 0
    assert f"ImproperlyConfigured: {name}:" in done.stderr


def test_production_bad_environment_stops_the_worker_too(tmp_path):
    done = start(WORKER, tmp_path, SECRET_KEY="pendek")
    assert "ImproperlyConfigured: SECRET_KEY:" in done.stderr


def test_production_passes_the_deployment_check(tmp_path):
    env = {"PATH": os.environ["PATH"], "VAR_ROOT": str(tmp_path), **GOOD}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_periodic_tasks_of_the_settings_are_all_registered():
    """Beat and the embedded portal run them by these names, as often as these seconds say."""
    celery_app.loader.import_default_modules()
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} - set(celery_app.tasks) == set()
    assert all(isinstance(entry["schedule"], float) for entry in settings.CELERY_BEAT_SCHEDULE.values())


def test_production_single_sign_on_without_its_client_refuses(tmp_path):
    done = start(WEB, tmp_path, OIDC_SERVER_URL="https://masuk.contoh.go.id", OIDC_CLIENT_ID="latsar")
    assert done.returncode != 0
    assert "ImproperlyConfigured: OIDC_CLIENT_ID: and OIDC_CLIENT_SECRET" in done.stderr
