"""An awarded contract, carried from the tender through the public services."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from procurement.awards.models import Contract
from procurement.awards.services import award_contract
from procurement.bids.queries import opened_bids
from socialvalue.core import clock
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


def awarded(bench: Bench, **more: object) -> Contract:
    """The first bid of the bench, awarded for its price."""
    winner = opened_bids(bench.tender.pk)[0]
    facts = {
        "reason": "The best on price, quality and social value.",
        "value": Decimal("170000"),
        "value_basis": "excl",
        "starts_on": STARTS,
        "ends_on": ENDS,
        "bid_id": winner.id,
    } | more
    with clock.at(AFTER):
        return award_contract(actor=bench.officer, procurement_id=bench.procurement.pk, **facts)  # type: ignore[arg-type]
