"""A shortfall raised, talked about, and closed."""

from __future__ import annotations

from decimal import Decimal

from django.db import IntegrityError, transaction

from procurement.awards import queries as awards
from procurement.remedies.models import RemedyDecision, Shortfall, ShortfallMessage
from procurement.remedies.permissions import (
    MANAGE_REASON,
    SPEAK_REASON,
    can_manage,
    can_speak,
    is_buying,
)
from procurement.remedies.queries.standing import Standing, standing_of
from procurement.remedies.rules import check_text
from procurement.remedies.services.steps import (
    bump,
    check_unfinished,
    locked_shortfall,
)
from procurement.remedies.vocabulary import DecisionStatus, RemedyDeed, ShortfallStatus
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.money import measured, pounds_from_pence

RAISED_ALREADY = "A shortfall of this commitment is open already. Open it to go on there."


@transaction.atomic
def raise_shortfall(
    *,
    actor: Actor,
    contract_id: int,
    commitment_id: int,
    message: str = "",
    seen_missing: Decimal | None = None,
) -> Shortfall:
    """Raise what is missing of a commitment today, with its value at the frozen proxy.

    ``seen_missing`` is what the page said. NotAllowed without the contract manager's role; NotVisible for a foreign
    commitment; RuleBroken when it is not behind or missed, or the contract is not signed; Conflict when one is open
    or the figure moved meanwhile.
    """
    contract = awards.contract_for(actor, contract_id)
    if not can_manage(actor, contract):
        raise NotAllowed(MANAGE_REASON)
    standing = standing_of(contract_id, commitment_id, clock.today())
    if standing is None:
        raise NotVisible
    brief = awards.contract_brief(contract_id)
    if brief.is_unsigned:
        raise RuleBroken("The contract is not signed yet, so nothing is due under it.")
    if standing.open_id is not None:
        raise Conflict(RAISED_ALREADY)
    if standing.why_not:
        raise RuleBroken(standing.why_not)
    _check_seen(standing, seen_missing)
    row = _create(actor, contract.authority_id, contract.supplier_id, standing)
    if message.strip():
        _write(actor, row, check_text(message, "", field="message"))
    gap = standing.gap
    missing = standing.missing_shown
    worth = f" worth {pounds_from_pence(row.gap_pence)} of social value" if row.gap_pence else ""
    record(
        actor=actor,
        deed=RemedyDeed.RAISED,
        sentence=f"Raised a shortfall of {standing.commitment.measure.label}: {missing} missing{worth}.",
        target=row,
        procurement_id=contract.procurement_id,
        after={
            "commitment": commitment_id,
            "due": str(gap.due),
            "answered": str(gap.answered),
            "planned": str(row.planned),
            "verified": str(row.verified),
            "gap": str(row.gap),
            "gap_pence": row.gap_pence,
        },
    )
    return row


@transaction.atomic
def say(*, actor: Actor, shortfall_id: int, text: str) -> ShortfallMessage:
    """Write one turn of the conversation. NotAllowed for somebody who only reads; Conflict once it is finished."""
    row = locked_shortfall(actor, shortfall_id)
    if not can_speak(actor, row):
        raise NotAllowed(SPEAK_REASON)
    check_unfinished(row)
    text = check_text(text, "Enter your message", field="text")
    message = _write(actor, row, text)
    record(
        actor=actor,
        deed=RemedyDeed.SAID,
        sentence="Wrote in the conversation on the shortfall.",
        target=row,
        procurement_id=row.contract.procurement_id,
        after={"message": message.pk},
    )
    return message


@transaction.atomic
def close_shortfall(
    *, actor: Actor, shortfall_id: int, expected_version: int, outcome: str
) -> Shortfall:
    """Close it with how it ended: caught up, or let be. Not while a remedy waits for a decision."""
    row = locked_shortfall(actor, shortfall_id)
    if not can_manage(actor, row):
        raise NotAllowed(MANAGE_REASON)
    check_unfinished(row, expected_version)
    outcome = check_text(outcome, "Enter how it ended, in a sentence", field="outcome")
    waiting = RemedyDecision.objects.filter(shortfall=row, status=DecisionStatus.PROPOSED)
    if waiting.exists():
        raise RuleBroken(
            "A remedy waits for a decision. Withdraw it first, or wait until it is decided."
        )
    before = row.status
    bump(
        row,
        status=ShortfallStatus.CLOSED,
        closed_at=clock.now(),
        closed_by_id=actor.person_id,
        outcome=outcome,
    )
    record(
        actor=actor,
        deed=RemedyDeed.CLOSED,
        sentence=f"Closed the shortfall: {outcome}",
        target=row,
        procurement_id=row.contract.procurement_id,
        before={"status": before},
        after={"status": row.status, "outcome": outcome},
    )
    return row


def _create(actor: Actor, authority_id: int, supplier_id: int, standing: Standing) -> Shortfall:
    gap = standing.gap
    try:
        with transaction.atomic():
            return Shortfall.objects.create(
                contract_id=standing.commitment.contract_id,
                commitment_id=standing.commitment.id,
                authority_id=authority_id,
                supplier_id=supplier_id,
                as_at=gap.as_at,
                planned=gap.planned,
                verified=gap.verified,
                gap=gap.missing,
                gap_pence=standing.pence,
                raised_at=clock.now(),
                raised_by_id=actor.person_id,
            )
    except IntegrityError as error:
        if Shortfall.objects.filter(
            commitment_id=standing.commitment.id, closed_at__isnull=True
        ).exists():
            raise Conflict(RAISED_ALREADY) from error
        raise


def _check_seen(standing: Standing, seen: Decimal | None) -> None:
    if seen is None or seen == standing.gap.missing:
        return
    unit = standing.commitment.measure.unit
    raise Conflict(
        "What is missing changed after you opened this page. Read it as it is now, then raise it.",
        changed={"Missing": (standing.missing_shown, measured(seen, unit))},
    )


def _write(actor: Actor, row: Shortfall, text: str) -> ShortfallMessage:
    return ShortfallMessage.objects.create(
        shortfall=row,
        text=text,
        organisation_id=row.authority_id if is_buying(actor, row) else row.supplier_id,
        written_at=clock.now(),
        written_by_id=actor.person_id,
    )
