"""How sure a text is. Pure.

A measure whose wording or number nobody has checked against its source says so at the end of its description, in one
fixed form, so that the mark travels with the text into every export and back.
"""

from __future__ import annotations

MARK = "Certainty: "


def with_certainty(description: str, certainty: str) -> str:
    """The description with its mark; unchanged when there is nothing to say."""
    return f"{description}\n\n{MARK}{certainty}" if certainty else description


def split_certainty(text: str) -> tuple[str, str]:
    """The description without its mark, and the mark: empty for a text that has none."""
    description, found, certainty = text.rpartition(f"\n\n{MARK}")
    return (description, certainty) if found else (text, "")
