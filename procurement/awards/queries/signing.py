"""Where a contract stands between its award and its signature."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from procurement.awards.models import AwardStandstill, AwardSummary, Contract
from procurement.awards.permissions import (
    STANDSTILL_REASON,
    can_award,
    can_read_judgement,
    can_sign,
    is_buying,
)
from procurement.awards.queries.contracts import (
    ContractBrief,
    brief_of,
    contract_brief,
    contract_for,
)
from procurement.awards.rules import (
    RULES,
    CalendarDay,
    Gate,
    LawFacts,
    SigningFacts,
    StandstillRule,
    binding_rule,
    calendar_of,
    first_day_to_sign,
    gates,
    last_day,
    voluntary_rule,
    why_none,
)
from procurement.awards.vocabulary import ContractStatus
from procurement.policies import queries as policies
from procurement.procurements import queries as procurements
from socialvalue.accounts.permissions import is_buyer
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible
from socialvalue.core.periods import uk_date


@dataclass(frozen=True, slots=True)
class StandstillInfo:
    """A standstill as it was recorded."""

    notice_on: date
    notice_reference: str
    ends_on: date
    basis: str
    recorded_by: str
    version: int

    @property
    def first_day_to_sign(self) -> date:
        return first_day_to_sign(self.ends_on)


@dataclass(frozen=True, slots=True)
class SigningStep:
    """One thing between award and signature: ``state`` is a key of the status tags."""

    title: str
    state: str
    note: str
    url_name: str = ""


@dataclass(frozen=True, slots=True)
class NextDeed:
    """The green button: what happens, and where."""

    label: str
    url_name: str


@dataclass(frozen=True, slots=True)
class SigningView:
    """From award to signature, for the page of a contract. ``next`` None: nothing for this person to do now."""

    steps: tuple[SigningStep, ...]
    next: NextDeed | None
    waits: str
    """What everybody waits for, in a sentence, where this person has no button."""
    can_be_signed: bool = False
    """Nothing but the signature is left."""


@dataclass(frozen=True, slots=True)
class StandstillView:
    """The page of the standstill."""

    contract: ContractBrief
    award_id: int
    recorded: StandstillInfo | None
    calendar: tuple[CalendarDay, ...]
    law: str
    """Which rule holds, or why none does, as a sentence."""
    is_mandatory: bool
    notice: str
    needs_summaries: bool
    issued_on: date | None
    may_record: bool
    if_today: date | None
    """The last day, were the notice published today."""

    @property
    def waits_for_summaries(self) -> bool:
        return self.needs_summaries and self.issued_on is None


def law_of(actor: Actor, procurement_id: int) -> LawFacts | None:
    """What the law looks at; None for a procurement without a route. NotVisible outside the authority."""
    row = procurements.dated_procurement(actor, procurement_id)
    if row is None:
        return None
    return LawFacts(
        category=row.category,
        commenced_on=row.commenced_on,
        threshold=row.threshold,
        estimate_net=row.estimate_net,
        estimate_gross=row.estimate_gross,
    )


def issued_on(award_id: int) -> date | None:
    """The day the assessment summaries went out; None before. They go out all at once."""
    rows = AwardSummary.objects.filter(award_id=award_id, issued_at__isnull=False)
    at = rows.order_by("issued_at").values_list("issued_at", flat=True).first()
    return at.astimezone(clock.LONDON).date() if at else None


def signing_facts(actor: Actor, contract: Contract) -> SigningFacts:
    """What a signature depends on. NotVisible outside the buying authority."""
    law = law_of(actor, contract.procurement_id)
    ends_on = (
        AwardStandstill.objects.filter(award_id=contract.award_id)
        .values_list("ends_on", flat=True)
        .first()
    )
    return SigningFacts(
        awarded_on=contract.award.decided_at.astimezone(clock.LONDON).date(),
        needs_summaries=bool(law and law.needs_summaries),
        needs_standstill=bool(law and binding_rule(law)),
        issued_on=issued_on(contract.award_id),
        standstill_ends_on=ends_on,
    )


def standstill_of_award(award_id: int) -> StandstillInfo | None:
    """As it was recorded. The caller has shown that the actor may see the contract."""
    row = AwardStandstill.objects.select_related("recorded_by").filter(award_id=award_id).first()
    if row is None:
        return None
    return StandstillInfo(
        row.notice_on,
        row.notice_reference,
        row.ends_on,
        row.basis,
        str(row.recorded_by),
        row.version,
    )


def standstill_page(actor: Actor, contract_id: int) -> StandstillView:
    """The standstill of a contract with its calendar, for the buying authority. NotVisible for anybody else."""
    contract = contract_for(actor, contract_id)
    if not is_buying(actor, contract):
        raise NotVisible
    law = law_of(actor, contract.procurement_id)
    binding = binding_rule(law) if law else None
    rule = binding or voluntary_rule(law)
    recorded = standstill_of_award(contract.award_id)
    holidays = policies.bank_holidays()
    today = clock.today()
    return StandstillView(
        contract=contract_brief(contract.pk),
        award_id=contract.award_id,
        recorded=recorded,
        calendar=calendar_of(
            _recorded_rule(recorded, rule), recorded.notice_on, recorded.ends_on, holidays
        )
        if recorded
        else (),
        law=_law_sentence(law, binding),
        is_mandatory=binding is not None,
        notice=rule.notice,
        needs_summaries=bool(law and law.needs_summaries),
        issued_on=issued_on(contract.award_id),
        may_record=can_award(actor, contract.authority_id)
        and contract.status == ContractStatus.AWARDED,
        if_today=last_day(rule, today, holidays) if recorded is None else None,
    )


def standstill_to_record(actor: Actor, contract_id: int) -> StandstillView:
    """The same for who records it. NotAllowed without the officer's role."""
    found = standstill_page(actor, contract_id)
    if not can_award(actor, found.contract.authority_id):
        raise NotAllowed(STANDSTILL_REASON)
    return found


def signing_of(actor: Actor, contract: Contract) -> SigningView | None:
    """The steps to the signature for the page of a contract; None once it is signed."""
    if contract.status != ContractStatus.AWARDED:
        return None
    if not is_buying(actor, contract):
        return SigningView((), None, _supplier_waits(contract))
    facts = signing_facts(actor, contract)
    left = gates(facts, clock.today())
    return SigningView(
        (
            _summaries_step(facts, left, can_open=can_read_judgement(actor, contract.authority_id)),
            _standstill_step(facts, left),
            _signature_step(left, can_open=can_sign(actor, contract.authority_id)),
        ),
        _next_deed(actor, contract, left[0]),
        _waits(facts, left[0]),
        left == [Gate.SIGNATURE],
    )


def contracts_to_sign(actor: Actor) -> list[ContractBrief]:
    """Contracts of the actor's authority of which nothing but the signature is left, the first to start first.

    None for who cannot sign.
    """
    if not (is_buyer(actor) and can_sign(actor, actor.organisation_id or 0)):
        return []
    rows = (
        Contract.objects.select_related("authority", "supplier", "award")
        .filter(authority_id=actor.organisation_id, status=ContractStatus.AWARDED)
        .order_by("starts_on", "pk")
    )
    today = clock.today()
    return [
        brief_of(row) for row in rows if gates(signing_facts(actor, row), today) == [Gate.SIGNATURE]
    ]


# --- parts ------------------------------------------------------------------------------------


def _law_sentence(law: LawFacts | None, binding: StandstillRule | None) -> str:
    if binding is not None:
        return binding.sentence
    if law is None:
        return "No route is decided for this procurement, so no standstill is known to be needed."
    return why_none(law)


def _recorded_rule(recorded: StandstillInfo, rule: StandstillRule) -> StandstillRule:
    """The rule it was counted by, which its basis names."""
    return next((one for one in RULES if one.in_words in recorded.basis), rule)


def _supplier_waits(contract: Contract) -> str:
    recorded = standstill_of_award(contract.award_id)
    if recorded and clock.today() <= recorded.ends_on:
        return (
            f"The standstill ends on {uk_date(recorded.ends_on)}. The contract is signed after it."
        )
    return (
        "The contract is awarded to you and waits to be signed. Claims begin after the signature."
    )


def _summaries_step(facts: SigningFacts, left: list[Gate], *, can_open: bool) -> SigningStep:
    title, url = "Assessment summaries", "procurement:awards:summaries" if can_open else ""
    if facts.issued_on is not None:
        return SigningStep(title, "done", f"Issued on {uk_date(facts.issued_on)}", url)
    if Gate.SUMMARIES in left:
        return SigningStep(
            title, "not_started", "Every bidder gets its own, before the notice", url
        )
    note = (
        "Not asked for by law here. Until they are issued or the contract is signed, its supplier "
        "does not see it"
    )
    return SigningStep(title, "optional", note, url)


def _standstill_step(facts: SigningFacts, left: list[Gate]) -> SigningStep:
    title, url = "Standstill", "procurement:awards:standstill"
    if Gate.WAIT in left and facts.standstill_ends_on:
        return SigningStep(title, "running", f"Until {uk_date(facts.standstill_ends_on)}", url)
    if facts.standstill_ends_on is not None:
        return SigningStep(title, "done", f"Ended on {uk_date(facts.standstill_ends_on)}", url)
    if not facts.needs_standstill:
        return SigningStep(title, "not_needed", "Not asked for by law here", url)
    state = "cannot_start" if Gate.SUMMARIES in left else "not_started"
    return SigningStep(title, state, "Begins with the notice", url)


def _signature_step(left: list[Gate], *, can_open: bool) -> SigningStep:
    if left == [Gate.SIGNATURE]:
        url = "procurement:awards:sign" if can_open else ""
        return SigningStep("Signature", "not_started", "Makes the contract live", url)
    return SigningStep("Signature", "cannot_start", "Makes the contract live")


def _next_deed(actor: Actor, contract: Contract, gate: Gate) -> NextDeed | None:
    officer = can_award(actor, contract.authority_id)
    if gate == Gate.SUMMARIES and officer:
        return NextDeed("Write and issue the assessment summaries", "procurement:awards:summaries")
    if gate == Gate.STANDSTILL and officer:
        return NextDeed(
            "Record the notice and start the standstill", "procurement:awards:standstill"
        )
    if gate == Gate.SIGNATURE and can_sign(actor, contract.authority_id):
        return NextDeed("Record the signature", "procurement:awards:sign")
    return None


def _waits(facts: SigningFacts, gate: Gate) -> str:
    if gate == Gate.WAIT and facts.standstill_ends_on:
        return (
            f"The standstill ends on {uk_date(facts.standstill_ends_on)}. The contract can be signed "
            f"from {uk_date(first_day_to_sign(facts.standstill_ends_on))}."
        )
    if gate == Gate.SIGNATURE:
        return "A procurement officer or contract manager records the signature."
    if gate == Gate.SUMMARIES:
        return "A procurement officer issues the assessment summaries."
    return "A procurement officer records the notice that starts the standstill."
