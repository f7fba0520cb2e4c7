"""Buttons and links: what a person can do on a page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from socialvalue.core.counts import PARAMETER
from socialvalue.core.templatetags.ui.registry import register, with_query


@register.inclusion_tag("components/button.html")
def button(
    text: str,
    href: str = "",
    kind: str = "",
    name: str = "",
    value: str = "",
    form: str = "",
    once: bool = True,
) -> dict[str, Any]:
    """A button named after what happens. ``kind``: empty, start, secondary, warning, inverse."""
    return {
        "text": text,
        "href": href,
        "kind": kind,
        "name": name,
        "value": value,
        "form": form,
        "once": once and not href,
    }


@register.simple_block_tag
def button_group(content: str) -> SafeString:
    """Buttons and links side by side."""
    return format_html('<div class="govuk-button-group">{}</div>', content)


@register.simple_tag(takes_context=True)
def query_with(context: Context, **changes: Any) -> str:
    """``?…`` of this page with the given parameters changed."""
    return with_query(context, **changes)


@register.inclusion_tag("components/filter_bar.html", takes_context=True)
def filter_bar(
    context: Context, form: Any, results: str = "results", button_text: str = "Apply filters"
) -> dict[str, Any]:
    """A GET form above a list. With JavaScript the list ``#results`` changes without a reload."""
    request = context.get("request")
    asked = getattr(request, "GET", {})
    return {
        "form": form,
        "results": results,
        "button_text": button_text,
        "path": getattr(request, "path", ""),
        "is_filtered": any(key != PARAMETER for key in asked),
        # An address that was shared with the switch in it keeps it while it is filtered.
        "counts": asked.get(PARAMETER, ""),
    }


@register.inclusion_tag("components/downloads.html", takes_context=True)
def downloads(
    context: Context,
    csv: str = "",
    xlsx: str = "",
    pdf: str = "",
    ics: str = "",
    json: str = "",
    what: str = "this list",
) -> dict[str, Any]:
    """Links to exactly what is filtered: the page's query goes with them, without the page number."""
    request = context.get("request")
    pairs = [
        (key, text)
        for key, texts in (request.GET.lists() if request is not None else ())
        for text in texts
        if key != "page"
    ]
    query = f"?{urlencode(pairs)}" if pairs else ""
    return {
        "csv": csv,
        "xlsx": xlsx,
        "pdf": pdf,
        "ics": ics,
        "json": json,
        "query": query,
        "what": what,
    }
