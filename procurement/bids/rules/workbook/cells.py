"""What stands in a cell, as a person would have typed it on the offer page. Pure."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from procurement.bids.vocabulary import PartKind
from socialvalue.core.cells import plain, shown, text_of
from socialvalue.core.money import parse_decimal

_SPACES = re.compile("[\u00a0\u2007\u2009\u202f]")
_POUND = re.compile(
    "^(-?)\\s*(?:[^\x00-\x7f]{0,4}\u00a3|\uffe1|\u20a4|\ufffd|\u252c\u00fa|\u00fa|GBP)\\s*", re.I
)
"""A pound sign as it is, full width, as a lira sign, or as it looks after a file was read in another encoding."""
_PER_CENT = re.compile(r"\s*(?:%|\uff05|per ?cent)$", re.I)


def as_words(value: Any) -> str:
    """A text as it is, but for the space around it; line ends as one character."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").strip()
    return text_of(value)


def as_number(value: Any) -> str:
    """A number as it would be typed: a pound sign in whatever encoding, and spaces of any kind, are read.

    ValueError, saying how to mend it, for a date or a tick. Text that is no number is left to the page's form.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        raise ValueError("This cell holds a yes or no. Write a number, like 12 or 12.5.")
    if isinstance(value, date | time | timedelta):
        raise ValueError(
            "The spreadsheet made a date of what was typed here. Set the cell to a number and type it again, like 12.5."
        )
    if not isinstance(value, str):
        return plain(shown(value))
    text = _SPACES.sub(" ", value).replace("\u2212", "-").strip()
    return _POUND.sub(r"\1£", text)


def as_number_of(unit: str) -> Any:
    """A number that may have its own unit behind it: ``120 staff hours``."""

    def read(value: Any) -> str:
        text = as_number(value)
        has_unit = bool(unit) and text.casefold().endswith(f" {unit.casefold()}")
        return text[: -len(unit)].strip() if has_unit else text

    return read


def as_percent(value: Any) -> str:
    """A percentage as it would be typed: ``50%``, ``50`` and ``0.5`` are all fifty per cent.

    A number up to 1 is a fraction, because a spreadsheet keeps 50% as 0.5; with its sign it is what it says: ``0.5%``.
    """
    text = as_number(value)
    bare = _PER_CENT.sub("", text)
    if bare != text:
        return bare
    try:
        number = parse_decimal(text)
    except ValueError:
        return text
    return plain(number * 100) if 0 < number <= 1 else text


_KINDS = {
    "partner": PartKind.PARTNER,
    "consortiumpartner": PartKind.PARTNER,
    "subcontractor": PartKind.SUBCONTRACTOR,
}


def as_kind(value: Any) -> str:
    """What somebody is who delivers part of a line, as the page's choice has it."""
    text = re.sub(r"[\W_]", "", text_of(value)).casefold()
    if text not in _KINDS:
        partner, other = PartKind.PARTNER.label, PartKind.SUBCONTRACTOR.label
        raise ValueError(f"Write {partner} or {other}, or clear the row.")
    return _KINDS[text].value


def as_yes_or_no(value: Any) -> str:
    """``1`` or ``0``, as the page's choice has them."""
    text = text_of(value).casefold()
    if text in ("yes", "y", "true", "1"):
        return "1"
    if text in ("no", "n", "false", "0"):
        return "0"
    if text:
        raise ValueError("Write Yes or No, or clear the cell.")
    return ""


def fraction(percent: Decimal) -> Decimal:
    """A percentage as a spreadsheet keeps it: 50 is 0.5."""
    return percent / 100
