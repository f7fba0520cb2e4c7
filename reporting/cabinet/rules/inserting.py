"""Putting a reference into a text without a cursor: at its end. Pure."""

from __future__ import annotations

from reporting.cabinet.rules.words import EXHIBIT, REFERENCE


def inserted(text: str, typed: str) -> str:
    """The text with ``typed`` at its end: a chart, table or story on a line of its own, a figure after the last word.

    Anything that is neither is left out.
    """
    plain = text.replace("\r\n", "\n").rstrip()
    if EXHIBIT.fullmatch(typed):
        return f"{plain}\n\n{typed}" if plain else typed
    if REFERENCE.fullmatch(typed):
        # A line that is a chart or a table stays one.
        between = "\n\n" if EXHIBIT.fullmatch(plain.rpartition("\n")[2].strip()) else " "
        return f"{plain}{between}{typed}" if plain else typed
    return text
