"""Whole forms: what is revealed, what went wrong, what was typed, and groups of fields."""

from __future__ import annotations

import datetime

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.template import Context, Template

from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm
from socialvalue.core.layouts import Columns, Group
from tests.socialvalue.core.test_crispy_pack.outline import draw, fixture, needs_packages, outline


def both_ways(**more):
    class Both(forms.Form):
        method = forms.ChoiceField(
            label="How is it evaluated?",
            choices=[("weighted", "Weighted"), ("pass", "Pass or fail")],
            widget=widgets.Radios(reveals={"weighted": ["share"]}),
        )
        share = forms.DecimalField(label="Weighting", widget=widgets.PercentInput(), required=False)

    return Both(**more)


def test_a_revealed_field_is_drawn_once_inside_its_option():
    drawn = draw(both_ways(), "method", "share")
    assert drawn.count('name="share"') == 1
    found = outline(drawn)
    control = ("data-aria-controls", "conditional-id_method")
    assert sum(control in tag[1] for tag in found if isinstance(tag, tuple)) == 1
    start = found.index(
        (
            "div",
            (
                ("class", "govuk-radios__conditional govuk-radios__conditional--hidden"),
                ("id", "conditional-id_method"),
            ),
        )
    )
    assert any(isinstance(tag, tuple) and ("name", "share") in tag[1] for tag in found[start:])


def test_a_revealed_field_is_open_while_its_option_is_chosen():
    drawn = draw(both_ways(initial={"method": "weighted"}), "method", "share")
    assert "conditional--hidden" not in drawn


@needs_packages
def test_reveals_carry_the_same_attributes_as_the_fixture():
    theirs = fixture("radios", "with conditional items")["html"]
    ours = draw(both_ways(), "method")
    for marker in ("data-aria-controls=", "govuk-radios__conditional--hidden", 'id="conditional-'):
        assert marker in theirs
        assert marker in ours


def test_the_error_summary_names_each_problem_with_an_id_that_exists():
    class Ask(forms.Form):
        title = forms.CharField(error_messages={"required": "Enter a title"})
        starts_on = forms.Field(
            widget=widgets.DateInput(), error_messages={"required": "Enter the day it starts"}
        )
        kind = forms.ChoiceField(
            choices=[("a", "A"), ("b", "B")],
            widget=widgets.Radios(),
            error_messages={"required": "Select a kind"},
        )

    form = Ask({})
    page = Template("{% load govuk crispy_forms_tags %}{% error_summary %}{{ form|crispy }}")
    drawn = page.render(Context({"form": form}))
    found = [tag for tag in outline(drawn) if isinstance(tag, tuple)]
    ids = {value for _tag, attrs in found for name, value in attrs if name == "id"}
    links = [value for tag, attrs in found if tag == "a" for name, value in attrs if name == "href"]
    assert links == ["#id_title", "#id_starts_on-day", "#id_kind"]
    assert {link[1:] for link in links} <= ids


def test_an_error_of_the_whole_form_stands_in_the_summary_without_a_link():
    form = forms.Form({})
    form.add_error(None, "Milestones must add up to 45 hours; they add up to 40")
    drawn = Template("{% load govuk %}{% error_summary %}").render(Context({"form": form}))
    assert "Milestones must add up to 45 hours; they add up to 40" in drawn
    assert "href" not in drawn


def test_the_summary_is_silent_for_a_form_not_yet_sent():
    drawn = Template("{% load govuk %}{% error_summary %}{% error_prefix %}")
    assert drawn.render(Context({"form": both_ways()})).strip() == ""


def test_the_title_says_error_while_there_is_one():
    drawn = Template("{% load govuk %}{% error_prefix %}").render(
        Context({"form": both_ways(data={})})
    )
    assert drawn == "Error: "


def test_every_described_by_points_at_an_id_on_the_page():
    from socialvalue.core.templatetags.styleguide import ExampleForm

    form = ExampleForm({"kind": "services"})
    drawn = str(render_crispy_form(form, form.helper))
    found = [tag for tag in outline(drawn) if isinstance(tag, tuple)]
    ids = [value for _tag, attrs in found for name, value in attrs if name == "id"]
    named = [
        one
        for _tag, attrs in found
        for name, value in attrs
        if name in {"aria-describedby", "aria-labelledby"}
        for one in value.split()
    ]
    assert named
    assert set(named) <= set(ids)
    assert len(ids) == len(set(ids))


def test_what_was_typed_stays_in_the_box():
    class Ask(forms.Form):
        estimate = forms.DecimalField(widget=widgets.MoneyInput())
        starts_on = forms.Field(widget=widgets.DateInput())

    typed = {"estimate": "180 thousand", "starts_on-day": "31", "starts_on-month": "Feb"}
    drawn = draw(Ask(typed), "estimate", "starts_on")
    for text in typed.values():
        assert f'value="{text}"' in drawn


def test_no_box_refuses_keys():
    class Ask(forms.Form):
        title = forms.CharField(max_length=10)
        count = forms.IntegerField(min_value=1, max_value=9)

    drawn = draw(Ask(), "title", "count")
    for attribute in ("maxlength", "min=", "max=", "required", 'type="number"', "placeholder"):
        assert attribute not in drawn


def test_typed_text_is_escaped():
    class Ask(forms.Form):
        title = forms.CharField(widget=widgets.TextInput())
        notes = forms.CharField(widget=widgets.Textarea())

    attack = '"><script>alert(1)</script>'
    drawn = draw(Ask({"title": attack, "notes": attack}), "title", "notes")
    assert "<script" not in drawn


@pytest.mark.parametrize(
    ("posted", "read"),
    [
        ({"d-day": "27", "d-month": "3", "d-year": "2026"}, ("27", "3", "2026")),
        ({"d-day": " 27 ", "d-month": "", "d-year": ""}, ("27", "", "")),
        ({"d": "2026-03-27"}, ("27", "3", "2026")),
        ({"d": "soon"}, ("soon", "", "")),
        ({"d-day": "", "d-month": " ", "d-year": ""}, None),
        ({}, None),
    ],
)
def test_the_three_boxes_are_read_as_typed(posted, read):
    assert widgets.DateInput().value_from_datadict(posted, None, "d") == read


def test_a_stored_date_fills_the_three_boxes():
    parts = widgets.DateInput().format_value(datetime.date(2026, 3, 7))
    assert parts == ("7", "3", "2026")


def test_groups_and_columns_hold_their_fields_once():
    class Ask(forms.Form):
        a = forms.CharField(label="First")
        b = forms.CharField(label="Second")

    drawn = draw(Ask(), Group("Both", Columns("a", "b"), heading=True, hint="Two of them"))
    assert drawn.count('name="a"') == drawn.count('name="b"') == 1
    assert '<h1 class="govuk-fieldset__heading">' in drawn
    assert 'id="group-both-hint"' in drawn


def test_a_field_that_a_form_takes_away_is_not_looked_for(caplog):
    class Ask(BaseForm):
        kept = forms.CharField()
        taken = forms.CharField()

        def __init__(self):
            super().__init__()
            del self.fields["taken"]

    assert 'name="kept"' in render_crispy_form(Ask())
    assert caplog.records == []
