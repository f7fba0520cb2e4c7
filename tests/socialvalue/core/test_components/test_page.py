"""Components around a page: its path, its colour, its history, and the style guide that shows them all."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import RequestFactory

from socialvalue.core.errors import Conflict
from socialvalue.core.templatetags import ui
from tests.socialvalue.core.test_components.steps import draw, outline


def test_breadcrumbs_end_with_the_page_itself():
    found = outline(draw('{% breadcrumbs "Home" "/" "Roads" %}'))
    assert ("li", (("aria-current", "page"), ("class", "govuk-breadcrumbs__list-item"))) in found
    assert found.count("Roads") == 1


def test_the_stage_tracker_names_the_current_step():
    stages = [("Route", "done", "/r", "TOMs advised"), ("Bids", "current"), ("Award", "next")]
    found = outline(draw("{% stage_tracker stages %}", stages=stages))
    current = [
        tag for tag in found if isinstance(tag, tuple) and ("aria-current", "step") in tag[1]
    ]
    assert len(current) == 1
    assert "Current stage" in found
    assert "Not started" in found


def test_the_brand_colour_is_one_rule_with_the_nonce():
    context = {
        "request": SimpleNamespace(csp_nonce="abc"),
        "acting_organisation": SimpleNamespace(brand_colour="#123abc"),
    }
    assert (
        draw("{% brand_style %}", **context)
        == '<style nonce="abc">:root{--sv-brand:#123abc}</style>'
    )


@pytest.mark.parametrize("colour", ["", None, "red", "#12345", "#12345g", "#1234567", "};*{x:y"])
def test_a_colour_that_is_none_leaves_ours(colour):
    context = {"acting_organisation": SimpleNamespace(brand_colour=colour)}
    assert draw("{% brand_style %}{% brand_colour %}", **context) == ui.DEFAULT_BRAND


@pytest.mark.parametrize(
    ("name", "context", "words"),
    [
        ("400.html", {}, "could not be read"),
        (
            "403.html",
            {"reason": "Only a contract manager can verify."},
            "Only a contract manager can verify.",
        ),
        ("403_csrf.html", {}, "open too long"),
        ("404.html", {}, "Page not found"),
        (
            "409.html",
            {
                "conflict": Conflict(
                    "Saved by another person at 2:30pm.", changed={"Weighting": ("10%", "15%")}
                )
            },
            "15%",
        ),
        ("500.html", {}, "The fault is ours"),
        ("core/accessibility.html", {}, "WCAG"),
        ("core/cookies.html", {}, "sv_session"),
    ],
)
def test_the_page_is_drawn_without_a_visitor(name, context, words):
    drawn = render_to_string(name, context)
    assert words in drawn
    found = [tag[0] for tag in outline(drawn) if isinstance(tag, tuple)]
    assert found.count("h1") == 1
    assert found.count("main") == 1


def test_the_style_guide_shows_every_component():
    request = RequestFactory().get("/styleguide/")
    request.user = SimpleNamespace(is_authenticated=False)
    drawn = render_to_string("core/styleguide.html", {"request": request})
    for folder in ("sv-tiles", "sv-stages", "sv-chart", "sv-status", "govuk-pagination", "sv-row"):
        assert folder in drawn
    assert " style=" not in drawn
    assert "onclick" not in drawn


@pytest.mark.parametrize(("deeds", "is_folded"), [(10, False), (11, True)])
def test_a_long_history_shows_the_newest_and_folds_the_rest(deeds, is_folded):
    at = datetime.datetime(2026, 4, 1, 9, tzinfo=datetime.UTC)
    entries = [(f"Deed {number}.", at, "An officer") for number in range(deeds, 0, -1)]
    drawn = draw("{% history_list entries %}", entries=entries)
    newest, _, older = drawn.partition("<details")
    assert drawn.count("sv-history__item") == deeds
    assert (newest.count("sv-history__item"), bool(older)) == (10, is_folded)
    assert (f"Show all {deeds} deeds" in older) == is_folded
    assert f"Deed {deeds}." in newest


def test_a_history_of_nothing_says_so():
    assert "Nothing has happened yet." in draw("{% history_list entries %}", entries=[])


@pytest.mark.parametrize(("has_boxes", "speaks_of_them"), [(True, True), (False, False)])
def test_a_conflict_speaks_of_boxes_only_where_there_are_some(has_boxes, speaks_of_them):
    """A button that removes somebody carries a version and nothing to type."""

    class Button(forms.Form):
        version = forms.IntegerField(widget=forms.HiddenInput)

    class Typed(Button):
        reason = forms.CharField()

    form = (Typed if has_boxes else Button)({"version": "1"})
    drawn = draw(
        "{% conflict_notice conflict %}", conflict=Conflict("Somebody else did."), form=form
    )
    assert ("still in the boxes below" in drawn) is speaks_of_them
