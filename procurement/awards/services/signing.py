"""The standstill after the award, and the signature that makes the contract live."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.urls import reverse

from procurement.awards.models import AwardStandstill, Contract
from procurement.awards.permissions import (
    SIGN_REASON,
    STANDSTILL_REASON,
    can_award,
    can_sign,
)
from procurement.awards.queries.signing import law_of, signing_facts
from procurement.awards.rules import (
    NOTICE_BEFORE_SUMMARIES,
    binding_rule,
    check_notice,
    check_signature,
    last_day,
    voluntary_rule,
)
from procurement.awards.services.steps import locked_contract, write_to
from procurement.awards.vocabulary import AwardDeed, ContractStatus
from procurement.policies import queries as policies
from socialvalue.accounts.vocabulary import SUPPLIER_ROLES
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, RuleBroken
from socialvalue.core.periods import uk_date

SIGNED_ALREADY = "The contract is signed already."


@transaction.atomic
def set_standstill(
    *,
    actor: Actor,
    award_id: int,
    notice_on: date,
    notice_reference: str = "",
    expected_version: int = 0,
) -> AwardStandstill:
    """Record the day that starts the standstill; its last day is counted from the table of bank holidays.

    Where the law asks for none this one is voluntary and binds all the same. It can be put right until the contract
    is signed, by who names the version seen. NotAllowed without the officer's role; RuleBroken for a day to come,
    before the award or before the summaries it must follow; Conflict when signed or changed meanwhile.
    """
    contract = locked_contract(actor, award_id=award_id)
    if not can_award(actor, contract.authority_id):
        raise NotAllowed(STANDSTILL_REASON)
    _check_unsigned(contract)
    facts = signing_facts(actor, contract)
    if facts.needs_summaries and facts.issued_on is None:
        raise RuleBroken(NOTICE_BEFORE_SUMMARIES)
    check_notice(
        notice_on,
        awarded_on=facts.awarded_on,
        issued_on=facts.issued_on,
        today=clock.today(),
    )
    law = law_of(actor, contract.procurement_id)
    binding = binding_rule(law) if law else None
    rule = binding or voluntary_rule(law)
    basis = rule.sentence if binding else f"Voluntary: {rule.in_words}."
    standstill = AwardStandstill.objects.filter(award_id=award_id).first()
    before = _as_kept(standstill)
    version = standstill.version if standstill else 0
    if version != expected_version:
        raise Conflict(
            "The standstill was recorded or changed meanwhile. Check it before you change it.",
            changed={
                "Notice on": (
                    uk_date(standstill.notice_on) if standstill else "Not recorded",
                    uk_date(notice_on),
                )
            },
        )
    standstill = standstill or AwardStandstill(award_id=award_id)
    standstill.notice_on = notice_on
    standstill.notice_reference = notice_reference.strip()
    standstill.ends_on = last_day(rule, notice_on, policies.bank_holidays())
    standstill.basis = basis
    standstill.recorded_by_id, standstill.recorded_at = actor.person_id, clock.now()
    standstill.version = version + 1
    standstill.save()
    record(
        actor=actor,
        deed=AwardDeed.STANDSTILL_SET,
        sentence=f"Recorded the notice of {uk_date(notice_on)}: the standstill ends on "
        f"{uk_date(standstill.ends_on)}.",
        target=contract,
        procurement_id=contract.procurement_id,
        before=before,
        after=_as_kept(standstill),
    )
    return standstill


@transaction.atomic
def sign_contract(*, actor: Actor, contract_id: int, signed_on: date) -> Contract:
    """Record the signature: the contract is live, and its supplier is told.

    NotAllowed without the officer's or the contract manager's role; RuleBroken before the summaries and the
    standstill that the law asks for, within a standstill, before the award, or for a day to come; Conflict when it
    is signed already.
    """
    contract = locked_contract(actor, contract_id=contract_id)
    if not can_sign(actor, contract.authority_id):
        raise NotAllowed(SIGN_REASON)
    _check_unsigned(contract)
    check_signature(signing_facts(actor, contract), signed_on, clock.today())
    moved = Contract.objects.filter(pk=contract.pk, status=ContractStatus.AWARDED).update(
        status=ContractStatus.LIVE, signed_on=signed_on
    )
    if not moved:
        raise Conflict(SIGNED_ALREADY)
    contract.refresh_from_db()
    record(
        actor=actor,
        deed=AwardDeed.SIGNED,
        sentence=f"Recorded that the contract was signed on {uk_date(signed_on)}.",
        target=contract,
        procurement_id=contract.procurement_id,
        before={"status": ContractStatus.AWARDED},
        after={"status": ContractStatus.LIVE, "signed_on": signed_on.isoformat()},
    )
    write_to(
        contract.supplier_id,
        sorted(SUPPLIER_ROLES),
        "contract_signed",
        {
            "title": contract.title,
            "reference": contract.reference,
            "authority": contract.authority.name,
            "signed_on": uk_date(signed_on),
            "path": reverse("procurement:awards:contract", args=[contract.pk]),
        },
    )
    return contract


def _check_unsigned(contract: Contract) -> None:
    if contract.status != ContractStatus.AWARDED:
        raise Conflict(SIGNED_ALREADY)


def _as_kept(standstill: AwardStandstill | None) -> dict[str, str]:
    if standstill is None:
        return {}
    return {
        "notice_on": standstill.notice_on.isoformat(),
        "notice_reference": standstill.notice_reference,
        "ends_on": standstill.ends_on.isoformat(),
        "basis": standstill.basis,
    }
