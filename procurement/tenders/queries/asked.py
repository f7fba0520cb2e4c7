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
    measure_infos,
    measures_of,
    pack_for_cpv,
    packs_of,
    themes_of,
)
from toms.frameworks.vocabulary import MeasureKind
from toms.proxies.queries import UnitValue, places, unit_values

if TYPE_CHECKING:
    pass
from procurement.tenders.queries.tenders import place_name, tender_being_prepared, tender_brief


@dataclass(frozen=True, slots=True)
class RequirementInfo:
    """One measure asked for, with the unit value its offers are valued at (None: counted, not valued)."""

    id: int
    measure: MeasureInfo
    is_mandatory: bool
    minimum_quantity: Decimal | None
    guidance: str
    unit_value: UnitValue | None

    @property
    def is_negotiated(self) -> bool:
        """The bidder proposes the £ of one unit."""
        return self.measure.kind == MeasureKind.NEGOTIATED

    @property
    def awaits_place(self) -> bool:
        """A localised measure without a value at the tender's place."""
        return self.measure.kind == MeasureKind.LOCALISED and self.unit_value is None


@dataclass(frozen=True, slots=True)
class QuestionInfo:
    id: int
    text: str
    guidance: str
    weight_percent: Decimal
    position: int


def requirements_of(tender_id: int) -> list[RequirementInfo]:
    """What the tender asks, in its order, each with its unit value at the tender's place."""
    brief = tender_brief(tender_id)
    rows = list(TenderRequirement.objects.filter(tender_id=tender_id).order_by("position", "pk"))
    infos = measure_infos([row.measure_id for row in rows])
    values = unit_values(list(infos.values()), place=brief.place, on=brief.valued_on)
    return [
        RequirementInfo(
            row.pk,
            infos[row.measure_id],
            row.is_mandatory,
            row.minimum_quantity,
            row.guidance,
            values[row.measure_id],
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
    """What can be asked for: the frozen edition's measures, its themes and packs, and the pack that suits the CPV."""

    measures: list[MeasureInfo]
    themes: list[ThemeInfo]
    packs: list[PackInfo]
    suggested: PackInfo | None
    suggested_few: list[int]
    """Some of the suggested pack, across its themes, where it is a large one."""
    is_suggested_by_cpv: bool
    chosen_ids: list[int]


def measure_catalogue(actor: Actor, procurement_id: int) -> MeasureCatalogue:
    tender = tender_being_prepared(actor, procurement_id)
    cpv = procurement_for(actor, procurement_id).cpv
    suggested = pack_for_cpv(tender.edition_id, cpv)
    measures = measures_of(tender.edition_id)
    return MeasureCatalogue(
        measures=measures,
        themes=themes_of(tender.edition_id),
        packs=packs_of(tender.edition_id),
        suggested=suggested,
        suggested_few=_few(suggested, measures),
        is_suggested_by_cpv=bool(suggested and cpv and cpv.startswith(suggested.cpv_prefixes)),
        chosen_ids=list(
            TenderRequirement.objects.filter(tender=tender)
            .order_by("position", "pk")
            .values_list("measure_id", flat=True)
        ),
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
    """Places with values in the tender's edition: slug and name, by name."""
    return sorted(
        ((slug, place_name(slug)) for slug in places(tender.edition_id)), key=lambda p: p[1]
    )
