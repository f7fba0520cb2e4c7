"""What it costs to oversee social value, recorded by the month."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction

from procurement.awards import queries as awards
from procurement.remedies.models import OversightCost
from procurement.remedies.permissions import OVERSEE_REASON, can_oversee
from procurement.remedies.rules import check_text, cost_of
from procurement.remedies.vocabulary import RemedyDeed
from socialvalue.accounts.permissions import acts_for, is_buyer
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.money import pounds_from_pence, to_pence
from socialvalue.core.periods import month_of

EARLIEST = date(2000, 1, 1)
SAID = ("contract_id", "month", "what", "hours", "rate_pence", "cost_pence")


@transaction.atomic
def record_cost(
    *,
    actor: Actor,
    month: date,
    what: str,
    contract_id: int | None = None,
    hours: Decimal | None = None,
    rate: Decimal | None = None,
    amount: Decimal | None = None,
    submission_key: UUID | None = None,
) -> OversightCost:
    """Record what a month of overseeing cost, for one contract or for the authority: hours x rate, or an amount.

    Pounds. The same ``submission_key`` again gives the line it made the first time; with other figures it is a
    Conflict. NotAllowed without the role; NotVisible for a foreign contract; RuleBroken for a month to come or a sum
    that does not work out.
    """
    if actor.organisation_id is None or not can_oversee(actor, actor.organisation_id):
        raise NotAllowed(OVERSEE_REASON)
    contract = awards.contract_for(actor, contract_id) if contract_id is not None else None
    if month < EARLIEST or month_of(month) > month_of(clock.today()):
        raise RuleBroken("Enter a month that has begun", field="month")
    what = check_text(what, "Enter what was done", field="what")[:200]
    pence = cost_of(hours, rate, amount)
    row = OversightCost(
        authority_id=actor.organisation_id,
        contract_id=contract_id,
        month=month_of(month),
        what=what,
        hours=hours,
        rate_pence=to_pence(rate) if rate is not None else None,
        cost_pence=pence,
        submission_key=submission_key,
        recorded_at=clock.now(),
        recorded_by_id=actor.person_id,
    )
    before = _sent_before(row)
    if before is not None:
        return before
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        # The same form was sent twice at once, and the other one came first.
        before = _sent_before(row)
        if before is None:
            raise
        return before
    record(
        actor=actor,
        deed=RemedyDeed.COST_RECORDED,
        sentence=f"Recorded {pounds_from_pence(pence)} for overseeing, {month:%B %Y}: {what}",
        target=row,
        procurement_id=contract.procurement_id if contract else None,
        after={
            "month": row.month.isoformat(),
            "hours": "" if hours is None else str(hours),
            "rate_pence": row.rate_pence,
            "cost_pence": pence,
        },
    )
    return row


def _sent_before(row: OversightCost) -> OversightCost | None:
    """The line that this form made already, when it says the same."""
    if row.submission_key is None:
        return None
    found = OversightCost.objects.filter(submission_key=row.submission_key).first()
    if found is None:
        return None
    if found.removed_at is not None and found.authority_id == row.authority_id:
        raise Conflict(
            "This cost was recorded and is removed by now. Sent again, it is recorded anew."
        )
    if found.authority_id != row.authority_id or any(
        getattr(found, name) != getattr(row, name) for name in SAID
    ):
        raise Conflict(
            "This form was sent already, with other figures. Sent again, it records another cost."
        )
    return found


@transaction.atomic
def remove_cost(*, actor: Actor, cost_id: int) -> OversightCost:
    """Take a line out of the totals. It stays on record, with who removed it. Conflict when it is out already."""
    row = OversightCost.objects.select_for_update(of=("self",)).filter(pk=cost_id).first()
    if row is None or not (acts_for(actor, row.authority_id) and is_buyer(actor)):
        raise NotVisible
    if not can_oversee(actor, row.authority_id):
        raise NotAllowed(OVERSEE_REASON)
    if row.removed_at is not None:
        raise Conflict("This line is removed already.")
    row.removed_at, row.removed_by_id = clock.now(), actor.person_id
    row.save()
    record(
        actor=actor,
        deed=RemedyDeed.COST_REMOVED,
        sentence=f"Removed {pounds_from_pence(row.cost_pence)} for overseeing, {row.month:%B %Y}: {row.what}",
        target=row,
        before={"cost_pence": row.cost_pence},
        after={"cost_pence": 0},
    )
    return row
