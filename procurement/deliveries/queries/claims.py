"""Claims, for the supplier and the buying authority. Nobody else reads a claim."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from procurement.awards import queries as awards
from procurement.awards.permissions import who_sees_contract
from procurement.deliveries.models import Claim, Evidence
from procurement.deliveries.permissions import (
    can_ask,
    can_cancel,
    can_claim,
    can_see_claim,
    decides,
)
from procurement.deliveries.queries.confirming import ConfirmationInfo, confirmations_of
from procurement.deliveries.queries.parts import PartSeen, parts_of
from procurement.deliveries.vocabulary import ClaimStatus, ScanResult
from procurement.ledger.queries import EntryRow, entries_of_claim
from procurement.ledger.vocabulary import Basis
from socialvalue.accounts.permissions import is_buyer, is_supplier
from socialvalue.accounts.queries import organisation_names
from socialvalue.accounts.rules import Sight, people_of, the_region
from socialvalue.accounts.vocabulary import Deed
from socialvalue.audit.queries import history_of
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from socialvalue.core.money import from_pence, measured, quantity_text
from toms.valuation.rules import Working, value_of


@dataclass(frozen=True, slots=True)
class EvidenceInfo:
    """A file as it is listed. ``is_picture`` when it can be looked at in the page."""

    id: int
    name: str
    media_type: str
    size: int
    uploaded_at: datetime
    sha256: str = ""
    scan: str = ScanResult.NOT_SCANNED
    scanned_by: str = ""
    had_location: bool = False
    has_consent: bool = False
    retain_until: date | None = None
    removed_at: datetime | None = None
    site: str = ""
    """Where it came from, when it came through a link."""

    @property
    def is_picture(self) -> bool:
        return self.is_kept and self.media_type in ("image/jpeg", "image/png")

    @property
    def is_kept(self) -> bool:
        """Its time is not over: it can be opened."""
        return self.removed_at is None

    @property
    def scan_label(self) -> str:
        return str(ScanResult(self.scan).label)

    @property
    def fingerprint(self) -> str:
        """The beginning of its hash, enough to compare by eye."""
        return self.sha256[:12]


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim as it is shown in a list, with the sum behind its value and its evidence."""

    id: int
    status: str
    version: int
    quarter: date
    quantity: Decimal
    denominator: Decimal | None
    value_pence: int
    narrative: str
    submitted_at: datetime
    submitted_by: str
    submitted_by_id: int
    decision_reason: str
    decided_at: datetime | None
    authority_id: int
    authority_name: str
    supplier_id: int
    supplier_name: str
    contract: awards.ContractBrief
    commitment: awards.CommitmentInfo
    working: Working
    evidence: tuple[EvidenceInfo, ...]
    confirmations: tuple[ConfirmationInfo, ...] = ()
    postcode_district: str = ""

    @property
    def is_confirmed(self) -> bool:
        """A group that benefited confirmed what the claim says now."""
        return any(row.is_proof for row in self.confirmations)

    @property
    def has_evidence(self) -> bool:
        """As ``has_evidence`` of the room says it: a file that is kept, or a confirmation. A verified claim had it."""
        if self.status == ClaimStatus.VERIFIED or self.is_confirmed:
            return True
        return any(file.is_kept for file in self.evidence)

    @property
    def status_label(self) -> str:
        return ClaimStatus(self.status).label

    @property
    def caption(self) -> str:
        return f"Claim {self.id}"

    @property
    def look(self) -> str:
        """A key of the status component."""
        return "awaiting_verification" if self.status == ClaimStatus.SUBMITTED else self.status

    @property
    def value(self) -> Decimal | None:
        """Pounds; None when the measure is counted, not valued."""
        return from_pence(self.value_pence) if self.working.is_valued else None

    @property
    def shown_quantity(self) -> str:
        """``12 FTE-years``, or ``30 of 50 (60%)`` for a rate."""
        return shown_quantity(self.quantity, self.denominator, self.commitment.measure.unit)

    @property
    def working_lines(self) -> list[tuple[str, str]]:
        return [(line.label, line.shown) for line in self.working.lines]


def shown_quantity(quantity: Decimal, denominator: Decimal | None, unit: str) -> str:
    if denominator is None:
        return measured(quantity, unit)
    share = (quantity * 100 / denominator).quantize(Decimal("0.1"))
    return f"{quantity_text(quantity)} of {quantity_text(denominator)} ({quantity_text(share)}%)"


@dataclass(frozen=True, slots=True)
class ClaimFilters:
    """Which claims are meant; an empty part means all."""

    statuses: tuple[str, ...] = ()
    contract_id: int | None = None
    commitment_id: int | None = None
    quarter: date | None = None
    upload_id: int | None = None
    text: str = ""
    order: str = "-submitted"


ORDERS = {
    "submitted": ("submitted_at", "id"),
    "quarter": ("quarter", "id"),
    "supplier": ("supplier__name", "id"),
    "value": ("value_pence", "id"),
}


def visible_claims(actor: Actor) -> QuerySet[Claim]:
    """Claims to the actor's authority, or of the actor's supplier."""
    seen = Q(pk__in=())
    if is_buyer(actor):
        seen |= Q(authority_id=actor.organisation_id)
    if is_supplier(actor):
        seen |= Q(supplier_id__in=actor.organisation_ids)
    return Claim.objects.filter(seen).select_related("submitted_by")


def claims_for(actor: Actor, filters: ClaimFilters = ClaimFilters()) -> QuerySet[Claim]:
    rows = visible_claims(actor)
    if filters.statuses:
        rows = rows.filter(status__in=filters.statuses)
    if filters.contract_id is not None:
        rows = rows.filter(contract_id=filters.contract_id)
    if filters.commitment_id is not None:
        rows = rows.filter(commitment_id=filters.commitment_id)
    if filters.quarter is not None:
        rows = rows.filter(quarter=filters.quarter)
    if filters.upload_id is not None:
        rows = rows.filter(upload_id=filters.upload_id)
    if filters.text:
        rows = rows.filter(
            Q(contract__title__icontains=filters.text)
            | Q(contract__reference__icontains=filters.text)
            | Q(supplier__name__icontains=filters.text)
            | Q(commitment__measure__code__iexact=filters.text)
            | Q(commitment__measure__title__icontains=filters.text)
        )
    sign = "-" if filters.order.startswith("-") else ""
    columns = ORDERS.get(filters.order.lstrip("-"), ORDERS["submitted"])
    return rows.order_by(*(sign + column for column in columns))


def claims_awaiting(actor: Actor) -> QuerySet[Claim]:
    """What waits for a decision of the actor's authority, oldest first."""
    rows = claims_for(actor, ClaimFilters(statuses=(ClaimStatus.SUBMITTED,), order="submitted"))
    return rows.filter(authority_id=actor.organisation_id) if is_buyer(actor) else rows.none()


def claim_rows(claims: Iterable[Claim]) -> list[ClaimRow]:
    """Claims ready to show, in their order, with as many queries for one as for a hundred."""
    claims = list(claims)
    commitments = awards.commitment_infos(claim.commitment_id for claim in claims)
    contracts = awards.contract_briefs(claim.contract_id for claim in claims)
    names = organisation_names(
        sorted({n for claim in claims for n in (claim.authority_id, claim.supplier_id)})
    )
    files: dict[int, list[EvidenceInfo]] = {}
    rows = Evidence.objects.filter(claim_id__in=[claim.pk for claim in claims])
    for row in rows.select_related("delegation").order_by("pk"):
        files.setdefault(row.claim_id or 0, []).append(evidence_info(row))
    asked = confirmations_of(claims)
    return [
        _row(
            claim,
            commitments[claim.commitment_id],
            contracts[claim.contract_id],
            names,
            files.get(claim.pk, []),
            asked.get(claim.pk, []),
        )
        for claim in claims
    ]


def evidence_info(row: Evidence) -> EvidenceInfo:
    """A row as it is listed; with ``delegation`` selected, so that a list asks once."""
    return EvidenceInfo(
        id=row.pk,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        uploaded_at=row.uploaded_at,
        sha256=row.sha256,
        scan=row.scan,
        scanned_by=row.scanned_by,
        had_location=row.had_location,
        has_consent=row.has_consent,
        retain_until=row.retain_until,
        removed_at=row.removed_at,
        site=row.delegation.site if row.delegation else "",
    )


def _row(
    claim: Claim,
    commitment: awards.CommitmentInfo,
    contract: awards.ContractBrief,
    names: dict[int, str],
    files: Sequence[EvidenceInfo],
    confirmations: Sequence[ConfirmationInfo],
) -> ClaimRow:
    return ClaimRow(
        id=claim.pk,
        status=claim.status,
        version=claim.version,
        quarter=claim.quarter,
        quantity=claim.quantity,
        denominator=claim.denominator,
        value_pence=claim.value_pence,
        narrative=claim.narrative,
        submitted_at=claim.submitted_at,
        submitted_by=str(claim.submitted_by),
        submitted_by_id=claim.submitted_by_id,
        decision_reason=claim.decision_reason,
        decided_at=claim.decided_at,
        authority_id=claim.authority_id,
        authority_name=names[claim.authority_id],
        supplier_id=claim.supplier_id,
        supplier_name=names[claim.supplier_id],
        contract=contract,
        commitment=commitment,
        working=working_of(commitment, claim.quantity),
        evidence=tuple(files),
        confirmations=tuple(confirmations),
        postcode_district=claim.postcode_district,
    )


def working_of(commitment: awards.CommitmentInfo, quantity: Decimal) -> Working:
    """What a quantity of this commitment is worth, as it was awarded."""
    return value_of(
        quantity=quantity,
        unit_value=commitment.unit_value,
        attribution_percent=commitment.attribution_percent,
        additionality=commitment.measure.additionality,
        unit=commitment.measure.unit,
        source=commitment.unit_value_source,
    )


def claim_for(actor: Actor, claim_id: int) -> ClaimRow:
    """One claim, to its supplier and its buying authority. NotVisible for anybody else."""
    claim = Claim.objects.select_related("submitted_by").filter(pk=claim_id).first()
    if claim is None or not can_see_claim(actor, claim):
        raise NotVisible
    return claim_rows([claim])[0]


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """Everything on the page of one claim."""

    claim: ClaimRow
    entries: list[EntryRow]
    history: list[tuple[str, datetime, str]]
    who_can_see: list[Sight]
    may_mend: bool
    may_add: bool
    may_withdraw: bool
    may_decide: bool
    may_correct: bool
    is_buying: bool
    may_ask: bool = False
    """The group that benefited can be asked to confirm it."""
    may_cancel: frozenset[int] = frozenset()
    """Which questions to groups the actor can take back."""
    parts: tuple[PartSeen, ...] = ()
    """What it counts of shared deliveries."""
    may_share: bool = False
    """It could count parts of shared deliveries: its figures are added up."""

    @property
    def accepted(self) -> str:
        """What stands verified, where it is not what was claimed: ``6 tCO2e``; else empty."""
        reversed_ids = {entry.corrects_id for entry in self.entries}
        stands = [
            entry
            for entry in self.entries
            if entry.basis == Basis.VERIFIED
            and entry.corrects_id is None
            and entry.id not in reversed_ids
        ]
        if not stands:
            return ""
        quantity = sum((entry.quantity for entry in stands), Decimal(0))
        whole = stands[-1].denominator
        if (quantity, whole) == (self.claim.quantity, self.claim.denominator):
            return ""
        return shown_quantity(quantity, whole, self.claim.commitment.measure.unit)


def claim_page(actor: Actor, claim_id: int) -> ClaimPage:
    """One claim with what was posted for it and who did what. NotVisible for anybody else."""
    claim = claim_for(actor, claim_id)
    claims = can_claim(actor, claim)
    history = history_of(target_type="claim", target_id=claim_id)
    return ClaimPage(
        claim=claim,
        entries=entries_of_claim(actor, claim_id),
        history=[
            (line.sentence, line.at, ", ".join(filter(None, (line.who, line.organisation))))
            for line in history
        ],
        who_can_see=[
            *who_sees_contract(
                authority=(claim.authority_id, claim.authority_name),
                supplier=(claim.supplier_id, claim.supplier_name),
                what="the claim, its evidence and how it was decided",
            ),
            people_of(
                claim.authority_name,
                claim.authority_id,
                Deed.VERIFY_CLAIMS,
                what="may verify it or return it, unless they made it",
            ),
            the_region("the figures, not the evidence"),
        ],
        may_mend=claims and claim.status == ClaimStatus.RETURNED,
        may_add=claims and claim.status == ClaimStatus.SUBMITTED,
        may_withdraw=claims and claim.status in (ClaimStatus.SUBMITTED, ClaimStatus.RETURNED),
        may_decide=decides(actor, claim) and claim.status == ClaimStatus.SUBMITTED,
        may_correct=decides(actor, claim) and claim.status == ClaimStatus.VERIFIED,
        is_buying=not claims,
        may_ask=can_ask(actor, claim) and claim.status == ClaimStatus.SUBMITTED,
        may_cancel=frozenset(
            row.id
            for row in claim.confirmations
            if row.is_waiting and can_cancel(actor, claim, row.asked_by_id)
        ),
        parts=tuple(parts_of([claim_id]).get(claim_id, ())),
        may_share=claims
        and claim.commitment.measure.adds_up
        and claim.status in (ClaimStatus.SUBMITTED, ClaimStatus.RETURNED),
    )


def counts_by_status(actor: Actor) -> dict[str, int]:
    """How many claims the actor sees in each status, for landing pages."""
    rows = visible_claims(actor).order_by().values("status").annotate(how_many=Count("id"))
    return {row["status"]: row["how_many"] for row in rows}
