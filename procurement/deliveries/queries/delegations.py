"""Links by which one commitment is passed on, for the supplier; and what a link itself opens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q

from procurement.awards import queries as awards
from procurement.deliveries.models import Claim, Contribution, Delegation, Evidence, NilReturn
from procurement.deliveries.queries.claims import EvidenceInfo, evidence_info, shown_quantity
from procurement.deliveries.queries.drafts import ClaimDraft, claim_draft, promise_of
from procurement.deliveries.rules import claimable_quarters
from procurement.deliveries.rules.passing_on import hash_of, is_open
from procurement.deliveries.vocabulary import ClaimStatus
from socialvalue.accounts.permissions import is_supplier
from socialvalue.accounts.queries import organisation_names
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from socialvalue.core.purging import shown_address

QUARTERS_OF_LINK = 4
"""How far back somebody with a link may report: a year."""
STANDING = (ClaimStatus.SUBMITTED, ClaimStatus.RETURNED, ClaimStatus.VERIFIED)


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One link, as its supplier sees it. ``state`` is open, ended or expired."""

    id: int
    site: str
    email: str
    made_at: datetime
    made_by: str
    expires_at: datetime
    last_used_at: datetime | None
    state: str

    @property
    def is_open(self) -> bool:
        return self.state == "open"


@dataclass(frozen=True, slots=True)
class HandedIn:
    """Figures from a site that are part of no claim yet."""

    delegation_id: int
    commitment_id: int
    site: str
    quarter: date
    quantity: Decimal
    denominator: Decimal | None
    narrative: str
    handed_in_at: datetime
    version: int
    unit: str
    is_seen: bool
    """The supplier claimed of the quarter, or said that nothing was delivered, after it came in."""

    @property
    def shown(self) -> str:
        return shown_quantity(self.quantity, self.denominator, self.unit)


@dataclass(frozen=True, slots=True)
class PassingOn:
    """The page on which a commitment is passed on."""

    draft: ClaimDraft
    links: tuple[LinkRow, ...]


@dataclass(frozen=True, slots=True)
class LinkPage:
    """What somebody with a link may know: who asks, for what, how it is counted, until when. Nothing else."""

    id: int
    supplier_name: str
    site: str
    commitment: awards.CommitmentInfo
    quarters: tuple[date, ...]
    expires_at: datetime
    is_open: bool
    handed_in: tuple[HandedIn, ...]
    files: tuple[EvidenceInfo, ...]
    begins_on: date
    """The first day of what is delivered; before it there is no quarter to report."""


def passing_on(actor: Actor, commitment_id: int, today: date, now: datetime) -> PassingOn:
    """Links of a commitment, newest first. NotVisible, NotAllowed and RuleBroken as the claim form."""
    draft = claim_draft(actor, commitment_id, today)
    rows = Delegation.objects.filter(commitment_id=commitment_id).select_related("made_by")
    return PassingOn(draft, tuple(_link(row, now) for row in rows.order_by("-pk")))


def _link(row: Delegation, now: datetime) -> LinkRow:
    works = is_open(ended_at=row.ended_at, expires_at=row.expires_at, now=now)
    return LinkRow(
        id=row.pk,
        site=row.site,
        email=shown_address(row.email),
        made_at=row.made_at,
        made_by=str(row.made_by),
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        state="open" if works else "ended" if row.ended_at else "expired",
    )


def link_to_hand_in(token: str, now: datetime) -> LinkPage:
    """What a link opens, whoever opens it. NotVisible for a token that was never sent."""
    row = Delegation.objects.filter(token_hash=hash_of(token)).first()
    if row is None:
        raise NotVisible
    commitment = awards.commitment_info(row.commitment_id)
    contract = awards.contract_brief(row.contract_id)
    quarters = claimable_quarters(promise_of(commitment, contract), now.date())
    works = is_open(ended_at=row.ended_at, expires_at=row.expires_at, now=now)
    files = Evidence.objects.filter(delegation=row, claim__isnull=True).order_by("pk")
    return LinkPage(
        id=row.pk,
        supplier_name=organisation_names([row.supplier_id])[row.supplier_id],
        site=row.site,
        commitment=commitment,
        quarters=tuple(quarters[:QUARTERS_OF_LINK]),
        expires_at=row.expires_at,
        is_open=works,
        handed_in=tuple(
            found for found in handed_in([row.commitment_id]) if found.delegation_id == row.pk
        ),
        files=tuple(evidence_info(file) for file in files),
        begins_on=contract.starts_on,
    )


@dataclass(frozen=True, slots=True)
class WaitingFigures:
    """What sites handed in for a quarter of a contract, of which nothing was sent or said since."""

    contract: awards.ContractBrief
    quarter: date
    figures: tuple[HandedIn, ...]
    labels: dict[int, str]

    @property
    def lines(self) -> list[tuple[HandedIn, str]]:
        return [(row, self.labels[row.commitment_id]) for row in self.figures]


def figures_waiting(actor: Actor) -> list[WaitingFigures]:
    """What came in by links and waits for the supplier's own person to send it, by contract and quarter, oldest first.

    A figure that a claim or a nil return came after was seen by whoever sent that.
    """
    if not is_supplier(actor):
        return []
    rows = Contribution.objects.filter(
        delegation__supplier_id__in=actor.organisation_ids, claim__isnull=True
    )
    ids = set(rows.values_list("delegation__commitment_id", flat=True))
    commitments = awards.commitment_infos(ids)
    contracts = awards.contract_briefs({info.contract_id for info in commitments.values()})
    found: dict[tuple[int, date], list[HandedIn]] = {}
    for row in handed_in(ids):
        if not row.is_seen:
            key = (commitments[row.commitment_id].contract_id, row.quarter)
            found.setdefault(key, []).append(row)
    labels = {pk: info.measure.label for pk, info in commitments.items()}
    return [
        WaitingFigures(contracts[contract_id], quarter, tuple(figures), labels)
        for (contract_id, quarter), figures in found.items()
    ]


def _seen() -> Q:
    """Contributions that a claim or a nil return of the same commitment and quarter came after."""
    same = {"commitment_id": OuterRef("delegation__commitment_id"), "quarter": OuterRef("quarter")}
    claims = Claim.objects.filter(
        **same, submitted_at__gte=OuterRef("handed_in_at"), status__in=STANDING
    )
    nothing = NilReturn.objects.filter(**same, made_at__gte=OuterRef("handed_in_at"))
    return Q(Exists(claims)) | Q(Exists(nothing))


def handed_in(commitment_ids: Iterable[int], quarter: date | None = None) -> list[HandedIn]:
    """What came in by links and is part of no claim yet, oldest first. The caller may see the commitments."""
    rows = (
        Contribution.objects.filter(
            delegation__commitment_id__in=set(commitment_ids), claim__isnull=True
        )
        .select_related("delegation")
        .annotate(is_seen=_seen())
    )
    if quarter is not None:
        rows = rows.filter(quarter=quarter)
    infos = awards.commitment_infos(row.delegation.commitment_id for row in rows)
    return [
        HandedIn(
            delegation_id=row.delegation_id,
            commitment_id=row.delegation.commitment_id,
            site=row.delegation.site,
            quarter=row.quarter,
            quantity=row.quantity,
            denominator=row.denominator,
            narrative=row.narrative,
            handed_in_at=row.handed_in_at,
            version=row.version,
            unit=infos[row.delegation.commitment_id].measure.unit,
            is_seen=row.is_seen,
        )
        for row in rows.order_by("handed_in_at", "pk")
    ]
