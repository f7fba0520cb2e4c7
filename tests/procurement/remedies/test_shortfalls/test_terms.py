"""The remedies a contract provides, and the cap on them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from procurement.remedies import services
from procurement.remedies.models import RemedyDecision, RemedyTerms
from procurement.remedies.rules import Terms
from socialvalue.audit.models import AuditRecord
from socialvalue.core.errors import Conflict, NotAllowed, RuleBroken
from tests.factories.remedies import ALL, raised, with_terms
from tests.procurement.remedies.test_shortfalls.steps import proposed

pytestmark = [pytest.mark.services, pytest.mark.django_db]


def test_every_remedy_is_off_unless_the_contract_provides_it(w):
    row = raised(w)
    for kind in ("substitution", "service_credit", "community_fund", "termination"):
        with pytest.raises(RuleBroken, match="does not provide this remedy"):
            proposed(w, row, kind, instead_id=w.weeks.pk, quantity=Decimal(10))
    assert RemedyDecision.objects.count() == 0


def test_terms_are_set_by_the_contract_manager_and_kept_in_the_history(w):
    with_terms(w)
    services.set_terms(
        actor=w.colleague,
        contract_id=w.contract.pk,
        expected_version=1,
        terms=Terms(termination=True, clause="Clause 9"),
    )
    row = RemedyTerms.objects.get()
    assert (row.substitution, row.termination, row.service_credit_percent) == (False, True, None)
    kept = AuditRecord.objects.filter(deed="remedy_terms_set").order_by("id")
    assert [one.before["substitution"] for one in kept] == [False, True]


@pytest.mark.parametrize("who", ["officer", "approver", "claimant"])
def test_nobody_else_sets_terms(w, who):
    with pytest.raises(NotAllowed):
        services.set_terms(
            actor=getattr(w, who), contract_id=w.contract.pk, expected_version=0, terms=ALL
        )


def test_terms_set_twice_from_the_same_page_is_a_conflict(w):
    with_terms(w)
    with pytest.raises(Conflict):
        with_terms(w)


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (Terms(service_credit=True, clause="x"), "service_credit_percent"),
        (Terms(community_fund=True, clause="x"), "fund_name"),
        (Terms(termination=True), "clause"),
    ],
)
def test_terms_need_their_figures(w, terms, field):
    with pytest.raises(RuleBroken) as caught:
        with_terms(w, terms)
    assert caught.value.errors[0][0] == field
