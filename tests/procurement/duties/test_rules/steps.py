"""What these tests share: the law as the file has it, and the facts of a procurement."""

from __future__ import annotations

import csv
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

from procurement.duties.rules import DutyFacts, duties_of, read_rules
from procurement.duties.vocabulary import DutyState
from procurement.policies.rules import ThresholdRow, threshold_for
from procurement.policies.vocabulary import AuthorityType, Category
from tests.factories.policies import law_of_the_file

ROOT = Path(__file__).resolve().parents[4] / "procurement"
RULES = read_rules(
    json.loads((ROOT / "duties/data/duties.json").read_text(encoding="utf-8"))["rules"]
)


with (ROOT / "policies/data/bank-holidays.csv").open(encoding="utf-8") as rows:
    HOLIDAYS = {date.fromisoformat(row["day"]) for row in csv.DictReader(rows)}


LAW = law_of_the_file()
COUNCIL = (AuthorityType.SUB_CENTRAL, "other_than_central", "any")
TODAY = date(2026, 11, 22)
PENNY = Decimal("0.01")


def lines_on(day: date) -> dict[str, ThresholdRow]:
    return {row.category: row for row in LAW if row.authority_type in COUNCIL and row.holds_on(day)}


def facts(
    gross: Decimal | str = "6000000",
    commenced: date = date(2026, 5, 1),
    category: str = Category.SERVICES,
    **more: object,
) -> DutyFacts:
    """Services of £6m including VAT, commenced on 1 May 2026, unless said otherwise."""
    amount = Decimal(gross)
    net = (amount / Decimal("1.2")).quantize(PENNY)
    values = {
        "estimate_net": net,
        "estimate_gross": amount,
        "value_net": net,
        "value_gross": amount,
        **more,
    }
    return DutyFacts(
        category=category,
        commenced_on=commenced,
        threshold=threshold_for(LAW, category=category, commenced_on=commenced),
        lines=lines_on(commenced),
        **values,  # type: ignore[arg-type]
    )


def listed(some: DutyFacts, today: date = TODAY):
    return duties_of(some, RULES, HOLIDAYS, today)


def of(slug: str, some: DutyFacts, today: date = TODAY, occurrence: str = ""):
    (found,) = [d for d in listed(some, today) if d.slug == slug and d.occurrence == occurrence]
    return found


def state(slug: str, some: DutyFacts, today: date = TODAY) -> DutyState:
    return of(slug, some, today).state


LIVE = {
    "awarded_on": date(2026, 6, 1),
    "starts_on": date(2026, 7, 1),
    "ends_on": date(2028, 12, 31),
}
NA = DutyState.DOES_NOT_APPLY
