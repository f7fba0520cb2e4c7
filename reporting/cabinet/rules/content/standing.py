"""What a report says of itself: its period, as at when its figures stand, which issue it replaces."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from reporting.cabinet.rules.content.jsons import Json
from reporting.figures.rules.spans import Span
from socialvalue.core.periods import FinancialYear, uk_date

LONDON = ZoneInfo("Europe/London")


def span_of(content: Json) -> Span:
    return Span(FinancialYear.parse(content["year"]), content["quarter"])


def period_of(content: Json) -> str:
    """``2026 to 2027``, or ``2026 to 2027, quarter 2``."""
    return span_of(content).label


def day_of(moment: str) -> date:
    """The day in London of an ISO moment."""
    return datetime.fromisoformat(moment).astimezone(LONDON).date()


def standing(content: Json, figures_hash: str) -> str:
    """As at when, up to which ledger entry, and the hash of what is frozen."""
    figures = f"Figures as at {content['as_at']}" if content["as_at"] else "No figures posted yet"
    position = (
        f", up to ledger entry {content['ledger_position']}" if content["ledger_position"] else ""
    )
    if not figures_hash:
        return f"Draft. {figures}{position}. They follow the ledger until the report is frozen."
    frozen_on = uk_date(day_of(content["moment"]))
    return f"{figures}{position}. Frozen on {frozen_on}. SHA-256 of the content: {figures_hash}"


def replaces_sentence(content: Json) -> str:
    """``Issue 2. It replaces the issue frozen on 9 September 2021, which stays as it was.``"""
    before = content["replaces"]
    if not before:
        return ""
    frozen_on = uk_date(day_of(before["frozen_at"]))
    return (
        f"Issue {content['issue']}. It replaces the issue frozen on {frozen_on}, "
        f"which stays as it was. SHA-256 of that issue: {before['figures_hash']}"
    )
