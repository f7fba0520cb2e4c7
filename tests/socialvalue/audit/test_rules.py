"""What is hashed, and how a difference is named: the same bytes for the same row, on either database."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from socialvalue.audit.rules import (
    Change,
    Part,
    PartDigest,
    Seal,
    canonical,
    chain_fault,
    changes,
    changes_in_words,
    departs,
    first_difference,
    part_of,
    part_told,
    seal_digest,
    shown,
)

NOON = datetime(2026, 4, 1, 12, 0, 0, 5, tzinfo=UTC)


def test_the_bytes_of_a_row_are_fixed():
    """Whoever checks the chain with other tools has to come to the same bytes."""
    row = {
        "id": 7,
        "at": NOON,
        "sum": Decimal("12.500"),
        "on": date(2026, 4, 1),
        "after": {"b": 1, "a": "£"},
    }
    assert canonical(row).decode() == (
        '{"after":{"a":"£","b":1},"at":"2026-04-01T12:00:00.000005+00:00","id":7,"on":"2026-04-01","sum":"12.500"}'
    )


def test_the_same_moment_in_another_zone_is_the_same():
    there = NOON.astimezone(timezone(timedelta(hours=1)))
    assert canonical({"at": there}) == canonical({"at": NOON})


def test_what_has_no_canonical_form_is_refused():
    with pytest.raises(TypeError, match="set has no canonical form"):
        canonical({"what": {1}})


def digest(*rows: dict) -> PartDigest:
    found = PartDigest()
    for row in rows:
        found.add(row)
    return found


ROWS = [{"id": 1, "x": "a"}, {"id": 2, "x": "b"}, {"id": 5, "x": "c"}]


def test_a_digest_is_over_the_digests_of_the_rows():
    by_hand = hashlib.sha256()
    for row in ROWS:
        text = json.dumps(row, sort_keys=True, separators=(",", ":"))
        by_hand.update(hashlib.sha256(text.encode()).digest())
    assert digest(*ROWS).hexdigest() == by_hand.hexdigest()


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        (ROWS, None),
        ([ROWS[0], {"id": 2, "x": "B"}, ROWS[2]], (2, "was changed")),
        ([ROWS[0], ROWS[2]], (2, "is gone")),
        ([*ROWS[:2], {"id": 3, "x": "n"}, ROWS[2]], (3, "was put in afterwards")),
        ([{"id": 1, "x": "A"}, ROWS[2]], (1, "was changed")),
        ([], (1, "is gone")),
    ],
)
def test_the_first_row_that_differs_is_named(now, wanted):
    assert first_difference(bytes(digest(*ROWS).marks), bytes(digest(*now).marks)) == wanted


PART = Part("deeds", ("id", "at"), 0, 9, 9, "d" * 64)


def seal(number: int, previous: str = "") -> Seal:
    made = Seal(number, date(2026, 4, number), NOON + timedelta(days=number), (PART,), previous)
    return replace(made, digest=seal_digest(made))


def test_a_part_is_kept_as_it_is_told():
    assert part_of(json.loads(json.dumps(part_told(PART)))) == PART


def test_a_chain_has_no_fault():
    first = seal(1)
    assert chain_fault(None, first) == ""
    assert chain_fault(first, seal(2, first.digest)) == ""


@pytest.mark.parametrize(
    "changed",
    [
        {"day": date(2026, 4, 9)},
        {"made_at": NOON},
        {"parts": (replace(PART, count=8),)},
        {"parts": (replace(PART, columns=("id",)),)},
        {"digest": "0" * 64},
    ],
)
def test_whatever_is_changed_in_a_seal_breaks_its_digest(changed):
    assert chain_fault(None, replace(seal(1), **changed)).startswith("Seal 1 was changed")


def test_a_seal_older_than_the_one_before_is_a_fault():
    first, second = seal(1), seal(2, seal(1).digest)
    early = replace(second, made_at=NOON - timedelta(days=9))
    early = replace(early, digest=seal_digest(early))
    assert chain_fault(first, early) == "Seal 2 is older than the seal before it."


@pytest.mark.parametrize(
    ("today", "wanted"), [({1: "a", 2: "b", 3: "c"}, None), ({1: "a", 2: "x"}, 2), ({1: "a"}, 2)]
)
def test_a_chain_taken_out_is_the_beginning_of_todays_or_departs(today, wanted):
    kept = [{"number": 1, "digest": "a"}, {"number": 2, "digest": "b"}]
    assert departs(kept, today) == wanted


def test_what_changed_is_told_by_name_and_what_stayed_is_left_out():
    before = {"value_basis": "excl", "is_sme": True, "roles": ["a", "b"], "gone": "x"}
    after = {"value_basis": "incl", "is_sme": True, "roles": ["a"], "new": {"in_words": None}}
    assert changes(before, after) == (
        Change("Value basis", "excl", "incl"),
        Change("Roles", "a, b", "a"),
        Change("Gone", "x", ""),
        Change("New", "", "In words: "),
    )
    assert changes_in_words(changes(before, after)).splitlines() == [
        "Value basis: excl → incl",
        "Roles: a, b → a",
        "Gone: x → nothing",
        "New: In words: ",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        ("0", "0"),
        ([], ""),
        ({"a_b": [1, 2]}, "A b: 1, 2"),
        ("not_started", "not started"),
        ("2025-04-01", "1 April 2025"),
        ("2025-07-01T09:00:00+00:00", "1 July 2025, 10am"),
        ("2025-13-01", "2025-13-01"),
        ("A sentence with_a_code", "A sentence with_a_code"),
        ({"cost_pence": 125000, "supplier_id": 7}, "Cost: £1,250; Supplier number: 7"),
    ],
)
def test_a_value_reads_as_words(value, text):
    assert shown(value) == text


@pytest.mark.parametrize("pence", [125050, "125050"])
def test_pence_are_told_as_pounds_and_social_value_as_such(pence):
    (cost, value) = changes({}, {"cost_pence": pence, "value_pence": pence})
    assert (cost.name, cost.after, cost.is_social_value) == ("Cost", "£1,250.50", False)
    assert (value.name, value.after, value.is_social_value) == ("Value", "£1,250.50", True)
