"""Somebody with every public page before them tries to work out what is not told, and cannot.

The attacker writes down each told figure as a sum of unknown quantities, knows the value of one of each measure, knows
that nothing is below nought and what "Fewer than 5" and "Not shown" mean, and asks for the least and the most that an
untold number can be: exactly, by linear programming over fractions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.ledger.vocabulary import Basis
from reporting.open_data.rules.people import counts_people
from reporting.open_data.rules.suppression import Hidden, Leaf, hidden_of
from reporting.open_data.rules.telling import (
    FEW,
    NOT_TOLD,
    MeasureName,
    Sum,
    Year,
    hidden_by_basis,
    membership_of,
    year_of,
)

MONTHS = (date(2026, 5, 1), date(2026, 11, 1))
QUARTERS = [(date(2026, 4, 1), "Quarter 1"), (date(2026, 10, 1), "Quarter 3")]
THEMES = [(1, "Work"), (2, "Nature"), (3, "Care")]
WORTH = {
    MeasureName(1, "Work", "A", "people", "sum"): 100,
    MeasureName(1, "Work", "B", "FTE-years", "sum"): 3000,
    MeasureName(1, "Work", "C", "£", "sum"): 100,
    MeasureName(2, "Nature", "D", "people", "sum"): 0,
    MeasureName(2, "Nature", "E", "tCO2e", "sum"): 70,
    MeasureName(3, "Care", "F", "households", "sum"): 500,
    MeasureName(3, "Care", "G", "people x weeks", "sum"): 20,
}
MEASURES = list(WORTH)
QUANTITIES = st.sampled_from(["0", "0", "1", "2", "3", "4", "4.5", "5", "6", "8", "30", "100", "4000"])  # fmt: skip
MEMBERS = 4
Variable = tuple[int, int, int]
"""Authority, measure, month."""


@dataclass(frozen=True)
class World:
    quantities: dict[Variable, Decimal]
    publishing: frozenset[int]
    is_partial: bool
    """Authority 0 belongs to the region in the first month only."""

    def inside(self, authority: int, month: date) -> bool:
        return not (self.is_partial and authority == 0 and month == MONTHS[1])

    def stretch(self, authority: int, month: date) -> bool:
        return self.inside(authority, month)

    def sums(self) -> list[Sum]:
        return [
            Sum(
                Basis.VERIFIED,
                authority,
                MEASURES[measure],
                MONTHS[month],
                quantity,
                Decimal(0),
                int(quantity * WORTH[MEASURES[measure]]),
            )
            for (authority, measure, month), quantity in self.quantities.items()
            if quantity
        ]


@st.composite
def worlds(draw) -> World:
    keys = [(a, m, t) for a in range(MEMBERS) for m in range(len(MEASURES)) for t in (0, 1)]
    return World(
        {key: Decimal(draw(QUANTITIES)) for key in keys},
        frozenset(draw(st.sets(st.sampled_from(range(MEMBERS))))),
        draw(st.booleans()),
    )


class Attacker:
    """Every told figure as an equation, and what can be concluded from all of them together."""

    def __init__(self, world: World) -> None:
        self.truth = {key: Fraction(value) for key, value in world.quantities.items()}
        self.variables = sorted(self.truth)
        self.place = {key: n for n, key in enumerate(self.variables)}
        self.equations: list[dict[Variable, Fraction]] = []
        self.at_most: list[tuple[dict[Variable, Fraction], Fraction]] = []
        self._null: list[list[Fraction]] | None = None

    def reads(self, year: Year, keys: list[Variable]) -> None:
        """A page about these authorities and months."""
        for line in year.measures:
            number = MEASURES.index(line.name)
            own = {key: Fraction(1) for key in keys if key[1] == number}
            self._reads_quantity(line.quantities[Basis.VERIFIED], own, line.name)
            self._reads_pounds(line.pounds[Basis.VERIFIED], own)
        for (theme, _), line in zip(THEMES, year.themes, strict=True):
            part = {k: Fraction(1) for k in keys if MEASURES[k[1]].theme_id == theme}
            self._reads_pounds(line.figures[Basis.VERIFIED], part)
        for number, line in enumerate(year.quarters):
            part = {key: Fraction(1) for key in keys if key[2] == number}
            self._reads_pounds(line.figures[Basis.VERIFIED], part)
        self._reads_pounds(year.total.figures[Basis.VERIFIED], dict.fromkeys(keys, Fraction(1)))

    def _reads_quantity(self, told, own: dict[Variable, Fraction], name: MeasureName) -> None:
        if told == FEW:
            self.at_most.append((own, Fraction(5)))
        elif told == NOT_TOLD:
            if counts_people(name.unit) and self._sum(own):
                self.at_most.append(({key: -one for key, one in own.items()}, Fraction(-5)))
        elif own:
            assert Fraction(told or 0) == self._sum(own)
            self.equations.append(own)

    def _reads_pounds(self, told, keys: dict[Variable, Fraction]) -> None:
        if isinstance(told, str) or told is None:
            return
        sums = {key: Fraction(WORTH[MEASURES[key[1]]]) for key in keys}
        assert Fraction(told) * 100 == self._sum(sums)
        self.equations.append(sums)

    def _sum(self, wanted: dict[Variable, Fraction]) -> Fraction:
        return sum((self.truth[key] * one for key, one in wanted.items()), Fraction(0))

    def least_and_most(self, wanted: dict[Variable, Fraction]) -> tuple[Fraction, Fraction]:
        now = self._sum(wanted)
        minus = {key: -one for key, one in wanted.items()}
        return now - self._gain(minus), now + self._gain(wanted)

    def _gain(self, wanted: dict[Variable, Fraction]) -> Fraction:
        """How much more this sum could be with every told figure as it is; 10,000 stands for no end."""
        null = self._null_space()
        rows, limits = [], []
        for n, key in enumerate(self.variables):
            if any(direction[n] for direction in null):
                rows.append([-direction[n] for direction in null])
                limits.append(self.truth[key])
        for keys, most in self.at_most:
            rows.append([self._along(keys, direction) for direction in null])
            limits.append(most - self._sum(keys))
        aim = [self._along(wanted, direction) for direction in null]
        rows.append(aim)
        limits.append(Fraction(10_000))
        return simplex(rows, limits, aim)

    def _along(self, wanted: dict[Variable, Fraction], direction: list[Fraction]) -> Fraction:
        return sum((one * direction[self.place[key]] for key, one in wanted.items()), Fraction(0))

    def _null_space(self) -> list[list[Fraction]]:
        """The directions in which the unknown quantities can move while every told figure stays."""
        if self._null is None:
            self._null = null_space(
                [[row.get(key, Fraction(0)) for key in self.variables] for row in self.equations],
                len(self.variables),
            )
        return self._null


def null_space(rows: list[list[Fraction]], width: int) -> list[list[Fraction]]:
    pivots: list[int] = []
    done: list[list[Fraction]] = []
    for row in rows:
        row = list(row)
        for pivot, other in zip(pivots, done, strict=True):
            if row[pivot]:
                factor = row[pivot]
                row = [x - factor * y for x, y in zip(row, other, strict=True)]
        first = next((n for n, x in enumerate(row) if x), None)
        if first is None:
            continue
        row = [x / row[first] for x in row]
        done = [
            [x - other[first] * y for x, y in zip(other, row, strict=True)]
            if other[first]
            else other
            for other in done
        ]
        pivots.append(first)
        done.append(row)
    free = [n for n in range(width) if n not in pivots]
    found = []
    for n in free:
        direction = [Fraction(0)] * width
        direction[n] = Fraction(1)
        for pivot, row in zip(pivots, done, strict=True):
            direction[pivot] = -row[n]
        found.append(direction)
    return found


def simplex(rows: list[list[Fraction]], limits: list[Fraction], aim: list[Fraction]) -> Fraction:
    """The most of ``aim · y`` with ``rows · y <= limits`` (none below nought), y of any sign. Bland's rule."""
    table = [
        [*row, *[-x for x in row], *[Fraction(int(n == m)) for m in range(len(rows))], limit]
        for n, (row, limit) in enumerate(zip(rows, limits, strict=True))
    ]
    goal = [*aim, *[-x for x in aim], *[Fraction(0)] * (len(rows) + 1)]
    basis = [2 * len(aim) + n for n in range(len(rows))]
    while True:
        enters = next((n for n, x in enumerate(goal[:-1]) if x > 0), None)
        if enters is None:
            return -goal[-1]
        ratios = [
            (row[-1] / row[enters], basis[n], n) for n, row in enumerate(table) if row[enters] > 0
        ]
        _, _, leaves = min(ratios)
        pivot = [x / table[leaves][enters] for x in table[leaves]]
        table[leaves] = pivot
        basis[leaves] = enters
        for n, row in enumerate(table):
            if n != leaves and row[enters]:
                factor = row[enters]
                table[n] = [x - factor * y if y else x for x, y in zip(row, pivot, strict=True)]
        factor = goal[enters]
        goal = [x - factor * y if y else x for x, y in zip(goal, pivot, strict=True)]


def read_everything(world: World) -> tuple[Attacker, frozenset[int]]:
    """The attacker with the pages of every authority that publishes, and of the region; and who is in its total."""
    attacker = Attacker(world)
    sums = world.sums()
    for authority in sorted(world.publishing):
        own = [one for one in sums if one.authority_id == authority]
        hidden = hidden_by_basis(own, world.stretch)
        attacker.reads(
            year_of(own, hidden, themes=THEMES, quarters=QUARTERS),
            [key for key in attacker.variables if key[0] == authority],
        )
    membership = membership_of(
        sums, publishing=world.publishing, stretch_of=world.stretch, inside=world.inside
    )
    counted = [
        one
        for one in sums
        if one.authority_id in membership.counted and world.inside(one.authority_id, one.month)
    ]
    keys = [
        key
        for key in attacker.variables
        if key[0] in membership.counted and world.inside(key[0], MONTHS[key[2]])
    ]
    attacker.reads(year_of(counted, membership.hidden, themes=THEMES, quarters=QUARTERS), keys)
    for authority in membership.publishing:
        own_keys = [key for key in keys if key[0] == authority]
        pence = sum(one.pence for one in counted if one.authority_id == authority)
        attacker._reads_pounds(Decimal(pence) / 100, dict.fromkeys(own_keys, Fraction(1)))
    return attacker, membership.counted


def small_numbers(world: World) -> list[list[Variable]]:
    """The variables under each number of people below five of an authority: its year, and what lies in the region."""
    found = []
    for authority in world.publishing:
        for number, name in enumerate(MEASURES):
            if not counts_people(name.unit):
                continue
            year = [(authority, number, month) for month in (0, 1)]
            inside = [key for key in year if world.inside(authority, MONTHS[key[2]])]
            for keys in (year, inside) if inside != year else (year,):
                if 0 < sum(world.quantities[key] for key in keys) < 5:
                    found.append(keys)
    return found


@settings(max_examples=60)
@given(worlds())
def test_no_small_number_can_be_worked_out(world):
    attacker, _ = read_everything(world)
    for keys in small_numbers(world)[:4]:
        least, most = attacker.least_and_most(dict.fromkeys(keys, Fraction(1)))
        assert least <= 1, (keys, least)
        assert most >= 4, (keys, most)


@settings(max_examples=40)
@given(worlds())
def test_no_member_that_does_not_publish_is_told(world):
    attacker, counted = read_everything(world)
    for authority in counted - world.publishing:
        keys = {k: Fraction(WORTH[MEASURES[k[1]]]) for k in attacker.variables if k[0] == authority}
        least, most = attacker.least_and_most(keys)
        assert most > least
        assert least < attacker._sum(keys) or attacker._sum(keys) == 0


def test_the_attacker_does_find_what_is_not_hidden():
    """A page that hides the small number alone falls to the first subtraction: the attack is a real one."""
    world = World(
        {(0, 0, 0): Decimal(3), (0, 2, 0): Decimal(700), (0, 0, 1): Decimal(0), (0, 2, 1): Decimal(0)},
        frozenset({0}),
        False,
    )  # fmt: skip
    attacker = Attacker(world)
    careless = {
        basis: Hidden(few=frozenset({MEASURES[0]})) if basis == Basis.VERIFIED else Hidden()
        for basis in Basis.values
    }
    page = year_of(world.sums(), careless, themes=THEMES, quarters=QUARTERS)
    attacker.reads(page, attacker.variables)
    assert attacker.least_and_most({(0, 0, 0): Fraction(1), (0, 0, 1): Fraction(1)}) == (3, 3)


@pytest.mark.parametrize(
    ("evidenced", "words"), [("0", FEW), ("1", FEW)], ids=["none of the few", "the few too"]
)
def test_what_is_evidenced_tells_nothing_of_what_is_claimed(evidenced, words):
    """Of £800 claimed, £700 could be taken off if so much of the other measure were told as evidenced: 1 person."""
    people, pounds = MEASURES[0], MEASURES[2]

    def said(basis: str, few: str) -> list[Sum]:
        nought = Decimal(0)
        return [
            Sum(basis, 0, people, MONTHS[0], Decimal(few), nought, int(few) * 100),
            Sum(basis, 0, pounds, MONTHS[0], Decimal(700), nought, 70_000),
        ]

    sums = [*said(Basis.CLAIMED, "1"), *said(Basis.EVIDENCED, evidenced)]
    hidden = hidden_by_basis(sums, lambda authority, month: "year")
    page = year_of(sums, hidden, themes=THEMES, quarters=QUARTERS)
    lines = {line.name: line for line in page.measures}
    for basis in (Basis.CLAIMED, Basis.EVIDENCED, Basis.VERIFIED):
        assert lines[people].quantities[basis] == words
        assert lines[pounds].quantities[basis] == NOT_TOLD
        assert (lines[people].pounds[basis], lines[pounds].pounds[basis]) == (NOT_TOLD, NOT_TOLD)
        assert isinstance(page.total.figures[basis], Decimal)
    assert lines[people].quantities[Basis.COMMITTED] is None


def test_few_on_one_and_many_on_another_is_said_alike():
    people, pounds = MEASURES[0], MEASURES[2]
    nought = Decimal(0)
    sums = [
        Sum(basis, 0, measure, MONTHS[0], Decimal(quantity), nought, quantity * 100)
        for basis, few in ((Basis.CLAIMED, 9), (Basis.EVIDENCED, 3))
        for measure, quantity in ((people, few), (pounds, 700))
    ]
    hidden = hidden_by_basis(sums, lambda authority, month: "year")
    page = year_of(sums, hidden, themes=THEMES, quarters=QUARTERS)
    (line,) = [row for row in page.measures if row.name == people]
    told = [line.quantities[basis] for basis in (Basis.CLAIMED, Basis.EVIDENCED, Basis.VERIFIED)]
    assert told == [NOT_TOLD] * 3


FEW_PEOPLE = Leaf("work", Decimal(2), 200, is_small=True, counts_people=True)


@pytest.mark.parametrize(
    ("others", "hidden"),
    [
        ({}, Hidden(few=frozenset({"few"}), themes=frozenset({"work"}), total=True)),
        (
            {"c": Leaf("work", Decimal(300), 300)},
            Hidden(few=frozenset({"few"}), covers=frozenset({"c"})),
        ),
        (
            {"c": Leaf("work", Decimal(299), 299)},
            Hidden(few=frozenset({"few"}), covers=frozenset({"c"}), themes=frozenset({"work"}), total=True),
        ),
        (
            {"c": Leaf("nature", Decimal(300), 300)},
            Hidden(few=frozenset({"few"}), covers=frozenset({"c"}), themes=frozenset({"work", "nature"})),
        ),
        (
            {"c": Leaf("work", Decimal(300), 300, may_cover=False)},
            Hidden(few=frozenset({"few"}), themes=frozenset({"work"}), total=True),
        ),
        (
            {"c": Leaf("work", Decimal(5), 900, counts_people=True), "d": Leaf("work", Decimal(9), 5000)},
            Hidden(few=frozenset({"few"}), covers=frozenset({"d"})),
        ),
        (
            {"c": Leaf("work", Decimal(9), 5000), "d": Leaf("work", Decimal(9), 400)},
            Hidden(few=frozenset({"few"}), covers=frozenset({"d"})),
        ),
    ],
)  # fmt: skip
def test_what_is_hidden_beside_a_small_number(others, hidden):
    assert hidden_of([{"few": FEW_PEOPLE, **others}]) == hidden


def test_a_small_number_that_is_not_valued_needs_no_cover():
    leaf = Leaf("work", Decimal(2), 0, is_small=True, counts_people=True)
    other = Leaf("work", Decimal(9), 900)
    assert hidden_of([{"few": leaf, "c": other}]) == Hidden(few=frozenset({"few"}))


def test_nothing_small_hides_nothing():
    assert hidden_of([{"c": Leaf("work", Decimal(9), 900)}]).is_nothing


def test_what_is_small_in_one_part_is_hidden_in_all():
    many = Leaf("work", Decimal(40), 4000, counts_people=True)
    cover = Leaf("work", Decimal(9), 9000)
    found = hidden_of([{"few": FEW_PEOPLE, "c": cover}, {"few": many, "c": cover}])
    assert found == Hidden(few=frozenset({"few"}), covers=frozenset({"c"}))


def test_ties_are_broken_alike_whatever_else_is_on_the_page():
    """An authority hides the same on its own page and in its region, where a theme can stand under another's id."""
    first, second = (
        [MeasureName(theme, "Work", label, "tonnes", "sum") for label in "AB"] for theme in (1, 9)
    )
    chosen = []
    for names, theme in ((first, 1), (second, 9)):
        part = {name: Leaf(theme, Decimal(9), 900) for name in reversed(names)}
        few = MeasureName(theme, "Work", "P", "people", "sum")
        part[few] = Leaf(theme, Decimal(2), 200, is_small=True, counts_people=True)
        chosen.append({str(name) for name in hidden_of([part]).covers})
    assert chosen == [{"A (tonnes, sum)"}, {"A (tonnes, sum)"}]
