"""Quarterly updates that suppliers owe and have not sent, for who counts them over many authorities."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from procurement.action_plans import queries as action_plans
from procurement.deliveries.models import Claim, NilReturn
from procurement.deliveries.queries.updates import LIVE
from procurement.ledger.rules import Stretch


@dataclass(frozen=True, slots=True)
class OwedUpdate:
    """The update of one contract for one quarter, and the commitments of which nothing was said in it."""

    authority_id: int
    contract_id: int
    quarter: date
    commitment_ids: tuple[int, ...]


def owed_updates(stretches: Iterable[Stretch], on: date) -> list[OwedUpdate]:
    """Updates whose quarter is over on ``on`` and that are not sent, or not for every commitment planned in it.

    What was sent back was sent. One query, which names only what is owed. No actor: for counts, and the caller has
    shown that the reader may know totals of these authorities.
    """
    same = {"commitment_id": OuterRef("commitment_id"), "quarter": OuterRef("quarter")}
    rows = (
        action_plans.milestones_over(stretches, on)
        .exclude(Exists(Claim.objects.filter(**same, status__in=LIVE)))
        .exclude(Exists(NilReturn.objects.filter(**same)))
        .values_list(
            "plan__contract__authority_id", "plan__contract_id", "quarter", "commitment_id"
        )
    )
    return by_contract_and_quarter(rows)


def by_contract_and_quarter(rows: Iterable[tuple[int, int, date, int]]) -> list[OwedUpdate]:
    """From authority, contract, quarter and commitment, in the order in which each update comes first."""
    found: dict[tuple[int, int, date], list[int]] = {}
    for authority_id, contract_id, quarter, commitment_id in rows:
        found.setdefault((authority_id, contract_id, quarter), []).append(commitment_id)
    return [OwedUpdate(*key, tuple(ids)) for key, ids in found.items()]
