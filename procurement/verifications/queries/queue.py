"""The queue of the buying authority: what waits, what has to be opened, what can be ticked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from procurement.deliveries import queries as deliveries
from procurement.deliveries.vocabulary import ClaimStatus
from procurement.verifications.permissions import why_not_verify
from procurement.verifications.queries.sampling import Draw, draws_of
from procurement.verifications.vocabulary import EvidenceShown, Sampled
from socialvalue.accounts.permissions import is_buyer
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed

if TYPE_CHECKING:
    from procurement.deliveries.models import Claim


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A claim beside how it is to be looked into, and the reason why this actor may not decide on it, if so."""

    claim: deliveries.ClaimRow
    refused: str
    draw: Draw
    has_evidence: bool
    parts: tuple[deliveries.PartSeen, ...] = ()

    @property
    def may_decide(self) -> bool:
        return not self.refused

    @property
    def may_verify(self) -> bool:
        """From the queue, as it stands."""
        return self.is_ready and not self.draw.must_open

    @property
    def may_tick(self) -> bool:
        return self.is_ready and self.draw.may_tick

    @property
    def is_ready(self) -> bool:
        is_waiting = self.claim.status == ClaimStatus.SUBMITTED
        return is_waiting and self.may_decide and self.has_evidence

    @property
    def seen(self) -> str:
        """The claim and its version, as a tick sends them."""
        return f"{self.claim.id}:{self.claim.version}"


def queue(
    actor: Actor,
    filters: deliveries.ClaimFilters | None = None,
    evidence: str = EvidenceShown.ANY,
) -> QuerySet[Claim]:
    """Claims to the actor's authority in the order asked for; without filters those that wait, oldest first.

    NotAllowed for anybody who is not of an authority.
    """
    if not is_buyer(actor):
        raise NotAllowed("Claims are decided on by the buying authority.")
    if filters is None:
        found = deliveries.claims_awaiting(actor)
    else:
        found = deliveries.claims_for(actor, filters).filter(authority_id=actor.organisation_id)
    if evidence == EvidenceShown.WITH:
        return deliveries.evidenced(found)
    if evidence == EvidenceShown.WITHOUT:
        return deliveries.without_evidence(found)
    return found


def queue_rows(actor: Actor, claims: Iterable[Claim]) -> list[QueueRow]:
    """Ready to show: as many queries for one as for a page."""
    rows = deliveries.claim_rows(claims)
    ids = [claim.id for claim in rows]
    draws, shown, parts = draws_of(rows), deliveries.has_evidence(ids), deliveries.parts_of(ids)
    return [
        QueueRow(
            claim=claim,
            refused=why_not_verify(actor, claim),
            draw=draws[claim.id],
            has_evidence=claim.id in shown,
            parts=tuple(parts.get(claim.id, ())),
        )
        for claim in rows
    ]


def awaiting_count(actor: Actor) -> int:
    return deliveries.claims_awaiting(actor).count()


def is_undrawn(rows: Iterable[QueueRow]) -> bool:
    """A claim waits whose quarter has no seed yet."""
    return any(
        row.draw.sampled == Sampled.UNSAID and row.claim.status == ClaimStatus.SUBMITTED
        for row in rows
    )
