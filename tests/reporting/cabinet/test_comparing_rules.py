"""What moved a figure: each entry has one reason, and the parts add up to the movement."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from procurement.ledger.vocabulary import Basis
from reporting.cabinet.rules.comparing import (
    Comparison,
    Known,
    Moved,
    Moving,
    Part,
    Record,
    Why,
    movement_of,
    parts_of,
    pounds_of,
    quantity_of,
    reasons,
    records_moved,
    table,
)

pence = st.integers(min_value=-10_000_000, max_value=10_000_000)
quantities = st.decimals(min_value=-999, max_value=999, places=3)
entries = st.builds(
    Moving,
    id=st.integers(min_value=1, max_value=10_000),
    basis=st.sampled_from(Basis.values),
    measure_id=st.integers(min_value=1, max_value=5),
    commitment_id=st.integers(min_value=1, max_value=5),
    claim_id=st.one_of(st.none(), st.integers(min_value=1, max_value=5)),
    edition_id=st.integers(min_value=1, max_value=3),
    corrects_id=st.one_of(st.none(), st.integers(min_value=1, max_value=5)),
    quantity=quantities,
    value_pence=pence,
)
ledgers = st.lists(entries, max_size=40, unique_by=lambda entry: entry.id)


def entry(pk: int, **facts: object) -> Moving:
    plain = {
        "basis": Basis.VERIFIED, "measure_id": 1, "commitment_id": 1, "claim_id": 1, "edition_id": 1,
        "corrects_id": None, "quantity": Decimal(1), "value_pence": 100,
    }  # fmt: skip
    return Moving(id=pk, **(plain | facts))


@given(ledgers, st.data())
def test_the_parts_of_any_two_issues_add_up_to_the_penny(ledger, data):
    """Two issues count any two sets of entries; the movement is the difference of their sums."""
    before = data.draw(st.sets(st.sampled_from(ledger)) if ledger else st.just(set()))
    after = data.draw(st.sets(st.sampled_from(ledger)) if ledger else st.just(set()))
    came = sorted(after - before, key=lambda one: one.id)
    left = sorted(before - after, key=lambda one: one.id)
    known = Known(
        frozenset(one.commitment_id for one in before), frozenset(one.edition_id for one in before)
    )
    why = reasons(came, known)
    assert set(why) == {one.id for one in came}
    for amount in (pounds_of, quantity_of):
        moved = sum((amount(one) for one in after), Decimal(0)) - sum(
            (amount(one) for one in before), Decimal(0)
        )
        parts = parts_of(moved, came, left, why, amount)
        assert sum((part.amount for part in parts), Decimal(0)) == moved
        assert Why.UNEXPLAINED not in {part.why for part in parts}
        assert sum(part.entries for part in parts) == len(came) + len(left)


@given(ledgers, quantities)
def test_what_no_entry_explains_is_said(came, moved):
    why = reasons(came, Known())
    parts = parts_of(moved, came, [], why, quantity_of)
    assert sum((part.amount for part in parts), Decimal(0)) == moved
    over = moved - sum((one.quantity for one in came), Decimal(0))
    assert {part.amount for part in parts if part.why == Why.UNEXPLAINED} == (
        {over} if over else set()
    )


def test_a_correction_is_what_is_taken_back_and_what_stands_in_its_place():
    taken, placed, fresh = (
        entry(2, corrects_id=1, value_pence=-100),
        entry(3, value_pence=60),
        entry(4, claim_id=9),
    )
    assert reasons([taken, placed, fresh], Known(edition_ids=frozenset({1}))) == {
        2: Why.CORRECTED, 3: Why.CORRECTED, 4: Why.NEW,
    }  # fmt: skip


def test_promises_of_a_contract_that_was_known_are_a_change_of_plan_and_others_are_new():
    came = [
        entry(1, basis=Basis.COMMITTED, claim_id=None, commitment_id=1),
        entry(2, basis=Basis.COMMITTED, claim_id=None, commitment_id=2),
        entry(3, basis=Basis.COMMITTED, claim_id=None, commitment_id=2, corrects_id=9),
    ]
    assert reasons(came, Known(frozenset({1}), frozenset({1}))) == {
        1: Why.PLAN, 2: Why.NEW, 3: Why.PLAN,
    }  # fmt: skip


def test_a_new_entry_of_an_edition_that_was_not_known_is_told_apart():
    came = [entry(1, edition_id=2, claim_id=8), entry(2, claim_id=9)]
    assert reasons(came, Known(edition_ids=frozenset({1}))) == {1: Why.EDITION, 2: Why.NEW}
    # Where the earlier issue had no entries at all, every edition is new: nothing is told apart.
    assert set(reasons(came, Known()).values()) == {Why.NEW}


def test_what_left_counts_against():
    parts = parts_of(Decimal("-1.00"), [], [entry(1)], {}, pounds_of)
    assert parts == (Part(Why.LEFT, Decimal("-1.00"), 1),)


def test_a_latest_figure_takes_up_the_rest():
    came = [entry(1, quantity=Decimal(5))]
    parts = parts_of(Decimal(2), came, [], {1: Why.NEW}, quantity_of, rest=Why.LATEST)
    assert parts == (Part(Why.NEW, Decimal(5), 1), Part(Why.LATEST, Decimal(-3), 0))


def test_movements_of_what_was_not_reported():
    assert movement_of(None, None) is None
    assert movement_of(None, Decimal(5)) == 5
    assert movement_of(Decimal(5), None) == -5
    assert movement_of(Decimal(5), Decimal(5)) == 0


def test_what_came_what_left_and_what_changed():
    before = {1: Record("One", "3"), 2: Record("Two", "4"), 3: Record("Three")}
    after = {2: Record("Two", "5"), 3: Record("Three"), 4: Record("Four", "1")}
    assert records_moved(before, after) == (
        ("Four (1)",), ("One (3)",), ("Two (4 before, 5 after)",),
    )  # fmt: skip


def test_a_long_list_is_cut_on_the_page():
    row = moved("contracts", "0", "12", Decimal(12), came=tuple(f"C{n}" for n in range(12)))
    assert row.records == [("Came", tuple(f"C{n}" for n in range(10)), 2)]


def moved(name: str, before: str, after: str, by: Decimal | None, **facts: object) -> Moved:
    return Moved(name, name, "£", facts.pop("is_money", False), before, after, by, "", **facts)


def test_the_table_has_a_column_a_reason_and_rows_that_add_up():
    parts = (Part(Why.NEW, Decimal(5), 2), Part(Why.CORRECTED, Decimal(-2), 2))
    row = moved("verified", "£1", "£4", Decimal(3), parts=parts)
    found = table("Compared", [row])
    by_heading = dict(zip([column.heading for column in found.columns], found.rows[0], strict=True))
    assert by_heading["Moved by"] == 3
    assert by_heading["Of it: new entries"] + by_heading["Of it: corrections"] == 3
    assert by_heading["Of it: changes to plans"] is None
    assert by_heading["Entries"] == 4


def test_counts_only_leaves_the_pounds_out_and_only_what_moved_is_listed():
    rows = (
        moved("pounds", "£1", "£2", Decimal(1), is_money=True),
        moved("counts", "1", "2", Decimal(1)),
        moved("still", "1", "1", Decimal(0)),
        moved("swapped", "1", "1", Decimal(0), came=("A",), left=("B",)),
    )
    found = Comparison(rows)
    assert [row.name for row in found.moved] == ["pounds", "counts", "swapped"]
    assert [row.name for row in found.unmoved] == ["still"]
    assert [row.name for row in found.counts_only().moved] == ["counts", "swapped"]
