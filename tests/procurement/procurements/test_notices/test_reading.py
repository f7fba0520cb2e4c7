"""What is read from a published notice, mended, or refused."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.procurements.rules import (
    NoticeRefused,
    mend,
    read_notice,
    read_releases,
    why_refused,
)
from socialvalue.core.errors import RuleBroken
from tests.factories.procurements import award_release, release


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.rnrnTwo.", "One.\n\nTwo."),
        ("ONErnrnAdditional information: rnTwo", "ONE\n\nAdditional information:\nTwo"),
        ("Background:rn      The council", "Background:\nThe council"),
        (
            "A modern return of eastern furniture. Government.",
            "A modern return of eastern furniture. Government.",
        ),
        ("One\r\nTwo\r\n\r\n\r\n\r\nThree", "One\nTwo\n\nThree"),
        ("", ""),
    ],
)
def test_lost_line_breaks_are_put_back_and_words_left_whole(text, expected):
    assert mend(text) == expected


def read(**more):
    return read_notice(json.loads(json.dumps(release(**more)), parse_float=Decimal))


def test_a_tender_release_is_read():
    notice = read()
    assert (notice.estimate, notice.estimate_from, notice.state) == (
        Decimal("60000.00"),
        "tender value",
        "open",
    )
    assert (notice.commenced_on, notice.commenced_from) == (
        date(2025, 1, 23),
        "the day the notice was published",
    )
    # Midnight in summer time: still 1 April in London, and the last day is the last day.
    assert (notice.starts_on, notice.ends_on) == (date(2025, 4, 1), date(2026, 3, 31))
    assert (notice.cpv, notice.buyer) == ("50000000", "Coventry City Council")
    assert why_refused(notice) == ""


@pytest.mark.parametrize(
    ("tender", "expected", "source"),
    [
        (
            {"tenderPeriod": {"startDate": "2025-01-10", "endDate": "2025-02-14"}},
            date(2025, 1, 10),
            "opened",
        ),
        ({}, date(2025, 1, 23), "published"),
        ({"datePublished": None}, date(2025, 2, 14), "closed"),
        ({"datePublished": None, "tenderPeriod": None}, date(2025, 3, 4), "award"),
    ],
)
def test_the_best_known_day_of_commencement_in_its_order(tender, expected, source):
    notice = read_notice(award_release(tender=tender))
    assert notice.commenced_on == expected
    assert source in notice.commenced_from


def test_the_date_of_an_award_release_is_never_a_commencement():
    release_ = award_release(tender={"datePublished": None, "tenderPeriod": None})
    release_["awards"][0] |= {"date": None, "datePublished": None}
    assert why_refused(read_notice(release_)) == (
        "It gives no date, so the law and the policy of its day are not known."
    )


def test_a_tender_release_without_other_dates_commenced_when_released():
    notice = read(tender={"datePublished": None, "tenderPeriod": None})
    assert notice.commenced_on == date(2025, 1, 23)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2025-07-31T23:30:00Z", date(2025, 8, 1)),
        ("2025-07-31T23:30:00+01:00", date(2025, 7, 31)),
        ("2025-01-31T23:30:00Z", date(2025, 1, 31)),
    ],
)
def test_both_date_forms_are_days_in_london(moment, day):
    assert read(tender={"datePublished": moment}).commenced_on == day


def test_without_a_tender_value_the_award_value_is_the_estimate_and_it_is_said():
    notice = read_notice(award_release(tender={"value": None}))
    assert (notice.estimate, notice.tender_value) == (Decimal("62400.00"), None)
    assert "The notice gives no tender value, so the award value is used." in notice.remark


def test_several_awards_are_one_value_and_a_cancelled_one_is_none():
    release_ = award_release(100)
    release_["awards"] += [
        {"value": {"amount": 50.5}, "date": "2025-03-05"},
        {"status": "cancelled", "value": {"amount": 9}},
        {"value": {"amount": 0}},
    ]
    assert read_notice(release_).award_value == Decimal("150.50")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"tender": {"value": {"amount": 0, "currency": "GBP"}}}, "no value above £0"),
        ({"tender": {"value": {"amount": -5}}}, "no value above £0"),
        ({"tender": {"value": None}}, "no value above £0"),
        ({"tender": {"title": ""}}, "no title"),
        ({"tender": {"mainProcurementCategory": None}}, "goods, services or works"),
        ({"buyer": {}}, "names no buyer"),
    ],
)
def test_what_cannot_be_routed_has_a_reason(more, said):
    assert said in why_refused(read(**more))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"tender": {"value": {"amount": "lots"}}}, "not an amount of money"),
        ({"tender": {"value": {"amount": 5, "currency": "EUR"}}}, "in EUR"),
        ({"ocid": ""}, "no ocid"),
        ({"ocid": "x" * 121}, "longer than 120"),
        ({"tender": {"value": {"amount": 10**15}}}, "£99,999,999,999.99 or less"),
    ],
)
def test_what_cannot_be_read_has_a_reason(more, said):
    with pytest.raises(NoticeRefused, match=said):
        read(**more)


def test_a_character_that_no_database_keeps_is_dropped():
    assert read(tender={"title": "A\x00B"}).title == "AB"


def test_money_as_text_is_read():
    assert read(tender={"value": {"amount": "£60,000.50"}}).estimate == Decimal("60000.50")


def test_a_buyer_named_among_the_parties_only_is_found():
    parties = [
        {"name": "Supplier", "roles": ["supplier"]},
        {"name": "Dudley Council", "roles": ["buyer"]},
    ]
    assert read(buyer={}, parties=parties).buyer == "Dudley Council"


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([{"ocid": "a"}]),
        json.dumps({"releases": [{"ocid": "a"}]}),
        json.dumps({"records": [{"compiledRelease": {"ocid": "a"}}]}),
        json.dumps({"ocid": "a"}),
    ],
)
def test_a_list_a_package_and_one_release_are_read(text):
    assert read_releases(text) == [{"ocid": "a"}]


@pytest.mark.parametrize("text", ["", "not json", "5", '{"a": 1}', '"text"'])
def test_another_file_is_a_sentence(text):
    with pytest.raises(RuleBroken, match="OCDS release"):
        read_releases(text)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals()
    | st.text(max_size=12)
    | st.just("0001-01-01T00:00:00+14:00"),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)
PLACES = [
    "date", "tag", "buyer", "parties", "awards", "tender", "tender.title", "tender.value", "tender.status",
    "tender.value.amount", "tender.value.currency", "tender.tenderPeriod", "tender.tenderPeriod.startDate",
    "tender.classification", "tender.documents", "awards.0.value.amount", "awards.0.status", "awards.0.date",
    "awards.0.contractPeriod", "parties.0.roles", "ocid",
]  # fmt: skip


@given(place=st.sampled_from(PLACES), value=json_values)
def test_whatever_stands_in_a_notice_it_is_read_or_refused(place, value):
    """Never another failure: one bad notice must not stop a file."""
    found = award_release(
        buyer={}, parties=[{"name": "A council", "roles": ["buyer"]}], tender={"documents": []}
    )
    *path, last = place.split(".")
    inside = found
    for step in path:
        inside = inside[int(step)] if step.isdigit() else inside[step]
    inside[last] = value
    try:
        notice = read_notice(found)
    except NoticeRefused:
        return
    assert isinstance(why_refused(notice), str)
    assert len(notice.fingerprint) == 64


def test_half_a_character_is_shown_as_lost():
    """JSON can spell one, and no database takes it."""
    (found,) = read_releases('[{"ocid": "a\\ud800b", "title": "\\ud83d\\ude00"}]')
    assert found == {"ocid": "a\ufffdb", "title": "\U0001f600"}
