"""A shortfall: what was planned by a day, less what is verified, and what the rest is worth at the frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from socialvalue.core.money import measured, quantity_text
from socialvalue.core.periods import uk_date
from toms.valuation.rules import ALL_ADDITIONAL, Additionality, Working, WorkingLine, value_of

ZERO = Decimal(0)
ON_TRACK_PERCENT = Decimal(90)
"""From this share of what was planned on, a running commitment is on track and no shortfall is raised."""


@dataclass(frozen=True, slots=True)
class Promised:
    """What a commitment is valued with for ever. ``unit_value`` None: it is counted, not valued."""

    label: str
    unit: str
    quantity: Decimal
    unit_value: Decimal | None
    attribution_percent: Decimal
    additionality: Additionality = ALL_ADDITIONAL
    source: str = ""

    def worth(self, quantity: Decimal) -> Working:
        """What that many units are worth at the frozen value."""
        return value_of(
            quantity=quantity,
            unit_value=self.unit_value,
            attribution_percent=self.attribution_percent,
            additionality=self.additionality,
            unit=self.unit,
            source=self.source,
        )

    @property
    def is_valued(self) -> bool:
        return self.unit_value is not None


@dataclass(frozen=True, slots=True)
class Gap:
    """Where one commitment stands on a day. ``answered`` is what earlier remedies took the place of."""

    as_at: date
    due: Decimal
    """Planned to be delivered by then."""
    answered: Decimal
    verified: Decimal
    has_ended: bool
    """Nothing more is planned after that day."""

    @property
    def planned(self) -> Decimal:
        """What is still owed by then: planned to date, less what a remedy took the place of."""
        return self.due - self.answered

    @property
    def missing(self) -> Decimal:
        """Quantity that is missing; 0 when nothing is."""
        return max(self.planned - self.verified, ZERO)


def gap_now(
    *, as_at: date, due: Decimal, verified: Decimal, answered: Decimal, has_ended: bool
) -> Gap:
    return Gap(as_at, due, min(answered, due), verified, has_ended)


def standing_word(gap: Gap) -> str:
    """``not_due``, ``on_track``, ``behind``, ``missed`` or ``complete``: on unrounded numbers."""
    if gap.due <= 0:
        return "not_due"
    if gap.missing == 0:
        return "complete" if gap.has_ended else "on_track"
    if gap.has_ended:
        return "missed"
    is_near = gap.verified * 100 >= gap.planned * ON_TRACK_PERCENT
    return "on_track" if is_near else "behind"


def why_no_shortfall(gap: Gap, unit: str) -> str:
    """Why nothing can be raised here now; empty when the commitment is behind or missed."""
    day = uk_date(gap.as_at)
    if gap.due <= 0:
        return f"Nothing of this commitment was due by {day}, so there is no shortfall."
    if gap.missing == 0:
        if gap.answered:
            return (
                "What is missing is answered by an earlier remedy. There is no further shortfall."
            )
        return f"All that was planned by {day} is verified, so there is no shortfall."
    if standing_word(gap) == "on_track":
        part = f"{measured(gap.verified, unit)} of {measured(gap.planned, unit)}"
        return (
            f"This commitment is on track: {part} planned by {day} is verified, which is "
            f"{quantity_text(ON_TRACK_PERCENT)}% or more. A shortfall is raised when it is behind."
        )
    return ""


def gap_working(promised: Promised, gap: Gap) -> tuple[WorkingLine, ...]:
    """The sum of a shortfall, line by line: first the quantity, then what it is worth."""
    unit = promised.unit
    lines = [WorkingLine(f"Planned by {uk_date(gap.as_at)}", measured(gap.due, unit))]
    if gap.answered:
        lines.append(
            WorkingLine("Less what an earlier remedy answers", measured(gap.answered, unit))
        )
    lines += [
        WorkingLine("Less what is verified", measured(gap.verified, unit)),
        WorkingLine("Missing", measured(gap.missing, unit)),
    ]
    worth = promised.worth(gap.missing)
    return (*lines, *(line for line in worth.lines if line.label != "Quantity"))
