"""Figures counted from contracts and procurements: shares of value, compliance, forecast, delivery."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from procurement.ledger.vocabulary import SupplierSize
from procurement.threads.vocabulary import Followed
from reporting.figures.rules.definitions import FIGURES, measured
from reporting.figures.rules.of_contracts import (
    ContractOutlook,
    ValuedContract,
    Where,
    forecast_contracts,
    is_local,
    outlook_counts,
    value_counts,
    valued_contracts,
)
from reporting.figures.rules.positions import Position
from reporting.figures.rules.proofs import (
    BegunProcurement,
    JudgedProcurement,
    by_route,
    compliance_counts,
    judged_procurements,
    route_table,
    whole_of,
)


@pytest.mark.parametrize(
    ("supplier", "authority", "local"),
    [
        (Where("rugby"), Where("rugby"), True),
        (Where("rugby"), Where("tamworth"), False),
        (Where("rugby", "CV21"), Where("tamworth", "CV21"), False),
        (Where("", "CV21"), Where("rugby", "CV21"), True),
        (Where("rugby", "CV21"), Where("", "CV22"), False),
        (Where("rugby"), Where("", "CV21"), None),
        (Where("", "CV21"), Where("rugby"), None),
        (Where(), Where(), None),
        # A county council counts its districts; a district does not know where in the county somebody is.
        (Where("rugby", "", "warwickshire"), Where("warwickshire"), True),
        (Where("tamworth"), Where("warwickshire"), False),
        (Where("warwickshire"), Where("warwickshire"), True),
        (Where("warwickshire"), Where("rugby", "", "warwickshire"), None),
        (Where("warwickshire", "CV21"), Where("rugby", "CV21", "warwickshire"), True),
        (Where("rugby", "", "warwickshire"), Where("warwick", "", "warwickshire"), False),
    ],
)
def test_local_is_said_of_places_and_else_of_districts(supplier, authority, local):
    assert is_local(supplier, authority) is local


def contract(value, size=SupplierSize.SME, basis="excl", local=None, pk=1) -> ValuedContract:
    return ValuedContract(pk, "Road", "C-1", "Firm", Decimal(value), basis, size, local)


def shown(name, counts):
    figure = measured(FIGURES[name], Position(counts=counts))
    return figure.shown, figure.beside


def test_shares_of_contract_value_are_without_vat_and_say_how_much_is_known():
    rows = [
        contract(100, SupplierSize.SME),
        contract(120, SupplierSize.BOTH, basis="incl", local=True),
        contract(200, SupplierSize.VCSE, local=False),
        contract(100, SupplierSize.NEITHER),
        contract(500, SupplierSize.NOT_STATED),
    ]
    counts = value_counts(rows)
    assert shown("sme_value_share", counts) == (
        "20.0%",
        "the size of the supplier is known for 4 of 5 contracts",
    )
    assert shown("vcse_value_share", counts)[0] == "30.0%"
    assert shown("local_value_share", counts) == (
        "10.0%",
        "the supplier's place is known for 2 of 5 contracts",
    )
    table = valued_contracts("Caption", rows, "vcse_value_share")
    assert table.total[-2:] == (Decimal(1000), Decimal(300))


@pytest.mark.parametrize("rows", [[], [contract(0)], [contract(9, SupplierSize.NOT_STATED)]])
def test_a_share_of_nothing_or_of_nobody_known_is_not_reported(rows):
    assert shown("sme_value_share", value_counts(rows)) == ("not reported", "")


def test_the_forecast_adds_up_what_has_one():
    rows = [
        ContractOutlook(1, "A", "C-1", "Firm", 2, 3, 100_00, 80_00, 70_00, 90_00),
        ContractOutlook(2, "B", "C-2", "Firm", 0, 1, 0, 0, 0, 0),
    ]
    assert shown("forecast_total", outlook_counts(rows)) == (
        "£80",
        "between £70 and £90, of £100 promised by 2 of 4 commitments",
    )
    assert shown("forecast_total", outlook_counts(rows[1:])) == ("not reported", "")
    total = forecast_contracts("Caption", rows).total
    assert total[3:] == (4, 2, Decimal(100), Decimal(80), Decimal(70), Decimal(90))


def judged(followed) -> JudgedProcurement:
    return JudgedProcurement(1, "P-1", "Road", date(2026, 4, 1), "Light touch", followed, "")


def test_compliance_leaves_out_what_cannot_be_judged():
    rows = [judged(followed) for followed in Followed]
    counts = compliance_counts(rows)
    assert shown("routes_followed_share", counts) == ("66.7%", "2 of 3 that can be judged")
    assert judged_procurements("Caption", rows).total[-2:] == (3, 2)
    none = compliance_counts([judged(Followed.NOT_DUE), judged(Followed.NOT_KNOWN)])
    assert shown("routes_followed_share", none) == ("not reported", "")


def begun(route, asks, *weightings) -> BegunProcurement:
    return BegunProcurement(
        1, "P", "Road", date(2026, 4, 1), asks, tuple(map(Decimal, weightings)), route
    )


def test_what_procurements_ask_for_by_route():
    rows = [
        begun("TOMs mandatory", True, 10),
        begun("", False),
        begun("Light touch", False),
        begun("TOMs mandatory", True, 20, 30),
        begun("TOMs mandatory", False),
    ]
    table = route_table("Caption", by_route(rows), whole_of(rows))
    assert list(table.rows) == [
        ("Light touch", 1, 0, Decimal(0), None),
        ("TOMs mandatory", 3, 2, Decimal(200) / 3, Decimal(20)),
        ("No route decided", 1, 0, Decimal(0), None),
    ]
    assert table.total == ("Total", 5, 2, Decimal(40), Decimal(20))
    assert route_table("Caption", by_route([]), whole_of([])).total is None
