"""Every deed that takes two: how it is begun, how it is finished, and how many a person finished alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from procurement.action_plans.models import ActionPlan
from procurement.action_plans.services import agree_plan
from procurement.awards.models import AwardProposal, ContractChange
from procurement.awards.services import approve_award
from procurement.bids.models import BidOpening
from procurement.evaluations.services import open_evaluation, start_opening
from procurement.policies import services as policies
from procurement.policies.models import PolicyVersion
from procurement.procurements.models import RouteOverride
from procurement.procurements.services import approve_override, ask_override
from procurement.remedies import services as remedies
from procurement.remedies.models import RectificationPlan, RemedyDecision, Shortfall
from procurement.tenders.models import Tender, TenderApproval
from procurement.tenders.services import approve_tender, set_place
from procurement.verifications.models import Verification
from procurement.verifications.services import correct_claim, verify_claim
from reporting.cabinet.models import CabinetReport, SignOff
from reporting.cabinet.queries.signing import words_of
from reporting.cabinet.services import start_report
from reporting.cabinet.services.signing import ask_for_sign_off, sign_report
from reporting.showcase.models import Story
from reporting.showcase.services import publish_story
from socialvalue.accounts.models import Membership, Organisation, OrganisationMerge, User
from socialvalue.accounts.services import grant_role
from socialvalue.accounts.services.merging import agree_merge, ask_merge
from socialvalue.accounts.vocabulary import BUYER_ROLES, SUPPLIER_ROLES, Role
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from tests.factories.accounts import (
    actor_of,
)
from tests.factories.awards import proposed
from tests.factories.deliveries import claim
from tests.factories.evaluations import AFTER
from tests.factories.procurements import procurement_of
from tests.factories.remedies import NOW as BEHIND
from tests.factories.remedies import a_plan
from tests.factories.showcase import TOLD_ON, drafted, sent
from tests.factories.tenders import NOW as PREPARED

LATER = AFTER + timedelta(days=1)


def all_roles(user: User, place: Organisation) -> Actor:
    """This person with every role of that side at once, in whichever organisation they act for."""
    side = SUPPLIER_ROLES if place.kind == "supplier" else BUYER_ROLES
    return replace(actor_of(user, place), roles=frozenset(str(role) for role in side))


@dataclass
class Scene:
    """What can be done by two, each begun and finished by whoever tries."""

    ranked: Any
    closed: Any
    delivered: Any
    behind: Any
    """A contract with a shortfall, and a plan that nobody agreed."""
    lacking: Any
    """A tender that lacks nothing but the approval that its policy asks for."""
    twins: tuple[Organisation, Organisation]
    """Two suppliers that may be one."""
    held: dict[str, Any] = field(default_factory=dict)

    def at(self, user: User, place: Organisation) -> Actor:
        Membership.objects.get_or_create(
            user=user,
            organisation=place,
            role=Role.SUPPLIER_ADMIN if place.kind == "supplier" else Role.PROCUREMENT_OFFICER,
            ended_at=None,
            defaults={"granted_at": AFTER},
        )
        return all_roles(user, place)


Step = Callable[[Scene, User], object]


def begin_award(scene: Scene, user: User) -> object:
    return proposed(scene.ranked, actor=scene.at(user, scene.ranked.authority))


def finish_award(scene: Scene, user: User) -> object:
    actor = scene.at(user, scene.ranked.authority)
    return approve_award(actor=actor, proposal_id=scene.held["award"].pk)


def begin_opening(scene: Scene, user: User) -> object:
    return start_opening(
        actor=scene.at(user, scene.closed.authority), tender_id=scene.closed.tender.pk
    )


def finish_opening(scene: Scene, user: User) -> object:
    return open_evaluation(
        actor=scene.at(user, scene.closed.authority), tender_id=scene.closed.tender.pk
    )


def begin_override(scene: Scene, user: User) -> object:
    actor = scene.at(user, scene.ranked.authority)
    made = procurement_of(actor)
    return ask_override(
        actor=actor,
        procurement_id=made.pk,
        to_route="light_touch",
        reason="The market for this is one charity.",
    )


def finish_override(scene: Scene, user: User) -> object:
    return approve_override(
        actor=scene.at(user, scene.ranked.authority),
        override_id=scene.held["override"].pk,
        answer="The charity agrees.",
    )


def _policy(scene: Scene, user: User, pk: int) -> dict[str, Any]:
    lock = PolicyVersion.objects.get(pk=pk).lock
    return {
        "actor": scene.at(user, scene.ranked.authority),
        "version_id": pk,
        "expected_lock": lock,
    }


def begin_policy(scene: Scene, user: User) -> object:
    regional = PolicyVersion.objects.get(policy__organisation__slug="wmca")
    made = policies.start_draft(
        actor=scene.at(user, scene.ranked.authority), copy_from=regional.pk, title="Ours"
    )
    policies.set_dates(
        **_policy(scene, user, made.pk),
        valid_from=date(2030, 4, 1),
        valid_to=None,
        review_on=date(2033, 1, 1),
        source="Cabinet, March 2030",
    )
    return policies.propose_version(**_policy(scene, user, made.pk))


def finish_policy(scene: Scene, user: User) -> object:
    return policies.adopt_version(**_policy(scene, user, scene.held["policy"].pk))


def begin_story(scene: Scene, user: User) -> object:
    actor = scene.at(user, scene.ranked.authority)
    return sent(actor, drafted(actor))


def finish_story(scene: Scene, user: User) -> object:
    story = Story.objects.get(pk=scene.held["story"].pk)
    with clock.at(TOLD_ON):
        return publish_story(
            actor=scene.at(user, scene.ranked.authority),
            story_id=story.pk,
            expected_version=story.version,
        )


def begin_claim(scene: Scene, user: User) -> object:
    return claim(scene.at(user, scene.delivered.supplier), scene.delivered.hours)


def finish_claim(scene: Scene, user: User) -> object:
    held = scene.held["claim"]
    return verify_claim(
        actor=scene.at(user, scene.delivered.authority),
        claim_id=held.pk,
        expected_version=held.version,
    )


def begin_correction(scene: Scene, user: User) -> object:
    """A claim of theirs that somebody else has verified."""
    made = begin_claim(scene, user)
    with clock.at(LATER):
        verify_claim(actor=scene.delivered.manager, claim_id=made.pk, expected_version=made.version)
    return made


def finish_correction(scene: Scene, user: User) -> object:
    """Less than was verified, which anybody else may put in its place."""
    return correct_claim(
        actor=scene.at(user, scene.delivered.authority),
        claim_id=scene.held["correction"].pk,
        quantity=Decimal(7),
        reason="Three hours were counted twice.",
    )


def begin_sign_off(scene: Scene, user: User) -> object:
    actor = scene.at(user, scene.ranked.authority)
    report = start_report(
        actor=actor, title="What was done", financial_year="2025-26", meeting_on=date(2026, 9, 9)
    )
    CabinetReport.objects.filter(pk=report.pk).update(
        sign_off_steps=["finance"], needs_sign_off=True
    )
    ask_for_sign_off(actor=actor, report_id=report.pk)
    return report


def finish_sign_off(scene: Scene, user: User) -> object:
    report = CabinetReport.objects.get(pk=scene.held["sign-off"].pk)
    return sign_report(
        actor=scene.at(user, scene.ranked.authority),
        report_id=report.pk,
        step="finance",
        answer="agreed",
        words_hash=words_of(report).hash,
    )


def _shortfall(scene: Scene) -> Shortfall:
    return Shortfall.objects.get(contract=scene.behind.contract)


def begin_remedy(scene: Scene, user: User) -> object:
    row = _shortfall(scene)
    with clock.at(BEHIND):
        return remedies.propose_remedy(
            actor=scene.at(user, scene.behind.authority),
            shortfall_id=row.pk,
            expected_version=row.version,
            kind="service_credit",
            reason="Nothing was done about it.",
        )


def finish_remedy(scene: Scene, user: User) -> object:
    with clock.at(BEHIND):
        return remedies.approve_remedy(
            actor=scene.at(user, scene.behind.authority), decision_id=scene.held["remedy"].pk
        )


def begin_catching_up(scene: Scene, user: User) -> object:
    row = _shortfall(scene)
    with clock.at(BEHIND):
        a_plan(replace(scene.behind, claimant=scene.at(user, scene.behind.supplier)), row)
    return row


def finish_catching_up(scene: Scene, user: User) -> object:
    row = _shortfall(scene)
    with clock.at(BEHIND):
        return remedies.agree_plan(
            actor=scene.at(user, scene.behind.authority),
            shortfall_id=row.pk,
            expected_version=row.version,
        )


def agree_for_supplier(scene: Scene, user: User) -> object:
    actor = scene.at(user, scene.behind.supplier)
    return agree_plan(actor=actor, contract_id=scene.behind.contract.pk)


def agree_for_authority(scene: Scene, user: User) -> object:
    actor = scene.at(user, scene.behind.authority)
    return agree_plan(actor=actor, contract_id=scene.behind.contract.pk)


def begin_change(scene: Scene, user: User) -> object:
    with clock.at(BEHIND):
        return remedies.ask_change(
            actor=scene.at(user, scene.behind.supplier),
            contract_id=scene.behind.contract.pk,
            kind="quantity",
            commitment_id=scene.behind.hours.pk,
            quantity=Decimal(60),
            from_quarter=date(2025, 10, 1),
            reason="The hall is half the size.",
        )


def finish_change(scene: Scene, user: User) -> object:
    with clock.at(BEHIND):
        return remedies.agree_change(
            actor=scene.at(user, scene.behind.authority),
            request_id=scene.held["change"].pk,
            expected_version=1,
        )


def _lacking(scene: Scene, user: User) -> dict[str, Any]:
    tender = Tender.objects.get(pk=scene.lacking.tender.pk)
    return {
        "actor": scene.at(user, scene.lacking.authority),
        "tender_id": tender.pk,
        "expected_version": tender.version,
    }


def begin_tender(scene: Scene, user: User) -> object:
    """Write in it last."""
    place = "" if Tender.objects.get(pk=scene.lacking.tender.pk).place else "birmingham"
    with clock.at(PREPARED):
        return set_place(**_lacking(scene, user), place=place)


def finish_tender(scene: Scene, user: User) -> object:
    with clock.at(PREPARED):
        return approve_tender(**_lacking(scene, user))


def begin_merge(scene: Scene, user: User) -> object:
    kept, merged = scene.twins
    return ask_merge(
        actor=scene.at(user, kept), kept_id=kept.pk, merged_id=merged.pk, reason="They are one."
    )


def finish_merge(scene: Scene, user: User) -> object:
    return agree_merge(actor=scene.at(user, scene.twins[1]), merge_id=scene.held["merge"].pk)


def begin_role(scene: Scene, user: User) -> object:
    return user


def finish_role(scene: Scene, user: User) -> object:
    """Grant a role to whoever asked for it."""
    return grant_role(
        actor=scene.at(user, scene.ranked.authority),
        user=scene.held["role"],
        organisation=scene.ranked.authority,
        role=Role.POLICY_OWNER,
    )


DEEDS: dict[str, tuple[Step, Step]] = {
    "opening": (begin_opening, finish_opening),
    "award": (begin_award, finish_award),
    "override": (begin_override, finish_override),
    "policy": (begin_policy, finish_policy),
    "story": (begin_story, finish_story),
    "claim": (begin_claim, finish_claim),
    "correction": (begin_correction, finish_correction),
    "sign-off": (begin_sign_off, finish_sign_off),
    "remedy": (begin_remedy, finish_remedy),
    "catching up": (begin_catching_up, finish_catching_up),
    "plan": (agree_for_supplier, agree_for_authority),
    "plan from the other side": (agree_for_authority, agree_for_supplier),
    "change": (begin_change, finish_change),
    "tender": (begin_tender, finish_tender),
    "merge": (begin_merge, finish_merge),
    "role": (begin_role, finish_role),
}
"""Opening a platform access is no deed of two: one operator opens it, and those it concerns are told."""


def finished_alone(user: User) -> dict[str, int]:
    """How many deeds of two this person has begun and finished, by their name."""
    return {
        "opening": BidOpening.objects.filter(first_by=user, second_by=user).count(),
        "award": AwardProposal.objects.filter(
            proposed_by=user, decided_by=user, status="approved"
        ).count(),
        "override": RouteOverride.objects.filter(
            asked_by=user, answered_by=user, status="approved"
        ).count(),
        "policy": PolicyVersion.objects.filter(proposed_by=user, adopted_by=user).count(),
        "story": Story.objects.filter(written_by=user, approved_by=user).count(),
        "claim": Verification.objects.filter(
            claim__submitted_by=user, decided_by=user, decision="verified"
        ).count(),
        "correction": Verification.objects.filter(
            claim__submitted_by=user, decided_by=user, decision="corrected"
        ).count(),
        "sign-off": SignOff.objects.filter(signed_by=user, report__started_by=user).count(),
        "remedy": RemedyDecision.objects.filter(
            proposed_by=user, decided_by=user, status="approved"
        ).count(),
        "catching up": RectificationPlan.objects.filter(proposed_by=user, agreed_by=user).count(),
        "plan": ActionPlan.objects.filter(agreed_by=user, supplier_agreed_by=user).count(),
        "change": ContractChange.objects.filter(asked_by=user, agreed_by=user).count(),
        # Whatever they approved, they wrote in it: nobody else does here.
        "tender": TenderApproval.objects.filter(given_by=user).count(),
        "merge": OrganisationMerge.objects.filter(
            asked_by=user, decided_by=user, status="agreed"
        ).count(),
        "role": Membership.objects.filter(user=user, granted_by=user).count(),
    }
