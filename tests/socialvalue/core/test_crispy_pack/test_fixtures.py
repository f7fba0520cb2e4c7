"""The pack's markup equals govuk-frontend's own fixtures, component by component."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms

from socialvalue.core import widgets
from socialvalue.core.layouts import Question
from tests.socialvalue.core.test_crispy_pack.outline import draw, fixture, needs_packages, outline


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
