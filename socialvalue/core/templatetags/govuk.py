"""What the ``govuk`` template pack needs to know about a bound field to draw it.

The pack (``templates/govuk/``) holds markup only; this module turns a Django bound field into a
:class:`Control`: identifiers, hint, errors, options and attributes in the shape of govuk-frontend's
components, so that the templates can be compared with its fixtures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.forms.formsets import BaseFormSet
from django.forms.utils import flatatt
from django.template import Context
from django.utils.safestring import SafeString

from socialvalue.core import widgets

register = template.Library()

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
BASE_CLASS = {
    "input": "govuk-input",
    "password": "govuk-input",
    "textarea": "govuk-textarea",
    "select": "govuk-select",
    "file": "govuk-file-upload",
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


@dataclass(frozen=True)
class Control:
    """A bound field in the words of govuk-frontend."""

    kind: str
    id: str
    name: str
    label: str
    label_classes: str
    hint: str
    limits: str
    errors: tuple[str, ...]
    is_heading: bool
    classes: str
    value: Any
    attrs: Mapping[str, Any]
    described_by: str
    prefix: str = ""
    suffix: str = ""
    list_classes: str = ""
    options: tuple[Option, ...] = ()
    boxes: tuple[DateBox, ...] = ()
    max_characters: int | None = None
    max_words: int | None = None
    threshold: int | None = None
    group_classes: str = ""
    markup: str = ""

    @property
    def template(self) -> str:
        return f"govuk/fields/{self.kind}.html"

    @property
    def is_counted(self) -> bool:
        return bool(self.max_characters or self.max_words)

    @property
    def conditional_class(self) -> str:
        return "govuk-radios" if self.kind == "radios" else "govuk-checkboxes"


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


def error_target(bound: BoundField) -> str:
    """The id of the element that the error summary links to."""
    if kind_of(bound) == "date":
        wrong = _wrong_parts(bound)
        return f"{bound.auto_id}-{wrong[0]}" if wrong else f"{bound.auto_id}-day"
    return str(bound.auto_id)


@register.simple_tag(takes_context=True)
def govuk_control(context: Context, bound: BoundField) -> Control | None:
    """The control for ``bound``, or ``None`` when another field reveals it and draws it there."""
    nested = bool(context.get("is_revealed"))
    if not nested and bound.name in revealed_names(bound.form):
        return None
    size = context.get("label_size")
    return build_control(
        bound,
        label_size=("" if nested else "s") if size is None or nested else str(size),
        is_heading=bool(context.get("as_heading")) and not nested,
        label_hidden=bool(context.get("label_hidden")) or context.get("form_show_labels") is False,
        show_errors=context.get("form_show_errors") is not False,
    )


def build_control(
    bound: BoundField,
    *,
    label_size: str = "s",
    is_heading: bool = False,
    label_hidden: bool = False,
    show_errors: bool = True,
) -> Control:
    """Describe ``bound`` for the templates; ``label_size`` is one of xl, l, m, s or empty."""
    widget = bound.field.widget
    kind = kind_of(bound)
    errors = tuple(str(one) for one in bound.errors) if show_errors else ()
    hint, limits = str(bound.help_text or ""), str(getattr(widget, "limits", ""))
    counted = kind == "textarea" and _is_counted(widget)
    described_by = _described_by(bound, hint=bool(hint or limits), errors=errors, counted=counted)
    return Control(
        kind=kind,
        id=str(bound.auto_id),
        name=bound.html_name,
        label=str(bound.label or ""),
        label_classes=_label_classes(kind, label_size, label_hidden=label_hidden),
        hint=hint,
        limits=limits,
        errors=errors,
        is_heading=is_heading,
        classes=_classes(bound, kind, errors),
        value=_value(bound, kind),
        attrs=_attrs(bound, kind, described_by),
        described_by=described_by,
        prefix=str(getattr(widget, "prefix", "") or ""),
        suffix=str(getattr(widget, "suffix", "") or ""),
        list_classes=_list_classes(widget, kind),
        options=tuple(_options(bound, kind)),
        boxes=tuple(_date_boxes(bound, errors)) if kind == "date" else (),
        max_characters=getattr(widget, "max_characters", None),
        max_words=getattr(widget, "max_words", None),
        threshold=getattr(widget, "threshold", None),
        group_classes=str(getattr(bound.field, "group_classes", "")),
        markup=bound.as_widget(attrs=_plain_attrs(described_by)) if kind == "other" else "",
    )


def _is_counted(widget: forms.Widget) -> bool:
    return bool(getattr(widget, "max_characters", None) or getattr(widget, "max_words", None))


def _described_by(bound: BoundField, *, hint: bool, errors: tuple[str, ...], counted: bool) -> str:
    own = str(bound.field.widget.attrs.get("aria-describedby", ""))
    names = [own] if own else []
    if counted:
        names.append(f"{bound.auto_id}-info")
    if hint:
        names.append(f"{bound.auto_id}-hint")
    if errors:
        names.append(f"{bound.auto_id}-error")
    return " ".join(names)


def _plain_attrs(described_by: str) -> dict[str, str | bool]:
    return {"aria-describedby": described_by} if described_by else {}


def _label_classes(kind: str, size: str, *, label_hidden: bool) -> str:
    base = "govuk-fieldset__legend" if kind in GROUPS else "govuk-label"
    names = [base]
    if size:
        names.append(f"{base}--{size}")
    if label_hidden:
        names.append("govuk-visually-hidden")
    return " ".join(names)


def _classes(bound: BoundField, kind: str, errors: tuple[str, ...]) -> str:
    base = BASE_CLASS.get(kind, "")
    names = [base] if base else []
    if kind == "password":
        names += ["govuk-password-input__input", "govuk-js-password-input-input"]
    width = getattr(bound.field.widget, "width", None)
    if width:
        names.append(f"govuk-input--width-{width}")
    own = str(bound.field.widget.attrs.get("class", ""))
    if own:
        names.append(own)
    if errors and base:
        names.append(f"{base}--error")
    if kind == "textarea" and _is_counted(bound.field.widget):
        names.append("govuk-js-character-count")
    return " ".join(names)


def _value(bound: BoundField, kind: str) -> Any:
    if kind in {"file", "other"} | GROUPS:
        return None
    widget = bound.field.widget
    if kind == "password" and not getattr(widget, "render_value", False):
        return None
    return widget.format_value(bound.value())


def _attrs(bound: BoundField, kind: str, described_by: str) -> dict[str, Any]:
    widget = bound.field.widget
    kept = {name: value for name, value in widget.attrs.items() if name not in UNUSED_ATTRS}
    kept.pop("aria-describedby", None)
    if kind == "input":
        kept["type"] = _input_type(widget)
        if isinstance(widget, forms.NumberInput):
            kept.setdefault("inputmode", "numeric")
        if isinstance(widget, forms.EmailInput):
            kept.setdefault("autocomplete", "email")
            kept.setdefault("spellcheck", "false")
    if kind == "textarea":
        kept["rows"] = str(kept.get("rows", 5) if "cols" not in widget.attrs else 5)
    if kind == "password":
        kept.update({"type": "password", "spellcheck": "false", "autocapitalize": "none"})
        kept.setdefault("autocomplete", "current-password")
    if kind == "file" and getattr(widget, "allow_multiple_selected", False):
        kept["multiple"] = True
    if kind == "select" and getattr(widget, "allow_multiple_selected", False):
        kept["multiple"] = True
    if bound.field.disabled:
        kept["disabled"] = True
    if described_by and kind not in GROUPS:
        kept["aria-describedby"] = described_by
    return kept


def _input_type(widget: forms.Widget) -> str:
    # Number boxes change their value on scroll and swallow what they cannot read.
    kind = str(getattr(widget, "input_type", "text"))
    return "text" if kind in {"number", "date", "datetime", "time"} else kind


def _list_classes(widget: forms.Widget, kind: str) -> str:
    if kind not in {"radios", "checkboxes", "checkbox"}:
        return ""
    base = "govuk-radios" if kind == "radios" else "govuk-checkboxes"
    names = [base]
    if getattr(widget, "small", False):
        names.append(f"{base}--small")
    if getattr(widget, "inline", False):
        names.append(f"{base}--inline")
    return " ".join(names)


def _options(bound: BoundField, kind: str) -> Iterator[Option]:
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


def _wrong_parts(bound: BoundField) -> list[str]:
    """Parts of a date named by its errors (``params={"parts": ["day"]}``); all when none is named."""
    named: list[str] = []
    for error in bound.form.errors.get(bound.name, forms.utils.ErrorList()).as_data():
        named += list((getattr(error, "params", None) or {}).get("parts", ()))
    if not bound.errors:
        return []
    return [part for part in widgets.DateInput.parts if part in named] or list(
        widgets.DateInput.parts
    )


def _date_boxes(bound: BoundField, errors: tuple[str, ...]) -> Iterator[DateBox]:
    parts = bound.field.widget.format_value(bound.value())
    wrong = _wrong_parts(bound) if errors else []
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


@register.filter
def govuk_attrs(attrs: Mapping[str, Any]) -> SafeString:
    """Attributes as markup; ``True`` becomes a bare attribute, ``False`` and ``None`` vanish."""
    return flatatt({name: value for name, value in attrs.items() if value is not None})


@dataclass(frozen=True)
class Problem:
    """One line of the error summary."""

    text: str
    href: str = ""


def problems_of(*groups: Any) -> list[Problem]:
    """Every error of the given forms and formsets, in the order of the page, each with its target."""
    found: list[Problem] = []
    for group in groups:
        if isinstance(group, BaseFormSet):
            if group.is_bound:
                found += [Problem(str(text)) for text in group.non_form_errors()]
                found += [problem for form in group.forms for problem in problems_of(form)]
        elif isinstance(group, forms.BaseForm):
            found += _form_problems(group)
        elif isinstance(group, Iterable) and not isinstance(group, str):
            found += problems_of(*group)
    return list(dict.fromkeys(found))


def _form_problems(form: forms.BaseForm) -> Iterator[Problem]:
    yield from (Problem(str(text)) for text in form.non_field_errors())
    for bound in _page_order(form):
        for text in bound.errors:
            href = "" if bound.is_hidden else f"#{error_target(bound)}"
            yield Problem(str(text), href)


def _page_order(form: forms.BaseForm) -> Iterator[BoundField]:
    """Fields in drawn order: revealed ones follow the field that reveals them."""
    hidden_below = revealed_names(form)
    for bound in form:
        if bound.name in hidden_below:
            continue
        yield bound
        for names in getattr(bound.field.widget, "reveals", {}).values():
            yield from (form[name] for name in names)


def _problems_in(context: Context) -> list[Problem]:
    groups = [context.get("form"), context.get("formset"), context.get("forms")]
    return problems_of(*[group for group in groups if group is not None])


@register.inclusion_tag("govuk/error_summary.html", takes_context=True)
def error_summary(context: Context, *groups: Any) -> dict[str, Any]:
    """The error summary of the page's ``form``, ``formset`` and ``forms``, or of those given."""
    return {"problems": problems_of(*groups) if groups else _problems_in(context)}


@register.simple_tag(takes_context=True)
def error_prefix(context: Context) -> str:
    """``"Error: "`` for the page title while the page shows a form with errors."""
    return "Error: " if _problems_in(context) else ""
