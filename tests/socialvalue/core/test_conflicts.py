from datetime import date
from decimal import Decimal

import pytest

from socialvalue.core.conflicts import differences

LABELS = {"title": "Title", "starts_on": "Start", "share": "Share"}


def test_each_difference_is_told_by_its_label_in_the_order_of_the_labels():
    now = {"share": Decimal("50.00"), "title": "Theirs", "starts_on": date(2026, 4, 1)}
    sent = {"share": Decimal("1250.5"), "title": "Mine", "starts_on": date(2026, 4, 2)}
    found = differences(LABELS, now, sent)
    assert list(found.items()) == [
        ("Title", ("Theirs", "Mine")),
        ("Start", ("1 April 2026", "2 April 2026")),
        ("Share", ("50", "1,250.5")),
    ]


@pytest.mark.parametrize(
    ("now", "sent"),
    [
        (Decimal("50.00"), Decimal(50)),
        (None, ""),
        ("  ", None),
        (" The same ", "The same"),
        ("Two\nlines", "Two\r\nlines"),
        (date(2026, 4, 1), date(2026, 4, 1)),
    ],
)
def test_what_reads_the_same_is_the_same(now, sent):
    assert differences({"a": "A"}, {"a": now}, {"a": sent}) == {}


@pytest.mark.parametrize(
    ("now", "sent", "shown"),
    [
        (None, Decimal(0), ("Nothing", "0")),
        (Decimal(0), None, ("0", "Nothing")),
        ("", "Words", ("Nothing", "Words")),
        (Decimal("0.001"), Decimal("0.002"), ("0.001", "0.002")),
    ],
)
def test_nothing_and_nought_are_told_apart(now, sent, shown):
    assert differences({"a": "A"}, {"a": now}, {"a": sent}) == {"A": shown}


def test_only_what_was_sent_is_compared():
    assert differences(LABELS, {"title": "Theirs", "share": Decimal(1)}, {"title": "Theirs"}) == {}
    assert differences(LABELS, {}, {"title": "New"}) == {"Title": ("Nothing", "New")}


def test_a_key_may_have_words_of_its_own():
    words = {"share": lambda value: f"{value}%"}
    assert differences(LABELS, {"share": Decimal(5)}, {"share": Decimal(7)}, words=words) == {
        "Share": ("5%", "7%")
    }
