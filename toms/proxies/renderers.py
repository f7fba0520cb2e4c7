"""A comparison of two editions as tables: by kind of change for the page, as one list for a file."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.urls import reverse

from socialvalue.core.money import round_pounds
from socialvalue.core.tables import Column, Table, Value
from toms.proxies.rules import Changed, Comparison, MeasureVersion, Moved

NO_VALUE = "No value"


def added_table(found: Comparison) -> Table:
    return _measures(
        f"Added in {found.after.label}", found.found.added, found.after.slug, "Nothing was added."
    )


def removed_table(found: Comparison) -> Table:
    return _measures(
        f"Not in {found.after.label} any more",
        found.found.removed,
        found.before.slug,
        "Nothing was taken out.",
    )


def _measures(caption: str, rows: Sequence[MeasureVersion], edition: str, empty: str) -> Table:
    return Table(
        caption,
        [Column("Measure", width=50), Column("Theme", width=30), Column("Unit"), Column("Kind")],
        [(f"{row.code} {row.title}", row.theme, row.unit, row.kind) for row in rows],
        empty=empty,
        links=[_page(edition, row.code) for row in rows],
    )


def units_table(found: Comparison) -> Table:
    """Unit, kind and how it adds up: a quantity of before is not a quantity of after."""
    return _changes(
        found, "Counted differently", found.found.units, "Units and kinds are the same."
    )


def words_table(found: Comparison) -> Table:
    return _changes(found, "Worded differently", found.found.reworded, "The words are the same.")


def _changes(found: Comparison, caption: str, rows: Sequence[Changed], empty: str) -> Table:
    return Table(
        caption,
        [
            Column("Measure", width=50), Column("What"), Column("Before", width=50),
            Column("After", width=50),
        ],
        [(f"{row.code} {row.title}", row.what, row.before, row.after) for row in rows],
        empty=empty,
        links=[_page(found.after.slug, row.code) for row in rows],
    )  # fmt: skip


def moved_table(found: Comparison) -> Table:
    """The £ of one unit, place by place, from each day on which the two editions differ."""
    return Table(
        "Values of one unit that moved",
        [
            Column("Measure", width=50), Column("Place"), Column("From", "date"),
            Column("Before", is_social_value=True), Column("After", is_social_value=True),
            Column("Change"),
        ],
        [
            (f"{row.code} {row.title}", row.where, row.since, pounds_of(row.before),
             pounds_of(row.after), change_of(row))
            for row in found.found.moved
        ],
        empty="No value moved.",
        links=[_page(found.after.slug, row.code) for row in found.found.moved],
    )  # fmt: skip


def whole_table(found: Comparison, *, money: bool = True) -> Table:
    """Every difference in one list, for a file; ``money`` False says that a value moved, and not from what to what."""
    rows: list[tuple[Value, ...]] = []
    for what, versions in (("Added", found.found.added), ("Taken out", found.found.removed)):
        rows += [(what, v.code, v.title, "", "", "", v.unit, v.kind) for v in versions]
    for what, changes in (
        ("Counted differently", found.found.units),
        ("Worded differently", found.found.reworded),
    ):
        rows += [(what, c.code, c.title, c.what, "", "", c.before, c.after) for c in changes]
    rows += [
        ("Value moved", m.code, m.title, change_of(m), m.where, m.since.isoformat(),
         pounds_of(m.before) if money else "", pounds_of(m.after) if money else "")
        for m in found.found.moved
    ]  # fmt: skip
    return Table(
        f"Differences from {found.before.slug} to {found.after.slug}",
        [
            Column("Difference"), Column("Code"), Column("Measure", width=50), Column("What"),
            Column("Place"), Column("From"), Column("Before, or unit", width=40),
            Column("After, or kind", width=40),
        ],
        rows,
    )  # fmt: skip


def pounds_of(amount: Decimal | None) -> str:
    """All the places there are, and at least two: ``£391.538461538``, ``£280.00``."""
    if amount is None:
        return NO_VALUE
    fewest = round_pounds(amount)
    return f"£{fewest if fewest == amount else amount.normalize():,f}"


def change_of(row: Moved) -> str:
    """``+1.6%``; in words where a percentage would say nothing."""
    percent = row.percent
    if not row.is_same_unit:
        return "Another unit"
    if row.before is None:
        return "New value"
    if row.after is None:
        return "Value withdrawn"
    if percent is None:
        return "From nothing"
    return f"{percent:+.1f}%".replace("-", "−")


def _page(edition: str, code: str) -> str:
    return reverse("toms:priorities:measure", args=[edition, code])
