"""Headings, their keys and their order. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from typing import TypeVar

from socialvalue.core.errors import RuleBroken

LONGEST_TITLE = 200
LONGEST_HEADING = 120
LONGEST_KEY = 36
MOST_SECTIONS = 30

Row = TypeVar("Row")


def title_of(text: str) -> str:
    """The title on one line. RuleBroken for an empty or too long one."""
    title = " ".join(text.split())
    if not title:
        raise RuleBroken("Enter a title", field="title")
    if len(title) > LONGEST_TITLE:
        raise RuleBroken(f"The title must be {LONGEST_TITLE} characters or fewer.", field="title")
    return title


def heading_of(text: str, others: Collection[str]) -> str:
    """A heading on one line. RuleBroken for an empty or too long one, one with braces, and one that others have."""
    heading = " ".join(text.split())
    if not heading:
        raise RuleBroken("Enter a heading", field="heading")
    if len(heading) > LONGEST_HEADING:
        raise RuleBroken(
            f"The heading must be {LONGEST_HEADING} characters or fewer.", field="heading"
        )
    if "{" in heading or "}" in heading:
        raise RuleBroken("A heading has no figures in it. Take the braces away.", field="heading")
    if heading.casefold() in {other.casefold() for other in others}:
        raise RuleBroken("Another section has this heading. Choose another.", field="heading")
    return heading


def key_of(heading: str, others: Collection[str]) -> str:
    """The key of a section in addresses, made of its heading: ``next_steps``; another one where that is taken."""
    plain = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode().lower()
    key = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:LONGEST_KEY].strip("_") or "section"
    wanted, number = key, 2
    while wanted in others:
        wanted, number = f"{key}_{number}", number + 1
    return wanted


def moved(rows: Sequence[Row], place: int, step: int) -> list[Row]:
    """The rows with the one at ``place`` changed with its neighbour, ``step`` -1 up and 1 down; at an end as it was."""
    found = list(rows)
    other = place + step
    if 0 <= other < len(found):
        found[place], found[other] = found[other], found[place]
    return found
