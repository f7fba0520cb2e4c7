"""The lots of a procurement, each with what its own value would be routed as."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from procurement.policies.rules import BASIS_WORDS, Estimate, RouteResult, route_for
from procurement.policies.vocabulary import AuthorityType, VatBasis
from procurement.procurements.models import Procurement, ProcurementLot, RouteDecision
from procurement.procurements.queries.decisions import latest_decision, routed_now
from procurement.procurements.queries.records import estimate_of, procurement_for
from procurement.procurements.rules import in_proportion, lots_out_by
from socialvalue.core.actor import Actor
from socialvalue.core.money import pounds


@dataclass(frozen=True, slots=True)
class LotLine:
    """One lot: its value on the procurement's VAT basis, both figures, and the route its own value would take."""

    number: int
    title: str
    estimate: Decimal
    net: Decimal
    gross: Decimal
    route: str
    procurement_id: int | None
    """What it is tendered as; None until the whole is tendered in lots."""


@dataclass(frozen=True, slots=True)
class Lots:
    """All lots. ``wrong`` says by how much they are out; ``deciding`` that the total decides. Either may be empty."""

    lines: tuple[LotLine, ...]
    total: Decimal
    basis: str
    wrong: str
    deciding: str

    def __bool__(self) -> bool:
        return bool(self.lines)


def lots_of(actor: Actor, procurement_id: int) -> Lots:
    """The lots of a procurement the actor may see; none when it is not divided."""
    procurement = procurement_for(actor, procurement_id)
    return lots_by(procurement, latest_decision(procurement_id), lambda: routed_now(procurement))


def lots_by(
    procurement: Procurement,
    decision: RouteDecision | None,
    route: Callable[[], RouteResult | None],
) -> Lots:
    """The same by the decision that holds; the rule is asked only when there are lots. Takes no actor."""
    rows = list(ProcurementLot.objects.filter(procurement=procurement).order_by("number"))
    result = route() if rows else None
    return Lots(
        lines=tuple(_line(procurement, row, result) for row in rows),
        total=sum((row.estimate for row in rows), Decimal(0)),
        basis=BASIS_WORDS[VatBasis(procurement.estimate_basis)],
        wrong=lots_out_by(procurement.estimate, [row.estimate for row in rows]),
        deciding=_deciding(decision, result),
    )


def _line(procurement: Procurement, row: ProcurementLot, result: RouteResult | None) -> LotLine:
    whole = estimate_of(procurement)
    estimate = Estimate(
        row.estimate,
        whole.basis,
        whole.vat_rate_percent,
        in_proportion(row.estimate, whole.basis, whole),
    )
    return LotLine(
        row.number,
        row.title,
        row.estimate,
        estimate.net,
        estimate.gross,
        _route_of(procurement, estimate, result),
        row.tendered_as_id,
    )


def _route_of(procurement: Procurement, estimate: Estimate, result: RouteResult | None) -> str:
    """Under the policy and the line that hold for the whole; nothing is read again."""
    if result is None:
        return ""
    return route_for(
        category=result.category,
        estimate=estimate,
        commenced_on=result.commenced_on,
        policy=result.policy,
        thresholds=[result.threshold],
        authority_type=AuthorityType.UTILITY
        if procurement.is_utilities
        else AuthorityType.SUB_CENTRAL,
    ).route


def _deciding(decision: RouteDecision | None, result: RouteResult | None) -> str:
    """With the route that holds, which an approved override may have set."""
    if result is None or decision is None:
        return ""
    basis = BASIS_WORDS[VatBasis(result.compared_basis)]
    return (
        f"The total decides, not the value of a lot: {pounds(result.compared_amount)} {basis}, so every lot goes the "
        f"way of the whole ({decision.get_route_display()})."
    )
