"""Measures with the family and the outcome they stand in, by code: what links across editions rest on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from toms.frameworks.models import Framework, Measure


@dataclass(frozen=True, slots=True)
class FamilyMeasure:
    """A measure as its whole family knows it."""

    id: int
    code: str
    title: str
    unit: str
    edition_id: int
    edition_slug: str
    family: str
    theme_name: str
    outcome_code: str
    outcome_name: str
    objectives: tuple[str, ...]

    @property
    def label(self) -> str:
        return f"{self.code} {self.title}"


def family_measures(
    *, ids: Iterable[int] | None = None, edition_ids: Iterable[int] | None = None
) -> list[FamilyMeasure]:
    """These measures, or every one of these editions, in reading order, in one query."""
    rows = Measure.objects.all()
    if ids is not None:
        rows = rows.filter(pk__in=set(ids))
    if edition_ids is not None:
        rows = rows.filter(edition_id__in=set(edition_ids))
    values = rows.order_by(
        "edition_id", "outcome__theme__position", "outcome__position", "code_sort"
    ).values_list(
        "pk", "code", "title", "unit", "edition_id", "edition__slug", "edition__framework__slug",
        "outcome__theme__name", "outcome__code", "outcome__name", "objectives",
    )  # fmt: skip
    return [FamilyMeasure(*row[:-1], tuple(row[-1])) for row in values]


def family_ids(slugs: Iterable[str]) -> dict[str, int]:
    """The key of each of these families that there is, by its slug."""
    return dict(Framework.objects.filter(slug__in=set(slugs)).values_list("slug", "pk"))
