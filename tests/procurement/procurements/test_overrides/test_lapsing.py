"""What later decisions make of an override: it stays while the rule says the same, or lapses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from procurement.procurements import queries, services
from socialvalue.core.errors import RuleBroken
from tests.procurement.procurements.test_overrides.steps import approve, ask, change

pytestmark = pytest.mark.django_db

D = Decimal


def test_an_override_stays_while_the_rule_still_says_the_same(officer, approver, procurement):
    override = approve(approver, ask(officer, procurement))
    decision = change(officer, procurement, estimate=D("50000"))
    assert (decision.stage, decision.route, decision.replaced_route, decision.crossed_line) == (
        "change", "light_touch", "toms_advised", False,
    )  # fmt: skip
    assert decision.override_id == override.pk
    assert "Overridden in the open" in decision.explanation


@pytest.mark.parametrize(
    ("estimate", "route", "stays"),
    [
        ("50000", "light_touch", True),
        ("49999.99", "light_touch", False),
        ("173099.99", "light_touch", True),
        ("173100", "toms_mandatory", False),
    ],
)
def test_it_lapses_at_the_line_and_says_so(officer, approver, procurement, estimate, route, stays):
    approve(approver, ask(officer, procurement))
    decision = change(officer, procurement, estimate=D(estimate))
    assert (decision.route, decision.override_id is not None) == (route, stays)
    assert decision.crossed_line is not stays
    assert ("The override to Light touch lapses" in decision.explanation) is not stays


def test_what_has_lapsed_does_not_come_back_by_itself(officer, approver, procurement):
    approve(approver, ask(officer, procurement))
    change(officer, procurement, estimate=D(300000))
    decision = change(officer, procurement, estimate=D(100000))
    assert (decision.route, decision.override_id) == ("toms_advised", None)
    assert "lapses" not in decision.explanation


def test_it_stays_at_publication_and_lapses_at_an_award_across_the_line(
    officer, approver, procurement
):
    approve(approver, ask(officer, procurement, "toms_mandatory"))
    services.mark_published(actor=officer, procurement_id=procurement.pk)
    published = queries.latest_decision(procurement.pk)
    assert (published.stage, published.route, published.replaced_route) == (
        "publication", "toms_mandatory", "toms_advised",
    )  # fmt: skip
    services.mark_evaluating(actor=officer, procurement_id=procurement.pk)
    services.mark_awarded(
        actor=officer, procurement_id=procurement.pk, award_value=D(40000), award_basis="excl",
        awarded_on=date(2026, 5, 1),
    )  # fmt: skip
    award = queries.latest_decision(procurement.pk)
    assert (award.route, award.crossed_line) == ("light_touch", True)
    assert "lapses" in award.explanation


def test_another_override_replaces_the_first_and_the_same_again_is_refused(
    officer, approver, procurement
):
    approve(approver, ask(officer, procurement))
    with pytest.raises(RuleBroken, match="approved already"):
        ask(officer, procurement)
    second = approve(approver, ask(officer, procurement, "toms_mandatory"))
    decision = queries.latest_decision(procurement.pk)
    assert (decision.route, decision.replaced_route, decision.override_id) == (
        "toms_mandatory", "toms_advised", second.pk,
    )  # fmt: skip


def test_overridden_to_light_touch_a_note_finishes_it(officer, approver, procurement):
    approve(approver, ask(officer, procurement))
    services.finish_light_touch(
        actor=officer, procurement_id=procurement.pk, considered="Words", objectives=[], quotations_sought=1,
        local_quotations=0, chosen_supplier="A charity", chosen_value=D(99000), is_local_or_sme=True, agreed="",
    )  # fmt: skip
    decision = queries.latest_decision(procurement.pk)
    assert (decision.stage, decision.route) == ("award", "light_touch")
