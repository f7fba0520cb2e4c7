"""When a reminder goes: Mondays, both sides of every edge, across the change of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.reminders.rules import (
    LATE_WEEKDAY,
    SHIPPED,
    Timing,
    check_timing,
    monday_of,
    shortened,
    stage_of_due,
    stage_of_waiting,
    week_to_send,
)
from socialvalue.core.clock import LONDON
from socialvalue.core.errors import RuleBroken

DUE = date(2026, 12, 31)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("monday", "days"),
    [
        (date(2026, 12, 7), None),
        (date(2026, 12, 14), -14),
        (date(2026, 12, 21), -14),
        (date(2026, 12, 28), -3),
        (date(2027, 1, 4), None),
        (date(2027, 1, 11), 7),
        (date(2027, 1, 18), 7),
        (date(2027, 1, 25), 21),
        (date(2029, 1, 1), 21),
    ],
)
def test_the_stage_of_a_thursday_on_each_monday(monday, days):
    assert stage_of_due(DUE, SHIPPED, monday) == days


@pytest.mark.parametrize(
    ("due_on", "monday", "days"),
    [
        # Exactly that many days before, on a Monday and on the Sunday of the same week.
        (date(2026, 12, 28), date(2026, 12, 14), -14),
        (date(2027, 1, 3), date(2026, 12, 14), -14),
        (date(2027, 1, 4), date(2026, 12, 14), None),
        # Exactly that many days after.
        (date(2026, 12, 28), date(2027, 1, 4), 7),
        (date(2026, 12, 29), date(2027, 1, 4), None),
        # Due on the Monday itself is not late.
        (date(2026, 12, 28), date(2026, 12, 28), -3),
    ],
)
def test_both_sides_of_an_edge(due_on, monday, days):
    assert stage_of_due(due_on, SHIPPED, monday) == days


def test_nought_days_before_is_the_week_of_the_day_itself():
    timing = Timing((14, 0), (7, 21))
    assert stage_of_due(DUE, timing, date(2026, 12, 21)) == -14
    assert stage_of_due(DUE, timing, date(2026, 12, 28)) == 0


@given(
    st.dates(date(2025, 1, 1), date(2029, 12, 31)),
    st.tuples(st.integers(1, 60), st.integers(0, 59)).filter(lambda two: two[0] > two[1]),
    st.tuples(st.integers(1, 179), st.integers(2, 180)).filter(lambda two: two[0] < two[1]),
)
def test_nothing_is_called_late_too_early_and_every_reminder_comes_in_time(due_on, before, after):
    timing = Timing(before, after)
    first = monday_of(due_on) - timedelta(weeks=10)
    seen = {}
    for week in range(45):
        monday = first + timedelta(weeks=week)
        stage = stage_of_due(due_on, timing, monday)
        if stage is not None:
            seen.setdefault(stage, monday)
    for stage, monday in seen.items():
        if stage > 0:
            assert monday >= due_on + stage * DAY
            assert monday < due_on + (stage + 7) * DAY
        else:
            assert monday <= due_on + stage * DAY
            assert monday > due_on + (stage - 7) * DAY
    assert set(after) - set(seen) <= {after[0]}
    assert after[1] in seen


@pytest.mark.parametrize(("waited", "days"), [(0, 0), (6, 0), (7, 7), (20, 7), (21, 21), (400, 21)])
def test_what_waits_is_new_and_then_said_again(waited, days):
    monday = date(2026, 12, 28)
    assert stage_of_waiting(monday - waited * DAY, SHIPPED, monday) == days


@pytest.mark.parametrize(
    ("moment", "week"),
    [
        # The clock goes back on Sunday 25 October 2026 and forward on Sunday 28 March 2027.
        (datetime(2026, 10, 19, 5, 59, tzinfo=UTC), None),
        (datetime(2026, 10, 19, 6, 0, tzinfo=UTC), date(2026, 10, 19)),
        (datetime(2026, 10, 26, 6, 59, tzinfo=UTC), None),
        (datetime(2026, 10, 26, 7, 0, tzinfo=UTC), date(2026, 10, 26)),
        (datetime(2027, 3, 22, 6, 59, tzinfo=UTC), None),
        (datetime(2027, 3, 22, 7, 0, tzinfo=UTC), date(2027, 3, 22)),
        (datetime(2027, 3, 29, 5, 59, tzinfo=UTC), None),
        (datetime(2027, 3, 29, 6, 0, tzinfo=UTC), date(2027, 3, 29)),
        # Sunday 11pm in UTC is Monday midnight in London, which is too early.
        (datetime(2027, 3, 28, 23, 0, tzinfo=UTC), None),
        # Late, until the end of Wednesday.
        (datetime(2027, 3, 31, 22, 59, tzinfo=UTC), date(2027, 3, 29)),
        (datetime(2027, 3, 31, 23, 0, tzinfo=UTC), None),
        (datetime(2027, 4, 4, 12, 0, tzinfo=UTC), None),
    ],
)
def test_monday_morning_is_londons(moment, week):
    assert week_to_send(moment.astimezone(LONDON)) == week
    assert LATE_WEEKDAY == 2


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        ((0, 0), (7, 21), "first_before"),
        ((61, 3), (7, 21), "first_before"),
        ((3, 3), (7, 21), "second_before"),
        ((14, 3), (0, 21), "first_after"),
        ((14, 3), (7, 7), "second_after"),
        ((14, 3), (7, 181), "second_after"),
    ],
)
def test_days_out_of_order_are_refused_where_they_are_typed(before, after, field):
    with pytest.raises(RuleBroken) as error:
        check_timing(Timing(before, after))
    assert [name for name, _ in error.value.errors] == [field]


@pytest.mark.parametrize(
    ("before", "after"), [((60, 0), (1, 180)), ((1, 0), (1, 2)), ((14, 3), (7, 21))]
)
def test_days_in_order_stand(before, after):
    check_timing(Timing(before, after))


def test_the_days_in_words():
    assert SHIPPED.sentence == (
        "14 days and 3 days before a due date, then 7 days and 21 days after it."
    )
    assert Timing((1, 0), (1, 2)).sentence == (
        "1 day before a due date and on the day itself, then 1 day and 2 days after it."
    )


def test_a_long_text_is_cut_at_a_word():
    assert shortened("one two three", 13) == "one two three"
    assert shortened("one two three", 12) == "one two…"
    assert shortened("x" * 20, 10) == "x" * 9 + "…"
