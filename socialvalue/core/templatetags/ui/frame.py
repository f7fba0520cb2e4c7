"""What stands around the content: colour, navigation, headings, messages, boxes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from socialvalue.core.templatetags.ui.registry import block, register

DEFAULT_BRAND = "#00524e"


def _brand(context: Context) -> str:
    organisation = context.get("acting_organisation")
    colour = str(getattr(organisation, "brand_colour", "") or "")
    is_hex = len(colour) == 7 and colour[0] == "#"
    if is_hex and all(char in "0123456789abcdefABCDEF" for char in colour[1:]):
        return colour
    return DEFAULT_BRAND


@register.simple_tag(takes_context=True)
def brand_colour(context: Context) -> str:
    """The acting organisation's colour, or ours."""
    return _brand(context)


@register.simple_tag(takes_context=True)
def brand_style(context: Context) -> SafeString:
    """One rule that gives the page the organisation's colour, with the nonce of the policy."""
    colour = _brand(context)
    if colour == DEFAULT_BRAND:
        return SafeString("")
    request = context.get("request")
    # The nonce is lazy and false until it is read: reading it is what puts it into the header.
    nonce = str(getattr(request, "csp_nonce", ""))
    return format_html('<style nonce="{}">:root{{--sv-brand:{}}}</style>', nonce, colour)


@register.inclusion_tag("components/service_navigation.html", takes_context=True)
def service_navigation(context: Context, items: Iterable[Any]) -> dict[str, Any]:
    """The bar under the header; ``items`` have ``label``, ``url`` and ``is_current``."""
    return {"items": items, "path": getattr(context.get("request"), "path", "")}


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*parts: Any) -> dict[str, Any]:
    """Label and address in turn; a last label alone is the page itself."""
    pairs = [(parts[i], parts[i + 1]) for i in range(0, len(parts) - 1, 2)]
    return {"pairs": pairs, "current": parts[-1] if len(parts) % 2 else ""}


@register.inclusion_tag("components/back_link.html")
def back_link(href: str, text: str = "Back") -> dict[str, Any]:
    return {"href": href, "text": text}


@register.inclusion_tag("components/page_heading.html")
def page_heading(title: str, caption: str = "", lead: str = "", size: str = "l") -> dict[str, Any]:
    """The one h1 of a page, with what it belongs to above and one sentence below."""
    return {"title": title, "caption": caption, "lead": lead, "size": size}


@register.inclusion_tag("components/notification.html")
def notification(text: str, kind: str = "info", id: Any = "", title: str = "") -> dict[str, Any]:
    """A message; ``kind`` is success, info, warning or error."""
    titles = {"success": "Done", "warning": "Check this", "error": "There is a problem"}
    return {
        "text": text,
        "kind": kind,
        "id": f"notification-{id or 'title'}",
        "title": title or titles.get(kind, "Important"),
        "is_alert": kind in {"success", "error", "warning"},
    }


@register.inclusion_tag("components/conflict_notice.html", takes_context=True)
def conflict_notice(context: Context, conflict: Any) -> dict[str, Any]:
    """Somebody else changed it first: what is there now beside what was sent, which a form keeps in its boxes."""
    form = context.get("form")
    return {
        "conflict": conflict,
        "is_form": form is not None and bool(getattr(form, "visible_fields", lambda: True)()),
        "may_save_again": context.get("may_save_again", False),
    }


@register.simple_block_tag
def details(content: str, summary: str, is_open: bool = False) -> SafeString:
    """Text that opens on request."""
    return block("details", content=content, summary=summary, is_open=is_open)


@register.simple_block_tag
def inset(content: str) -> SafeString:
    """A paragraph set apart."""
    return block("inset", content=content)


@register.simple_block_tag
def warning_text(content: str) -> SafeString:
    """A consequence that matters, with a sign that is not only a colour."""
    return block("warning_text", content=content)


@register.simple_block_tag
def card(content: str, title: str, href: str = "", verb: str = "", level: int = 2) -> SafeString:
    """A framed part of a page with its own heading."""
    return block("card", content=content, title=title, href=href, verb=verb, level=level)


@register.inclusion_tag("components/empty_state.html")
def empty_state(
    title: str, text: str = "", action: str = "", href: str = "", level: int = 2
) -> dict[str, Any]:
    """Nothing yet, and what to do first."""
    return {"title": title, "text": text, "action": action, "href": href, "level": level}
