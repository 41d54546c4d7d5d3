"""The embedded portal: one machine, nothing to install, demo accounts without MFA."""

import secrets

from .base import *
from .base import STATIC_ROOT, VAR, env

for _folder in (VAR, STATIC_ROOT):
    _folder.mkdir(parents=True, exist_ok=True)


def _own_secret() -> str:
    """A key of this installation, made once and kept beside its database."""
    path = VAR / "secret-key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text()


SECRET_KEY = env("SECRET_KEY", default="") or _own_secret()
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
MFA_REQUIRED = env.bool("MFA_REQUIRED", default=False)
GALLERY = True
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
