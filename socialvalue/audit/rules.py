"""How rows are sealed: their canonical bytes, the digest of a day, the chain of days. No database, no clock."""

from __future__ import annotations

import hashlib
import json
import re
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from socialvalue.core.money import pounds_from_pence
from socialvalue.core.periods import uk_date, uk_moment

ACCESS_RECORD_DAYS = 400
"""How long accesses are kept, in days. The triggers know the same number: a shorter one is refused there."""
ACCESSES = "accesses"
"""The name of the sealed source that is kept for a time only."""

_MARK = struct.Struct(">Q8s")
"""A row's id and the first eight bytes of its digest."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one source held at a seal: the rows after ``after_id`` up to ``last_id``, and one digest over all of them.

    ``columns`` are those that were sealed; a column that is added to the table later is no part of older seals.
    """

    source: str
    columns: tuple[str, ...]
    after_id: int
    last_id: int
    count: int
    digest: str


@dataclass(frozen=True, slots=True)
class Seal:
    """One link of the chain. ``made_at`` is aware; ``previous_digest`` is empty on the first."""

    number: int
    day: date
    made_at: datetime
    parts: tuple[Part, ...]
    previous_digest: str
    digest: str = ""


def canonical(value: Any) -> bytes:
    """The one way a value is written before it is hashed: JSON, keys in order, no spaces, times in UTC."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain
    ).encode()


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError(f"A {type(value).__name__} has no canonical form.")


def row_digest(row: Mapping[str, Any]) -> bytes:
    """The 32 bytes of SHA-256 over one row, its columns by name."""
    return hashlib.sha256(canonical(row)).digest()


class PartDigest:
    """Takes rows one after another, in the order of their ids, and knows their number, their digest and their marks.

    A mark says which row differs; it is 16 bytes, so that a day of a million rows is 16 MB.
    """

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self.marks = bytearray()
        self.count = 0

    def add(self, row: Mapping[str, Any]) -> None:
        """``row`` has its ``id`` among its columns."""
        digest = row_digest(row)
        self._hash.update(digest)
        self.marks += _MARK.pack(row["id"], digest[:8])
        self.count += 1

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


def marks_in(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Ids and short digests, as ``PartDigest.marks`` holds them."""
    return ((row_id, short) for row_id, short in _MARK.iter_unpack(content))


def first_difference(sealed: bytes, found: bytes) -> tuple[int, str] | None:
    """The first row that differs and how, both given as marks. None when they are the same."""
    if sealed == found:
        return None
    was, now = dict(marks_in(sealed)), dict(marks_in(found))
    for row_id in sorted(was.keys() | now.keys()):
        if row_id not in now:
            return row_id, "is gone"
        if row_id not in was:
            return row_id, "was put in afterwards"
        if was[row_id] != now[row_id]:
            return row_id, "was changed"
    return None


def seal_digest(seal: Seal) -> str:
    """SHA-256 over the digest of the seal before and everything this one says, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(told(seal))).hexdigest()


def told(seal: Seal) -> dict[str, Any]:
    """Everything a seal says but its own digest: what is hashed, and what is handed out."""
    return {
        "number": seal.number,
        "day": seal.day,
        "made_at": seal.made_at,
        "previous_digest": seal.previous_digest,
        "parts": [part_told(part) for part in seal.parts],
    }


def part_told(part: Part) -> dict[str, Any]:
    return {
        "source": part.source,
        "columns": list(part.columns),
        "after_id": part.after_id,
        "last_id": part.last_id,
        "count": part.count,
        "digest": part.digest,
    }


def part_of(kept: Mapping[str, Any]) -> Part:
    """A part as ``part_told`` wrote it. KeyError, TypeError or ValueError when it is no such thing."""
    return Part(
        source=str(kept["source"]),
        columns=tuple(str(name) for name in kept["columns"]),
        after_id=int(kept["after_id"]),
        last_id=int(kept["last_id"]),
        count=int(kept["count"]),
        digest=str(kept["digest"]),
    )


def chain_fault(before: Seal | None, seal: Seal) -> str:
    """What is wrong between a seal and the one before it, as a sentence; empty when nothing is."""
    wanted = before.number + 1 if before else 1
    if seal.number != wanted:
        return f"Seal {wanted} is missing."
    if seal.previous_digest != (before.digest if before else ""):
        return f"Seal {seal.number} does not name the digest of the seal before it."
    if seal.digest != seal_digest(seal):
        return f"Seal {seal.number} was changed: its digest is not that of what it says."
    if before and seal.made_at < before.made_at:
        return f"Seal {seal.number} is older than the seal before it."
    return ""


def departs(kept: Iterable[Mapping[str, Any]], today: Mapping[int, str]) -> int | None:
    """The number of the first seal in which a chain that was handed out before departs from today's, which is given as
    digests by number. None when today's begins with it."""
    for row in kept:
        if today.get(int(row["number"])) != row["digest"]:
            return int(row["number"])
    return None


# --- what a deed changed, in words ----------------------------------------------------------------


_PENCE = "_pence"
_NUMBERS = {"_id": " number", "_ids": " numbers"}
_CODE = re.compile(r"[a-z]+(_[a-z]+)+")
_WHOLE = re.compile(r"-?\d+")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class Change:
    """One value a deed set: its name in words, what it was and what it became. Empty where there was none."""

    name: str
    before: str
    after: str
    is_social_value: bool = False
    """Pounds of social value, not told where only counts are shown."""


_SOCIAL_VALUE = frozenset({"value_pence", "gap_pence"})


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """What was there before beside what came after, by name; values that stayed as they were are left out."""
    names = dict.fromkeys((*before, *after))
    rows = (
        Change(
            words_of(name),
            shown(before.get(name), name),
            shown(after.get(name), name),
            name in _SOCIAL_VALUE,
        )
        for name in names
    )
    return tuple(row for row in rows if row.before != row.after)


def changes_in_words(rows: Iterable[Change]) -> str:
    """The same in one cell of a file: a line for each value."""
    lines = []
    for row in rows:
        was = f"{row.before} → " if row.before else ""
        lines.append(f"{row.name}: {was}{row.after or 'nothing'}")
    return "\n".join(lines)


def words_of(code: str) -> str:
    """``value_basis`` as ``Value basis``, ``cost_pence`` as ``Cost``, ``supplier_id`` as ``Supplier number``."""
    text = code.removesuffix(_PENCE)
    for ending, words in _NUMBERS.items():
        if text.endswith(ending):
            text = text.removesuffix(ending) + words
    text = text.replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def shown(value: Any, name: str = "") -> str:
    """A JSON value as a person reads it. Under a name that ends in ``_pence`` a whole number is an amount."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name.endswith(_PENCE) and _WHOLE.fullmatch(str(value)):
        return pounds_from_pence(int(value))
    if isinstance(value, Mapping):
        return "; ".join(
            f"{words_of(str(key))}: {shown(one, str(key))}" for key, one in value.items()
        )
    if isinstance(value, list | tuple):
        return ", ".join(shown(one, name) for one in value)
    return _text_shown(str(value))


def _text_shown(text: str) -> str:
    """A code in words, a day and a moment as they are said here; any other text as it is."""
    if _CODE.fullmatch(text):
        return text.replace("_", " ")
    try:
        if _DAY.fullmatch(text):
            return uk_date(date.fromisoformat(text))
        if _MOMENT.match(text):
            moment = datetime.fromisoformat(text)
            return uk_moment(moment.astimezone(LONDON) if moment.tzinfo else moment)
    except ValueError:
        return text
    return text
