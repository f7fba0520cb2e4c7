"""What a tender asks, and what it could ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypedDict

from procurement.procurements.queries import procurement_for
from procurement.tenders.models import (
    Tender,
    TenderQuestion,
    TenderRequirement,
)
from procurement.tenders.queries.tenders import (
    TenderBrief,
    place_name,
    tender_being_prepared,
    tender_brief,
)
from procurement.tenders.queries.usable import usable_in
from procurement.tenders.rules import SMALL_PACK, few_of
from socialvalue.core.actor import Actor
from toms.frameworks.queries import (
    MeasureInfo,
    PackInfo,
    ThemeInfo,
    double_counting_pairs,
    editions_named,
    measure_infos,
)
from toms.frameworks.rules import best_pack
from toms.frameworks.vocabulary import MeasureKind
from toms.proxies.queries import UnitValue, awaits, places, sectors, unit_values
from toms.proxies.rules import sector_name, until


class Where(TypedDict):
    """Where measures are valued."""

    place: str
    sector: str
    own_places: dict[int, str]


@dataclass(frozen=True, slots=True)
class RequirementInfo:
    """One measure asked for, with the unit value its offers are valued at (None: counted, not valued)."""

    id: int
    measure: MeasureInfo
    is_mandatory: bool
    minimum_quantity: Decimal | None
    guidance: str
    unit_value: UnitValue | None
    awaits: str = ""
    """What the tender must name before the measure has a value: "a place", "a sector"; "" when nothing is lacking."""
    edition_name: str = ""
    """The edition of the measure, where it is not the tender's own."""
    maximum_quantity: Decimal | None = None
    """The most that is scored."""
    weight_percent: Decimal | None = None
    """Of the points for quantity, where each measure is scored by itself."""
    place: str = ""
    """Where this measure is valued, when not at the tender's place."""

    @property
    def code(self) -> str:
        """``CTY1``, and its edition where that is not the tender's own: two editions may use one code."""
        return (
            f"{self.measure.code} ({self.edition_name})" if self.edition_name else self.measure.code
        )

    @property
    def label(self) -> str:
        """``CTY1 Something``, and its edition where that is not the tender's own."""
        return (
            f"{self.measure.label} ({self.edition_name})"
            if self.edition_name
            else self.measure.label
        )

    @property
    def is_negotiated(self) -> bool:
        """The bidder proposes the £ of one unit."""
        return self.measure.kind == MeasureKind.NEGOTIATED

    @property
    def awaits_place(self) -> bool:
        """A measure without a value at the tender's place and in its sector."""
        return bool(self.awaits)

    @property
    def place_name(self) -> str:
        return place_name(self.place) if self.place else ""

    @property
    def depends_on_place(self) -> bool:
        """Its value is another one elsewhere."""
        here = bool(self.unit_value and self.unit_value.place)
        return (
            self.measure.kind == MeasureKind.LOCALISED
            or here
            or self.awaits_place
            or bool(self.place)
        )

    @property
    def has_more(self) -> bool:
        """Something is said about it that most measures need not say."""
        return bool(self.maximum_quantity or self.weight_percent or self.place)

    @property
    def awaits_until(self) -> str:
        """The end of a sentence: "a place is set"."""
        return until(self.awaits)


@dataclass(frozen=True, slots=True)
class QuestionInfo:
    """A question. ``weight_percent`` is None where it is judged pass or fail."""

    id: int
    text: str
    guidance: str
    weight_percent: Decimal | None
    position: int
    is_pass_fail: bool = False
    minimum_mark: int | None = None
    """An answer marked lower fails the bid."""


def requirements_of(tender_id: int, brief: TenderBrief | None = None) -> list[RequirementInfo]:
    """What the tender asks, in its order, each with its unit value at its own place or the tender's, in its sector.

    ``brief``: where the tender was read already.
    """
    brief = brief or tender_brief(tender_id)
    rows = list(TenderRequirement.objects.filter(tender_id=tender_id).order_by("position", "pk"))
    infos = measure_infos([row.measure_id for row in rows])
    where: Where = {
        "place": brief.place,
        "sector": brief.sector,
        "own_places": {row.measure_id: row.place for row in rows if row.place},
    }
    values = unit_values(list(infos.values()), on=brief.valued_on, **where)
    lacking = awaits([info for info in infos.values() if values[info.id] is None], **where)
    others = editions_named({info.edition_id for info in infos.values()} - {brief.edition_id})
    return [
        RequirementInfo(
            row.pk,
            infos[row.measure_id],
            row.is_mandatory,
            row.minimum_quantity,
            row.guidance,
            values[row.measure_id],
            lacking.get(row.measure_id, ""),
            others.get(infos[row.measure_id].edition_id, ""),
            row.maximum_quantity,
            row.weight_percent,
            row.place,
        )
        for row in rows
    ]


def questions_of(tender_id: int) -> list[QuestionInfo]:
    rows = TenderQuestion.objects.filter(tender_id=tender_id).order_by("position", "pk")
    return [
        QuestionInfo(
            row.pk,
            row.text,
            row.guidance,
            row.weight_percent,
            row.position,
            row.is_pass_fail,
            row.minimum_mark,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class MeasureCatalogue:
    """What can be asked for: of the tender's edition and those beside it; packs, and the one that suits the CPV."""

    measures: list[MeasureInfo]
    themes: list[ThemeInfo]
    packs: list[PackInfo]
    suggested: PackInfo | None
    suggested_few: list[int]
    """Some of the suggested pack, across its themes, where it is a large one."""
    is_suggested_by_cpv: bool
    chosen_ids: list[int]
    other_editions: dict[int, str]
    """Names of the editions that are not the tender's own, by id."""
    outside: frozenset[int]
    """Chosen before, and no longer in use: can only be unticked."""
    most: int | None
    """The most measures the tender may ask for; None: no limit."""

    def edition_of(self, measure: MeasureInfo) -> str:
        """Its name where it is not the tender's own."""
        return self.other_editions.get(measure.edition_id, "")

    @property
    def beside_names(self) -> list[str]:
        """The other editions that measures may be taken from."""
        held = {row.edition_id for row in self.measures if row.id not in self.outside}
        return [name for pk, name in self.other_editions.items() if pk in held]

    @property
    def outside_measures(self) -> list[MeasureInfo]:
        return [row for row in self.measures if row.id in self.outside]


def measure_catalogue(actor: Actor, procurement_id: int) -> MeasureCatalogue:
    tender = tender_being_prepared(actor, procurement_id)
    cpv = procurement_for(actor, procurement_id).cpv
    usable = usable_in(tender)
    suggested = best_pack(usable.packs, cpv)
    return MeasureCatalogue(
        measures=usable.measures,
        themes=usable.themes,
        packs=usable.packs,
        suggested=suggested,
        suggested_few=_few(suggested, usable.measures),
        is_suggested_by_cpv=bool(suggested and cpv and cpv.startswith(suggested.cpv_prefixes)),
        chosen_ids=list(
            TenderRequirement.objects.filter(tender=tender)
            .order_by("position", "pk")
            .values_list("measure_id", flat=True)
        ),
        other_editions=usable.other_editions,
        outside=usable.outside,
        most=usable.most,
    )


def _few(pack: PackInfo | None, measures: list[MeasureInfo]) -> list[int]:
    if pack is None or len(pack.measure_ids) <= SMALL_PACK:
        return []
    themes = {measure.id: measure.theme_id for measure in measures}
    pairs = double_counting_pairs(pack.measure_ids)
    return few_of(
        [(pk, themes[pk]) for pk in pack.measure_ids],
        apart={frozenset((first.id, second.id)) for first, second in pairs},
    )


def place_choices(tender: Tender, measure_ids: Iterable[int] = ()) -> list[tuple[str, str]]:
    """Places with values in the editions the tender asks from: slug and name, by name.

    ``measure_ids``: measures that it is about to ask for.
    """
    slugs = {slug for edition_id in _editions(tender, measure_ids) for slug in places(edition_id)}
    return sorted(((slug, place_name(slug)) for slug in slugs), key=lambda choice: choice[1])


def sector_choices(tender: Tender) -> list[tuple[str, str]]:
    """Sectors with values of their own in the editions the tender asks from; empty when values depend on none."""
    slugs = {slug for edition_id in _editions(tender) for slug in sectors(edition_id)}
    return sorted(((slug, sector_name(slug)) for slug in slugs), key=lambda choice: choice[1])


def _editions(tender: Tender, measure_ids: Iterable[int] = ()) -> set[int]:
    asked = TenderRequirement.objects.filter(tender=tender).values_list("measure_id", flat=True)
    infos = measure_infos({*asked, *measure_ids})
    return {tender.edition_id} | {info.edition_id for info in infos.values()}
