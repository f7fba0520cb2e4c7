"""What two people who saved the same form wrote differently, in words. Pure."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from socialvalue.core.money import quantity_text
from socialvalue.core.periods import uk_date

Key = TypeVar("Key", bound=Hashable)
NOTHING = "Nothing"


def differences(
    labels: Mapping[Key, str],
    now: Mapping[Key, Any],
    sent: Mapping[Key, Any],
    *,
    words: Mapping[Key, Callable[[Any], str]] | None = None,
) -> dict[str, tuple[str, str]]:
    """Label to (what is there now, what was sent), in the order of ``labels``: ``changed`` of a ``Conflict``.

    Only what was sent is compared, and as it reads: 50 and 50.00 are the same, None and an empty
    text are both "Nothing". ``words`` says how the values of a key are written; others are plain.
    """
    found: dict[str, tuple[str, str]] = {}
    for key, label in labels.items():
        if key not in sent:
            continue
        write = (words or {}).get(key, plainly)
        there, mine = (_written(value, write) for value in (now.get(key), sent[key]))
        if there != mine:
            found[label] = (there, mine)
    return found


def _written(value: Any, write: Callable[[Any], str]) -> str:
    return NOTHING if value is None or value == "" else write(value) or NOTHING


def plainly(value: Any) -> str:
    """A date as ``9 September 2021``, a number without empty decimals, a text without the space around it."""
    if isinstance(value, date):
        return uk_date(value)
    if isinstance(value, Decimal):
        return quantity_text(value)
    return str(value).replace("\r\n", "\n").strip()
