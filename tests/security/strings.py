"""Strings that try to be more than text, and how an answer tells that one of them was."""

from __future__ import annotations

import re
from html.parser import HTMLParser

MARK = "svevil"
"""In every string that would be markup: no page of ours has an element or attribute with this in its name."""

MARKUP = {
    "script": f"<script {MARK}>{MARK}()</script>",
    "picture": f"\"><img {MARK} src=x onerror='{MARK}()'>",
    "apostrophe": f"' {MARK}='1' x='",
    "quotation mark": f'" {MARK}="1" onfocus="{MARK}()" autofocus x="',
    "end of a text box": f"</textarea></title></style></select><{MARK}>",
    "comment": f"--><{MARK}><!--",
    "template": "{{ 7|add:7 }}{{7*7}}{% load static %}{% csrf_token %}",
    "sql": "1'); DROP TABLE accounts_user; --",
    "link": f"javascript:{MARK}()",
    "entity": f"&lt;{MARK}&gt;&#60;{MARK}&#62;",
}
FORMULAS = {
    "equals": '=HYPERLINK("http://x.example","Open")',
    "plus": "+cmd|' /C calc'!A0",
    "minus": "-1+1",
    "at": "@SUM(1+1)",
    "tab": "\t=1+1",
    "return": "\r=1+1",
}
CONTROLS = {
    "turned around": "pay \u202e000,1",
    "header": "a\r\nBcc: x@y.example\r\n\r\nhello",
    "null byte": "a\0b",
    "no character": "a\ud800b",
    "long": "x" * 10_000,
}
ALL = MARKUP | FORMULAS | CONTROLS
AT_ONCE = "=" + "".join(MARKUP.values())
"""Everything that would be markup, in one."""

_ACTIVE = re.compile(r"\s*(?:javascript|vbscript|data:text/html)\s*:?", re.I)
_ADDRESSES = ("href", "src", "action", "formaction", "xlink:href")
_RUNS = ("script", "img", "iframe", "object", "embed", "base", "svg", "meta", "link")
TEMPLATE_RAN = ("4949", "1414")
"""What the template string would leave: twice what one of its sums makes, never alone."""


class Markup(HTMLParser):
    """The elements of a page: what a string made of itself (``made``), and what stands in the boxes by their names."""

    def __init__(self, *, may_run: bool = True) -> None:
        super().__init__(convert_charrefs=True)
        self.may_run = may_run
        self.made: list[str] = []
        self.values: dict[str, str] = {}
        self.text: list[str] = []
        self._box = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        kept = {name: value or "" for name, value in attrs}
        if MARK in tag or (tag in _RUNS and not self.may_run):
            self.made.append(f"<{tag}>")
        self.made += [
            f"{tag} {name}"
            for name in names
            if MARK in name or name.startswith("on") or name in ("style", "srcdoc", "autofocus")
        ]
        self.made += [
            f"{tag} {name}={kept[name][:40]}"
            for name in _ADDRESSES
            if name in kept and _ACTIVE.match(kept[name])
        ]
        if tag == "textarea":
            self._box = kept.get("name", "")
            self.values[self._box] = ""
        elif tag == "input" and kept.get("type", "text") not in ("checkbox", "radio", "submit"):
            self.values[kept.get("name", "")] = kept.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._box = ""

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self._box:
            self.values[self._box] += data


def read(markup: str, *, may_run: bool = True) -> Markup:
    """The page as it would be read. ``may_run`` is False for a part of a page in which no script or picture is ours."""
    parser = Markup(may_run=may_run)
    parser.feed(markup)
    parser.close()
    return parser
