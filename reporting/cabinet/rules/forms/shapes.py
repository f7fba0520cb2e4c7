"""What a form of a report is made of, and the facts its first words may lean on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from reporting.cabinet.vocabulary import ReportKind, SignOffStep

# Words a template writes in braces; they become plain words when a report is started from it.
PLACES = ("organisation", "committee", "period", "next_period", "directorate", "region")

LEANED_ON = (
    "chart:themes",
    "chart:quarters",
    "chart:members",
    "table:themes",
    "table:quarters",
    "table:compared",
    "table:measures",
    "table:environment",
    "table:contracts",
    "table:shortfalls",
    "table:overseeing",
    "table:remedies",
    "table:members",
    "table:definitions",
)
"""The charts and tables that the forms begin with, where they have rows."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a report when it is started."""

    organisation: str
    committee: str
    period: str
    """``2025 to 2026`` or ``2025 to 2026, quarter 2``."""
    next_period: str
    directorate: str = ""
    region: str = ""
    reported: frozenset[str] = frozenset()
    """The names of the figures that have a value."""
    above_zero: frozenset[str] = frozenset()
    exhibits: frozenset[str] = frozenset()
    """Charts and tables with rows, like ``chart:themes``."""
    stories: tuple[str, ...] = ()
    """The published stories, latest first, by the last part of their address."""

    def has(self, *names: str) -> bool:
        """All of these figures have a value."""
        return self.reported.issuperset(names)

    def some(self, *names: str) -> bool:
        """All of these figures are more than nothing."""
        return self.above_zero.issuperset(names)

    def show(self, *names: str) -> list[str]:
        """These charts and tables as blocks, without those that have no rows."""
        return [f"{{{name}}}" for name in names if name in self.exhibits]

    @property
    def places(self) -> dict[str, str]:
        """What stands for the words of a template."""
        return {name: getattr(self, name) for name in PLACES}


Opening = Callable[[Facts], Iterable[str]]
"""The blocks that a section begins with: they hold for the facts, and name figures the report has."""


@dataclass(frozen=True, slots=True)
class FormSection:
    """One heading of a form. ``kind`` is its key."""

    kind: str
    heading: str
    is_numbered: bool
    opening: Opening


@dataclass(frozen=True, slots=True)
class Form:
    """The form of one kind of report, as it comes with the service."""

    kind: ReportKind
    purpose: str
    """What it is for, in one sentence."""
    committee: str
    title: str
    """With ``{period}`` and the other words of a template."""
    meeting: str
    """The label of the date on it."""
    sections: tuple[FormSection, ...]
    contact_roles: tuple[str, ...]
    sign_off_steps: tuple[SignOffStep, ...]
    is_quarterly: bool = False
    """It may be about one quarter."""
    has_directorate: bool = False
    """It is about one directorate."""
    has_region: bool = False
    """It tells the figures of a region."""

    def opening(self, kind: str, facts: Facts) -> str:
        """The first words of a section, empty for one the form does not have."""
        found = next((section for section in self.sections if section.kind == kind), None)
        return "\n\n".join(found.opening(facts)) if found else ""
