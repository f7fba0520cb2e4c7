"""The lines of law, as everyone may read them."""

from __future__ import annotations

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


def threshold_histories() -> list[ThresholdHistory]:
    """What held for councils, category by category."""
    rows = [threshold_row(row) for row in Threshold.objects.order_by("-effective_from", "-pk")]
    labels = {
        Category.SERVICES: "Goods and services",
        Category.WORKS: "Works",
        Category.LIGHT_TOUCH: "Light-touch services",
        Category.CONCESSION: "Concessions",
    }
    return [
        ThresholdHistory(category, label, _lines(rows, category))
        for category, label in labels.items()
    ]


def _lines(rows: list[ThresholdRow], category: Category) -> list[ThresholdLine]:
    key = rules.CATEGORY_KEYS[category]
    lines = []
    for row in rows:
        if row.category != key or row.authority_type not in (AuthorityType.SUB_CENTRAL, "any"):
            continue
        ends = row.effective_to
        if row.regime != rules.NEW_REGIME:
            last_old = rules.PROCUREMENT_ACT_STARTS - timedelta(days=1)
            ends = last_old if ends is None else min(ends, last_old)
        if ends is None or ends >= row.effective_from:
            lines.append(ThresholdLine(row, row.effective_from, ends))
    return lines
