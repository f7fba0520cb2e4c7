"""An awarded contract, carried from the tender through the public services."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from procurement.awards.models import AwardProposal, Contract
from procurement.awards.services import (
    approve_award,
    issue_summaries,
    propose_award,
    set_standstill,
    sign_contract,
)
from procurement.bids.queries import opened_bids
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from tests.factories.evaluations import (
    AFTER,
    Ask,
    Bench,
    marked,
    offered,
    opened,
    published,
    ranked,
)

STARTS, ENDS = date(2026, 7, 1), date(2028, 6, 30)
OFFER: Mapping[str, str] = {"PLB1": "10000", "HSC1": "100"}


def evaluated(
    *, offer: Mapping[str, str] = OFFER, asks: tuple[Ask, ...] | None = None, **more: object
) -> Bench:
    """A ranked tender: the first bidder makes ``offer``, the second a tenth of PLB1."""
    bench = published(asks=asks or tuple(Ask(code) for code in offer), **more)  # type: ignore[arg-type]
    offered(bench, 0, offer, price="170000")
    first = next(iter(offer))
    offered(bench, 1, {first: "1000"}, price="150000")
    opened(bench)
    if bench.questions:
        for bid in opened_bids(bench.tender.pk):
            marked(bench, bid.id, *([4] * len(bench.questions)))
    ranked(bench)
    return bench


def winner_of(bench: Bench) -> int:
    """The bid of the first bidder, or the first that was opened where that one made none."""
    bids = opened_bids(bench.tender.pk)
    own = [bid for bid in bids if bid.supplier_id == bench.bidders[0].organisation_id]
    return (own or bids)[0].id


def proposed(bench: Bench, *, actor: Actor | None = None, **more: object) -> AwardProposal:
    """The officer proposes the first bid for its price."""
    facts = {
        "reason": "The best on price, quality and social value.",
        "value": Decimal("170000"),
        "value_basis": "excl",
        "starts_on": STARTS,
        "ends_on": ENDS,
    } | more
    if "bid_id" not in facts:
        facts["bid_id"] = winner_of(bench)
    with clock.at(AFTER):
        return propose_award(
            actor=actor or bench.officer,
            procurement_id=bench.procurement.pk,
            **facts,  # type: ignore[arg-type]
        )


def awarded(bench: Bench, *, signed: bool = True, **more: object) -> Contract:
    """Proposed by the officer, approved by the approver, and with ``signed`` carried on until the contract is live."""
    proposal = proposed(bench, **more)
    with clock.at(AFTER):
        contract = approve_award(actor=bench.approver, proposal_id=proposal.pk)
    return carried_to_signature(bench, contract) if signed else contract


def told(bench: Bench, contract: Contract) -> None:
    """Every bidder has its assessment summary."""
    with clock.at(AFTER):
        issue_summaries(actor=bench.officer, award_id=contract.award_id)


def carried_to_signature(bench: Bench, contract: Contract) -> Contract:
    """Summaries, standstill and signature, each on the first day it can be."""
    told(bench, contract)
    with clock.at(AFTER):
        standstill = set_standstill(
            actor=bench.officer, award_id=contract.award_id, notice_on=clock.today()
        )
    day = standstill.ends_on + timedelta(days=1)
    with clock.at(AFTER.replace(year=day.year, month=day.month, day=day.day)):
        return sign_contract(actor=bench.manager, contract_id=contract.pk, signed_on=day)
