"""What the pages of signing in show beside what allauth gives them."""

from __future__ import annotations

from django import template
from django.conf import settings

from socialvalue.accounts.rules import devices
from socialvalue.accounts.rules.connections import Connection

register = template.Library()


@register.filter
def device(user_agent: str | None) -> str:
    """ "Firefox on Windows"."""
    return devices.device(user_agent or "")


@register.simple_tag
def sign_in_connections() -> list[Connection]:
    """The organisations with a sign-in service of their own, by name."""
    return sorted(settings.OIDC_CONNECTIONS, key=lambda row: row.name)


@register.filter
def in_fours(text: str) -> str:
    """A secret in groups of four, so that it can be read and typed."""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
