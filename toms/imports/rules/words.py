"""Words of other people's workbooks for what we have names for. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from toms.frameworks.vocabulary import Aggregation, MeasureKind
from toms.imports.rules.content import slug_of

LINK = re.compile(r"https?://\S+\Z")
NO_LINK = "This is not a link. It begins with https:// and holds no spaces."
PLACED = (MeasureKind.PROXY, MeasureKind.LOCALISED)
NO_VALUE = frozenset(
    {"", "-", "–", "—", "n/a", "na", "n.a.", "none", "nil", "not applicable", "no value", "no proxy"}
)  # fmt: skip
_KINDS = {
    MeasureKind.PROXY: ("proxy", "proxy value", "financial proxy", "monetised", "valued"),
    MeasureKind.POUND_FOR_POUND: (
        "1 for 1", "1 1", "for", "1", "pound for pound", "pound_for_pound", "spend", "direct spend", "gbp",
    ),
    MeasureKind.RECORD_ONLY: (
        "record only", "record", "record_only", "recorded", "count only", "non financial", "not monetised",
        "no value", "n a",
    ),
    MeasureKind.LOCALISED: ("localised", "localised proxy", "local", "local proxy", "localized"),
    MeasureKind.NEGOTIATED: ("negotiated", "agreed", "to be agreed", "by agreement"),
}  # fmt: skip
_BY_WORD = {word: kind for kind, words in _KINDS.items() for word in words}
_ADDS_UP = {
    Aggregation.SUM: ("sum", "added up", "add", "total", "cumulative", "summed"),
    Aggregation.LAST: ("last", "latest", "latest figure", "most recent"),
    Aggregation.RATIO: ("ratio", "rate", "ratio of two sums", "percentage"),
    Aggregation.NONE: ("none", "not added up", "text", "no"),
}
_BY_SUM = {word: found for found, words in _ADDS_UP.items() for word in words}
# Units of counting in common use; whatever open and earlier editions count in is known besides.
_UNITS = frozenset(
    [
        "£",
        "gbp",
        "%",
        "percent",
        "percentage",
        "no",
        "number",
        "fte",
        "people",
        "person",
        "persons",
        "hours",
        "hour",
        "hrs",
        "staff",
        "volunteer",
        "days",
        "day",
        "weeks",
        "week",
        "months",
        "month",
        "years",
        "year",
        "school",
        "miles",
        "mile",
        "km",
        "kilometres",
        "tonnes",
        "tonne",
        "kg",
        "co2e",
        "tco2e",
        "carbon",
        "kwh",
        "mwh",
        "m2",
        "m3",
        "sqm",
        "square",
        "metres",
        "litres",
        "sessions",
        "session",
        "events",
        "event",
        "visits",
        "meals",
        "jobs",
        "organisations",
        "firms",
        "companies",
        "smes",
        "vcses",
        "vcse",
        "sme",
        "schools",
        "pupils",
        "students",
        "apprentices",
        "placements",
        "trees",
        "homes",
        "households",
        "vehicles",
        "items",
        "documents",
        "initiatives",
        "statement",
        "yes",
        "of",
        "spent",
        "invested",
        "total",
        "value",
        "per",
        "and",
        "or",
        "x",
        "by",
        "expert",
        "in",
        "y",
        "n",
        "incidents",
        "changes",
        "appointments",
        "plans",
        "suppliers",
        "contracts",
    ]
)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9_]+", " ", text.lower()).split())


def kind_named(text: str) -> MeasureKind | None:
    """The kind a cell names; None when it names none."""
    plainly = _plain(text)
    if plainly in _BY_WORD and (plainly not in ("for", "1") or "£" in text):
        return _BY_WORD[plainly]
    return None


def adds_up_as(text: str) -> Aggregation | None:
    return _BY_SUM.get(_plain(text))


def is_known_unit(unit: str, known: frozenset[str]) -> bool:
    """In use elsewhere, or made of words that units are made of."""
    if unit.casefold() in known:
        return True
    words = re.findall(r"[a-z0-9£%]+", unit.lower())
    return bool(words) and all(word in _UNITS or word.isdecimal() for word in words)


@lru_cache(maxsize=4096)
def place_named(text: str) -> str:
    """The slug of a place; "" for the whole country."""
    slug = slug_of(text, 80)
    return "" if slug in ("everywhere", "all", "national", "uk", "england") else slug


@lru_cache(maxsize=4096)
def sector_named(text: str) -> str:
    """The slug of a sector; "" for every one."""
    slug = slug_of(text, 80)
    return "" if slug in ("all", "every-sector", "all-sectors", "any") else slug


def adding_up(named: str, kind: MeasureKind, unit: str, has_both: bool) -> tuple[Aggregation, str]:
    """How a measure adds up, and what is wrong with what the file says of it."""
    found = adds_up_as(named) if named else None
    if named and found is None:
        choices = ", ".join(label.lower() for label in Aggregation.labels)
        return Aggregation.SUM, f"“{named[:60]}” is not known. Use one of: {choices}."
    if kind in (*PLACED, MeasureKind.POUND_FOR_POUND):
        if found not in (None, Aggregation.SUM):
            return (
                Aggregation.SUM,
                "A measure with a value in £ is added up. Change this, or the kind.",
            )
        return Aggregation.SUM, ""
    if found is None:
        if has_both:
            return Aggregation.RATIO, ""
        is_share = "%" in unit or "percent" in unit.lower()
        return (Aggregation.LAST if is_share else Aggregation.SUM), ""
    if found == Aggregation.RATIO and not has_both:
        return found, "A ratio needs the name of its top and of its bottom. Map both columns."
    return found, ""


def unknown_kind(name: str) -> str:
    choices = ", ".join(label.lower() for label in MeasureKind.labels)
    return f"“{name[:60]}” is not a kind of measure. Use one of: {choices}."


def kind_against_amount(code: str, kind: MeasureKind, amount: str) -> str:
    """What is wrong with a kind beside its value; "" when they go together."""
    if kind == MeasureKind.PROXY and not amount:
        return f"{code} has no value. Enter the £ of one unit, or change its kind."
    if amount and kind in (MeasureKind.RECORD_ONLY, MeasureKind.NEGOTIATED):
        return f"{code} is {kind.label.lower()}, so it has no value. Clear it, or change the kind."
    if kind == MeasureKind.POUND_FOR_POUND and amount not in ("", "1"):
        return f"{code} counts £1 for £1, so its value is 1. Change it, or the kind."
    return ""
