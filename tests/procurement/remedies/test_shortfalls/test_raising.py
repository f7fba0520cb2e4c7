"""A shortfall is raised once, with what was planned, verified and missing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from procurement.remedies import queries, services
from procurement.remedies.models import Shortfall
from socialvalue.core.errors import Conflict, NotVisible, RuleBroken
from tests.factories.deliveries import claim
from tests.factories.remedies import raised, short, with_terms
from tests.procurement.remedies.test_shortfalls.steps import proposed

pytestmark = [pytest.mark.services, pytest.mark.django_db]


def test_a_shortfall_holds_what_was_planned_verified_and_missing_at_the_frozen_value(w):
    row = raised(w)
    assert (row.planned, row.verified, row.gap, row.gap_pence) == (25, 5, 20, 25_000)
    assert row.as_at == date(2025, 11, 15)
    shown = queries.shortfall_page(w.claimant, row.pk).row
    assert [line.text for line in shown.lines][:3] == [
        "Planned by 15 November 2025: 25 hours",
        "Less what is verified: 5 hours",
        "Missing: 20 hours",
    ]
    assert "20 × £12.50 = £250" in "".join(line.text for line in shown.lines)


def test_pressing_twice_raises_once(w):
    raised(w)
    with pytest.raises(Conflict, match="open already"):
        raised(w)
    assert Shortfall.objects.count() == 1


def test_what_is_on_track_is_not_raised():
    w = short(verified=23)
    with pytest.raises(RuleBroken, match="on track: 23 hours of 25 hours"):
        raised(w)


def test_just_below_the_line_is_raised():
    w = short(verified=22)
    assert raised(w).gap == 3


def test_a_stale_figure_is_a_conflict_that_says_both(w):
    with pytest.raises(Conflict) as caught:
        services.raise_shortfall(
            actor=w.manager,
            contract_id=w.contract.pk,
            commitment_id=w.hours.pk,
            seen_missing=Decimal(25),
        )
    assert caught.value.changed == {"Missing": ("20 hours", "25 hours")}


def test_a_foreign_commitment_or_contract_is_not_there(w):
    other = short()
    with pytest.raises(NotVisible):
        services.raise_shortfall(
            actor=w.manager, contract_id=w.contract.pk, commitment_id=other.hours.pk
        )
    with pytest.raises(NotVisible):
        services.raise_shortfall(
            actor=w.manager, contract_id=other.contract.pk, commitment_id=other.hours.pk
        )
    row = raised(other)
    for actor in (w.manager, w.claimant, w.approver):
        with pytest.raises(NotVisible):
            queries.shortfall_page(actor, row.pk)
        with pytest.raises(NotVisible):
            services.say(actor=actor, shortfall_id=row.pk, text="Hello")


def test_what_a_remedy_answered_is_not_raised_again_but_what_is_more_is(w):
    with_terms(w)
    row = raised(w)
    services.approve_remedy(actor=w.approver, decision_id=proposed(w, row).pk)
    with pytest.raises(RuleBroken, match="answered by an earlier remedy"):
        raised(w)


def test_more_of_one_measure_does_not_make_up_for_another(w):
    """Over-delivery of the weeks leaves the shortfall of the hours as it is."""
    claim(w.claimant, w.weeks, quantity=Decimal(50))
    assert raised(w).gap == 20
