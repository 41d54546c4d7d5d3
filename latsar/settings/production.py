"""Production: everything from the environment, and a refusal to start when it is not safe."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from .base import *
from .base import ALLOWED_HOSTS, DATABASES, OIDC_SERVER_URL, PARTICIPANT_IDLE_MINUTES, STAFF_IDLE_MINUTES, env

SAMPLE_SECRET = "ganti-dengan-hasil-perintah-di-bawah"  # noqa: S105
SHORTEST_IDLE_MINUTES = 5


def _refuse(variable: str, reason: str) -> None:
    raise ImproperlyConfigured(f"{variable}: {reason}")


SECRET_KEY = env("SECRET_KEY", default="")
if not SECRET_KEY:
    _refuse("SECRET_KEY", "is missing; make one with: python -c 'import secrets; print(secrets.token_urlsafe(64))'")
if SECRET_KEY.startswith(("django-insecure-", SAMPLE_SECRET)):
    _refuse("SECRET_KEY", "is the sample value; make your own")
if len(SECRET_KEY) < 50:
    _refuse("SECRET_KEY", f"is too short ({len(SECRET_KEY)} characters, at least 50)")
if env.bool("DEBUG", default=False):
    _refuse("DEBUG", "must be off in production")
if not ALLOWED_HOSTS:
    _refuse("ALLOWED_HOSTS", "is empty; name the portal's host names, separated by commas")
if "*" in ALLOWED_HOSTS:
    _refuse("ALLOWED_HOSTS", "must not be *")

_database = DATABASES["default"]
if "postgresql" not in _database["ENGINE"]:
    _refuse("DATABASE_URL", "must name a PostgreSQL database")
if _database.get("HOST") and not _database["HOST"].startswith("/") and not _database.get("PASSWORD"):
    _refuse("DATABASE_URL", "has no password, and the database is reached over the network")

_broker = urlsplit(env("CELERY_BROKER_URL", default=""))
if _broker.scheme not in {"redis", "rediss", "amqp", "amqps"}:
    _refuse("CELERY_BROKER_URL", "must name a Redis or RabbitMQ broker")
if not _broker.password:
    _refuse("CELERY_BROKER_URL", "has no password")
if "console" in env.email_url("EMAIL_URL", default="consolemail://")["EMAIL_BACKEND"]:
    _refuse("EMAIL_URL", "must name an SMTP server")
if not env("PUBLIC_URL", default="").startswith("https://"):
    _refuse("PUBLIC_URL", "must be the portal's https:// address; it is printed in every QR code")
if not env.bool("MFA_REQUIRED", default=True):
    _refuse("MFA_REQUIRED", "must be on in production")

if STAFF_IDLE_MINUTES < SHORTEST_IDLE_MINUTES:
    _refuse("STAFF_IDLE_MINUTES", f"must be at least {SHORTEST_IDLE_MINUTES}; an open page tells of the end two minutes before")
if PARTICIPANT_IDLE_MINUTES < SHORTEST_IDLE_MINUTES:
    _refuse("PARTICIPANT_IDLE_MINUTES", f"must be at least {SHORTEST_IDLE_MINUTES}; an open page tells of the end two minutes before")

if OIDC_SERVER_URL and not OIDC_SERVER_URL.startswith("https://"):
    _refuse("OIDC_SERVER_URL", "must be an https:// address; the answer of the provider is trusted because of it")
if OIDC_SERVER_URL and not (env("OIDC_CLIENT_ID", default="") and env("OIDC_CLIENT_SECRET", default="")):
    _refuse("OIDC_CLIENT_ID", "and OIDC_CLIENT_SECRET must be set together with OIDC_SERVER_URL")

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
BROWSER_COOKIE_NAME = "__Host-peramban"
LOG_FORMAT = env("LOG_FORMAT", default="json")
GALLERY = False
