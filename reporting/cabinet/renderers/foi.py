"""The answers to requests for information as a document, to print and to send."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from reporting.cabinet.rules import foi
from reporting.cabinet.rules.content import Json
from reporting.cabinet.rules.content.exhibits import has_pence
from reporting.cabinet.rules.content.standing import day_of, period_of
from socialvalue.core.documents import (
    Block,
    Bullets,
    Document,
    Grid,
    Heading,
    Paragraph,
    Pounds,
)
from socialvalue.core.periods import uk_date
from socialvalue.core.tables import Column, Table, Value


def document(
    content: Json, figures_hash: str, ticks: Collection[str] = (), *, counts_only: bool = False
) -> Document:
    """The answers to print and to send."""
    found = foi.answers(content, ticks, counts_only=counts_only)
    blocks: list[Block] = [
        Paragraph(
            f"These answers are taken from “{content['title']}”, a report frozen on "
            f"{uk_date(day_of(content['moment']))}. The figures are those of that report and do not change."
        )
    ]
    for row in found:
        blocks.append(Heading(f"{row.number}. {row.question}"))
        blocks += [Paragraph(text) for text in row.paragraphs]
        if row.table is not None:
            blocks.append(grid(row.table))
        if row.left_out:
            blocks.append(Paragraph(row.left_out_sentence))
    blocks += [
        Heading("Where the figures come from"),
        Bullets(
            [
                f"Ledger entries up to number {content['ledger_position']}",
                f"SHA-256 of the content of the report: {figures_hash}",
            ]
        ),
    ]
    return Document(
        title="Social value: answers to requests for information",
        subtitle=f"{content['organisation']}, {period_of(content)}",
        blocks=blocks,
        notice="Demonstration data" if content["is_demonstration"] else "",
    )


def grid(table: Table) -> Grid:
    """A table of an answer, as the document prints it."""
    numeric = frozenset(n for n, column in enumerate(table.columns) if column.is_numeric)
    every = [*table.rows, *([table.total] if table.total else [])]
    pence = [any(has_pence(row[n]) for row in every) for n in range(len(table.columns))]

    def cells(row: Sequence[Value]) -> list[str]:
        return [
            _cell(column, value, with_pence=with_pence)
            for column, value, with_pence in zip(table.columns, row, pence, strict=True)
        ]

    return Grid(
        table.caption,
        [column.heading for column in table.columns],
        [cells(row) for row in table.rows],
        numeric,
        total=cells(table.total) if table.total else None,
    )


def _cell(column: Column, value: Value, *, with_pence: bool) -> str:
    text = foi.cell(column, value, with_pence=with_pence)
    return Pounds(text) if column.is_social_value else text
