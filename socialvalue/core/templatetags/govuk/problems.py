"""Every error of a page's forms, in the order of the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.formsets import BaseFormSet

from socialvalue.core.templatetags.govuk.kinds import error_target, revealed_names


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
