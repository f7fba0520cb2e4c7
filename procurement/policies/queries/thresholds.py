"""The lines of law, as everyone may read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Q

from procurement.policies import rules
from procurement.policies.models import Threshold
from procurement.policies.rules import (
    ThresholdHistory,
    ThresholdLine,
    ThresholdRow,
)
from procurement.policies.vocabulary import AuthorityType, Category
from socialvalue.core.errors import RuleBroken


def open_on(day: date, field: str) -> Q:
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": day})


def threshold_row(row: Threshold) -> ThresholdRow:
    return ThresholdRow(
        row.pk, row.regime, row.category, row.authority_type, row.vat_basis, row.amount,
        row.effective_from, row.effective_to, row.source, row.certainty,
    )  # fmt: skip


def thresholds_on(day: date) -> list[ThresholdRow]:
    """Every row that holds on this day, of every regime."""
    rows = Threshold.objects.filter(effective_from__lte=day).filter(open_on(day, "effective_to"))
    return [threshold_row(row) for row in rows]


def threshold_rows() -> list[ThresholdRow]:
    """Every row of the table, of every day and regime; one query."""
    return [threshold_row(row) for row in Threshold.objects.order_by("effective_from", "pk")]


def council_thresholds_on(day: date) -> list[ThresholdRow]:
    """The lines that hold for a council on this day, one a category where the table has one."""
    rows = thresholds_on(day)
    found = []
    for category in (Category.SERVICES, Category.WORKS, Category.LIGHT_TOUCH, Category.CONCESSION):
        try:
            found.append(rules.threshold_for(rows, category=category, commenced_on=day))
        except RuleBroken:
            continue
    return found


LABELS = {
    Category.SERVICES: "Goods and services",
    Category.WORKS: "Works",
    Category.LIGHT_TOUCH: "Light-touch services",
    Category.CONCESSION: "Concessions",
}


def threshold_histories() -> list[ThresholdHistory]:
    """What held for councils, category by category."""
    rows = _newest_first()
    types = (AuthorityType.SUB_CENTRAL, rules.ANY)
    return [
        ThresholdHistory(category, label, _lines(rows, category, types))
        for category, label in LABELS.items()
    ]


def utility_histories() -> list[ThresholdHistory]:
    """What held for councils that bought for a utility activity, where the law has a line of its own for that."""
    rows = _newest_first()
    return [
        ThresholdHistory(
            category, f"{label} bought for a utility", _lines(rows, category, rules.UTILITY_TYPES)
        )
        for category, label in LABELS.items()
        if rules.CATEGORY_KEYS[category] in rules.LINES_OF_UTILITIES
    ]


def other_lines() -> list[ThresholdRow]:
    """Every other row of the table: duties that begin at an amount, and the lines of central government."""
    order = {category: position for position, category in enumerate(rules.OTHER_LINES)}
    shown = {
        line.row.id
        for history in threshold_histories() + utility_histories()
        for line in history.lines
    }
    rows = [row for row in _newest_first() if row.id not in shown]
    return sorted(rows, key=lambda row: order.get(row.category, len(order)))


def _newest_first() -> list[ThresholdRow]:
    return [threshold_row(row) for row in Threshold.objects.order_by("-effective_from", "-pk")]


def _lines(
    rows: list[ThresholdRow], category: Category, types: Sequence[str]
) -> list[ThresholdLine]:
    key = rules.CATEGORY_KEYS[category]
    lines = []
    for row in rows:
        if row.category != key or row.authority_type not in types:
            continue
        ends = row.effective_to
        if row.regime != rules.NEW_REGIME:
            last_old = rules.PROCUREMENT_ACT_STARTS - timedelta(days=1)
            ends = last_old if ends is None else min(ends, last_old)
        if ends is None or ends >= row.effective_from:
            lines.append(ThresholdLine(row, row.effective_from, ends))
    return lines
