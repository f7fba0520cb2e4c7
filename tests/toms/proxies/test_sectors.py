"""A value by place and sector: the nearest is chosen, and one that waits for a name says for which."""

from __future__ import annotations

import io
import json
from datetime import date

import pytest
from django.core.management import call_command

from tests.factories.accounts import UserFactory, actor_of
from tests.factories.sectored import sectored_edition
from toms.frameworks.queries import measures_of
from toms.proxies.queries import awaits, places, sectors, unit_values
from toms.proxies.queries.comparing import compare_editions

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


def chosen(place="", sector=""):
    measures = measures_of(sectored_edition().pk)
    values = unit_values(measures, place=place, sector=sector, on=DAY)
    lacks = awaits(measures, place=place, sector=sector)
    return {
        m.code: str(values[m.id].amount.normalize()) if values[m.id] else lacks[m.id]
        for m in measures
    }


@pytest.mark.parametrize(
    ("place", "sector", "found"),
    [
        ("", "", ["a sector", "a place", "a sector", "1", ""]),
        ("coventry", "", ["a sector", "2E+1", "a sector", "2", ""]),
        ("", "retail", ["5", "a place", "another sector", "3", ""]),
        ("coventry", "retail", ["7", "2E+1", "another sector", "4", ""]),
        ("coventry", "construction", ["1E+1", "2E+1", "3E+1", "2", ""]),
        ("derby", "construction", ["another place or another sector", "18", "3E+1", "1", ""]),
        ("leeds", "mining", ["another sector", "another place", "another sector", "1", ""]),
    ],
)
def test_the_nearest_value_or_what_it_waits_for(place, sector, found):
    assert list(chosen(place, sector).values()) == found


def test_a_value_names_its_place_and_its_sector():
    (measure, *_) = measures_of(sectored_edition().pk)
    value = unit_values([measure], place="coventry", sector="retail", on=DAY)[measure.id]
    assert value.cited == "Lamp survey, Coventry, Retail, 2025 prices"
    assert (value.place_name, value.sector_name) == ("Coventry", "Retail")


def test_places_and_sectors_of_an_edition():
    edition = sectored_edition()
    assert places(edition.pk) == ["coventry", "derby"]
    assert sectors(edition.pk) == ["construction", "retail"]


def test_one_query_for_many_measures_and_none_for_those_without_values(django_assert_num_queries):
    measures = measures_of(sectored_edition().pk)
    with django_assert_num_queries(1):
        awaits(measures, place="")
    counted = [measure for measure in measures if measure.kind == "record_only"]
    with django_assert_num_queries(0):
        assert awaits(counted, place="") == {counted[0].id: ""}


# --- manage.py value and measures -------------------------------------------------------------------


def value(*options):
    out = io.StringIO()
    call_command(
        "value", "--edition", "lamps-2026", "--quantity", "3", *options, "--json", stdout=out
    )
    return json.loads(out.getvalue())


def refusal(*options):
    out = io.StringIO()
    with pytest.raises(SystemExit) as left:
        call_command(
            "value", "--edition", "lamps-2026", "--quantity", "3", *options, "--json", stdout=out
        )
    assert left.value.code == 2
    return json.loads(out.getvalue())["error"]


def test_the_command_values_in_a_sector():
    sectored_edition()
    found = value("--measure", "LAN1", "--place", "coventry", "--sector", "construction")
    assert (found["value"], found["place"], found["sector"]) == (
        "30.00", "coventry", "construction",
    )  # fmt: skip
    assert found["source"] == "Lamp survey, Coventry, Construction, 2025 prices"
    assert value("--measure", "LAN1", "--sector", "retail")["value"] == "15.00"
    assert value("--measure", "LAN4", "--sector", "mining")["value"] == "3.00"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (
            ["LAN1"],
            "LAN1 has no value until a sector is set, because its value depends on the sector. "
            "Add --sector with one of: retail, construction.",
        ),
        (["LAN3", "--place", "derby"], "LAN3 has no value until a sector is set"),
        (
            ["LAN1", "--place", "coventry", "--sector", "mining"],
            "LAN1 has no value in mining in coventry. Places with a value: coventry. "
            "Sectors with a value: retail, construction.",
        ),
        (["LAN2", "--sector", "retail"], "LAN2 has no value until a place is set"),
    ],
)
def test_the_command_says_what_is_lacking(options, says):
    sectored_edition()
    assert says in refusal("--measure", *options)


def test_what_the_measure_takes_off_is_taken_off_unless_another_share_is_given():
    sectored_edition(LAN4={"additionality": {"deadweight": "0.5", "leakage": "0.1"}})
    assert value("--measure", "LAN4")["value"] == "1.35"
    assert value("--measure", "LAN4", "--deadweight", "0")["value"] == "2.70"


def test_the_list_of_measures_names_sectors():
    sectored_edition()
    out = io.StringIO()
    call_command("measures", "--edition", "lamps-2026", "--json", stdout=out)
    found = {row["code"]: row["proxies"] for row in json.loads(out.getvalue())}
    assert [(row["place"], row["sector"], row["amount"]) for row in found["LAN1"]] == [
        ("", "retail", "5"), ("coventry", "construction", "10"), ("coventry", "retail", "7"),
    ]  # fmt: skip


def test_values_of_sectors_are_compared_one_by_one():
    sectored_edition()
    sectored_edition("lamps-2027")
    found = compare_editions(actor_of(UserFactory()), "lamps-2026", "lamps-2027").found
    assert (found.same, found.moved) == (5, ())
