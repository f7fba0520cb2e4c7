"""Where a procurement stands, what is missing and what comes next: read off the facts. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from procurement.action_plans.vocabulary import PlanStatus
from procurement.awards.rules import Gate
from procurement.awards.vocabulary import ContractStatus
from procurement.evaluations.vocabulary import EvaluationStatus
from procurement.policies.vocabulary import Route
from procurement.procurements.vocabulary import ProcurementSource, ProcurementStatus
from procurement.tenders.vocabulary import TenderStatus
from procurement.threads.vocabulary import Doer, StageKey, StageState
from socialvalue.core.money import count_text
from socialvalue.core.periods import uk_date


@dataclass(frozen=True, slots=True)
class ThreadFacts:
    """What the rooms say about one procurement. Counts are 0 where a stage is not reached."""

    status: str
    source: str
    route: str
    has_note: bool = False
    tender_status: str = ""
    lacks_consideration: bool = False
    """The Social Value Act asks for a record that is not there."""
    tender_missing: Sequence[str] = ()
    is_past_deadline: bool = False
    deadline_shown: str = ""
    not_ready_to_open: Sequence[str] = ()
    """What the panel still lacks before the bids may be opened."""
    first_opener: str = ""
    """Who opened them first, while a second person is still to confirm."""
    evaluation_status: str = ""
    bids: int = 0
    bids_passed: int = 0
    marks_missing: int = 0
    """Of all evaluators together."""
    panel_lacks: Sequence[str] = ()
    """Whom a recusal has left the panel without, while the bids are being marked."""
    locks_missing: int = 0
    """Evaluators whose marks are complete, or not, and not locked."""
    moderations_missing: int = 0
    is_proposed: bool = False
    """An award waits for a second person."""
    contract_status: str = ""
    gate: str = ""
    """What an awarded contract passes next before it is signed."""
    signed_from: date | None = None
    """The first day it may be signed, where a standstill is running."""
    has_contract_ended: bool = False
    plan_status: str = ""
    plan_waits_for_supplier: bool = False
    """The authority agreed the plan, the supplier has not."""
    next_due_on: date | None = None
    due_unclaimed: int = 0
    claims: int = 0
    claims_waiting: int = 0
    claims_returned: int = 0
    claims_verified: int = 0

    @property
    def is_light_touch(self) -> bool:
        return self.route == Route.LIGHT_TOUCH and not self.tender_status

    @property
    def was_awarded_elsewhere(self) -> bool:
        """A published notice of an award: nothing of the tender or the contract is kept here."""
        return (
            self.source == ProcurementSource.NOTICE
            and not self.tender_status
            and self.status in (ProcurementStatus.AWARDED, ProcurementStatus.COMPLETE)
        )

    @property
    def is_divided(self) -> bool:
        """It is tendered in lots, each a procurement of its own."""
        return self.status == ProcurementStatus.DIVIDED

    @property
    def is_awaiting_signature(self) -> bool:
        return self.contract_status == ContractStatus.AWARDED

    @property
    def is_withdrawn(self) -> bool:
        return self.status == ProcurementStatus.WITHDRAWN


@dataclass(frozen=True, slots=True)
class StageStand:
    """One stage: state, one line of where it stands, and what it still needs."""

    key: StageKey
    state: StageState
    note: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NextStep:
    """What happens next. ``url_name`` is empty when nobody on the buying side can do it here.

    ``of`` says what the address takes: the procurement or the contract.
    """

    label: str
    who: Doer
    url_name: str = ""
    is_post: bool = False
    of: str = "procurement"


# --- stages -----------------------------------------------------------------------------------


def stages_of(facts: ThreadFacts) -> list[StageStand]:
    """Every stage this procurement goes through. Those done come first, then what it is at."""
    keys = _keys(facts)
    ended = facts.is_withdrawn or facts.was_awarded_elsewhere or facts.is_divided
    stands = []
    is_current_found = False
    for key in keys:
        note, is_done, missing = _STAGE_FACTS[key](facts)
        if is_done:
            state = StageState.DONE
        elif ended:
            state, note, missing = StageState.SKIPPED, _why_skipped(facts), ()
        elif facts.status == ProcurementStatus.COMPLETE:
            state, missing = StageState.SKIPPED, ()
        elif is_current_found and not _has_begun(key, facts):
            state, missing = StageState.NEXT, ()
        else:
            state, is_current_found = StageState.CURRENT, True
        stands.append(StageStand(key, state, note, tuple(missing)))
    return stands


def _has_begun(key: StageKey, facts: ThreadFacts) -> bool:
    """Delivery, proof and reporting go round every quarter: they run side by side, also while a plan is agreed anew."""
    begun = {
        StageKey.CLAIMS: facts.claims,
        StageKey.VERIFICATION: facts.claims_verified + facts.claims_waiting,
        StageKey.REPORTING: facts.claims_verified,
    }
    return begun.get(key, 0) > 0


def _keys(facts: ThreadFacts) -> list[StageKey]:
    if facts.is_light_touch and not facts.was_awarded_elsewhere:
        return [StageKey.ROUTE, StageKey.NOTE]
    return [key for key in StageKey if key != StageKey.NOTE]


def _why_skipped(facts: ThreadFacts) -> str:
    if facts.is_divided:
        return "In its lots"
    return "Withdrawn" if facts.is_withdrawn else "Not kept here"


def _route(facts: ThreadFacts) -> tuple[str, bool, Sequence[str]]:
    return Route(facts.route).label if facts.route else "Not routed", bool(facts.route), ()


def _note(facts: ThreadFacts) -> tuple[str, bool, Sequence[str]]:
    if facts.has_note:
        return "Finished", True, ()
    return "To be written", False, ("The note on how social value was considered",)


def _tender(facts: ThreadFacts) -> tuple[str, bool, Sequence[str]]:
    if facts.tender_status in ("", TenderStatus.DRAFT):
        note = "Being written" if facts.tender_status else "Not started"
        return note, False, facts.tender_missing if facts.tender_status else _before_a_tender(facts)
    return "Published", True, ()


def _before_a_tender(facts: ThreadFacts) -> Sequence[str]:
    considered = "What was considered under the Social Value Act"
    return (considered, "The tender") if facts.lacks_consideration else ("The tender",)


def _bids(facts: ThreadFacts) -> tuple[str, bool, Sequence[str]]:
    if facts.tender_status in (TenderStatus.OPENED, TenderStatus.AWARDED):
        return f"{count_text(facts.bids, 'bid')} opened", True, ()
    if facts.tender_status == TenderStatus.PUBLISHED:
        if facts.is_past_deadline:
            return "Deadline passed, sealed", False, _before_opening(facts)
        return f"Sealed until {facts.deadline_shown}", False, ()
    return "Not asked yet", False, ()


def _before_opening(facts: ThreadFacts) -> Sequence[str]:
    if facts.not_ready_to_open:
        return facts.not_ready_to_open
    if facts.first_opener:
        return (f"A second person: {facts.first_opener} was the first to open the bids",)
    return ("The bids are not opened yet",)


def _evaluation(facts: ThreadFacts) -> tuple[str, bool, Sequence[str]]:
    if facts.evaluation_status == EvaluationStatus.RANKED:
        return f"{facts.bids_passed} of {count_text(facts.bids, 'bid')} passed", True, ()
    if facts.evaluation_status == EvaluationStatus.OPEN:
        if not facts.bids:
            return "No bids", False, ("No bids were submitted",)
        if facts.panel_lacks:
            return "The panel is not complete", False, facts.panel_lacks
        if facts.marks_missing:
            return "Being marked", False, (f"{count_text(facts.marks_missing, 'mark')} to give",)
        if facts.locks_missing:
            missing = f"{count_text(facts.locks_missing, 'evaluator')} to lock their marks"
            return "Marked, not locked", False, (missing,)
        if facts.moderations_missing:
            missing = f"{count_text(facts.moderations_missing, 'answer')} to moderate"
            return "Being moderated", False, (missing,)
        return "Marked, to be ranked", False, ("The ranking",)
    return "Not started", False, ()


def _award(facts: ThreadFacts) -> tuple[str, bool, Sequence[str]]:
    if facts.is_awaiting_signature:
        return "Awarded, to be signed", False, _before_signature(facts)
    if facts.contract_status:
        return "Awarded", True, ()
    if facts.is_proposed:
        return "Waiting for approval", False, ("A second person’s approval",)
    if facts.was_awarded_elsewhere:
        return "Awarded, from a notice", True, ()
    if facts.evaluation_status == EvaluationStatus.RANKED and not facts.bids_passed:
        return "No bid passed", False, ("No bid passed, so none can be awarded",)
    return "Not awarded", False, ("The award",)


def _before_signature(facts: ThreadFacts) -> Sequence[str]:
    if facts.gate == Gate.SUMMARIES:
        return ("The assessment summaries",)
    if facts.gate == Gate.STANDSTILL:
        return ("The notice that starts the standstill",)
    if facts.signed_from:
        return (f"The standstill: it may be signed from {uk_date(facts.signed_from)}",)
    return ("The signature",)


def _plan(facts: ThreadFacts) -> tuple[str, bool, Sequence[str]]:
    if facts.plan_status == PlanStatus.AGREED:
        return "Agreed", True, ()
    if facts.plan_waits_for_supplier:
        return "Draft", False, ("The supplier has not agreed the plan yet",)
    if facts.plan_status == PlanStatus.DRAFT:
        return "Draft", False, ("The plan is not agreed yet",)
    return "Not started", False, ("The action plan",)


def _claims(facts: ThreadFacts) -> tuple[str, bool, Sequence[str]]:
    missing = []
    if facts.due_unclaimed:
        missing.append(f"{count_text(facts.due_unclaimed, 'milestone')} due without a claim")
    if facts.claims_returned:
        missing.append(f"{count_text(facts.claims_returned, 'claim')} returned to the supplier")
    if not facts.claims:
        return "None claimed yet", False, missing
    return f"{count_text(facts.claims, 'claim')} made", not missing, missing


def _verification(facts: ThreadFacts) -> tuple[str, bool, Sequence[str]]:
    waiting = facts.claims_waiting
    missing = (f"{count_text(waiting, 'claim')} to verify",) if waiting else ()
    if not facts.claims_verified:
        return "None verified yet", False, missing
    return f"{facts.claims_verified} verified", not waiting, missing


def _reporting(facts: ThreadFacts) -> tuple[str, bool, Sequence[str]]:
    if facts.status == ProcurementStatus.COMPLETE:
        return "Complete", True, ()
    return "In the totals" if facts.claims_verified else "Nothing to report yet", False, ()


_STAGE_FACTS = {
    StageKey.ROUTE: _route,
    StageKey.NOTE: _note,
    StageKey.TENDER: _tender,
    StageKey.BIDS: _bids,
    StageKey.EVALUATION: _evaluation,
    StageKey.AWARD: _award,
    StageKey.PLAN: _plan,
    StageKey.CLAIMS: _claims,
    StageKey.VERIFICATION: _verification,
    StageKey.REPORTING: _reporting,
}


# --- what comes next --------------------------------------------------------------------------


def next_step(facts: ThreadFacts) -> NextStep | None:
    """The one thing that moves this procurement on, or None when nothing is left to do here."""
    if facts.is_withdrawn or facts.was_awarded_elsewhere or facts.is_divided:
        return None
    if facts.is_awaiting_signature:
        return _to_signature(facts)
    if facts.contract_status:
        return _after_award(facts)
    if not facts.route:
        return NextStep("Complete the entry", Doer.OFFICER, "procurement:procurements:edit")
    if facts.is_light_touch:
        if facts.has_note:
            return None
        return NextStep("Write the light-touch note", Doer.OFFICER, "procurement:procurements:note")
    if facts.tender_status in ("", TenderStatus.DRAFT):
        return _before_publication(facts)
    if facts.tender_status == TenderStatus.PUBLISHED:
        if facts.is_past_deadline:
            return _opening(facts)
        return NextStep(f"Bids can be made until {facts.deadline_shown}", Doer.BIDDERS)
    return _evaluating(facts)


def _before_publication(facts: ThreadFacts) -> NextStep:
    if not facts.tender_status:
        return NextStep("Start the tender", Doer.OFFICER, "procurement:tenders:start", True)
    if facts.tender_missing:
        return NextStep("Continue the tender", Doer.OFFICER, "procurement:tenders:task_list")
    return NextStep("Check and publish the tender", Doer.OFFICER, "procurement:tenders:publish")


def _opening(facts: ThreadFacts) -> NextStep:
    if facts.not_ready_to_open:
        return NextStep("Complete the panel", Doer.OFFICER, "procurement:evaluations:panel")
    if facts.first_opener:
        return NextStep(
            "Open the bids as the second person", Doer.OPENER, "procurement:bids:opening"
        )
    return NextStep("Open the bids with a second person", Doer.OPENER, "procurement:bids:opening")


def _to_signature(facts: ThreadFacts) -> NextStep:
    of = "contract"
    if facts.gate == Gate.SUMMARIES:
        page = "procurement:awards:summaries"
        return NextStep("Issue the assessment summaries", Doer.OFFICER, page, of=of)
    if facts.gate == Gate.STANDSTILL:
        page = "procurement:awards:standstill"
        return NextStep("Record the notice and start the standstill", Doer.OFFICER, page, of=of)
    if facts.signed_from:
        when = uk_date(facts.signed_from)
        page = "procurement:awards:contract"
        return NextStep(f"The contract can be signed from {when}", Doer.SIGNER, page, of=of)
    return NextStep("Record the signature", Doer.SIGNER, "procurement:awards:sign", of=of)


def _evaluating(facts: ThreadFacts) -> NextStep:
    withdraw = NextStep(
        "Withdraw the procurement", Doer.OFFICER, "procurement:procurements:withdraw"
    )
    if facts.evaluation_status == EvaluationStatus.RANKED:
        if not facts.bids_passed:
            return withdraw
        if facts.is_proposed:
            return NextStep("Approve the award", Doer.APPROVER, "procurement:awards:proposal")
        return NextStep("Propose the award", Doer.OFFICER, "procurement:awards:award")
    if not facts.bids:
        return withdraw
    if facts.panel_lacks:
        return NextStep("Complete the panel", Doer.OFFICER, "procurement:evaluations:panel")
    if facts.marks_missing:
        return NextStep("Mark the bids", Doer.EVALUATOR, "procurement:evaluations:marking")
    if facts.locks_missing:
        return NextStep("Lock your marks", Doer.EVALUATOR, "procurement:evaluations:marking")
    if facts.moderations_missing:
        return NextStep("Moderate the marks", Doer.MODERATOR, "procurement:evaluations:moderation")
    return NextStep("Rank the bids", Doer.OFFICER, "procurement:evaluations:rank", True)


def _after_award(facts: ThreadFacts) -> NextStep | None:
    if facts.contract_status == ContractStatus.ENDED:
        return None
    if not facts.plan_status:
        return NextStep(
            "Start the action plan",
            Doer.MANAGER,
            "procurement:action_plans:start",
            True,
            "contract",
        )
    if facts.claims_waiting:
        label = f"Verify {count_text(facts.claims_waiting, 'claim')}"
        return NextStep(label, Doer.MANAGER, "procurement:verifications:queue", of="none")
    if facts.plan_waits_for_supplier:
        return NextStep("Agree the action plan", Doer.SUPPLIER)
    if facts.plan_status == PlanStatus.DRAFT:
        return NextStep(
            "Agree the action plan", Doer.MANAGER, "procurement:action_plans:plan", of="contract"
        )
    return _while_delivering(facts)


def _while_delivering(facts: ThreadFacts) -> NextStep:
    if facts.claims_returned:
        return NextStep("Mend the claims that were returned", Doer.SUPPLIER)
    if facts.due_unclaimed:
        return NextStep("Claim what was delivered and is due", Doer.SUPPLIER)
    if facts.has_contract_ended:
        return NextStep(
            "Close the contract", Doer.MANAGER, "procurement:awards:end", True, "contract"
        )
    when = f", next due {uk_date(facts.next_due_on)}" if facts.next_due_on else ""
    return NextStep(f"Deliver and claim{when}", Doer.SUPPLIER)
