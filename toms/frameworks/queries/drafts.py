"""Editions that an authority writes itself, the one it is working on among them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, QuerySet

from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from toms.frameworks.models import DoubleCountingPair, Edition, Outcome
from toms.frameworks.permissions import may_write
from toms.frameworks.queries.measures import measures_of
from toms.frameworks.rules import OwnMeasure
from toms.frameworks.vocabulary import EditionStatus


@dataclass(frozen=True, slots=True)
class OwnEdition:
    """A version of an authority's own measures; a draft has no day yet that means anything."""

    id: int
    slug: str
    name: str
    label: str
    is_draft: bool
    valid_from: date
    published_at: datetime | None
    checksum: str
    region_id: int | None
    measure_count: int


def own_editions(actor: Actor, family: str) -> list[OwnEdition]:
    """Every version in a family of the actor's organisation, newest first; a draft only for who may write it."""
    if actor.organisation_id is None:
        return []
    rows = Edition.objects.filter(framework__slug=family, holder_id=actor.organisation_id)
    if not may_write(actor, actor.organisation_id):
        rows = rows.filter(status=EditionStatus.PUBLISHED)
    return _read(rows)


def own_edition_row(actor: Actor, family: str, slug: str) -> OwnEdition:
    """One of them. NotVisible for any other, another authority's first of all."""
    found = next((row for row in own_editions(actor, family) if row.slug == slug), None)
    if found is None:
        raise NotVisible
    return found


def _read(rows: QuerySet[Edition]) -> list[OwnEdition]:
    counted = rows.select_related("framework").annotate(many=Count("measures"))
    return [
        OwnEdition(
            row.pk, row.slug, str(row), row.label, row.status == EditionStatus.DRAFT, row.valid_from,
            row.published_at, row.checksum, row.region_id, row.many,
        )
        for row in counted.order_by("-pk")
    ]  # fmt: skip


def written_measures(edition_id: int) -> dict[int, OwnMeasure]:
    """The measures of an edition by id as they were written, in reading order."""
    partners: dict[int, list[str]] = {}
    pairs = DoubleCountingPair.objects.filter(first__edition_id=edition_id)
    for first, second, one, two in pairs.values_list(
        "first_id", "second_id", "first__code", "second__code"
    ):
        partners.setdefault(first, []).append(two)
        partners.setdefault(second, []).append(one)
    return {
        row.id: OwnMeasure(
            code=row.code,
            title=row.title,
            description=row.description,
            theme_slug=row.theme_slug,
            outcome=row.outcome_name,
            unit=row.unit,
            kind=row.kind,
            aggregation=row.aggregation,
            numerator_label=row.numerator_label,
            denominator_label=row.denominator_label,
            target_requirements=row.target_requirements,
            evidence=row.evidence,
            counting_rule=row.counting_rule,
            is_local_employment=row.is_local_employment,
            partners=tuple(sorted(partners.get(row.id, ()))),
            additionality={name: f"{part:f}" for name, _, part in row.additionality.parts()},
        )
        for row in measures_of(edition_id)
    }


@dataclass(frozen=True, slots=True)
class ThemeChoice:
    """A theme a measure may be written under, with the outcomes it has: code and name."""

    code: str
    slug: str
    name: str
    about: str
    position: int
    outcomes: tuple[tuple[str, str], ...]


def theme_choices(edition_id: int) -> list[ThemeChoice]:
    """The themes of an edition in its order."""
    outcomes = (
        Outcome.objects.filter(theme__edition_id=edition_id)
        .select_related("theme")
        .order_by("theme__position", "position")
    )
    found: dict[int, ThemeChoice] = {}
    for row in outcomes:
        theme = row.theme
        known = found.get(theme.pk)
        found[theme.pk] = ThemeChoice(
            theme.code, theme.slug, theme.name, theme.about, theme.position,
            (*(known.outcomes if known else ()), (row.code, row.name)),
        )  # fmt: skip
    return list(found.values())
