"""What one ranking changed against the one before. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Placed:
    """One bid in one ranking. ``rank`` None: it did not pass."""

    total: Decimal
    social_value_pence: int
    rank: int | None


@dataclass(frozen=True, slots=True)
class Moved:
    """One bid now and before. ``before`` None: it was not in the ranking before, or there was none."""

    bid_id: int
    now: Placed
    before: Placed | None

    @property
    def is_changed(self) -> bool:
        return self.before is not None and self.before != self.now


def moves(before: Mapping[int, Placed] | None, now: Mapping[int, Placed]) -> list[Moved]:
    """Every bid of the later ranking, best first, beside what it was."""
    earlier = before or {}
    order = sorted(now, key=lambda bid: (now[bid].rank is None, now[bid].rank or 0, bid))
    return [Moved(bid, now[bid], earlier.get(bid)) for bid in order]
