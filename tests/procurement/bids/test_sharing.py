"""A share below 100 says why; parts of a line have names, quantities, and room within the line."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.bids.rules import (
    LineInput,
    OfferInput,
    PartInput,
    boxes_of,
    content_of,
    draft_of,
    draft_text,
    is_same_offer,
    offer_of,
    sealed_offer,
    sealed_text,
    working_of,
    wrong_for_submission,
    wrong_with_line,
)
from tests.procurement.bids.test_rules import asked, line, names, offer


def part(name="Rookery Trust", quantity="1", kind="partner"):
    return PartInput(kind, name, None if quantity is None else Decimal(quantity))


def said(one, **more):
    return [row.message for row in wrong_for_submission([asked(**more)], [], offer(one))]


# --- the share ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "reason", "wrong"),
    [
        ("99.99", "", ["reason_1"]),
        ("99.99", " \n", ["reason_1"]),
        ("99.99", "Another council funds it.", []),
        ("100", "", []),
        ("100", "Nobody else.", []),
    ],
)
def test_a_share_below_100_says_why(share, reason, wrong):
    one = line("1", attribution_percent=Decimal(share), attribution_reason=reason)
    assert names(offer(one)) == wrong
    assert wrong_with_line(asked(), one) == []


def test_a_share_of_what_is_not_offered_needs_no_reason():
    assert names(offer(line(None, attribution_percent=Decimal(50)))) == []


def test_the_sentence_says_how_to_mend_it():
    assert said(line("1", attribution_percent=Decimal("33.33"))) == [
        "Say who else funds GSE1 Local people employed, or make its share 100: it is 33.33 now"
    ]


@pytest.mark.parametrize(("length", "wrong"), [(500, []), (501, ["reason_1"])])
def test_a_reason_has_an_end(length, wrong):
    one = line("1", attribution_percent=Decimal(50), attribution_reason="x" * length)
    assert [row.name for row in wrong_with_line(asked(), one)] == wrong


# --- parts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quantities", "wrong"),
    [
        (("1.5", "0.499"), []),
        (("1.5", "0.5"), []),
        (("1.5", "0.501"), ["part_1-0-quantity"]),
    ],
)
def test_parts_add_up_to_at_most_the_line(quantities, wrong):
    parts = tuple(part(f"Partner {n}", q) for n, q in enumerate(quantities))
    assert names(offer(line("2", parts=parts))) == wrong


def test_too_much_is_said_with_its_difference():
    parts = (part("A", "1500"), part("B", "800", "subcontractor"))
    assert said(line("2000", parts=parts), unit="£", unit_value=Decimal(1)) == [
        "Partners and sub-contractors deliver £2,300 of GSE1 Local people employed, and you offer £2,000 in all. "
        "Take £300 away from them, or offer more"
    ]


def test_what_is_left_is_the_bidders_own():
    one = line("2", parts=(part("A", "0.5"), part("B", None)))
    assert one.own_quantity == Decimal("1.5")
    assert line(None, parts=(part(),)).own_quantity is None


def test_a_part_changes_no_value():
    plain, shared = line("2"), line("2", parts=(part(quantity="2"),))
    assert working_of(asked(), plain) == working_of(asked(), shared)


@pytest.mark.parametrize(
    ("one", "wrong"),
    [
        (part(quantity=None), ["part_1-0-quantity"]),
        (part(quantity="0"), ["part_1-0-quantity"]),
        (part(quantity="0.001"), []),
        (part(name=" "), ["part_1-0-name"]),
        (part(name="", quantity=None), []),
    ],
)
def test_a_part_has_a_name_and_a_quantity_when_it_is_submitted(one, wrong):
    assert names(offer(line("2", parts=(one,)))) == wrong
    assert wrong_with_line(asked(), line("2", parts=(one,))) == []


@pytest.mark.parametrize(
    ("one", "wrong"),
    [
        (part(quantity="-0.001"), ["part_1-0-quantity"]),
        (part(quantity="100000000000"), ["part_1-0-quantity"]),
        (part(name="x" * 201), ["part_1-0-name"]),
        (part(name="x" * 200), []),
        (part(kind="friend"), ["part_1-0-kind"]),
    ],
)
def test_what_no_draft_may_hold(one, wrong):
    assert [row.name for row in wrong_with_line(asked(), line("2", parts=(one,)))] == wrong


@pytest.mark.parametrize("other", ["Rookery Trust", "ROOKERY  trust "])
def test_nobody_stands_beside_a_line_twice(other):
    twice = (part(), part(other, kind="subcontractor"))
    assert names(offer(line("5", parts=twice))) == ["part_1-1-name"]
    assert names(offer(line("5", parts=(part(), part("Rookery Trusts"))))) == []


@pytest.mark.parametrize(("count", "wrong"), [(10, []), (11, ["part_1-10-name"])])
def test_ten_parts_and_no_more(count, wrong):
    parts = tuple(part(f"Partner {n}") for n in range(count))
    assert [row.name for row in wrong_with_line(asked(), line("50", parts=parts))] == wrong


@pytest.mark.parametrize("unit", ["yes/no", "statement", "%"])
def test_a_yes_or_a_percentage_is_not_shared_out(unit):
    one = line("1", parts=(part(),))
    assert [row.name for row in wrong_with_line(asked(unit=unit), one)] == ["quantity_1"]
    assert wrong_with_line(asked(unit=unit), line("1", parts=(part("", None),))) == []


@pytest.mark.parametrize("quantity", [None, "0"])
def test_parts_of_nothing_are_said(quantity):
    assert said(line(quantity, parts=(part(),))) == [
        "Enter how much of GSE1 Local people employed you offer in all, or remove its partners and sub-contractors"
    ]


# --- writing down ---------------------------------------------------------------------------------

kinds = st.sampled_from(["partner", "subcontractor"])
amounts = st.none() | st.decimals(0, 10**9, places=3)
words = st.text(st.characters(codec="utf-8"), max_size=12)
parts = st.lists(st.builds(PartInput, kinds, words, amounts), max_size=6)


@given(parts, st.randoms(use_true_random=False), words)
def test_the_order_of_parts_is_no_part_of_the_offer(rows, chance, reason):
    mixed = list(rows)
    chance.shuffle(mixed)
    one, other = (
        OfferInput(lines=(LineInput(1, parts=tuple(some), attribution_reason=reason),))
        for some in (rows, mixed)
    )
    assert is_same_offer(one, other)
    assert boxes_of(one) == boxes_of(other)
    texts = [sealed_text(some, tender_id=1, supplier_id=2, salt="x") for some in (one, other)]
    assert texts[0] == texts[1]
    assert is_same_offer(sealed_offer(texts[0], tender_id=1, supplier_id=2), one)
    assert is_same_offer(draft_of(draft_text(one, page_key="", page_from=0)).offer, one)
    assert content_of(offer_of(content_of(one))) == content_of(one)


@pytest.mark.parametrize(
    "other",
    [
        part(kind="subcontractor"),
        part(name="Rookery trust"),
        part(quantity="1.001"),
        part(quantity=None),
    ],
)
def test_a_part_that_differs_is_another_offer(other):
    one, changed = (OfferInput(lines=(line("2", parts=(row,)),)) for row in (part(), other))
    assert not is_same_offer(one, changed)


def test_a_reason_that_differs_is_another_offer():
    one, other = (OfferInput(lines=(line("2", attribution_reason=said),)) for said in ("", "x"))
    assert not is_same_offer(one, other)


@pytest.mark.parametrize(
    "only",
    [
        {"attribution_percent": Decimal(50)},
        {"attribution_reason": "Half is paid by a neighbour."},
        {"parts": (part(),)},
    ],
)
def test_a_draft_keeps_what_was_typed_beside_an_empty_quantity(only):
    kept = offer_of(content_of(OfferInput(lines=(LineInput(1, **only),)))).line(1)
    assert kept == LineInput(1, **only)


def test_an_offer_written_before_reasons_and_parts_still_reads():
    content = {
        "price": "5",
        "lines": [
            {
                "requirement_id": 1,
                "quantity": "2",
                "attribution_percent": "50",
                "negotiated_proxy": None,
                "method_statement": "So.",
            }
        ],
        "answers": [],
    }
    assert offer_of(content).line(1) == LineInput(1, Decimal(2), Decimal(50), None, "So.", "", ())
