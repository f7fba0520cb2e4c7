"""Rows of a dashboard's tables: a page has hundreds of figures, drawn in one go and without a template each."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.safestring import SafeString

from socialvalue.core.money import pounds, quantity_text, without_sign

if TYPE_CHECKING:
    from reporting.dashboards.queries.boards import (
        AmountCell,
        AmountLine,
        MeasureView,
        QuantityCell,
    )

register = template.Library()


@register.simple_tag(takes_context=True)
def amount_cells(context: dict[str, Any], line: AmountLine) -> SafeString:
    """Committed, claimed and verified of a line, each opening to its rows."""
    return cells_of(line, counts_only=bool(context.get("counts_only")))


@register.simple_tag(takes_context=True)
def measure_rows(context: dict[str, Any], measures: Sequence[MeasureView]) -> SafeString:
    """A row a measure: its quantities, and £ beside them, each opening to its rows."""
    return rows_of(measures, counts_only=bool(context.get("counts_only")))


def _opens(href: str, figure: str, meaning: str, beside: str = "") -> str:
    """As the tag ``figure_link`` draws it, ``beside`` in the same link: what opens to the same rows is one stop for the
    keyboard. Here and below ``href``, ``meaning``, ``label`` and ``beside`` are escaped already.
    """
    return (
        f'<a class="govuk-link sv-figure-link" href="{href}">{escape(figure)}{beside}'
        f'<span class="govuk-visually-hidden">, {meaning}: see the rows under it</span></a>'
    )


def _cell(inside: str) -> str:
    return f'<td class="govuk-table__cell govuk-table__cell--numeric">{inside}</td>'


def _beside(words: str) -> str:
    """Under the name or the figure; ``words`` are escaped already."""
    return f' <span class="sv-figure__quantity">{words}</span>'


def cells_of(line: AmountLine, *, counts_only: bool) -> SafeString:
    """The three cells of a line; a basis without an entry is 0."""
    return SafeString("".join(_cell(_amount(cell, counts_only)) for cell in line.cells))


def _amount(cell: AmountCell, counts_only: bool) -> str:
    if not cell.entries:
        return "0"
    href, meaning = escape(cell.href), escape(cell.meaning)
    if counts_only:
        return _opens(href, quantity_text(Decimal(cell.entries)), meaning)
    beside = f"{cell.entries} entr{'y' if cell.entries == 1 else 'ies'}"
    return _opens(href, pounds(cell.pounds), meaning) + _beside(beside)


def rows_of(measures: Sequence[MeasureView], *, counts_only: bool) -> SafeString:
    """A row a measure: name and theme, unit, and the three bases.

    There are hundreds of figures: everything that people wrote goes through ``escape``, once.
    """
    return SafeString("\n".join(_measure_row(line, counts_only) for line in measures))


def _measure_row(line: MeasureView, counts_only: bool) -> str:
    label = escape(line.label)
    name = f'<a class="govuk-link" href="{escape(line.href)}">{label}</a>' if line.href else label
    note = _beside(_counted(line.note, counts_only)) if line.note else ""
    cells = "".join(_cell(_quantity(cell, label, counts_only)) for cell in line.cells)
    return (
        '<tr class="govuk-table__row">'
        f'<th scope="row" class="govuk-table__header">{name}{_beside(escape(line.theme))}{note}</th>'
        f'<td class="govuk-table__cell">{_counted(line.unit, counts_only)}</td>{cells}</tr>'
    )


def _counted(words: str, counts_only: bool) -> str:
    """As the tag ``counted`` draws it."""
    shown = without_sign(words) if counts_only else words
    return f'<span class="sv-quantity">{escape(shown)}</span>'


def _quantity(cell: QuantityCell, label: str, counts_only: bool) -> str:
    if not cell.entries:
        return escape(cell.absent)
    href = escape(cell.href)
    worth = "" if counts_only or cell.pounds is None else _beside(escape(pounds(cell.pounds)))
    said = f"{cell.entries} reported" if cell.quantity is None else quantity_text(cell.quantity)
    figure = _opens(href, said, label, worth)
    unvalued = "" if counts_only or cell.pounds is not None else _beside("Counted, not valued")
    return f'<span class="sv-figure">{figure}{unvalued}</span>'
