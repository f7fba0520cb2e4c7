"""How a plan stood before: one snapshot a version, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from procurement.action_plans.models import PlanRevision
from procurement.awards import queries as awards
from socialvalue.core.money import measured
from socialvalue.core.periods import quarter_label, uk_date


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One commitment as it was spread in a version: quarter and quantity, both as text."""

    label: str
    quarters: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RevisionView:
    """What a version changed, from the one before it; the first shows the whole plan."""

    version: int
    reason: str
    at: datetime
    by: str
    lines: tuple[RevisionLine, ...]
    is_current: bool

    @property
    def title(self) -> str:
        """``Version 2 (as it stands), 9 September 2021``."""
        now = " (as it stands)" if self.is_current else ""
        return f"Version {self.version}{now}, {uk_date(self.at.date())}"


def revisions_of(plan_id: int, version_now: int) -> list[RevisionView]:
    """Every version kept of a plan, newest first, each with the commitments that it spread otherwise than before."""
    rows = list(
        PlanRevision.objects.filter(plan_id=plan_id).select_related("made_by").order_by("version")
    )
    ids = {int(key) for row in rows for key in row.quarters}
    infos = awards.commitment_infos(ids)
    found = []
    before: dict[str, dict[str, str]] = {}
    for row in rows:
        lines = [
            _line(infos[int(key)], quarters)
            for key, quarters in row.quarters.items()
            if before.get(key) != quarters and int(key) in infos
        ]
        found.append(
            RevisionView(
                row.version,
                row.reason,
                row.made_at,
                str(row.made_by) if row.made_by else "The system",
                tuple(lines),
                row.version == version_now,
            )
        )
        before = row.quarters
    return found[::-1]


def _line(info: awards.CommitmentInfo, quarters: dict[str, str]) -> RevisionLine:
    return RevisionLine(
        info.measure.label,
        tuple(
            (quarter_label(date.fromisoformat(key)), measured(Decimal(text), info.measure.unit))
            for key, text in sorted(quarters.items())
        ),
    )
