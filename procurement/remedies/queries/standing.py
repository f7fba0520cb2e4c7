"""Where the commitments of a contract stand on a day: planned, verified, answered by remedies, missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from procurement.action_plans import queries as plans
from procurement.awards import queries as awards
from procurement.remedies.models import RemedyDecision, RemedyTerms, Shortfall
from procurement.remedies.rules import (
    Gap,
    Promised,
    Terms,
    gap_now,
    gap_working,
    more_than_equal,
    why_no_shortfall,
)
from procurement.remedies.vocabulary import RemedyKind, ShortfallStatus
from socialvalue.core.money import MILLI, from_pence, measured, pounds_from_pence
from toms.valuation.rules import WorkingLine

ZERO = Decimal(0)
UNFINISHED = (ShortfallStatus.OPEN, ShortfallStatus.RECTIFYING)


@dataclass(frozen=True, slots=True)
class Standing:
    """One commitment on a day, and whether a shortfall can be raised. ``open_id`` is the one that is open."""

    commitment: awards.CommitmentInfo
    gap: Gap
    word: str
    """``missed``, ``behind``, ``at_risk``, ``on_track``, ``complete`` or ``not_due``, as the action plan says it."""
    open_id: int | None

    @property
    def why_not(self) -> str:
        return why_no_shortfall(self.gap, self.commitment.measure.unit)

    @property
    def promised(self) -> Promised:
        return promised_of(self.commitment)

    @property
    def pence(self) -> int:
        return self.promised.worth(self.gap.missing).value_pence

    @property
    def value(self) -> Decimal | None:
        """Pounds of what is missing; None when it is counted and not valued."""
        return from_pence(self.pence) if self.promised.is_valued else None

    @property
    def lines(self) -> tuple[WorkingLine, ...]:
        return gap_working(self.promised, self.gap)

    @property
    def missing_shown(self) -> str:
        return measured(self.gap.missing, self.commitment.measure.unit)

    @property
    def planned_shown(self) -> str:
        return measured(self.gap.due, self.commitment.measure.unit)

    @property
    def answered_shown(self) -> str:
        """What a remedy took the place of; empty when none did."""
        if not self.gap.answered:
            return ""
        return measured(self.gap.answered, self.commitment.measure.unit)

    @property
    def verified_shown(self) -> str:
        return measured(self.gap.verified, self.commitment.measure.unit)


def promised_of(info: awards.CommitmentInfo) -> Promised:
    return Promised(
        label=info.measure.label,
        unit=info.measure.unit,
        quantity=info.quantity,
        unit_value=info.unit_value if info.measure.adds_up else None,
        attribution_percent=info.attribution_percent,
        additionality=info.measure.additionality,
        source=info.unit_value_source,
    )


def standings(contract_id: int, on: date) -> list[Standing]:
    """Every commitment of a contract that can be compared with a plan. The caller has shown visibility.

    Planned counts what fell due on or before ``on``. A figure that stands alone (a yes or no) is left out.
    """
    brief = awards.contract_brief(contract_id)
    rows = [row for row in plans.progress_of([contract_id], on).values() if row.is_tracked]
    ids = [row.commitment.id for row in rows]
    answered, unfinished = _answered(ids), _unfinished(ids)
    return [
        Standing(
            row.commitment,
            gap_now(
                as_at=on,
                due=row.planned,
                verified=row.verified.quantize(MILLI),
                answered=answered.get(row.commitment.id, ZERO),
                has_ended=brief.has_ended or brief.last_day < on,
            ),
            row.track.value,
            unfinished.get(row.commitment.id),
        )
        for row in rows
    ]


def standing_of(contract_id: int, commitment_id: int, on: date) -> Standing | None:
    return next(
        (row for row in standings(contract_id, on) if row.commitment.id == commitment_id), None
    )


def terms_of(contract_id: int) -> Terms:
    """What the contract provides; everything is off while nothing was set. The caller has shown visibility."""
    row = RemedyTerms.objects.filter(contract_id=contract_id).first()
    return terms_in(row) if row else Terms()


def terms_in(row: RemedyTerms) -> Terms:
    return Terms(
        substitution=row.substitution,
        service_credit=row.service_credit,
        service_credit_percent=row.service_credit_percent,
        service_credit_cap_percent=row.service_credit_cap_percent,
        community_fund=row.community_fund,
        fund_name=row.fund_name,
        termination=row.termination,
        clause=row.clause,
    )


def _answered(commitment_ids: list[int]) -> dict[int, Decimal]:
    rows = (
        Shortfall.objects.filter(commitment_id__in=commitment_ids, status=ShortfallStatus.REMEDIED)
        .order_by()
        .values("commitment_id")
        .annotate(total=Sum("gap"))
    )
    return {row["commitment_id"]: row["total"] for row in rows}


def _unfinished(commitment_ids: list[int]) -> dict[int, int]:
    rows = Shortfall.objects.filter(commitment_id__in=commitment_ids, status__in=UNFINISHED)
    return dict(rows.values_list("commitment_id", "pk"))


def raised_instead(decision: RemedyDecision) -> str:
    """Of a substitution, ``PLB1 Local spend raised by £1,000``; empty for another remedy."""
    if decision.instead_commitment_id is None or decision.instead_quantity is None:
        return ""
    instead = awards.commitment_info(decision.instead_commitment_id)
    more = measured(decision.instead_quantity, instead.measure.unit)
    return f"{instead.measure.label} raised by {more}"


def raised_too_much(decision: RemedyDecision, gap_pence: int) -> str:
    """Of a substitution that waits, a sentence where it asks for more than equal value; empty elsewhere."""
    if decision.instead_commitment_id is None or decision.instead_quantity is None:
        return ""
    instead = promised_of(awards.commitment_info(decision.instead_commitment_id))
    return more_than_equal(instead, decision.instead_quantity, gap_pence)


def remedy_in_words(decision: RemedyDecision) -> str:
    """``a service credit of £1,200``."""
    if decision.amount_pence is not None:
        pounds = pounds_from_pence(decision.amount_pence)
        if decision.kind == RemedyKind.SERVICE_CREDIT:
            return f"a service credit of {pounds}"
        return f"a payment of {pounds} to the community fund"
    if raised := raised_instead(decision):
        return f"a substitution: {raised}"
    return "the termination of the contract"
