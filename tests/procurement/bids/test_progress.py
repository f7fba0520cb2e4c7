"""How far an offer is, in counts, and when a warning is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from procurement.bids.rules import AnswerInput, LineInput, OfferInput, is_amended_since
from procurement.bids.rules.progress import progress_of, warning_due
from procurement.bids.vocabulary import WarningKind as Kind

DEADLINE = datetime(2026, 4, 1, 11, tzinfo=UTC)
LONG_AGO = DEADLINE - timedelta(days=30)
SECOND = timedelta(seconds=1)


def due(before, known=LONG_AGO):
    return warning_due(deadline_at=DEADLINE, known_since=known, now=DEADLINE - before)


@pytest.mark.parametrize(
    ("before", "kind"),
    [
        (timedelta(days=7) + SECOND, None),
        (timedelta(days=7), Kind.SEVEN_DAYS),
        (timedelta(days=3), Kind.SEVEN_DAYS),
        (timedelta(hours=24) + SECOND, Kind.SEVEN_DAYS),
        (timedelta(hours=24), Kind.ONE_DAY),
        (timedelta(hours=1) + SECOND, Kind.ONE_DAY),
        (timedelta(hours=1), Kind.ONE_HOUR),
        (SECOND, Kind.ONE_HOUR),
        (timedelta(0), None),
        (-SECOND, None),
    ],
)
def test_the_nearest_warning_is_due_until_the_deadline(before, kind):
    assert due(before) == kind


@pytest.mark.parametrize(
    ("known", "kind"),
    [
        (timedelta(days=7) + SECOND, Kind.SEVEN_DAYS),
        (timedelta(days=7), None),
        (timedelta(days=5), None),
    ],
)
def test_a_deadline_told_later_than_its_warning_needs_none(known, kind):
    assert due(timedelta(days=4), DEADLINE - known) == kind
    assert due(timedelta(hours=24), DEADLINE - known) == Kind.ONE_DAY


@pytest.mark.parametrize(("seconds", "since"), [(-1, False), (0, True), (1, True)])
def test_an_amendment_in_the_moment_of_submission_counts(seconds, since):
    assert is_amended_since(DEADLINE, DEADLINE + seconds * SECOND) is since
    assert is_amended_since(DEADLINE, None) is False


def progress(*lines, answers=(), price=None):
    return progress_of(
        OfferInput(price=price, lines=lines, answers=answers),
        requirements=[1, 2, 3],
        mandatory=[1, 2],
        questions=[7, 8],
    )


def line(key, quantity="1", method="So."):
    return LineInput(key, None if quantity is None else Decimal(quantity), method_statement=method)


def test_nothing_written():
    one = progress()
    assert one.words == "0 of 3 measures, 0 of 2 answers"
    assert one.lacks == ["2 mandatory measures not filled in", "2 answers not written", "no price"]


def test_everything_written():
    one = progress(
        line(1), line(2), line(3), answers=[AnswerInput(7, "x"), AnswerInput(8, "y")], price=Decimal(1)
    )  # fmt: skip
    assert (one.words, one.lacks) == ("3 of 3 measures, 2 of 2 answers", [])


@pytest.mark.parametrize(
    ("one", "done"),
    [
        (line(2), 1),
        (line(2, "0"), 0),
        (line(2, None), 0),
        (line(2, method=" "), 0),
        (line(9), 0),
    ],
)
def test_a_measure_counts_with_a_quantity_and_a_method(one, done):
    assert progress(one).measures_done == done
    assert progress(one).mandatory_missing == 2 - done


def test_blank_and_strange_answers_do_not_count():
    one = progress(line(1), answers=[AnswerInput(7, " \n"), AnswerInput(9, "x")])
    assert (one.answers_done, one.lacks) == (
        0,
        ["1 mandatory measure not filled in", "2 answers not written", "no price"],
    )


def test_words_leave_out_what_is_not_asked():
    only = progress_of(OfferInput(), requirements=[1], mandatory=[], questions=[])
    assert only.words == "0 of 1 measure"
    assert progress_of(OfferInput(), requirements=[], mandatory=[], questions=[]).words == ""
