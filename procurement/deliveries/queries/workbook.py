"""Claims in a workbook: what a supplier may claim in one, the workbook itself, and what a file comes to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from procurement.action_plans import queries as action_plans
from procurement.awards import queries as awards
from procurement.awards.vocabulary import ContractStatus
from procurement.deliveries.models import Claim
from procurement.deliveries.permissions import CLAIM_REASON
from procurement.deliveries.queries.claims import shown_quantity
from procurement.deliveries.queries.drafts import promise_of
from procurement.deliveries.rules import claimable_quarters
from procurement.deliveries.rules.uploads import BookRow, Checked, Claimable, Entered
from procurement.deliveries.vocabulary import ClaimStatus
from procurement.ledger.queries import commitment_sums
from procurement.ledger.vocabulary import Basis
from socialvalue.accounts.permissions import is_supplier
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible
from socialvalue.core.money import measured, pounds_from_pence
from socialvalue.core.periods import quarter_label
from toms.frameworks.vocabulary import Aggregation

ONE_A_QUARTER = (Aggregation.LAST, Aggregation.NONE)
LIVE = (ClaimStatus.SUBMITTED, ClaimStatus.RETURNED, ClaimStatus.VERIFIED)
HUNDRED = Decimal(100)


def contracts_to_claim(actor: Actor, contract_id: int | None = None) -> list[Any]:
    """The supplier's signed contracts, or the one named. NotAllowed for the buyer, NotVisible for another's."""
    if not is_supplier(actor):
        raise NotAllowed(CLAIM_REASON)
    rows = awards.contracts_for(actor).exclude(status=ContractStatus.AWARDED)
    if contract_id is None:
        return list(rows)
    found = list(rows.filter(pk=contract_id))
    if not found:
        raise NotVisible
    return found


def claimable_of(actor: Actor, contract_id: int | None, today: date) -> dict[int, Claimable]:
    """Every commitment the supplier may claim for, by id, in a handful of queries however many there are."""
    contracts = {row.pk: row for row in contracts_to_claim(actor, contract_id)}
    commitments = awards.commitments_of_contracts(contracts)
    alone = [row.id for row in commitments if row.measure.aggregation in ONE_A_QUARTER]
    taken = _taken(alone)
    found = {}
    for row in commitments:
        contract = contracts[row.contract_id]
        promise = promise_of(row, contract)
        found[row.id] = Claimable(
            commitment_id=row.id,
            contract_id=row.contract_id,
            authority_id=contract.authority_id,
            promise=promise,
            quarters=frozenset(claimable_quarters(promise, today)),
            stands_alone=row.measure.aggregation in ONE_A_QUARTER,
            taken=frozenset(taken.get(row.id, ())),
            unit_value=row.unit_value,
            attribution=row.attribution_percent / HUNDRED,
            kept=row.measure.additionality.kept,
        )
    return found


def _taken(commitment_ids: Sequence[int]) -> dict[int, set[date]]:
    rows = Claim.objects.filter(commitment_id__in=commitment_ids, status__in=LIVE).order_by()
    found: dict[int, set[date]] = {}
    for pk, quarter in rows.values_list("commitment_id", "quarter").distinct():
        found.setdefault(pk, set()).add(quarter)
    return found


# --- the workbook ---------------------------------------------------------------------------------


def claims_book(actor: Actor, contract_id: int | None, today: date) -> list[BookRow]:
    """A row for each commitment and quarter that has begun, contract by contract, oldest quarter first."""
    contracts = {
        row.pk: row
        for row in contracts_to_claim(actor, contract_id)
        if row.status == ContractStatus.LIVE
    }
    milestones = [
        row for row in action_plans.due_milestones(actor, today) if row.contract_id in contracts
    ]
    commitments = awards.commitment_infos(row.commitment_id for row in milestones)
    claimed = commitment_sums(commitments, basis=Basis.CLAIMED)
    alone = [pk for pk, row in commitments.items() if row.measure.aggregation in ONE_A_QUARTER]
    taken = _taken(alone)
    rows = []
    for one in milestones:
        info, contract = commitments[one.commitment_id], contracts[one.contract_id]
        measure, sums = info.measure, claimed.get((one.commitment_id, one.quarter))
        rows.append(
            BookRow(
                commitment_id=info.id,
                quarter=one.quarter,
                contract=f"{contract.title} ({contract.reference})",
                authority=contract.authority.name,
                measure=measure.label,
                counted=_counted(info),
                promised=measured(one.quantity, measure.unit),
                claimed=""
                if sums is None or not (sums.quantity or sums.denominator)
                else shown_quantity(sums.quantity, sums.denominator or None, measure.unit),
                is_rate=measure.is_rate,
                is_taken=one.quarter in taken.get(info.id, ()),
            )
        )
    return sorted(rows, key=lambda row: (row.contract, row.measure, row.commitment_id, row.quarter))


def _counted(info: awards.CommitmentInfo) -> str:
    measure = info.measure
    if measure.is_rate:
        return f"{measure.numerator_label}, out of: {measure.denominator_label}"
    return "pounds (£)" if info.is_in_pounds else measure.unit


# --- what a file comes to -------------------------------------------------------------------------


def preview_of(checked: Checked, first: int) -> dict[str, Any]:
    """What would be sent, as JSON: sums a contract and measure, and the first rows. Money as pence, numbers as text."""
    ids = {row.claimable.commitment_id for row in checked.rows}
    infos = awards.commitment_infos(ids)
    briefs = awards.contract_briefs(row.contract_id for row in infos.values())
    before = _totals(ids)
    sums: dict[int, _Sum] = {}
    for row in checked.rows:
        sums.setdefault(row.claimable.commitment_id, _Sum()).add(row)
    contracts: dict[int, dict[str, Any]] = {}
    for info in sorted(infos.values(), key=lambda one: (one.measure.code_sort, one.id)):
        brief = briefs[info.contract_id]
        part = contracts.setdefault(
            brief.id,
            {
                "id": brief.id,
                "title": brief.title,
                "reference": brief.reference,
                "authority": brief.authority_name,
                "rows": 0,
                "pence": 0,
                "measures": [],
            },
        )
        total = sums[info.id]
        part["rows"] += total.rows
        part["pence"] += total.pence
        part["measures"].append(_measure(info, total, before.get(info.id, Decimal(0))))
    return {
        "contracts": sorted(contracts.values(), key=lambda part: (part["title"], part["id"])),
        "repeats": repeats_of(checked.rows),
        "first": [
            _first(row, infos[row.claimable.commitment_id], briefs) for row in checked.rows[:first]
        ],
    }


@dataclass(slots=True)
class _Sum:
    rows: int = 0
    quantity: Decimal = Decimal(0)
    whole: Decimal = Decimal(0)
    pence: int = 0

    def add(self, row: Entered) -> None:
        self.rows += 1
        self.quantity += row.quantity
        self.whole += row.denominator or 0
        self.pence += row.value_pence


def _measure(info: awards.CommitmentInfo, total: _Sum, before: Decimal) -> dict[str, Any]:
    measure = info.measure
    found: dict[str, Any] = {
        "id": info.id,
        "label": measure.label,
        "rows": total.rows,
        "pence": total.pence if info.unit_value is not None else None,
    }
    if measure.adds_up:
        found["quantity"] = measured(total.quantity, measure.unit)
        found["before"] = measured(before, measure.unit)
        found["promised"] = measured(info.quantity, measure.unit)
        found["is_over"] = before + total.quantity > info.quantity
    elif measure.is_rate:
        found["quantity"] = shown_quantity(total.quantity, total.whole, "")
    if info.unit_value is not None:
        unit = [line for line in info.working.lines if line.label not in ("Quantity", "Value")]
        found["working"] = [
            ["Quantity of all rows", measured(total.quantity, measure.unit)],
            *([line.label, line.shown] for line in unit),
            ["Value, each row rounded to the penny", pounds_from_pence(total.pence)],
        ]
    return found


def _first(
    row: Entered, info: awards.CommitmentInfo, briefs: dict[int, awards.ContractBrief]
) -> dict[str, Any]:
    return {
        "line": row.line,
        "contract": briefs[info.contract_id].title,
        "measure": info.measure.label,
        "quarter": quarter_label(row.quarter),
        "quantity": shown_quantity(row.quantity, row.denominator, info.measure.unit),
        "words": row.narrative[:300],
        "district": row.postcode_district,
    }


def _totals(commitment_ids: Iterable[int]) -> dict[int, Decimal]:
    found: dict[int, Decimal] = {}
    for (pk, _), row in commitment_sums(commitment_ids, basis=Basis.CLAIMED).items():
        found[pk] = found.get(pk, Decimal(0)) + row.quantity
    return found


def repeats_of(rows: Sequence[Entered]) -> int:
    """How many rows say exactly what a claim that stands says already: the same file saved again, most likely."""
    ids = {row.claimable.commitment_id for row in rows}
    live = Claim.objects.filter(commitment_id__in=ids, status__in=LIVE).order_by()
    there = set(
        live.values_list(
            "commitment_id", "quarter", "quantity", "denominator", "narrative", "postcode_district"
        ).distinct()
    )
    return sum(
        (
            row.claimable.commitment_id, row.quarter, row.quantity, row.denominator, row.narrative,
            row.postcode_district,
        ) in there
        for row in rows
    )  # fmt: skip
