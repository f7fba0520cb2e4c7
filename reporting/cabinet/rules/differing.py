"""Two texts of one section beside each other, paragraph by paragraph. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Pair:
    """A paragraph as it is saved and as it was typed; empty where one of the texts has none."""

    saved: str
    typed: str

    @property
    def is_same(self) -> bool:
        return self.saved == self.typed


def parts(text: str) -> list[str]:
    """The paragraphs of a text as they were typed."""
    return [part.strip("\n") for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]


def pairs(saved: str, typed: str) -> list[Pair]:
    """The paragraphs of both texts in order; those that differ stand opposite each other."""
    left, right = parts(saved), parts(typed)
    found: list[Pair] = []
    for what, i, j, m, n in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if what == "equal":
            found += [Pair(text, text) for text in left[i:j]]
            continue
        for place in range(max(j - i, n - m)):
            found.append(
                Pair(
                    left[i + place] if i + place < j else "",
                    right[m + place] if m + place < n else "",
                )
            )
    return found


def together(saved: str, typed: str) -> str:
    """Both texts in one: what is the same once, what differs as saved and then as typed."""
    found: list[str] = []
    for what, i, j, m, n in SequenceMatcher(
        None, parts(saved), parts(typed), autojunk=False
    ).get_opcodes():
        found += parts(saved)[i:j]
        if what != "equal":
            found += parts(typed)[m:n]
    return "\n\n".join(found)
