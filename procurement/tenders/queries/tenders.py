"""One tender: finding it, its formula, its key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.db.models import QuerySet

from procurement.procurements.queries import (
    procurement_brief,
    procurement_for,
)
from procurement.tenders.models import (
    Tender,
    TenderKey,
)
from procurement.tenders.permissions import can_see
from procurement.tenders.rules import (
    marks_meaning,
    unwrap_key,
)
from procurement.tenders.vocabulary import TenderStatus
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible


@dataclass(frozen=True, slots=True)
class TenderBrief:
    """A tender for rooms that have shown the visibility themselves."""

    id: int
    procurement_id: int
    authority_id: int
    edition_id: int
    place: str
    sector: str
    status: str
    weighting_kind: str
    weighting_percent: Decimal | None
    whole_percent: Decimal | None
    """The same as a share of the whole award."""
    quantitative_percent: Decimal
    formula: str
    tie_rule: str
    deadline_at: datetime | None
    published_at: datetime | None
    opened_at: datetime | None
    valued_on: date
    """The day whose unit values count: when the procurement commenced."""


def place_name(slug: str) -> str:
    """``stratford-on-avon`` as people write it; the slug is all that is known of a place here."""
    small = {"on", "and", "in", "upon", "le", "of", "the"}
    words = slug.split("-")
    return " ".join(
        word if index and word in small else word.capitalize() for index, word in enumerate(words)
    )


def tender_for(actor: Actor, tender_id: int) -> Tender:
    """A tender of the actor's own authority. NotVisible for anybody else's, and for suppliers."""
    found = Tender.objects.filter(pk=tender_id).first()
    if found is None or not can_see(actor, found.authority_id):
        raise NotVisible
    return found


def tender_of_procurement(actor: Actor, procurement_id: int) -> Tender | None:
    """The tender of a procurement the actor may see; None while there is none. NotVisible as for the procurement."""
    procurement_for(actor, procurement_id)
    return Tender.objects.filter(procurement_id=procurement_id).first()


def tender_being_prepared(actor: Actor, procurement_id: int) -> Tender:
    """The tender of a procurement for its pages. NotVisible when it was not started."""
    found = tender_of_procurement(actor, procurement_id)
    if found is None:
        raise NotVisible(
            "This procurement has no tender yet. Start it from the procurement's page."
        )
    return found


def tender_brief(tender_id: int) -> TenderBrief:
    """For rooms that have shown the visibility themselves. NotVisible when there is none."""
    found = Tender.objects.filter(pk=tender_id).select_related("procurement").first()
    if found is None:
        raise NotVisible
    return _brief(found, found.procurement.commenced_on)


def tender_and_brief(actor: Actor, procurement_id: int) -> tuple[Tender, TenderBrief] | None:
    """The tender of a procurement of the actor's own authority, its procurement beside it, in one query.

    None while there is none; NotVisible for another authority's.
    """
    rows = Tender.objects.filter(procurement_id=procurement_id).select_related("procurement")
    tender = rows.first()
    if tender is None:
        procurement_for(actor, procurement_id)
        return None
    if not can_see(actor, tender.authority_id):
        raise NotVisible
    return tender, _brief(tender, tender.procurement.commenced_on)


def brief_of(tender: Tender) -> TenderBrief:
    """The brief of a tender that was read already. For rooms that have shown the visibility themselves."""
    return _brief(tender)


def _brief(tender: Tender, valued_on: date | None = None) -> TenderBrief:
    return TenderBrief(
        id=tender.pk,
        procurement_id=tender.procurement_id,
        authority_id=tender.authority_id,
        edition_id=tender.edition_id,
        place=tender.place,
        sector=tender.sector,
        status=tender.status,
        weighting_kind=tender.weighting_kind,
        weighting_percent=tender.weighting_percent,
        whole_percent=tender.whole_percent,
        quantitative_percent=tender.quantitative_percent,
        formula=tender.formula,
        tie_rule=tender.tie_rule,
        deadline_at=tender.deadline_at,
        published_at=tender.published_at,
        opened_at=tender.opened_at,
        valued_on=valued_on or procurement_brief(tender.procurement_id).commenced_on,
    )


def mark_scale_of(tender: Tender) -> tuple[str, ...]:
    """What the marks 0 to 5 mean in this tender, six texts in that order."""
    return marks_meaning(tender.mark_scale)


def draft_or_live_tenders(authority_ids: Sequence[int]) -> QuerySet[Tender]:
    """Tenders of these authorities that are not awarded, nearest deadline first. For landing pages."""
    return (
        Tender.objects.filter(authority_id__in=authority_ids)
        .exclude(status=TenderStatus.AWARDED)
        .order_by("deadline_at", "pk")
    )


def published_tenders(authority_ids: Sequence[int]) -> QuerySet[Tender]:
    """Tenders of these authorities that suppliers have seen: published, opened or awarded. For figures."""
    return (
        Tender.objects.filter(authority_id__in=authority_ids)
        .exclude(status=TenderStatus.DRAFT)
        .order_by("pk")
    )


def seal_keys(tender_ids: Sequence[int]) -> dict[int, bytes]:
    """The keys of these tenders' bids, in one query. For the bids room only: a test holds that nobody else asks."""
    rows = TenderKey.objects.filter(tender_id__in=set(tender_ids))
    return {
        row.tender_id: unwrap_key(
            row.wrapped_key, sealing_key=settings.SEALING_KEY, tender_id=row.tender_id
        )
        for row in rows
    }


def seal_key(tender_id: int) -> bytes:
    """The key of one published tender. NotVisible before publication."""
    found = seal_keys([tender_id]).get(tender_id)
    if found is None:
        raise NotVisible
    return found
