"""Private files: a folder, or a private bucket; a wrong address stops the start with a sentence."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from django.core.exceptions import ImproperlyConfigured

from socialvalue.core.stores import store_errors, store_of

FOLDER = Path("/srv/media")
HAS_S3 = all(importlib.util.find_spec(name) for name in ("storages", "boto3"))


@pytest.fixture
def with_packages(monkeypatch):
    """As if the packages were installed, wherever this runs."""
    for name in ("storages", "boto3"):
        module = ModuleType(name)
        module.__spec__ = importlib.util.spec_from_loader(name, None)
        monkeypatch.setitem(sys.modules, name, module)


def test_a_folder_when_nothing_is_named():
    assert store_of("", FOLDER) == {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": "/srv/media"},
    }


def test_a_private_bucket(with_packages):
    found = store_of("s3://evidence/council?endpoint=https://s3.internal&region=eu-west-2", FOLDER)
    assert found["BACKEND"] == "storages.backends.s3.S3Storage"
    options = found["OPTIONS"]
    assert (options["bucket_name"], options["location"]) == ("evidence", "council")
    assert (options["endpoint_url"], options["region_name"]) == ("https://s3.internal", "eu-west-2")
    assert (options["default_acl"], options["file_overwrite"]) == ("private", False)


@pytest.mark.skipif(HAS_S3, reason="the packages for S3 are installed here")
def test_without_the_packages_it_says_what_to_install():
    with pytest.raises(ImproperlyConfigured, match=r'pip install "django-storages\[s3\]"'):
        store_of("s3://evidence", FOLDER)


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("evidence", "Use s3://"),
        ("gs://evidence", "Use s3://"),
        ("s3://", "Use s3://"),
        ("s3://key:secret@evidence", "AWS_ACCESS_KEY_ID"),
        ("s3://evidence?acl=public-read", "acl, which is not known"),
    ],
)
def test_a_wrong_address_says_how_to_mend_it(with_packages, address, word):
    with pytest.raises(ImproperlyConfigured, match=word):
        store_of(address, FOLDER)


def test_a_store_that_cannot_be_reached_is_known_by_its_errors():
    assert OSError in store_errors()
