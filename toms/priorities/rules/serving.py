"""Which measures serve a priority, and by what: their own record, a link to them, or a link to their outcome."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from toms.priorities.vocabulary import LinkKind


@dataclass(frozen=True, slots=True)
class Link:
    """A family's outcome or measure by its code. It holds in every edition of the family that has the code."""

    family: str
    kind: str
    code: str

    @property
    def key(self) -> str:
        """One text for a form: ``open/outcome/T1O1``."""
        return f"{self.family}/{self.kind}/{self.code}"


def link_of(key: str) -> Link | None:
    """The link of such a text; None where it is not one."""
    parts = key.split("/", 2)
    if len(parts) != 3 or parts[1] not in LinkKind.values or not parts[0] or not parts[2]:
        return None
    return Link(*parts)


@dataclass(frozen=True, slots=True)
class Serving:
    """What of a measure decides which priorities it serves."""

    id: int
    family: str
    code: str
    outcome_code: str
    outcome_name: str
    codes: tuple[str, ...]
    """Priorities named in the measure's own record."""


def through(priority_code: str, links: Collection[Link], measure: Serving) -> str:
    """In words what makes the measure serve the priority; empty when it does not.

    The measure's own record comes first, then a link to the measure, then one to its outcome.
    """
    if priority_code in measure.codes:
        return "The measure’s own record"
    if Link(measure.family, LinkKind.MEASURE, measure.code) in links:
        return "A link to the measure"
    if Link(measure.family, LinkKind.OUTCOME, measure.outcome_code) in links:
        return f"Its outcome, {measure.outcome_name}"
    return ""


def serving(
    priority_code: str, links: Collection[Link], measures: Iterable[Serving]
) -> list[tuple[Serving, str]]:
    """The measures that serve the priority, in the order given, each with what makes it so."""
    found = ((row, through(priority_code, links, row)) for row in measures)
    return [(row, why) for row, why in found if why]
