"""The library every part adds its tags to, and what the parts share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()


def block(name: str, *, content: str, **values: Any) -> SafeString:
    """A component around markup that is already made."""
    return SafeString(render_to_string(f"components/{name}.html", {"content": content, **values}))


def row_of(item: Any, *names: str) -> dict[str, Any]:
    """The named values of an object, a mapping or a sequence; ``what|label`` takes the first there is."""
    if isinstance(item, tuple | list) and not hasattr(item, "_fields"):
        values = [*item, *[""] * len(names)]
        return {name.partition("|")[0]: value for name, value in zip(names, values, strict=False)}
    return {name.partition("|")[0]: _first(item, name.split("|")) for name in names}


def _first(item: Any, names: Sequence[str]) -> Any:
    for name in names:
        if isinstance(item, Mapping) and name in item:
            return item[name]
        if not isinstance(item, Mapping) and hasattr(item, name):
            return getattr(item, name)
    return ""


def with_query(context: Context, **changes: Any) -> str:
    """The page's own address with some parameters changed; ``None`` takes one away."""
    request = context.get("request")
    if request is None:
        return "?"
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"?{query.urlencode()}"
