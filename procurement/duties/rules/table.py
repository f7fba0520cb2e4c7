"""The table of duties: what each line says, read strictly. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from procurement.duties.vocabulary import Event, Every, LawSide, Unit
from procurement.policies.vocabulary import Category


@dataclass(frozen=True, slots=True)
class DutyRule:
    """One line. Two lines share a slug where the same duty has other periods for other categories or other law."""

    slug: str
    title: str
    what: str
    law: str
    regimes: tuple[str, ...]
    in_force_from: date
    when: str
    """The period in words."""
    opens: Event
    """From when it can be done."""
    clock: Event
    """From when its period counts."""
    role: str
    source: str
    certainty: str
    in_force_to: date | None = None
    side: LawSide = LawSide.ANY
    line: str = ""
    """Category of the threshold row whose amount the value must be more than."""
    line_is_included: bool = False
    """The amount itself is enough."""
    only: tuple[str, ...] = ()
    excepted: Mapping[str, str] = field(default_factory=dict)
    """Categories it does not bind, each with the reason."""
    number: int | None = None
    """Length of the period. None: no fixed day."""
    unit: Unit = Unit.DAYS
    counts_first_day: bool = False
    ends_on_working_day: bool = False
    is_period: bool = False
    """A time to wait, over by itself: nobody records it."""
    every: Every = Every.ONCE
    sets: Event | None = None
    """Doing it is the event that other duties count from."""


def read_rules(rows: Sequence[Mapping[str, Any]]) -> tuple[DutyRule, ...]:
    """The lines of the file. ValueError or KeyError names what cannot be read: a wrong table must not load in part."""
    rules = tuple(_read(row) for row in rows)
    for index, rule in enumerate(rules):
        for other in rules[:index]:
            if rule.slug == other.slug and _meet(rule, other):
                raise ValueError(f"Two lines of {rule.slug} bind the same procurement.")
    return rules


_KNOWN = {
    "slug", "title", "what", "law", "regimes", "in_force_from", "in_force_to", "when", "opens", "clock", "role",
    "source", "certainty", "side", "line", "line_is_included", "only", "except", "number", "unit",
    "counts_first_day", "ends_on_working_day", "is_period", "every", "sets",
}  # fmt: skip


def _read(row: Mapping[str, Any]) -> DutyRule:
    if unknown := sorted(set(row) - _KNOWN):
        raise ValueError(f"{row.get('slug', 'A line')} has unknown parts: {', '.join(unknown)}.")
    ends = row.get("in_force_to")
    sets = row.get("sets")
    for category in (*row.get("only", ()), *row.get("except", {})):
        Category(category)
    return DutyRule(
        slug=row["slug"],
        title=row["title"],
        what=row["what"],
        law=row["law"],
        regimes=tuple(row["regimes"]),
        in_force_from=date.fromisoformat(row["in_force_from"]),
        in_force_to=date.fromisoformat(ends) if ends else None,
        when=row["when"],
        opens=Event(row["opens"]),
        clock=Event(row["clock"]),
        role=row["role"],
        source=row["source"],
        certainty=row["certainty"],
        side=LawSide(row.get("side", LawSide.ANY)),
        line=row.get("line", ""),
        line_is_included=row.get("line_is_included", False),
        only=tuple(row.get("only", ())),
        excepted=dict(row.get("except", {})),
        number=row.get("number"),
        unit=Unit(row.get("unit", Unit.DAYS)),
        counts_first_day=row.get("counts_first_day", False),
        ends_on_working_day=row.get("ends_on_working_day", False),
        is_period=row.get("is_period", False),
        every=Every(row.get("every", Every.ONCE)),
        sets=Event(sets) if sets else None,
    )


def _meet(one: DutyRule, other: DutyRule) -> bool:
    """Whether a procurement could be bound by both lines."""
    if not set(one.regimes) & set(other.regimes):
        return False
    if one.in_force_to and one.in_force_to < other.in_force_from:
        return False
    if other.in_force_to and other.in_force_to < one.in_force_from:
        return False
    return any(_binds(one, category) and _binds(other, category) for category in Category.values)


def _binds(rule: DutyRule, category: str) -> bool:
    return category not in rule.excepted and (not rule.only or category in rule.only)
