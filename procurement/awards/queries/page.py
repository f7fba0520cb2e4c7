"""The page of one contract, for both its parties."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from procurement.awards.permissions import (
    can_end,
    can_read_judgement,
    is_buying,
    who_sees_contract,
)
from procurement.awards.queries.commitments import (
    ChangeInfo,
    CommitmentProgress,
    changes_of,
    progress_of,
)
from procurement.awards.queries.contracts import ZERO, ContractBrief, brief_of, contract_for
from procurement.awards.queries.signing import (
    SigningView,
    StandstillInfo,
    issued_on,
    signing_of,
    standstill_of_award,
)
from procurement.awards.queries.summaries import has_summary
from procurement.awards.vocabulary import ContractStatus
from socialvalue.accounts.rules import Sight, the_region
from socialvalue.audit.queries import history_of
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.periods import quarter_start
from toms.priorities import queries as priorities

if TYPE_CHECKING:
    from procurement.awards.models import Contract


@dataclass(frozen=True, slots=True)
class ContractView:
    """The page of one contract."""

    brief: ContractBrief
    reason: str
    awarded_at: datetime
    progress: tuple[CommitmentProgress, ...]
    committed: Decimal
    claimed: Decimal
    evidenced: Decimal
    verified: Decimal
    history: tuple[tuple[str, datetime, str], ...]
    who_can_see: tuple[Sight, ...]
    is_buying: bool
    can_read_judgement: bool
    """The actor may read how the bids were judged."""
    approved_by: str
    standstill: StandstillInfo | None
    signing: SigningView | None
    """From award to signature; None once it is signed."""
    my_summary: int | None
    """The tender whose summary the supplier may read, once it is issued."""
    can_end: bool
    changes: tuple[ChangeInfo, ...]
    """What the parties changed while the contract ran, oldest first."""
    served: tuple[priorities.Served, ...]
    """The statements in force when the procurement commenced, with what the commitments serve of them."""

    @property
    def late_quarter(self) -> date | None:
        """The last quarter that its supplier can still claim late, once the contract is closed."""
        brief = self.brief
        if self.is_buying or not (brief.has_ended and self.progress):
            return None
        return quarter_start(brief.last_day) if brief.last_day >= brief.starts_on else None

    @property
    def claimed_entries(self) -> int:
        return sum(row.claimed.entries for row in self.progress)

    @property
    def evidenced_entries(self) -> int:
        return sum(row.evidenced.entries for row in self.progress)

    @property
    def verified_entries(self) -> int:
        return sum(row.verified.entries for row in self.progress)


def contract_page(actor: Actor, contract_id: int) -> ContractView:
    """Everything the page of a contract shows, to either party. NotVisible for anybody else."""
    contract = contract_for(actor, contract_id)
    award = contract.award
    progress = progress_of(contract_id)
    buying = is_buying(actor, contract)
    return ContractView(
        brief=brief_of(contract),
        reason=award.reason,
        awarded_at=award.decided_at,
        progress=progress,
        committed=sum((row.commitment.value or ZERO for row in progress), ZERO),
        claimed=sum((row.claimed.value or ZERO for row in progress), ZERO),
        evidenced=sum((row.evidenced.value or ZERO for row in progress), ZERO),
        verified=sum((row.verified.value or ZERO for row in progress), ZERO),
        history=_history(contract, with_bidders=buying),
        who_can_see=(
            *who_sees_contract(
                authority=(contract.authority_id, contract.authority.name),
                supplier=(contract.supplier_id, contract.supplier.name_now),
                what="the contract, what was promised and what was delivered",
                supplier_waits=_supplier_waits(contract),
            ),
            the_region("totals, not this page"),
        ),
        is_buying=buying,
        can_read_judgement=buying and can_read_judgement(actor, contract.authority_id),
        approved_by=str(award.approved_by) if award.approved_by else "",
        standstill=standstill_of_award(award.pk),
        signing=signing_of(actor, contract),
        my_summary=_my_summary(actor, award.bid.tender_id),
        can_end=can_end(actor, contract)
        and contract.status == ContractStatus.LIVE
        and contract.ends_on < clock.today(),
        changes=tuple(changes_of(contract_id)),
        served=tuple(
            priorities.served(
                [row.commitment.measure.id for row in progress],
                contract.procurement.commenced_on,
                # A council's own plan is read by the council: its supplier sees what is national and regional.
                contract.authority_id if buying else None,
            )
        ),
    )


def _supplier_waits(contract: Contract) -> bool:
    """The supplier does not see the contract yet."""
    return contract.status == ContractStatus.AWARDED and issued_on(contract.award_id) is None


def _my_summary(actor: Actor, tender_id: int) -> int | None:
    return tender_id if has_summary(actor, tender_id) else None


def _history(contract: Contract, *, with_bidders: bool) -> tuple[tuple[str, datetime, str], ...]:
    """Newest first. What was told to which bidder is for the authority's eyes only."""
    lines = history_of(target_type="contract", target_id=contract.pk)
    if with_bidders:
        lines += history_of(target_type="award", target_id=contract.award_id)
    return tuple(
        (line.sentence, line.at, ", ".join(filter(None, (line.who, line.organisation))))
        for line in sorted(lines, key=lambda line: line.at, reverse=True)
    )
