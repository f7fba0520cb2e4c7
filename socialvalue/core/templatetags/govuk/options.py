"""The parts of a field with several: radios, checkboxes, list entries and the boxes of a date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField

from socialvalue.core import widgets
from socialvalue.core.templatetags.govuk.kinds import wrong_parts

# Limits are said in words and checked when sent; a box that refuses keys loses what was typed.
UNUSED_ATTRS = {
    "id",
    "class",
    "placeholder",
    "maxlength",
    "minlength",
    "required",
    "min",
    "max",
    "step",
    "cols",
}
DATE_LABELS = {"day": "Day", "month": "Month", "year": "Year"}


@dataclass(frozen=True)
class Option:
    """One radio, checkbox or list entry."""

    id: str
    value: str
    label: str
    selected: bool
    attrs: Mapping[str, Any]
    hint: str = ""
    divider: bool = False
    group: str = ""
    reveals: tuple[BoundField, ...] = ()


@dataclass(frozen=True)
class DateBox:
    """One of the three boxes of a date."""

    part: str
    label: str
    id: str
    name: str
    value: str
    classes: str


def options_of(bound: BoundField, kind: str) -> Iterator[Option]:
    if kind == "checkbox":
        yield _single_option(bound)
    if kind not in {"radios", "checkboxes", "select"}:
        return
    widget = bound.field.widget
    described = widget.get_context(bound.html_name, bound.value(), {"id": bound.auto_id})
    number = 0
    for group, members, _index in described["widget"]["optgroups"]:
        for member in members:
            value = str(member["value"])
            divided = getattr(widget, "divider_before", None) == value
            number += 2 if divided else 1  # a divider takes a number, as in govuk-frontend
            attrs = {
                name: text
                for name, text in member["attrs"].items()
                if name not in {"id", "selected", "checked", "required"}
            }
            if bound.field.disabled:
                attrs["disabled"] = True
            yield Option(
                id=str(bound.auto_id) if number == 1 else f"{bound.auto_id}-{number}",
                value=value,
                label=str(member["label"]),
                selected=bool(member["selected"]),
                attrs=attrs if kind == "select" else _option_attrs(attrs),
                hint=getattr(widget, "hints", {}).get(value, ""),
                divider=divided,
                group=str(group or ""),
                reveals=_revealed(bound, value),
            )


def _option_attrs(attrs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: text for name, text in attrs.items() if name not in {"class", "aria-describedby"}}


def _single_option(bound: BoundField) -> Option:
    checked = bool(bound.field.widget.check_test(bound.value()))
    attrs = _option_attrs(
        {k: v for k, v in bound.field.widget.attrs.items() if k not in UNUSED_ATTRS}
    )
    if bound.field.disabled:
        attrs["disabled"] = True
    return Option(
        id=str(bound.auto_id),
        value="on",
        label=str(bound.label or ""),
        selected=checked,
        attrs=attrs,
        hint=str(bound.help_text or ""),
        reveals=_revealed(bound, "on"),
    )


def _revealed(bound: BoundField, value: str) -> tuple[BoundField, ...]:
    names = getattr(bound.field.widget, "reveals", {}).get(value, ())
    return tuple(bound.form[name] for name in names)


def date_boxes(bound: BoundField, errors: tuple[str, ...]) -> Iterator[DateBox]:
    parts = bound.field.widget.format_value(bound.value())
    wrong = wrong_parts(bound) if errors else []
    for part in widgets.DateInput.parts:
        classes = ["govuk-input", "govuk-date-input__input"]
        if part in wrong:
            classes.append("govuk-input--error")
        classes.append("govuk-input--width-4" if part == "year" else "govuk-input--width-2")
        yield DateBox(
            part=part,
            label=DATE_LABELS[part],
            id=f"{bound.auto_id}-{part}",
            name=f"{bound.html_name}-{part}",
            value=getattr(parts, part),
            classes=" ".join(classes),
        )
