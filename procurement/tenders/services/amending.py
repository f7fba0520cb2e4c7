"""Changing a published tender before its deadline: everybody invited is told what it said, what it says, and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from procurement.procurements.queries import procurement_brief
from procurement.procurements.vocabulary import ProcurementStatus
from procurement.tenders.models import (
    Tender,
    TenderAmendment,
    TenderQuestion,
    TenderRequirement,
)
from procurement.tenders.queries import PlannedAmendment, planned_amendment
from procurement.tenders.rules import Change, QuestionChange, RequirementChange
from procurement.tenders.services.holding import hold_tender, london, note
from procurement.tenders.services.inviting import move_links
from procurement.tenders.services.telling import tell_all
from procurement.tenders.vocabulary import TenderDeed, TenderStatus
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, RuleBroken


@transaction.atomic
def amend_tender(
    *,
    actor: Actor,
    tender_id: int,
    expected_version: int,
    reason: str,
    deadline_at: datetime | None = None,
    requirements: Mapping[int, RequirementChange] | None = None,
    questions: Mapping[int, QuestionChange] | None = None,
) -> TenderAmendment:
    """Change what a published tender says, or move its deadline later, for everybody alike.

    Of a requirement: whether every bid must offer it, its minimum and its guidance. Of a question: its text and its
    guidance. What decides the score stays. RuleBroken without a reason, without any change, for an earlier deadline and
    from the deadline on; Conflict when the tender changed since ``expected_version`` was shown. Letters go to every
    invited supplier and to every link that still works; links live until the new deadline.
    """
    tender = _hold_published(actor, tender_id, expected_version)
    before = tender.deadline_at
    assert before is not None  # noqa: S101  # a constraint ties it to publication
    if not reason.strip():
        raise RuleBroken("Write down why: every invited supplier reads it", field="reason")
    after = deadline_at or before
    if after < before:
        raise RuleBroken(
            f"The deadline is {london(before)}. It can only move later.", field="deadline_on"
        )
    planned = planned_amendment(tender.pk, requirements or {}, questions or {})
    if not planned.changes and after == before:
        raise RuleBroken("Nothing is changed. Change something, or go back to the tender.")
    Tender.objects.filter(pk=tender.pk).update(is_amending=True)
    _write(planned)
    amendment = TenderAmendment.objects.create(
        tender=tender,
        number=tender.amendments + 1,
        reason=reason.strip(),
        changes=[list(change) for change in planned.changes],
        deadline_before=before,
        deadline_after=after,
        made_by_id=actor.person_id,
        made_at=clock.now(),
    )
    Tender.objects.filter(pk=tender.pk).update(
        is_amending=False,
        amendments=F("amendments") + 1,
        version=F("version") + 1,
        deadline_at=after,
    )
    tender.refresh_from_db()
    if after != before:
        move_links(tender)
    _announce(actor, tender, amendment, planned.changes)
    return amendment


def _hold_published(actor: Actor, tender_id: int, expected_version: int) -> Tender:
    tender = hold_tender(actor, tender_id)
    if tender.status == TenderStatus.DRAFT:
        raise RuleBroken("This tender is not published yet. Change it on its own pages.")
    if tender.status != TenderStatus.PUBLISHED or tender.deadline_at is None:
        raise Conflict("The bids are open, so the tender no longer changes.")
    if clock.now() >= tender.deadline_at:
        raise RuleBroken(
            f"The deadline was {london(tender.deadline_at)}. After it a tender no longer changes."
        )
    if procurement_brief(tender.procurement_id).status == ProcurementStatus.WITHDRAWN:
        raise RuleBroken("This procurement is withdrawn, so its tender no longer changes.")
    if tender.version != expected_version:
        raise Conflict(
            "Somebody else amended this tender while you were working on it. "
            "Check the page, then save again."
        )
    return tender


def _write(planned: PlannedAmendment) -> None:
    for pk, change in planned.requirements.items():
        TenderRequirement.objects.filter(pk=pk).update(
            is_mandatory=change.is_mandatory,
            minimum_quantity=change.minimum_quantity,
            guidance=change.guidance.strip(),
        )
    for pk, wanted in planned.questions.items():
        TenderQuestion.objects.filter(pk=pk).update(
            text=wanted.text.strip(), guidance=wanted.guidance.strip()
        )


def _announce(
    actor: Actor, tender: Tender, amendment: TenderAmendment, changes: list[Change]
) -> None:
    has_moved = amendment.deadline_after != amendment.deadline_before
    tell_all(
        tender,
        "amended",
        {
            "reason": amendment.reason,
            "number": amendment.number,
            "changes": changes,
            "deadline_before": london(amendment.deadline_before) if has_moved else "",
        },
    )
    moved = f" Offers close at {london(amendment.deadline_after)} now." if has_moved else ""
    note(
        actor,
        TenderDeed.AMENDED,
        f"The tender was amended (number {amendment.number}). Reason: {amendment.reason}{moved}",
        tender,
        before={
            "deadline_at": amendment.deadline_before.isoformat(),
            "changes": {what: before for what, before, _ in changes},
        },
        after={
            "deadline_at": amendment.deadline_after.isoformat(),
            "changes": {what: after for what, _, after in changes},
        },
    )
