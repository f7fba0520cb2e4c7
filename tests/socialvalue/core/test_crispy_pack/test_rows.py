"""Rows that are added and removed, with and without scripts."""

from __future__ import annotations

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory

from socialvalue.core.formsets import RowsFormSet


class Milestone(forms.Form):
    name = forms.CharField(error_messages={"required": "Enter a name"})


class MilestoneRows(RowsFormSet):
    row_title = "Milestone"
    add_text = "Add a milestone"


Milestones = forms.formset_factory(Milestone, formset=MilestoneRows, extra=0)


def posted(query: str):
    return RequestFactory().post("/", query, content_type="application/x-www-form-urlencoded").POST


THREE = "form-TOTAL_FORMS=3&form-INITIAL_FORMS=0&form-0-name=a&form-1-name=b&form-2-name=c"


def test_add_gives_one_more_row_and_keeps_what_was_typed():
    rows = Milestones(posted(THREE + "&form-add=1"))
    assert not rows.is_valid()
    assert [form["name"].value() for form in rows] == ["a", "b", "c", None]


def test_remove_takes_that_row_and_the_rest_move_up():
    rows = Milestones(posted(THREE + "&form-remove=1"))
    assert not rows.is_valid()
    assert [form["name"].value() for form in rows] == ["a", "c"]


@pytest.mark.parametrize("button", ["form-add=1", "form-remove=0", "form-remove=9"])
def test_a_row_button_shows_no_errors(button):
    rows = Milestones(posted(THREE.replace("=b", "=") + "&" + button))
    drawn = Template("{% load crispy_forms_tags govuk %}{% error_summary %}{{ formset|crispy }}")
    assert "error" not in drawn.render(Context({"formset": rows}))


def test_rows_sent_with_save_are_checked():
    rows = Milestones(posted(THREE.replace("=b", "=").replace("FORMS=0", "FORMS=3")))
    assert not rows.is_valid()
    drawn = Template("{% load govuk %}{% error_summary %}").render(Context({"formset": rows}))
    assert 'href="#id_form-1-name"' in drawn


def test_rows_carry_a_template_for_the_next_one_and_a_name_each():
    drawn = Template("{% load crispy_forms_tags %}{{ formset|crispy }}").render(
        Context({"formset": Milestones(initial=[{"name": "a"}])})
    )
    assert "data-formset-template" in drawn
    assert "form-__prefix__-name" in drawn
    assert "Add a milestone" in drawn
    assert 'name="form-remove" value="0"' in drawn
