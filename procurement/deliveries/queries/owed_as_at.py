"""Quarterly updates that were owed at the end of a past day: by when each claim and each word was given."""

from __future__ import annotations

from collections.abc import Iterable, Set
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q

from procurement.action_plans import queries as action_plans
from procurement.deliveries.models import Claim, NilReturn
from procurement.deliveries.queries.owed import OwedUpdate, by_contract_and_quarter
from procurement.deliveries.queries.updates import LIVE
from procurement.deliveries.vocabulary import DeliveryDeed
from procurement.ledger import queries as ledger
from procurement.ledger.rules import Stretch
from socialvalue.audit.queries import dated_deeds
from socialvalue.core import clock

Said = set[tuple[int, date]]
"""Commitments and quarters."""


def owed_updates_as_at(stretches: Iterable[Stretch], day: date) -> list[OwedUpdate]:
    """What ``owed_updates`` gave on that day: plans, contracts, claims and words that nothing was delivered as they
    stood at its end. Seven queries at most. No actor, as there."""
    planned = action_plans.planned_over_as_at(list(stretches), day)
    ids = {row.commitment_id for row in planned}
    if not ids:
        return []
    until = clock.end_of(day)
    said = _claimed(ids, until) | _nothing_delivered(ids, until)
    return by_contract_and_quarter(
        row for row in planned if (row.commitment_id, row.quarter) not in said
    )


def _claimed(ids: Set[int], until: datetime) -> Said:
    """Claims that had been sent, and were neither withdrawn nor rejected by then: the ledger says when each came."""
    sent = ledger.posted_before(until).filter(claim_id=OuterRef("pk"))
    rows = (
        Claim.objects.filter(commitment_id__in=ids)
        .filter(Q(status__in=LIVE) | Q(decided_at__gte=until))
        .filter(Exists(sent))
    )
    return set(rows.order_by().values_list("commitment_id", "quarter"))


def _nothing_delivered(ids: Set[int], until: datetime) -> Said:
    """Words that nothing was delivered that stood then. One that was taken back is gone: its deeds are on record."""
    standing = NilReturn.objects.filter(commitment_id__in=ids, made_at__lt=until)
    said: dict[tuple[int, date], datetime] = {}
    for deed in dated_deeds(
        target_type=NilReturn._meta.model_name or "",
        deeds=[DeliveryDeed.NIL_REPORTED, DeliveryDeed.NIL_TAKEN_BACK],
        until=until,
    ):
        facts = deed.after or deed.before
        key = (facts["commitment_id"], date.fromisoformat(facts["quarter"]))
        if deed.deed == DeliveryDeed.NIL_REPORTED:
            said[key] = deed.at
        else:
            said.pop(key, None)
    # A file of claims takes the word back too, without a deed for each.
    claims = Claim.objects.filter(
        commitment_id__in=ids & {key for key, _ in said}, submitted_at__lt=until
    )
    for commitment_id, quarter, at in claims.order_by().values_list(
        "commitment_id", "quarter", "submitted_at"
    ):
        if (reported_at := said.get((commitment_id, quarter))) and at >= reported_at:
            del said[commitment_id, quarter]
    return {*said, *standing.order_by().values_list("commitment_id", "quarter")}
