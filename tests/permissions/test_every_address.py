"""Every address has a declared permission, and nobody without it gets in."""

from __future__ import annotations

import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from socialvalue.core.access import Access
from socialvalue.core.views import BaseView

# Views that are not ours: allauth decides who may use its pages, Django's admin asks for staff.
THEIRS = (
    "allauth.",
    "django.contrib.admin",
    "django.contrib.contenttypes",
    "django.views.generic.base",
    "django.views.i18n",
)

# A script asks, so the answer says no instead of leading to a page.
FOR_SCRIPTS = {
    "procurement:bids:autosave",
    "procurement:deliveries:update_autosave",
    "reporting:cabinet:keep_draft",
}

# A program asks: the same, with the reason in JSON.
FOR_PROGRAMS = {"procurement:api:route", "core:schema"}


def addresses(resolver=None, prefix="", namespace=()):
    for item in (resolver or get_resolver()).url_patterns:
        route = prefix + str(item.pattern)
        if isinstance(item, URLResolver):
            inner = (*namespace, item.namespace) if item.namespace else namespace
            yield from addresses(item, route, inner)
        elif isinstance(item, URLPattern):
            yield ":".join((*namespace, item.name or "")), route, item.callback


def ours():
    for name, route, view in addresses():
        if name.startswith("admin:"):
            # Django's, for operators; the matrix opens every one of them.
            continue
        if not view.__module__.startswith(THEIRS) and not (
            hasattr(view, "view_class") and view.view_class.__module__.startswith(THEIRS)
        ):
            yield name, route, view


@pytest.mark.parametrize(
    ("name", "route", "view"),
    list(ours()),
    ids=lambda value: value if isinstance(value, str) else "view",
)
def test_every_view_declares_who_may_use_it(name, route, view):
    view_class = getattr(view, "view_class", None)
    assert view_class is not None, f"{route} is not one of our views"
    assert issubclass(view_class, BaseView), f"{view_class} has no declared access"
    assert isinstance(view_class.access, Access)


def test_there_are_addresses_to_check():
    assert len(list(ours())) >= 20


def _fitting(pattern: str) -> str:
    """Something that a part of a regular address takes."""
    guesses = ("1", "x", "2026-04-01", *pattern.split("|"))
    return next(guess for guess in guesses if re.fullmatch(pattern, guess))


def _fill(route: str) -> str | None:
    """An address with plausible values for its parts; None when it cannot be guessed."""
    route = route.replace("^", "").replace("$", "").replace("\\.", ".")
    filled = re.sub(r"<(?:int:)[^>]+>", "1", route)
    filled = re.sub(r"<slug:quarter>|<str:quarter>|<quarter>", "2026-04-01", filled)
    filled = re.sub(r"\(\?P<\w+>([^)]*)\)", lambda group: _fitting(group[1]), filled)
    filled = re.sub(r"<(?:slug:|str:)?[^>]+>", "x", filled)
    return "/" + filled


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "route", "view"),
    list(ours()),
    ids=lambda value: value if isinstance(value, str) else "view",
)
def test_signed_out_people_are_asked_to_sign_in(client, name, route, view):
    access = view.view_class.access
    if not access.needs_sign_in:
        return
    address = _fill(route)
    for method in ("get", "post"):
        response = getattr(client, method)(address)
        if name in FOR_SCRIPTS:
            assert response.status_code == 401, address
            assert response.content == b""
            continue
        if name in FOR_PROGRAMS:
            assert response.status_code == 401, address
            assert response.json() == {"error": "Sign in first."}
            continue
        assert response.status_code == 302, address
        assert response["Location"].startswith("/account/login/"), address
