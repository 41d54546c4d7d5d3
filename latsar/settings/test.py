"""Tests: the development settings with throw-away folders, fast hashes and plain static files."""

import os
import tempfile
from pathlib import Path

from .base import *
from .base import CACHES, DATABASES, MIDDLEWARE, STATIC_ROOT, env

STATIC_ROOT.mkdir(parents=True, exist_ok=True)

SECRET_KEY = "for-tests-only-" + "x" * 50
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
MFA_REQUIRED = False
GALLERY = True
_tmp = Path(tempfile.mkdtemp(prefix="latsar-test-"))
MEDIA_ROOT = _tmp / "media"
DEMO_ACCOUNTS_FILE = _tmp / "demo-accounts.txt"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(MEDIA_ROOT)}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
MIDDLEWARE = [m for m in MIDDLEWARE if m != "django.middleware.gzip.GZipMiddleware"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": str(_tmp / "test.sqlite3")}
else:
    DATABASES["default"]["OPTIONS"].pop("pool", None)
    # Nothing here outlives a power cut anyway: a commit need not wait for the disk.
    DATABASES["default"]["OPTIONS"]["options"] = "-c synchronous_commit=off"
if CACHES["default"]["BACKEND"].endswith("RedisCache"):
    # Emptying a cache empties its whole Redis database: each test process has one of its own, below the given one.
    _server, _number = str(CACHES["default"]["LOCATION"]).rsplit("/", 1)
    _process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    CACHES["default"]["LOCATION"] = f"{_server}/{(int(_number) - 1 - _process) % 16}"
EMAIL_BACKEND = env("TEST_EMAIL_BACKEND", default="django.core.mail.backends.locmem.EmailBackend")
CELERY_BROKER_URL = env("CELERY_BROKER_URL", default="filesystem://")
if CELERY_BROKER_URL.startswith("filesystem:"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_tmp / "broker"),
        "data_folder_out": str(_tmp / "broker"),
        "control_folder": str(_tmp / "broker-control"),
    }
    for _folder in CELERY_BROKER_TRANSPORT_OPTIONS.values():
        Path(str(_folder)).mkdir(parents=True, exist_ok=True)
