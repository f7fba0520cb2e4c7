"""The rows under a counted figure. The total row of each table is the figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.ledger.vocabulary import WITHOUT
from procurement.policies.vocabulary import Route
from procurement.threads.rules.compliance import COMPLYING, JUDGED
from procurement.threads.vocabulary import Followed
from reporting.figures.rules.definitions import Definition, Figure, Opens
from reporting.figures.rules.of_contracts import delivery_share
from reporting.figures.rules.positions import share_percent
from reporting.figures.rules.progress import ContractProgress
from reporting.figures.rules.rows import CONTRACT_COLUMNS, contract_total
from reporting.figures.rules.tables import TRACK_WORDS
from socialvalue.core.tables import Column, Table


@dataclass(frozen=True, slots=True)
class BegunProcurement:
    """A procurement begun in the period. ``weightings`` are those of its published tenders, in percent."""

    id: int
    reference: str
    title: str
    commenced_on: date
    asks: bool
    weightings: tuple[Decimal, ...] = ()
    route: str = ""
    """In words, by the latest decision; empty where none was made."""


@dataclass(frozen=True, slots=True)
class JudgedProcurement:
    """A procurement begun in the period, and whether its route was followed."""

    id: int
    reference: str
    title: str
    commenced_on: date
    route: str
    followed: Followed
    what: str
    """What was not done, in words; empty when all was."""

    @property
    def is_judged(self) -> bool:
        return self.followed in JUDGED

    @property
    def complies(self) -> bool:
        return self.followed in COMPLYING


@dataclass(frozen=True, slots=True)
class RouteLine:
    """What procurements that went one way ask for."""

    route: str
    begun: int
    asks: int
    weighting: Decimal | None
    """The mean; None where no tender has one."""
    key: str = ""
    """What narrows a list to these procurements; empty for all of them."""

    @property
    def share(self) -> Decimal | None:
        return share_percent(self.asks, self.begun)


def average(weightings: Sequence[Decimal]) -> Decimal | None:
    """The unrounded mean; None of nothing."""
    return sum(weightings, Decimal(0)) / len(weightings) if weightings else None


def contract_counts(contracts: Sequence[ContractProgress]) -> dict[str, Decimal | None]:
    """Counts of running contracts by figure name."""
    return {
        "contracts_live": Decimal(len(contracts)),
        "commitments_count": Decimal(sum(row.commitment_count for row in contracts)),
        "commitments_tracked": Decimal(sum(len(row.commitments) for row in contracts)),
        "commitments_on_track": Decimal(sum(row.on_track for row in contracts)),
        "delivery_share": delivery_share(contracts),
        "planned_to_date": sum((row.planned for row in contracts), Decimal(0)),
        "verified_to_date": sum((row.verified for row in contracts), Decimal(0)),
    }


def begun_counts(begun: Sequence[BegunProcurement]) -> dict[str, Decimal | None]:
    """Counts of procurements begun by figure name; an average of nothing is None."""
    return {
        "procurements_count": Decimal(len(begun)),
        "procurements_with_social_value": Decimal(sum(row.asks for row in begun)),
        "social_value_asked_share": share_percent(sum(row.asks for row in begun), len(begun)),
        "average_weighting": average([one for row in begun for one in row.weightings]),
    }


def compliance_counts(rows: Sequence[JudgedProcurement]) -> dict[str, Decimal | None]:
    """How many followed their route or told why not, of how many that can be judged."""
    judged, complying = sum(row.is_judged for row in rows), sum(row.complies for row in rows)
    return {
        "routes_followed_share": share_percent(complying, judged),
        "routes_complying": Decimal(complying),
        "routes_judged": Decimal(judged),
    }


def by_route(begun: Sequence[BegunProcurement]) -> list[RouteLine]:
    """One line a route, in the order of the routes; the lines add up to the procurements begun."""
    found = []
    for key, label in ROUTES.items():
        rows = of_route(begun, key)
        if rows:
            weighting = average([one for row in rows for one in row.weightings])
            found.append(RouteLine(label, len(rows), sum(row.asks for row in rows), weighting, key))
    return found


ROUTES = {**{route.value: str(route.label) for route in Route}, WITHOUT: "No route decided"}
"""Every way a procurement can go, and none, by what narrows a list to it."""
NARROWED_BY_ROUTE = (
    "procurements_count",
    "procurements_with_social_value",
    "social_value_asked_share",
    "average_weighting",
)
"""The figures that the table by route has of each route."""


def of_route(begun: Sequence[BegunProcurement], key: str) -> tuple[BegunProcurement, ...]:
    """Those that went this way."""
    label = "" if key == WITHOUT else ROUTES[key]
    return tuple(row for row in begun if row.route == label)


def route_table(caption: str, lines: Sequence[RouteLine], whole: RouteLine) -> Table:
    """How many procurements of each route ask for social value, and their mean weighting."""

    def cells(line: RouteLine) -> tuple[str | int | Decimal | None, ...]:
        return (line.route, line.begun, line.asks, line.share, line.weighting)

    return Table(
        caption,
        (
            Column("Route", width=24),
            Column("Procurements begun", "number"),
            Column("That ask for social value", "number"),
            Column("Share (%)", "percent"),
            Column("Average weighting (%)", "percent"),
        ),
        [cells(line) for line in lines],
        cells(whole) if lines else None,
        "No procurement began in this period.",
    )


def whole_of(begun: Sequence[BegunProcurement]) -> RouteLine:
    """All of them together."""
    return RouteLine(
        "Total",
        len(begun),
        sum(row.asks for row in begun),
        average([one for row in begun for one in row.weightings]),
    )


def record_table(caption: str, figures: Sequence[Figure]) -> Table:
    """Figures that are counted from contracts and procurements, with what each comes from."""
    return Table(
        caption,
        (
            Column("Figure", width=44),
            Column("Unit"),
            Column("This period", "number"),
            Column("From", width=50),
        ),
        [
            (
                figure.label,
                figure.unit,
                None if figure.value is None else figure.value.quantize(Decimal("0.001")),
                figure.beside,
            )
            for figure in figures
        ],
    )


def judged_procurements(caption: str, rows: Sequence[JudgedProcurement]) -> Table:
    """The procurements begun in the period with their route and whether it was followed."""
    counts = compliance_counts(rows)
    return Table(
        caption,
        (
            Column("Procurement", width=40),
            Column("Reference"),
            Column("Commenced", "date"),
            Column("Route", width=20),
            Column("Route followed", width=26),
            Column("What was not done", width=50),
            Column("Can be judged", "number"),
            Column("Counts as followed", "number"),
        ),
        [
            (
                row.title,
                row.reference,
                row.commenced_on,
                row.route,
                row.followed.label,
                row.what,
                int(row.is_judged),
                int(row.complies),
            )
            for row in rows
        ],
        total=(
            f"Total, {len(rows)}",
            "",
            "",
            "",
            "",
            "",
            counts["routes_judged"],
            counts["routes_complying"],
        ),
        empty="No procurement began in this period.",
    )


def counted_contracts(caption: str, rows: Sequence[ContractProgress]) -> Table:
    """The contracts of the period with how many commitments each has, can be tracked, and is on track with."""
    return Table(
        caption,
        (
            *CONTRACT_COLUMNS,
            Column("Commitments", "number"),
            Column("That can be tracked", "number"),
            Column("On track", "number"),
            Column("Status"),
        ),
        [
            (
                row.title,
                row.reference,
                row.supplier_name,
                row.commitment_count,
                len(row.commitments),
                row.on_track,
                TRACK_WORDS[row.track],
            )
            for row in rows
        ],
        total=(
            *contract_total(rows),
            sum(row.commitment_count for row in rows),
            sum(len(row.commitments) for row in rows),
            sum(row.on_track for row in rows),
            "",
        ),
        empty="No contract ran in this period.",
    )


def counted_procurements(caption: str, rows: Sequence[BegunProcurement]) -> Table:
    """The procurements begun in the period, whether each asks for social value, and its weighting."""
    return Table(
        caption,
        (
            Column("Procurement", width=40),
            Column("Reference"),
            Column("Commenced", "date"),
            Column("Asks for social value"),
            Column("Weighting (%)", "percent"),
        ),
        [
            (
                row.title,
                row.reference,
                row.commenced_on,
                "Yes" if row.asks else "No",
                average(row.weightings),
            )
            for row in rows
        ],
        total=(
            f"Total, {len(rows)}",
            "",
            "",
            f"{sum(row.asks for row in rows)} of {len(rows)}",
            average([one for row in rows for one in row.weightings]),
        ),
        empty="No procurement began in this period.",
    )


def rows_under(
    definition: Definition, begun: Sequence[BegunProcurement]
) -> tuple[BegunProcurement, ...]:
    """The procurements that this figure counts."""
    if definition.name == "procurements_with_social_value":
        return tuple(row for row in begun if row.asks)
    if definition.name == "average_weighting":
        return tuple(row for row in begun if row.weightings)
    return tuple(begun)


def is_of_contracts(definition: Definition) -> bool:
    return definition.opens == Opens.CONTRACTS
