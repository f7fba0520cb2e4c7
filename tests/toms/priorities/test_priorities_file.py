"""The regional and national priorities are dated, complete, and one set a level holds on a day."""

import json
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SETS = json.loads((ROOT / "toms/priorities/data/priorities.json").read_text(encoding="utf-8"))[
    "sets"
]


def by_slug(slug: str) -> dict:
    (found,) = [priorities for priorities in SETS if priorities["slug"] == slug]
    return found


def test_the_region_has_six_objectives_and_each_national_statement_three() -> None:
    assert {s["slug"]: len(s["priorities"]) for s in SETS} == {
        "wmca-objectives": 6,
        "national-2021": 3,
        "national-2025": 3,
    }
    assert [(s["slug"], s["organisation"]) for s in SETS if s["level"] == "regional"] == [
        ("wmca-objectives", "wmca")
    ]


def test_every_set_and_priority_is_complete() -> None:
    for priorities in SETS:
        assert priorities["name"]
        assert priorities["source"]
        assert priorities["certainty"]
        assert all(p["name"] and p["about"] for p in priorities["priorities"])


def test_codes_are_used_once_over_all_sets() -> None:
    codes = [p["code"] for priorities in SETS for p in priorities["priorities"]]
    assert len(codes) == len(set(codes))


def test_one_national_statement_follows_the_other_without_gap_or_overlap() -> None:
    last_day = date.fromisoformat(by_slug("national-2021")["valid_to"])
    assert last_day == date(2025, 2, 23)
    next_day = date.fromisoformat(by_slug("national-2025")["valid_from"])
    assert next_day == last_day + timedelta(days=1)
    assert by_slug("national-2025")["valid_to"] is None


def test_only_sets_of_one_level_and_organisation_replace_each_other() -> None:
    for one, other in combinations(SETS, 2):
        if (one["level"], one["organisation"]) == (other["level"], other["organisation"]):
            assert one["valid_to"] is not None or other["valid_to"] is not None
