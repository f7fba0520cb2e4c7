"""What a procurement is expected to cost, with and without VAT. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from procurement.policies.vocabulary import VatBasis
from socialvalue.core.errors import RuleBroken
from socialvalue.core.money import MAX_POUNDS, pounds, round_pounds

ASSUMED_VAT_PERCENT = Decimal(20)
"""Used when the VAT rate is not known."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Whole-life value in pounds. ``vat_rate_percent`` None: not known, so 20 is used; 0: exempt."""

    amount: Decimal
    basis: str
    vat_rate_percent: Decimal | None = None

    @property
    def rate(self) -> Decimal:
        return ASSUMED_VAT_PERCENT if self.vat_rate_percent is None else self.vat_rate_percent

    @property
    def net(self) -> Decimal:
        """Excluding VAT, to the penny."""
        if self.basis == VatBasis.EXCL:
            return round_pounds(self.amount)
        return round_pounds(self.amount * 100 / (100 + self.rate))

    @property
    def gross(self) -> Decimal:
        """Including VAT, to the penny."""
        if self.basis == VatBasis.INCL:
            return round_pounds(self.amount)
        return round_pounds(self.amount * (100 + self.rate) / 100)

    def on(self, basis: str) -> Decimal:
        return self.net if basis == VatBasis.EXCL else self.gross


def check_estimate(estimate: Estimate) -> None:
    """RuleBroken unless the estimate can be routed: more than nothing, not absurd, a VAT rate of 0 to 100."""
    if not estimate.amount.is_finite() or estimate.amount <= 0:
        raise RuleBroken("The estimate must be more than £0.", field="estimate")
    if estimate.amount > MAX_POUNDS:
        raise RuleBroken(f"The estimate must be {pounds(MAX_POUNDS)} or less.", field="estimate")
    if estimate.basis not in VatBasis.values:
        raise RuleBroken("Say whether the estimate includes VAT.", field="estimate_basis")
    rate = estimate.vat_rate_percent
    if rate is not None and not (rate.is_finite() and 0 <= rate <= 100):
        raise RuleBroken("The VAT rate must be from 0% to 100%.", field="vat_rate_percent")
