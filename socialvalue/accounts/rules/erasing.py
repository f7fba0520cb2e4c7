"""Who may be forgotten, and what stands in their place. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

ERASED = "erased.invalid"
"""No mail is ever delivered to this domain: RFC 2606 keeps it free."""


@dataclass(frozen=True, slots=True)
class HeldSeat:
    """An organisation the person belongs to, as far as it decides whether they may go."""

    name: str
    is_authority: bool
    is_administrator: bool
    others: int
    """Other people who belong to it."""
    other_administrators: int


def erased_name(user_id: int) -> str:
    """What is read where the name was: the same everywhere, and nobody's."""
    return f"Erased person {user_id}"


def erased_address(user_id: int) -> str:
    return f"erased-{user_id}@{ERASED}"


def why_not_erase(seats: Sequence[HeldSeat], *, runs_platform: bool) -> list[str]:
    """What has to be done first, a sentence each; empty when nothing has.

    Somebody must be left who can let others in: in an authority always, in a supplier when others belong to it.
    """
    found = []
    if runs_platform:
        found.append(
            "You run this platform. Somebody else who runs it has to end that before your data can be erased."
        )
    for seat in seats:
        is_last = seat.is_administrator and not seat.other_administrators
        if is_last and (seat.is_authority or seat.others):
            found.append(
                f"You are the last administrator of {seat.name}. Give somebody else that role first."
            )
    return found
