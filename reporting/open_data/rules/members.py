"""Which members of a region its public total may hold. Pure.

A member that does not publish is told only inside the total. Everybody can subtract the members that publish, on
their own pages too, so the rest must be of several, and none of them nearly all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

MOST_OF_THE_REST = Decimal(90)
"""Percent of the rest that one member may be. With more, the rest would tell its figures nearly."""


def rest_may_count(pence_of: Mapping[int, Mapping[str, int]]) -> bool:
    """True when the members that do not publish may be in the total: by member and basis, whole pence.

    There must be at least two with figures, and none may be more than 90% of the rest on any basis that has any.
    """
    if len(pence_of) < 2:
        return False
    for basis in {basis for by_basis in pence_of.values() for basis in by_basis}:
        shares = [abs(by_basis.get(basis, 0)) for by_basis in pence_of.values()]
        whole = sum(shares)
        if whole and Decimal(max(shares)) * 100 > MOST_OF_THE_REST * whole:
            return False
    return True
