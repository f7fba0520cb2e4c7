"""Which suppliers may be the same one, and who may say so. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_FORMS = re.compile(
    r"\b(limited|ltd|plc|llp|lp|cic|cio|community interest company|public limited company|company|co|uk|the|and)\b"
)
MAX_REASON = 1000


@dataclass(frozen=True, slots=True)
class Known:
    """A supplier as far as it can be told from another. ``names`` are its own and those it is known under."""

    id: int
    names: tuple[str, ...]
    company_number: str
    postcode_district: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two suppliers that look alike: what would be kept, what would be merged into it, and why they look alike."""

    kept_id: int
    merged_id: int
    why: str


def plain_name(name: str) -> str:
    """The name without case, punctuation and legal form: "The A&B Company Ltd." is "a b"."""
    words = re.sub(r"[^a-z0-9]+", " ", name.lower().replace("'", "").replace("’", ""))
    return " ".join(_FORMS.sub(" ", words).split())


def plain_number(number: str) -> str:
    """The company number without spaces and leading zeros; empty where there is none."""
    return re.sub(r"\s", "", number).upper().lstrip("0")


def likely_pairs(suppliers: Iterable[Known]) -> list[Pair]:
    """Suppliers with the same company number, or the same name but for its legal form; never two whose numbers differ.

    What has a company number is kept, else what is older (has the smaller id).
    """
    rows = sorted(suppliers, key=lambda row: (not row.company_number, row.id))
    numbers: dict[str, list[Known]] = {}
    names: dict[str, list[Known]] = {}
    for row in rows:
        if number := plain_number(row.company_number):
            numbers.setdefault(number, []).append(row)
        for name in sorted({plain_name(name) for name in row.names} - {""}):
            names.setdefault(name, []).append(row)
    found: dict[tuple[int, int], Pair] = {}
    for alike in numbers.values():
        _add(found, alike, "The same company number")
    for alike in names.values():
        _add(found, alike, "The same name but for its legal form or spelling")
    return sorted(found.values(), key=lambda pair: (pair.kept_id, pair.merged_id))


def _add(found: dict[tuple[int, int], Pair], alike: Sequence[Known], why: str) -> None:
    kept, *others = alike
    for other in others:
        if other.id == kept.id or (kept.id, other.id) in found:
            continue
        mine, theirs = plain_number(kept.company_number), plain_number(other.company_number)
        if mine and theirs and mine != theirs:
            continue
        near = kept.postcode_district and kept.postcode_district == other.postcode_district
        found[kept.id, other.id] = Pair(
            kept.id, other.id, f"{why}, and the same postcode district" if near else why
        )


@dataclass(frozen=True, slots=True)
class Side:
    """For whom somebody speaks about a merge: the platform, or one of the two suppliers."""

    user_id: int
    supplier_id: int | None
    """None for the platform."""


def why_not_decide(asked: Side, deciding: Side) -> str:
    """Why this person cannot agree: it takes two, and not both of one supplier. Empty when they can.

    Two people of the platform may: a supplier whose people are gone has nobody to ask.
    """
    if asked.user_id == deciding.user_id:
        return "You asked for this yourself, so somebody else decides."
    if asked.supplier_id is not None and asked.supplier_id == deciding.supplier_id:
        return "Your own supplier asked for this, so the other one or the platform decides."
    return ""
