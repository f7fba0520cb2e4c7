"""Questions about a tender, answered to everybody at once. Who asked is sealed under the tender's key."""

from __future__ import annotations

from django.db import transaction

from procurement.procurements.queries import procurement_brief
from procurement.procurements.vocabulary import ProcurementStatus
from procurement.tenders.models import Tender, TenderClarification
from procurement.tenders.queries import ask_until, invited_to, is_invited, seal_key
from procurement.tenders.rules import MOST_IN_A_QUESTION, named_bidder, seal_asker
from procurement.tenders.services.holding import hold_tender, london, note
from procurement.tenders.services.telling import about, tell_all
from procurement.tenders.vocabulary import TenderDeed, TenderStatus
from socialvalue.accounts.queries import people_with_role
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotVisible, RuleBroken
from socialvalue.core.letters import post

SOMEBODY = Actor(name="An invited supplier")
"""Who the record says asked."""


@transaction.atomic
def ask(*, actor: Actor, tender_id: int, text: str) -> TenderClarification:
    """Ask about a published tender, while questions are taken.

    Neither the row nor the audit holds who asked: it is sealed, and only the asker's own organisation reads it back.
    NotVisible unless invited. RuleBroken for no words, too many, the asker's own name among them, or too late.
    """
    tender = (
        Tender.objects.select_for_update(of=("self",))
        .filter(pk=tender_id)
        .exclude(status=TenderStatus.DRAFT)
        .first()
    )
    if tender is None or actor.organisation_id is None or not is_invited(actor, tender_id):
        raise NotVisible
    _check_in_time(tender)
    text = _said(text, "Enter your question", field="text")
    if named_bidder(text, [actor.organisation_name]):
        raise RuleBroken(
            "Your question names your organisation. Take the name out: nobody is to know who asks.",
            field="text",
        )
    row = TenderClarification.objects.create(
        tender=tender,
        sealed_asker=seal_asker(
            seal_key(tender.pk), organisation_id=actor.organisation_id, person_id=actor.person_id
        ),
        asked_text=text,
        asked_at=clock.now(),
    )
    note(SOMEBODY, TenderDeed.ASKED, "A question about the tender was asked.", tender)
    for email in _officers(tender):
        post(email, "asked", {**about(tender), "question": text})
    return row


def _officers(tender: Tender) -> list[str]:
    """Who published the tender; every procurement officer once that person is gone."""
    people = people_with_role(tender.authority_id, Role.PROCUREMENT_OFFICER)
    chosen = [person for person in people if person.pk == tender.published_by_id]
    return [person.email for person in chosen or people]


def _check_in_time(tender: Tender) -> None:
    if tender.status != TenderStatus.PUBLISHED:
        raise RuleBroken("The bids are open. Questions are no longer taken.")
    if procurement_brief(tender.procurement_id).status == ProcurementStatus.WITHDRAWN:
        raise RuleBroken("The authority has withdrawn this procurement.")
    until = ask_until(tender)
    if clock.now() >= until:
        raise RuleBroken(f"Questions were taken until {london(until)}.")


def _said(text: str, otherwise: str, *, field: str) -> str:
    text = text.strip()
    if not text:
        raise RuleBroken(otherwise, field=field)
    if len(text) > MOST_IN_A_QUESTION:
        raise RuleBroken(f"Write {MOST_IN_A_QUESTION:,} characters or fewer.", field=field)
    return text


@transaction.atomic
def answer(
    *, actor: Actor, clarification_id: int, published_text: str, answer: str
) -> TenderClarification:
    """Answer to everybody invited, in the officer's wording of the question. It cannot be changed afterwards.

    RuleBroken when question or answer names an invited supplier, and once the procurement is withdrawn; Conflict when
    it was answered already.
    """
    row = TenderClarification.objects.filter(pk=clarification_id).first()
    if row is None:
        raise NotVisible
    tender = hold_tender(actor, row.tender_id)
    if tender.status != TenderStatus.PUBLISHED:
        raise Conflict("The bids are open, so questions are no longer answered.")
    if procurement_brief(tender.procurement_id).status == ProcurementStatus.WITHDRAWN:
        raise RuleBroken("This procurement is withdrawn, so questions are no longer answered.")
    published_text = _said(
        published_text, "Enter the question as everybody reads it", field="published_text"
    )
    answer = _said(answer, "Enter the answer", field="answer")
    names = [info.supplier_name for info in invited_to(tender.pk)]
    for field, what, text in (
        ("published_text", "question", published_text),
        ("answer", "answer", answer),
    ):
        if named_bidder(text, names):
            raise RuleBroken(f"The {what} names a bidder. Take the name out.", field=field)
    answered = TenderClarification.objects.filter(pk=row.pk, answered_at__isnull=True).update(
        published_text=published_text,
        answer=answer,
        answered_at=clock.now(),
        answered_by_id=actor.person_id,
    )
    if not answered:
        raise Conflict("This question was answered already. An answer does not change.")
    row.refresh_from_db()
    note(
        actor,
        TenderDeed.ANSWERED,
        "A question about the tender was answered to everybody invited.",
        tender,
        after={"question": published_text, "answer": answer},
    )
    tell_all(tender, "answered", {"question": published_text, "answer": answer})
    return row
