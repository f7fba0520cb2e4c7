"""Social value for each pound of contract value: the one figure by which authorities are compared. No ranks. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from procurement.policies.rules.estimates import Estimate
from socialvalue.accounts.rules import FEWEST_COMPARED
from socialvalue.core.money import from_pence, round_pounds

MEANING = (
    "What suppliers promised in the contracts that run in the period, and what of it has been verified so far, "
    "divided by what these contracts cost."
)
COMPUTATION = (
    "For the signed contracts that run on at least one day of the period: what all their commitments are worth as they "
    "stand now, and all their verified entries, each divided by the sum of the contract values without VAT. Both are "
    "of the whole contract, not only of the period. Where a value includes VAT, 20% is taken off. On a past date "
    "contracts, commitments and entries are those of then."
)
SOURCE = "Contracts, and ledger entries through the roll-up cells"
LABEL = "Social value for each pound of contract value"
UNIT = "pounds for each pound"
VISIBLE_TO = (
    "Analysts of a region, for the authorities that agree to be compared, once three do; an authority that agrees, for "
    "itself, with the median and the range of all"
)


@dataclass(frozen=True, slots=True)
class RunningContract:
    """What a contract that runs in the period costs and brings, as a whole."""

    authority_id: int
    value: Decimal
    value_basis: str
    committed_pence: int
    verified_pence: int

    @property
    def cost(self) -> Decimal:
        """Pounds without VAT."""
        return Estimate(self.value, self.value_basis).net


@dataclass(frozen=True, slots=True)
class PerPound:
    """An authority's running contracts together."""

    authority_id: int
    contracts: int
    cost: Decimal
    committed_pence: int
    verified_pence: int

    @property
    def committed(self) -> Decimal | None:
        """£ of social value promised for each pound of contract value; None where the contracts cost nothing."""
        return self._each(self.committed_pence)

    @property
    def verified(self) -> Decimal | None:
        """£ of social value verified for each pound of contract value."""
        return self._each(self.verified_pence)

    def _each(self, pence: int) -> Decimal | None:
        return round_pounds(from_pence(pence) / self.cost) if self.cost else None


def per_pound(authority_id: int, contracts: Iterable[RunningContract]) -> PerPound:
    """Of one authority's contracts; those of others are left out."""
    rows = [row for row in contracts if row.authority_id == authority_id]
    return PerPound(
        authority_id,
        len(rows),
        sum((row.cost for row in rows), Decimal(0)),
        sum(row.committed_pence for row in rows),
        sum(row.verified_pence for row in rows),
    )


@dataclass(frozen=True, slots=True)
class Spread:
    """Where several authorities lie, without saying which lies where."""

    how_many: int
    middle: Decimal
    lowest: Decimal
    highest: Decimal


def spread(values: Sequence[Decimal | None]) -> Spread | None:
    """Median and range of the values there are; None of fewer than three, which would tell them apart."""
    known = [value for value in values if value is not None]
    if len(known) < FEWEST_COMPARED:
        return None
    return Spread(len(known), round_pounds(median(known)), min(known), max(known))
