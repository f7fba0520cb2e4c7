from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.bids.rules import (
    AnswerInput,
    Asked,
    LineInput,
    OfferInput,
    bidder_state,
    can_submit,
    content_hash,
    content_of,
    draft_of,
    draft_text,
    is_same_offer,
    may_open_at,
    offer_of,
    receipt_number,
    sealed_offer,
    sealed_text,
    total_pence,
    working_of,
    wrong_for_submission,
    wrong_with_line,
)

DEADLINE = datetime(2026, 4, 1, 11, tzinfo=UTC)


def asked(**more):
    return Asked(
        **{
            "requirement_id": 1,
            "label": "GSE1 Local people employed",
            "unit": "FTE-years",
            "is_mandatory": False,
            "minimum_quantity": None,
            "unit_value": Decimal("30180.5"),
            "is_negotiated": False,
            **more,
        }
    )


def line(quantity, **more):
    number = None if quantity is None else Decimal(quantity)
    return LineInput(1, number, **{"method_statement": "With a partner.", **more})


def names(offer, one=None, questions=()):
    return [w.name for w in wrong_for_submission([one or asked()], questions, offer)]


def offer(*lines, price="100", answers=()):
    return OfferInput(price=None if price is None else Decimal(price), lines=lines, answers=answers)


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_submitting_ends_where_opening_begins(seconds):
    now = DEADLINE + timedelta(seconds=seconds)
    assert can_submit(deadline_at=DEADLINE, now=now) is (seconds < 0)
    assert may_open_at(deadline_at=DEADLINE, now=now) is (seconds >= 0)


def test_nothing_opens_without_a_deadline():
    assert may_open_at(deadline_at=None, now=DEADLINE) is False


@pytest.mark.parametrize("quantity", [None, "0"])
def test_a_mandatory_measure_needs_a_quantity_above_0(quantity):
    assert names(offer(line(quantity)), asked(is_mandatory=True)) == ["quantity_1"]
    assert names(offer(line(quantity))) == []


@pytest.mark.parametrize(
    ("quantity", "wrong"), [("1.999", ["quantity_1"]), ("2", []), ("2.001", [])]
)
def test_the_minimum_is_reached_or_said(quantity, wrong):
    least = asked(minimum_quantity=Decimal(2))
    assert names(offer(line(quantity)), least) == wrong
    if wrong:
        said = wrong_for_submission([least], [], offer(line(quantity)))[0].message
        assert said == (
            "GSE1 Local people employed: 1.999 FTE-years is below the minimum of 2 FTE-years"
        )


def test_a_minimum_of_money_is_said_in_pounds():
    least = asked(unit="£", minimum_quantity=Decimal(60000))
    said = wrong_for_submission([least], [], offer(line("50000")))[0].message
    assert said == "GSE1 Local people employed: £50,000 is below the minimum of £60,000"


def test_an_optional_measure_that_is_not_offered_has_no_minimum():
    assert names(offer(line(None)), asked(minimum_quantity=Decimal(2))) == []


@pytest.mark.parametrize("quantity", ["-1", "-0.001", "99999999999.9991", "100000000000"])
def test_negative_and_absurd_quantities_are_refused_in_a_draft_too(quantity):
    assert [w.name for w in wrong_with_line(asked(), line(quantity))] == ["quantity_1"]


def test_a_value_that_no_contract_can_have_is_refused():
    # 3,313,398 x £30,180.50 is just over £99,999,999,999.99.
    assert wrong_with_line(asked(), line("3313397")) == []
    wrong = wrong_with_line(asked(), line("3313398"))
    assert wrong[0].message.endswith("Check the quantity and its unit")


@pytest.mark.parametrize(("unit", "most"), [("%", "100"), ("yes/no", "1"), ("statement", "1")])
def test_units_that_end_somewhere(unit, most):
    bounded = asked(unit=unit, unit_value=None)
    assert wrong_with_line(bounded, line(most)) == []
    assert len(wrong_with_line(bounded, line(Decimal(most) + Decimal("0.001")))) == 1


@pytest.mark.parametrize(("share", "count"), [("0", 1), ("0.01", 0), ("100", 0), ("100.01", 1)])
def test_the_share_is_above_0_and_at_most_100(share, count):
    assert len(wrong_with_line(asked(), line("1", attribution_percent=Decimal(share)))) == count


def test_what_is_offered_says_how():
    assert names(offer(line("1", method_statement="  "))) == ["method_1"]
    assert names(offer(line("1", method_statement="x" * 2000))) == []
    assert names(offer(line("1", method_statement="x" * 2001))) == ["method_1"]


def test_a_negotiated_measure_needs_the_bidders_value():
    negotiated = asked(is_negotiated=True, unit_value=None)
    assert names(offer(line("1")), negotiated) == ["proxy_1"]
    assert names(offer(line("1", negotiated_proxy=Decimal("0.5"))), negotiated) == []
    working = working_of(negotiated, line("10", negotiated_proxy=Decimal("0.5")))
    assert working.value_pence == 500


def test_price_and_every_answer_are_needed():
    questions = [(7, "How?")]
    whole = offer(line("1"), answers=(AnswerInput(7, "So."),))
    assert names(whole, questions=questions) == []
    assert names(offer(line("1"), answers=(AnswerInput(7, " "),)), questions=questions) == [
        "answer_7"
    ]
    for price in (None, "0", "-5"):
        assert names(offer(line("1"), price=price)) == ["price"]


def test_boxes_that_could_not_be_read_stop_a_submission_by_name():
    typed = OfferInput(price=Decimal(1), lines=(line(None),), unread={"quantity_1": "about ten"})
    assert [w.message for w in wrong_for_submission([asked()], [], typed)] == [
        "Change “about ten”: it could not be read"
    ]


def test_the_total_is_the_sum_of_rounded_lines():
    third = asked(unit_value=Decimal("0.333333333"))
    workings = [working_of(third, line("1")), None, working_of(third, line("1"))]
    assert [w.value_pence for w in workings if w] == [33, 33]
    assert total_pence(workings) == 66
    half = working_of(asked(), line("2", attribution_percent=Decimal(50)))
    assert half.value_pence == 3018050


decimals = st.decimals(min_value=0, max_value=10**10, places=3, allow_nan=False)
offers = st.builds(
    OfferInput,
    price=st.none() | st.decimals(min_value=0, max_value=10**10, places=2),
    lines=st.lists(
        st.builds(
            LineInput,
            requirement_id=st.integers(1, 50),
            quantity=decimals,
            negotiated_proxy=st.none() | decimals,
            method_statement=st.text(
                st.characters(codec="utf-8", exclude_characters="\r"), max_size=40
            ).map(str.strip),
        ),
        max_size=4,
        unique_by=lambda row: row.requirement_id,
    ).map(tuple),
    answers=st.just((AnswerInput(3, "Yes – £5, “really”\nand more"),)),
)


@given(offers)
def test_writing_down_and_reading_back_changes_nothing(one):
    assert is_same_offer(offer_of(content_of(one)), one)
    text = sealed_text(one, tender_id=5, supplier_id=6, salt="s")
    assert is_same_offer(sealed_offer(text, tender_id=5, supplier_id=6), one)
    draft = draft_of(draft_text(one, page_key="k", page_from=3))
    assert (is_same_offer(draft.offer, one), draft.page_key, draft.page_from) == (True, "k", 3)


def test_the_order_of_lines_and_line_ends_do_not_change_the_hash():
    one = OfferInput(
        lines=(LineInput(1, Decimal("1.50"), method_statement="a\r\nb"), LineInput(2, Decimal(3)))
    )
    other = OfferInput(
        lines=(
            LineInput(2, Decimal("3.000")),
            LineInput(1, Decimal("1.5"), method_statement="a\nb"),
        )
    )
    hashes = [
        content_hash(sealed_text(o, tender_id=1, supplier_id=2, salt="x")) for o in (one, other)
    ]
    assert hashes[0] == hashes[1]


def test_the_salt_hides_and_the_ids_bind():
    one = OfferInput(price=Decimal(1))
    text = sealed_text(one, tender_id=1, supplier_id=2, salt="x")
    assert content_hash(text) != content_hash(
        sealed_text(one, tender_id=1, supplier_id=2, salt="y")
    )
    for ids in ({"tender_id": 1, "supplier_id": 3}, {"tender_id": 9, "supplier_id": 2}):
        with pytest.raises(ValueError, match="another tender or supplier"):
            sealed_offer(text, **ids)


def test_a_receipt_number_is_short_and_readable():
    assert receipt_number(b"\0" * 10) == "SV-AAAAA-AAAAA"


@pytest.mark.parametrize(
    ("state", "is_open", "is_opened", "has_changes", "key"),
    [
        ("", True, False, False, "not_started"),
        ("", False, False, False, "closed"),
        ("draft", True, False, False, "draft"),
        ("draft", False, False, False, "closed"),
        ("submitted", True, False, False, "submitted"),
        ("submitted", True, False, True, "in_progress"),
        ("submitted", False, False, True, "submitted"),
        ("submitted", False, True, False, "opened"),
    ],
)
def test_the_state_in_the_suppliers_list(state, is_open, is_opened, has_changes, key):
    found = bidder_state(state, is_open=is_open, is_opened=is_opened, has_changes=has_changes)
    assert found[0] == key
