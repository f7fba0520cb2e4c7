"""What these tests share: a component drawn, and its outline."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.template import Context, Template

VOID = {"input", "img", "br", "hr", "meta", "link", "path"}


class Outline(HTMLParser):
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


def draw(source: str, **context: Any) -> str:
    return Template("{% load ui %}" + source).render(Context(context))
