"""One procurement through all nine steps, each by the person whose deed it is, on the days it would happen.

On the way everybody else tries the same deed and is refused. At the end the audit trail names every deed and its
person, and every figure is the sum that can be worked out by hand.
"""

from __future__ import annotations

from tests.flows.test_thread.awarding import award, evaluate, name_the_panel, sign
from tests.flows.test_thread.buying import enter_and_route, receive_sealed_bids, write_the_tender
from tests.flows.test_thread.delivering import deliver_and_verify, plan
from tests.flows.test_thread.reporting import report_to_cabinet, roll_up
from tests.flows.test_thread.trail import check_the_audit_trail


def test_one_procurement_from_policy_to_cabinet(thread, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=False):
        enter_and_route(thread)
        write_the_tender(thread)
        receive_sealed_bids(thread)
        name_the_panel(thread)
        evaluate(thread)
        award(thread)
        sign(thread)
        plan(thread)
        deliver_and_verify(thread)
        roll_up(thread)
        report_to_cabinet(thread)
    check_the_audit_trail(thread)
