"""What an award must hold. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from socialvalue.core.errors import RuleBroken

LONGEST_YEARS = 50


@dataclass(frozen=True, slots=True)
class Terms:
    """What is decided with the bid. ``value`` is pounds on the basis chosen."""

    reason: str
    value: Decimal
    starts_on: date
    ends_on: date


def check_terms(terms: Terms) -> None:
    """RuleBroken with every fault at once: no reason, no value, dates the wrong way round."""
    faults: list[tuple[str | None, str]] = []
    if not terms.reason.strip():
        faults.append(("reason", "Enter the reason for the award, so that bidders can be told"))
    if terms.value <= 0:
        faults.append(("value", "Contract value must be more than 0"))
    if terms.ends_on < terms.starts_on:
        faults.append(("ends_on", "The end date must be on or after the start date"))
    elif terms.ends_on.year - terms.starts_on.year > LONGEST_YEARS:
        faults.append(("ends_on", f"The contract must be {LONGEST_YEARS} years or less"))
    if faults:
        field, message = faults[0]
        raise RuleBroken(message, field=field, more=faults[1:])


def stale_because(
    *, round_now: int | None, round_of_proposal: int, is_ranked: bool, is_rescored: bool
) -> str:
    """Why a proposal no longer stands, in a sentence; empty while what it rests on is the last that was decided.

    ``is_rescored``: the scores for price and quality were saved after it was proposed.
    """
    if not is_ranked:
        return (
            "Marking was reopened after this award was proposed. Rank the bids, then propose the "
            "award again."
        )
    if round_now != round_of_proposal:
        return (
            "The bids were ranked again after this award was proposed. Propose the award again on "
            "the new ranking."
        )
    if is_rescored:
        return (
            "The scores for price and quality were saved again after this award was proposed. Propose the "
            "award again on the new scores."
        )
    return ""


def contract_reference(procurement_reference: str) -> str:
    """``SV-2026-0001`` gives ``SV-2026-0001-C``: one contract a procurement."""
    return f"{procurement_reference[:38]}-C"
