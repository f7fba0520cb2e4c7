"""Frameworks, editions and measures.

What a tender or a contract rests on is read by id or slug without asking who reads; whoever browses asks
``visible_editions``, because a licensed edition is for those who hold its licence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from socialvalue.accounts.queries import region_of
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from toms.frameworks.models import DoubleCountingPair, Edition, Measure, MeasurePack, Theme
from toms.frameworks.rules import split_certainty
from toms.frameworks.vocabulary import (
    DEFAULT_FRAMEWORK,
    Aggregation,
    EditionStatus,
    MeasureKind,
)


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
class EditionInfo:
    """A published edition with the family it belongs to."""

    id: int
    slug: str
    label: str
    framework_slug: str
    framework_name: str
    framework_owner: str
    framework_licence: str
    framework_about: str
    valid_from: date
    valid_to: date | None

    @property
    def name(self) -> str:
        """``Open measures 2026``; with its family where the label alone does not say which: ``County set, 2026``."""
        if self.framework_slug == DEFAULT_FRAMEWORK or self.label.startswith(self.framework_name):
            return self.label
        return f"{self.framework_name}, {self.label}"


@dataclass(frozen=True, slots=True)
class ThemeInfo:
    id: int
    code: str
    slug: str
    name: str
    position: int
    edition_id: int
    about: str


@dataclass(frozen=True, slots=True)
class PackInfo:
    slug: str
    name: str
    cpv_prefixes: tuple[str, ...]
    measure_ids: tuple[int, ...]


def published_editions() -> QuerySet[Edition]:
    return Edition.objects.filter(status=EditionStatus.PUBLISHED).select_related("framework")


def edition(slug: str) -> Edition:
    """A published edition by slug. NotVisible when there is none."""
    found = published_editions().filter(slug=slug).first()
    if found is None:
        raise NotVisible(f"There is no published edition called {slug!r}.")
    return found


def editions_by_id(ids: Iterable[int]) -> dict[int, Edition]:
    return {
        row.pk: row for row in Edition.objects.filter(pk__in=set(ids)).select_related("framework")
    }


def _edition_info(row: Edition) -> EditionInfo:
    family = row.framework
    return EditionInfo(
        row.pk, row.slug, row.label, family.slug, family.name, family.owner, family.licence,
        family.about, row.valid_from, row.valid_to,
    )  # fmt: skip


def visible_editions(actor: Actor) -> QuerySet[Edition]:
    """Published editions the actor may read: open ones, licensed ones of its organisation, and its region's."""
    published = published_editions().filter(withdrawn_at__isnull=True)
    if actor.is_system:
        return published
    may = Q(holder__isnull=True)
    if actor.organisation_id is not None:
        may |= Q(holder_id=actor.organisation_id)
        region = region_of(actor.organisation_id, clock.today())
        if region is not None:
            may |= Q(region_id=region.pk)
    return published.filter(may)


def edition_infos(actor: Actor) -> list[EditionInfo]:
    """Every edition the actor may read: the open set first, then by family; the newest of a family first."""
    rows = visible_editions(actor).order_by("framework__name", "-valid_from", "-slug")
    found = [_edition_info(row) for row in rows]
    return sorted(found, key=lambda row: row.framework_slug != DEFAULT_FRAMEWORK)


def edition_info(actor: Actor, slug: str) -> EditionInfo:
    """One of them by slug. NotVisible when there is none."""
    found = visible_editions(actor).filter(slug=slug).first()
    if found is None:
        raise NotVisible(f"There is no published edition called {slug!r}.")
    return _edition_info(found)


def current_edition(on: date) -> Edition:
    """The newest published edition of the open set that is valid on that day; before the first one begins, the first.

    Other families (a licensed set, the national model) stand beside it and are never chosen by date alone; only where
    the open set is not loaded is one of them taken. NotVisible when nothing is published.
    """
    published = published_editions().filter(framework__slug=DEFAULT_FRAMEWORK)
    if not published.exists():
        published = published_editions().filter(holder__isnull=True)
    valid = published.filter(valid_from__lte=on).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    )
    found = valid.order_by("-valid_from").first() or published.order_by("valid_from").first()
    if found is None:
        raise NotVisible(
            "No set of measures is published yet. Load one with manage.py load_measures."
        )
    return found


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
        certainty=certainty,
    )


def _measures() -> QuerySet[Measure]:
    return Measure.objects.select_related("outcome__theme").order_by("code_sort")


def measures_of(edition_id: int) -> list[MeasureInfo]:
    """Every measure of an edition in reading order."""
    return [_info(row) for row in _measures().filter(edition_id=edition_id)]


def measure_infos(ids: Iterable[int]) -> dict[int, MeasureInfo]:
    """Measures by id, in one query."""
    return {row.pk: _info(row) for row in _measures().filter(pk__in=set(ids))}


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


def packs_of(edition_id: int) -> list[PackInfo]:
    """The category packs of an edition, measures in reading order."""
    found = []
    packs = (
        MeasurePack.objects.filter(edition_id=edition_id)
        .order_by("name")
        .prefetch_related("measures")
    )
    for row in packs:
        measures = sorted(row.measures.all(), key=lambda measure: measure.code_sort)
        found.append(
            PackInfo(row.slug, row.name, tuple(row.cpv_prefixes), tuple(m.pk for m in measures))
        )
    return found


def pack_for_cpv(edition_id: int, cpv: str) -> PackInfo | None:
    """The pack with the longest matching CPV prefix; without a match, the pack that names no prefix."""
    packs = packs_of(edition_id)
    best: tuple[int, PackInfo] | None = None
    for pack in packs:
        for prefix in pack.cpv_prefixes:
            if cpv and cpv.startswith(prefix) and (best is None or len(prefix) > best[0]):
                best = (len(prefix), pack)
    return best[1] if best else next((pack for pack in packs if not pack.cpv_prefixes), None)


def double_counting_pairs(measure_ids: Sequence[int]) -> list[tuple[MeasureInfo, MeasureInfo]]:
    """The pairs among these measures that may count the same deed."""
    rows = DoubleCountingPair.objects.filter(first_id__in=measure_ids, second_id__in=measure_ids)
    infos = measure_infos(measure_ids)
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


def holder_of(edition_id: int) -> int | None:
    """The organisation whose licence an edition is held under; None for one that is open to everybody."""
    return Edition.objects.filter(pk=edition_id).values_list("holder_id", flat=True).first()


def held_checksums(actor: Actor) -> dict[int, str]:
    """The checksum of what each licensed edition says that the actor may read, by id."""
    rows = visible_editions(actor).filter(holder__isnull=False)
    return dict(rows.values_list("pk", "checksum"))


def measure_count(edition_id: int) -> int:
    return Measure.objects.filter(edition_id=edition_id).count()


def edition_rows(edition_id: int) -> dict[str, list[dict[str, Any]]]:
    """All that an edition says, in the words of the data files: themes, measures, double_counting, packs."""
    themes = [
        {
            "code": theme.code,
            "slug": theme.slug,
            "name": theme.name,
            "about": theme.about,
            "outcomes": [{"code": row.code, "name": row.name} for row in theme.outcomes.all()],
        }
        for theme in Theme.objects.filter(edition_id=edition_id)
        .order_by("position")
        .prefetch_related("outcomes")
    ]
    names = (
        "code", "title", "description", "unit", "unit_parts", "kind", "aggregation", "numerator_label",
        "denominator_label", "target_requirements", "evidence", "counting_rule", "objectives",
        "is_local_employment",
    )  # fmt: skip
    measures = [
        {**row, "outcome": row.pop("outcome__code")}
        for row in Measure.objects.filter(edition_id=edition_id)
        .order_by("code_sort", "code")
        .values(*names, "outcome__code")
    ]
    pairs = DoubleCountingPair.objects.filter(first__edition_id=edition_id)
    packs = MeasurePack.objects.filter(edition_id=edition_id).prefetch_related("measures")
    return {
        "themes": themes,
        "measures": measures,
        "double_counting": [
            {"first": first, "second": second}
            for first, second in pairs.values_list("first__code", "second__code")
        ],
        "packs": [
            {
                "slug": pack.slug,
                "name": pack.name,
                "cpv_prefixes": pack.cpv_prefixes,
                "measures": [measure.code for measure in pack.measures.all()],
            }
            for pack in packs
        ],
    }
