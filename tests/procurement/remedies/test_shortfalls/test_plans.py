"""What both parties say about a shortfall, and the plan they agree."""

from __future__ import annotations

from datetime import date

import pytest

from procurement.remedies import queries, services
from procurement.remedies.models import RectificationPlan, RectificationStep
from socialvalue.audit.models import AuditRecord
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.remedies import a_plan, a_step, raised

pytestmark = [pytest.mark.services, pytest.mark.django_db]


def test_both_parties_write_and_nobody_after_the_end(w):
    row = raised(w)
    services.say(actor=w.manager, shortfall_id=row.pk, text="What happened?")
    services.say(actor=w.claimant, shortfall_id=row.pk, text="The hall was closed.")
    said = queries.shortfall_page(w.manager, row.pk).messages
    assert [one.organisation for one in said] == [w.authority.name, w.supplier.name]
    services.close_shortfall(
        actor=w.manager, shortfall_id=row.pk, expected_version=1, outcome="Caught up."
    )
    with pytest.raises(Conflict, match="Caught up"):
        services.say(actor=w.claimant, shortfall_id=row.pk, text="Thank you")


def test_the_supplier_proposes_the_authority_agrees_and_steps_are_ticked_once(w):
    row = raised(w)
    with pytest.raises(NotAllowed):
        services.propose_plan(
            actor=w.manager, shortfall_id=row.pk, expected_version=1, cause="x",
            recover_by=date(2026, 3, 31), steps=[a_step()],
        )  # fmt: skip
    with pytest.raises(RuleBroken, match="has not proposed"):
        services.agree_plan(actor=w.manager, shortfall_id=row.pk, expected_version=1)
    a_plan(w, row)
    with pytest.raises(NotAllowed):
        services.agree_plan(actor=w.claimant, shortfall_id=row.pk, expected_version=2)
    with pytest.raises(RuleBroken, match="not agreed yet"):
        services.mark_step(actor=w.claimant, shortfall_id=row.pk, number=1)
    with pytest.raises(Conflict):  # a stale tab
        services.agree_plan(actor=w.manager, shortfall_id=row.pk, expected_version=1)
    services.agree_plan(actor=w.manager, shortfall_id=row.pk, expected_version=2)
    row.refresh_from_db()
    assert row.status == "rectifying"
    services.mark_step(actor=w.claimant, shortfall_id=row.pk, number=1)
    with pytest.raises(Conflict, match="15 November 2025"):
        services.mark_step(actor=w.manager, shortfall_id=row.pk, number=1)
    with pytest.raises(NotVisible):
        services.mark_step(actor=w.manager, shortfall_id=row.pk, number=2)
    with pytest.raises(Conflict, match="agreed already"):
        services.agree_plan(actor=w.manager, shortfall_id=row.pk, expected_version=row.version)


def test_another_plan_takes_the_agreement_away_and_keeps_what_is_done(w):
    row = raised(w)
    a_plan(w, row)
    services.agree_plan(actor=w.manager, shortfall_id=row.pk, expected_version=2)
    services.mark_step(actor=w.claimant, shortfall_id=row.pk, number=1)
    facts = {
        "actor": w.claimant, "shortfall_id": row.pk, "cause": "Staff left too.",
        "recover_by": date(2026, 6, 30), "steps": [a_step(date(2026, 2, 1))],
    }  # fmt: skip
    with pytest.raises(Conflict):  # a stale tab
        services.propose_plan(**facts, expected_version=2)
    services.propose_plan(**facts, expected_version=3)
    page = queries.shortfall_page(w.manager, row.pk)
    assert (page.row.status, page.plan.agreed_at, page.may_agree_plan) == ("open", None, True)
    assert [(step.number, step.status) for step in page.plan.steps] == [(1, "done"), (2, "not_due")]
    assert "instead of the plan that was agreed, by 31 March 2026" in page.history[0][0]
    services.agree_plan(actor=w.manager, shortfall_id=row.pk, expected_version=4)
    assert queries.shortfall_page(w.claimant, row.pk).row.status == "rectifying"


def test_a_second_proposal_takes_the_place_of_the_first_and_both_are_on_record(w):
    row = raised(w)
    a_plan(w, row)
    row.refresh_from_db()
    services.propose_plan(
        actor=w.claimant, shortfall_id=row.pk, expected_version=row.version, cause="Staff left.",
        recover_by=date(2026, 6, 30), steps=[a_step(), a_step(date(2026, 2, 1))],
    )  # fmt: skip
    assert RectificationPlan.objects.get().cause == "Staff left."
    assert RectificationStep.objects.count() == 2
    kept = AuditRecord.objects.filter(deed="rectification_proposed").order_by("id")
    assert [one.before.get("cause") for one in kept] == [None, "The hall was closed."]


@pytest.mark.parametrize(
    ("recover_by", "steps", "says"),
    [
        (date(2025, 11, 14), [a_step()], "today or later"),
        (date(2026, 3, 31), [], "at least one step"),
        (date(2025, 12, 30), [a_step()], "after the day you catch up by"),
        (date(2026, 3, 31), [a_step(date(2025, 11, 14))], "14 November 2025, which is over"),
        (date(2027, 4, 1), [a_step()], "The contract ends on 31 March 2027"),
    ],
)
def test_a_plan_that_cannot_be(w, recover_by, steps, says):
    row = raised(w)
    with pytest.raises(RuleBroken, match=says):
        services.propose_plan(
            actor=w.claimant, shortfall_id=row.pk, expected_version=1, cause="x",
            recover_by=recover_by, steps=steps,
        )  # fmt: skip
