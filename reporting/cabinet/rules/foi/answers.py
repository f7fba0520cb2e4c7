"""The ten answers together, and as one table. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from reporting.cabinet.rules.content.jsons import Json
from reporting.cabinet.rules.content.standing import period_of
from reporting.cabinet.rules.foi import buying, delivering
from reporting.cabinet.rules.foi.shapes import (
    NOT_FROZEN,
    NOT_WHOLE,
    SENSITIVE,
    TOO_OLD,
    Answer,
    Asked,
)
from socialvalue.core.money import percent_text, pounds, quantity_text
from socialvalue.core.periods import uk_date
from socialvalue.core.tables import Column, Table, Value


def why_not(content: Json, figures_hash: str) -> str:
    """Why no answers can be given from this content; empty when they can."""
    if not figures_hash:
        return NOT_FROZEN
    if content["format"] == 1:
        return TOO_OLD
    return "" if content["foi"] else NOT_WHOLE


def ticked(names: Collection[str]) -> frozenset[str]:
    """The ticks that mean something."""
    return frozenset(names) & SENSITIVE.keys()


def answers(
    content: Json, ticks: Collection[str] = (), *, counts_only: bool = False
) -> tuple[Answer, ...]:
    """The ten answers in their order. ``ticks`` are the names in ``SENSITIVE`` of what may be told."""
    asked = Asked(content, ticked(ticks), counts_only)
    return (
        buying.tenders(asked),
        buying.weighting(asked),
        delivering.delivered(asked),
        delivering.calculators(asked),
        buying.spend(asked),
        buying.suppliers(asked),
        buying.winners(asked),
        delivering.overseeing(asked),
        delivering.framework(asked),
        delivering.monitoring(asked),
    )


def cell(column: Column, value: Value, *, with_pence: bool = False) -> str:
    """A value as it is read. ``with_pence`` where any amount of its column has pence."""
    if value is None:
        return "Not reported"
    if isinstance(value, date):
        return uk_date(value)
    if isinstance(value, Decimal | int):
        number = Decimal(value)
        if column.kind == "money":
            shown = pounds(number)
            return f"{shown}.00" if with_pence and "." not in shown else shown
        return percent_text(number, 1) if column.kind == "percent" else quantity_text(number)
    return str(value)


def answers_table(
    content: Json, ticks: Collection[str] = (), *, counts_only: bool = False
) -> Table:
    """Everything in one table, a fact or a cell a row: what the file of answers holds."""
    rows: list[tuple[Value, ...]] = []
    for answer in answers(content, ticks, counts_only=counts_only):
        start = (answer.number, answer.question)
        rows += [(*start, "Answer", "", text) for text in answer.paragraphs]
        rows += [
            (*start, "Figure", what, shown)
            for what, shown, is_money in answer.facts
            if not (counts_only and is_money)
        ]
        if answer.table is not None:
            rows += [(*start, *found) for found in _cells_of(answer.table)]
        if answer.left_out:
            rows.append((*start, "Left out", "", answer.left_out_sentence))
    return Table(
        f"Answers, {period_of(content)}",
        (
            Column("Question", "number", 10),
            Column("Asked", width=50),
            Column("Kind"),
            Column("What", width=50),
            Column("Answer", width=80),
        ),
        rows,
    )


def _cells_of(table: Table) -> list[tuple[str, str, str]]:
    """Each cell of a table with the row and the column it is in."""
    every = [*table.rows, *([table.total] if table.total else [])]
    return [
        ("Table", f"{cell(table.columns[0], row[0])}: {column.heading}", cell(column, value))
        for row in every
        for column, value in zip(table.columns[1:], row[1:], strict=True)
        if value != ""
    ]
