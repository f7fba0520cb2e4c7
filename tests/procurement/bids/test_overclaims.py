"""Forty bids nobody should believe and forty that anybody might make."""

from __future__ import annotations

from decimal import Decimal

import pytest

from procurement.bids.rules import PromisedLine, double_counted, overclaims, same_texts
from procurement.bids.vocabulary import OverclaimKind as Kind

D = Decimal
LIVING_WAGE = D("13.45")
# Pounds of one unit in the open set of 2026 to 2027, rounded; what is promised in them.
UNITS = {
    "local": (("FTE", "years"), D(30180), True),
    "fte": (("FTE", "years"), D(9800), False),
    "young": (("people", "weeks"), D("81.87"), False),
    "apprentice": (("people", "weeks"), D("391.54"), False),
    "placement": (("weeks",), D("470.75"), False),
    "careers": (("staff hours",), D("13.45"), False),
    "volunteering": (("staff hours",), D("13.45"), False),
    "advice": (("staff hours",), D("24.17"), False),
    "training": (("people", "hours"), D("13.45"), False),
    "spend": (("£",), D(1), False),
    "giving": (("£",), D(1), False),
    "carbon": (("tCO2e",), D(264), False),
    "households": (("households",), D(2501), False),
    "pupils": (("pupils", "school years"), D(1509), False),
    "moving": (("people", "weeks"), D(0), False),
    "share": (("%",), D(0), False),
    "trees": (("trees",), D(0), False),
}  # fmt: skip


def bid(price: int, **lines: float | str) -> tuple[int, dict[str, str]]:
    return price, {name: str(quantity) for name, quantity in lines.items()}


def promised(lines: dict[str, str]) -> list[PromisedLine]:
    found = []
    for name, quantity in lines.items():
        parts, worth, is_local = UNITS[name]
        pence = int(D(quantity) * worth * 100)
        found.append(PromisedLine(name, parts, D(quantity), pence, is_local))
    return found


def kinds(one: tuple[int, dict[str, str]]) -> set[Kind]:
    price, lines = one
    return {
        row.kind for row in overclaims(promised(lines), price=D(price), living_wage=LIVING_WAGE)
    }


ABSURD = [
    bid(60_000, local=3), bid(60_000, local=25), bid(100_000, local=5), bid(250_000, local=15),
    bid(1_000_000, local=45), bid(2_000_000, local=500), bid(75_000, fte=4), bid(500_000, fte=35),
    bid(150_000, apprentice=520), bid(90_000, apprentice=3000), bid(300_000, young=1000),
    bid(80_000, placement=600), bid(1_200_000, local=1820), bid(400_000, fte="17.5", local=18),
    bid(100_000, spend=100_001), bid(100_000, spend=1_000_000), bid(250_000, spend=200_000, giving=80_000),
    bid(1_000_000, giving=2_500_000), bid(5_000_000, spend=6_000_000, local=20),
    bid(60_000, spend=60_000, giving=500), bid(750_000, spend=7_500_000, carbon=10),
    bid(100_000, carbon=101), bid(100_000, carbon=5_000), bid(1_000_000, carbon=12_000, local=5),
    bid(20_000_000, carbon=25_000), bid(60_000, carbon=200, volunteering=20),
    bid(100_000, volunteering=1000), bid(500_000, volunteering=5_000), bid(250_000, careers=900),
    bid(1_000_000, advice=1_000, volunteering=800, careers=500), bid(60_000, volunteering=400, local=1),
    bid(100_000, training=10_000), bid(500_000, training=90_000), bid(2_000_000, training=250_000),
    bid(300_000, households=200), bid(150_000, pupils=150),
    bid(1_000_000, households=300, volunteering=50, giving=500),
    bid(2_000_000, pupils=500, spend=10_000, training=100),
    bid(900_000, carbon=850, volunteering=10, giving=100),
    bid(3_000_000, giving=1_500_000, volunteering=40, careers=20),
]  # fmt: skip
SANE = [
    bid(60_000, volunteering=16), bid(60_000, local=1, volunteering=20), bid(75_000, spend=30_000),
    bid(90_000, local="0.5", spend=45_000, careers=10), bid(100_000, local=1, apprentice=26),
    bid(100_000, spend=60_000, giving=500, volunteering=24), bid(120_000, placement=12, careers=20),
    bid(150_000, local=2, training=80), bid(180_000, local=3, apprentice=52, volunteering=40),
    bid(200_000, spend=120_000, carbon=4), bid(214_000, local=3, fte=1, spend=60_000),
    bid(250_000, local=4, apprentice=52, placement=8, careers=30),
    bid(300_000, local=5, fte="1.5", volunteering=100, giving=2_000),
    bid(350_000, apprentice=156, training=400, spend=150_000),
    bid(400_000, local=8, spend=100_000, carbon=12), bid(500_000, local=10, apprentice=104, volunteering=150),
    bid(500_000, spend=350_000, giving=5_000, advice=40), bid(600_000, local=15, fte=3, training=600),
    bid(750_000, local=12, spend=400_000, carbon=50, volunteering=200),
    bid(800_000, local=20, apprentice=156, careers=100, share=60),
    bid(1_000_000, local=25, fte=4, apprentice=104, training=1_000),
    bid(1_000_000, spend=700_000, local=4, volunteering=300, carbon=60),
    bid(1_200_000, local=10, households=12, volunteering=120), bid(1_500_000, local=30, pupils=40, careers=200),
    bid(1_500_000, apprentice=520, spend=600_000, giving=10_000, trees=200),
    bid(2_000_000, local=40, fte=8, volunteering=500), bid(2_000_000, carbon=150, spend=1_000_000, local=5),
    bid(2_500_000, local=60, apprentice=312, moving=800), bid(3_000_000, local=20, spend=2_000_000, advice=200),
    bid(4_000_000, local=70, fte=12, placement=60, training=5_000),
    bid(5_000_000, spend=3_000_000, local=25, apprentice=780, carbon=400),
    bid(6_000_000, local=90, giving=25_000, volunteering=1_500, households=40),
    bid(8_000_000, carbon=1_200, spend=4_000_000, local=30, careers=500),
    bid(10_000_000, local=150, apprentice=1_560, fte=20, spend=3_000_000, volunteering=2_000),
    bid(12_000_000, spend=9_000_000, local=40, training=12_000, giving=60_000),
    bid(15_000_000, local=200, fte=40, young=1_040, pupils=120), bid(18_000_000, local=400, volunteering=4_000),
    bid(20_000_000, carbon=3_000, spend=12_000_000, local=60, apprentice=2_080),
    bid(30_000_000, local=350, spend=15_000_000, training=40_000, households=200, share=75),
    bid(50_000_000, local=600, fte=80, apprentice=4_160, spend=25_000_000, carbon=6_000, volunteering=9_000),
]  # fmt: skip


def test_there_are_enough_of_both():
    assert (len(ABSURD), len(SANE)) == (40, 40)
    assert len({str(one) for one in [*ABSURD, *SANE]}) == 80


def test_nearly_all_absurd_bids_are_seen_and_nearly_all_sane_ones_left_alone():
    recall = D(sum(bool(kinds(one)) for one in ABSURD)) / len(ABSURD)
    false_alarms = D(sum(bool(kinds(one)) for one in SANE)) / len(SANE)
    assert recall >= D("0.95"), [one for one in ABSURD if not kinds(one)]
    assert false_alarms <= D("0.05"), [(one, kinds(one)) for one in SANE if kinds(one)]


@pytest.mark.parametrize("kind", sorted(set(Kind) - {Kind.DOUBLE_COUNTING}))
def test_every_kind_is_met(kind):
    assert any(kind in kinds(one) for one in ABSURD)


# --- both sides of every edge ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "kind", "is_seen"),
    [
        ({"households": "39.984"}, Kind.VALUE_OVER_PRICE, False),
        ({"households": "40"}, Kind.VALUE_OVER_PRICE, True),
        ({"fte": "4.085"}, Kind.WORK_OVER_PRICE, False),
        ({"fte": "4.086"}, Kind.WORK_OVER_PRICE, True),
        ({"spend": "100000"}, Kind.SPEND_OVER_PRICE, False),
        ({"spend": "100000.01"}, Kind.SPEND_OVER_PRICE, True),
        ({"carbon": "100"}, Kind.CARBON, False),
        ({"carbon": "100.001"}, Kind.CARBON, True),
        ({"volunteering": "163.4"}, Kind.HOURS_PER_HEAD, False),
        ({"volunteering": "163.5"}, Kind.HOURS_PER_HEAD, True),
        ({"training": "1634"}, Kind.HOURS_PER_HEAD, False),
        ({"training": "1635"}, Kind.HOURS_PER_HEAD, True),
        ({"carbon": "50", "volunteering": "1", "share": "10"}, Kind.DOMINATING, True),
        ({"carbon": "4", "volunteering": "20", "pupils": "1"}, Kind.DOMINATING, False),
        ({"carbon": "50", "volunteering": "1"}, Kind.DOMINATING, False),
        ({"carbon": "50", "share": "10", "trees": "5"}, Kind.DOMINATING, False),
    ],
)
def test_the_edges_of_a_hundred_thousand_pounds(lines, kind, is_seen):
    """£100,000 pays for 100,000 / (13.45 x 1,820) = 4.0852 years of work."""
    assert (kind in kinds((100_000, lines))) is is_seen


def test_one_person_local_and_long_out_of_work_is_one_person():
    assert Kind.WORK_OVER_PRICE not in kinds(bid(100_000, local=3, fte=3))


def test_local_employment_or_spending_may_be_nearly_all_of_it():
    assert Kind.DOMINATING not in kinds(bid(2_000_000, local=50, volunteering=2, giving=10))
    assert Kind.DOMINATING not in kinds(bid(2_000_000, spend=900_000, volunteering=2, giving=10))


def test_without_a_price_nothing_is_held_against_it():
    lines = promised({"local": "5000", "spend": "999999"})
    assert overclaims(lines, price=None, living_wage=LIVING_WAGE) == []
    assert overclaims(lines, price=D(0), living_wage=LIVING_WAGE) == []
    assert overclaims([], price=D(1), living_wage=LIVING_WAGE) == []


def test_the_sentence_says_what_to_look_at():
    (found,) = overclaims(promised({"fte": "200"}), price=D(2_000_000), living_wage=LIVING_WAGE)
    assert found.sentence == (
        "200 years of full-time work are promised. At the Real Living Wage of £13.45 an hour the whole price of "
        "£2,000,000 pays for 81.7. Check that years are counted, not hours."
    )


# --- the same words in several bids ------------------------------------------------------------------

LONG = "We will recruit through the job centre and the colleges, hold two open days and report every quarter."


def test_the_same_long_text_in_two_bids_is_seen_whatever_its_commas():
    texts = {
        1: [LONG, "Yes."],
        2: [LONG.replace(",", ";").upper()],
        3: ["Something else entirely, said at length. " * 3],
    }
    assert same_texts(texts) == [(1, 2)]


def test_short_answers_may_be_alike_and_one_bid_may_repeat_itself():
    assert same_texts({1: ["We will.", LONG, LONG], 2: ["We will."]}) == []


def test_two_measures_that_may_count_the_same_are_named():
    [one] = double_counted([("GSE1 Local people", "GSE2 Young people")])
    assert (one.kind, one.sentence) == (
        Kind.DOUBLE_COUNTING,
        "GSE1 Local people and GSE2 Young people may count the same thing. "
        "Count each person, hour or pound under one of them only.",
    )
    assert double_counted([]) == []
