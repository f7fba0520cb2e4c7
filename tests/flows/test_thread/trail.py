"""The audit trail: every deed, by the right person, in order, on the day it was done."""

from __future__ import annotations

from socialvalue.audit.models import AuditRecord
from tests.flows.test_thread.people import Thread, day

TRAIL = [
    ("procurement_created", "officer"),
    ("route_decided", "officer"),
    ("tender_started", "officer"),
    ("measures_chosen", "officer"),
    ("scoring_set", "officer"),
    ("questions_set", "officer"),
    ("supplier_invited", "officer"),
    ("tender_published", "officer"),
    ("panel_joined", "officer"),
    ("interest_declared", "second"),
    ("opening_started", "officer"),
    ("bids_opened", "approver"),
    ("evaluation_started", "approver"),
    ("answer_marked", "evaluator"),
    ("marks_locked", "second"),
    ("answer_moderated", "officer"),
    ("bids_ranked", "officer"),
    ("award_proposed", "officer"),
    ("contract_awarded", "approver"),
    ("summaries_issued", "officer"),
    ("standstill_set", "officer"),
    ("contract_signed", "officer"),
    ("plan_changed", "manager"),
    ("plan_agreed_by_one", "manager"),
    ("plan_agreed", "winner"),
    ("evidence_added", "winner"),
    ("claim_submitted", "winner"),
    ("claim_returned", "manager"),
    ("claim_verified", "manager"),
    ("claim_resubmitted", "winner"),
    ("claim_corrected", "manager"),
]


def check_the_audit_trail(thread: Thread) -> None:
    """Every deed, by the right person, in order, on the day it was done."""
    records = list(
        AuditRecord.objects.filter(procurement_id=thread.ids["procurement"]).order_by("pk")
    )
    assert [row.at for row in records] == sorted(row.at for row in records)
    # What was done to a sealed bid is told at its opening, with the time it had, and on the bid alone.
    sent = AuditRecord.objects.filter(deed="bid_submitted")
    assert {(row.user_id, row.at) for row in sent} == {
        (thread[who].user_id, day(2026, 1, 20)) for who in ("winner", "loser")
    }
    done = {(row.deed, row.user_id) for row in records}
    missing = [(deed, who) for deed, who in TRAIL if (deed, thread[who].user_id) not in done]
    assert missing == []
    firsts = {deed: index for index, deed in reversed(list(enumerate(row.deed for row in records)))}
    order = [firsts[deed] for deed, _ in TRAIL if deed in firsts]
    assert order == sorted(order)
    assert all(row.sentence for row in records)
    people = {
        thread[who].user_id
        for who in ("officer", "evaluator", "second", "approver", "manager", "winner")
    }
    assert {row.user_id for row in records if row.user_id} == people
    for deed in ("report_started", "report_changed", "report_frozen"):
        assert AuditRecord.objects.get(deed=deed).user_id == thread["author"].user_id
