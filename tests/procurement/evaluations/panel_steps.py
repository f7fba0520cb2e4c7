"""What people on a panel do, in one line each: for the tests of panels, interests, marks and moderation."""

from __future__ import annotations

from django.db import connection, transaction

from procurement.bids.queries import opened_bids
from procurement.evaluations.models import (
    EvaluationInterest,
    EvaluationPanelMember,
)
from procurement.evaluations.queries import (
    panel_of,
)
from procurement.evaluations.rules import Verdict
from procurement.evaluations.services import (
    Declaration,
    MarkInput,
    add_panel_member,
    decide_interest,
    declare_interests,
    lock_marks,
    mark_bid,
    moderate,
)
from socialvalue.audit.models import AuditRecord
from socialvalue.audit.queries import history_of_procurement
from socialvalue.core import clock
from tests.factories.evaluations import (
    AFTER,
    WRITTEN,
)


def bids_of(bench):
    """In the order of the bidders, which is not that of the opening."""
    found = {bid.supplier_id: bid.id for bid in opened_bids(bench.tender.pk)}
    return [found[row.organisation_id] for row in bench.bidders if row.organisation_id in found]


def mark(bench, value=3, *, bid=0, actor=None, version=0, rationale="Because.", question=0):
    verdict = value if isinstance(value, Verdict) else Verdict(value)
    with clock.at(AFTER):
        return mark_bid(
            actor=actor or bench.evaluator,
            evaluation_id=bench.evaluation.pk,
            bid_id=bids_of(bench)[bid],
            marks=[
                MarkInput(
                    bench.questions[question].id,
                    verdict.mark,
                    rationale,
                    version,
                    verdict.is_met,
                    verdict.not_applicable,
                )
            ],
        )[0]


def mark_all(bench, actor, value=3, bids=None):
    for bid in range(len(bids_of(bench))) if bids is None else bids:
        for question in range(len(bench.questions)):
            mark(bench, value, bid=bid, actor=actor, question=question)


def lock(bench, actor):
    with clock.at(AFTER):
        return lock_marks(actor=actor, evaluation_id=bench.evaluation.pk)


def sql(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def audit_text():
    return " ".join(
        f"{row.sentence} {row.before} {row.after}" for row in AuditRecord.objects.order_by("pk")
    )


def set_verdict(bench, value=4, *, actor=None, bid=0, question=0, version=0, reason="Agreed."):
    verdict = value if isinstance(value, Verdict) else Verdict(value)
    with clock.at(AFTER):
        return moderate(
            actor=actor or bench.moderator,
            evaluation_id=bench.evaluation.pk,
            bid_id=bids_of(bench)[bid],
            question_id=bench.questions[question].id,
            verdict=verdict,
            reason=reason,
            expected_version=version,
        )


def name(bench, actor, role="evaluator", *, by=None):
    with clock.at(WRITTEN):
        return add_panel_member(
            actor=by or bench.officer,
            tender_id=bench.tender.pk,
            person_id=actor.person_id,
            role=role,
        )


def suppliers(bench):
    return [bidder.organisation_id for bidder in bench.bidders]


def declare(bench, actor, *, interest_in=(), text="My brother works there.", only=None):
    with clock.at(WRITTEN):
        return declare_interests(
            actor=actor,
            tender_id=bench.tender.pk,
            declarations=[
                Declaration(pk, pk in interest_in, text if pk in interest_in else "")
                for pk in (suppliers(bench) if only is None else only)
            ],
        )


def decide(bench, interest, decision="stays", *, by=None, reason="Distant enough."):
    with clock.at(WRITTEN):
        return decide_interest(
            actor=by or bench.officer, interest_id=interest.pk, decision=decision, reason=reason
        )


def interest_of(bench, actor):
    return EvaluationInterest.objects.get(member__person_id=actor.person_id, has_interest=True)


def members(bench):
    return [(row.person_id, row.role) for row in panel_of(bench.tender.pk)]


def sentences(bench):
    lines = history_of_procurement(procurement_id=bench.procurement.pk)
    return [line.sentence for line in lines]


def member_of(bench, actor):
    return EvaluationPanelMember.objects.get(tender=bench.tender, person_id=actor.user_id)
