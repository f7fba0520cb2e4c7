"""The supplier's inbox: what was promised and is due, over all contracts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.db.models import Max, Q, QuerySet

from procurement.action_plans import queries as action_plans
from procurement.awards import queries as awards
from procurement.deliveries.models import Claim
from procurement.deliveries.permissions import CLAIM_REASON
from procurement.deliveries.queries.claims import (
    ClaimFilters,
    ClaimRow,
    claim_rows,
    claims_for,
    counts_by_status,
    shown_quantity,
)
from procurement.deliveries.queries.delegations import WaitingFigures, figures_waiting
from procurement.deliveries.queries.updates import nil_returns
from procurement.deliveries.vocabulary import COUNTED_AS_CLAIMED, ClaimStatus, InboxShow
from procurement.ledger.queries import QuarterSum, commitment_sums
from procurement.ledger.vocabulary import Basis
from socialvalue.accounts.permissions import is_supplier
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed
from socialvalue.core.money import pounds, quantity_text

RETURNED_SHOWN = 5
HANDLED = ("claimed", "returned", "behind", "nothing")
"""Nothing is to be claimed now: it is, or it was sent back and is listed as such, or nothing was delivered."""


@dataclass(frozen=True, slots=True)
class DueRow:
    """A commitment in a quarter: promised, and what stands claimed and verified. None: nothing was reported.

    The promise of a rate is a percentage; what is claimed and verified of it is a part with its whole.
    ``returned_id`` names a claim of it that was sent back, ``nil_id`` the word that nothing was delivered.
    """

    commitment: awards.CommitmentInfo
    contract: awards.ContractBrief
    quarter: date
    due_on: date
    promised: Decimal
    claimed: Decimal | None
    verified: Decimal | None
    is_overdue: bool
    is_current: bool
    claimed_of: Decimal | None = None
    verified_of: Decimal | None = None
    returned_id: int | None = None
    nil_id: int | None = None

    @property
    def is_done(self) -> bool:
        """Nothing is left to claim. A figure that does not add up is done once anything is claimed."""
        if self.claimed is None:
            return False
        return not self.commitment.measure.adds_up or self.claimed >= self.promised

    @property
    def status(self) -> str:
        """A key of the status component."""
        if self.is_done:
            return "claimed"
        if self.returned_id is not None:
            return "returned"
        if self.nil_id is not None:
            return "nothing"
        if self.is_overdue:
            return "behind" if self.claimed else "overdue"
        return "at_risk" if self.claimed else "not_due" if self.is_current else "due"

    @property
    def may_be_nothing(self) -> bool:
        """Nothing was said of it yet, so that nothing can be reported in one click."""
        return self.claimed is None and self.status in ("overdue", "due", "not_due")

    @property
    def status_words(self) -> str:
        """What a status key does not say by itself."""
        words = {
            "not_due": "Due this quarter",
            "at_risk": "Part claimed",
            "behind": "Less than promised",
            "nothing": "Nothing this period",
        }
        return words.get(self.status, "")

    @property
    def unit_words(self) -> str:
        """What the figures count, where they do not say it themselves as ``£500`` and ``90%`` do."""
        measure = self.commitment.measure
        return "" if measure.is_rate or self.commitment.is_in_pounds else f"in {measure.unit}"

    @property
    def promised_shown(self) -> str:
        """``12``, ``£500``, or ``90%`` for a rate."""
        if self.commitment.measure.is_rate:
            return f"{quantity_text(self.promised)}%"
        return self._shown(self.promised, None)

    @property
    def claimed_shown(self) -> str:
        """``12``, ``£500``, or ``46 of 50 (92%)`` for a rate."""
        return self._shown(self.claimed, self.claimed_of)

    @property
    def verified_shown(self) -> str:
        return self._shown(self.verified, self.verified_of)

    def _shown(self, found: Decimal | None, whole: Decimal | None) -> str:
        if found is None:
            return "Not reported"
        if self.commitment.measure.is_rate and whole:
            return shown_quantity(found, whole, "")
        return pounds(found) if self.commitment.is_in_pounds else quantity_text(found)


@dataclass(frozen=True, slots=True)
class InboxContract:
    contract: awards.ContractBrief
    due: list[DueRow]


@dataclass(frozen=True, slots=True)
class InboxQuarter:
    quarter: date
    how_many: int
    is_late: bool


@dataclass(frozen=True, slots=True)
class InboxPart:
    """The rows of one contract on one page of the inbox."""

    contract: awards.ContractBrief
    rows: list[DueRow | ClaimRow]

    @property
    def quarters(self) -> list[InboxQuarter]:
        """What is due of it, by quarter, newest first: each is reported on one page."""
        due = [row for row in self.rows if isinstance(row, DueRow)]
        return [
            InboxQuarter(
                day,
                sum(row.quarter == day for row in due),
                any(row.is_overdue for row in due if row.quarter == day),
            )
            for day in sorted({row.quarter for row in due}, reverse=True)
        ]


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page over all contracts: sent back first, then what is due, and how many claims wait or were decided on.

    ``returned`` are the oldest of those sent back; ``returned_count`` counts all, as the other counts do.
    ``short`` counts past quarters of which less is claimed than was promised. ``from_sites``: what came in by links
    and waits to be sent.
    """

    returned: list[ClaimRow]
    returned_count: int
    contracts: list[InboxContract]
    waiting_count: int
    decided: int
    short: int
    from_sites: list[WaitingFigures]

    @property
    def rows(self) -> list[DueRow]:
        """Everything listed, contract by contract."""
        return [row for part in self.contracts for row in part.due]

    @property
    def overdue(self) -> int:
        """Commitments of past quarters of which nothing is claimed."""
        return sum(row.status == "overdue" for row in self.rows)


def inbox(actor: Actor, today: date, *, text: str = "", show: str = InboxShow.ALL) -> Inbox:
    """What the supplier promised that is due this quarter or was in an earlier one, and where each claim stands.

    ``NOW`` leaves out what is claimed in full or reported as nothing, what was sent back (that is listed as returned),
    and what fell short in a past quarter: there is nothing to do about it, unless more was delivered.
    """
    if not is_supplier(actor):
        raise NotAllowed(CLAIM_REASON)
    returned = claims_for(actor, ClaimFilters(statuses=(ClaimStatus.RETURNED,), order="submitted"))
    counts = counts_by_status(actor)
    due: dict[int, list[DueRow]] = {}
    everything = _due_rows(actor, today, returned)
    for row in everything:
        if _is_shown(row, show) and _is_searched(row.contract, row.commitment, text):
            due.setdefault(row.contract.id, []).append(row)
    parts = [InboxContract(rows[0].contract, rows) for rows in due.values()]
    return Inbox(
        returned=claim_rows(returned[:RETURNED_SHOWN]),
        returned_count=counts.get(ClaimStatus.RETURNED, 0),
        contracts=sorted(parts, key=lambda part: (part.contract.title, part.contract.id)),
        waiting_count=counts.get(ClaimStatus.SUBMITTED, 0),
        decided=counts.get(ClaimStatus.VERIFIED, 0) + counts.get(ClaimStatus.REJECTED, 0),
        short=sum(row.status == "behind" for row in everything),
        from_sites=figures_waiting(actor),
    )


def inbox_waiting(actor: Actor, text: str = "") -> QuerySet[Claim]:
    """Claims of the supplier that wait, contract by contract, newest first; all of them or those searched for."""
    if not is_supplier(actor):
        raise NotAllowed(CLAIM_REASON)
    rows = claims_for(actor, ClaimFilters(statuses=(ClaimStatus.SUBMITTED,)))
    for word in text.split():
        rows = rows.filter(
            Q(contract__title__icontains=word)
            | Q(contract__reference__icontains=word)
            | Q(authority__name__icontains=word)
            | Q(commitment__measure__code__icontains=word)
            | Q(commitment__measure__title__icontains=word)
        )
    return rows.order_by("contract__title", "contract_id", "-submitted_at", "-pk")


def _is_shown(row: DueRow, show: str) -> bool:
    if show == InboxShow.SHORT:
        return row.status == "behind"
    return show != InboxShow.NOW or row.status not in HANDLED


def by_contract(rows: Iterable[DueRow | ClaimRow]) -> list[InboxPart]:
    """Rows that stand in the order of their contracts, under a heading each."""
    return [
        InboxPart(found[0].contract, found)
        for found in (list(group) for _, group in groupby(rows, key=lambda row: row.contract.id))
    ]


def _due_rows(actor: Actor, today: date, returned: QuerySet[Claim]) -> list[DueRow]:
    """Every promise that is due, oldest first."""
    milestones = action_plans.due_milestones(actor, today)
    commitments = awards.commitment_infos(row.commitment_id for row in milestones)
    contracts = awards.contract_briefs(row.contract_id for row in milestones)
    claimed = commitment_sums(commitments, basis=Basis.CLAIMED)
    verified = commitment_sums(commitments, basis=Basis.VERIFIED)
    counted = _reported(commitments)
    nils = nil_returns(contracts)
    sent_back = {
        (row["commitment_id"], row["quarter"]): row["latest"]
        for row in returned.order_by().values("commitment_id", "quarter").annotate(latest=Max("pk"))
    }
    found = []
    for row in milestones:
        key = (row.commitment_id, row.quarter)
        claims = claimed.get(key) if key in counted else None
        found.append(
            DueRow(
                commitment=commitments[row.commitment_id],
                contract=contracts[row.contract_id],
                quarter=row.quarter,
                due_on=row.due_on,
                promised=row.quantity,
                claimed=_quantity(claims),
                claimed_of=_whole(claims),
                verified=_quantity(verified.get(key)),
                verified_of=_whole(verified.get(key)),
                is_overdue=row.due_on < today,
                is_current=row.due_on >= today,
                returned_id=sent_back.get(key),
                nil_id=nils.get(key),
            )
        )
    return found


def _quantity(found: QuarterSum | None) -> Decimal | None:
    return None if found is None else found.quantity


def _whole(found: QuarterSum | None) -> Decimal | None:
    return None if found is None else found.denominator


def _is_searched(
    contract: awards.ContractBrief, commitment: awards.CommitmentInfo, text: str
) -> bool:
    searched = (
        f"{contract.title} {contract.reference} {contract.authority_name} "
        f"{commitment.measure.label}"
    ).lower()
    return all(word in searched for word in text.lower().split())


def _reported(commitment_ids: Iterable[int]) -> set[tuple[int, date]]:
    """Commitments and quarters with a claim that counts: nought that was taken back is not a report."""
    rows = Claim.objects.filter(
        commitment_id__in=list(commitment_ids), status__in=COUNTED_AS_CLAIMED
    )
    return set(rows.values_list("commitment_id", "quarter").distinct())
