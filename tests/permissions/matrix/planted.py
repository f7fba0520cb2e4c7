"""Things that the demonstration does not hold: planted by the services, so that an address has something to refuse.

Each of these gives the values in the address, as the finders of ``objects`` do. What has ``token`` in the declaration
is anybody's who holds the link, and tests/flows/test_links.py and ``test_times`` walk in with one.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from pypdf import PdfWriter

from procurement.awards.models import Contract
from procurement.awards.services import propose_award
from procurement.bids.models import OfferLine
from procurement.deliveries.services.uploads import upload_claims
from procurement.downloads.services import ask_file, write_file
from procurement.downloads.vocabulary import LongList
from procurement.duties.services import record_duty
from procurement.evaluations.models import Evaluation, EvaluationPanelMember, EvaluationResult
from procurement.evaluations.services import (
    Declaration,
    add_panel_member,
    declare_interests,
    rule_out,
)
from procurement.policies import services as policies
from procurement.policies.models import PolicyVersion
from procurement.procurements.models import Procurement
from procurement.procurements.permissions import why_not_consider
from procurement.procurements.services import preview_notices
from procurement.procurements.vocabulary import BuyerMatch
from procurement.tenders.models import Tender, TenderInvitation
from procurement.tenders.services import ask
from reporting.cabinet.services.templates import copy_form
from reporting.cabinet.vocabulary import ReportKind
from socialvalue.accounts.models import Organisation
from socialvalue.accounts.services.merging import ask_merge
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM, Actor
from socialvalue.core.errors import RuleBroken
from socialvalue.core.tables import Column, Table
from socialvalue.demo.people import Cast
from tests.conftest import as_owner
from tests.factories.accounts import SupplierFactory
from tests.factories.procurements import considered, release
from tests.factories.uploads import text, uploaded
from tests.permissions.matrix.viewers import LEAD, OWNER, SUPPLIER
from toms.imports.services import upload_framework

FILE = b"Code,Measure,Unit\nX1,A canary measure that nobody else may read,hours\n"


def _owners(role: Role) -> Actor:
    return Cast().at(OWNER, role)


def policy_draft() -> dict[str, Any]:
    """A version that the owner of the policy writes, copied from the one in force."""
    in_force = PolicyVersion.objects.get(policy__organisation__slug=OWNER, status="adopted")
    draft = policies.start_draft(actor=_owners(Role.POLICY_OWNER), copy_from=in_force.pk)
    return {"pk": draft.pk, "version_pk": draft.pk}


def threshold_file() -> dict[str, Any]:
    """The table of law once more, uploaded by the authority that leads the region."""
    kept = policies.preview_thresholds(
        actor=Cast().at(LEAD, Role.POLICY_OWNER),
        file_name="thresholds.csv",
        content=policies.THRESHOLDS.read_bytes(),
    )
    return {"pk": kept.pk}


def framework_file() -> dict[str, Any]:
    """A file of measures on its way in."""
    kept = upload_framework(
        actor=_owners(Role.POLICY_OWNER), file_name="canary-measures.csv", content=FILE
    )
    return {"pk": kept.pk}


def claims_file() -> dict[str, Any]:
    """A supplier's file of claims, not checked yet."""
    kept = upload_claims(actor=Cast().reporter(SUPPLIER), name="canary-claims.csv", content=FILE)
    return {"pk": kept.pk}


def marked_claims() -> dict[str, Any]:
    """A supplier's file of claims that was checked, with what is to be mended beside each cell."""
    with as_owner():  # The worker that checks it signs in so.
        kept = uploaded(
            Cast().reporter(SUPPLIER),
            text([("A canary row that nobody else may read", "", "1", "", "", "")]),
            name="canary-marked.csv",
        )
    assert kept.answer, "nothing was found to mend"
    return {"pk": kept.pk}


def notices_file() -> dict[str, Any]:
    """A file of published notices, previewed and not applied."""
    kept = preview_notices(
        actor=_owners(Role.PROCUREMENT_OFFICER),
        file_name="canary-notices.json",
        content=json.dumps([release(tender={"title": "A canary nobody else may read"})]).encode(),
        match=BuyerMatch.OWN,
    )
    return {"pk": kept.pk}


def report_template() -> dict[str, Any]:
    made = copy_form(
        actor=_owners(Role.REPORT_AUTHOR),
        name="The canary committee's report",
        kind=ReportKind.ANNUAL,
    )
    return {"pk": made.pk, "kind": made.sections[0]["kind"]}


def merge() -> dict[str, Any]:
    """Asked for by the supplier, about one that has nobody to look."""
    own = Organisation.objects.get(slug=SUPPLIER)
    asked = ask_merge(
        actor=Cast().supplier(SUPPLIER),
        kept_id=own.pk,
        merged_id=SupplierFactory(name="Canary Highways Ltd").pk,
        reason="A canary reason that nobody else may read.",
    )
    return {"merge_id": asked.pk}


def clarification() -> dict[str, Any]:
    """A question about a tender that is open."""
    invited = (
        TenderInvitation.objects.filter(
            tender__authority__slug=OWNER,
            tender__status="published",
            tender__deadline_at__gt=clock.now(),
        )
        .select_related("tender", "supplier")
        .order_by("pk")
        .first()
    )
    assert invited is not None, "no tender of the owner is open"
    row = ask(
        actor=Cast().supplier(invited.supplier.slug),
        tender_id=invited.tender_id,
        text="May a canary be named among the partners?",
    )
    return {"procurement_pk": invited.tender.procurement_id, "clarification_pk": row.pk}


def long_file() -> dict[str, Any]:
    """A list that the contract manager had written as a file: theirs alone."""
    file = ask_file(
        actor=_owners(Role.CONTRACT_MANAGER),
        what=LongList.CLAIMS,
        name="canary-list",
        asked="q=canary-that-was-asked",
        rows=1,
    )
    table = Table("Canary", (Column("What"),), [("A canary that nobody else may read",)])
    write_file(actor=SYSTEM, file_id=file.pk, table_of=lambda actor, asked: table)
    return {"pk": file.pk}


def consideration_file() -> dict[str, Any]:
    """What was considered before a publication, with the minutes of it."""
    officer = _owners(Role.PROCUREMENT_OFFICER)
    drafts = Procurement.objects.filter(authority__slug=OWNER).order_by("pk")
    procurement = next(row for row in drafts if not why_not_consider(officer, row))
    minutes, sheet = BytesIO(), PdfWriter()
    sheet.add_blank_page(width=595, height=842)
    sheet.write(minutes)
    record = considered(
        officer,
        procurement,
        social="A canary that nobody else may read.",
        evidence_name="canary-minutes.pdf",
        evidence_content=minutes.getvalue(),
    )
    return {"pk": procurement.pk, "record_pk": record.pk}


def ruling() -> dict[str, Any]:
    """A claim of a bid that is ruled out while the bids are marked."""
    marked = Evaluation.objects.get(tender__authority__slug=OWNER, status="open").tender
    line = OfferLine.objects.filter(bid__tender=marked, bid__status="opened").order_by("pk").last()
    assert line is not None, "no bid that is marked offers anything"
    row = rule_out(
        actor=_owners(Role.PROCUREMENT_OFFICER),
        offer_line_id=line.pk,
        reason="A canary reason that nobody else may read.",
    )
    return {"procurement_pk": marked.procurement_id, "ruling_pk": row.pk}


def interest() -> dict[str, Any]:
    """An interest that an evaluator declared and nobody decided."""
    judged = EvaluationPanelMember.objects.values("tender")
    open_ones = Tender.objects.filter(authority__slug=OWNER, deadline_at__gt=clock.now())
    tender = open_ones.exclude(pk__in=judged).order_by("pk").first()
    assert tender is not None, "every open tender of the owner has its panel"
    evaluator = Cast().at(OWNER, Role.EVALUATOR)
    add_panel_member(
        actor=_owners(Role.PROCUREMENT_OFFICER),
        tender_id=tender.pk,
        person_id=evaluator.person_id,
        role="evaluator",
    )
    rows = declare_interests(
        actor=evaluator,
        tender_id=tender.pk,
        declarations=[
            Declaration(pk, True, "A canary interest that nobody else may read.")
            for pk in TenderInvitation.objects.filter(tender=tender).values_list(
                "supplier_id", flat=True
            )
        ],
    )
    return {"procurement_pk": tender.procurement_id, "interest_pk": rows[0].pk}


def proposal() -> dict[str, Any]:
    """An award that waits for who approves it."""
    ranked = Evaluation.objects.get(
        tender__authority__slug=OWNER, tender__status="opened", status="ranked"
    )
    best = EvaluationResult.objects.filter(evaluation=ranked, is_passed=True).latest(
        "round", "-rank"
    )
    today = clock.today()
    row = propose_award(
        actor=_owners(Role.PROCUREMENT_OFFICER),
        procurement_id=ranked.tender.procurement_id,
        bid_id=best.bid_id,
        reason="A canary reason that nobody else may read.",
        value=Decimal(250_000),
        value_basis="excl",
        starts_on=today + timedelta(days=60),
        ends_on=today + timedelta(days=800),
    )
    return {"pk": row.pk}


def duty_again() -> dict[str, Any]:
    """A duty that comes each time something happens, done once."""
    officer = _owners(Role.PROCUREMENT_OFFICER)
    live = Contract.objects.filter(authority__slug=OWNER, status="live").order_by("pk")
    for procurement_id in live.values_list("procurement_id", flat=True):
        with suppress(RuleBroken):  # It is under another law.
            row = record_duty(
                actor=officer,
                procurement_id=procurement_id,
                duty="change-notice",
                done_on=clock.today(),
                reference="A canary that nobody else may read.",
            )
            return {
                "procurement_pk": procurement_id,
                "duty": row.duty,
                "occurrence": row.occurrence,
            }
    raise AssertionError("no contract of the owner has a duty that comes again")
