"""Which template draws a field, which fields reveal others, and where an error points."""

from __future__ import annotations

from django import forms
from django.forms import BoundField

from socialvalue.core import widgets

# The first match wins: checkbox lists are radio lists to Django.
KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (widgets.DateInput, "date"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.Select, "select"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file"),
    (forms.PasswordInput, "password"),
    (forms.MultiWidget, "other"),
    (forms.widgets.Input, "input"),
)
GROUPS = {"date", "checkboxes", "radios"}


def kind_of(bound: BoundField) -> str:
    """Which template draws this field."""
    for widget_class, kind in KINDS:
        if isinstance(bound.field.widget, widget_class):
            return kind
    return "other"


def revealed_names(form: forms.BaseForm) -> set[str]:
    """Names of fields that another field of the form shows when it is chosen."""
    names: set[str] = set()
    for one in form.fields.values():
        for revealed in getattr(one.widget, "reveals", {}).values():
            names.update(revealed)
    return names


def wrong_parts(bound: BoundField) -> list[str]:
    """Parts of a date named by its errors (``params={"parts": ["day"]}``); all when none is named."""
    named: list[str] = []
    for error in bound.form.errors.get(bound.name, forms.utils.ErrorList()).as_data():
        named += list((getattr(error, "params", None) or {}).get("parts", ()))
    if not bound.errors:
        return []
    return [part for part in widgets.DateInput.parts if part in named] or list(
        widgets.DateInput.parts
    )


def error_target(bound: BoundField) -> str:
    """The id of the element that the error summary links to."""
    if kind_of(bound) == "date":
        wrong = wrong_parts(bound)
        return f"{bound.auto_id}-{wrong[0]}" if wrong else f"{bound.auto_id}-day"
    return str(bound.auto_id)
