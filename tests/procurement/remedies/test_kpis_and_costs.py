"""KPIs rated by the year, and what overseeing costs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from procurement.remedies import queries, services
from procurement.remedies.models import ContractKpi, KpiRating, OversightCost
from procurement.remedies.queries.telling import ratings_due
from procurement.remedies.rules import (
    ContractYear,
    KpiLaw,
    Promised,
    contract_years,
    cost_of,
    kpis_asked,
    raise_of,
    smallest_raise,
)
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.periods import FinancialYear
from tests.factories.remedies import short

# --- rules ---


def test_the_years_of_a_contract_end_with_it():
    assert contract_years(date(2025, 4, 1), date(2026, 9, 30)) == [
        ContractYear(date(2025, 4, 1), date(2026, 3, 31)),
        ContractYear(date(2026, 4, 1), date(2026, 9, 30)),
    ]
    assert len(contract_years(date(2025, 4, 1), date(2026, 3, 31))) == 1
    assert len(contract_years(date(2025, 4, 1), date(2026, 4, 1))) == 2


@pytest.mark.parametrize(
    ("value", "line", "category", "standing", "to_set"),
    [
        ("5000000", "5000000", "services", 0, 0),
        ("5000000.01", "5000000", "services", 0, 3),
        ("6000000", "5000000", "services", 2, 1),
        ("6000000", "5000000", "services", 4, 0),
        ("6000000", "5000000", "light_touch", 0, 0),
        ("6000000", None, "services", 0, 0),
    ],
)
def test_how_many_kpis_the_law_asks_for(value, line, category, standing, to_set):
    law = KpiLaw(Decimal(value), Decimal(line) if line else None, category)
    missing, why = kpis_asked(law, standing)
    assert missing == to_set
    assert why


@pytest.mark.parametrize("gap", [1, 999, 25_000, 123_457])
@pytest.mark.parametrize("unit", ["0.000000007", "12.5", "0.333333333", "40000"])
def test_the_smallest_raise_is_enough_and_no_less_is(gap, unit):
    promised = Promised("M2", "weeks", Decimal("16.5"), Decimal(unit), Decimal(80))
    least = smallest_raise(promised, gap)
    if least is None:
        assert Decimal(unit) < Decimal("0.0001")
        return
    assert raise_of(promised, least, gap).adds_pence >= gap
    if least > Decimal("0.001"):
        with pytest.raises(RuleBroken):
            raise_of(promised, least - Decimal("0.001"), gap)


def test_a_cost_is_hours_at_a_rate_or_an_amount():
    assert cost_of(Decimal("2.5"), Decimal("31.33"), None) == 7_833  # 78.325 half up
    assert cost_of(None, None, Decimal("0")) == 0
    for wrong in (
        (None, None, None),
        (Decimal(0), Decimal(30), None),
        (Decimal(1), None, None),
        (Decimal(1), Decimal(30), Decimal(30)),
        (None, None, Decimal(-1)),
    ):
        with pytest.raises(RuleBroken):
            cost_of(*wrong)


# --- KPIs ---


def kpi(w, name="Repairs on time", **more) -> ContractKpi:
    return services.set_kpi(
        actor=w.manager, contract_id=w.contract.pk, name=name, target="95% within five days", **more
    )


def rated(w, row, rating="good", **more) -> KpiRating:
    facts = {"actor": w.manager, "year_from": date(2025, 4, 1), "reason": "97% in the year."} | more
    return services.rate_kpi(kpi_id=row.pk, rating=rating, **facts)


@pytest.mark.django_db
@pytest.mark.services
def test_a_year_is_rated_and_a_second_rating_stands_beside_the_first(w):
    row = kpi(w, commitment_id=w.hours.pk)
    rated(w, row)
    rated(w, row, "approaching_target", reason="Corrected: 93%.", seen_ratings=1)
    year = queries.kpis_of(w.claimant, w.contract.pk).kpis[0].years[0]
    assert [one.label for one in year.ratings] == ["Approaching target", "Good"]
    assert year.state == "done"
    with pytest.raises(Conflict, match="rated after you opened"):
        rated(w, row, seen_ratings=1)


@pytest.mark.django_db
@pytest.mark.services
def test_what_cannot_be_rated(w):
    row = kpi(w)
    with pytest.raises(RuleBroken, match="not begun"):
        rated(w, row, year_from=date(2026, 4, 1))
    with pytest.raises(NotVisible):
        rated(w, row, year_from=date(2025, 5, 1))
    with pytest.raises(RuleBroken, match="five words"):
        rated(w, row, "excellent")
    with pytest.raises(RuleBroken, match="reason"):
        rated(w, row, reason=" ")
    for actor in (w.officer, w.approver, w.claimant):
        with pytest.raises(NotAllowed):
            rated(w, row, actor=actor)
    with pytest.raises(NotVisible):
        rated(w, row, actor=short().manager)
    services.end_kpi(actor=w.manager, kpi_id=row.pk)
    with pytest.raises(Conflict):
        rated(w, row)
    with pytest.raises(Conflict):
        services.end_kpi(actor=w.manager, kpi_id=row.pk)


@pytest.mark.django_db
@pytest.mark.services
def test_a_name_is_used_once_and_commitments_are_the_contracts_own(w):
    kpi(w)
    with pytest.raises(RuleBroken, match="that name already"):
        kpi(w, "REPAIRS on time ")
    with pytest.raises(NotVisible):
        kpi(w, "Another", commitment_id=short().hours.pk)


@pytest.mark.django_db
@pytest.mark.services
def test_a_year_that_was_over_when_the_kpi_was_set_is_not_overdue_and_can_be_rated(w):
    """The contract's first year ends on 31 March 2026."""
    with clock.at(datetime(2026, 4, 1, 9, tzinfo=UTC)):
        late = kpi(w)
        assert [year.state for year in queries.kpis_of(w.manager, w.contract.pk).kpis[0].years] == [
            "before",
            "due",
        ]
        assert queries.kpis_overdue(w.manager) == []
        assert ratings_due(w.manager, date(2026, 4, 6)) == []
        rated(w, late)
    other = short()
    with clock.at(datetime(2026, 3, 31, 9, tzinfo=UTC)):
        kpi(other)
    with clock.at(datetime(2026, 4, 1, 9, tzinfo=UTC)):
        assert [number for _, _, number in queries.kpis_overdue(other.manager)] == [1]
        assert len(ratings_due(other.manager, date(2026, 4, 6))) == 1


# --- costs ---


def cost(w, **more) -> OversightCost:
    facts = {"actor": w.manager, "month": date(2025, 10, 7), "what": "Review meeting"} | more
    if "amount" not in facts:
        facts |= {"hours": Decimal(4), "rate": Decimal("32.50")}
    return services.record_cost(**facts)


@pytest.mark.django_db
@pytest.mark.services
def test_costs_add_up_by_period_and_removed_ones_do_not_count(w):
    row = cost(w, contract_id=w.contract.pk)
    assert (row.month, row.cost_pence) == (date(2025, 10, 1), 13_000)
    cost(w, amount=Decimal(70), month=date(2025, 3, 31))
    assert queries.oversight_total(w.authority.pk, date(2025, 4, 1), date(2026, 3, 31)) == 13_000
    assert queries.oversight_total(w.authority.pk, date(2025, 3, 15), date(2025, 12, 31)) == 20_000
    page = queries.costs_page(w.officer, queries.CostFilters())
    assert (page.total, page.hours, page.verified) == (Decimal(200), 4, Decimal("62.50"))
    assert [(row.year.label, row.cost) for row in page.years] == [
        ("2025 to 2026", 130),
        ("2024 to 2025", 70),
    ]
    this = queries.CostFilters(year=FinancialYear(2025), contract_id=w.contract.pk)
    assert queries.costs_page(w.officer, this).total == 130
    services.remove_cost(actor=w.colleague, cost_id=row.pk)
    assert queries.oversight_total(w.authority.pk, date(2025, 4, 1), date(2026, 3, 31)) == 0
    assert OversightCost.objects.get(pk=row.pk).removed_by_id == w.colleague.user_id
    with pytest.raises(Conflict):
        services.remove_cost(actor=w.manager, cost_id=row.pk)


@pytest.mark.django_db
@pytest.mark.services
def test_costs_are_the_authoritys_own(w):
    row, other = cost(w), short()
    assert queries.costs_page(other.manager, queries.CostFilters()).total == 0
    with pytest.raises(NotVisible):
        services.remove_cost(actor=other.manager, cost_id=row.pk)
    with pytest.raises(NotVisible):
        cost(w, contract_id=other.contract.pk)
    for actor in (w.claimant, w.officer, w.approver):
        with pytest.raises(NotAllowed):
            cost(w, actor=actor)
    with pytest.raises(NotAllowed):
        queries.costs_page(w.claimant, queries.CostFilters())
    with pytest.raises(RuleBroken, match="month that has begun"):
        cost(w, month=date(2025, 12, 1))
