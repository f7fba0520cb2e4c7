"""A Django bound field as a :class:`Control`, in the words of govuk-frontend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from socialvalue.core.templatetags.govuk.kinds import GROUPS, kind_of
from socialvalue.core.templatetags.govuk.options import (
    UNUSED_ATTRS,
    DateBox,
    Option,
    date_boxes,
    options_of,
)

BASE_CLASS = {
    "input": "govuk-input",
    "password": "govuk-input",
    "textarea": "govuk-textarea",
    "select": "govuk-select",
    "file": "govuk-file-upload",
}


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
        options=tuple(options_of(bound, kind)),
        boxes=tuple(date_boxes(bound, errors)) if kind == "date" else (),
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
