"""The pack's markup equals govuk-frontend's own fixtures, component by component."""

from __future__ import annotations

import datetime
import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from crispy_forms.utils import render_crispy_form
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.test import RequestFactory

from socialvalue.core import widgets
from socialvalue.core.formsets import RowsFormSet
from socialvalue.core.layouts import Columns, Group, Question

COMPONENTS = Path(settings.BASE_DIR, "node_modules/govuk-frontend/dist/govuk/components")
VOID = {"input", "img", "br", "hr", "meta", "link"}

needs_packages = pytest.mark.skipif(
    not COMPONENTS.exists(),
    reason="node_modules is absent: run make assets to fetch govuk-frontend",
)


class Outline(HTMLParser):
    """Markup as a list of tags with sorted attributes and trimmed text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Any] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = {name: " ".join((value or "").split()) for name, value in attrs}
        if "class" in kept:
            kept["class"] = " ".join(sorted(kept["class"].split()))
        self.found.append((tag, tuple(sorted(kept.items()))))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.found.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        if text := " ".join(data.split()):
            self.found.append(text)


def outline(markup: str) -> list[Any]:
    parser = Outline()
    parser.feed(markup)
    parser.close()
    return parser.found


def fixture(component: str, name: str) -> dict[str, Any]:
    """The options of a fixture and its markup."""
    everything = json.loads((COMPONENTS / component / "fixtures.json").read_text("utf-8"))
    return next(one for one in everything["fixtures"] if one["name"] == name)


def draw(form: forms.BaseForm, *layout: Any) -> str:
    form.use_required_attribute = False
    helper = FormHelper(form)
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(*layout)
    return str(render_crispy_form(form, helper))


class Named(str):
    """An ``auto_id`` that gives one field another id than its name."""

    __slots__ = ("id", "name")

    def __new__(cls, name: str, id: str) -> Named:
        made = super().__new__(cls, "%s")
        made.name, made.id = name, id
        return made

    def __mod__(self, field: Any) -> str:
        return self.id if field == self.name else str(field)


def text_of(options: dict[str, Any], *path: str) -> str:
    for step in path:
        options = options.get(step) or {}
    return str(options.get("text") or "")


def size_of(part: dict[str, Any]) -> str:
    found = [name for name in (part.get("classes") or "").split() if "--" in name]
    return found[0].rpartition("--")[2] if found else ""


def field_for(component: str, options: dict[str, Any]) -> forms.Field:
    """A Django field that asks the same as the fixture."""
    classes = options.get("classes") or ""
    items = options.get("items") or []
    chosen = [(one["value"], one["text"]) for one in items if one and "divider" not in one]
    if component in {"radios", "checkboxes"}:
        after = [items[n + 1]["value"] for n, one in enumerate(items) if "divider" in (one or {})]
        hints = {one["value"]: one["hint"]["text"] for one in items if "hint" in (one or {})}
        kwargs = {
            "small": "--small" in classes,
            "hints": hints,
            "divider_before": after[0] if after else None,
        }
        if component == "radios":
            kwargs["inline"] = "--inline" in classes
            return forms.ChoiceField(choices=chosen, widget=widgets.Radios(**kwargs))
        return forms.MultipleChoiceField(choices=chosen, widget=widgets.Checkboxes(**kwargs))
    if component == "select":
        return forms.ChoiceField(choices=chosen, widget=widgets.Select())
    if component == "date-input":
        return forms.Field(widget=widgets.DateInput())
    return forms.CharField(widget=text_widget(component, options, classes))


def text_widget(component: str, options: dict[str, Any], classes: str) -> forms.Widget:
    if component == "textarea":
        return widgets.Textarea(rows=int(options.get("rows") or 5))
    if component == "character-count":
        return widgets.Textarea(
            rows=int(options.get("rows") or 5),
            max_characters=options.get("maxlength"),
            max_words=options.get("maxwords"),
            threshold=options.get("threshold"),
        )
    if component == "file-upload":
        return widgets.FileInput()
    if component == "password-input":
        return widgets.PasswordInput(autocomplete=options.get("autocomplete") or "current-password")
    width = classes.rpartition("--width-")[2] if "--width-" in classes else None
    return widgets.TextInput(
        {"type": "text"},
        prefix=text_of(options, "prefix"),
        suffix=text_of(options, "suffix"),
        width=int(width) if width else None,
    )


def draw_like(component: str, options: dict[str, Any]) -> str:
    """What the pack draws for the question of a fixture."""
    id = str(options.get("idPrefix") or options.get("id") or options.get("name"))
    name = str(options.get("name") or id)
    heading = (options.get("fieldset") or {}).get("legend") or options.get("label") or {}
    field = field_for(component, options)
    field.required = False
    field.label = heading["text"]
    field.help_text = text_of(options, "hint")
    form_class = type("OneField", (forms.Form,), {name: field})
    values = options.get("values") or options.get("value")
    checked = [one["value"] for one in options.get("items") or [] if one and one.get("checked")]
    if component == "radios" and not values:
        values = checked[0] if checked else None
    initial = {name: checked or values}
    if component == "radios":
        initial = {name: values}
    error = text_of(options, "errorMessage")
    form = form_class({} if error else None, initial=initial)
    form.auto_id = Named(name, id)
    if error:
        parts = [
            part for part in ("day", "month", "year") if (options.get(part) or {}).get("error")
        ]
        form.full_clean()
        form.add_error(name, forms.ValidationError(error, params={"parts": parts}))
    return draw(
        form,
        Question(name, heading=bool(heading.get("isPageHeading")), size=size_of(heading)),
    )


# The fixtures that show what our pages use; the others show options we do not offer.
USED = {
    "input": (
        "default",
        "with hint text",
        "with error message",
        "with error and hint",
        "with width-2 class",
        "with width-3 class",
        "with width-4 class",
        "with width-5 class",
        "with width-10 class",
        "with width-20 class",
        "with width-30 class",
        "with label as page heading",
        "with prefix",
        "with suffix",
        "with prefix and suffix",
        "with prefix and suffix and error",
        "value",
    ),
    "textarea": (
        "default",
        "with hint",
        "with error message",
        "with default value",
        "with custom rows",
        "with label as page heading",
        "with hint and error message",
    ),
    "character-count": (
        "default",
        "with hint",
        "with hint and error",
        "with default value",
        "with custom rows",
        "with label as page heading",
        "with maxwords",
        "with threshold",
    ),
    "select": (
        "with hint text and error message",
        "hint",
        "error",
    ),
    "radios": (
        "inline",
        "with hints on items",
        "with a divider",
        "with very long option text",
        "with hint and error message",
        "small inline",
    ),
    "checkboxes": (
        "with legend as a page heading",
        "with error message and hint",
        "with very long option text",
        "small",
        "small with hint",
        "small with error",
    ),
    "date-input": (
        "default",
        "with error message and hint",
        "with error on day input",
        "with error on month input",
        "with error on year input",
    ),
    "file-upload": (
        "default",
        "with hint text",
        "with error message and hint",
        "with label as page heading",
    ),
    "password-input": (
        "default",
        "with hint text",
        "with error message",
        "with label as page heading",
        "with new-password autocomplete",
    ),
}
CASES = [(component, name) for component, names in USED.items() for name in names]


def option_ids(markup: str, options: dict[str, Any]) -> str:
    """Fixtures may name an option's id; ours always count. Nothing else is changed."""
    base = str(options.get("idPrefix") or options.get("name"))
    for number, item in enumerate(options.get("items") or [], start=1):
        if item and item.get("id"):
            ours = base if number == 1 else f"{base}-{number}"
            for attribute in ("id", "for"):
                markup = markup.replace(f'{attribute}="{item["id"]}"', f'{attribute}="{ours}"')
            markup = markup.replace(f"{item['id']}-item-hint", f"{ours}-item-hint")
    return markup


@needs_packages
@pytest.mark.parametrize(("component", "name"), CASES)
def test_field_equals_the_fixture(component, name):
    one = fixture(component, name)
    wanted = option_ids(one["html"], one["options"])
    if component == "date-input":  # theirs leaves the prefix of the names to us
        for part in ("day", "month", "year"):
            wanted = wanted.replace(f'name="{part}"', f'name="{one["options"]["id"]}-{part}"')
    assert outline(draw_like(component, one["options"])) == outline(wanted)


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


def test_groups_and_columns_hold_their_fields_once():
    class Ask(forms.Form):
        a = forms.CharField(label="First")
        b = forms.CharField(label="Second")

    drawn = draw(Ask(), Group("Both", Columns("a", "b"), heading=True, hint="Two of them"))
    assert drawn.count('name="a"') == drawn.count('name="b"') == 1
    assert '<h1 class="govuk-fieldset__heading">' in drawn
    assert 'id="group-both-hint"' in drawn
