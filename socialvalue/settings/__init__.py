"""Settings read from the environment (12-factor).

``SV_ENV`` is ``development`` (default), ``test`` or ``production``. In production every secret must be given:
a missing one stops the start with a sentence that names it, never a quiet default.
"""

from __future__ import annotations

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from socialvalue.accounts.rules.connections import providers, read_connections
from socialvalue.core.stores import store_of
from socialvalue.settings.headers import CONTENT_SECURITY_POLICY as CONTENT_SECURITY_POLICY
from socialvalue.settings.headers import PERMISSIONS_POLICY as PERMISSIONS_POLICY
from socialvalue.settings.limits import read_limits
from socialvalue.settings.privacy import (
    FORGETTING as FORGETTING,
)
from socialvalue.settings.privacy import (
    MERGE_GUARDS as MERGE_GUARDS,
)
from socialvalue.settings.privacy import (
    PERSONAL_DATA as PERSONAL_DATA,
)
from socialvalue.settings.privacy import (
    PURGES as PURGES,
)
from socialvalue.settings.privacy import (
    read_retention,
)
from socialvalue.settings.records import DEED_NAMES as DEED_NAMES
from socialvalue.settings.records import RECORD_NAMES as RECORD_NAMES
from socialvalue.settings.records import RECORD_OF as RECORD_OF
from socialvalue.settings.records import RECORD_TELLINGS as RECORD_TELLINGS
from socialvalue.settings.records import SEALED_ROWS as SEALED_ROWS
from socialvalue.settings.rows import ROWS_OF_ORGANISATIONS as ROWS_OF_ORGANISATIONS

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
SV_ENV = env.str("SV_ENV", default="development")
if SV_ENV not in ("development", "test", "production"):
    raise ImproperlyConfigured(f"SV_ENV is {SV_ENV!r}. Use development, test or production.")
IS_PRODUCTION = SV_ENV == "production"

VAR = Path(env.str("SV_VAR", default=str(BASE_DIR / "var"))).resolve()
VAR.mkdir(parents=True, exist_ok=True)


def secret(name: str) -> str:
    """A secret from the environment. Outside production a fixed, public stand-in is used."""
    value = env.str(name, default="")
    if value:
        if IS_PRODUCTION and len(value) < 32:
            raise ImproperlyConfigured(
                f"{name} is shorter than 32 characters. Generate a longer one."
            )
        return value
    if IS_PRODUCTION:
        raise ImproperlyConfigured(f"{name} is not set. Production needs it in the environment.")
    return f"not-secret-{name.lower()}-for-development-only-0123456789"


SECRET_KEY = secret("SECRET_KEY")
# Bids are encrypted at rest under a key of their tender, and those keys under this one.
SEALING_KEY = secret("SEALING_KEY")

DEBUG = env.bool("DEBUG", default=False)
if IS_PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG is on in production. Remove it from the environment.")

ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS",
    default=[] if IS_PRODUCTION else ["localhost", "127.0.0.1", "[::1]", "testserver"],
)
if IS_PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS is not set. Production needs the names the site answers to, comma separated."
    )
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000")

INSTALLED_APPS = [
    "socialvalue.core.admin_config.ClosedAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",  # its widget templates, which TemplatesSetting looks for among ours
    "crispy_forms",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "socialvalue.core",
    "socialvalue.audit",
    "socialvalue.accounts",
    "toms",
    "procurement",
    "reporting",
]

MIDDLEWARE = [
    # Outermost: what browsers are told goes with every answer.
    "socialvalue.core.middleware.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "socialvalue.core.middleware.RequestIdMiddleware",
    "socialvalue.core.middleware.NullBytesMiddleware",
    "socialvalue.core.middleware.PublicPagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    # Before the form's token is looked for, which reads what was sent.
    "socialvalue.core.limits.LimitMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    # Outside the guard against writing in a GET: it writes once the answer is ready.
    "socialvalue.audit.middleware.RecorderMiddleware",
    "socialvalue.accounts.middleware.ActorMiddleware",
    "socialvalue.accounts.middleware.SecondStepMiddleware",
    "socialvalue.accounts.middleware.PlatformAccessMiddleware",
    "socialvalue.accounts.middleware.OwnRowsMiddleware",
    "socialvalue.core.middleware.ReadOnlyGetMiddleware",
]

PUBLIC_PAGES = ("/open/",)
"""Addresses whose bodies are the same for everybody: no session, no cookies."""

ROOT_URLCONF = "socialvalue.urls"
WSGI_APPLICATION = "socialvalue.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "socialvalue.accounts.context.page",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "govuk"
CRISPY_TEMPLATE_PACK = "govuk"

# --- data -----------------------------------------------------------------------------------------------------------
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if env.str("DATABASE_URL", default="").startswith(("postgres", "psql")):
    DATABASES = {"default": env.db_url("DATABASE_URL")}
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
else:
    if IS_PRODUCTION and not env.str("DATABASE_URL", default=""):
        raise ImproperlyConfigured(
            "DATABASE_URL is not set. Production needs a PostgreSQL address."
        )
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": env.str("SV_SQLITE", default=str(VAR / "db.sqlite3")),
            "OPTIONS": {
                # One writer at a time, taken at the start of the transaction: read-then-write cannot be overtaken.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;"
                "PRAGMA mmap_size=134217728;PRAGMA journal_size_limit=27103364;PRAGMA cache_size=2000;",
            },
        }
    }

# PostgreSQL shows each organisation its own rows only, as ``protect_database --rls`` has set it up (decision 0042).
ROW_LEVEL_SECURITY = env.bool("ROW_LEVEL_SECURITY", default=False)
# For ``protect_database --create`` alone: the web site itself has it in DATABASE_URL.
WEB_ROLE_PASSWORD = env.str("WEB_ROLE_PASSWORD", default="")

MEDIA_ROOT = Path(env.str("SV_MEDIA", default=str(VAR / "media")))
EVIDENCE_MAX_BYTES = env.int("EVIDENCE_MAX_BYTES", default=10 * 1024 * 1024)
# Where files that came from outside are kept: "" is MEDIA_ROOT on this machine;
# s3://BUCKET/FOLDER?endpoint=https://HOST&region=NAME is a private bucket.
EVIDENCE_STORAGE = env.str("EVIDENCE_STORAGE", default="")
# Who looks for viruses: "" is nobody, and pages say so; clamd://HOST:PORT or clamd:///PATH/OF/SOCKET.
EVIDENCE_SCANNER = env.str("EVIDENCE_SCANNER", default="")
EVIDENCE_SCANNER_SECONDS = env.int("EVIDENCE_SCANNER_SECONDS", default=20)
# How long evidence is kept after the end of its contract: as long as a claim under the contract can be brought.
EVIDENCE_RETENTION_YEARS = env.int("EVIDENCE_RETENTION_YEARS", default=6)
if EVIDENCE_RETENTION_YEARS < 1:
    raise ImproperlyConfigured(
        "EVIDENCE_RETENTION_YEARS is less than 1. Evidence is kept a year at least."
    )
# How long everything else is kept that goes by itself, in days: claim_drafts=180,letter_files=7 (settings/privacy.py).
try:
    RETENTION = read_retention(env.str("RETENTION", default=""))
except ValueError as error:
    raise ImproperlyConfigured(str(error)) from error
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000
DATA_UPLOAD_MAX_NUMBER_FILES = 30
# One request with all that a claim may hold: ten files, and the words beside them.
MAX_REQUEST_BYTES = env.int(
    "MAX_REQUEST_BYTES", default=10 * EVIDENCE_MAX_BYTES + DATA_UPLOAD_MAX_MEMORY_SIZE
)
FILE_UPLOAD_PERMISSIONS = 0o600

# --- jobs -----------------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://")
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ALWAYS_EAGER = env.bool("CELERY_TASK_ALWAYS_EAGER", default=False)
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_TASK_ACKS_LATE = True
CELERY_TIMEZONE = "Europe/London"
if CELERY_BROKER_URL.startswith("filesystem"):
    BROKER_DIR = VAR / "broker"
    for folder in ("queue", "control"):
        (BROKER_DIR / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "control_folder": str(BROKER_DIR / "control"),
        "store_processed": False,
    }
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}

# --- what is kept ready ---------------------------------------------------------------------------------------------
# Bodies of dashboards. In the memory of each process, or in Redis where several share them.
CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://socialvalue")}
# Counts of requests lie beside them, so that a crowd of visitors pushes no dashboard out.
CACHES["limits"] = CACHES["default"] | {"KEY_PREFIX": "limits"}
if CACHES["default"]["BACKEND"].endswith("LocMemCache"):
    CACHES["limits"] |= {"LOCATION": "limits", "OPTIONS": {"MAX_ENTRIES": 50_000}}

# --- people ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
# Who adds an authority that an imported notice names: procurement never writes organisations itself
# (docs/decisions/0003).
ADD_BUYER = "socialvalue.accounts.services.add_buyer"
# Who counts the decisions that rest on a line of law: the room of the law is below the room of decisions.
DECISIONS_BY_THRESHOLD = "procurement.procurements.queries.resting.decisions_by_threshold"
# And who says which decisions a policy version would reach back over.
DECISIONS_BETWEEN = "procurement.procurements.queries.resting.decisions_between"
# Who says what a person is named on beside their roles: people stand below the rooms that name them.
PERSON_SEATS = ["procurement.evaluations.queries.people.seats_of_person"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.MD5PasswordHasher",
]
if SV_ENV == "test":
    PASSWORD_HASHERS.reverse()
else:
    PASSWORD_HASHERS.pop()
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("full_name", "email")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "reporting:home:landing"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "socialvalue.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "socialvalue.accounts.forms.sign_in.SignInForm",
    "change_password": "socialvalue.accounts.forms.sign_in.PasswordForm",
    "set_password": "socialvalue.accounts.forms.sign_in.FirstPasswordForm",
    "reset_password": "socialvalue.accounts.forms.sign_in.ForgottenForm",
    "reset_password_from_key": "socialvalue.accounts.forms.sign_in.NewPasswordForm",
    "reauthenticate": "socialvalue.accounts.forms.sign_in.AgainForm",
    "add_email": "socialvalue.accounts.forms.sign_in.OtherAddressForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# Whoever has an account has proven its address by a letter before; a change of address is proven by one too.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# The limits protect a real site; a scripted browser signs in more often than a person.
if SV_ENV == "test":
    ACCOUNT_RATE_LIMITS = False
    MFA_RATE_LIMITS = False
# How many requests a minute are answered, for each network address or person (settings/limits.py, docs/security.md).
try:
    REQUEST_LIMITS = read_limits(
        env.str("REQUEST_LIMITS", default="off" if SV_ENV == "test" else "")
    )
except ValueError as error:
    raise ImproperlyConfigured(str(error)) from error
# How many proxies before the site write X-Forwarded-For: the limits count the visitor's address, not the proxy's.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_ADAPTER = "socialvalue.accounts.adapter.SecondStepAdapter"
MFA_FORMS = {
    "authenticate": "socialvalue.accounts.forms.sign_in.CodeForm",
    "reauthenticate": "socialvalue.accounts.forms.sign_in.CodeAgainForm",
    "activate_totp": "socialvalue.accounts.forms.sign_in.AppForm",
    "add_webauthn": "socialvalue.accounts.forms.sign_in.PasskeyForm",
    "edit_webauthn": "socialvalue.accounts.forms.sign_in.PasskeyNameForm",
    "login_webauthn": "socialvalue.accounts.forms.sign_in.PasskeySignInForm",
    "authenticate_webauthn": "socialvalue.accounts.forms.sign_in.PasskeyStepForm",
    "reauthenticate_webauthn": "socialvalue.accounts.forms.sign_in.PasskeyAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Social value"
# A code holds for its 30 seconds and those beside them: clocks differ, and fingers are slow.
MFA_TOTP_TOLERANCE = 1
# Without open sign-up nobody can hold an address that is not theirs, and who has a second step may change theirs.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Whether people with a buyer-side role and platform operators must have a second step. Off outside production, so
# that the demonstration opens with a password.
MFA_REQUIRED = env.bool("MFA_REQUIRED", default=IS_PRODUCTION)
# Organisations whose people sign in at their own sign-in service: a JSON list (docs/decisions/0039).
try:
    OIDC_CONNECTIONS = read_connections(
        env.str("OIDC_CONNECTIONS", default=""), https_only=IS_PRODUCTION
    )
except ValueError as error:
    raise ImproperlyConfigured(str(error)) from error
SOCIALACCOUNT_ADAPTER = "socialvalue.accounts.adapter.SocialAccountAdapter"
SOCIALACCOUNT_PROVIDERS = providers(OIDC_CONNECTIONS)
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False
EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = str(VAR / "mail")
if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
# A mail server that hangs holds up one letter: one that is not sent within a quarter of an hour is taken over.
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="social-value@localhost")

# --- language, time -------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True
DATE_FORMAT = "j F Y"
FORMAT_MODULE_PATH: list[str] = []

# --- what programs ask ------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNICODE_JSON": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Social value",
    "DESCRIPTION": "Which route a procurement takes, held against the law and the policy of its day.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "ENUM_NAME_OVERRIDES": {"VatBasis": "procurement.policies.vocabulary.VatBasis"},
}

# --- static ---------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("SV_STATIC_ROOT", default=str(VAR / "static")))
STATICFILES_DIRS = [("build", BASE_DIR / "static" / "build"), ("img", BASE_DIR / "static" / "img")]
WHITENOISE_USE_FINDERS = not IS_PRODUCTION
if not IS_PRODUCTION:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STORAGES = {
    "default": store_of(EVIDENCE_STORAGE, MEDIA_ROOT),
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IS_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- security -------------------------------------------------------------------------------------------------------
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_NAME = "sv_session"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "socialvalue.core.pages.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if IS_PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            # Addresses of people and the secret parts of links are taken out of every line.
            "()": "socialvalue.core.logs.PrivateFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    # WeasyPrint and fontTools report every ignored property of a style sheet; the tests read the PDF instead.
    "loggers": {"weasyprint": {"level": "ERROR"}, "fontTools": {"level": "ERROR"}},
}
