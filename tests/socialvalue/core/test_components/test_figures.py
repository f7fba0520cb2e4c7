"""Components of figures: statuses, progress, pounds and the switch that hides them, dates, the working."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from socialvalue.core.templatetags import ui
from tests.socialvalue.core.test_components.steps import draw, outline


@pytest.mark.parametrize("key", sorted(ui.LOOKS))
def test_every_status_is_a_word_and_a_shape(key):
    drawn = draw("{% status key %}", key=key)
    assert ui.LOOKS[key].word in drawn
    assert "<svg" in drawn
    assert 'aria-hidden="true"' in drawn


def test_an_unlisted_status_is_shown_in_its_own_words():
    assert "Sent to legal" in draw('{% status "sent_to_legal" %}')


@pytest.mark.parametrize(
    ("done", "total", "share", "width"),
    [
        (Decimal(0), Decimal(10), "0%", "0.0"),
        (Decimal("9.99"), Decimal(10), "100%", "99.9"),
        (Decimal(10), Decimal(10), "100%", "100.0"),
        (Decimal(12), Decimal(10), "120%", "100.0"),
    ],
)
def test_progress_shows_both_numbers_beside_the_share(done, total, share, width):
    drawn = draw("{% progress done total %}", done=done, total=total)
    assert share in drawn
    assert f'width="{width}"' in drawn
    assert f"of {total}" in drawn


@pytest.mark.parametrize(
    ("done", "total"), [(None, Decimal(5)), (Decimal(5), None), (Decimal(5), Decimal(0))]
)
def test_progress_without_a_share_says_so(done, total):
    drawn = draw("{% progress done total %}", done=done, total=total)
    assert "Not yet measurable" in drawn
    assert "%" not in drawn


def test_pounds_stand_beside_their_quantity():
    drawn = draw('{% value amount 450 "hours" href="/w" %}', amount=Decimal("120000"))
    found = [text for text in outline(drawn) if isinstance(text, str) and not text.startswith("/")]
    assert found == ["£120,000", "450 hours"]


def test_counts_only_hides_every_pound():
    drawn = draw(
        '{% value amount 450 "hours" href="/w" %}', amount=Decimal("120000"), counts_only=True
    )
    assert "£" not in drawn
    assert "450 hours" in drawn


@pytest.mark.parametrize(
    ("source", "given", "shown"),
    [
        ("{{ x|pounds }}", Decimal("1234.5"), "£1,234.50"),
        ("{{ x|pounds }}", Decimal(0), "£0"),
        ("{{ x|pounds }}", None, "Not reported"),
        ("{{ x|pence }}", 12345, "£123.45"),
        ("{{ x|pence }}", None, "Not reported"),
        ("{{ x|quantity }}", Decimal("1234.500"), "1,234.5"),
        ("{{ x|percent }}", Decimal("14.6"), "15%"),
        ("{{ x|web_address }}", "https://example.org/", "https://example.org/"),
        ("{{ x|web_address }}", "javascript:alert(1)", ""),
        ("{{ x|percent:1 }}", Decimal("14.6"), "14.6%"),
        ("{{ x|uk_date }}", datetime.date(2021, 9, 9), "9 September 2021"),
        ("{{ x|financial_year }}", datetime.date(2027, 3, 31), "2026 to 2027"),
        ("{{ x|financial_year }}", datetime.date(2027, 4, 1), "2027 to 2028"),
        ("{{ x|quarter }}", datetime.date(2026, 9, 9), "2026 to 2027, quarter 2"),
        (
            "{{ x|uk_datetime }}",
            datetime.datetime(2026, 7, 1, 13, 5, tzinfo=datetime.UTC),
            "1 July 2026, 2:05pm",
        ),
        (
            "{{ x|uk_date }}",
            datetime.datetime(2026, 7, 1, 23, 30, tzinfo=datetime.UTC),
            "2 July 2026",
        ),
        (
            "{{ x|uk_datetime }}",
            datetime.datetime(2026, 1, 1, 12, 0, tzinfo=datetime.UTC),
            "1 January 2026, midday",
        ),
    ],
)
def test_figures_and_dates_read_like_english(source, given, shown):
    assert draw(source, x=given) == shown


def test_the_working_shows_every_line():
    lines = [("Quantity", "120 hours", "Claim 14"), ("Proxy", "£16.93", "Source A")]
    drawn = draw('{% working lines result="£2,031.60" %}', lines=lines)
    for text in ("120 hours", "Claim 14", "£16.93", "Source A", "£2,031.60"):
        assert text in drawn
