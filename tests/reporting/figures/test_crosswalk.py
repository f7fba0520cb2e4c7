"""A region's position in its own measures: the parts are the whole, and only quantities are converted."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from procurement.ledger.vocabulary import Basis
from reporting.figures.rules.crosswalk import (
    Part,
    in_parts,
    part_of,
    regional_position,
    sources_of,
)
from reporting.figures.rules.positions import MeasureCell, MeasureFacts, Position, bases_of
from toms.priorities.rules import Resolved
from toms.priorities.vocabulary import Counted

ONE = Decimal(1)


def fact(number, aggregation="sum"):
    return MeasureFacts(number, f"M{number}", "Title", "days", aggregation, 1, "Theme")


def cell(number, quantity="10", pence=100, basis="verified", denominator="0"):
    return MeasureCell(basis, number, Decimal(quantity), Decimal(denominator), pence, 1)


RESOLVED = {
    1: Resolved(1, Counted.ITSELF, 1, ONE, "."),
    2: Resolved(2, Counted.MAPPED, 1, Decimal("0.5"), "."),
    3: Resolved(3, Counted.CARRIED, 1, ONE, "."),
    4: Resolved(4, Counted.EXCLUDED, None, ONE, "."),
    5: Resolved(5, Counted.NOT_MAPPED, None, ONE, "."),
}


def test_each_measure_is_in_one_part_and_one_nobody_knows_is_not_mapped():
    assert [part_of(key, RESOLVED) for key in (1, 2, 3, 4, 5, 6)] == [
        Part.REGIONAL, Part.REGIONAL, Part.REGIONAL, Part.EXCLUDED, Part.NOT_MAPPED,
        Part.NOT_MAPPED,
    ]  # fmt: skip


def test_hours_become_days_and_pounds_stay():
    position = Position(cells=tuple(cell(key) for key in (1, 2, 3, 4, 5)))
    found = regional_position(position, RESOLVED, {1: fact(1)})
    assert {row.measure_id for row in found.cells} == {1}
    assert sum(row.quantity for row in found.cells) == Decimal(25)
    assert sum(row.value_pence for row in found.cells) == 300
    counted = in_parts(position.cells, RESOLVED)[Part.REGIONAL]
    assert sources_of(counted, RESOLVED) == {1: [1, 2, 3]}


@given(
    st.lists(
        st.builds(
            cell,
            st.integers(1, 7),
            st.decimals(0, 10**6, places=3).map(str),
            st.integers(-(10**9), 10**9),
            st.sampled_from(Basis.values),
        ),
        max_size=30,
    )
)
def test_the_parts_are_the_whole_for_each_basis_to_the_penny(cells):
    parts = in_parts(cells, RESOLVED)
    assert sorted(map(id, cells)) == sorted(id(one) for rows in parts.values() for one in rows)
    for entries in (False, True):
        whole = bases_of(cells, entries=entries)
        sums = [bases_of(rows, entries=entries) for rows in parts.values()]
        for basis in Basis.values:
            assert sum(getattr(one, basis) for one in sums) == getattr(whole, basis)
