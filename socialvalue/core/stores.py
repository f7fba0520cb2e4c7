"""Where private files are kept: a folder of this machine, or a private bucket that speaks S3. Read by the settings."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

EXAMPLE = "Use s3://BUCKET/FOLDER?endpoint=https://HOST&region=NAME, or leave it empty for a folder of this machine."


def store_of(address: str, folder: Path) -> dict[str, Any]:
    """The entry of ``STORAGES`` for an address; empty is ``folder``. Keys come from the environment, never the address.

    ImproperlyConfigured for an address that cannot be read, or when the packages for S3 are not installed.
    """
    if not address:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(folder)},
        }
    parts = urlsplit(address)
    if parts.scheme != "s3" or not parts.hostname:
        raise ImproperlyConfigured(f"EVIDENCE_STORAGE is {address!r}. {EXAMPLE}")
    if parts.username or parts.password:
        raise ImproperlyConfigured(
            "EVIDENCE_STORAGE holds a key. Put it into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        )
    missing = [name for name in ("storages", "boto3") if find_spec(name) is None]
    if missing:
        raise ImproperlyConfigured(
            "EVIDENCE_STORAGE names an S3 bucket, and the packages for it are not installed. "
            'Install them with: pip install "django-storages[s3]"'
        )
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    unknown = set(asked) - {"endpoint", "region"}
    if unknown:
        raise ImproperlyConfigured(
            f"EVIDENCE_STORAGE has {', '.join(sorted(unknown))}, which is not known. {EXAMPLE}"
        )
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": parts.netloc.rsplit("@", 1)[-1],
            "location": unquote(parts.path).strip("/"),
            "endpoint_url": asked.get("endpoint"),
            "region_name": asked.get("region"),
            # Nobody reads a file but through our own page, which asks who it is.
            "default_acl": "private",
            "querystring_auth": True,
            "querystring_expire": 60,
            "file_overwrite": False,
            "object_parameters": {"CacheControl": "private, no-store"},
        },
    }


def store_errors() -> tuple[type[Exception], ...]:
    """What a store raises when it cannot be reached or does not let a file go."""
    if find_spec("botocore") is None:
        return (OSError,)
    from botocore import exceptions  # type: ignore[import-not-found,import-untyped,unused-ignore]

    return (OSError, exceptions.BotoCoreError, exceptions.ClientError)
