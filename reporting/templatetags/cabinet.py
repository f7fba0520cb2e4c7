"""Filters of the Cabinet report's templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import template

register = template.Library()


@register.filter
def of_section(exhibits: Mapping[str, Sequence[object]], kind: str) -> Sequence[object]:
    """The exhibits that stand at the end of a section."""
    return exhibits.get(kind, ())
