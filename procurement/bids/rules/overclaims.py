"""Promises that are hard to believe: what makes them so, in a sentence. They explain and never block. Pure.

The yardstick is the money: a price pays for so many years of full-time work at the Real Living Wage, with nothing left
for materials, buildings or profit. A year of full-time work is 35 hours a week for 52 weeks.

Bounds that are our own judgement, chosen so that ordinary bids stay quiet (tests/procurement/bids/test_overclaims.py):
40 staff hours and 400 hours of training for each year of work the price pays for, one tonne of CO2e for each £1,000,
and nine tenths of the social value from one measure other than local employment and money spent, which often are most.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations

from procurement.bids.vocabulary import OverclaimKind
from socialvalue.core.money import from_pence, pounds, quantity_text

HOURS_A_YEAR = Decimal(35 * 52)
WEEKS_A_YEAR = Decimal(52)
STAFF_HOURS_A_HEAD = Decimal(40)
TRAINING_HOURS_A_HEAD = Decimal(400)
POUNDS_A_TONNE = Decimal(1000)
DOMINATING = Decimal("0.9")
FEWEST_LINES, FEWEST_VALUED = 3, 2
SHORTEST_TEXT = 80
MONEY = ("£",)
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class PromisedLine:
    """One offered line. ``parts``: of its unit, as the measure set has them; ``value_pence`` 0 when not valued."""

    label: str
    parts: tuple[str, ...]
    quantity: Decimal
    value_pence: int = 0
    is_local_employment: bool = False

    @property
    def is_valued(self) -> bool:
        return self.value_pence > 0


@dataclass(frozen=True, slots=True)
class Overclaim:
    """What is hard to believe, in a sentence that says what to look at."""

    kind: OverclaimKind
    sentence: str


def overclaims(
    lines: Sequence[PromisedLine], *, price: Decimal | None, living_wage: Decimal
) -> list[Overclaim]:
    """Everything that is hard to believe about an offer. ``price`` whole life, ``living_wage`` an hour, in pounds.

    Without a price nothing can be held against it; only one measure dominating is seen.
    """
    found: list[Overclaim] = []
    if price is not None and price > 0:
        heads = price / (living_wage * HOURS_A_YEAR)
        found += _value_over_price(lines, price)
        found += _more_work_than_money(lines, price, heads, living_wage)
        found += _hours_a_head(lines, heads)
        found += _spend_over_price(lines, price)
        found += _carbon(lines, price)
    return found + _dominating(lines)


def _value_over_price(lines: Sequence[PromisedLine], price: Decimal) -> list[Overclaim]:
    value = from_pence(sum(row.value_pence for row in lines))
    if value <= price:
        return []
    return [
        Overclaim(
            OverclaimKind.VALUE_OVER_PRICE,
            f"The social value comes to {pounds(value)}, more than the price of {pounds(price)}. "
            "Check the quantities and their units.",
        )
    ]


def _more_work_than_money(
    lines: Sequence[PromisedLine], price: Decimal, heads: Decimal, living_wage: Decimal
) -> list[Overclaim]:
    # One person may count as local and as a member of a group: the larger of the two, not both.
    local = sum((_work_years(row) for row in lines if row.is_local_employment), ZERO)
    others = sum((_work_years(row) for row in lines if not row.is_local_employment), ZERO)
    years = max(local, others)
    if years <= heads:
        return []
    return [
        Overclaim(
            OverclaimKind.WORK_OVER_PRICE,
            f"{_shown(years)} years of full-time work are promised. At the Real Living Wage of {pounds(living_wage)} "
            f"an hour the whole price of {pounds(price)} pays for {_shown(heads)}. "
            "Check that years are counted, not hours.",
        )
    ]


def _work_years(row: PromisedLine) -> Decimal:
    """Paid work in years: FTE-years as they are, weeks of valued jobs and placements as a share of the year."""
    if "FTE" in row.parts:
        return row.quantity
    if "weeks" in row.parts and row.is_valued:
        return row.quantity / WEEKS_A_YEAR
    return ZERO


def _hours_a_head(lines: Sequence[PromisedLine], heads: Decimal) -> list[Overclaim]:
    found = []
    bounds = (
        ("staff hours", "staff hours", STAFF_HOURS_A_HEAD, "given by staff"),
        ("hours", "hours of training or activity", TRAINING_HOURS_A_HEAD, "promised"),
    )
    for part, noun, most, verb in bounds:
        hours = sum((row.quantity for row in lines if part in row.parts), ZERO)
        if hours > heads * most:
            found.append(
                Overclaim(
                    OverclaimKind.HOURS_PER_HEAD,
                    f"{quantity_text(hours)} {noun} are {verb}: {_shown(hours / heads)} for every year of full-time "
                    f"work that the price pays for. More than {quantity_text(most)} is rare.",
                )
            )
    return found


def _spend_over_price(lines: Sequence[PromisedLine], price: Decimal) -> list[Overclaim]:
    spend = sum((row.quantity for row in lines if row.parts == MONEY), ZERO)
    if spend <= price:
        return []
    return [
        Overclaim(
            OverclaimKind.SPEND_OVER_PRICE,
            f"{pounds(spend)} of spending and giving is promised out of a price of {pounds(price)}. "
            "Count only what this contract pays for.",
        )
    ]


def _carbon(lines: Sequence[PromisedLine], price: Decimal) -> list[Overclaim]:
    tonnes = sum((row.quantity for row in lines if "tCO2e" in row.parts), ZERO)
    if tonnes <= price / POUNDS_A_TONNE:
        return []
    return [
        Overclaim(
            OverclaimKind.CARBON,
            f"{quantity_text(tonnes)} tCO2e are to be saved: more than one tonne for every {pounds(POUNDS_A_TONNE)} of "
            "the price. Check that tonnes are counted, not kilograms.",
        )
    ]


def _dominating(lines: Sequence[PromisedLine]) -> list[Overclaim]:
    valued = [row for row in lines if row.is_valued]
    total = sum(row.value_pence for row in valued)
    if len(lines) < FEWEST_LINES or len(valued) < FEWEST_VALUED:
        return []
    return [
        Overclaim(
            OverclaimKind.DOMINATING,
            f"{row.label} makes {_shown(Decimal(row.value_pence) * 100 / total)}% of the social value. "
            "Check its quantity and its unit.",
        )
        for row in valued
        if not row.is_local_employment
        and row.parts != MONEY
        and row.value_pence > total * DOMINATING
    ]


def double_counted(pairs: Sequence[tuple[str, str]]) -> list[Overclaim]:
    """Labels of two measures that are both offered and may count one deed twice."""
    return [
        Overclaim(
            OverclaimKind.DOUBLE_COUNTING,
            f"{one} and {other} may count the same thing. Count each person, hour or pound under one of them only.",
        )
        for one, other in pairs
    ]


def same_texts(texts: Mapping[int, Sequence[str]]) -> list[tuple[int, int]]:
    """Pairs of bids that say the same somewhere, word for word; short texts say little and are left out."""
    said = {
        bid: {plain for text in written if len(plain := _plain(text)) >= SHORTEST_TEXT}
        for bid, written in texts.items()
    }
    counts = Counter(plain for written in said.values() for plain in written)
    shared = {plain for plain, many in counts.items() if many > 1}
    return [
        (one, other)
        for one, other in combinations(sorted(said), 2)
        if said[one] & said[other] & shared
    ]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _shown(number: Decimal) -> str:
    return quantity_text(number.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))
