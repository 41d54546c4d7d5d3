"""Settings shared by every environment. Nothing set = SQLite, filesystem broker, console mail."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ

ROOT = Path(__file__).resolve().parents[2]

env = environ.Env()

VAR = Path(env("VAR_ROOT", default=str(ROOT / "var")))

PUBLIC_URL = env("PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")
DEBUG = False
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "latsar.ui",
    "latsar.satker",
    "latsar.accounts",
    "latsar.jobs",
    "latsar.notices",
    "latsar.documents",
    "latsar.training",
    "latsar.reports",
    "latsar.dashboard",
    "participants",
    "mentoring",
    "aktualisasi",
    "latsar.adminsite.apps.LatsarAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_htmx",
    "import_export",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "latsar.accounts.middleware.request_context",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "latsar.accounts.middleware.readable_address",
    "latsar.accounts.middleware.AccessMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "latsar.urls"
WSGI_APPLICATION = "latsar.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "latsar.dashboard.context.page",
            ],
        },
    }
]

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR / 'latsar.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}

CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://latsar")}

_email = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(_email)
EMAIL_TIMEOUT = 20  # seconds; a mail server that hangs must not hold a worker
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Portal Latsar KPU <latsar@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "latsar.accounts.passwords.VarietyValidator"},
    {"NAME": "latsar.accounts.passwords.ContextWordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "participants.adapter.PortalAdapter"
ACCOUNT_FORMS = {"login": "latsar.accounts.forms.LoginForm", "reset_password": "latsar.accounts.forms.ResetPasswordForm"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "60/m/ip", "reset_password": "20/m/ip", "reset_mail": "5/h/key"}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
MFA_REQUIRED = env.bool("MFA_REQUIRED", default=True)
MFA_ADAPTER = "latsar.accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "latsar.accounts.code_forms.AuthenticateForm",
    "reauthenticate": "latsar.accounts.code_forms.ReauthenticateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
# Nobody signs up here: an office enters the address, and asking for a password marks it unverified. That must not shut out enrolment.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Latsar KPU"
# One half minute either way, as RFC 6238 (5.2) advises: who types slowly, or whose phone is a little off, is not refused.
MFA_TOTP_TOLERANCE = 1

OIDC_SERVER_URL = env("OIDC_SERVER_URL", default="").rstrip("/")
_oidc = urlsplit(OIDC_SERVER_URL)
OIDC_NAME = env("OIDC_NAME", default="akun KPU")
OIDC_NIP_CLAIM = env("OIDC_NIP_CLAIM", default="")
OIDC_TRUSTED_AMR = env.list("OIDC_TRUSTED_AMR", default=[])
OIDC_TRUSTED_ACR = env.list("OIDC_TRUSTED_ACR", default=[])
SOCIALACCOUNT_ADAPTER = "latsar.accounts.single_sign_on.SingleSignOnAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": []}}
if OIDC_SERVER_URL:
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"] = [
        {
            "provider_id": "kpu",
            "name": OIDC_NAME,
            "client_id": env("OIDC_CLIENT_ID", default=""),
            "secret": env("OIDC_CLIENT_SECRET", default=""),
            "settings": {"server_url": OIDC_SERVER_URL},
        }
    ]

PASSWORD_RESET_TIMEOUT = 72 * 3600  # for the first password of an invited person
RESET_LINK_SECONDS = 3600  # to replace a password
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "latsar.accounts.tokens.LinkTokens"  # noqa: S105 - a path

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "latsar.accounts.adapter.attempted_login"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "latsar.accounts.adapter.lockout_response"
AXES_CLIENT_IP_CALLABLE = "latsar.accounts.middleware.client_ip"
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
BROWSER_COOKIE_NAME = "peramban"
STAFF_IDLE_MINUTES = env.int("STAFF_IDLE_MINUTES", default=30)
PARTICIPANT_IDLE_MINUTES = env.int("PARTICIPANT_IDLE_MINUTES", default=120)
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        # The form that begins the single sign-on is answered by a redirect to the provider, which browsers check too.
        "form-action": ["'self'", *([_oidc.scheme + "://" + _oidc.netloc] if _oidc.netloc else [])],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = "Asia/Jakarta"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [ROOT / "static"]
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(VAR / "static")))
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(VAR / "media")))
SENDFILE = env("SENDFILE", default="")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(MEDIA_ROOT)}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640

CELERY_BROKER_URL = env("CELERY_BROKER_URL", default="filesystem://")
if CELERY_BROKER_URL.startswith("filesystem:"):
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, str | int] = {
        "data_folder_in": str(VAR / "broker"),
        "data_folder_out": str(VAR / "broker"),
        "control_folder": str(VAR / "broker-control"),
    }
    for _folder in CELERY_BROKER_TRANSPORT_OPTIONS.values():
        Path(str(_folder)).mkdir(parents=True, exist_ok=True)
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900, "socket_timeout": 5, "socket_connect_timeout": 3}
    CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2}
CELERY_TASK_DEFAULT_QUEUE = env("CELERY_QUEUE", default="latsar")
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "sweep-jobs": {"task": "jobs.sweep", "schedule": 15.0},
    "discard-results": {"task": "jobs.discard_results", "schedule": 300.0},
    "send-mail": {"task": "notices.send_mail", "schedule": 30.0},
    "seal-audit": {"task": "accounts.seal_audit", "schedule": 300.0},
    "log-audit-head": {"task": "accounts.log_audit_head", "schedule": 24 * 3600.0},
    "tell-ended-jobs": {"task": "notices.tell_ended_jobs", "schedule": 15.0},
    "send-reminders": {"task": "notices.send_reminders", "schedule": 900.0},
    "send-digests": {"task": "dashboard.send_digests", "schedule": 300.0},
    "sweep-unprinted": {"task": "aktualisasi.sweep_unprinted", "schedule": 60.0},
    "sweep-uploads": {"task": "documents.sweep_uploads", "schedule": 3600.0},
    "discard-stale-previews": {"task": "participants.discard_stale_previews", "schedule": 3600.0},
    "discard-stale-zips": {"task": "participants.discard_stale_zips", "schedule": 3600.0},
    "open-habituasi": {"task": "aktualisasi.open_habituasi", "schedule": 3600.0},
}
GALLERY = False
DEMO_ACCOUNTS_FILE = VAR / "demo-accounts.txt"
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", default=30)
SLIP_VALID_DAYS = env.int("SLIP_VALID_DAYS", default=14)
SLIP_FILE_HOURS = env.int("SLIP_FILE_HOURS", default=24)

DOCUMENT_SIGNER_FILE = env("DOCUMENT_SIGNER_FILE", default="")
DOCUMENT_SIGNER_PASSWORD = env("DOCUMENT_SIGNER_PASSWORD", default="")

IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
IMPORT_EXPORT_USE_TRANSACTIONS = True

LOG_FORMAT = env("LOG_FORMAT", default="console")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "console": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"},
        "json": {"()": "latsar.accounts.logs.JsonFormatter"},
    },
    "filters": {"request": {"()": "latsar.accounts.logs.RequestFilter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["request"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "axes": {"level": "WARNING"},
        "fontTools": {"level": "ERROR"},
        "kombu.connection": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
        "pikepdf": {"level": "WARNING"},
        "pyhanko": {"level": "ERROR"},
    },
}
