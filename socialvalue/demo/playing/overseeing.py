"""What Warwickshire sets once for all its contracts, what overseeing them costs, and an apprentice shared by two."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from procurement.awards import queries as awards
from procurement.deliveries import queries as deliveries
from procurement.deliveries.services import (
    add_evidence,
    allocate,
    record_shared_delivery,
    submit_claim,
)
from procurement.procurements import queries as procurements
from procurement.remedies.queries import CostFilters, costs_page
from procurement.remedies.services import record_cost
from procurement.reminders.queries import rule_of
from procurement.reminders.rules import Timing
from procurement.reminders.services import set_rule
from procurement.verifications.queries import sampling_page
from procurement.verifications.services import draw_samples, set_sampling_rule
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM, Actor
from socialvalue.core.errors import NotVisible
from socialvalue.core.periods import add_months
from socialvalue.demo.dates import Days
from socialvalue.demo.people import Cast
from socialvalue.demo.playing.entering import submission_key
from socialvalue.demo.words import evidence_for

if TYPE_CHECKING:
    from procurement.awards.queries import CommitmentInfo

AUTHORITY = "warwickshire"
ALWAYS_FROM_PENCE = 25_000_00
SHARE = Decimal(10)
MONTHS = 6
RATE = Decimal("34.00")
HOURS = {"highways": Decimal("6.5"), "school-catering": Decimal(9), "home-care": Decimal(4)}
"""What a contract takes of the contract manager's month."""
SHARED_BETWEEN = (("warwickshire", "highways"), ("birmingham", "street-lighting"))
SHARED_CODE = "GSE7"
SHARING = "puddlestone"
HERE, THERE = Decimal(8), Decimal(5)


def _manager(cast: Cast, slug: str = AUTHORITY) -> Actor:
    return cast.at(slug, Role.CONTRACT_MANAGER)


def is_unplayed(cast: Cast) -> bool:
    """Whether any of it is still to be entered; the costs come last."""
    try:
        manager = _manager(cast)
    except NotVisible:
        return True
    return _without_rules(manager) or not costs_page(manager, CostFilters()).rows.exists()


def _without_rules(manager: Actor) -> bool:
    return rule_of(manager).from_date is None or not sampling_page(manager).rules


def set_rules(days: Days, cast: Cast) -> None:
    """Reminders, and the sample, half a year ago. What is there already stays as it is."""
    manager = _manager(cast)
    with clock.at(days.moment(days.quarter(-2) + timedelta(days=3), 11)):
        if rule_of(manager).from_date is None:
            set_rule(actor=manager, timing=Timing(before=(21, 7), after=(7, 28)))
        if not sampling_page(manager).rules:
            set_sampling_rule(
                actor=manager,
                from_date=clock.today() + timedelta(days=1),
                always_above_pence=ALWAYS_FROM_PENCE,
                share_percent=SHARE,
                reason="Large claims are few and matter most; of the small ones one in ten keeps everybody careful.",
            )


def play(days: Days, cast: Cast) -> None:
    """After the contracts have run to today."""
    if not is_unplayed(cast):
        return
    with clock.at(days.now):
        draw_samples(actor=SYSTEM)  # as the clock does every hour
    _share(days, cast)
    _record_costs(days, cast)


def _contract_id(manager: Actor, story: str) -> int | None:
    """None where the story is not played."""
    key = submission_key(story)
    found = procurements.procurement_list(manager).filter(submission_key=key).first()
    brief = awards.contract_of_procurement(found.pk) if found else None
    return brief.id if brief else None


# --- one apprentice, two contracts --------------------------------------------------------------------


def _share(days: Days, cast: Cast) -> None:
    """An apprentice worked for two authorities in the last quarter; each of two claims counts a part."""
    reporter, last = cast.reporter(SHARING), days.quarter(-1)
    here, there = (_sharing(cast, slug, story) for slug, story in SHARED_BETWEEN)
    if here is None or there is None:
        return
    waiting = deliveries.claims_awaiting(_manager(cast)).filter(commitment_id=here.id, quarter=last)
    with clock.at(days.now):
        delivery = record_shared_delivery(
            actor=reporter,
            what="Apprentice, road operative",
            number=1,
            unit=here.measure.unit,
            quantity=HERE + THERE,
            delivered_on=days.quarter(0) - timedelta(days=1),
        )
        for claim in waiting[:1]:
            allocate(actor=reporter, claim_id=claim.pk, delivery_id=delivery.pk, quantity=HERE)
        name, content = evidence_for(there.measure, THERE, "Apprentice shared by two contracts")
        proof = add_evidence(
            actor=reporter, contract_id=there.contract_id, name=name, content=content
        )
        submit_claim(
            actor=reporter,
            commitment_id=there.id,
            quarter=last,
            quantity=THERE,
            narrative="An apprentice of the highways gang worked on lighting columns for these weeks.",
            evidence_ids=[proof.pk],
            submission_key=f"demonstration:{there.id}:shared",
            allocations=[(delivery.pk, THERE)],
        )


def _sharing(cast: Cast, slug: str, story: str) -> CommitmentInfo | None:
    contract_id = _contract_id(_manager(cast, slug), story)
    if contract_id is None:
        return None
    found = awards.commitments_of(contract_id)
    return next(row for row in found if row.measure.code == SHARED_CODE)


# --- what overseeing costs ----------------------------------------------------------------------------


def _record_costs(days: Days, cast: Cast) -> None:
    manager = _manager(cast)
    contracts = {story: _contract_id(manager, story) for story in HOURS}
    for ago in range(MONTHS, 0, -1):
        month = add_months(days.today.replace(day=1), -ago)
        with clock.at(days.by_now(add_months(month, 1), 16)):
            for story, hours in HOURS.items():
                if contract_id := contracts[story]:
                    record_cost(
                        actor=manager,
                        month=month,
                        what="Claims read, evidence checked, a meeting with the supplier",
                        contract_id=contract_id,
                        hours=hours,
                        rate=RATE,
                    )
            record_cost(
                actor=manager,
                month=month,
                what="Help to suppliers who report for the first time",
                amount=Decimal(180),
            )
