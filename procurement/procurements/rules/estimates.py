"""What an estimate is made up of, and how parts and lots add up to it. Pure; pounds on the estimate's VAT basis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from procurement.policies.rules import CATEGORY_WORDS, Estimate, main_category
from procurement.policies.vocabulary import Category, VatBasis
from socialvalue.core.errors import RuleBroken
from socialvalue.core.money import pounds, round_pounds

ZERO = Decimal(0)
MAX_LOTS = 100
MAX_LOT_TITLE = 200


def out_by(found: Decimal, wanted: Decimal) -> str:
    """``£500 less than`` or ``£500 more than``; empty when the two are the same."""
    if found == wanted:
        return ""
    return f"{pounds(abs(wanted - found))} {'less' if found < wanted else 'more'} than"


def made_up_of(
    estimate: Decimal,
    initial: Decimal | None,
    extensions: Decimal | None,
    options: Decimal | None,
) -> tuple[Decimal, Decimal, Decimal] | None:
    """Initial term, extensions and options to the penny, or None when none is given. RuleBroken unless they add up.

    Extensions and options that are left empty are £0 once the initial term is given.
    """
    if initial is None and extensions is None and options is None:
        return None
    if initial is None:
        raise RuleBroken("Enter the value of the initial term as well.", field="estimate_initial")
    parts = (initial, extensions or ZERO, options or ZERO)
    names = ("estimate_initial", "estimate_extensions", "estimate_options")
    for name, amount in zip(names, parts, strict=True):
        if not amount.is_finite() or amount < 0:
            raise RuleBroken("The amount must be £0 or more.", field=name)
    first, second, third = (round_pounds(amount) for amount in parts)
    total = first + second + third
    if wrong := out_by(total, round_pounds(estimate)):
        raise RuleBroken(
            f"Initial term, extensions and options add up to {pounds(total)}. That is {wrong} the estimate of "
            f"{pounds(estimate)}.",
            field="estimate_initial",
        )
    return first, second, third


def parts_of(estimate: Decimal, parts: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The parts of a mixed contract to the penny, by category. Empty: not mixed. RuleBroken unless they add up."""
    kept = {category: round_pounds(amount) for category, amount in parts.items() if amount}
    if not kept:
        return {}
    if len(kept) == 1:
        raise RuleBroken(
            "A mixed contract has at least two parts. Enter a second amount, or clear the first.",
            field="parts",
        )
    main_category(kept)
    total = sum(kept.values(), ZERO)
    if wrong := out_by(total, round_pounds(estimate)):
        raise RuleBroken(
            f"The parts add up to {pounds(total)}. That is {wrong} the estimate of {pounds(estimate)}.",
            field="parts",
        )
    return dict(sorted(kept.items()))


def parts_text(parts: Mapping[str, Decimal]) -> str:
    """``services £60,000, works £40,000``; empty when it is not mixed."""
    return ", ".join(
        f"{CATEGORY_WORDS[Category(category)]} {pounds(amount)}"
        for category, amount in sorted(parts.items())
    )


def in_proportion(amount: Decimal, basis: str, estimate: Estimate) -> Decimal | None:
    """``amount`` on the other VAT basis, in the proportion of a mixed estimate. None: one rate turns it.

    A lot or an award of a procurement with several VAT rates has no second figure of its own.
    """
    if estimate.other is None:
        return None
    if basis == VatBasis.EXCL:
        return round_pounds(amount * estimate.gross / estimate.net)
    return round_pounds(amount * estimate.net / estimate.gross)


@dataclass(frozen=True, slots=True)
class LotInput:
    """One lot as typed: what, and how much of the estimate."""

    title: str
    estimate: Decimal


def clean_lots(estimate: Decimal, lots: Sequence[LotInput]) -> list[LotInput]:
    """The lots as they are kept; none: not divided. RuleBroken unless there are two or more that add up."""
    if len(lots) == 1:
        raise RuleBroken("Enter at least two lots, or remove the one to leave it undivided.")
    if len(lots) > MAX_LOTS:
        raise RuleBroken(f"Divide it into at most {MAX_LOTS} lots.")
    kept = []
    for number, lot in enumerate(lots, start=1):
        title = " ".join(lot.title.split())
        if not title:
            raise RuleBroken(f"Enter a title for lot {number}.")
        if len(title) > MAX_LOT_TITLE:
            raise RuleBroken(
                f"The title of lot {number} must be {MAX_LOT_TITLE} characters or fewer."
            )
        if not lot.estimate.is_finite() or round_pounds(lot.estimate) <= 0:
            raise RuleBroken(f"The value of lot {number} must be more than £0.")
        kept.append(LotInput(title, round_pounds(lot.estimate)))
    if wrong := lots_out_by(estimate, [lot.estimate for lot in kept]):
        raise RuleBroken(wrong)
    return kept


def lots_out_by(estimate: Decimal, amounts: Sequence[Decimal]) -> str:
    """What is wrong with the sum of the lots, as a sentence; empty when they add up or there are none."""
    total = sum(amounts, ZERO)
    wrong = out_by(total, round_pounds(estimate)) if amounts else ""
    if not wrong:
        return ""
    return (
        f"The lots add up to {pounds(total)}. That is {wrong} the estimate of {pounds(estimate)}."
    )
