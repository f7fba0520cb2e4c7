"""Entering a procurement, and the advice beside the form, through the client."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from procurement.procurements.models import Procurement
from tests.procurement.procurements.test_views.steps import answers, text, url

pytestmark = pytest.mark.django_db


# --- entry ------------------------------------------------------------------------------------


def test_an_officer_enters_a_procurement_and_is_sent_to_its_page(browser, officer):
    assert browser.get(url("new"), follow=True).status_code == 200
    response = browser.post(url("new"), answers())
    found = Procurement.objects.get()
    assert response.status_code == 302
    assert response.url == reverse("procurement:threads:procurement", args=[found.pk])
    assert (found.estimate, found.commenced_on, found.authority_id) == (
        Decimal("180000"), date(2026, 3, 1), officer.organisation_id,
    )  # fmt: skip
    assert found.decisions.get().route == "toms_mandatory"


def test_a_new_form_asks_seven_things_and_carries_a_key(browser):
    form = browser.get(url("new"), follow=True).context["form"]
    asked = [f.name for f in form if not f.is_hidden and f.name not in form.optional_names]
    assert len(asked) == 7
    assert len(form["submission_key"].value()) == 32
    assert form["commenced_on"].value() is not None


def test_each_new_form_has_an_address_that_back_leads_to(browser):
    first, other = (browser.get(url("new")).headers["Location"] for _ in range(2))
    assert first != other
    keys = {browser.get(first).context["form"]["submission_key"].value() for _ in range(2)}
    assert len(keys) == 1
    assert "Enter a title" in text(
        browser.post(first, answers(title="", submission_key=keys.pop()))
    )


def test_back_and_sent_again_without_javascript_enters_one(browser):
    address = browser.get(url("new")).headers["Location"]
    for _ in range(2):
        # What a browser without scripts posts after "back": the hidden boxes of the page as it is served again.
        key = browser.get(address).context["form"]["submission_key"].value()
        answer = browser.post(address, answers(submission_key=key))
        assert answer.status_code == 302
    assert Procurement.objects.count() == 1


def test_a_double_submit_enters_one(browser):
    first, second = (browser.post(url("new"), answers()) for _ in range(2))
    assert first.url == second.url
    assert Procurement.objects.count() == 1


def test_the_back_button_with_other_answers_keeps_what_was_typed(browser):
    browser.post(url("new"), answers())
    response = browser.post(url("new"), answers(estimate="95,000", title="Other"))
    assert response.status_code == 409
    assert "already entered this as SV-" in text(response)
    assert 'value="95,000"' in text(response)
    assert Procurement.objects.get().title == "Grounds maintenance"


@pytest.mark.parametrize(
    ("wrong", "said", "kept"),
    [
        ({"title": ""}, "Enter a title", ""),
        ({"estimate": ""}, "Enter the estimated value, like 75,000", ""),
        ({"estimate": "-5"}, "must be more than 0", 'value="-5"'),
        ({"estimate": "0"}, "must be more than 0", 'value="0"'),
        ({"estimate": "about 5k"}, "must be an amount of money, like 75,000", 'value="about 5k"'),
        ({"estimate": "1.005"}, "at most 2 decimal places", 'value="1.005"'),
        ({"estimate": "999999999999999"}, "£99,999,999,999.99 or less", 'value="999999999999999"'),
        ({"estimate_basis": ""}, "Select whether the estimate includes VAT", ""),
        ({"category": "weapons"}, "Select a valid choice", ""),
        ({"vat_rate_percent": "150"}, "VAT rate must be 100 or less", 'value="150"'),
        ({"commenced_on-month": "13"}, "must be a real date", 'value="13"'),
        ({"commenced_on-day": ""}, "must include a day", ""),
        (
            {"commenced_on-year": "2010"},
            "There is no statutory threshold for services on 1 March 2010",
            'value="2010"',
        ),
        (
            {"commenced_on-year": "2016"},
            "No social value policy was in force on 1 March 2016",
            'value="2016"',
        ),
        ({"cpv": "7200"}, "A CPV code has 8 digits", 'value="7200"'),
    ],
)
def test_a_wrong_answer_says_how_to_mend_it_and_keeps_the_rest(browser, wrong, said, kept):
    response = browser.post(url("new"), answers(**wrong))
    page = text(response)
    assert response.status_code == 422
    assert said in page.replace("&#x27;", "'")
    assert kept in page
    assert "Error: " in page
    if "title" not in wrong:
        assert 'value="Grounds maintenance"' in page
    assert Procurement.objects.count() == 0


def test_an_end_before_the_start_is_said_at_the_end(browser):
    dates = {f"{name}-{part}": value for name, values in
             {"starts_on": (2, 5, 2026), "ends_on": (1, 5, 2026)}.items()
             for part, value in zip(("day", "month", "year"), values, strict=True)}  # fmt: skip
    response = browser.post(url("new"), answers(**dates))
    assert response.context["form"].errors["ends_on"] == [
        "The contract must end on or after the day it starts."
    ]


def test_a_start_before_it_commences_is_said_at_the_start_and_the_day_itself_is_fine(browser):
    def sent(day):
        parts = zip(("day", "month", "year"), (day.day, day.month, day.year), strict=True)
        return {f"starts_on-{part}": value for part, value in parts}

    commenced = answers()
    day = date(*(int(commenced[f"commenced_on-{part}"]) for part in ("year", "month", "day")))
    response = browser.post(url("new"), answers(**sent(day - timedelta(days=1))))
    assert response.context["form"].errors["starts_on"] == [
        "The contract must start on or after the day the procurement commences."
    ]
    assert browser.post(url("new"), answers(**sent(day))).status_code == 302


def test_an_expired_session_keeps_what_was_typed(client, user):
    response = client.post(url("new"), answers(title="Kept through sign-in"))
    assert response.status_code == 302
    assert Procurement.objects.count() == 0
    session_form = client.session["held_form"]
    client.force_login(user)
    session = client.session
    session["held_form"] = session_form
    session.save()
    page = text(client.get(url("new"), follow=True))
    assert "Kept through sign-in" in page
    assert "You were signed out" in page


# --- advice -----------------------------------------------------------------------------------


def test_advice_follows_the_answers_and_writes_nothing(browser):
    page = text(browser.get(url("advice"), answers()))
    assert "TOMs mandatory" in page
    assert "Social value weighting from 5% to 30%, or pass or fail" in page
    assert "£216,000 including VAT" in page
    assert "<html" not in page
    assert Procurement.objects.count() == 0


def test_advice_with_too_little_asks_for_more(browser):
    page = text(browser.get(url("advice"), {"estimate": "50000"}))
    assert "The route follows from these" in page


def test_advice_says_why_there_is_no_route(browser):
    page = text(browser.get(url("advice"), answers(**{"commenced_on-year": "2010"})))
    assert "No route yet" in page
    assert "There is no statutory threshold" in page
