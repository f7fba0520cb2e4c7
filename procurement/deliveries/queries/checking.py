"""The check of sums, before an update is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from procurement.deliveries.queries.claims import shown_quantity
from procurement.deliveries.queries.updates import UpdatePage, UpdateRow
from procurement.deliveries.rules import UpdateLine, doubts_about, total_after
from socialvalue.core.money import from_pence, measured
from toms.valuation.rules import Working


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One commitment as it will be sent. ``after`` is empty where figures are not added up."""

    row: UpdateRow
    is_nil: bool
    entered: str
    after: str
    working: Working | None
    files: int
    doubts: tuple[str, ...]

    @property
    def value(self) -> Decimal | None:
        """Pounds; None for nothing, and for what is counted and not valued."""
        if self.working is None or not self.working.is_valued:
            return None
        return from_pence(self.working.value_pence)


@dataclass(frozen=True, slots=True)
class UpdateCheck:
    """What an update says. ``left`` are commitments that are due and of which it says nothing."""

    rows: tuple[CheckRow, ...]
    left: tuple[UpdateRow, ...]

    @property
    def value(self) -> Decimal:
        """Pounds: the sum of the rows shown."""
        return sum((row.value for row in self.rows if row.value is not None), Decimal(0))

    @property
    def claims(self) -> int:
        return sum(not row.is_nil for row in self.rows)

    @property
    def nothing(self) -> int:
        return sum(row.is_nil for row in self.rows)

    @property
    def without_evidence(self) -> int:
        return sum(not row.is_nil and not row.files for row in self.rows)


def update_check(page: UpdatePage, lines: Sequence[UpdateLine]) -> UpdateCheck:
    """Of a page the actor was shown and what was entered on it."""
    said = {line.commitment_id: line for line in lines}
    return UpdateCheck(
        rows=tuple(_row(row, said[row.id]) for row in page.every_row if row.id in said),
        left=tuple(row for row in page.rows if row.id not in said and not row.is_reported),
    )


def _row(row: UpdateRow, line: UpdateLine) -> CheckRow:
    unit = row.commitment.measure.unit
    if line.is_nil:
        return CheckRow(row, True, "Nothing this period", "", None, 0, ())
    after = total_after(row.claimed, line.quantity)
    adds_up = row.promise.adds_up
    return CheckRow(
        row=row,
        is_nil=False,
        entered=shown_quantity(line.quantity, line.denominator, unit),
        after=f"{measured(after, unit)} of {measured(row.commitment.quantity, unit)}"
        if adds_up
        else "",
        working=row.worth(line.quantity),
        files=len(line.evidence_ids),
        doubts=doubts_about(
            entered=line.quantity,
            planned=row.planned or Decimal(0),
            promised=row.commitment.quantity,
            after=after,
            claims=row.claims_count,
        )
        if adds_up
        else (),
    )
