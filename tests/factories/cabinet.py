"""A contract whose promises are planned, partly claimed and partly verified: something to report about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from procurement.action_plans.services import start_plan
from procurement.awards.models import Commitment, Contract
from procurement.verifications.services import verify_claim
from reporting.cabinet.models import CabinetReport, CabinetSection, SignOff
from reporting.cabinet.queries.signing import words_of
from reporting.cabinet.services import start_report, write_section
from reporting.cabinet.services.signing import sign_report
from reporting.rollups.services import drain
from socialvalue.accounts.models import Organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM, Actor
from tests.factories.accounts import (
    AuthorityFactory,
    MembershipFactory,
    SupplierFactory,
    actor_for_role,
)
from tests.factories.deliveries import claim
from tests.factories.ledger import Promise, contract_with, measure, rate

STARTED = datetime(2025, 4, 1, 9, tzinfo=UTC)
CLAIMED = datetime(2025, 7, 3, 9, tzinfo=UTC)
NOW = datetime(2025, 10, 6, 13, 5, 7, tzinfo=UTC)
YEAR = "2025-26"
Q1, Q2 = date(2025, 4, 1), date(2025, 7, 1)


@dataclass(frozen=True)
class Reported:
    """An authority with one contract, and the people around it."""

    authority: Organisation
    supplier: Organisation
    contract: Contract
    commitments: list[Commitment]
    author: Actor
    manager: Actor
    claimant: Actor


def promises() -> list[Promise]:
    """Two themes: hours at £12.50, tonnes at £300, and a rate that is counted only."""
    return [
        Promise(measure("M1"), Decimal(800), Decimal("12.50")),
        Promise(measure("C1", theme_code="T2", unit="tCO2e"), Decimal(40), Decimal(300)),
        Promise(rate("R1"), Decimal(60), None),
    ]


def reported(authority: Organisation | None = None, *, verified: str = "60") -> Reported:
    """£22,000 promised over two years in equal quarters; in quarter 1 of 2025-26 ``verified`` hours (£12.50 each)
    verified, and 2 tonnes claimed that still wait. Everything is rolled up."""
    authority = authority or AuthorityFactory()
    supplier = SupplierFactory()
    contract, commitments = contract_with(*promises(), authority=authority, supplier=supplier)
    found = Reported(
        authority,
        supplier,
        contract,
        commitments,
        actor_for_role(Role.REPORT_AUTHOR, authority),
        actor_for_role(Role.CONTRACT_MANAGER, authority),
        actor_for_role(Role.SUPPLIER_CONTRIBUTOR, supplier),
    )
    with clock.at(STARTED):
        start_plan(actor=SYSTEM, contract_id=contract.pk)
    with clock.at(CLAIMED):
        hours = claim(found.claimant, commitments[0], quantity=Decimal(verified), quarter=Q1)
        verify_claim(actor=found.manager, claim_id=hours.pk, expected_version=hours.version)
        claim(found.claimant, commitments[1], quantity=Decimal(2), quarter=Q1)
    with clock.at(NOW):
        drain()
    return found


def draft(author: Actor, title: str = "Social value annual report 2025 to 2026") -> CabinetReport:
    """A report for 2025-26, as it is when it has just been started."""
    with clock.at(NOW):
        return start_report(
            actor=author, title=title, financial_year=YEAR, meeting_on=date(2026, 9, 9)
        )


def write(author: Actor, report: CabinetReport, text: str, kind: str = "financial") -> None:
    """Save other words under a heading."""
    row = CabinetSection.objects.get(report=report, kind=kind)
    write_section(
        actor=author,
        report_id=report.pk,
        kind=kind,
        expected_version=row.version,
        narrative=text,
    )


def sign(
    actor: Actor,
    report: CabinetReport,
    step: str,
    answer: str = "agreed",
    note: str = "",
    seen: str = "",
) -> SignOff:
    """Answer for a step, of the words as they stand unless others were ``seen``."""
    return sign_report(
        actor=actor,
        report_id=report.pk,
        step=step,
        answer=answer,
        note=note,
        words_hash=seen or words_of(report).hash,
    )


def writing_approver(authority: Organisation) -> Actor:
    """Somebody who may write reports and sign them off."""
    person = actor_for_role(Role.APPROVER, authority)
    MembershipFactory(user_id=person.user_id, organisation=authority, role=Role.REPORT_AUTHOR)
    return replace(person, roles=person.roles | {Role.REPORT_AUTHOR})
