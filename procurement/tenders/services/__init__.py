"""Writing tenders: start, ask, score, invite, publish; and the later moves. After publication nothing changes."""

from __future__ import annotations

from procurement.tenders.rules import QuestionInput, RequirementInput
from procurement.tenders.services.approving import approve_tender, explain_measures
from procurement.tenders.services.asking import (
    choose_measures,
    pick_measures,
    set_place,
    set_questions,
    set_scoring,
    start_tender,
    use_edition,
)
from procurement.tenders.services.holding import london
from procurement.tenders.services.inviting import (
    invite_supplier,
    invite_suppliers,
    remove_invitation,
)
from procurement.tenders.services.moving import (
    lock_tender,
    mark_opened,
    mark_tender_awarded,
    publish_tender,
)

__all__ = [
    "QuestionInput",
    "RequirementInput",
    "approve_tender",
    "choose_measures",
    "explain_measures",
    "invite_supplier",
    "invite_suppliers",
    "lock_tender",
    "london",
    "mark_opened",
    "mark_tender_awarded",
    "pick_measures",
    "publish_tender",
    "remove_invitation",
    "set_place",
    "set_questions",
    "set_scoring",
    "start_tender",
    "use_edition",
]
