"""What an authority lets its region see, in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from socialvalue.core.errors import RuleBroken
from socialvalue.core.periods import uk_date

FEWEST_COMPARED = 3
"""So many authorities must agree before their values are compared."""


@dataclass(frozen=True, slots=True)
class RegionSees:
    """The two choices of an authority about one region."""

    is_withheld: bool = False
    in_benchmark: bool = False


def check_region_sees(wanted: RegionSees) -> None:
    """RuleBroken for figures that are withheld and compared at once."""
    if wanted.is_withheld and wanted.in_benchmark:
        raise RuleBroken(
            "Figures that are withheld cannot be compared. Share them, or leave the comparison",
            field="compared",
        )


def what_changes(region: str, before: RegionSees, after: RegionSees) -> tuple[str, ...]:
    """A sentence for each choice that differs, as it will be from the moment it is saved."""
    found = []
    if after.is_withheld and not before.is_withheld:
        found.append(
            f"The totals of {region} leave your figures out, for every period. Its page names you as withheld, without "
            "an amount, and its analysts can no longer open your ledger entries. What they saw before, they saw."
        )
    if before.is_withheld and not after.is_withheld:
        found.append(
            f"The totals of {region} hold your figures again, for the months you belong to it, and its analysts can "
            "open your ledger entries."
        )
    if after.in_benchmark and not before.in_benchmark:
        found.append(
            f"Your social value for each pound of contract value is shown to the analysts of {region} with your name. "
            f"Once {FEWEST_COMPARED} authorities agree, each of them sees the median, the lowest and the highest, "
            "without names."
        )
    if before.in_benchmark and not after.in_benchmark:
        found.append(f"You are no longer compared in {region}, and no longer see the comparison.")
    return tuple(found)


def in_words(before: RegionSees, after: RegionSees) -> str:
    """What was chosen, for the record."""
    if after.is_withheld and not before.is_withheld:
        left = " and leaves the comparison" if before.in_benchmark else ""
        return f"withholds its figures from the region{left}"
    compared = "is compared with others"
    if before.is_withheld and not after.is_withheld:
        also = f" and {compared}" if after.in_benchmark else ""
        return f"shares its figures with the region{also}"
    return compared if after.in_benchmark else "is no longer compared with others"


def days_in_words(from_on: date, to_on: date | None) -> str:
    """``from 1 April 2024 to 31 March 2025``, or without an end."""
    return f"from {uk_date(from_on)}" + (f" to {uk_date(to_on)}" if to_on else "")
