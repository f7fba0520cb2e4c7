"""Addresses of pages that need no argument: a page names dozens of them, and they stay the same."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse


def address(name: str) -> str:
    """What ``reverse`` gives for a name alone, looked up once for each site and prefix."""
    return _found(name, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())


@lru_cache(maxsize=1_024)
def _found(name: str, urlconf: str, prefix: str) -> str:
    return reverse(name, urlconf=urlconf)
