"""Fields read what people type, say how to mend it, and give back what was typed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django import forms

from socialvalue.core import widgets
from socialvalue.core.forms import (
    TURNING,
    BaseForm,
    DateField,
    MoneyField,
    PercentField,
    QuantityField,
)


class Form(BaseForm):
    estimate = MoneyField(label="Estimated value")
    share = PercentField(label="Weighting", required=False)
    hours = QuantityField(label="Hours", unit="hours", required=False, above_zero=True)
    starts_on = DateField(label="Start date", required=False)


def fill(**typed):
    return Form({"estimate": "1", **typed})


def error(form, name):
    assert not form.is_valid()
    return form.errors[name][0]


@pytest.mark.parametrize(
    ("typed", "value"),
    [("180000", "180000"), ("£180,000.50", "180000.50"), ("180,000", "180000"), ("0", "0")],
)
def test_money_is_read(typed, value):
    form = fill(estimate=typed)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["estimate"] == Decimal(value)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter estimated value"),
        ("lots", "Estimated value must be an amount of money, like 75,000 or £75,000.50"),
        ("-1", "Estimated value must be £0 or more"),
        ("1.999", "Estimated value must have at most 2 decimal places"),
        ("100000000000000", "Estimated value must be £99,999,999,999.99 or less"),
    ],
)
def test_money_that_cannot_be_read_says_how_to_mend_it(typed, sentence):
    form = fill(estimate=typed)
    assert error(form, "estimate") == sentence
    assert form["estimate"].value() == typed


def test_percentages_and_quantities():
    form = fill(share="20%", hours="12.125")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["share"] == 20
    assert form.cleaned_data["hours"] == Decimal("12.125")
    assert error(fill(share="120"), "share") == "Weighting must be 100 or less"
    assert error(fill(hours="0"), "hours") == "Hours must be more than 0"
    assert error(fill(hours="1.0001"), "hours") == "Hours must have at most 3 decimal places"


def dated(day, month, year):
    return fill(**{"starts_on-day": day, "starts_on-month": month, "starts_on-year": year})


@pytest.mark.parametrize("month", ["3", "03", "March", "mar"])
def test_dates_are_read_from_three_boxes(month):
    form = dated("27", month, "2026")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["starts_on"] == date(2026, 3, 27)


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        (("", "3", "2026"), "Start date must include a day"),
        (("27", "", ""), "Start date must include a month and a year"),
        (("31", "2", "2026"), "Start date must be a real date, like 27 3 2026"),
        (("x", "y", "z"), "Start date must be a real date, like 27 3 2026"),
        (("1", "1", "1999"), "Start date must be on or after 1 January 2000"),
        (("1", "1", "2101"), "Start date must be on or before 31 December 2100"),
    ],
)
def test_dates_that_are_none_say_what_is_missing(parts, sentence):
    assert error(dated(*parts), "starts_on") == sentence


def test_no_date_is_no_error_when_none_is_needed():
    form = dated("", "", "")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["starts_on"] is None


class Remark(BaseForm):
    text = forms.CharField(max_length=10, widget=widgets.Textarea(max_characters=10))


@pytest.mark.parametrize(
    ("typed", "fits"), [("a\r\nb\r\ncdefg!", True), ("a\r\nb\r\ncdefg!?", False)]
)
def test_a_new_line_counts_as_the_one_character_the_counter_shows(typed, fits):
    form = Remark({"text": typed})
    assert form.is_valid() is fits
    assert form["text"].value() == typed.replace("\r\n", "\n")


def test_errors_begin_with_whose_number_it_is_where_the_label_says_too_little():
    class Score(BaseForm):
        score = PercentField(label="Price score", subject="The price score of A Ltd")

    assert error(Score({"score": "101"}), "score") == "The price score of A Ltd must be 100 or less"


class LongForm(BaseForm):
    name = forms.CharField(label="Your name (optional)", max_length=5)
    why = forms.CharField(label="Why?", max_length=2000)
    own = forms.CharField(
        label="Own", max_length=3, error_messages={"max_length": "Say it in three letters"}
    )


@pytest.mark.parametrize(
    ("box", "typed", "sentence"),
    [
        ("name", "sixsix", "Your name must be 5 characters or fewer"),
        ("why", "x" * 2001, "This must be 2,000 characters or fewer"),
        ("own", "four", "Say it in three letters"),
    ],
)
def test_what_is_too_long_says_how_much_fits(box, typed, sentence):
    form = LongForm({"name": "x", "why": "x", "own": "x", box: typed})
    assert error(form, box) == sentence
    assert form[box].value() == typed


def test_what_just_fits_is_taken():
    assert LongForm({"name": "x" * 5, "why": "x" * 2000, "own": "xxx"}).is_valid()


@pytest.mark.parametrize("hidden", sorted(TURNING))
def test_text_that_would_be_read_in_another_order_is_refused(hidden):
    class Named(BaseForm):
        name = forms.CharField(label="Name")

    form = Named({"name": f"Ann{hidden}ecilA"})
    assert "hidden character that turns the text around" in error(form, "name")
    assert Named({"name": "Siân O\u2019Brien\u200e"}).is_valid()
