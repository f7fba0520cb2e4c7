"""The route of a procurement: tables read here, the rule itself is pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.policies import rules
from procurement.policies.queries.thresholds import thresholds_on
from procurement.policies.queries.versions import policy_in_force
from procurement.policies.rules import (
    Estimate,
    RouteResult,
)
from procurement.policies.vocabulary import AuthorityType, VatBasis
from socialvalue.accounts import queries as accounts
from socialvalue.core.errors import RuleBroken
from socialvalue.core.money import parse_decimal


def decide(
    *,
    authority_id: int | None,
    category: str,
    amount: Decimal,
    basis: str,
    vat_rate_percent: Decimal | None,
    commenced_on: date,
    other_amount: Decimal | None = None,
    is_utilities: bool = False,
    parts: Mapping[str, Decimal] | None = None,
) -> RouteResult:
    """The route of such a procurement, with all it rests on. RuleBroken names the field to mend.

    The same for page, command, API and import: tables read here, the rule itself in ``rules.route_for``.
    ``other_amount``: the estimate on the other VAT basis, when several rates apply. ``is_utilities``: bought for a
    utility activity. ``parts``: what a mixed contract is made up of.
    """
    estimate = Estimate(amount, basis, vat_rate_percent, other_amount)
    kind = AuthorityType.UTILITY if is_utilities else AuthorityType.SUB_CENTRAL
    rules.check_estimate(estimate)
    rows = thresholds_on(commenced_on)
    # Asked first: a date outside the table of law is the plainer thing to mend.
    rules.threshold_for(rows, category=category, commenced_on=commenced_on, authority_type=kind)
    return rules.route_for(
        category=category,
        estimate=estimate,
        commenced_on=commenced_on,
        policy=policy_in_force(authority_id, commenced_on),
        thresholds=rows,
        authority_type=kind,
        parts=parts,
    )


@dataclass(frozen=True, slots=True)
class Question:
    """The facts of a procurement as somebody typed them, for the command and the API. Empty: not given."""

    authority: str = ""
    """The slug of a council or combined authority."""
    category: str = ""
    estimate: str = ""
    vat: str = "unknown"
    """``incl``, ``excl`` or ``unknown``."""
    vat_rate: str = ""
    other_estimate: str = ""
    """On the other VAT basis, when several rates apply."""
    commenced: str = ""
    utilities: bool = False


def answer(question: Question, *, named: str = "{}") -> RouteResult:
    """The route of what was typed. RuleBroken, or NotVisible for an authority nobody knows, with a sentence to mend.

    ``named``: how the boxes are called where it was typed, for example ``--{}``.
    """
    if not question.authority:
        raise RuleBroken(f"Name the authority with {named.format('authority')}, by its slug.")
    authority = accounts.organisation(question.authority)
    if not accounts.authorities().filter(pk=authority.pk).exists():
        raise RuleBroken(f"{question.authority} is not a council or combined authority.")
    if question.vat not in (*VatBasis.values, "unknown"):
        raise RuleBroken(f"{named.format('vat')} must be incl, excl or unknown.")
    rate, other = question.vat_rate, question.other_estimate
    return decide(
        authority_id=authority.pk,
        category=question.category,
        amount=_number(named.format("estimate"), question.estimate),
        # Nothing said about VAT: an estimate is made net, and the VAT on top may cross the line. The careful reading.
        basis=VatBasis.EXCL if question.vat == "unknown" else question.vat,
        vat_rate_percent=_number(_dashed(named, "vat_rate"), rate) if rate else None,
        commenced_on=_day(named.format("commenced"), question.commenced),
        other_amount=_number(_dashed(named, "other_estimate"), other) if other else None,
        is_utilities=question.utilities,
    )


def _dashed(named: str, name: str) -> str:
    """Options are written with a dash, parameters with a line."""
    return named.format(name.replace("_", "-") if named != "{}" else name)


def _number(name: str, text: str) -> Decimal:
    try:
        return parse_decimal(text)
    except ValueError as error:
        raise RuleBroken(f"{name} must be a number, like 75,000 or £75,000.50.") from error


def _day(name: str, text: str) -> date:
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError as error:
        raise RuleBroken(f"{name} must be a date, like 2026-03-27.") from error
