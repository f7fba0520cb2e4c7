"""What overseeing cost, what fell short and what was decided about it: figures and the rows under them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reporting.figures.rules.positions import Position
from reporting.figures.rules.rows import CONTRACT_COLUMNS, contract_total
from reporting.figures.rules.shapes import OWN_PEOPLE, Definition, Kind, Opens
from socialvalue.core.money import count_text, from_pence, quantity_text
from socialvalue.core.tables import Column, Table

COSTS = "The register of the cost of overseeing"
SHORTFALLS = "The register of shortfalls"
REMEDIES = "Remedies approved for shortfalls"


@dataclass(frozen=True, slots=True)
class Cost:
    """What overseeing one contract, or social value as a whole (``contract_id`` None), cost in a month."""

    id: int
    month: date
    what: str
    contract_id: int | None
    contract: str
    reference: str
    hours: Decimal | None
    pence: int


@dataclass(frozen=True, slots=True)
class ShortfallFacts:
    """A shortfall that stood in the period. ``recovery`` is quoted from the plan of the supplier."""

    id: int
    contract_id: int
    contract: str
    reference: str
    supplier: str
    measure: str
    missing: Decimal
    unit: str
    value: Decimal | None
    """Pounds of social value; None where it is counted and not valued."""
    raised_on: date
    closed_on: date | None
    is_unfinished: bool
    status: str
    recovery: str
    outcome: str


@dataclass(frozen=True, slots=True)
class RemedyFacts:
    """A remedy approved in the period. ``pence`` None: nothing is paid."""

    id: int
    shortfall_id: int
    contract_id: int
    contract: str
    reference: str
    supplier: str
    label: str
    what: str
    """Of a substitution: what is raised by how much."""
    decided_on: date
    pence: int | None


def overseeing_counts(costs: Sequence[Cost]) -> dict[str, Decimal | None]:
    """None where nothing was recorded, which is not the same as no cost."""
    hours = sum((row.hours for row in costs if row.hours is not None), Decimal(0))
    return {
        "oversight_cost": from_pence(sum(row.pence for row in costs)) if costs else None,
        "oversight_lines": Decimal(len(costs)),
        "oversight_hours": hours,
    }


def shortfall_counts(rows: Sequence[ShortfallFacts]) -> dict[str, Decimal | None]:
    return {
        "shortfalls_count": Decimal(len(rows)),
        "shortfalls_unfinished": Decimal(sum(row.is_unfinished for row in rows)),
    }


def remedy_counts(rows: Sequence[RemedyFacts]) -> dict[str, Decimal | None]:
    return {
        "remedies_count": Decimal(len(rows)),
        "remedies_due": from_pence(sum(row.pence or 0 for row in rows)),
        "remedies_paid": Decimal(sum(row.pence is not None for row in rows)),
    }


def shortfalls_under(name: str, rows: Sequence[ShortfallFacts]) -> tuple[ShortfallFacts, ...]:
    """The shortfalls that this figure counts."""
    return tuple(row for row in rows if row.is_unfinished or name != "shortfalls_unfinished")


def _count(name: str) -> Callable[[Position], Decimal | None]:
    return lambda position: position.counts.get(name)


def _cost_beside(position: Position) -> str:
    lines, hours = (position.counts.get(f"oversight_{name}") for name in ("lines", "hours"))
    if lines is None or hours is None:
        return ""
    said = count_text(lines, "recorded cost")
    return f"{said}, {quantity_text(hours)} hours" if hours else said


def _unfinished_beside(position: Position) -> str:
    whole = position.counts.get("shortfalls_count")
    return "" if whole is None else f"of {count_text(whole, 'shortfall')} in the period"


def _due_beside(position: Position) -> str:
    paid, whole = (position.counts.get(f"remedies_{name}") for name in ("paid", "count"))
    if paid is None or whole is None:
        return ""
    return f"{quantity_text(paid)} of {count_text(whole, 'remedy', 'remedies')}"


OVERSEEING_FIGURES = (
    Definition(
        "oversight_cost",
        "Cost of overseeing",
        "What the authority recorded as spent in the period on overseeing social value. It is a cost and no social "
        "value.",
        Kind.MONEY,
        "£",
        "Sum of the recorded costs of the months of the period. Of one directorate: those recorded for its contracts.",
        _count("oversight_cost"),
        source=COSTS,
        visible_to=OWN_PEOPLE,
        opens=Opens.COSTS,
        beside=_cost_beside,
        for_region=False,
        is_price=True,
    ),
    Definition(
        "shortfalls_count",
        "Shortfalls",
        "Shortfalls that were raised by the end of the period and were not closed before it began.",
        Kind.COUNT,
        "shortfalls",
        "Count of shortfalls raised on or before the last day of the period and not closed before its first day.",
        _count("shortfalls_count"),
        source=SHORTFALLS,
        visible_to=OWN_PEOPLE,
        opens=Opens.SHORTFALLS,
        for_region=False,
    ),
    Definition(
        "shortfalls_unfinished",
        "Shortfalls not put right yet",
        "Those of these shortfalls that are still talked about or being put right today.",
        Kind.COUNT,
        "shortfalls",
        "Count of the shortfalls of the period that are neither remedied nor closed today, whatever the "
        "period.",
        _count("shortfalls_unfinished"),
        source=SHORTFALLS,
        visible_to=OWN_PEOPLE,
        opens=Opens.SHORTFALLS,
        beside=_unfinished_beside,
        for_region=False,
    ),
    Definition(
        "remedies_count",
        "Remedies approved",
        "Remedies for shortfalls that an approver approved in the period.",
        Kind.COUNT,
        "remedies",
        "Count of remedies approved from the first to the last day of the period.",
        _count("remedies_count"),
        source=REMEDIES,
        visible_to=OWN_PEOPLE,
        opens=Opens.REMEDIES,
        for_region=False,
    ),
    Definition(
        "remedies_due",
        "Service credits and payments due",
        "Money due from suppliers through the remedies approved in the period. It is money and no social value.",
        Kind.MONEY,
        "£",
        "Sum of the service credits and of the payments to community funds approved from the first to the last day of "
        "the period. Substitutions and terminations have no amount.",
        _count("remedies_due"),
        source=REMEDIES,
        visible_to=OWN_PEOPLE,
        opens=Opens.REMEDIES,
        beside=_due_beside,
        for_region=False,
        is_price=True,
    ),
)


def cost_rows(caption: str, rows: Sequence[Cost]) -> Table:
    """The recorded costs of the period; the total is the figure."""
    return Table(
        caption,
        (
            Column("Month", "date"),
            Column("What was done", width=50),
            Column("Contract", width=40),
            Column("Reference"),
            Column("Hours", "number"),
            Column("Cost (£)", "money"),
        ),
        [
            (
                row.month,
                row.what,
                row.contract or "No one contract",
                row.reference,
                row.hours,
                from_pence(row.pence),
            )
            for row in rows
        ],
        total=(
            f"Total, {len(rows)}",
            "",
            "",
            "",
            sum((row.hours or Decimal(0) for row in rows), Decimal(0)),
            from_pence(sum(row.pence for row in rows)),
        ),
        empty="No cost of overseeing is recorded for this period.",
    )


def shortfall_facts(caption: str, rows: Sequence[ShortfallFacts]) -> Table:
    """The shortfalls of the period with what the plan of the supplier says."""
    return Table(
        caption,
        (
            *CONTRACT_COLUMNS,
            Column("Measure", width=40),
            Column("Missing", "number"),
            Column("Unit"),
            Column("Worth (£)", "money", is_social_value=True),
            Column("Raised", "date"),
            Column("Closed", "date"),
            Column("Status"),
            Column("Recovery action", width=60),
            Column("Outcome", width=50),
            Column("Not put right yet", "number"),
        ),
        [
            (
                row.contract,
                row.reference,
                row.supplier,
                row.measure,
                row.missing,
                row.unit,
                row.value,
                row.raised_on,
                row.closed_on or "",
                row.status,
                row.recovery,
                row.outcome,
                int(row.is_unfinished),
            )
            for row in rows
        ],
        total=(
            *contract_total(rows),
            *[""] * 3,
            None,
            *[""] * 5,
            sum(row.is_unfinished for row in rows),
        ),
        empty="No shortfall stood in this period.",
    )


def remedy_rows(caption: str, rows: Sequence[RemedyFacts]) -> Table:
    """The remedies approved in the period; the total is what is due."""
    return Table(
        caption,
        (
            *CONTRACT_COLUMNS,
            Column("Remedy", width=30),
            Column("What", width=40),
            Column("Approved", "date"),
            Column("Due (£)", "money"),
        ),
        [
            (
                row.contract,
                row.reference,
                row.supplier,
                row.label,
                row.what,
                row.decided_on,
                "" if row.pence is None else from_pence(row.pence),
            )
            for row in rows
        ],
        total=(
            *contract_total(rows),
            *[""] * 3,
            from_pence(sum(row.pence or 0 for row in rows)),
        ),
        empty="No remedy was approved in this period.",
    )
