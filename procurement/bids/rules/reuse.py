"""Which earlier texts fit what is asked now. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

SMALL_WORDS = frozenset(
    (
        "a", "an", "and", "are", "as", "at", "be", "by", "do", "for", "from", "how", "in", "is", "it", "of", "on", "or",
        "our", "that", "the", "their", "they", "this", "to", "us", "we", "what", "who", "will", "with", "you", "your",
    )
)  # fmt: skip
MOST_TEXTS = 20


@dataclass(frozen=True, slots=True)
class Earlier:
    """A text of an earlier bid of the same supplier. ``key`` names it among the texts for one box."""

    key: str
    label: str
    """``Bid for Grounds maintenance, March 2026``."""
    text: str
    at: datetime


def is_alike(one: str, other: str) -> bool:
    """Two questions share at least half of all their words, small ones aside: enough to offer a text, no judgement."""
    a, b = _words(one), _words(other)
    return bool(a and b) and 2 * len(a & b) >= len(a | b)


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold())) - SMALL_WORDS


def newest(texts: Iterable[Earlier]) -> tuple[Earlier, ...]:
    """Each text once, under its latest bid, newest first; at most so many as one can choose from."""
    found: dict[str, Earlier] = {}
    for row in sorted(texts, key=lambda row: (row.at, row.key), reverse=True):
        found.setdefault(" ".join(row.text.split()), row)
    return tuple(found.values())[:MOST_TEXTS]


def with_earlier(now: str, earlier: str) -> str:
    """The box with an earlier text in it: below what is there already, so that nothing typed is lost."""
    there = now.rstrip()
    if not there or earlier.strip() in there:
        return there or earlier.strip()
    return f"{there}\n\n{earlier.strip()}"
