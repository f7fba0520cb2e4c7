"""Writing tenders: start, ask, score, invite, publish; and the later moves. Published, only an amendment changes it."""

from __future__ import annotations

from procurement.tenders.rules import (
    QuestionChange,
    QuestionInput,
    RequirementChange,
    RequirementInput,
)
from procurement.tenders.services.amending import amend_tender
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
from procurement.tenders.services.clarifying import answer, ask
from procurement.tenders.services.holding import london
from procurement.tenders.services.inviting import (
    accept_link,
    invite_by_email,
    invite_by_emails,
    invite_supplier,
    invite_suppliers,
    remove_invitation,
    revoke_link,
)
from procurement.tenders.services.moving import (
    lock_tender,
    mark_opened,
    mark_tender_awarded,
    publish_tender,
)
from procurement.tenders.services.telling import tell_of_withdrawal

__all__ = [
    "QuestionChange",
    "QuestionInput",
    "RequirementChange",
    "RequirementInput",
    "accept_link",
    "amend_tender",
    "answer",
    "approve_tender",
    "ask",
    "choose_measures",
    "explain_measures",
    "invite_by_email",
    "invite_by_emails",
    "invite_supplier",
    "invite_suppliers",
    "lock_tender",
    "london",
    "mark_opened",
    "mark_tender_awarded",
    "pick_measures",
    "publish_tender",
    "remove_invitation",
    "revoke_link",
    "set_place",
    "set_questions",
    "set_scoring",
    "start_tender",
    "tell_of_withdrawal",
    "use_edition",
]
