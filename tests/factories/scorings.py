"""Bids and scorings as plain values, for the tests of the rules."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from procurement.evaluations import rules

D = Decimal
QUESTIONS = (
    rules.AskedQuestion(1, "Question 1", D(60)),
    rules.AskedQuestion(2, "Question 2", D(40)),
)
ONE, OTHER = 71, 72
"""Two measures."""


def scoring(**more) -> rules.Scoring:
    """20% of the award, half of it by quantities, two questions of 60% and 40%."""
    facts = {
        "is_pass_fail": False,
        "weighting_percent": D(20),
        "quantitative_percent": D(50),
        "requirements": (),
        "questions": QUESTIONS,
    }
    return rules.Scoring(**{**facts, **more})


def marks(**given: int | None) -> dict[int, rules.Verdict]:
    """``marks(q1=4, q2=None)``: 4 of 5, and not applicable."""
    return {
        int(name[1:]): rules.Verdict(not_applicable=True) if mark is None else rules.Verdict(mark)
        for name, mark in given.items()
    }


def line(requirement: int, quantity: str | Decimal, pence: int = 0, **more) -> rules.ScoredLine:
    return rules.ScoredLine(requirement, D(quantity), pence, **more)


def bid(
    number: int,
    pence: int = 0,
    verdicts: Mapping[int, rules.Verdict] | None = None,
    *lines: rules.ScoredLine,
    price: int | None = None,
) -> rules.ScoredBid:
    """One optional line worth ``pence``, unless lines are given."""
    return rules.ScoredBid(number, lines or (line(99, "1", pence),), verdicts or {}, price)


def by_bid(scores):
    return {score.bid_id: score for score in scores}


def totals(scores):
    return {score.bid_id: score.total for score in scores}


def places(scores):
    return {score.bid_id: score.rank for score in scores}
