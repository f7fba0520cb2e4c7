"""What a tender asks, and what it could ask."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from procurement.procurements.queries import (
    procurement_for,
)
from procurement.tenders.models import (
    Tender,
    TenderQuestion,
    TenderRequirement,
)
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

if TYPE_CHECKING:
    pass
from procurement.tenders.queries.tenders import place_name, tender_being_prepared, tender_brief
from procurement.tenders.queries.usable import usable_in


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
    def awaits_until(self) -> str:
        """The end of a sentence: "a place is set"."""
        return until(self.awaits)


@dataclass(frozen=True, slots=True)
class QuestionInfo:
    id: int
    text: str
    guidance: str
    weight_percent: Decimal
    position: int


def requirements_of(tender_id: int) -> list[RequirementInfo]:
    """What the tender asks, in its order, each with its unit value at the tender's place and in its sector."""
    brief = tender_brief(tender_id)
    rows = list(TenderRequirement.objects.filter(tender_id=tender_id).order_by("position", "pk"))
    infos = measure_infos([row.measure_id for row in rows])
    values = unit_values(
        list(infos.values()), place=brief.place, on=brief.valued_on, sector=brief.sector
    )
    lacking = awaits(
        [info for info in infos.values() if values[info.id] is None],
        place=brief.place,
        sector=brief.sector,
    )
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
        )
        for row in rows
    ]


def questions_of(tender_id: int) -> list[QuestionInfo]:
    rows = TenderQuestion.objects.filter(tender_id=tender_id).order_by("position", "pk")
    return [
        QuestionInfo(row.pk, row.text, row.guidance, row.weight_percent, row.position)
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


def place_choices(tender: Tender) -> list[tuple[str, str]]:
    """Places with values in the editions the tender asks from: slug and name, by name."""
    slugs = {slug for edition_id in _editions(tender) for slug in places(edition_id)}
    return sorted(((slug, place_name(slug)) for slug in slugs), key=lambda choice: choice[1])


def sector_choices(tender: Tender) -> list[tuple[str, str]]:
    """Sectors with values of their own in the editions the tender asks from; empty when values depend on none."""
    slugs = {slug for edition_id in _editions(tender) for slug in sectors(edition_id)}
    return sorted(((slug, sector_name(slug)) for slug in slugs), key=lambda choice: choice[1])


def _editions(tender: Tender) -> set[int]:
    asked = TenderRequirement.objects.filter(tender=tender).values_list("measure_id", flat=True)
    return {tender.edition_id} | {info.edition_id for info in measure_infos(asked).values()}
