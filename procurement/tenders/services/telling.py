"""Letters to everybody invited: people of known suppliers, and addresses with a link. Nobody reads of another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from procurement.procurements.queries import procurement_brief
from procurement.tenders.models import Tender, TenderEmailInvitation, TenderInvitation
from procurement.tenders.queries import token_of, waiting_links
from procurement.tenders.services.holding import london
from procurement.tenders.vocabulary import TenderStatus
from socialvalue.accounts.queries import people_of
from socialvalue.accounts.vocabulary import SUPPLIER_ROLES
from socialvalue.core.letters import post


def about(tender: Tender) -> dict[str, Any]:
    """What every letter about a tender says."""
    brief = procurement_brief(tender.procurement_id)
    return {
        "tender_id": tender.pk,
        "procurement_id": tender.procurement_id,
        "title": brief.title,
        "reference": brief.reference,
        "authority": brief.authority_name,
        "deadline": london(tender.deadline_at) if tender.deadline_at else "",
    }


def tell_suppliers(
    tender: Tender,
    template: str,
    more: Mapping[str, Any] | None = None,
    *,
    supplier_ids: Sequence[int] | None = None,
) -> None:
    """One letter to each active person of these suppliers, or of all that are invited."""
    if supplier_ids is None:
        supplier_ids = list(
            TenderInvitation.objects.filter(tender=tender)
            .order_by("pk")
            .values_list("supplier_id", flat=True)
        )
    context = {**about(tender), **(more or {})}
    people = people_of(supplier_ids, *sorted(SUPPLIER_ROLES))
    told: set[str] = set()
    for supplier_id in supplier_ids:
        for person in people.get(supplier_id, []):
            if person.email not in told:
                told.add(person.email)
                post(person.email, template, {**context, "token": "", "expiry": ""})


def tell_links(
    tender: Tender,
    template: str,
    more: Mapping[str, Any] | None = None,
    *,
    links: Iterable[TenderEmailInvitation] | None = None,
) -> None:
    """One letter to each address of these links, or of all that still work, with its own link."""
    context = {**about(tender), **(more or {})}
    for link in waiting_links(tender.pk) if links is None else links:
        values = {**context, "token": token_of(link), "expiry": london(link.expires_at)}
        post(link.email, template, values)


def tell_all(tender: Tender, template: str, more: Mapping[str, Any] | None = None) -> None:
    """Everybody invited, known or by link."""
    tell_suppliers(tender, template, more)
    tell_links(tender, template, more)


def tell_of_withdrawal(*, procurement_id: int) -> None:
    """Its procurement is withdrawn: a published tender takes no more offers. Of a draft nobody knew."""
    tender = Tender.objects.filter(procurement_id=procurement_id).first()
    if tender is None or tender.status == TenderStatus.DRAFT:
        return
    tell_all(tender, "withdrawn", {"is_opened": tender.status != TenderStatus.PUBLISHED})
