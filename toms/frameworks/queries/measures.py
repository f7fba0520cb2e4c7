"""Measures and their themes, as every other room knows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.db.models import Q, QuerySet

from socialvalue.core.errors import NotVisible
from toms.frameworks.models import DoubleCountingPair, Measure, Theme
from toms.frameworks.queries.licences import Readership
from toms.frameworks.rules import split_certainty
from toms.frameworks.vocabulary import (
    Aggregation,
    EditionStatus,
    MeasureKind,
)
from toms.valuation.rules import ALL_ADDITIONAL, Additionality, additionality_of


@dataclass(frozen=True, slots=True)
class MeasureInfo:
    """A measure as every other room knows it."""

    id: int
    code: str
    title: str
    description: str
    unit: str
    unit_parts: tuple[str, ...]
    kind: str
    aggregation: str
    numerator_label: str
    denominator_label: str
    target_requirements: str
    evidence: str
    counting_rule: str
    objectives: tuple[str, ...]
    is_local_employment: bool
    edition_id: int
    theme_id: int
    theme_name: str
    theme_slug: str
    outcome_name: str
    code_sort: str
    additionality: Additionality = ALL_ADDITIONAL
    """What the measure's method takes off before it is worth anything; nothing in measures of the TOMs kind."""
    certainty: str = ""
    """What is not checked about this row; empty when nothing is in doubt."""

    @property
    def label(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def adds_up(self) -> bool:
        return self.aggregation == Aggregation.SUM

    @property
    def is_rate(self) -> bool:
        return self.aggregation == Aggregation.RATIO

    @property
    def kind_label(self) -> str:
        return MeasureKind(self.kind).label

    @property
    def aggregation_label(self) -> str:
        return Aggregation(self.aggregation).label


@dataclass(frozen=True, slots=True)
class ThemeInfo:
    id: int
    code: str
    slug: str
    name: str
    position: int
    edition_id: int
    about: str


def _info(row: Measure) -> MeasureInfo:
    theme = row.outcome.theme
    description, certainty = split_certainty(row.description)
    return MeasureInfo(
        id=row.pk,
        code=row.code,
        title=row.title,
        description=description,
        unit=row.unit,
        unit_parts=tuple(part["name"] for part in row.unit_parts),
        kind=row.kind,
        aggregation=row.aggregation,
        numerator_label=row.numerator_label,
        denominator_label=row.denominator_label,
        target_requirements=row.target_requirements,
        evidence=row.evidence,
        counting_rule=row.counting_rule,
        objectives=tuple(row.objectives),
        is_local_employment=row.is_local_employment,
        edition_id=row.edition_id,
        theme_id=theme.pk,
        theme_name=theme.name,
        theme_slug=theme.slug,
        outcome_name=row.outcome.name,
        code_sort=row.code_sort,
        additionality=additionality_of(row.additionality),
        certainty=certainty,
    )


def _measures() -> QuerySet[Measure]:
    return Measure.objects.select_related("outcome__theme").order_by("code_sort")


def measures_of(edition_id: int) -> list[MeasureInfo]:
    """Every measure of an edition in reading order."""
    return [_info(row) for row in _measures().filter(edition_id=edition_id)]


def measure_infos(ids: Iterable[int], reader: Readership | None = None) -> dict[int, MeasureInfo]:
    """Measures by id, in one query. ``reader``: who is not told the words of a set under another's licence."""
    rows = _measures().filter(pk__in=set(ids))
    if reader is None:
        return {row.pk: _info(row) for row in rows}
    return {row.pk: told(row, reader) for row in rows.select_related("outcome__theme", "edition")}


def told(row: Measure, reader: Readership) -> MeasureInfo:
    """A measure as this reader may know it."""
    info, edition = _info(row), row.edition
    if reader.may_read(edition.holder_id, edition.region_id):
        return info
    return replace(
        info,
        title=reader.instead,
        description="",
        numerator_label="Part",
        denominator_label="Whole",
        target_requirements="",
        evidence="",
        counting_rule="",
        outcome_name="",
        certainty="",
    )


class MeasureBrief(NamedTuple):
    """Of a measure, what sums need: no words but its name and unit."""

    id: int
    code: str
    title: str
    unit: str
    aggregation: str
    theme_id: int
    theme_name: str
    is_local_employment: bool
    objectives: list[str]
    additionality_parts: dict[str, str]
    code_sort: str

    @property
    def label(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def adds_up(self) -> bool:
        return self.aggregation == Aggregation.SUM

    @property
    def additionality(self) -> Additionality:
        return additionality_of(self.additionality_parts)


def measure_briefs(ids: Iterable[int], reader: Readership | None = None) -> dict[int, MeasureBrief]:
    """Measures by id in reading order, in one query. ``reader`` as ``measure_infos`` takes it."""
    rows = Measure.objects.filter(pk__in=set(ids)).order_by("code_sort")
    found = {}
    for *row, holder_id, region_id in rows.values_list(
        "pk",
        "code",
        "title",
        "unit",
        "aggregation",
        "outcome__theme_id",
        "outcome__theme__name",
        "is_local_employment",
        "objectives",
        "additionality",
        "code_sort",
        "edition__holder_id",
        "edition__region_id",
    ):
        brief = MeasureBrief(*row)
        if reader is not None and not reader.may_read(holder_id, region_id):
            brief = brief._replace(title=reader.instead)
        found[brief.id] = brief
    return found


def measure(edition_slug: str, code: str) -> MeasureInfo:
    """One measure of a published edition. NotVisible when there is none."""
    found = (
        _measures()
        .filter(edition__slug=edition_slug, edition__status=EditionStatus.PUBLISHED, code=code)
        .first()
    )
    if found is None:
        raise NotVisible(f"There is no measure {code!r} in {edition_slug!r}.")
    return _info(found)


def themes_of(edition_id: int) -> list[ThemeInfo]:
    return [_theme(row) for row in Theme.objects.filter(edition_id=edition_id).order_by("position")]


def theme_infos(ids: Iterable[int]) -> dict[int, ThemeInfo]:
    return {
        row.pk: _theme(row) for row in Theme.objects.filter(pk__in=set(ids)).order_by("position")
    }


def _theme(row: Theme) -> ThemeInfo:
    return ThemeInfo(row.pk, row.code, row.slug, row.name, row.position, row.edition_id, row.about)


def double_counting_pairs(
    measure_ids: Sequence[int], known: Mapping[int, MeasureInfo] | None = None
) -> list[tuple[MeasureInfo, MeasureInfo]]:
    """The pairs among these measures that may count the same deed. ``known`` measures are not read again."""
    rows = DoubleCountingPair.objects.filter(first_id__in=measure_ids, second_id__in=measure_ids)
    infos = measure_infos(measure_ids) if known is None else known
    pairs = [
        (infos[first], infos[second]) for first, second in rows.values_list("first_id", "second_id")
    ]
    ordered = [tuple(sorted(pair, key=lambda info: info.code_sort)) for pair in pairs]
    return sorted(
        ((a, b) for a, b in ordered), key=lambda pair: (pair[0].code_sort, pair[1].code_sort)
    )


def catalogue(
    edition_id: int, *, text: str = "", theme: str = "", kind: str = ""
) -> list[MeasureInfo]:
    """The measures of an edition that match: words in code, title or description; theme slug; kind."""
    rows = _measures().filter(edition_id=edition_id)
    for word in text.split():
        rows = rows.filter(
            Q(code__iexact=word) | Q(title__icontains=word) | Q(description__icontains=word)
        )
    if theme:
        rows = rows.filter(outcome__theme__slug=theme)
    if kind:
        rows = rows.filter(kind=kind)
    return [_info(row) for row in rows]


def measure_count(edition_id: int) -> int:
    return Measure.objects.filter(edition_id=edition_id).count()
