"""Publication, and the moves that later rooms ask for."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from procurement.events import tender_published
from procurement.procurements.queries import procurement_brief
from procurement.procurements.services import mark_published
from procurement.tenders.models import (
    Tender,
    TenderKey,
)
from procurement.tenders.permissions import (
    WHY_NOT_MOVE,
    can_move_on,
    can_see,
)
from procurement.tenders.queries import (
    decision_now,
    gates_of,
    missing_for_publication,
)
from procurement.tenders.rules import (
    check_deadline,
    new_key,
    wrap_key,
)
from procurement.tenders.services.holding import (
    change_draft,
    hold_draft,
    london,
    note,
    scoring_facts,
)
from procurement.tenders.services.inviting import send_invitations
from procurement.tenders.vocabulary import TenderDeed, TenderStatus
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken


@transaction.atomic
def publish_tender(
    *,
    actor: Actor,
    tender_id: int,
    deadline_at: datetime,
    expected_version: int | None = None,
    clarify_until: datetime | None = None,
) -> Tender:
    """Send the tender to the invited suppliers, each with a letter. From here on only an amendment changes it.

    RuleBroken lists everything that is missing, or says that the deadline is past. Conflict when it is published
    already, or changed since ``expected_version`` was shown. ``clarify_until``: the last moment for questions; None
    takes them until the deadline.
    """
    tender = hold_draft(actor, tender_id, expected_version)
    _check_nothing_is_missing(tender)
    _check_second_person(actor, tender)
    now = clock.now()
    check_deadline(deadline_at, now, now_shown=london(now))
    if clarify_until is not None and not now < clarify_until <= deadline_at:
        raise RuleBroken(
            "The end of questions must lie ahead, and not after the deadline", field="clarify_on"
        )
    mark_published(actor=actor, procurement_id=tender.procurement_id)
    # Decided anew at publication: where the law or the policy reads otherwise by now, that is what must be met.
    _check_nothing_is_missing(tender)
    tender = change_draft(
        tender,
        status=TenderStatus.PUBLISHED,
        deadline_at=deadline_at,
        clarify_until=clarify_until,
        published_at=now,
        published_by_id=actor.user_id,
    )
    TenderKey.objects.create(
        tender=tender,
        wrapped_key=wrap_key(new_key(), sealing_key=settings.SEALING_KEY, tender_id=tender.pk),
    )
    title = procurement_brief(tender.procurement_id).title
    note(
        actor,
        TenderDeed.PUBLISHED,
        f"The tender for {title} was published. Offers close at {london(deadline_at)}.",
        tender,
        after={
            **scoring_facts(tender),
            "deadline_at": deadline_at.isoformat(),
            "clarify_until": clarify_until.isoformat() if clarify_until else None,
        },
    )
    send_invitations(tender)
    tender_published.send(sender=Tender, tender_id=tender.pk)
    return tender


def _check_nothing_is_missing(tender: Tender) -> None:
    missing = missing_for_publication(tender)
    if missing:
        raise RuleBroken(missing[0].label, more=[(None, row.label) for row in missing[1:]])


def _check_second_person(actor: Actor, tender: Tender) -> None:
    """An approval is another person's: who gave one does not publish."""
    approved = gates_of(tender, decision_now(tender.procurement_id)).approvals
    if any(line.given_by_id == actor.user_id for line in approved):
        raise NotAllowed("You approved this tender, so another person publishes it.")


def lock_tender(*, tender_id: int) -> None:
    """Hold the tender's row until the transaction ends, so that submitting and opening do not overlap."""
    Tender.objects.select_for_update(of=("self",), no_key=True).filter(pk=tender_id).first()


@transaction.atomic
def mark_opened(*, actor: Actor, tender_id: int) -> Tender:
    """The bids were opened. RuleBroken before the deadline. Marking twice is once."""
    tender = _to_move(actor, tender_id)
    now = clock.now()
    if tender.status == TenderStatus.DRAFT or tender.deadline_at is None:
        raise RuleBroken("This tender is not published yet.")
    if now < tender.deadline_at:
        raise RuleBroken(f"Bids are sealed until {london(tender.deadline_at)}.")
    moved = Tender.objects.filter(pk=tender_id, status=TenderStatus.PUBLISHED).update(
        status=TenderStatus.OPENED, opened_at=now
    )
    tender.refresh_from_db()
    if moved:
        note(actor, TenderDeed.OPENED, "The bids were opened.", tender)
    return tender


@transaction.atomic
def mark_tender_awarded(*, actor: Actor, tender_id: int) -> Tender:
    """The tender led to an award. Conflict unless its bids are open and it was not awarded before."""
    tender = _to_move(actor, tender_id)
    moved = Tender.objects.filter(pk=tender_id, status=TenderStatus.OPENED).update(
        status=TenderStatus.AWARDED
    )
    if not moved:
        raise Conflict("This tender was awarded already, or its bids are not open yet.")
    tender.refresh_from_db()
    note(actor, TenderDeed.AWARDED, "The tender was awarded.", tender)
    return tender


def _to_move(actor: Actor, tender_id: int) -> Tender:
    tender = Tender.objects.select_for_update(of=("self",)).filter(pk=tender_id).first()
    if tender is None or not can_see(actor, tender.authority_id):
        raise NotVisible
    if not can_move_on(actor, tender.authority_id):
        raise NotAllowed(WHY_NOT_MOVE)
    return tender
