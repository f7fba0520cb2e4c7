"""The form above a list: nothing is required, and what cannot be read narrows nothing."""

from __future__ import annotations

import pytest
from django import forms

from socialvalue.core.filters import FilterForm, choice


class Sample(FilterForm):
    sorts = ("title", "day")
    q = forms.CharField(required=False, max_length=5)
    kind = choice("Kind", "Every kind", [("a", "A")])
    place = choice("Place", "Every place")


@pytest.mark.parametrize(
    ("sent", "given"),
    [
        ({}, {}),
        ({"q": "road", "kind": "a"}, {"q": "road", "kind": "a"}),
        ({"q": "much too long", "kind": "z", "sort": "size"}, {}),
        ({"sort": "-day"}, {"sort": "-day"}),
    ],
)
def test_what_can_be_read_is_given(sent, given):
    assert Sample(sent).given == given


def test_a_sort_narrows_nothing():
    assert Sample({"sort": "title"}).is_narrowed is False
    assert Sample({"q": "road"}).is_narrowed is True


def test_a_list_without_choices_is_left_out_and_one_with_some_begins_with_every():
    form = Sample({"place": "north"})
    form.offer("place", "Every place", [("north", "North")])
    assert form.fields["place"].choices == [("", "Every place"), ("north", "North")]
    assert form.given == {"place": "north"}
    form.offer("kind", "Every kind", [])
    assert "kind" not in form.fields
