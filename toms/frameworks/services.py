"""Editions: written as a draft, published once, never changed after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, RuleBroken
from toms.frameworks.models import (
    DoubleCountingPair,
    Edition,
    Framework,
    Measure,
    MeasurePack,
    Outcome,
    Theme,
)
from toms.frameworks.vocabulary import EditionStatus, FrameworkDeed
from toms.valuation.rules import natural_key


@dataclass(frozen=True, slots=True)
class EditionInput:
    """A whole edition as read from a file. Every mapping keeps the names of the data file."""

    framework: Mapping[str, str]
    slug: str
    label: str
    valid_from: date
    valid_to: date | None
    themes: Sequence[Mapping[str, Any]]
    measures: Sequence[Mapping[str, Any]]
    double_counting: Sequence[Sequence[str]]
    packs: Sequence[Mapping[str, Any]]


def _only_platform(actor: Actor) -> None:
    if not actor.is_system:
        raise NotAllowed("Measure sets are loaded by the platform.")


@transaction.atomic
def draft_edition(*, actor: Actor, edition: EditionInput) -> tuple[Edition, dict[str, int]]:
    """Write a draft edition with all that hangs from it. Returns it and the measure ids by code.

    RuleBroken when an edition of that name exists.
    """
    _only_platform(actor)
    if Edition.objects.filter(slug=edition.slug).exists():
        raise RuleBroken(f"There is an edition called {edition.slug} already.")
    framework, _ = Framework.objects.update_or_create(
        slug=edition.framework["slug"],
        defaults={key: edition.framework[key] for key in ("name", "owner", "licence", "about")},
    )
    row = Edition.objects.create(
        framework=framework,
        slug=edition.slug,
        label=edition.label,
        valid_from=edition.valid_from,
        valid_to=edition.valid_to,
    )
    outcomes = _add_themes(row, edition.themes)
    measures = _add_measures(row, edition.measures, outcomes)
    _add_pairs(edition.double_counting, measures)
    for pack in edition.packs:
        added = MeasurePack.objects.create(
            edition=row,
            slug=pack["slug"],
            name=pack["name"],
            cpv_prefixes=list(pack["cpv_prefixes"]),
        )
        added.measures.set([measures[code] for code in pack["measures"]])
    record(
        actor=actor,
        deed=FrameworkDeed.EDITION_LOADED,
        sentence=f"{row} was loaded with {len(measures)} measures.",
        target=row,
    )
    return row, measures


def _add_themes(edition: Edition, themes: Sequence[Mapping[str, Any]]) -> dict[str, Outcome]:
    outcomes: dict[str, Outcome] = {}
    for position, theme in enumerate(themes, start=1):
        row = Theme.objects.create(
            edition=edition,
            code=theme["code"],
            slug=theme["slug"],
            name=theme["name"],
            about=theme.get("about", ""),
            position=position,
        )
        for place, outcome in enumerate(theme["outcomes"], start=1):
            outcomes[outcome["code"]] = Outcome.objects.create(
                theme=row, code=outcome["code"], name=outcome["name"], position=place
            )
    return outcomes


def _add_measures(
    edition: Edition, measures: Sequence[Mapping[str, Any]], outcomes: Mapping[str, Outcome]
) -> dict[str, int]:
    Measure.objects.bulk_create(
        Measure(
            edition=edition,
            outcome=outcomes[row["outcome"]],
            code=row["code"],
            code_sort=natural_key(row["code"]),
            title=row["title"],
            description=row["description"],
            unit=row["unit"],
            unit_parts=list(row["unit_parts"]),
            kind=row["kind"],
            aggregation=row["aggregation"],
            numerator_label=row.get("numerator_label") or "",
            denominator_label=row.get("denominator_label") or "",
            target_requirements=row.get("target_requirements", ""),
            evidence=row["evidence"],
            counting_rule=row["counting_rule"],
            objectives=[
                *row.get("objectives", ()),
                *row.get("national_2021", ()),
                *row.get("national_2025", ()),
            ],
            is_local_employment=row.get("is_local_employment", False),
        )
        for row in measures
    )
    return dict(Measure.objects.filter(edition=edition).values_list("code", "pk"))


def _add_pairs(pairs: Sequence[Sequence[str]], measures: Mapping[str, int]) -> None:
    ids = {tuple(sorted((measures[first], measures[second]))) for first, second in pairs}
    DoubleCountingPair.objects.bulk_create(
        DoubleCountingPair(first_id=first, second_id=second) for first, second in sorted(ids)
    )


@transaction.atomic
def publish_edition(*, actor: Actor, edition_id: int, checksum: str) -> None:
    """Publish a draft: from now on the database refuses any change under it. Conflict when it is published already."""
    _only_platform(actor)
    moved = Edition.objects.filter(pk=edition_id, status=EditionStatus.DRAFT).update(
        status=EditionStatus.PUBLISHED, published_at=clock.now(), checksum=checksum
    )
    if not moved:
        raise Conflict("This edition is published already.")
    edition = Edition.objects.select_related("framework").get(pk=edition_id)
    record(
        actor=actor,
        deed=FrameworkDeed.EDITION_PUBLISHED,
        sentence=f"{edition} was published.",
        target=edition,
        after={"checksum": checksum},
    )
