"""Bids as they were kept before envelopes are read by today's code after the migration, and can be opened."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from procurement.bids.rules.envelopes import STEP, Envelope, seal
from procurement.tenders.rules import new_key
from tests.conftest import as_owner

HERE = Path(__file__).resolve()
NOTHING = {
    "price": None,
    "sent": None,
    "state": "",
    "version": 0,
    "receipt": "",
    "hash_length": 0,
    "submitted_at": "None",
    "submitted_by": None,
    "submitter": "",
    "is_opened": False,
}


@pytest.fixture(scope="module")
def converted(request, tmp_path_factory, django_db_blocker):
    """A database of its own, of the kind these tests run on."""
    if connection.vendor == "postgresql":
        request.getfixturevalue("django_db_setup")  # somewhere to say CREATE DATABASE
    folder = tmp_path_factory.mktemp("old")
    more = {"SV_VAR": str(folder), "SV_SQLITE": str(folder / "old.sqlite3")}
    name = f"sv_old_bids_{os.getpid()}"
    if connection.vendor == "postgresql":
        more["DATABASE_URL"] = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=name))
    with django_db_blocker.unblock():
        _for_postgres(f'CREATE DATABASE "{name}"')
        try:
            done = subprocess.run(  # our own script
                [sys.executable, "-m", "tests.procurement.bids.old_bids"],
                cwd=HERE.parents[3],
                env=os.environ | {"SV_ENV": "test"} | more,
                capture_output=True,
                text=True,
                timeout=300,
                check=False,
            )
        finally:
            _for_postgres(f'DROP DATABASE IF EXISTS "{name}"')
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


def _for_postgres(sql: str) -> None:
    if connection.vendor == "postgresql":
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(sql)


def without_id(place):
    return {key: value for key, value in place.items() if key != "bid_id"}


@pytest.mark.parametrize("tender", ["sealed", "opened"])
def test_a_draft_is_still_its_suppliers_draft(converted, tender):
    assert without_id(converted[tender]["draft"]) == NOTHING | {
        "price": "111",
        "state": "draft",
        "version": 4,
    }


@pytest.mark.parametrize("tender", ["sealed", "opened"])
def test_what_was_submitted_is_there_with_its_receipt(converted, tender):
    assert without_id(converted[tender]["submitted"]) == {
        "price": "111",
        "sent": "222",
        "state": "submitted",
        "version": 7,
        "receipt": f"SV-{tender.upper():X<11}",
        "hash_length": 64,
        "submitted_at": "2026-03-03 09:00:00+00:00",
        "submitted_by": converted["known"]["user"],
        "submitter": "Ada Bidder",
        "is_opened": tender == "opened",
    }


@pytest.mark.parametrize("tender", ["sealed", "opened"])
def test_who_had_written_nothing_has_an_empty_place(converted, tender):
    assert without_id(converted[tender]["none"]) == NOTHING


def test_sealed_rows_say_nothing_and_an_opened_bid_is_the_row_it_was(converted):
    known = converted["known"]
    assert converted["sealed_rows"] == [["sealed", None, ""]] * 3
    assert converted["opened_rows"] == [
        ["opened", known["s1"], "SV-OPENEDXXXXX"],
        ["sealed", None, ""],
        ["sealed", None, ""],
    ]
    assert converted["opened"]["submitted"]["bid_id"] == known["opened_bid"]
    # The number of a sealed one told that it was there: it has a new one.
    assert converted["sealed"]["submitted"]["bid_id"] != known["sealed_bid"]


def test_the_envelopes_are_of_one_size_and_of_todays(converted):
    today = len(seal(Envelope(1, 1), new_key(), room=STEP))
    assert (converted["sealed_sizes"], converted["opened_sizes"]) == ([today], [today])


def test_two_people_open_what_was_sealed_before(converted):
    assert converted["receipts"] == ["SV-SEALEDXXXXX"]
