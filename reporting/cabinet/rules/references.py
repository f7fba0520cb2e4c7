"""What a text may name in braces, and what is said of a name that is none. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from reporting.cabinet.rules import words
from reporting.cabinet.rules.words import Exhibit
from reporting.figures.rules.definitions import FIGURES

_ANYTHING = re.compile(r"\{[^{}\n]*\}")
"""Braces round something that is no reference."""
LIKE = {"chart": "{chart:themes}", "table": "{table:themes}"}


@dataclass(frozen=True, slots=True)
class Known:
    """The names that a report can show."""

    figures: frozenset[str]
    charts: frozenset[str]
    tables: frozenset[str]
    stories: frozenset[str] = frozenset()
    """Those that are published: of no other there is the consent of who is in it."""
    places: frozenset[str] = frozenset()
    """The words of a template, filled in when a report is started."""

    def names(self, kind: str) -> frozenset[str]:
        return {"chart": self.charts, "table": self.tables}.get(kind, self.stories)


def problems(narrative: str, known: Known) -> list[str]:
    """Why this text cannot be shown, each a sentence that says how to mend it; empty when it can."""
    return [
        *misspelt(narrative, known),
        *(
            f"{exhibit.typed}: no story of this name is published. Insert one from the list, or take the line away."
            for exhibit in words.exhibits(narrative)
            if exhibit.kind == "story" and exhibit.name not in known.stories
        ),
    ]


def misspelt(narrative: str, known: Known) -> list[str]:
    """The references that name nothing, each a sentence.

    A story is not among them: it may be published before the freeze, or withdrawn.
    """
    found = []
    unknown = [
        name
        for name in words.references(narrative)
        if name not in known.figures and name not in known.places
    ]
    elsewhere = [name for name in unknown if name in FIGURES]
    if elsewhere:
        found.append(_elsewhere(elsewhere))
    rest = words.REFERENCE.sub("", words.running_text(narrative))
    inside = [mark.group(0) for mark in words.EXHIBIT.finditer(rest)]
    rest = words.EXHIBIT.sub("", rest)
    other = _ANYTHING.findall(rest)
    rest = _ANYTHING.sub("", rest)
    braces = [*other, *(brace for brace in ("{", "}") if brace in rest)]
    if sentence := _unknown([name for name in unknown if name not in FIGURES], braces):
        found.append(sentence)
    found += [
        f"{typed} stands inside a paragraph. Put it on a line of its own." for typed in inside
    ]
    for exhibit in words.exhibits(narrative):
        if exhibit.kind != "story" and exhibit.name not in known.names(exhibit.kind):
            found.append(_no_exhibit(exhibit))
    return list(dict.fromkeys(found))


def _elsewhere(names: Iterable[str]) -> str:
    typed = [f"{{{name}}}" for name in names]
    what = "is not a figure" if len(typed) == 1 else "are not figures"
    return f"{', '.join(typed)} {what} of this kind of report. Take it out, or use one from the list of figures."


def _unknown(names: list[str], braces: list[str]) -> str:
    typed = [*(f"{{{name}}}" for name in names), *braces]
    if not typed:
        return ""
    what = "is not the name of a figure" if len(typed) == 1 else "are not names of figures"
    return (
        f"{', '.join(typed)} {what}. Use a name from the list of figures, like {{committed_total}}, "
        "or take the braces away."
    )


def _no_exhibit(exhibit: Exhibit) -> str:
    return (
        f"{exhibit.typed} names no {exhibit.kind} of this report. Insert one from the list, "
        f"like {LIKE[exhibit.kind]}, or take the line away."
    )
