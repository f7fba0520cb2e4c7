"""The thresholds and the two seed policies, as files: complete, dated, without gaps or overlaps."""

import csv
import json
from datetime import date
from decimal import Decimal
from itertools import combinations
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / "procurement/policies/data"
REFERENCE = ROOT.parent / "shared/reference/thresholds.csv"
POLICY_FILES = ("wmca-policy.json", "warwickshire-policy.json")
FAR = date(9999, 12, 31)


def thresholds() -> list[dict[str, str]]:
    with (DATA / "thresholds.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def policy(name: str) -> dict:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def version(name: str) -> dict:
    (only,) = policy(name)["versions"]
    return only


def key(row: dict[str, str]) -> tuple[str, str, str]:
    return row["regime"], row["category"], row["authority_type"]


def starts(row: dict[str, str]) -> date:
    return date.fromisoformat(row["effective_from"])


def ends(row: dict[str, str]) -> date:
    return date.fromisoformat(row["effective_to"]) if row["effective_to"] else FAR


def in_force(regime: str, category: str, authority: str, day: date) -> list[tuple[str, str]]:
    return [
        (row["amount_gbp"], row["vat_basis"])
        for row in thresholds()
        if key(row) == (regime, category, authority) and starts(row) <= day <= ends(row)
    ]


def test_thresholds_equal_the_reference() -> None:
    if not REFERENCE.exists():
        pytest.skip("thresholds.csv is not beside this checkout")
    assert (DATA / "thresholds.csv").read_bytes() == REFERENCE.read_bytes()


def test_a_threshold_row_is_named_by_its_key_and_first_day() -> None:
    names = [(*key(row), row["effective_from"]) for row in thresholds()]
    assert len(names) == len(set(names)) > 60


def test_no_two_thresholds_of_a_key_hold_on_the_same_day() -> None:
    overlaps = [
        (key(one), one["effective_from"], other["effective_from"])
        for one, other in combinations(thresholds(), 2)
        if key(one) == key(other) and starts(one) <= ends(other) and starts(other) <= ends(one)
    ]
    assert overlaps == []


@pytest.mark.parametrize("row", thresholds(), ids=lambda row: "-".join(key(row)))
def test_a_threshold_row_is_complete(row: dict[str, str]) -> None:
    assert starts(row) <= ends(row)
    assert row["vat_basis"] in {"excl", "incl"}
    assert Decimal(row["amount_gbp"]) > 0
    assert row["source_url"]
    assert row["certainty"]


def test_thresholds_are_net_of_vat_until_the_end_of_2021_and_include_it_after() -> None:
    for row in thresholds():
        assert row["vat_basis"] == ("excl" if starts(row) < date(2022, 1, 1) else "incl")
        if row["vat_basis"] == "excl":
            assert ends(row) <= date(2021, 12, 31)


@pytest.mark.parametrize(
    ("regime", "day", "expected"),
    [
        ("PCR2015", date(2021, 12, 31), ("189330", "excl")),
        ("PCR2015", date(2022, 1, 1), ("213477", "incl")),
        ("PCR2015", date(2023, 12, 31), ("213477", "incl")),
        ("PCR2015", date(2024, 1, 1), ("214904", "incl")),
        ("PA2023", date(2025, 2, 24), ("214904", "incl")),
        ("PA2023", date(2025, 12, 31), ("214904", "incl")),
        ("PA2023", date(2026, 1, 1), ("207720", "incl")),
        ("PA2023", date(2027, 12, 31), ("207720", "incl")),
    ],
)
def test_the_council_line_for_goods_and_services_changes_on_the_day(
    regime: str, day: date, expected: tuple[str, str]
) -> None:
    assert in_force(regime, "goods_services", "sub_central", day) == [expected]


def test_the_new_regime_has_no_row_on_the_day_before_it_began() -> None:
    day = date(2025, 2, 23)
    assert [row for row in thresholds() if row["regime"] == "PA2023" and starts(row) <= day] == []


@pytest.mark.parametrize("category", ["goods_services", "works", "light_touch"])
def test_a_council_finds_a_line_for_every_day_since_february_2015(category: str) -> None:
    """Turning points suffice: a gap or a double would show at the edge of some row."""
    changes = {starts(row) for row in thresholds()} | {ends(row) for row in thresholds()}
    for day in sorted(day for day in changes if date(2015, 2, 26) <= day <= date(2027, 12, 31)):
        regime = "PA2023" if day >= date(2025, 2, 24) else "PCR2015"
        authority = "sub_central" if category == "goods_services" else "any"
        assert len(in_force(regime, category, authority, day)) == 1, day


@pytest.mark.parametrize("name", POLICY_FILES)
def test_three_bands_meet_without_gap_or_overlap(name: str) -> None:
    bands = version(name)["bands"]
    assert [band["order"] for band in bands] == [1, 2, 3]
    assert [band["route"] for band in bands] == ["light_touch", "toms_advised", "toms_mandatory"]
    edges = [
        (band["lower"], band["lower_is_threshold"], band["upper"], band["upper_is_threshold"])
        for band in bands
    ]
    assert edges == [
        ("0", False, "50000", False),
        ("50000", False, None, True),
        (None, True, None, False),
    ]
    assert all(band["name"] and band["paragraph"] and band["guidance"] for band in bands)
    assert version(name)["band_limits"] == "lower_inclusive_upper_exclusive"


@pytest.mark.parametrize("name", POLICY_FILES)
def test_weighting_runs_from_5_to_30_and_pass_or_fail_is_allowed(name: str) -> None:
    assert version(name)["weighting_min"] == "5"
    assert version(name)["weighting_max"] == "30"
    assert version(name)["pass_fail_allowed"] is True


@pytest.mark.parametrize("name", POLICY_FILES)
def test_what_the_seed_does_not_say_is_said_to_be_assumed(name: str) -> None:
    version_ = version(name)
    assert version_["source"]
    assert version_["valid_to"] is None
    assert date.fromisoformat(version_["valid_from"]) < date.fromisoformat(version_["review_on"])
    assert all(n["text"] and n["certainty"] for n in version_["notes"])
    assumed = {n["field"] for n in version_["notes"] if n["certainty"] == "assumption"}
    assert "review_on" in assumed


def test_the_regional_policy_says_its_first_day_and_vat_basis_are_assumed() -> None:
    regional = policy("wmca-policy.json")
    assert (regional["slug"], regional["organisation"]) == ("wmca-social-value-policy", "wmca")
    assert regional["regional_default"] is True
    assert version("wmca-policy.json")["valid_from"] == "2017-04-01"
    assert version("wmca-policy.json")["vat_basis"] == "excl"
    notes = version("wmca-policy.json")["notes"]
    assumed = {n["field"] for n in notes if n["certainty"] == "assumption"}
    assert {"valid_from", "vat_basis", "value_basis"} <= assumed


def test_warwickshire_follows_the_regional_table_by_reference() -> None:
    county = policy("warwickshire-policy.json")
    assert (county["organisation"], county["regional_default"]) == ("warwickshire", False)
    version_ = version("warwickshire-policy.json")
    assert version_["valid_from"] == "2021-09-09"
    assert version_["inherits"] == policy("wmca-policy.json")["slug"]
    marks = ("paragraph", "regional_default")
    own = [{k: v for k, v in b.items() if k not in marks} for b in version_["bands"]]
    regional = version("wmca-policy.json")["bands"]
    assert own == [{k: v for k, v in b.items() if k not in marks} for b in regional]
    assert all(band["regional_default"] for band in version_["bands"])
    assert all(band["paragraph"].startswith("Regional default") for band in version_["bands"])
    for field in (
        "weighting_min",
        "weighting_max",
        "pass_fail_allowed",
        "vat_basis",
        "value_basis",
    ):
        assert version_[field] == version("wmca-policy.json")[field]


# --- bank holidays ----------------------------------------------------------------------------


def test_every_year_of_the_bank_holidays_is_whole():
    """Eight a year in England, one more in 2023 and two more in 2022; none on a weekend, none twice."""
    with (DATA / "bank-holidays.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    days = [date.fromisoformat(row["day"]) for row in rows]
    assert days == sorted(set(days))
    assert all(day.weekday() < 5 for day in days)
    years = {year: sum(day.year == year for day in days) for year in range(2014, 2029)}
    assert years == {year: {2022: 10, 2023: 9}.get(year, 8) for year in range(2014, 2029)}
    assert all(row["name"] and row["source"] and row["certainty"] for row in rows)
