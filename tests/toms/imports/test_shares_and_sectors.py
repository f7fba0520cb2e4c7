"""Columns of what a method takes off, and values by sector, in somebody else's file."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.factories.imports import apply, imported, owner, ready, small_file
from tests.factories.workbooks import xlsx
from toms.frameworks import queries as frameworks
from toms.imports import queries, renderers, rules
from toms.imports.rules.reading.shares import share_of
from toms.proxies.queries import unit_value

ABOUT = rules.About("2026-04-01", "Lantern Framework, 2026", "Licensed to a council")
HEADINGS = (
    "Code", "Title", "Theme", "Unit", "Kind", "Value", "Place", "Sector", "Deadweight %", "Leakage",
    "Displacement", "Substitution",
)  # fmt: skip


def line(code="A1", title="One", kind="", value=5.0, place="", sector="", off=("", "", "", "")):
    return [code, title, "T", "people", kind, value, place, sector, *off]


def read(*rows):
    sheet = rules.Sheet("M", [list(HEADINGS), *rows])
    columns = rules.guess_columns(HEADINGS)
    assert len(columns) == len(HEADINGS)
    return rules.read_sheet(sheet, after=1, columns=columns, about=ABOUT)


def told(found, level="error"):
    return [(p.cell, p.message) for p in found.problems if p.level == level]


@pytest.mark.parametrize(
    ("cell", "fraction", "is_percent"),
    [
        ("", "", False),
        (None, "", False),
        ("n/a", "", False),
        (0.0, "0", False),
        (0.27, "0.27", False),
        (0.5, "0.5", False),
        ("0.5", "0.5", False),
        ("0.5%", "0.005", True),
        (1.0, "1", False),
        (1.5, "0.015", True),
        (27.0, "0.27", True),
        (27, "0.27", True),
        ("27%", "0.27", True),
        ("27 %", "0.27", True),
        ("100", "1", True),
        ("100%", "1", True),
        ("0%", "0", True),
    ],
)
def test_percentages_and_fractions(cell, fraction, is_percent):
    assert share_of(cell)[:4] == (fraction, is_percent, "", "")


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (100.1, "not between 0% and 100%"),
        ("101%", "not between 0% and 100%"),
        (-0.1, "not between 0% and 100%"),
        ("-5%", "not between 0% and 100%"),
        ("a quarter", "is not a share"),
        (date(2026, 4, 1), "date or time"),
    ],
)
def test_what_is_no_share_is_told_by_its_cell(cell, words):
    found = read(line(off=("", "", cell, "")))
    ((where, message),) = told(found)
    assert where == "K2"
    assert words in message
    assert "0% to 100%" in message


def test_more_digits_than_nine_are_rounded_and_told():
    found = read(line(off=("33.33333333333%", "", "", "")))
    assert found.measures[0]["additionality"] == {"deadweight": "0.333333333"}
    ((where, message),) = told(found, "warning")
    assert (where, "more digits" in message) == ("I2", True)


def test_each_share_goes_to_its_measure_and_nothing_is_nothing():
    found = read(
        line(off=(25.0, "", "10%", "")),
        line(code="A2", off=(30.0, "", "", 0.0)),
        line(code="A3", off=("", "", "", "")),
    )
    assert found.problems == []
    assert [row["additionality"] for row in found.measures] == [
        {"deadweight": "0.25", "displacement": "0.1"},
        {"deadweight": "0.3", "substitution": "0"},
        {},
    ]


@pytest.mark.parametrize("cell", [1.0, "100%", 100.0])
def test_all_of_it_taken_off_is_odd(cell):
    ((where, message),) = told(read(line(off=(cell, "", "", ""))), "warning")
    assert where == "I2"
    assert "leaves nothing of A1" in message


def test_a_fraction_among_percentages_is_odd_and_a_column_of_fractions_is_not():
    assert (
        told(read(line(off=(0.5, "", "", "")), line("A2", off=(0.2, "", "", ""))), "warning") == []
    )
    found = read(line(off=(0.5, "", "", "")), line("A2", off=(20.0, "", "", "")))
    assert told(found, "warning") == [
        (
            "I2",
            "0.5 is read as 50%, and other lines of this column are percentages. Write 0.5% if that is meant.",
        )
    ]


def test_a_code_with_several_places_and_sectors_is_one_measure():
    found = read(
        line(value=5.0, place="Rugby", sector="Building works", off=(20.0, "", "", "")),
        line(title="", value=6.0, place="Rugby", sector="Care"),
        line(title="", value=7.0, place="Rugby", off=("20%", "", "", "")),
        line(title="", value=8.0, sector="Care"),
    )
    assert found.problems == []
    assert [(row["code"], row["kind"]) for row in found.measures] == [("A1", "localised")]
    assert [(v["place"], v["sector"], v["amount"]) for v in found.proxies["A1"]] == [
        ("rugby", "building-works", "5"), ("rugby", "care", "6"), ("rugby", "", "7"), ("", "care", "8"),
    ]  # fmt: skip
    assert found.measures[0]["additionality"] == {"deadweight": "0.2"}


def test_the_same_place_and_sector_twice_is_told():
    found = read(
        line(place="Rugby", sector="Care"), line(title="", value=6.0, place="rugby", sector="care")
    )
    ((where, message),) = told(found)
    assert where == "A3"
    assert "A1 has a value for rugby, care in row 2 already" in message


def test_another_share_on_a_later_line_of_a_code_is_told():
    found = read(
        line(place="Rugby", off=(20.0, "", "", "")),
        line(title="", place="Derby", off=(30.0, "", "", "")),
    )
    ((where, message),) = told(found)
    assert where == "I3"
    assert "another deadweight in row 2" in message


def test_a_sector_alone_is_enough_for_a_localised_measure():
    assert told(read(line(kind="Localised", sector="Care"))) == []
    ((where, message),) = told(read(line(kind="Localised")))
    assert where == "G2"
    assert "Name the place or the sector" in message


# --- through the database -----------------------------------------------------------------------------


ROWS = [
    ["ZQ1", "Lamps", "Light", "people", 5.0, "Rugby", "Care", "20%"],
    ["ZQ1", "", "", "", 6.0, "Rugby", "", ""],
    ["ZQ1", "", "", "", 7.0, "", "Care", ""],
    ["ZQ2", "Wicks", "Light", "people", 3.25, "", "", 0.1],
]
NAMED = ("Ref", "Measure", "Theme", "Unit", "Proxy value", "Area", "Industry", "Deadweight")


def lanterns():
    return xlsx({"Measures": [list(NAMED), *ROWS]})


@pytest.mark.django_db
def test_an_import_keeps_shares_and_sectors_and_gives_them_back():
    actor = owner()
    kept = imported(actor, lanterns())
    edition = frameworks.edition_info(actor, kept.edition_slug)
    lamps, wicks = frameworks.measures_of(edition.id)
    assert lamps.additionality.deadweight == Decimal("0.2")
    assert wicks.additionality.kept == Decimal("0.9")
    day = date(2026, 6, 1)
    found = [
        unit_value(lamps, place=place, sector=sector, on=day)
        for place, sector in (("rugby", "care"), ("rugby", ""), ("", "care"), ("", ""))
    ]
    assert [value and value.amount for value in found] == [5, 6, 7, None]
    content = queries.content_of(edition)
    assert rules.checksum_of(content) == kept.content_checksum
    for write in (renderers.edition_xlsx, renderers.edition_csv):
        again = queries.preview(actor, ready(actor, write(content)))
        assert (again.errors, again.same_as) == ((), edition)
    other = owner()
    elsewhere = apply(other, ready(other, renderers.edition_csv(content)))
    assert elsewhere.content_checksum == kept.content_checksum


@pytest.mark.django_db
def test_a_value_is_compared_with_that_of_the_same_sector_before():
    actor = owner()
    imported(actor, lanterns())
    rows = [list(row) for row in ROWS]
    rows[0][4] = 500.0
    after = ready(actor, xlsx({"Measures": [list(NAMED), *rows]}), label="2027")
    said = {row.cell: row.message for row in queries.preview(actor, after).warnings}
    assert list(said) == ["E2", "H5"], (
        "the other sectors are as they were; H5 is a fraction among percentages"
    )
    assert "The edition before says 5." in said["E2"]


@pytest.mark.django_db
def test_the_mapping_page_says_how_a_share_is_read(client):
    from django.urls import reverse

    from socialvalue.accounts.models import User

    actor = owner()
    kept = ready(actor, small_file())
    client.force_login(User.objects.get(pk=actor.user_id))
    page = client.get(reverse("toms:imports:columns", args=[kept.pk])).content.decode()
    assert "Deadweight (optional)" in page
    assert "so 0.5 is 50%" in page
    assert "Sector (optional)" in page
