"""Rows of the dashboards are drawn in one go; what they draw is what the components draw."""

from __future__ import annotations

import re
from decimal import Decimal
from html import escape

import pytest
from django.template import Context, Template

from reporting.dashboards.queries.boards import AmountCell, AmountLine, MeasureView, QuantityCell
from reporting.templatetags import dashboards

NASTY = '<b>"Bread" & it\'s</b>'
HREF = "/ledger/?basis=verified&measure=1"


def drawn(template, **values):
    return _same(Template("{% load ui %}" + template).render(Context(values)))


def _same(html):
    """Without the white space between tags, which nobody sees."""
    return re.sub(r"\s+", " ", html).replace("> <", "><").strip()


@pytest.mark.parametrize("counts_only", [False, True])
@pytest.mark.parametrize("entries", [0, 1, 1234])
def test_an_amount_is_drawn_as_the_component_draws_it(counts_only, entries):
    line = AmountLine(NASTY, (AmountCell(Decimal("1234.50"), entries, HREF, f"verified, {NASTY}"),))
    said = _same(dashboards.cells_of(line, counts_only=counts_only))
    expected = drawn(
        '<td class="govuk-table__cell govuk-table__cell--numeric">{% if not cell.entries %}0{% elif counts_only %}'
        "{% figure_link cell.entries|quantity cell.href cell.meaning %}{% else %}"
        "{% figure_link cell.pounds|pounds cell.href cell.meaning %} "
        '<span class="sv-figure__quantity">{{ cell.entries }} entr{{ cell.entries|pluralize:"y,ies" }}</span>'
        "{% endif %}</td>",
        cell=line.cells[0],
        counts_only=counts_only,
    )
    assert said == expected


def row(counts_only=False, **changed):
    view = MeasureView(
        **{"label": NASTY, "theme": "Theme & more", "unit": "£", "cells": (), **changed}
    )
    return dashboards.rows_of([view], counts_only=counts_only)


@pytest.mark.parametrize("counts_only", [False, True])
def test_a_quantity_opens_to_its_rows_as_the_component_draws_it(counts_only):
    cell = QuantityCell(Decimal("1234.500"), Decimal("9.10"), 3, HREF)
    said = _same(row(counts_only, cells=(cell,)))
    values = {"cell": cell, "label": NASTY, "counts_only": counts_only}
    link = drawn("{% figure_link cell.quantity|quantity cell.href label %}", **values)
    if not counts_only:
        # What it is worth opens to the same rows, so it stands in the same link.
        worth = (
            ' <span class="sv-figure__quantity">£9.10</span><span class="govuk-visually-hidden">'
        )
        link = link.replace('<span class="govuk-visually-hidden">', worth)
    assert _same(link) in said
    assert said.count("<a ") == 1
    assert drawn("{% counted '£' %}", **values) in said
    assert ("£9.10" in said) is not counts_only


def test_what_a_row_says_where_there_is_less_to_say():
    cells = (
        QuantityCell(None, None, 2, HREF),
        QuantityCell(None, None, 0, HREF, "Target in each contract"),
    )
    said = row(cells=cells, note="Counts also A & B", href="/x/?a=1&b=2")
    assert "2 reported" in said
    assert "Counted, not valued" in said
    assert "Target in each contract" in said
    assert "Counts also A &amp; B" in said
    assert f'<a class="govuk-link" href="/x/?a=1&amp;b=2">{escape(NASTY)}</a>' in said


def test_what_people_wrote_is_never_markup():
    cell = QuantityCell(Decimal(1), Decimal(1), 1, HREF)
    assert "<b>" not in row(cells=(cell,), theme=NASTY, unit=NASTY, note=NASTY)
