"""What a named figure is made of: its definition, and the figure once it has a value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from reporting.figures.rules.positions import MeasureFacts, Position
from socialvalue.core.money import to_pence

NOT_REPORTED = "not reported"
LEDGER = "Ledger entries, through the roll-up cells"
BUYERS = "People of the authority; for a region also its regional analysts"
OWN_PEOPLE = "People of the authority"


class Kind(StrEnum):
    MONEY = "money"
    QUANTITY = "quantity"
    COUNT = "count"
    PERCENT = "percent"


class Opens(StrEnum):
    """Which rows stand under a figure."""

    ENTRIES = "entries"
    CONTRACTS = "contracts"
    PROCUREMENTS = "procurements"
    COSTS = "costs"
    SHORTFALLS = "shortfalls"
    REMEDIES = "remedies"


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure. ``compute`` gives it in its unit (pounds for money), None when nothing was reported."""

    name: str
    label: str
    meaning: str
    kind: Kind
    unit: str
    computation: str
    compute: Callable[[Position], Decimal | None]
    source: str = LEDGER
    visible_to: str = BUYERS
    opens: Opens = Opens.ENTRIES
    basis: str = ""
    measures: Callable[[MeasureFacts], bool] | None = None
    beside: Callable[[Position], str] | None = None
    for_region: bool = True
    from_money: bool = False
    """A figure that is made of £ without being £ itself: hidden with them."""
    is_price: bool = False
    """Pounds of what something costs: no social value, so it is shown with the counts."""

    @property
    def is_money(self) -> bool:
        """Hidden when only counts are shown."""
        return (self.kind == Kind.MONEY and not self.is_price) or self.from_money


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its value. ``shown`` is exact, ``short`` is for tiles, ``beside`` is what it comes from."""

    name: str
    label: str
    meaning: str
    kind: str
    unit: str
    computation: str
    source: str
    visible_to: str
    value: Decimal | None
    shown: str
    short: str
    beside: str = ""
    opens_url: str = ""
    is_money: bool = False
    is_price: bool = False

    @property
    def value_pence(self) -> int | None:
        """Whole pence of a money figure."""
        if self.kind != Kind.MONEY or self.value is None:
            return None
        return to_pence(self.value)
