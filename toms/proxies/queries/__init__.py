"""What one unit of a measure is worth, where and when. Open sources are public knowledge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from toms.frameworks.queries import MeasureInfo
from toms.frameworks.vocabulary import MeasureKind
from toms.proxies.models import Proxy
from toms.proxies.rules import in_force

ONE_POUND = Decimal(1)


@dataclass(frozen=True, slots=True)
class UnitValue:
    """£ of one unit with where it comes from. ``place`` is empty when it holds everywhere."""

    amount: Decimal
    source: str
    price_year: str
    place: str
    method: str
    source_url: str = ""
    licence: str = ""
    certainty: str = ""

    @property
    def place_name(self) -> str:
        return self.place.replace("-", " ").title() if self.place else "Everywhere"

    @property
    def amount_shown(self) -> str:
        """All the places there are: ``30,180``, ``0.123456789``."""
        text = f"{self.amount:,f}"
        return text.rstrip("0").rstrip(".") if "." in text else text

    @property
    def cited(self) -> str:
        """Source, place and price year in one line."""
        where = f", {self.place_name}" if self.place else ""
        when = f", {self.price_year} prices" if self.price_year else ""
        return f"{self.source}{where}{when}"


POUND_FOR_POUND = UnitValue(ONE_POUND, "£1 for £1", "", "", "A pound spent is counted as a pound.")


def unit_values(
    measures: Sequence[MeasureInfo], *, place: str, on: date
) -> dict[int, UnitValue | None]:
    """The unit value of each measure at a place and day, in one query.

    None: the measure is counted, not valued (record only), is to be negotiated, or has no value at this place.
    Before a measure's first value begins, the first is used; the price year beside it says so.
    """
    found: dict[int, UnitValue | None] = {}
    asked = []
    for measure in measures:
        if measure.kind == MeasureKind.POUND_FOR_POUND:
            found[measure.id] = POUND_FOR_POUND
        else:
            found[measure.id] = None
            if measure.kind in (MeasureKind.PROXY, MeasureKind.LOCALISED):
                asked.append(measure)
    rows: dict[int, list[Proxy]] = {}
    for row in Proxy.objects.filter(measure_id__in=[m.id for m in asked]).order_by("valid_from"):
        rows.setdefault(row.measure_id, []).append(row)
    for measure in asked:
        chosen = _choose(rows.get(measure.id, []), place, on)
        if chosen is not None:
            found[measure.id] = _value(chosen)
    return found


def unit_value(measure: MeasureInfo, *, place: str, on: date) -> UnitValue | None:
    return unit_values([measure], place=place, on=on)[measure.id]


def _choose(rows: list[Proxy], place: str, on: date) -> Proxy | None:
    """The row of this place, else the one for everywhere; the latest that has begun, else the first."""
    for wanted in dict.fromkeys((place, "")):
        here = [row for row in rows if row.place == wanted]
        if here:
            return in_force(here, on)
    return None


def _value(row: Proxy) -> UnitValue:
    return UnitValue(
        row.amount, row.source_name, row.price_year, row.place, row.method, row.source_url,
        row.licence, row.certainty,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnitValueRow:
    value: UnitValue
    valid_from: date
    valid_to: date | None


def proxies_of(measure_id: int) -> list[UnitValueRow]:
    """Every value of a measure: place, then time."""
    return proxies_by_measure([measure_id])[measure_id]


def proxies_by_measure(measure_ids: Iterable[int]) -> dict[int, list[UnitValueRow]]:
    """Every value of each measure, place then time, in one query; an empty list for one without."""
    found: dict[int, list[UnitValueRow]] = {key: [] for key in measure_ids}
    rows = Proxy.objects.filter(measure_id__in=list(found))
    for row in rows.order_by("measure_id", "place", "valid_from"):
        found[row.measure_id].append(UnitValueRow(_value(row), row.valid_from, row.valid_to))
    return found


def places(edition_id: int) -> list[str]:
    """Slugs of the places for which an edition holds localised values."""
    rows = Proxy.objects.filter(measure__edition_id=edition_id).exclude(place="")
    return sorted(set(rows.values_list("place", flat=True)))
