"""What overseeing cost, what fell short and what was decided about it in a period, of one authority or directorate."""

from __future__ import annotations

from procurement.awards import queries as awards
from procurement.remedies import queries as remedies
from procurement.remedies.queries import Recovery
from reporting.figures.rules.overseeing import Cost, RemedyFacts, ShortfallFacts
from reporting.figures.rules.spans import Span
from socialvalue.core.actor import Actor
from socialvalue.core.periods import uk_date


def _contracts(actor: Actor, directorate: str) -> list[int] | None:
    if not directorate:
        return None
    rows = awards.contracts_for(actor).filter(procurement__directorate=directorate)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def costs_in(actor: Actor, span: Span, directorate: str = "") -> tuple[Cost, ...]:
    """The recorded costs of the months of the period, oldest first."""
    ids = _contracts(actor, directorate)
    return tuple(
        Cost(
            row.id,
            row.month,
            row.what,
            row.contract_id,
            row.contract_title,
            row.reference,
            row.hours,
            row.cost_pence,
        )
        for row in remedies.costs_between(actor, span.first, span.last, ids)
    )


def shortfalls_in(actor: Actor, span: Span, directorate: str = "") -> tuple[ShortfallFacts, ...]:
    """The shortfalls that stood in the period, newest first, with the recovery action of the supplier's plan."""
    ids = _contracts(actor, directorate)
    return tuple(
        ShortfallFacts(
            id=found.row.id,
            contract_id=found.row.contract_id,
            contract=found.row.contract_title,
            reference=found.row.reference,
            supplier=found.row.supplier_name,
            measure=found.row.measure_label,
            missing=found.row.gap,
            unit=found.row.unit,
            value=found.row.value,
            raised_on=found.raised_on,
            closed_on=found.closed_on,
            is_unfinished=found.is_unfinished,
            status=found.row.status_label,
            recovery=quoted(found.recovery),
            outcome=found.row.outcome,
        )
        for found in remedies.shortfalls_between(actor, span.first, span.last, ids)
    )


def remedies_in(actor: Actor, span: Span, directorate: str = "") -> tuple[RemedyFacts, ...]:
    """The remedies approved in the period, oldest first."""
    ids = _contracts(actor, directorate)
    return tuple(
        RemedyFacts(
            row.id,
            row.shortfall_id,
            row.contract_id,
            row.contract_title,
            row.reference,
            row.supplier_name,
            row.label,
            row.raised,
            row.decided_on,
            row.amount_pence,
        )
        for row in remedies.remedies_between(actor, span.first, span.last, ids)
    )


def quoted(recovery: Recovery | None) -> str:
    """The plan of the supplier in its own words: ``“Hold two more fairs” (Site manager, by 1 May 2026, done on …)``."""
    if recovery is None:
        return "No recovery plan yet"
    steps = [
        f"“{step.what}” ({step.owner}, by {uk_date(step.due_on)}"
        f"{f', done on {uk_date(step.done_on)}' if step.done_on else ''})"
        for step in recovery.steps
    ]
    stands = (
        f"agreed on {uk_date(recovery.agreed_on)}"
        if recovery.agreed_on
        else "proposed and not agreed yet"
    )
    return f"{'; '.join(steps)}. Recovered by {uk_date(recovery.recover_by)}, {stands}"
