"""Whether similar procurements together cross a line that each alone does not (aggregation). Pure.

Two procurements of one authority are similar when their CPV codes share the first three digits. Where one of the two
has no CPV code, they are similar when they are of the same category and their titles share at least two words that
say something. Compared are the estimates of those that commenced in the twelve months up to the commencement of the
one in question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.policies.rules import BASIS_WORDS, Band, Estimate, RouteResult
from procurement.policies.vocabulary import VatBasis
from socialvalue.core.money import pounds
from socialvalue.core.periods import add_months

CPV_DIGITS = 3
SHARED_WORDS = 2
MONTHS = 12
RULE = (
    "Similar means: the first three digits of the CPV code are the same; or, where one has no CPV code, the category "
    "is the same and the titles share at least two telling words. Counted are the estimates of those that commenced "
    "in the twelve months before."
)
_WORD = re.compile(r"[a-z]{4,}")
_EMPTY_WORDS = frozenset(
    _WORD.findall(
        "about agreement also award borough call city contract contractor contracts council county delivery district "
        "framework from goods into invitation lots metropolitan minor other over phase procurement programme project "
        "provision purchase quotation request service services supplier suppliers supplies supply support tender that "
        "their this through under various with within work works year years"
    )
)
"""Words that every second title has."""


def telling_words(title: str) -> frozenset[str]:
    """The words of a title that say what is bought, without plurals."""
    found = _WORD.findall(title.casefold())
    return frozenset(word.removesuffix("s") for word in found if word not in _EMPTY_WORDS)


@dataclass(frozen=True, slots=True)
class Purchase:
    """What is compared of one procurement."""

    id: int | None
    reference: str
    title: str
    category: str
    cpv: str
    commenced_on: date
    estimate: Estimate


def is_similar(one: Purchase, other: Purchase) -> bool:
    """By the rule of this file, whatever the days."""
    if one.cpv and other.cpv:
        return one.cpv[:CPV_DIGITS] == other.cpv[:CPV_DIGITS]
    if one.category != other.category:
        return False
    return len(telling_words(one.title) & telling_words(other.title)) >= SHARED_WORDS


def first_day(commenced_on: date) -> date:
    """The first day of the twelve months, counted in."""
    return add_months(commenced_on, -MONTHS)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the policy or of the law, on the VAT basis on which it is compared."""

    name: str
    amount: Decimal
    basis: str

    @property
    def words(self) -> str:
        return f"{self.name} of {pounds(self.amount)} {BASIS_WORDS[VatBasis(self.basis)]}"


def lines_of(result: RouteResult) -> list[Line]:
    """The lines that a route rests on: the amounts of the policy's table, and the statutory threshold."""
    policy = result.policy
    found = [
        Line("the policy’s line", band.lower, policy.vat_basis)
        for band in policy.bands
        if _has_amount(band) and band.lower is not None
    ]
    threshold = result.threshold
    return [*found, Line("the statutory threshold", threshold.amount, threshold.vat_basis)]


def _has_amount(band: Band) -> bool:
    return not band.lower_is_threshold and band.lower is not None and band.lower > 0


@dataclass(frozen=True, slots=True)
class Crossing:
    """A line that the purchases cross together and the one in question alone does not."""

    line: Line
    total: Decimal

    @property
    def sentence(self) -> str:
        basis = BASIS_WORDS[VatBasis(self.line.basis)]
        return (
            f"Together they come to {pounds(self.total)} {basis}, which reaches {self.line.words}. "
            "This one alone does not."
        )


@dataclass(frozen=True, slots=True)
class Together:
    """The warning: which ones, and which lines they cross with this one."""

    others: tuple[Purchase, ...]
    crossings: tuple[Crossing, ...]
    rule: str = RULE


def crossed_together(
    own: Purchase, candidates: Iterable[Purchase], lines: Sequence[Line]
) -> Together | None:
    """The similar ones of the twelve months that cross a line with this one; None when they cross none.

    A line is reached at its amount exactly. One that alone reaches it crosses nothing together with others.
    """
    start = first_day(own.commenced_on)
    others = tuple(
        other
        for other in candidates
        if start <= other.commenced_on <= own.commenced_on
        and (own.id is None or other.id != own.id)
        and is_similar(own, other)
    )
    crossings = []
    for line in lines:
        alone = own.estimate.on(line.basis)
        total = alone + sum((other.estimate.on(line.basis) for other in others), Decimal(0))
        if alone < line.amount <= total:
            crossings.append(Crossing(line, total))
    return Together(others, tuple(crossings)) if crossings else None
