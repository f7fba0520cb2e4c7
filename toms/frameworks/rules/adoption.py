"""When and how an edition is adopted, what of it, and the packs that go with it. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from socialvalue.core.errors import RuleBroken
from socialvalue.core.periods import uk_date

CPV_PREFIX = re.compile(r"[0-9]{2,8}")
MOST_PACKS = 30
MOST_ASKED = 500
"""Far above any set that was ever published; a bound, so that a slip of the hand gets an answer."""


@dataclass(frozen=True, slots=True)
class Adopter:
    """Who adopts: an authority, or a region for its authorities. Exactly one of the two is known."""

    authority_id: int | None = None
    region_id: int | None = None

    def __post_init__(self) -> None:
        if (self.authority_id is None) == (self.region_id is None):
            raise ValueError("An edition is adopted by an authority or by a region.")

    @property
    def is_region(self) -> bool:
        return self.region_id is not None


@dataclass(frozen=True, slots=True)
class Span:
    """An adoption as far as time goes: of which edition and family, main or beside, first and last day."""

    adoption_id: int
    edition_id: int
    family: str
    is_main: bool
    from_on: date
    to_on: date | None


@dataclass(frozen=True, slots=True)
class PackInput:
    """One pack as typed: what it is called, where CPV codes begin that it suits, what it asks for."""

    name: str
    cpv_prefixes: tuple[str, ...]
    measure_ids: tuple[int, ...]


class _WithPrefixes(Protocol):
    @property
    def cpv_prefixes(self) -> tuple[str, ...]: ...


Pack = TypeVar("Pack", bound=_WithPrefixes)


def best_pack(packs: Iterable[Pack], cpv: str) -> Pack | None:
    """The pack with the longest matching CPV prefix; without a match, the first that names no prefix."""
    found = list(packs)
    best: tuple[int, Pack] | None = None
    for pack in found:
        for prefix in pack.cpv_prefixes:
            if cpv and cpv.startswith(prefix) and (best is None or len(prefix) > best[0]):
                best = (len(prefix), pack)
    return best[1] if best else next((pack for pack in found if not pack.cpv_prefixes), None)


def state_of(span: Span, others: Iterable[Span], on: date) -> str:
    """``coming``, ``in_use`` (new tenders start with it), ``beside``, ``replaced`` by one begun later, or ``ended``."""
    if span.from_on > on:
        return "coming"
    if span.to_on is not None and span.to_on < on:
        return "ended"
    later = [
        row
        for row in others
        if row.is_main == span.is_main
        and (span.is_main or row.family == span.family)
        and (row.from_on, row.adoption_id) > (span.from_on, span.adoption_id)
        and row.from_on <= on
        and (row.to_on is None or row.to_on >= on)
    ]
    if later:
        return "replaced"
    return "in_use" if span.is_main else "beside"


def check_dates(
    *,
    from_on: date,
    today: date,
    reference: str,
    edition_starts_on: date,
    edition_ends_on: date | None,
) -> None:
    """RuleBroken for a first day outside the edition's own, or one before ``today`` without its decision."""
    if from_on < edition_starts_on:
        raise RuleBroken(
            f"This edition is valid from {uk_date(edition_starts_on)}. Use it from that day or a later one.",
            field="from_on",
        )
    if edition_ends_on is not None and from_on > edition_ends_on:
        raise RuleBroken(
            f"This edition is valid until {uk_date(edition_ends_on)}. "
            "Use it from that day or an earlier one, or adopt a newer edition.",
            field="from_on",
        )
    if from_on < today and not reference.strip():
        raise RuleBroken(
            "Name the decision that adopted it, for example Cabinet 9 March 2026: the first day has passed.",
            field="reference",
        )


def check_once(
    spans: Iterable[Span], *, edition_id: int, from_on: date, apart_from: int | None = None
) -> None:
    """RuleBroken when the same edition is adopted from the same day already."""
    for span in spans:
        same = span.edition_id == edition_id and span.from_on == from_on
        if same and span.adoption_id != apart_from:
            raise RuleBroken(
                f"This edition is adopted from {uk_date(from_on)} already. "
                "Change that adoption, or choose another first day.",
                field="from_on",
            )


def check_most(max_measures: int | None) -> None:
    """RuleBroken unless the most measures of a tender is a sensible whole number, or not said."""
    if max_measures is not None and not 1 <= max_measures <= MOST_ASKED:
        raise RuleBroken(
            f"The most measures a tender may ask for must be between 1 and {MOST_ASKED}. "
            "Leave it empty for no limit.",
            field="max_measures",
        )


def check_subset(measure_ids: Collection[int], *, edition_measures: Collection[int]) -> None:
    """RuleBroken for a measure of another edition. An empty sub-set is the whole edition."""
    if not set(measure_ids) <= set(edition_measures):
        raise RuleBroken("Choose measures from the list of this edition only.", field="measures")


def check_ends(*, from_on: date, ended_on: date | None, to_on: date | None, today: date) -> None:
    """RuleBroken for a last day before the first or today, for none where none is set, or when it has ended already."""
    if ended_on is not None and ended_on < today:
        raise RuleBroken(f"It ended on {uk_date(ended_on)} already.", field="to_on")
    if to_on is None:
        if ended_on is None:
            raise RuleBroken("Enter the last day it is used", field="to_on")
        return
    if to_on < from_on:
        raise RuleBroken(
            f"It is used from {uk_date(from_on)}. The last day must be that day or a later one.",
            field="to_on",
        )
    if to_on < today:
        # It could not be mended: what has ended stays as it was.
        raise RuleBroken(
            f"{uk_date(to_on)} has passed. The last day must be today or a later one.",
            field="to_on",
        )


def read_prefixes(text: str) -> tuple[str, ...]:
    """CPV prefixes as typed, with commas or spaces between them, each once. RuleBroken for one that is none."""
    found = tuple(dict.fromkeys(part for part in re.split(r"[\s,;]+", text.strip()) if part))
    check_prefixes(found)
    return found


def check_prefixes(prefixes: Sequence[str]) -> None:
    """RuleBroken unless each is the beginning of a CPV code: 2 to 8 digits."""
    for prefix in prefixes:
        if not CPV_PREFIX.fullmatch(prefix):
            raise RuleBroken(
                f"{prefix} is not the beginning of a CPV code. Write 2 to 8 digits, for example 45 or 8531.",
                field="cpv_prefixes",
            )


def pack_slug(name: str) -> str:
    """What a pack is known by in an address: ``Home care`` as ``home-care``."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60]


def check_packs(packs: Sequence[PackInput], *, allowed: Collection[int]) -> None:
    """RuleBroken for a pack without a name or measures, one outside the sub-set, or two that answer to the same."""
    if len(packs) > MOST_PACKS:
        raise RuleBroken(f"Keep at most {MOST_PACKS} packs.")
    names: set[str] = set()
    owners: dict[str, str] = {}
    for pack in packs:
        name = pack.name.strip()
        slug = pack_slug(name)
        if not slug:
            raise RuleBroken("Enter a name for the pack, for example Home care", field="name")
        if slug in names:
            raise RuleBroken(f"There is a pack called {name} already.", field="name")
        names.add(slug)
        if not pack.measure_ids:
            raise RuleBroken("Tick at least one measure for the pack", field="measures")
        if not set(pack.measure_ids) <= set(allowed):
            raise RuleBroken(
                "A pack holds measures of the sub-set only. Untick the others.", field="measures"
            )
        check_prefixes(pack.cpv_prefixes)
        for prefix in pack.cpv_prefixes or ("",):
            if prefix in owners:
                raise RuleBroken(_taken(prefix, owners[prefix]), field="cpv_prefixes")
            owners[prefix] = name


def _taken(prefix: str, owner: str) -> str:
    if not prefix:
        return (
            f"{owner} suits any purchase already. "
            "Write the beginning of the CPV codes this pack is for."
        )
    return f"{owner} is suggested for CPV codes that begin with {prefix}. Write another beginning."
