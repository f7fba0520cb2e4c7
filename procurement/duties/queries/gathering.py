"""What the rooms say about procurements, as the facts that duties are read off."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path

from procurement.awards import queries as awards
from procurement.duties.models import DutyRecord
from procurement.duties.rules import Done, Duty, DutyFacts, DutyRule, duties_of, read_rules
from procurement.policies import queries as policies
from procurement.policies.rules import ThresholdRow
from procurement.policies.vocabulary import AuthorityType
from procurement.procurements.queries import DatedProcurement
from procurement.tenders import queries as tenders

DUTIES = Path(__file__).parent.parent / "data" / "duties.json"
CONSIDERATION = "consideration"
_COUNCIL = (AuthorityType.SUB_CENTRAL, "other_than_central", "any")


@cache
def duty_rules() -> tuple[DutyRule, ...]:
    """The table of duties, read once."""
    return read_rules(json.loads(DUTIES.read_text(encoding="utf-8"))["rules"])


def duties_by_procurement(rows: Sequence[DatedProcurement], today: date) -> dict[int, list[Duty]]:
    """The duties of each of these procurements. The number of queries does not grow with theirs."""
    ids = [row.id for row in rows]
    published = tenders.published_days(ids)
    contracts = awards.contract_dates(ids)
    done = _done(ids)
    lines = _lines({row.commenced_on for row in rows})
    rules, holidays = duty_rules(), policies.bank_holidays()
    found = {}
    for row in rows:
        facts = _facts(
            row,
            published.get(row.id),
            contracts.get(row.id),
            done.get(row.id, []),
            lines[row.commenced_on],
        )
        found[row.id] = duties_of(facts, rules, holidays, today)
    return found


def _facts(
    row: DatedProcurement,
    published_on: date | None,
    contract: awards.ContractDates | None,
    done: Sequence[Done],
    lines: Mapping[str, ThresholdRow],
) -> DutyFacts:
    # Before the award the dates of the record are hopes, and no clock starts on a hope.
    starts_on, ends_on = (row.starts_on, row.ends_on) if row.is_awarded else (None, None)
    awarded_on = row.awarded_on
    if contract is not None:
        starts_on, ends_on, awarded_on = contract.starts_on, contract.ends_on, contract.awarded_on
    if row.considered_on is not None:
        kept = Done(
            CONSIDERATION, "", row.considered_on, "Consideration record", by=row.considered_by
        )
        done = [kept, *(one for one in done if one.slug != CONSIDERATION)]
    return DutyFacts(
        category=row.category,
        commenced_on=row.commenced_on,
        threshold=row.threshold,
        estimate_net=row.estimate_net,
        estimate_gross=row.estimate_gross,
        value_net=row.value_net,
        value_gross=row.value_gross,
        lines=lines,
        published_on=published_on,
        awarded_on=awarded_on,
        starts_on=starts_on,
        ends_on=ends_on,
        is_withdrawn=row.is_withdrawn,
        taken_in_on=row.taken_in_on,
        done=done,
    )


def _done(ids: Sequence[int]) -> dict[int, list[Done]]:
    """The latest record of each time of each duty, with how often it was put right."""
    latest: dict[tuple[int, str, str], Done] = {}
    rows = DutyRecord.objects.filter(procurement_id__in=ids).select_related("recorded_by")
    for row in rows.order_by("id"):
        key = (row.procurement_id, row.duty, row.occurrence)
        before = latest.get(key)
        by = str(row.recorded_by) if row.recorded_by else ""
        corrections = before.corrections + 1 if before else 0
        latest[key] = Done(
            row.duty, row.occurrence, row.done_on, row.reference, row.note, by, corrections
        )
    found: dict[int, list[Done]] = {}
    for (pk, _, _), one in latest.items():
        found.setdefault(pk, []).append(one)
    return found


def _lines(days: set[date]) -> dict[date, dict[str, ThresholdRow]]:
    """For each day, the dated amounts that bind a council, by category; one query."""
    rows = [row for row in policies.threshold_rows() if row.authority_type in _COUNCIL]
    return {day: {row.category: row for row in rows if row.holds_on(day)} for day in days}
