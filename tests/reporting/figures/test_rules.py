"""Periods, sums and progress: pure rules on values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from reporting.figures.rules import positions
from reporting.figures.rules.definitions import FIGURES, measured
from reporting.figures.rules.positions import (
    Bases,
    MeasureCell,
    MeasureFacts,
    MoneyCell,
    Position,
    ThemeFacts,
)
from reporting.figures.rules.progress import Track, delivered, planned, track, worst
from reporting.figures.rules.spans import Span, Window, runs_of
from reporting.figures.rules.tables import amounts_table, theme_amounts
from socialvalue.core.periods import FinancialYear

APRIL, JULY, MARCH = date(2025, 4, 1), date(2025, 7, 1), date(2026, 3, 1)


def money(basis: str, pence: int, theme: int = 1, period: date = APRIL) -> MoneyCell:
    return MoneyCell(basis, theme, period, pence, 1)


def cell(basis: str, quantity: str, measure: int = 1, **more) -> MeasureCell:
    facts = {"denominator": Decimal(0), "value_pence": 0, "entries": 1} | more
    return MeasureCell(basis, measure, Decimal(quantity), **facts)


def test_span_of_year_and_quarter():
    year = Span(FinancialYear(2025))
    assert (year.first, year.last, year.label) == (APRIL, date(2026, 3, 31), "2025 to 2026")
    second = Span(FinancialYear(2025), 2)
    assert (second.first, second.last) == (JULY, date(2025, 9, 30))
    assert second.label == "2025 to 2026, quarter 2"
    assert second.earlier() == Span(FinancialYear(2024), 2)
    assert second.quarters == [JULY]
    assert second.months == [JULY, date(2025, 8, 1), date(2025, 9, 1)]


@pytest.mark.parametrize("quarter", [0, 5, -1])
def test_there_are_four_quarters(quarter: int):
    with pytest.raises(ValueError, match="1, 2, 3 or 4"):
        Span(FinancialYear(2025), quarter)


def test_a_month_counts_when_the_authority_belonged_on_a_day_of_it():
    window = Window(date(2025, 4, 30), date(2025, 7, 1))
    assert not window.covers(date(2025, 3, 1))
    assert window.covers(APRIL)
    assert window.covers(JULY)
    assert not window.covers(date(2025, 8, 1))
    assert Window(APRIL, None).covers(MARCH)


@pytest.mark.parametrize(
    ("verified", "status"),
    [
        ("0", Track.BEHIND),
        ("59.999", Track.BEHIND),
        ("60", Track.AT_RISK),
        ("89.999", Track.AT_RISK),
        ("90", Track.ON_TRACK),
        ("250", Track.ON_TRACK),
    ],
)
def test_track_uses_unrounded_numbers(verified: str, status: Track):
    assert track(Decimal(verified), Decimal(100)) == status


def test_not_due_is_not_red():
    assert track(Decimal(0), Decimal(0)) == Track.NOT_DUE
    assert worst([]) == Track.NOT_DUE


def test_a_contract_has_the_status_of_its_worst_commitment():
    assert worst([Track.ON_TRACK, Track.AT_RISK, Track.NOT_DUE]) == Track.AT_RISK
    assert worst([Track.AT_RISK, Track.BEHIND]) == Track.BEHIND


def test_rates_are_compared_as_rates():
    assert delivered("ratio", Decimal(30), Decimal(40)) == 75
    assert delivered("ratio", Decimal(30), Decimal(0)) == 0
    assert planned("ratio", [Decimal(50), Decimal(60)]) == 60
    assert planned("sum", [Decimal(50), Decimal(60)]) == 110
    assert planned("ratio", []) == 0


def test_bases_are_never_added_together():
    figures = {"committed": 100, "claimed": 70, "evidenced": 60, "verified": 50}
    cells = [money(basis, pence) for basis, pence in figures.items()]
    assert positions.bases_of(cells) == Bases(100, 70, 60, 50)
    assert positions.bases_of(cells).share == 50
    assert Bases(verified=50).share is None


def test_quantities_add_up_by_the_measures_own_way():
    rows = [cell("verified", "3"), cell("verified", "5")]
    assert positions.combined_quantity("sum", rows) == 8
    assert positions.combined_quantity("none", rows) is None
    assert positions.combined_quantity("sum", []) is None
    rates = [
        cell("verified", "30", denominator=Decimal(40)),
        cell("verified", "10", denominator=Decimal(40)),
    ]
    assert positions.combined_quantity("ratio", rates) == 50
    assert positions.combined_quantity("ratio", [cell("verified", "1")]) is None


def test_the_latest_is_what_each_authority_said_last():
    said = [(1, APRIL, Decimal(3)), (1, JULY, Decimal(5)), (2, APRIL, Decimal(7))]
    assert positions.latest(said) == 12
    assert positions.latest(reversed(said)) == 12
    assert positions.latest([]) == 0


def test_months_in_a_row_are_one_run():
    months = [APRIL, date(2025, 5, 1), JULY, MARCH]
    assert runs_of(months) == [(APRIL, date(2025, 5, 1)), (JULY, JULY), (MARCH, MARCH)]
    assert runs_of([]) == []


def test_nought_is_not_the_same_as_not_reported():
    measure = MeasureFacts(1, "C1", "Carbon", "tCO2e", "sum", 1, "Green")
    nothing = Position((), (), {1: measure})
    nought = Position((), (cell("verified", "0"),), {1: measure})
    assert measured(FIGURES["tco2e_verified"], nothing).value is None
    assert measured(FIGURES["tco2e_verified"], nothing).shown == "not reported"
    assert measured(FIGURES["tco2e_verified"], nought).value == 0
    assert measured(FIGURES["tco2e_verified"], nought).shown == "0 tCO2e"


def test_lines_by_theme_add_up_and_an_unmapped_theme_is_shown():
    themes = (ThemeFacts(1, "Jobs", 0), ThemeFacts(2, "Green", 1))
    position = Position(
        (money("committed", 1234), money("verified", 34, theme=2), money("claimed", 9, theme=7)),
        themes=themes,
    )
    table = amounts_table("T", "Theme", theme_amounts(positions.by_theme(position)), money=True)
    assert [row[0] for row in table.rows] == ["Jobs", "Green", "Theme not mapped"]
    assert table.total == (
        "Total",
        Decimal("12.34"),
        Decimal("0.09"),
        Decimal("0.00"),
        Decimal("0.34"),
        Decimal(3400) / 1234,
    )


def test_a_theme_of_two_editions_is_one_line():
    themes = (ThemeFacts(1, "Jobs", 0, others=(7, 9)), ThemeFacts(2, "Green", 1))
    position = Position(
        (money("committed", 100), money("committed", 20, theme=7), money("verified", 3, theme=9)),
        themes=themes,
    )
    jobs, green = positions.by_theme(position)
    assert jobs.theme.ids == (1, 7, 9)
    assert (jobs.pence.committed, jobs.pence.verified) == (120, 3)
    assert green.pence == Bases()


def test_measures_of_two_editions_stand_under_their_common_theme():
    themes = (ThemeFacts(1, "Jobs", 0, others=(7,)), ThemeFacts(2, "Green", 1))
    measures = {
        3: MeasureFacts(3, "GSE1", "Local jobs", "FTE-years", "sum", 7, "Jobs"),
        1: MeasureFacts(1, "ENV1", "Carbon", "tCO2e", "sum", 2, "Green"),
        2: MeasureFacts(2, "GSE1", "Local jobs", "FTE-years", "sum", 1, "Jobs"),
    }
    cells = tuple(cell("verified", "1", key) for key in (1, 2, 3))
    lines = positions.by_measure(Position((), cells, measures, themes))
    assert [line.measure.id for line in lines] == [3, 2, 1]


def test_with_and_without_local_employment_make_the_total():
    measures = {
        1: MeasureFacts(1, "L1", "Local jobs", "FTE-years", "sum", 1, "Jobs", True),
        2: MeasureFacts(2, "X1", "Other", "hours", "sum", 1, "Jobs"),
    }
    position = Position(
        (money("verified", 500),),
        (cell("verified", "1", 1, value_pence=300), cell("verified", "1", 2, value_pence=200)),
        measures,
    )
    local = measured(FIGURES["verified_local_employment"], position)
    other = measured(FIGURES["verified_without_local_employment"], position)
    total = measured(FIGURES["verified_total"], position)
    assert (local.value_pence, other.value_pence, total.value_pence) == (300, 200, 500)


def test_every_figure_says_what_it_means():
    for name, definition in FIGURES.items():
        assert definition.name == name
        assert definition.meaning.endswith(".")
        assert definition.computation.endswith(".")
        assert definition.source
        assert definition.visible_to
