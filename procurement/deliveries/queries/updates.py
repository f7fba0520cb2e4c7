"""The quarterly update page of one contract: what is due, what stands claimed, what is typed already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Case, Count, F, Max, QuerySet, Sum, Value, When, Window
from django.db.models.functions import RowNumber

from procurement.action_plans import queries as action_plans
from procurement.awards import queries as awards
from procurement.awards.rules import NOT_SIGNED
from procurement.awards.vocabulary import ContractStatus
from procurement.deliveries.models import Claim, ClaimDraft, Evidence, NilReturn
from procurement.deliveries.permissions import CLAIM_REASON, can_claim
from procurement.deliveries.queries.claims import (
    ClaimFilters,
    ClaimRow,
    EvidenceInfo,
    claim_rows,
    claims_for,
    evidence_info,
    working_of,
)
from procurement.deliveries.queries.delegations import HandedIn, handed_in
from procurement.deliveries.queries.drafts import promise_of
from procurement.deliveries.rules import (
    Calculator,
    FigureNames,
    Promise,
    calculator_for,
    claimable_quarters,
    figure_names,
)
from procurement.deliveries.vocabulary import COUNTED_AS_CLAIMED, ClaimStatus
from procurement.ledger.queries import commitment_sums
from procurement.ledger.vocabulary import Basis
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible, RuleBroken
from socialvalue.core.money import measured, quantity_text
from socialvalue.core.periods import quarter_end
from toms.frameworks.vocabulary import Aggregation
from toms.valuation.rules import Working

LIVE = (ClaimStatus.SUBMITTED, ClaimStatus.RETURNED, ClaimStatus.VERIFIED)
CLAIMS_SHOWN = 5
ONE_A_QUARTER = (Aggregation.LAST, Aggregation.NONE)


@dataclass(frozen=True, slots=True)
class NilInfo:
    """The word that nothing was delivered."""

    id: int
    made_at: datetime
    made_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class UpdateRow:
    """One commitment in the quarter. ``planned`` is None where the plan has nothing for it; for a rate a percentage.

    ``claims`` are those of the quarter that live, returned ones and then the newest where there are many;
    ``claims_count`` counts all of them. ``claimed`` is what stands of all quarters.
    """

    commitment: awards.CommitmentInfo
    promise: Promise
    planned: Decimal | None
    claims: tuple[ClaimRow, ...]
    claims_count: int
    claimed: Decimal
    typed: dict[str, str]
    sites: tuple[HandedIn, ...]
    files: tuple[EvidenceInfo, ...]
    nil: NilInfo | None

    @property
    def id(self) -> int:
        return self.commitment.id

    @property
    def is_reported(self) -> bool:
        return bool(self.claims) or self.nil is not None

    @property
    def is_open(self) -> bool:
        """Whether a figure can be entered: what does not add up stands once a quarter."""
        return not (self.claims and self.commitment.measure.aggregation in ONE_A_QUARTER)

    @property
    def returned(self) -> ClaimRow | None:
        return next((row for row in self.claims if row.status == ClaimStatus.RETURNED), None)

    @property
    def status(self) -> str:
        """A key of the status component."""
        if self.returned:
            return "returned"
        return "claimed" if self.claims else "nothing" if self.nil else "due"

    @property
    def status_words(self) -> str:
        return "Nothing this period" if self.status == "nothing" else ""

    @property
    def names(self) -> FigureNames:
        return figure_names(self.commitment.measure)

    @property
    def calculator(self) -> Calculator | None:
        return calculator_for(self.commitment.measure.unit)

    @property
    def planned_shown(self) -> str:
        if self.planned is None:
            return ""
        measure = self.commitment.measure
        if measure.is_rate:
            return f"{quantity_text(self.planned)}%"
        return measured(self.planned, measure.unit)

    @property
    def promised_shown(self) -> str:
        measure = self.commitment.measure
        if measure.is_rate:
            return f"{quantity_text(self.commitment.quantity)}%"
        return measured(self.commitment.quantity, measure.unit)

    @property
    def claimed_shown(self) -> str:
        return measured(self.claimed, self.commitment.measure.unit)

    @property
    def first(self) -> dict[str, str]:
        """What stands in the boxes before anybody types here: the draft, else what the sites handed in since something
        was last claimed or said of the quarter."""
        if any(self.typed.values()):
            return self.typed
        waiting = tuple(row for row in self.sites if not row.is_seen)
        return _of_sites(waiting, is_summed=self.promise.adds_up or self.promise.is_rate)

    def worth(self, quantity: Decimal) -> Working:
        return working_of(self.commitment, quantity)


def _of_sites(sites: tuple[HandedIn, ...], *, is_summed: bool) -> dict[str, str]:
    if not sites:
        return {}
    counted = sites if is_summed else sites[-1:]
    wholes = [row.denominator for row in counted if row.denominator is not None]
    words = [f"{row.site}: {row.narrative}" for row in sites if row.narrative]
    return {
        "quantity": quantity_text(sum((row.quantity for row in counted), Decimal(0))),
        "denominator": quantity_text(sum(wholes, Decimal(0))) if wholes else "",
        "narrative": "\n".join(words),
    }


@dataclass(frozen=True, slots=True)
class QuarterChoice:
    """A quarter that has begun, and how much of it is not reported yet."""

    quarter: date
    missing: int
    is_late: bool


@dataclass(frozen=True, slots=True)
class UpdatePage:
    """``version`` is that of the drafts; ``seen`` stands for the claims of the quarter there are now."""

    contract: awards.ContractBrief
    quarter: date
    due_on: date
    is_late: bool
    rows: tuple[UpdateRow, ...]
    others: tuple[UpdateRow, ...]
    quarters: tuple[QuarterChoice, ...]
    version: int
    seen: str

    @property
    def every_row(self) -> tuple[UpdateRow, ...]:
        return self.rows + self.others

    @property
    def is_reported(self) -> bool:
        return all(row.is_reported for row in self.rows)

    @property
    def late(self) -> list[QuarterChoice]:
        """Earlier quarters of which something is missing, other than this one."""
        return [row for row in self.quarters if row.is_late and row.quarter != self.quarter]


def update_page(actor: Actor, contract_id: int, quarter: date, today: date) -> UpdatePage:
    """One quarter of the actor's own contract. NotVisible for another supplier's, and for a quarter outside it or that
    has not begun; NotAllowed for the buyer; RuleBroken before the contract is signed."""
    contract = awards.contract_for(actor, contract_id)
    if not can_claim(actor, contract):
        raise NotAllowed(CLAIM_REASON)
    if contract.status == ContractStatus.AWARDED:
        raise RuleBroken(NOT_SIGNED)
    brief = awards.contract_brief(contract_id)
    commitments = awards.commitments_of(contract_id)
    promises = {info.id: promise_of(info, brief) for info in commitments}
    begun = claimable_quarters(next(iter(promises.values())), today) if promises else []
    if quarter not in begun:
        raise NotVisible("That quarter is outside the contract, or has not begun.")
    milestones = action_plans.milestones_of([contract_id])
    planned = {row.commitment_id: row.quantity for row in milestones if row.quarter == quarter}
    rows = _rows(actor, commitments, promises, planned, quarter)
    due = [row for row in rows if row.planned or row.is_reported]
    return UpdatePage(
        contract=brief,
        quarter=quarter,
        due_on=min(quarter_end(quarter), brief.last_day),
        is_late=quarter_end(quarter) < today,
        rows=tuple(due),
        others=tuple(row for row in rows if row not in due and row.commitment.quantity),
        quarters=_choices(milestones, begun, contract_id, today),
        version=draft_version(contract_id, quarter),
        seen=seen_claims(contract_id, quarter),
    )


def _rows(
    actor: Actor,
    commitments: list[awards.CommitmentInfo],
    promises: dict[int, Promise],
    planned: dict[int, Decimal],
    quarter: date,
) -> list[UpdateRow]:
    ids = [info.id for info in commitments]
    contract_id = commitments[0].contract_id
    wanted = ClaimFilters(
        statuses=LIVE, contract_id=contract_id, quarter=quarter, order="submitted"
    )
    found = claims_for(actor, wanted)
    claims = claim_rows(found.filter(pk__in=_few_of_each(found)))
    counts = dict(found.order_by().values_list("commitment_id").annotate(n=Count("pk")))
    sums: dict[int, Decimal] = {}
    for (commitment_id, _), row in commitment_sums(ids, basis=Basis.CLAIMED).items():
        sums[commitment_id] = sums.get(commitment_id, Decimal(0)) + row.quantity
    typed = {
        row.commitment_id: {
            "quantity": row.quantity,
            "denominator": row.denominator,
            "narrative": row.narrative,
            "postcode_district": row.postcode_district,
        }
        for row in ClaimDraft.objects.filter(contract_id=contract_id, quarter=quarter)
    }
    sites = _by_commitment(ids, quarter)
    files: dict[int, list[EvidenceInfo]] = {}
    for file in Evidence.objects.filter(
        contract_id=contract_id,
        commitment_id__in=ids,
        quarter=quarter,
        claim__isnull=True,
        removed_at__isnull=True,
    ).order_by("pk"):
        files.setdefault(file.commitment_id or 0, []).append(evidence_info(file))
    nils = {
        row.commitment_id: NilInfo(row.pk, row.made_at, str(row.made_by), row.reason)
        for row in NilReturn.objects.filter(
            contract_id=contract_id, quarter=quarter
        ).select_related("made_by")
    }
    return [
        UpdateRow(
            commitment=info,
            promise=promises[info.id],
            planned=planned.get(info.id),
            claims=tuple(row for row in claims if row.commitment.id == info.id),
            claims_count=counts.get(info.id, 0),
            claimed=sums.get(info.id, Decimal(0)),
            typed=typed.get(info.id, {}),
            sites=tuple(sites.get(info.id, [])),
            files=tuple(files.get(info.id, [])),
            nil=nils.get(info.id),
        )
        for info in commitments
    ]


def _few_of_each(claims: QuerySet[Claim]) -> list[int]:
    """The claims of each commitment that are shown: an upload may bring 100,000 of one."""
    place = Window(
        RowNumber(),
        partition_by=F("commitment_id"),
        order_by=[
            Case(When(status=ClaimStatus.RETURNED, then=Value(0)), default=Value(1)),
            F("submitted_at").desc(),
            F("pk").desc(),
        ],
    )
    ranked = claims.select_related(None).order_by().annotate(place=place)
    return list(ranked.filter(place__lte=CLAIMS_SHOWN).values_list("pk", flat=True))


def _by_commitment(ids: list[int], quarter: date) -> dict[int, list[HandedIn]]:
    found: dict[int, list[HandedIn]] = {}
    for row in handed_in(ids, quarter):
        found.setdefault(row.commitment_id, []).append(row)
    return found


def _choices(
    milestones: Iterable[action_plans.MilestoneInfo],
    begun: list[date],
    contract_id: int,
    today: date,
) -> tuple[QuarterChoice, ...]:
    """Every quarter that has begun, newest first."""
    done = reported([contract_id])
    missing: dict[date, int] = {}
    for row in milestones:
        if row.quantity and (row.commitment_id, row.quarter) not in done:
            missing[row.quarter] = missing.get(row.quarter, 0) + 1
    return tuple(
        QuarterChoice(day, missing.get(day, 0), bool(missing.get(day)) and quarter_end(day) < today)
        for day in begun
    )


def reported(contract_ids: Iterable[int]) -> set[tuple[int, date]]:
    """Commitments and quarters of which something was said: a claim that counts or was sent back, or nothing."""
    ids = list(contract_ids)
    claims = Claim.objects.filter(contract_id__in=ids, status__in=LIVE)
    nils = NilReturn.objects.filter(contract_id__in=ids)
    return {
        *claims.values_list("commitment_id", "quarter").distinct(),
        *nils.values_list("commitment_id", "quarter"),
    }


def nil_returns(contract_ids: Iterable[int]) -> dict[tuple[int, date], int]:
    """The ids of what was reported as nothing, by commitment and quarter. The caller may see the contracts."""
    rows = NilReturn.objects.filter(contract_id__in=list(contract_ids))
    return {(row.commitment_id, row.quarter): row.pk for row in rows}


def draft_version(contract_id: int, quarter: date) -> int:
    """Grows with every change of a draft of the quarter."""
    drafts = ClaimDraft.objects.filter(contract_id=contract_id, quarter=quarter)
    return int(drafts.aggregate(whole=Sum("version"))["whole"] or 0)


def seen_claims(contract_id: int, quarter: date) -> str:
    """Stands for the claims that count in a quarter: another one when any is sent, mended, decided or taken back."""
    rows = Claim.objects.filter(
        contract_id=contract_id, quarter=quarter, status__in=(*COUNTED_AS_CLAIMED, "returned")
    ).aggregate(how_many=Count("pk"), last=Max("pk"), versions=Sum("version"))
    return f"{rows['how_many']}.{rows['last'] or 0}.{rows['versions'] or 0}"
