"""Filters of the Cabinet report's templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from reporting.cabinet.rules import words

register = template.Library()


@register.filter
def of_section(exhibits: Mapping[str, Sequence[object]], kind: str) -> Sequence[object]:
    """The exhibits that stand at the end of a section."""
    return exhibits.get(kind, ())


@register.filter
def opening(text: str) -> SafeString:
    """Running text whose figures open to their rows, where they are marked to."""
    return format_html_join(
        "",
        "{}",
        (
            (format_html('<a class="govuk-link" href="{}">{}</a>', url, shown) if url else shown,)
            for url, shown in words.opened(text)
        ),
    )
