"""How the record says times, verdicts and points."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from procurement.evaluations.rules import Verdict
from procurement.procurements.vocabulary import EstimateBasis
from procurement.tenders.rules import points_text
from socialvalue.core.clock import LONDON
from socialvalue.core.money import pounds
from socialvalue.core.periods import uk_moment

NONE = "–"


def moment(at: datetime | None) -> str:
    """To the minute, in London."""
    return uk_moment(at.astimezone(LONDON)) if at else NONE


def to_the_second(at: datetime) -> str:
    """For what a second may decide: ``9 September 2026, 11:59:59 UK time``."""
    local = at.astimezone(LONDON)
    return f"{uk_moment(local).rpartition(',')[0]}, {local:%H:%M:%S} UK time"


def verdict_text(verdict: Verdict) -> str:
    if verdict.not_applicable:
        return "Not applicable"
    if verdict.mark is not None:
        return str(verdict.mark)
    return "Met" if verdict.is_met else "Not met"


def spread_text(verdicts: Iterable[Verdict]) -> str:
    """``2 to 5`` of the marks that count; the words where they are no marks."""
    said = list(verdicts)
    marks = [row.mark for row in said if row.mark is not None]
    others = sorted({verdict_text(row).lower() for row in said if row.mark is None})
    found = [str(mark) for mark in sorted({min(marks), max(marks)})] if marks else []
    return ", ".join([" to ".join(found), *others] if found else others) or "none"


def points(value: Decimal) -> str:
    return points_text(value)


def price_text(price: Decimal | None) -> str:
    return "None" if price is None else pounds(price)


def with_vat(value: Decimal, basis: str) -> str:
    """``£170,000 excluding VAT``."""
    return f"{pounds(value)} {'including' if basis == EstimateBasis.INCL else 'excluding'} VAT"
