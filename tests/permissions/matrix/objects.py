"""What the addresses speak of: for each kind of thing one of the owner's, its values in an address, and whose it is.

A thing that the demonstration does not hold is planted by the services (``planted``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from procurement.models import (
    Award,
    Bid,
    ChangeRequest,
    Claim,
    Commitment,
    Confirmation,
    Contract,
    ContractKpi,
    Delegation,
    Evaluation,
    EvaluationInterest,
    EvaluationPanelMember,
    Evidence,
    NilReturn,
    OversightCost,
    PlannedProcurement,
    PolicyVersion,
    Procurement,
    RemedyDecision,
    RouteOverride,
    SampleSeed,
    SharedDelivery,
    Shortfall,
    Tender,
)
from procurement.procurements.models import ConsiderationRecord
from reporting.models import CabinetReport, RegionTarget, Story
from socialvalue.accounts.models import Invitation, Organisation, RegionMembership, User
from tests.permissions.matrix import planted
from tests.permissions.matrix.viewers import LEAD, OTHER, OWNER, SUPPLIER, THIRD, Viewer
from toms.models import Adoption, Edition, Measure, MeasureMapping, PrioritySet


@dataclass(frozen=True, slots=True)
class Thing:
    """``values`` by the names that addresses use.

    ``parties`` are slugs of organisations, ``role@slug`` for some of its people, or ``operator``; empty when it is
    everybody's.
    """

    values: dict[str, Any]
    parties: frozenset[str] = field(default_factory=frozenset)

    def lets(self, viewer: Viewer) -> bool:
        """The viewer acts for a party."""
        own = {viewer.place, *(f"{role}@{viewer.place}" for role in viewer.roles)}
        if viewer.is_operator:
            own.add("operator")
        return not self.parties or not self.parties.isdisjoint(own)


BOTH = frozenset({OWNER, SUPPLIER})
AUTHORITY = frozenset({OWNER})
OF_SUPPLIER = frozenset({SUPPLIER})
OF_REGION = frozenset({LEAD})

COMMON: dict[str, Any] = {
    "form": "csv",
    "quarter": "2026-04-01",
    "year": "2026-27",
    "token": "nobody-has-this-token",
    "slug": OWNER,
    "own_slug": OWNER,
    "owner": "authority",
    "table": "themes",
    "dimension": "directorate",
    "name": "contracts_live",
    "key": "nobody-has-this-key",
    "uidb36": "1",
    "provider_id": "nowhere",
    "edition": "open-2026-27",
    "edition_slug": "open-2026",
    "code": "GSE1",
    "duty": "contract-signed",
    "occurrence": "none",
    "record": "procurement",
    "number": 1,
    "region": "west-midlands",
}
ABSENT = 999_999_999
"""An id that nothing has."""


def _contract() -> Contract:
    """The running contract between the owner and its supplier about which most is known."""
    rows = Shortfall.objects.filter(authority__slug=OWNER, supplier__slug=SUPPLIER)
    return Contract.objects.get(pk=rows.order_by("pk").first().contract_id)


def _of_procurement() -> dict[str, Any]:
    contract = _contract()
    tender = Tender.objects.get(procurement=contract.procurement_id)
    bid = Bid.objects.get(tender=tender, supplier__slug=SUPPLIER)
    member = EvaluationPanelMember.objects.filter(tender=tender).order_by("pk").first()
    interest = EvaluationInterest.objects.filter(member__tender=tender).order_by("pk").first()
    line = bid.lines.order_by("pk").first()
    return {
        "pk": contract.procurement_id,
        "procurement_pk": contract.procurement_id,
        "kind": "docx",
        "bid_pk": bid.pk,
        "line_pk": line.pk,
        "member_pk": member.pk,
        "interest_pk": interest.pk,
        "supplier_pk": contract.supplier_id,
        "link_pk": ABSENT,
        "clarification_pk": ABSENT,
        "ruling_pk": ABSENT,
        "key": str(contract.procurement_id),
    }


def _of_evaluation() -> dict[str, Any]:
    """A tender whose bids are open and being marked."""
    running = Evaluation.objects.filter(tender__authority__slug=OWNER, status="open")
    tender = running.order_by("pk").first().tender
    bid = Bid.objects.filter(tender=tender, lines__isnull=False).order_by("pk").first()
    member = EvaluationPanelMember.objects.filter(tender=tender).order_by("pk").first()
    return {
        "procurement_pk": tender.procurement_id,
        "bid_pk": bid.pk,
        "line_pk": bid.lines.order_by("pk").first().pk,
        "member_pk": member.pk,
    }


def _of_contract() -> dict[str, Any]:
    contract = _contract()
    award = Award.objects.get(pk=contract.award_id)
    return {
        "pk": contract.pk,
        "contract_pk": contract.pk,
        "kind": "docx",
        "commitment_pk": contract.commitments.order_by("pk").first().pk,
        "bid_pk": award.bid_id,
    }


def _of_tender() -> dict[str, Any]:
    tender = Tender.objects.get(procurement=_contract().procurement_id)
    return {
        "tender_pk": tender.pk,
        "kind": "docx",
        "requirement_pk": tender.requirements.order_by("pk").first().pk,
        "question_pk": tender.questions.order_by("pk").first().pk,
    }


def _row(model: Any, *names: str, **where: Any) -> Callable[[], dict[str, Any]]:
    """The first row of these, under each of these names."""

    def find() -> dict[str, Any]:
        pk = model.objects.filter(**where).order_by("pk").values_list("pk", flat=True).first()
        if pk is None:
            raise AssertionError(f"the world holds no {model.__name__} with {where}")
        return dict.fromkeys(names or ("pk",), pk)

    return find


def _slug(model: Any, name: str, **where: Any) -> Callable[[], dict[str, Any]]:
    return lambda: {name: model.objects.filter(**where).order_by("pk").first().slug}


def _claim() -> dict[str, Any]:
    rows = Claim.objects.filter(contract=_contract())
    claim = rows.filter(status="submitted").order_by("pk").first() or rows.order_by("pk").first()
    return {"pk": claim.pk, "claim_pk": claim.pk}


def _kpi() -> dict[str, Any]:
    kpi = ContractKpi.objects.filter(contract__authority__slug=OWNER).order_by("pk").first()
    return {"kpi_pk": kpi.pk}


def _seed_day() -> dict[str, Any]:
    seed = SampleSeed.objects.filter(authority__slug=OWNER).order_by("pk").first()
    return {"day": seed.quarter.isoformat() if hasattr(seed, "quarter") else "2026-04-01"}


def _version() -> dict[str, Any]:
    version = PolicyVersion.objects.get(policy__organisation__slug=OWNER, status="adopted")
    return {"policy_slug": version.policy.slug, "number": version.number}


def _own_edition() -> dict[str, Any]:
    edition = Edition.objects.get(slug="own-warwickshire-1")
    measure = Measure.objects.filter(edition=edition).order_by("pk").first()
    return {
        "slug": edition.slug,
        "pk": measure.pk,
        "edition_slug": edition.slug,
        "code": measure.code,
    }


def _adoption() -> dict[str, Any]:
    adoption = Adoption.objects.filter(authority__slug=OWNER, packs__isnull=False).first()
    adoption = adoption or Adoption.objects.filter(authority__slug=OWNER).order_by("pk").first()
    pack = adoption.packs.order_by("pk").first()
    return {"pk": adoption.pk, "slug": pack.slug if pack else "none"}


def _statement() -> dict[str, Any]:
    shelf = PrioritySet.objects.get(authority__slug=OWNER)
    return {"slug": shelf.slug, "pk": shelf.priorities.order_by("pk").first().pk}


def _member() -> dict[str, Any]:
    user = User.objects.get(email=f"evaluator-two@{OWNER}.example")
    return {"user_id": user.pk}


def _organisation() -> dict[str, Any]:
    return {"key": str(Organisation.objects.get(slug=OWNER).pk)}


def _section() -> dict[str, Any]:
    report = CabinetReport.objects.filter(authority__slug=OWNER, status="draft").first()
    return {"pk": report.pk, "kind": report.sections.order_by("pk").first().kind}


_OWN = {"contract__authority__slug": OWNER, "contract__supplier__slug": SUPPLIER}
_OF_CLAIM = {f"claim__{name}": slug for name, slug in _OWN.items()}
FINDERS: dict[str, tuple[Callable[[], dict[str, Any]], frozenset[str]]] = {
    "signed_token": (lambda: {"token": "nobody.signed-this"}, frozenset({"nobody"})),
    "procurement": (_of_procurement, AUTHORITY),
    "evaluation": (_of_evaluation, AUTHORITY),
    "any_version": (_version, frozenset()),
    "contract": (_of_contract, BOTH),
    "tender": (_of_tender, OF_SUPPLIER),
    "claim": (_claim, BOTH),
    "evidence": (
        _row(
            Evidence,
            claim__contract__authority__slug=OWNER,
            claim__contract__supplier__slug=SUPPLIER,
        ),
        BOTH,
    ),
    "commitment": (_row(Commitment, "pk", "commitment_pk", **_OWN), BOTH),
    "nothing": (_row(NilReturn, **_OWN), OF_SUPPLIER),
    "link": (_row(Delegation, **_OWN), OF_SUPPLIER),
    "confirmation": (
        _row(Confirmation, "confirmation_pk", claim__contract__authority__slug=OWNER),
        BOTH,
    ),
    "shared": (_row(SharedDelivery, supplier__slug=SUPPLIER), OF_SUPPLIER),
    "shortfall": (_row(Shortfall, "shortfall_pk", **_OWN), BOTH),
    "change": (_row(ChangeRequest, "change_pk", **_OWN), BOTH),
    "remedy": (_row(RemedyDecision, "decision_pk", shortfall__authority__slug=OWNER), AUTHORITY),
    "kpi": (_kpi, AUTHORITY),
    "cost": (_row(OversightCost, "cost_pk", authority__slug=OWNER), AUTHORITY),
    "seed": (_seed_day, AUTHORITY),
    "override": (_row(RouteOverride, procurement__authority__slug=OWNER), AUTHORITY),
    "plan": (_row(PlannedProcurement, authority__slug=OWNER, status="planned"), AUTHORITY),
    "consideration": (
        lambda: dict(
            zip(
                ("pk", "record_pk"),
                ConsiderationRecord.objects.filter(procurement__authority__slug=OWNER)
                .order_by("pk")
                .values_list("procurement_id", "pk")
                .first(),
                strict=True,
            )
        ),
        AUTHORITY,
    ),
    "note": (
        _row(
            Procurement,
            authority__slug=OWNER,
            light_touch_note__isnull=False,
        ),
        AUTHORITY,
    ),
    "version": (_version, AUTHORITY),
    "report": (_row(CabinetReport, authority__slug=OWNER, status="frozen"), AUTHORITY),
    "report_again": (_row(CabinetReport, authority__slug=OWNER, replaces__isnull=False), AUTHORITY),
    "report_draft": (_section, AUTHORITY),
    "story": (_row(Story, authority__slug=OWNER, status="awaiting_approval"), AUTHORITY),
    "photo": (_row(Story, authority__slug=OWNER, status="published"), frozenset()),
    "target": (_row(RegionTarget, "target_id"), OF_REGION),
    "membership": (_row(RegionMembership, region__slug="west-midlands"), OF_REGION),
    "region": (dict, OF_REGION),
    "own_edition": (_own_edition, AUTHORITY),
    "adoption": (_adoption, AUTHORITY),
    "statement": (_statement, AUTHORITY | {f"regional_analyst@{LEAD}"}),
    "person": (_member, AUTHORITY),
    "invitation": (_row(Invitation, organisation__slug=OWNER), AUTHORITY),
    "mapping": (
        lambda: {"pk": MeasureMapping.objects.order_by("pk").first().source_id},
        frozenset({OWNER, OTHER, THIRD, LEAD}),
    ),
    "publication": (dict, AUTHORITY),
    "policy_draft": (planted.policy_draft, AUTHORITY),
    "threshold_file": (planted.threshold_file, frozenset()),
    "framework_file": (planted.framework_file, AUTHORITY),
    "claims_file": (planted.claims_file, OF_SUPPLIER),
    "marked_claims": (planted.marked_claims, OF_SUPPLIER),
    "notices_file": (planted.notices_file, AUTHORITY),
    "report_template": (planted.report_template, AUTHORITY),
    "merge": (planted.merge, frozenset({f"supplier_admin@{SUPPLIER}", "operator"})),
    "clarification": (planted.clarification, AUTHORITY),
    "long_file": (planted.long_file, frozenset({f"contract_manager@{OWNER}"})),
    "consideration_file": (planted.consideration_file, AUTHORITY),
    "ruling": (planted.ruling, AUTHORITY),
    "interest": (planted.interest, AUTHORITY),
    "proposal": (planted.proposal, AUTHORITY),
    "duty_again": (planted.duty_again, AUTHORITY),
    "token": (dict, frozenset({"nobody"})),
}


def things(kinds: set[str]) -> dict[str, Thing]:
    """Every kind that is asked for, found once."""
    told = Story.objects.filter(authority__slug=OWNER, status="published").order_by("pk").first()
    common = COMMON | {"story": told and told.slug}
    found = {"-": Thing(common)}
    for kind in sorted(kinds - {"-"}):
        find, parties = FINDERS[kind]
        found[kind] = Thing(common | find(), parties)
    return found
