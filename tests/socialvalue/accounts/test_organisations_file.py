"""The organisations of the region, their names, colours, tiles and dated membership."""

import csv
import json
import re
from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
DOCUMENT = json.loads(
    (ROOT / "socialvalue/accounts/data/organisations.json").read_text(encoding="utf-8")
)
SHARED = ROOT.parent / "shared"
ORGANISATIONS = DOCUMENT["organisations"]
EACH = pytest.mark.parametrize("organisation", ORGANISATIONS, ids=lambda o: o["slug"])
SLUGS = [
    "wmca",
    "birmingham",
    "coventry",
    "dudley",
    "sandwell",
    "solihull",
    "walsall",
    "wolverhampton",
    "warwickshire",
    "cannock-chase",
    "north-warwickshire",
    "nuneaton-and-bedworth",
    "redditch",
    "rugby",
    "shropshire",
    "stratford-on-avon",
    "tamworth",
    "telford-and-wrekin",
]
CONSTITUENT = {
    "birmingham",
    "coventry",
    "dudley",
    "sandwell",
    "solihull",
    "walsall",
    "wolverhampton",
}


def contrast_on_white(colour: str) -> float:
    """WCAG 2.2 contrast ratio of a #rrggbb colour against white."""

    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def test_the_contrast_rule_agrees_with_known_colours() -> None:
    assert round(contrast_on_white("#000000"), 2) == 21
    assert round(contrast_on_white("#ffffff"), 2) == 1
    assert contrast_on_white("#767676") >= 4.5 > contrast_on_white("#777777")


def test_the_organisations_are_the_region_and_its_members_once_each() -> None:
    assert [organisation["slug"] for organisation in ORGANISATIONS] == SLUGS
    assert [region["slug"] for region in DOCUMENT["regions"]] == ["west-midlands"]
    assert DOCUMENT["regions"][0]["name"] == "West Midlands"
    assert DOCUMENT["regions"][0]["lead"] == "wmca"


@EACH
def test_an_organisation_is_complete(organisation: dict) -> None:
    assert organisation["name"]
    kind = "combined_authority" if organisation["slug"] == "wmca" else "council"
    assert organisation["kind"] == kind
    assert re.fullmatch(r"#[0-9a-f]{6}", organisation["brand_colour"])
    assert contrast_on_white(organisation["brand_colour"]) >= 4.5


def test_colours_and_tiles_are_not_shared() -> None:
    colours = [organisation["brand_colour"] for organisation in ORGANISATIONS]
    assert len(colours) == len(set(colours))
    tiles = [(o["tile"]["col"], o["tile"]["row"]) for o in ORGANISATIONS]
    assert len(tiles) == len(set(tiles))
    grid = DOCUMENT["tile_grid"]
    assert all(1 <= col <= grid["columns"] and 1 <= row <= grid["rows"] for col, row in tiles)
    short = [organisation["tile"]["code"] for organisation in ORGANISATIONS]
    assert len(short) == len(set(short))
    assert all(re.fullmatch(r"[A-Z]{3,4}", code) for code in short)


def test_a_name_leads_to_one_organisation_only() -> None:
    names = [name.casefold() for o in ORGANISATIONS for name in {o["name"], *o["aliases"]}]
    assert len(names) == len(set(names))


def test_pay_places_are_those_of_the_open_measures_and_the_county_has_none() -> None:
    measures = json.loads((ROOT / "toms/imports/data/open-2026.json").read_text(encoding="utf-8"))
    places = {place["slug"] for place in measures["places"]}
    with_pay = {o["ashe_slug"] for o in ORGANISATIONS if o["ashe_slug"]}
    assert with_pay == places - {"warwick"}
    assert {o["slug"] for o in ORGANISATIONS if not o["ashe_slug"]} == {"wmca", "warwickshire"}


def test_every_council_is_a_member_once_and_the_lead_is_not_its_own_member() -> None:
    members = [membership["organisation"] for membership in DOCUMENT["memberships"]]
    assert members == SLUGS[1:]
    status = {m["organisation"]: m["status"] for m in DOCUMENT["memberships"]}
    assert {slug for slug, value in status.items() if value == "constituent"} == CONSTITUENT
    assert set(status.values()) == {"constituent", "non-constituent"}


@pytest.mark.parametrize("membership", DOCUMENT["memberships"], ids=lambda m: m["organisation"])
def test_membership_is_dated_and_says_how_sure_the_date_is(membership: dict) -> None:
    begins = date.fromisoformat(membership["from"])
    assert begins >= date.fromisoformat(DOCUMENT["regions"][0]["valid_from"])
    assert membership["to"] is None
    assert membership["certainty"]
    if membership["source_period"] != membership["from"]:
        assert membership["certainty"] != "certain"


def test_membership_follows_the_reference() -> None:
    path = SHARED / "reference/wmca-members.csv"
    if not path.exists():
        pytest.skip("wmca-members.csv is not beside this checkout")
    by_name = {
        name: organisation["slug"]
        for organisation in ORGANISATIONS
        for name in [organisation["name"], *organisation["aliases"]]
    }
    with path.open(encoding="utf-8", newline="") as lines:
        wanted = {
            by_name[row["body"]]: (row["status"], row["from"])
            for row in csv.DictReader(lines)
            if row["body"] in by_name
        }
    assert {
        m["organisation"]: (m["status"], m["source_period"]) for m in DOCUMENT["memberships"]
    } == wanted


def test_buyers_of_real_notices_that_are_authorities_of_the_region_are_recognised() -> None:
    path = SHARED / "data/contracts-finder-west-midlands.json"
    if not path.exists():
        pytest.skip("the real notices are not beside this checkout")
    by_name = {
        name.casefold(): organisation["slug"]
        for organisation in ORGANISATIONS
        for name in [organisation["name"], *organisation["aliases"]]
    }
    buyers = {r["buyer"]["name"] for r in json.loads(path.read_text(encoding="utf-8"))}
    matched = {by_name[b.casefold()] for b in buyers if b.casefold() in by_name}
    assert matched == {"sandwell", "warwickshire", "wmca", "birmingham", "dudley"}
    rest = sorted(b for b in buyers if b.casefold() not in by_name)
    assert [b for b in rest if "universit" not in b.casefold() and "nhs" not in b.casefold()] == []
