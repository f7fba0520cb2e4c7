"""Charts: exact ticks that say what they are, figures for those who do not see, nothing invented."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from socialvalue.core.charts import (
    Scale,
    Series,
    Tile,
    bar_width,
    grouped_bars,
    line_through_time,
    nice_ticks,
    tile_map,
)
from socialvalue.core.charts.scale import full_label, short_label, tick_labels

D = Decimal
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    ("high", "ticks"),
    [
        ("4200000", ["0", "1000000", "2000000", "3000000", "4000000", "5000000"]),
        ("5000000", ["0", "1000000", "2000000", "3000000", "4000000", "5000000"]),
        ("5000000.01", ["0", "2000000", "4000000", "6000000"]),
        ("12", ["0", "2.5", "5.0", "7.5", "10.0", "12.5"]),
        ("0.3", ["0.0", "0.1", "0.2", "0.3"]),
        ("0", ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    ],
)
def test_ticks_are_exact(high, ticks):
    assert nice_ticks(D(0), D(high)) == [D(tick) for tick in ticks]


def test_ticks_below_nought_reach_the_lowest_value():
    assert nice_ticks(D(-3), D(7)) == [D(-4), D(-2), D(0), D(2), D(4), D(6), D(8)]


amounts = some.decimals(min_value=-(10**11), max_value=10**11, places=2)


@given(low=amounts, high=amounts)
def test_ticks_always_hold_the_values_and_nought(low, high):
    low, high = min(low, high), max(low, high)
    ticks = nice_ticks(low, high)
    steps = {later - earlier for earlier, later in pairwise(ticks)}
    assert ticks[0] <= min(low, 0)
    assert ticks[-1] >= max(high, 0)
    assert 0 in ticks
    assert len(steps) == 1
    assert 2 <= len(ticks) <= 8


@given(high=some.decimals(min_value="0.01", max_value=10**11, places=2))
def test_tick_labels_say_exactly_the_tick(high):
    ticks = nice_ticks(D(0), high)
    sizes = {"": 1, "k": 10**3, "m": 10**6, "bn": 10**9}
    for tick, label in zip(ticks, tick_labels(ticks, "£"), strict=True):
        found = re.fullmatch(r"£([\d,]+(?:\.\d+)?)(bn|m|k|)", label)
        assert found, label
        assert D(found[1].replace(",", "")) * sizes[found[2]] == tick


@pytest.mark.parametrize(
    ("high", "unit", "labels"),
    [
        ("4200000", "£", ["£0", "£1m", "£2m", "£3m", "£4m", "£5m"]),
        ("12000000", "£", ["£0", "£2.5m", "£5.0m", "£7.5m", "£10.0m", "£12.5m"]),
        ("999", "£", ["£0", "£200", "£400", "£600", "£800", "£1,000"]),
        ("100", "%", ["0%", "20%", "40%", "60%", "80%", "100%"]),
        ("40", "tonnes", ["0", "10", "20", "30", "40"]),
    ],
)
def test_tick_labels_read_well(high, unit, labels):
    assert tick_labels(nice_ticks(D(0), D(high)), unit) == labels


@pytest.mark.parametrize(
    ("value", "short", "full"),
    [
        ("4200000", "£4.2m", "£4,200,000"),
        ("915800.50", "£915.8k", "£915,800.50"),
        ("950", "£950", "£950"),
        ("0", "£0", "£0"),
        ("-1500", "−£1.5k", "−£1,500"),
    ],
)
def test_labels_of_amounts(value, short, full):
    assert (short_label(D(value), "£"), full_label(D(value), "£")) == (short, full)


def test_a_percentage_is_told_to_one_decimal_place():
    assert full_label(D("30.51059592638937378"), "%") == "30.5%"
    assert full_label(D("40"), "%") == "40%"


@pytest.mark.parametrize(
    ("value", "largest", "width"),
    [
        ("0", "10", "0.0"),
        ("-5", "10", "0.0"),
        ("5", "0", "0.0"),
        ("1", "3", "33.3"),
        ("10", "10", "100.0"),
        ("11", "10", "100"),
    ],
)
def test_the_width_of_a_bar(value, largest, width):
    assert bar_width(D(value), D(largest)) == D(width)


def test_a_scale_runs_from_the_first_tick_to_the_last():
    scale = Scale.of([D(4), None, D(-1)], 250)
    assert scale.at(scale.ticks[0]) == 0
    assert scale.at(scale.ticks[-1]) == 250


def bars(uid="c1", **more):
    given = {
        "title": "Value by theme",
        "categories": ["Skills", "Environment & <carbon>"],
        "series": [
            Series("Committed", [D(4200000), D(1900000)]),
            Series("Verified", [D("2900000.50"), None]),
        ],
        "uid": uid,
    }
    return grouped_bars(**{**given, **more})


def lines(uid="l1"):
    return line_through_time(
        title="Value by quarter",
        categories=["Quarter 1", "Quarter 2", "Quarter 3"],
        series=[Series("Planned", [D(1), D(2), D(3)]), Series("Verified", [D(1), None, D(2)])],
        uid=uid,
    )


def tiles(uid="m1", href="/authority/"):
    return tile_map(
        title="Share by authority",
        tiles=[
            Tile("BIR", "Birmingham", 0, 0, D("69.4"), href),
            Tile("COV", "Coventry", 1, 0, None, href),
        ],
        uid=uid,
        is_share=True,
    )


DRAWINGS = [
    bars().svg,
    bars().narrow_svg,
    lines().svg,
    lines().narrow_svg,
    tiles().svg,
    tiles().narrow_svg,
    tiles(href="").svg,
]


@pytest.mark.parametrize("number", range(len(DRAWINGS)))
def test_every_drawing_is_named_described_and_well_formed(number):
    root = ET.fromstring(str(DRAWINGS[number]))  # noqa: S314  # our own drawing
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert title.text
    assert description is not None
    assert description.text
    assert root.get("aria-labelledby") == title.get("id")
    assert root.get("aria-describedby") == description.get("id")
    assert len(ids) == len(set(ids))
    assert "Source Sans 3" in (root.get("font-family") or "")


@pytest.mark.parametrize("number", range(len(DRAWINGS)))
def test_no_drawing_needs_an_inline_style_or_script(number):
    drawn = str(DRAWINGS[number])
    assert "style=" not in drawn
    assert "<style" not in drawn
    assert "<script" not in drawn


@pytest.mark.parametrize("number", range(len(DRAWINGS)))
def test_every_fill_by_reference_exists_in_the_same_drawing(number):
    drawn = str(DRAWINGS[number])
    for reference in re.findall(r"url\(#([^)]+)\)", drawn):
        assert f'id="{reference}"' in drawn


def test_a_page_with_all_charts_has_no_id_twice():
    page = "".join(str(one.svg) + str(one.narrow_svg) for one in (bars(), lines(), tiles()))
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_the_series_differ_by_more_than_colour():
    three = bars(
        series=[Series(name, [D(1), D(2)]) for name in ("Committed", "Claimed", "Verified")]
    )
    looks = re.findall(r'<rect class="sv-mark-(\w+)"', str(three.svg))
    assert set(looks) == {"light", "hatch", "solid"}


def test_the_description_says_every_figure():
    drawn = str(bars().svg)
    assert "Skills: Committed £4,200,000, Verified £2,900,000.50." in drawn
    assert "Environment &amp; &lt;carbon&gt;: Committed £1,900,000, Verified not reported." in drawn


def test_what_is_not_reported_is_no_bar():
    drawn = str(bars().svg)
    assert "n/r" in drawn
    keys = 2
    assert len(re.findall(r'<rect class="sv-mark-', drawn)) == 3 + keys


def test_nought_is_drawn_as_nought():
    drawn = str(bars(series=[Series("Verified", [D(0), D(5)])]).svg)
    assert "£0</text>" in drawn
    assert "n/r" not in drawn


def test_the_table_has_the_same_figures_and_adds_up():
    table = bars().table
    assert table.rows == [
        ("Skills", D(4200000), D("2900000.50")),
        ("Environment & <carbon>", D(1900000), None),
    ]
    assert table.total == ("Total", D(6100000), D("2900000.50"))
    assert [column.heading for column in table.columns] == [
        "Theme",
        "Committed (£)",
        "Verified (£)",
    ]


def test_a_column_without_figures_has_no_total():
    table = bars(series=[Series("Verified", [None, None])]).table
    assert table.total == ("Total", None)


def test_a_line_breaks_where_nothing_was_reported():
    drawn = str(lines().svg)
    verified = [
        path
        for path in re.findall(r'<path class="sv-mark-line" d="(M[^"]+)"', drawn)
        if "L" in path
    ]
    # One line for the plan, none for the two lonely points, and a key for each series.
    assert len(verified) == 3


def test_the_last_period_is_always_named():
    many = line_through_time(
        title="Value by month",
        categories=[f"Month {n}" for n in range(1, 25)],
        series=[Series("Verified", [D(n) for n in range(24)])],
        uid="l2",
    )
    assert "Month" in str(many.narrow_svg)
    assert "24</text>" in str(many.narrow_svg)


def test_tiles_write_their_figure_and_open_to_the_authority():
    root = ET.fromstring(str(tiles().svg))  # noqa: S314  # our own drawing
    links = root.findall(f"{SVG}a")
    assert root.get("role") == "group"
    assert [link.get("href") for link in links] == ["/authority/", "/authority/"]
    assert [link.findtext(f"{SVG}title") for link in links] == [
        "Birmingham: 69.4%",
        "Coventry: not reported",
    ]
    assert [text.text for text in links[1].iter(f"{SVG}text")] == ["COV", "n/r"]


def test_what_is_not_shown_is_not_called_not_reported():
    drawn = bars(series=[Series("Verified", [D(1), None], "not shown")])
    assert "n/s" in drawn.svg
    assert "Not shown" in drawn.narrow_svg
    for svg in (drawn.svg, drawn.narrow_svg):
        assert "Verified not shown" in svg
        assert "ot reported" not in svg


def test_a_map_without_links_is_an_image():
    assert 'role="img"' in str(tiles(href="").svg)


def test_on_a_phone_a_map_is_drawn_as_large_as_it_is_shown():
    """Eight columns fit 360 pixels without shrinking, wherever the first of them lies; a long word takes two lines."""
    row = [Tile(f"M{n}", f"Member {n}", n, 2, D(n)) for n in range(1, 8)]
    row.append(Tile("OUT", "Member 8", 8, 2, None, absent="no public page"))
    drawn = tile_map(title="Map", tiles=row, uid="m2", is_share=True)
    svg = ET.fromstring(str(drawn.narrow_svg))  # noqa: S314  # our own drawing
    assert svg.get("viewBox").split()[2] == "360"
    assert min(int(rect.get("x")) for rect in svg.iter(f"{SVG}rect") if rect.get("rx")) == 1
    words = [text.text for text in svg.iter(f"{SVG}text")]
    assert {"no public", "page", "M7", "7%"} <= set(words)
    assert min(int(text.get("font-size")) for text in svg.iter(f"{SVG}text")) >= 9


def test_a_map_of_shares_has_no_total():
    assert tiles().table.total is None


@pytest.mark.parametrize("value", ["0", "19.9", "20", "99.9", "100", "140", "-5"])
def test_a_tile_takes_any_share(value):
    drawn = tile_map(title="t", tiles=[Tile("A", "A", 0, 0, D(value))], uid="m", is_share=True)
    assert "%</text>" in str(drawn.svg)


def test_uneven_series_are_refused():
    with pytest.raises(ValueError, match="Verified has 1 values for 2 categories"):
        bars(series=[Series("Verified", [D(1)])])


def test_five_series_are_refused():
    with pytest.raises(ValueError, match="1 to 4 series"):
        bars(series=[Series(str(n), [D(1), D(1)]) for n in range(5)])


def test_no_figures_at_all_is_said():
    assert bars(series=[Series("Verified", [None, None])]).is_empty
    assert not bars(series=[Series("Verified", [D(0), None])]).is_empty


def test_no_categories_draw_an_empty_frame():
    drawn = grouped_bars(title="t", categories=[], series=[Series("Verified", [])], uid="e")
    assert drawn.is_empty
    assert drawn.table.total is None


@pytest.mark.parametrize("number", range(len(DRAWINGS)))
def test_no_words_leave_the_frame(number):
    root = ET.fromstring(str(DRAWINGS[number]))  # noqa: S314  # our own drawing
    width = D(str(root.get("viewBox")).split()[2])
    for text in root.iter(f"{SVG}text"):
        x, long = D(str(text.get("x"))), D("6.5") * len(text.text or "")
        left = {"start": x, "middle": x - long / 2, "end": x - long}[str(text.get("text-anchor"))]
        assert left >= -1, text.text
        assert left + long <= width + 2, text.text
