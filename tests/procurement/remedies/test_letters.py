"""Who is written to: the other party, or who decides; never who did it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from procurement.remedies import services
from socialvalue.accounts.models import User
from socialvalue.core.jobs import run_inline
from tests.factories.remedies import raised, with_terms

pytestmark = [pytest.mark.services, pytest.mark.django_db]


def address(actor) -> str:
    return User.objects.get(pk=actor.user_id).email


def test_the_other_party_and_who_decides_are_told(
    w, mailoutbox, django_capture_on_commit_callbacks
) -> None:
    with_terms(w)
    with run_inline(), django_capture_on_commit_callbacks(execute=True):
        row = raised(w)
    assert {mail.to[0] for mail in mailoutbox} == {address(w.claimant), address(w.boss)}
    assert mailoutbox[0].subject == f"A shortfall was raised: {w.contract.title}"
    assert "20 hours of what was planned" in mailoutbox[0].body
    mailoutbox.clear()
    with run_inline(), django_capture_on_commit_callbacks(execute=True):
        decision = services.propose_remedy(
            actor=w.manager,
            shortfall_id=row.pk,
            expected_version=1,
            kind="service_credit",
            reason="Quiet.",
        )
    assert [mail.to for mail in mailoutbox] == [[address(w.approver)]]
    mailoutbox.clear()
    with run_inline(), django_capture_on_commit_callbacks(execute=True):
        services.refuse_remedy(actor=w.approver, decision_id=decision.pk, remark="Talk first.")
    told = {mail.to[0] for mail in mailoutbox}
    assert told == {address(w.manager), address(w.colleague)}, "the supplier is not told of a no"


def test_a_change_goes_to_the_other_party_and_the_answer_back(
    w, mailoutbox, django_capture_on_commit_callbacks
) -> None:
    with run_inline(), django_capture_on_commit_callbacks(execute=True):
        row = services.ask_change(
            actor=w.boss,
            contract_id=w.contract.pk,
            kind="quantity",
            commitment_id=w.hours.pk,
            quantity=Decimal(60),
            from_quarter=date(2025, 10, 1),
            reason="Less room.",
        )
    assert {mail.to[0] for mail in mailoutbox} == {address(w.manager), address(w.colleague)}
    mailoutbox.clear()
    with run_inline(), django_capture_on_commit_callbacks(execute=True):
        services.agree_change(actor=w.manager, request_id=row.pk, expected_version=1)
    assert address(w.boss) in {mail.to[0] for mail in mailoutbox}
    assert any("from 100 hours to 60 hours" in mail.body for mail in mailoutbox)
