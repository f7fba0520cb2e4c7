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
    """Whole-life value in pounds, extensions and options included.

    ``vat_rate_percent`` None: not known, so 20 is used; 0: exempt. ``other`` is the amount on the other VAT basis, for
    an estimate with several rates, where no one rate turns one figure into the other.

    A net figure survives the way over its gross figure to the penny. A gross figure over its net figure may move by a
    penny: two gross pennies can share one net penny.
    """

    amount: Decimal
    basis: str
    vat_rate_percent: Decimal | None = None
    other: Decimal | None = None

    @property
    def vat_kind(self) -> str:
        """``known``, ``unknown``, ``exempt`` or ``mixed``."""
        if self.other is not None:
            return "mixed"
        if self.vat_rate_percent is None:
            return "unknown"
        return "known" if self.vat_rate_percent else "exempt"

    @property
    def rate(self) -> Decimal:
        """In per cent. Of several rates: what they come to over the whole, to two places."""
        if self.other is not None:
            return round_pounds((self.gross - self.net) * 100 / self.net)
        return ASSUMED_VAT_PERCENT if self.vat_rate_percent is None else self.vat_rate_percent

    @property
    def net(self) -> Decimal:
        """Excluding VAT, to the penny."""
        if self.basis == VatBasis.EXCL:
            return round_pounds(self.amount)
        if self.other is not None:
            return round_pounds(self.other)
        return round_pounds(self.amount * 100 / (100 + self.rate))

    @property
    def gross(self) -> Decimal:
        """Including VAT, to the penny."""
        if self.basis == VatBasis.INCL:
            return round_pounds(self.amount)
        if self.other is not None:
            return round_pounds(self.other)
        return round_pounds(self.amount * (100 + self.rate) / 100)

    def on(self, basis: str) -> Decimal:
        return self.net if basis == VatBasis.EXCL else self.gross


def check_estimate(estimate: Estimate) -> None:
    """RuleBroken unless the estimate can be routed: more than nothing, not absurd, a VAT rate of 0 to 100."""
    _check_amount(estimate.amount, "The estimate", "estimate")
    if estimate.basis not in VatBasis.values:
        raise RuleBroken("Say whether the estimate includes VAT.", field="estimate_basis")
    rate = estimate.vat_rate_percent
    if rate is not None and not (rate.is_finite() and 0 <= rate <= 100):
        raise RuleBroken("The VAT rate must be from 0% to 100%.", field="vat_rate_percent")
    if estimate.other is not None:
        _check_mixed(estimate, estimate.other)


def _check_mixed(estimate: Estimate, other: Decimal) -> None:
    if estimate.vat_rate_percent is not None:
        raise RuleBroken(
            "Give either one VAT rate or both figures, not both.", field="vat_rate_percent"
        )
    _check_amount(other, "The other figure", "estimate_other")
    if not estimate.net <= estimate.gross <= 2 * estimate.net:
        raise RuleBroken(
            "The figure including VAT must be at least the figure excluding VAT, and not more than twice as much.",
            field="estimate_other",
        )


def _check_amount(amount: Decimal, what: str, field: str) -> None:
    if not amount.is_finite() or round_pounds(min(amount, MAX_POUNDS)) <= 0:
        raise RuleBroken(f"{what} must be more than £0.", field=field)
    if amount > MAX_POUNDS:
        raise RuleBroken(f"{what} must be {pounds(MAX_POUNDS)} or less.", field=field)
