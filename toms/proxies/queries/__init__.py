"""What one unit of a measure is worth, where and when. Open sources are public knowledge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from toms.frameworks.queries import MeasureInfo
from toms.frameworks.vocabulary import MeasureKind
from toms.proxies.models import Proxy
from toms.proxies.rules import in_force, lacking, nearest, place_name, sector_name
from toms.valuation.rules.numbers import pounds_of_one

ONE_POUND = Decimal(1)
PLACED = (MeasureKind.PROXY, MeasureKind.LOCALISED)
"""Kinds whose £ of one unit is looked up."""


@dataclass(frozen=True, slots=True)
class UnitValue:
    """£ of one unit with where it comes from. An empty ``place`` is everywhere, an empty ``sector`` every sector."""

    amount: Decimal
    source: str
    price_year: str
    place: str
    method: str
    source_url: str = ""
    licence: str = ""
    certainty: str = ""
    sector: str = ""

    @property
    def place_name(self) -> str:
        return place_name(self.place)

    @property
    def sector_name(self) -> str:
        return sector_name(self.sector)

    @property
    def amount_shown(self) -> str:
        """All the places there are: ``30,180``, ``0.123456789``."""
        text = f"{self.amount:,f}"
        return text.rstrip("0").rstrip(".") if "." in text else text

    @property
    def shown(self) -> str:
        """Pence are two places or none; a finer value keeps all it has: ``£284.40``, ``£0.123456789``."""
        return f"£{pounds_of_one(self.amount)}"

    @property
    def working_lines(self) -> list[tuple[str, str]]:
        """Where the £ comes from, line by line, for a figure that opens."""
        places = (self.place_name if self.place else "", self.sector_name if self.sector else "")
        lines = [
            ("Source", self.source),
            ("Where it holds", ", ".join(text for text in places if text)),
            ("Prices of", self.price_year),
            ("How it was worked out", self.method),
            ("Licence", self.licence),
            ("Certainty", self.certainty),
        ]
        return [(label, text) for label, text in lines if text]

    @property
    def cited(self) -> str:
        """Source, place, sector and price year in one line."""
        where = f", {self.place_name}" if self.place else ""
        where += f", {self.sector_name}" if self.sector else ""
        when = f", {self.price_year} prices" if self.price_year else ""
        return f"{self.source}{where}{when}"


POUND_FOR_POUND = UnitValue(ONE_POUND, "£1 for £1", "", "", "A pound spent is counted as a pound.")


def unit_values(
    measures: Sequence[MeasureInfo],
    *,
    place: str,
    on: date,
    sector: str = "",
    own_places: Mapping[int, str] | None = None,
) -> dict[int, UnitValue | None]:
    """The unit value of each measure at a place, in a sector and on a day, in one query.

    ``own_places``: by measure, where one is valued at another place than the rest.

    None: the measure is counted, not valued (record only), is to be negotiated, or has no value here; ``awaits`` says
    what it lacks. Before a measure's first value begins, the first is used; the price year beside it says so.
    """
    own = own_places or {}
    found: dict[int, UnitValue | None] = {}
    asked = []
    for measure in measures:
        if measure.kind == MeasureKind.POUND_FOR_POUND:
            found[measure.id] = POUND_FOR_POUND
        else:
            found[measure.id] = None
            if measure.kind in PLACED:
                asked.append(measure)
    rows = _rows(asked)
    for measure in asked:
        chosen = _choose(rows.get(measure.id, []), own.get(measure.id) or place, sector, on)
        if chosen is not None:
            found[measure.id] = _value(chosen)
    return found


def unit_value(measure: MeasureInfo, *, place: str, on: date, sector: str = "") -> UnitValue | None:
    return unit_values([measure], place=place, on=on, sector=sector)[measure.id]


def awaits(
    measures: Sequence[MeasureInfo],
    *,
    place: str,
    sector: str = "",
    own_places: Mapping[int, str] | None = None,
) -> dict[int, str]:
    """What a measure lacks before it has a value: "a place", "a sector", "a place and a sector"; "" when nothing does.

    "another place" when one is named and has no value. One query, and none when no measure is valued by place.
    """
    own = own_places or {}
    asked = [measure for measure in measures if measure.kind in PLACED]
    rows = _rows(asked)
    return {
        measure.id: lacking(
            [(row.place, row.sector) for row in rows.get(measure.id, [])],
            own.get(measure.id) or place,
            sector,
        )
        for measure in measures
    }


def _rows(measures: Sequence[MeasureInfo]) -> dict[int, list[Proxy]]:
    rows: dict[int, list[Proxy]] = {}
    if measures:
        ids = [measure.id for measure in measures]
        for row in Proxy.objects.filter(measure_id__in=ids).order_by("valid_from"):
            rows.setdefault(row.measure_id, []).append(row)
    return rows


def _choose(rows: list[Proxy], place: str, sector: str, on: date) -> Proxy | None:
    """The nearest row: of this place before everywhere, of this sector before every one; the latest that has begun."""
    for wanted in nearest(place, sector):
        here = [row for row in rows if (row.place, row.sector) == wanted]
        if here:
            return in_force(here, on)
    return None


def _value(row: Proxy) -> UnitValue:
    return UnitValue(
        row.amount, row.source_name, row.price_year, row.place, row.method, row.source_url,
        row.licence, row.certainty, row.sector,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnitValueRow:
    value: UnitValue
    valid_from: date
    valid_to: date | None


def proxies_of(measure_id: int) -> list[UnitValueRow]:
    """Every value of a measure: place, sector, then time."""
    return proxies_by_measure([measure_id])[measure_id]


def proxies_by_measure(measure_ids: Iterable[int]) -> dict[int, list[UnitValueRow]]:
    """Every value of each measure: place, sector, then time. One query; an empty list for one without."""
    found: dict[int, list[UnitValueRow]] = {key: [] for key in measure_ids}
    rows = Proxy.objects.filter(measure_id__in=list(found))
    for row in rows.order_by("measure_id", "place", "sector", "valid_from"):
        found[row.measure_id].append(UnitValueRow(_value(row), row.valid_from, row.valid_to))
    return found


def places(edition_id: int) -> list[str]:
    """Slugs of the places for which an edition holds localised values."""
    rows = Proxy.objects.filter(measure__edition_id=edition_id).exclude(place="")
    return sorted(set(rows.values_list("place", flat=True)))


def sectors(edition_id: int) -> list[str]:
    """Slugs of the sectors for which an edition holds values of their own."""
    rows = Proxy.objects.filter(measure__edition_id=edition_id).exclude(sector="")
    return sorted(set(rows.values_list("sector", flat=True)))
