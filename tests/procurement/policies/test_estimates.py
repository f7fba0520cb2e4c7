"""Estimates entered net or gross, with a VAT rate known, unknown, exempt or mixed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from procurement.policies.rules import Estimate, check_estimate
from socialvalue.core.errors import RuleBroken


def estimate(amount, basis="excl", rate=None, other=None):
    as_number = [None if value is None else Decimal(value) for value in (rate, other)]
    return Estimate(Decimal(amount), basis, *as_number)


@pytest.mark.parametrize(
    ("found", "kind", "rate", "net", "gross"),
    [
        (estimate("100", "excl", "20"), "known", "20", "100.00", "120.00"),
        (estimate("105", "incl", "5"), "known", "5", "100.00", "105.00"),
        (estimate("100", "excl"), "unknown", "20", "100.00", "120.00"),
        (estimate("120", "incl"), "unknown", "20", "100.00", "120.00"),
        (estimate("100", "excl", "0"), "exempt", "0", "100.00", "100.00"),
        # Works at 20% and supplies at 0% in one contract: no one rate leads from one figure to the other.
        (estimate("200000", "excl", other="225000"), "mixed", "12.50", "200000.00", "225000.00"),
        (estimate("225000", "incl", other="200000"), "mixed", "12.50", "200000.00", "225000.00"),
        (estimate("200000", "incl", other="200000"), "mixed", "0.00", "200000.00", "200000.00"),
    ],
)
def test_both_figures_of_each_kind_of_vat(found, kind, rate, net, gross):
    check_estimate(found)
    assert (found.vat_kind, found.rate) == (kind, Decimal(rate))
    assert (found.net, found.gross) == (Decimal(net), Decimal(gross))
    assert (found.on("excl"), found.on("incl")) == (found.net, found.gross)


@pytest.mark.parametrize(
    ("found", "field"),
    [
        (estimate("0.004", "excl"), "estimate"),
        (estimate("100", "excl", "20", "120"), "vat_rate_percent"),
        (estimate("100", "excl", other="0"), "estimate_other"),
        (estimate("100", "excl", other="NaN"), "estimate_other"),
        (estimate("100", "excl", other="99.99"), "estimate_other"),
        (estimate("100", "incl", other="100.01"), "estimate_other"),
        (estimate("100", "excl", other="200.01"), "estimate_other"),
        (estimate("100", "excl", other="100000000000"), "estimate_other"),
    ],
)
def test_what_cannot_be_an_estimate_names_the_box(found, field):
    with pytest.raises(RuleBroken) as broken:
        check_estimate(found)
    assert broken.value.errors[0][0] == field


@pytest.mark.parametrize("other", ["100", "200"])
def test_the_widest_vat_that_is_believed(other):
    check_estimate(estimate("100", "excl", other=other))
