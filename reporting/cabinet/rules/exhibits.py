"""Every chart and table that a report can hold, by name: what it shows, and which reports have it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class About(StrEnum):
    """What the figures of a report are of."""

    COUNCIL = "council"
    DIRECTORATE = "directorate"
    REGION = "region"


def about(*, region: object, directorate: str) -> About:
    """Of a report with this region (None: its own authority) and this directorate (empty: all of them)."""
    if region:
        return About.REGION
    return About.DIRECTORATE if directorate else About.COUNCIL


EVERYWHERE = (About.COUNCIL, About.DIRECTORATE, About.REGION)
OWN = (About.COUNCIL, About.DIRECTORATE)
COUNCIL = (About.COUNCIL,)
REGION = (About.REGION,)


@dataclass(frozen=True, slots=True)
class ExhibitInfo:
    """``kind`` is ``chart`` or ``table``; ``scopes`` are the reports that have it."""

    kind: str
    name: str
    title: str
    meaning: str
    scopes: tuple[About, ...]

    @property
    def typed(self) -> str:
        """As it is written in the text."""
        return f"{{{self.kind}:{self.name}}}"


def _chart(name: str, title: str, meaning: str, scopes: tuple[About, ...]) -> ExhibitInfo:
    return ExhibitInfo("chart", name, title, meaning, scopes)


def _table(name: str, title: str, meaning: str, scopes: tuple[About, ...]) -> ExhibitInfo:
    return ExhibitInfo("table", name, title, meaning, scopes)


_ALL = (
    _chart(
        "themes",
        "Social value by theme",
        "Committed, claimed and verified of each theme, side by side.",
        EVERYWHERE,
    ),
    _chart(
        "quarters",
        "Social value by quarter",
        "Committed, claimed and verified of each quarter of the period.",
        EVERYWHERE,
    ),
    _chart(
        "directorates",
        "Social value by directorate",
        "The directorates with most, by the directorate of the procurement.",
        COUNCIL,
    ),
    _chart(
        "sizes",
        "Social value by size of supplier",
        "SMEs, VCSEs and others, as suppliers say of themselves.",
        COUNCIL,
    ),
    _chart(
        "members",
        "Social value by authority",
        "What each authority of the region puts in.",
        REGION,
    ),
    _table(
        "themes",
        "Social value by theme",
        "Committed, claimed, evidenced and verified of each theme, with the share verified and a total.",
        EVERYWHERE,
    ),
    _table(
        "quarters",
        "Social value by quarter",
        "Committed, claimed, evidenced and verified of each quarter, with a total.",
        EVERYWHERE,
    ),
    _table(
        "environment",
        "Environmental measures",
        "Every measure of the environment theme or in tCO2e, with its quantity and its value.",
        EVERYWHERE,
    ),
    _table(
        "measures",
        "Every measure with figures",
        "Each measure with its quantity in its own unit, and its value beside it.",
        EVERYWHERE,
    ),
    _table(
        "compared",
        "This period and the year before",
        "The main figures beside the same period one year before, with the change.",
        EVERYWHERE,
    ),
    _table(
        "contracts",
        "Contracts behind or at risk",
        "The contracts that need attention today, worst first.",
        OWN,
    ),
    _table(
        "shortfalls",
        "Shortfalls and what is done about them",
        "Each shortfall with what is missing, and the recovery action quoted from the plan of the supplier.",
        OWN,
    ),
    _table(
        "overseeing",
        "Cost of overseeing beside the benefit",
        "What overseeing cost in each quarter beside the social value verified in it.",
        OWN,
    ),
    _table(
        "remedies",
        "Remedies",
        "Service credits, payments to a community fund, substitutions and terminations approved in the period.",
        OWN,
    ),
    _table(
        "directorates",
        "Social value by directorate",
        "Committed, claimed and verified by the directorate of the procurement, with a total.",
        COUNCIL,
    ),
    _table(
        "sizes",
        "Social value by size of supplier",
        "Committed, claimed and verified with SMEs, VCSEs and others, with a total.",
        COUNCIL,
    ),
    _table(
        "suppliers",
        "Social value by supplier",
        "The suppliers with most, with a total of all.",
        COUNCIL,
    ),
    _table(
        "routes",
        "Procurements by route",
        "How many procurements of each route ask for social value, and their average weighting.",
        OWN,
    ),
    _table(
        "members",
        "Social value by authority",
        "What each authority of the region puts in, and which of them withhold their figures.",
        REGION,
    ),
    _table(
        "targets",
        "Targets of the region",
        "Each target of the year beside what is verified of it.",
        REGION,
    ),
    _table(
        "editions",
        "Frameworks of measures in use",
        "Which framework and edition valued the figures.",
        EVERYWHERE,
    ),
    _table(
        "definitions",
        "Figures and how they are worked out",
        "Every figure of the report with its definition and the rows under it.",
        EVERYWHERE,
    ),
)

EXHIBITS: dict[tuple[str, str], ExhibitInfo] = {(row.kind, row.name): row for row in _ALL}


def exhibits_of(scope: About) -> list[ExhibitInfo]:
    """Those that reports of this scope have, charts first."""
    return [row for row in _ALL if scope in row.scopes]


def has_exhibit(kind: str, name: str, scope: About) -> bool:
    found = EXHIBITS.get((kind, name))
    return found is not None and scope in found.scopes
