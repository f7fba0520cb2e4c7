"""Markup compared by its tags and text; govuk-frontend's own fixtures; a form drawn by the pack."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from crispy_forms.utils import render_crispy_form
from django import forms
from django.conf import settings

COMPONENTS = Path(settings.BASE_DIR, "node_modules/govuk-frontend/dist/govuk/components")
VOID = {"input", "img", "br", "hr", "meta", "link"}
needs_packages = pytest.mark.skipif(
    not COMPONENTS.exists(),
    reason="node_modules is absent: run make assets to fetch govuk-frontend",
)


class Outline(HTMLParser):
    """Markup as a list of tags with sorted attributes and trimmed text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Any] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = {name: " ".join((value or "").split()) for name, value in attrs}
        if "class" in kept:
            kept["class"] = " ".join(sorted(kept["class"].split()))
        self.found.append((tag, tuple(sorted(kept.items()))))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.found.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        if text := " ".join(data.split()):
            self.found.append(text)


def outline(markup: str) -> list[Any]:
    parser = Outline()
    parser.feed(markup)
    parser.close()
    return parser.found


def fixture(component: str, name: str) -> dict[str, Any]:
    """The options of a fixture and its markup."""
    everything = json.loads((COMPONENTS / component / "fixtures.json").read_text("utf-8"))
    return next(one for one in everything["fixtures"] if one["name"] == name)


def draw(form: forms.BaseForm, *layout: Any) -> str:
    form.use_required_attribute = False
    helper = FormHelper(form)
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(*layout)
    return str(render_crispy_form(form, helper))
