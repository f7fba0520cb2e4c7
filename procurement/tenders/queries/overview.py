"""Where a tender stands: what the policy allows, what is missing, everything the buyer's pages show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from procurement.policies.vocabulary import Route
from procurement.procurements.queries import (
    consideration_missing,
    latest_decision,
    procurement_brief,
    procurement_for,
)
from procurement.procurements.vocabulary import ProcurementStatus
from procurement.tenders.models import (
    Tender,
    TenderInvitation,
)
from procurement.tenders.permissions import can_prepare
from procurement.tenders.rules import (
    Missing,
    ScoringInWords,
    TenderFacts,
    WeightingRange,
    missing_from,
    scoring_in_words,
)
from procurement.tenders.vocabulary import TenderStatus, WeightingKind
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from toms.frameworks.queries import (
    EditionInfo,
    MeasureInfo,
    double_counting_pairs,
    editions_named,
    in_use,
)
from toms.frameworks.vocabulary import MeasureKind
from toms.proxies.rules import sector_name

if TYPE_CHECKING:
    from procurement.procurements.models import RouteDecision
from procurement.tenders.queries.asked import (
    QuestionInfo,
    RequirementInfo,
    questions_of,
    requirements_of,
    sector_choices,
)
from procurement.tenders.queries.gates import Gates, gates_of
from procurement.tenders.queries.invitations import InvitationInfo, invited_to
from procurement.tenders.queries.links import waiting_links
from procurement.tenders.queries.scoring import asked_in_words, scoring_now
from procurement.tenders.queries.tenders import mark_scale_of, place_name
from procurement.tenders.queries.usable import newer_edition


def decision_now(procurement_id: int) -> RouteDecision:
    """The route decision that holds. NotVisible while the procurement has none."""
    found = latest_decision(procurement_id)
    if found is None:
        raise NotVisible("This procurement has no route yet. Enter its estimate and dates first.")
    return found


def weighting_range(procurement_id: int) -> WeightingRange:
    """What the policy allows, from the latest route decision."""
    return _allowed(decision_now(procurement_id))


def _allowed(decision: RouteDecision) -> WeightingRange:
    return WeightingRange(
        decision.weighting_min_percent,
        decision.weighting_max_percent,
        decision.pass_fail_allowed,
        decision.policy_version.share_of,
    )


def missing_for_publication(tender: Tender) -> list[Missing]:
    """What stands between the tender and its publication, deadline apart; empty when nothing does."""
    decision = decision_now(tender.procurement_id)
    asked = requirements_of(tender.pk), questions_of(tender.pk)
    return _missing(tender, decision, gates_of(tender, decision), *asked)


def _missing(
    tender: Tender,
    decision: RouteDecision,
    gates: Gates,
    requirements: Sequence[RequirementInfo],
    questions: Sequence[QuestionInfo],
) -> list[Missing]:
    return missing_from(
        TenderFacts(
            route=decision.route,
            measure_count=len(requirements),
            weighting_kind=tender.weighting_kind,
            weighting_percent=tender.weighting_percent,
            quantitative_percent=tender.quantitative_percent,
            allowed=_allowed(decision),
            question_weights=tuple(
                row.weight_percent for row in questions if row.weight_percent is not None
            ),
            invited_count=TenderInvitation.objects.filter(tender=tender).count()
            + len(waiting_links(tender.pk)),
            lacks_consideration=consideration_missing(tender.procurement_id),
            share_of=tender.weighting_share_of,
            quality_percent=tender.quality_percent,
            no_measures_reason=tender.no_measures_reason,
            measure_breaches=gates.breaches,
            approvals_wanted=gates.wanted,
            not_usable=gates.not_usable,
            formula=tender.formula,
            target_value=tender.target_value,
            tie_rule=tender.tie_rule,
            measure_weights=tuple((row.code, row.weight_percent) for row in requirements),
        )
    )


@dataclass(frozen=True, slots=True)
class TenderOverview:
    """Everything the buyer's pages of one tender show. ``tender`` is None while it was not started."""

    procurement_id: int
    title: str
    reference: str
    authority_name: str
    route: str
    route_explanation: str
    tender: Tender | None
    requirements: list[RequirementInfo]
    questions: list[QuestionInfo]
    invited: list[InvitationInfo]
    scoring: ScoringInWords | None
    allowed: WeightingRange
    missing: list[Missing]
    double_counting: list[tuple[MeasureInfo, MeasureInfo]]
    can_prepare: bool
    can_start: bool
    now: datetime
    gates: Gates
    """What the policy asks beyond the route; empty while there is no tender."""
    estimate: Decimal = Decimal(0)
    """Of the procurement, in pounds."""
    newer_edition: EditionInfo | None = None
    """The main edition the authority uses now, where a draft that asks for nothing was started with another."""
    edition_name: str = ""
    """Of the tender; before its start, of the edition it would start with."""
    has_sectors: bool = False
    """What is asked from holds values by sector."""
    is_preparing: bool = False
    """The procurement is being prepared: its draft can change."""
    is_withdrawn: bool = False
    is_officer: bool = False
    """May amend, invite and answer, when that can be done at all."""

    @property
    def is_draft(self) -> bool:
        return self.tender is not None and self.tender.status == TenderStatus.DRAFT

    @property
    def is_stopped(self) -> bool:
        """Nothing comes of this tender: its procurement ended while it was being written, or was withdrawn."""
        return self.is_withdrawn or (self.is_draft and not self.is_preparing)

    @property
    def stays_sealed(self) -> bool:
        """Withdrawn with its bids unopened: they never are."""
        is_published = self.tender is not None and self.tender.status == TenderStatus.PUBLISHED
        return is_published and self.is_withdrawn

    @property
    def is_amendable(self) -> bool:
        """Published, before the deadline, not withdrawn: more can be invited, and the tender amended."""
        return self.is_sealed and not self.is_withdrawn

    @property
    def may_answer(self) -> bool:
        """Questions can be answered: until the bids are opened, unless the procurement is withdrawn."""
        is_published = self.tender is not None and self.tender.status == TenderStatus.PUBLISHED
        return is_published and self.is_officer and not self.is_withdrawn

    @property
    def is_advised(self) -> bool:
        """Comply, or explain in writing."""
        return self.route == Route.TOMS_ADVISED

    @property
    def nobody_earns_quantity(self) -> bool:
        """Points are promised for quantities, and no measure has what would earn them: a value, or its own weight."""
        tender = self.tender
        if tender is None or tender.weighting_kind != WeightingKind.WEIGHTED:
            return False
        return (
            bool(self.requirements)
            and tender.quantitative_percent > 0
            and not any(
                row.unit_value or row.is_negotiated or row.weight_percent is not None
                for row in self.requirements
            )
        )

    @property
    def mark_scale(self) -> tuple[str, ...]:
        """What the marks 0 to 5 mean."""
        return mark_scale_of(self.tender) if self.tender else ()

    def scoring_if(self, **typed: Any) -> ScoringInWords | None:
        """The words for a scoring that is not saved yet, with all that is asked as it is."""
        asked = asked_in_words(self.procurement_id, self.requirements, self.questions)
        return scoring_in_words(**typed, asked=asked)

    @property
    def awaiting_place(self) -> list[RequirementInfo]:
        """Those that lack the same thing stand together."""
        return sorted((row for row in self.requirements if row.awaits), key=lambda row: row.awaits)

    @property
    def has_localised(self) -> bool:
        """Some value depends on where the work is done, or on its sector."""
        return self.has_sectors or any(
            row.measure.kind == MeasureKind.LOCALISED for row in self.requirements
        )

    @property
    def place_name(self) -> str:
        return place_name(self.tender.place) if self.tender and self.tender.place else ""

    @property
    def sector_name(self) -> str:
        return sector_name(self.tender.sector) if self.tender and self.tender.sector else ""

    @property
    def valued_at(self) -> str:
        """``Coventry, Construction``: place and sector, as far as they are set."""
        return ", ".join(name for name in (self.place_name, self.sector_name) if name)

    @property
    def is_sealed(self) -> bool:
        """Published, and the deadline is still ahead."""
        tender = self.tender
        return (
            tender is not None
            and tender.status == TenderStatus.PUBLISHED
            and tender.deadline_at is not None
            and self.now < tender.deadline_at
        )


def tender_overview(actor: Actor, procurement_id: int) -> TenderOverview:
    """The buyer's view of a procurement's tender. NotVisible as for the procurement."""
    procurement = procurement_for(actor, procurement_id)
    brief = procurement_brief(procurement_id)
    decision = decision_now(procurement_id)
    tender = Tender.objects.filter(procurement_id=procurement_id).first()
    requirements = requirements_of(tender.pk) if tender else []
    questions = questions_of(tender.pk) if tender else []
    is_preparing = procurement.status == ProcurementStatus.ROUTED
    may_prepare = is_preparing and can_prepare(actor, procurement.authority_id)
    gates = gates_of(tender, decision) if tender else Gates((), (), ())
    is_open = may_prepare and tender is not None and tender.status == TenderStatus.DRAFT
    return TenderOverview(
        procurement_id=procurement_id,
        title=brief.title,
        reference=brief.reference,
        authority_name=brief.authority_name,
        route=decision.route,
        route_explanation=decision.explanation,
        tender=tender,
        requirements=requirements,
        questions=questions,
        invited=invited_to(tender.pk) if tender else [],
        scoring=scoring_now(tender, requirements, questions) if tender else None,
        allowed=_allowed(decision),
        missing=_missing(tender, decision, gates, requirements, questions) if tender else [],
        double_counting=double_counting_pairs([row.measure.id for row in requirements]),
        can_prepare=may_prepare,
        can_start=may_prepare and tender is None and decision.route != Route.LIGHT_TOUCH,
        now=clock.now(),
        gates=gates,
        newer_edition=newer_edition(tender) if tender and is_open else None,
        edition_name=_edition_name(tender, procurement.authority_id, procurement.commenced_on),
        estimate=brief.estimate,
        is_preparing=is_preparing,
        is_withdrawn=procurement.status == ProcurementStatus.WITHDRAWN,
        is_officer=can_prepare(actor, procurement.authority_id),
        has_sectors=bool(tender and requirements and sector_choices(tender)),
    )


def _edition_name(tender: Tender | None, authority_id: int, on: date) -> str:
    if tender is not None:
        return editions_named([tender.edition_id])[tender.edition_id]
    try:
        return in_use(authority_id, on).main.edition.name
    except NotVisible:
        return ""
