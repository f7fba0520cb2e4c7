"""A version, a draft and a comparison in the words of their pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from procurement.policies.queries.comparing import Comparison
from procurement.policies.queries.drafts import Draft
from procurement.policies.rules import (
    ComparedLine,
    PolicyInForce,
    approval_words,
    edge_words,
    measures_words,
)
from procurement.policies.vocabulary import ShareOf, VatBasis
from socialvalue.core.money import quantity_text
from socialvalue.core.periods import uk_date
from socialvalue.core.tables import Column, Table, Value


@dataclass(frozen=True, slots=True)
class Task:
    """One thing about a draft: what it says now and whether it is enough. ``name`` is that of its page."""

    name: str
    title: str
    hint: str
    status: str


def draft_tasks(draft: Draft) -> list[Task]:
    """In the order they are worked through."""
    lacks = {lack.task for lack in draft.lacks}
    return [
        Task(
            name,
            title,
            hint,
            "incomplete" if name in lacks else ("completed" if is_said else "optional"),
        )
        for name, title, hint, is_said in _tasks(draft)
    ]


def _tasks(draft: Draft) -> list[tuple[str, str, str, bool]]:
    low, high = (
        quantity_text(n) for n in (draft.weighting_min_percent, draft.weighting_max_percent)
    )
    share = ShareOf(draft.share_of).label.lower()
    lines = draft.toolkit.splitlines()
    return [
        ("dates", "Dates and source", f"From {uk_date(draft.valid_from)}", True),
        *_band_tasks(draft),
        ("weighting", "Weighting", f"{low}% to {high}% of {share}", True),
        ("toolkit", "Light-touch toolkit", _many(len(lines), "line"), bool(lines)),
        (
            "measure_rules",
            "Rules on measures",
            _many(len(draft.measure_rules), "rule"),
            bool(draft.measure_rules),
        ),
        (
            "approvals",
            "Approvals before publication",
            _many(len(draft.approvals), "approval"),
            bool(draft.approvals),
        ),
    ]


def _band_tasks(draft: Draft) -> list[tuple[str, str, str, bool]]:
    rows = []
    if draft.can_follow:
        own = "Bands of our own"
        whose = f"By reference: {draft.follows_title}" if draft.follows_title else own
        rows.append(("whose_bands", "Whose bands apply", whose, True))
    if not draft.follows_title:
        basis = str(VatBasis(draft.vat_basis).label)
        rows.append(("amounts", "VAT in the amounts", basis, True))
        rows.append(("bands", "Bands", _many(len(draft.bands), "band"), bool(draft.bands)))
    return rows


def _many(number: int, noun: str) -> str:
    return f"{number or 'No'} {noun}{'' if number == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class BandWords:
    """A band as a table shows it."""

    name: str
    lower: str
    upper: str
    route: str
    paragraph: str
    guidance: str


def band_words(policy: Draft | PolicyInForce) -> list[BandWords]:
    found = []
    for band in policy.bands:
        lower, upper = edge_words(band)
        found.append(
            BandWords(band.name, lower, _capital(upper), band.route, band.paragraph, band.guidance)
        )
    return found


@dataclass(frozen=True, slots=True)
class RuleWords:
    """A rule as a sentence, with the paragraph it rests on."""

    text: str
    paragraph: str


def measure_rule_words(policy: Draft | PolicyInForce, themes: Mapping[str, str]) -> list[RuleWords]:
    """Caps and must-haves. ``themes``: slug to name."""
    return [
        RuleWords(_capital(measures_words(rule, themes)), rule.paragraph)
        for rule in policy.measure_rules
    ]


def approval_rule_words(policy: Draft | PolicyInForce) -> list[RuleWords]:
    """Who has to say yes before publication."""
    return [
        RuleWords(approval_words(rule, policy.vat_basis), rule.paragraph)
        for rule in policy.approvals
    ]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


@dataclass(frozen=True, slots=True)
class ComparedGroup:
    title: str
    lines: list[ComparedLine]


def compared_groups(found: Comparison) -> list[ComparedGroup]:
    """The lines under their headings, in their order."""
    order = list(dict.fromkeys(line.group for line in found.lines))
    lines = sorted(found.lines, key=lambda line: order.index(line.group))
    return [
        ComparedGroup(title, list(rows))
        for title, rows in groupby(lines, key=lambda line: line.group)
    ]


def comparison_table(found: Comparison) -> Table:
    """Every line with its verdict, for CSV."""
    left, right = (side.label if side else "" for side in (found.left, found.right))
    columns = [
        Column("Part"), Column("What"), Column(f"Left: {left}", width=60),
        Column(f"Right: {right}", width=60), Column("Verdict"),
    ]  # fmt: skip
    rows: list[tuple[Value, ...]] = [
        (line.group, line.what, line.left, line.right, line.verdict) for line in found.lines
    ]
    return Table(f"{left} and {right}", columns, rows)
