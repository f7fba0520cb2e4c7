"""How a measure counts in the measures of its region. Pure.

A region's total is the sum of its authorities'. Its quantities are in its own measures, so every measure an authority
uses counts as itself, as another one, deliberately as none, or it is listed as not mapped: each exactly once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from toms.priorities.vocabulary import Counted

ONE = Decimal(1)
ADDED_UP = "sum"


@dataclass(frozen=True, slots=True)
class MeasureRef:
    """What the crosswalk needs to know of a measure. ``family`` is the slug of its framework."""

    id: int
    family: str
    code: str
    title: str
    unit: str
    aggregation: str

    @property
    def label(self) -> str:
        return f"{self.code} {self.title}"

    def counts_like(self, other: MeasureRef) -> bool:
        """Same unit, and adds up in the same way."""
        return self.aggregation == other.aggregation and _plain(self.unit) == _plain(other.unit)

    def is_kept_as(self, other: MeasureRef) -> bool:
        """The same measure in another edition of its family."""
        return (self.family, self.code) == (other.family, other.code) and self.counts_like(other)


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided of a measure: ``factor`` of the target's units for one of the source's; no target: in no
    regional measure, for the reason given."""

    source: MeasureRef
    target: MeasureRef | None
    factor: Decimal
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Resolved:
    """How one measure counts in its region, and why. ``target_id`` is None when it counts in none."""

    source_id: int
    standing: Counted
    target_id: int | None
    factor: Decimal
    why: str

    @property
    def counts(self) -> bool:
        return self.target_id is not None


@dataclass(frozen=True, slots=True)
class RegionalMeasures:
    """The measures of the editions a region uses; where two editions share a family and a code, the first holds."""

    by_id: Mapping[int, MeasureRef] = field(default_factory=dict)
    by_code: Mapping[tuple[str, str], MeasureRef] = field(default_factory=dict)

    @staticmethod
    def of(measures: Iterable[MeasureRef]) -> RegionalMeasures:
        rows = list(measures)
        by_code: dict[tuple[str, str], MeasureRef] = {}
        for row in rows:
            by_code.setdefault((row.family, row.code), row)
        return RegionalMeasures({row.id: row for row in rows}, by_code)

    def carried(self, measure: MeasureRef) -> MeasureRef | None:
        """This measure as the region has it now: itself, or the same code counted alike in another edition."""
        if measure.id in self.by_id:
            return measure
        found = self.by_code.get((measure.family, measure.code))
        return found if found is not None and found.counts_like(measure) else None


def resolve(
    source: MeasureRef, regional: RegionalMeasures, decisions: Iterable[Decision] = ()
) -> Resolved:
    """How a measure counts: as itself, as was decided, carried by its code, or not mapped; in this order."""
    if source.id in regional.by_id:
        return Resolved(
            source.id, Counted.ITSELF, source.id, ONE, "One of the region's own measures."
        )
    decision = decision_for(source, decisions)
    if decision is not None:
        return _decided(source, decision, regional)
    carried = regional.carried(source)
    if carried is not None:
        why = "The region's edition of the same set has this code, with the same unit and the same way of adding up."
        return Resolved(source.id, Counted.CARRIED, carried.id, ONE, why)
    return Resolved(source.id, Counted.NOT_MAPPED, None, ONE, _why_not(source, regional))


def decision_for(source: MeasureRef, decisions: Iterable[Decision]) -> Decision | None:
    """The decision made for this measure; else the latest made for the same code of another edition of its family,
    where it is counted alike. The order in which they come makes no difference."""
    kept: list[Decision] = []
    for decision in decisions:
        if decision.source.id == source.id:
            return decision
        if source.is_kept_as(decision.source):
            kept.append(decision)
    return max(kept, key=lambda row: (row.at, row.source.id), default=None)


def _decided(source: MeasureRef, decision: Decision, regional: RegionalMeasures) -> Resolved:
    earlier = decision.source.id != source.id
    since = " It was decided for another edition of the same set, where it is counted alike."
    more = since if earlier else ""
    if decision.target is None:
        return Resolved(source.id, Counted.EXCLUDED, None, ONE, decision.reason + more)
    target = regional.carried(decision.target)
    if target is None:
        why = f"It was counted as {decision.target.label}, which the region does not use any more."
        return Resolved(source.id, Counted.NOT_MAPPED, None, ONE, why + more)
    if (
        target.id == source.id
    ):  # pragma: no cover  # a source in the region's measures was answered before
        raise ValueError("A measure is not mapped to itself.")
    if target.id != decision.target.id:
        more += f" The region's edition now has {target.code} with the same unit."
    why = (decision.reason or "Decided by the region.") + more
    return Resolved(source.id, Counted.MAPPED, target.id, decision.factor, why)


def _why_not(source: MeasureRef, regional: RegionalMeasures) -> str:
    same = regional.by_code.get((source.family, source.code))
    if same is None:
        return "The region has no measure of this set with this code, and nobody has said how it counts."
    if same.aggregation != source.aggregation:
        return "The region's edition has this code, but it adds up in another way."
    return f"The region's edition has this code, but it is counted in {same.unit}."


def flaw_of(
    source: MeasureRef, target: MeasureRef, factor: Decimal | None, reason: str
) -> tuple[str, str] | None:
    """What is wrong with counting a measure as another: the name of the answer to mend, and how. None when it is right.

    A rate maps only to a rate and a sum to a sum. Units agree, or it is said how many of one the other is, and why.
    """
    if source.aggregation != target.aggregation:
        return "target", (
            f"{source.code} and {target.code} do not add up in the same way. "
            "Choose a measure that does, or leave this one out."
        )
    if factor is not None and factor <= 0:
        return "factor", "Enter a number above 0"
    differs = _plain(source.unit) != _plain(target.unit)
    if differs and factor is None:
        return "factor", (
            f"The units differ: enter the number that turns {source.unit} into {target.unit}"
        )
    used = ONE if factor is None else factor
    if used != ONE and source.aggregation != ADDED_UP:
        return "factor", "Only a measure that is added up can be converted. Leave this empty"
    if (differs or used != ONE) and not reason.strip():
        return "reason", "Say where the conversion comes from, like “a working day is 7.5 hours”"
    return None


def converted(unit: str, factor: Decimal, into: str) -> str:
    """``hours × 0.133333333 = days``."""
    return f"{unit} × {factor.normalize():f} = {into}"


# --- what may be suggested, never applied by itself -----------------------------------------------


@dataclass(frozen=True, slots=True)
class Alias:
    """The code by which another family knows much the same measure of a framework of ours."""

    framework: str
    code: str
    family: str
    alias: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A regional measure that may be the same. ``needs_factor``: the units differ, so a person must convert."""

    target_id: int
    why: str
    needs_factor: bool


@dataclass(frozen=True, slots=True)
class Suggester:
    """What may be suggested among a region's measures, looked up by the codes and titles they are known by."""

    aliases: tuple[Alias, ...]
    by_name: Mapping[tuple[str, str], Sequence[tuple[int, MeasureRef]]]
    by_title: Mapping[str, Sequence[MeasureRef]]

    @staticmethod
    def of(regional: Iterable[tuple[MeasureRef, str]], aliases: Iterable[Alias]) -> Suggester:
        """``regional``: each measure in reading order with the name people know its family by."""
        known = tuple(aliases)
        by_name: dict[tuple[str, str], list[tuple[int, MeasureRef]]] = {}
        by_title: dict[str, list[MeasureRef]] = {}
        for place, (target, name) in enumerate(regional):
            by_title.setdefault(_plain(target.title), []).append(target)
            for code in _names(target, name, known):
                by_name.setdefault(code, []).append((place, target))
        return Suggester(known, by_name, by_title)

    def suggest(self, source: MeasureRef, family_name: str) -> Suggestion | None:
        """The first regional measure known by the same code elsewhere, else the first of the same title and unit."""
        shared = [
            (place, name, target)
            for name in _names(source, family_name, self.aliases)
            for place, target in self.by_name.get(name, ())
            if target.aggregation == source.aggregation
        ]
        if shared:
            _, (family, code), target = min(shared, key=lambda row: row[:2])
            why = f"Both count much the same as {code} of {family}."
            return Suggestion(target.id, why, not target.counts_like(source))
        for target in self.by_title.get(_plain(source.title), ()):
            if target.counts_like(source):
                return Suggestion(target.id, "It has the same title and the same unit.", False)
        return None


def suggestion(
    source: MeasureRef,
    family_name: str,
    regional: Iterable[tuple[MeasureRef, str]],
    aliases: Iterable[Alias],
) -> Suggestion | None:
    """What ``Suggester`` says of a single measure."""
    return Suggester.of(regional, aliases).suggest(source, family_name)


def _names(measure: MeasureRef, family_name: str, aliases: Sequence[Alias]) -> set[tuple[str, str]]:
    """The codes of other families this measure is known by: from the table, or because it is of that family."""
    names = {
        (row.family, row.alias)
        for row in aliases
        if (row.framework, row.code) == (measure.family, measure.code)
    }
    plain = f" {_plain(family_name)} "
    return names | {
        (row.family, row.alias)
        for row in aliases
        if row.alias == measure.code and f" {_plain(row.family)} " in plain
    }


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
