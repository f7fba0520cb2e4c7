"""The tags and filters of the pack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.forms import BoundField
from django.forms.utils import flatatt
from django.template import Context
from django.utils.safestring import SafeString

from socialvalue.core.templatetags.govuk.controls import Control, build_control
from socialvalue.core.templatetags.govuk.kinds import revealed_names
from socialvalue.core.templatetags.govuk.problems import Problem, problems_of

register = template.Library()


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


@register.filter
def govuk_attrs(attrs: Mapping[str, Any]) -> SafeString:
    """Attributes as markup; ``True`` becomes a bare attribute, ``False`` and ``None`` vanish."""
    return flatatt({name: value for name, value in attrs.items() if value is not None})


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
