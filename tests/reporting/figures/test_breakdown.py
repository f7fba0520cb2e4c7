"""Breaking sums down: every part goes to its lines, and nothing is lost or doubled."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.ledger.rules import size_of
from procurement.ledger.vocabulary import Basis, SupplierSize
from reporting.figures.rules.breakdown import (
    DIMENSIONS,
    NO_MEASURE,
    SORTS,
    By,
    Counting,
    LineKey,
    Part,
    adds_up,
    breakdown_table,
    broken_down,
    in_order,
    whole,
)
from reporting.figures.rules.positions import Bases, MeasureCell

HOURS = {1: Counting("hours", "sum"), 2: Counting("%", "ratio"), 3: Counting("yes/no", "none")}
NORTH, SOUTH = LineKey("North", (("place", "N"),)), LineKey("South", (("place", "S"),))


def part(key, basis="verified", pence=100, quantity="1", measure=NO_MEASURE, **more) -> Part:
    facts = {"denominator": Decimal(0), "entries": 1} | more
    return Part(key, MeasureCell(basis, measure, Decimal(quantity), value_pence=pence, **facts))


parts = st.lists(
    st.builds(
        part,
        st.integers(0, 5),
        st.sampled_from(Basis.values),
        st.integers(-(10**12), 10**12),
        entries=st.integers(0, 10**6),
    ),
    max_size=30,
)


@given(parts, st.lists(st.integers(0, 3), min_size=6, max_size=6))
def test_where_every_part_has_one_line_the_lines_are_the_total(found, lines):
    keys = [LineKey(f"Line {number}", (("place", str(number)),)) for number in range(4)]
    broken = broken_down(found, lambda key: (keys[lines[key]],), {})
    assert adds_up(broken, whole(found, {}))
    for sort in (*SORTS, *(f"-{name}" for name in SORTS), "nothing", ""):
        assert sorted(map(id, in_order(broken, sort))) == sorted(map(id, broken))


@given(parts)
def test_where_parts_overlap_the_total_still_counts_each_once(found):
    broken = broken_down(found, lambda _: (NORTH, SOUTH), {})
    total = whole(found, {})
    for line in broken:
        assert (line.pence, line.entries) == (total.pence, total.entries)
    assert adds_up(broken, total) == (total.pence == Bases() and total.entries == Bases())


def test_a_line_that_has_nothing_is_there_when_it_is_asked_for():
    (line,) = broken_down([], lambda _: (), {}, [NORTH])
    assert (line.label, line.pence, line.entries) == ("North", Bases(), Bases())
    assert broken_down([], lambda _: (), {}) == []


def test_quantities_are_of_one_measure_only():
    def quantities(*found):
        (line,) = broken_down(found, lambda _: (NORTH,), HOURS)
        return line.quantities

    two = quantities(part(1, quantity="2.5", measure=1), part(2, quantity="0.125", measure=1))
    assert (two.unit, two.verified, two.claimed) == ("hours", Decimal("2.625"), None)
    assert quantities(part(1, measure=1), part(2, measure=2)) is None
    assert quantities(part(1), part(2)) is None
    rate = quantities(part(1, quantity="1", measure=2, denominator=Decimal(8)))
    assert rate.verified == Decimal("12.5")
    assert quantities(part(1, measure=3)).verified is None


def test_the_rest_comes_last_and_the_largest_first():
    rest = LineKey("None recorded", (("place", "-"),), (1, 0))
    keys = {0: rest, 1: NORTH, 2: SOUTH}
    found = broken_down(
        [part(0, pence=900), part(1, pence=1), part(2, pence=2)], lambda key: (keys[key],), {}
    )
    assert [line.label for line in found] == ["South", "North", "None recorded"]
    by_verified = in_order(found, "-verified")
    assert [line.label for line in by_verified] == ["None recorded", "South", "North"]


def test_no_share_comes_before_nought():
    found = broken_down(
        [part(1), part(2, basis="committed"), part(3), part(3, basis="committed", pence=200)],
        lambda key: (LineKey(str(key), (("place", str(key)),)),),
        {},
    )
    assert [line.label for line in in_order(found, "share")] == ["1", "2", "3"]


def test_the_table_has_every_line_and_the_total():
    found = broken_down(
        [part(1, measure=1), part(1, basis="committed", pence=400, quantity="4", measure=1)],
        lambda _: (NORTH,),
        HOURS,
    )
    total = whole([], HOURS)
    table = breakdown_table("Caption", DIMENSIONS["place"], found, total, money=True)
    assert list(table.rows) == [
        (
            "North", "hours", Decimal("4.00"), Decimal("4.000"), 1, Decimal("0.00"), None, 0,
            Decimal("0.00"), None, 0, Decimal("1.00"), Decimal("1.000"), 1, Decimal(25),
        )
    ]  # fmt: skip
    counts = breakdown_table("Caption", DIMENSIONS["place"], found, total, money=False)
    assert [column.heading for column in counts.columns] == [
        "Place", "Unit", "Committed (quantity)", "Committed (entries)", "Claimed (quantity)",
        "Claimed (entries)", "Evidenced (quantity)", "Evidenced (entries)", "Verified (quantity)", "Verified (entries)",
    ]  # fmt: skip
    assert "£" not in str(counts.columns)


def test_there_is_a_dimension_for_each():
    assert {row.by for row in DIMENSIONS.values()} == set(By)
    overlapping = {key for key, row in DIMENSIONS.items() if row.overlaps}
    assert overlapping == {"objective", "national-priority"}


@pytest.mark.parametrize(
    ("is_sme", "is_vcse", "size"),
    [
        (True, True, SupplierSize.BOTH),
        (True, False, SupplierSize.SME),
        (True, None, SupplierSize.SME),
        (False, True, SupplierSize.VCSE),
        (None, True, SupplierSize.VCSE),
        (False, False, SupplierSize.NEITHER),
        (False, None, SupplierSize.NOT_STATED),
        (None, False, SupplierSize.NOT_STATED),
        (None, None, SupplierSize.NOT_STATED),
    ],
)
def test_every_supplier_is_of_one_size(is_sme, is_vcse, size):
    assert size_of(is_sme, is_vcse) == size
