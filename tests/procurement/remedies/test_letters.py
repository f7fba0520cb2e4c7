"""Nothing of this room is written at once: what waits and what was decided goes into the letter of the week.

What that letter says is tested in tests/procurement/reminders/test_due_shortfalls.py.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from procurement.remedies import services
from socialvalue.core.jobs import run_inline
from tests.factories.remedies import a_plan, raised, with_terms

pytestmark = [pytest.mark.services, pytest.mark.django_db]


def test_nobody_is_written_to_at_once(w, mailoutbox, django_capture_on_commit_callbacks) -> None:
    with run_inline(), django_capture_on_commit_callbacks(execute=True):
        with_terms(w)
        row = raised(w)
        a_plan(w, row)
        services.agree_plan(actor=w.manager, shortfall_id=row.pk, expected_version=2)
        decision = services.propose_remedy(
            actor=w.manager,
            shortfall_id=row.pk,
            expected_version=3,
            kind="service_credit",
            reason="Quiet.",
        )
        services.approve_remedy(actor=w.approver, decision_id=decision.pk)
        asked = services.ask_change(
            actor=w.boss,
            contract_id=w.contract.pk,
            kind="quantity",
            commitment_id=w.hours.pk,
            quantity=Decimal(60),
            from_quarter=date(2025, 10, 1),
            reason="Less room.",
        )
        services.agree_change(actor=w.manager, request_id=asked.pk, expected_version=1)
    assert mailoutbox == []
