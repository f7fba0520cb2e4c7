"""The data that ``make bench`` measures on is what its description says, on both databases."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.models import Count

from procurement.awards.models import Commitment, Contract
from procurement.ledger.models import LedgerEntry
from procurement.ledger.queries import has_pending
from procurement.ledger.vocabulary import Basis
from reporting.dashboards.queries.boards import council_board
from reporting.dashboards.queries.region import region_board
from reporting.figures.rules.spans import Span
from reporting.rollups import services
from socialvalue.core.periods import FinancialYear
from tests.benchmarks.generator import (
    BASES,
    FIRST,
    MEASURES,
    MONTHS,
    SIZES,
    generate,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.owner]
SPAN = Span(FinancialYear(2025))


@pytest.mark.parametrize(("name", "about"), [("100k", 10**5), ("1m", 10**6), ("10m", 10**7)])
def test_a_size_is_what_its_name_says(name: str, about: int) -> None:
    assert abs(SIZES[name].entries - about) < about / 100


def test_the_largest_is_the_model() -> None:
    largest = SIZES["10m"]
    assert (largest.contracts // 1_000, largest.commitments // 1_000) == (20, 303)


def test_the_generated_world() -> None:
    """Everything has its rows, they add up to the cells, and the pages that are measured show them."""
    world = generate(SIZES["10k"])
    assert world.entries == LedgerEntry.objects.count() == SIZES["10k"].entries + len(BASES)
    assert (Contract.objects.count(), Commitment.objects.count()) == (20 + 1, 300 + 1)
    months = LedgerEntry.objects.order_by("period").values_list("period", flat=True).distinct()
    assert (months[0], len(months)) == (FIRST, MONTHS)
    assert list(months)[-1] == date(2027, 3, 1)
    bases = LedgerEntry.objects.values_list("basis").annotate(n=Count("pk")).order_by("basis")
    assert dict(bases) == {basis: 300 * quarters + 1 for basis, quarters in BASES.items()}
    assert list(BASES) == Basis.values
    assert LedgerEntry.objects.values("measure_id").distinct().count() > MEASURES / 2
    assert not has_pending()
    assert services.reconcile().differences == []
    region, council = region_board(world.region, SPAN), council_board(world.council, SPAN)
    assert region.board.theme_total.verified > council.theme_total.verified > 0
    lone = council_board(world.lone_council, SPAN).theme_total.cells
    assert [cell.entries for cell in lone] == [1, 1, 1, 1]


def test_a_new_contract_can_follow() -> None:
    """The keys that the database gives next are free."""
    from tests.factories.ledger import Promise, contract_with, measure

    generate(SIZES["10k"])
    contract_with(Promise(measure("B001")))
