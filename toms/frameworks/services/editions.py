"""Editions: written as a draft, published once, never changed after."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.bulk import Plain, insert_rows, keys_of
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
from toms.frameworks.permissions import may_write
from toms.frameworks.rules import with_certainty
from toms.frameworks.vocabulary import EditionStatus, FrameworkDeed
from toms.valuation.rules import natural_key

_RESTS_ON_IT = {
    "toms.Adoption": "a council or a region adopted it",
    "toms.MeasureMapping": "a crosswalk of a region maps its measures",
}


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
    holder_id: int | None = None
    """The organisation whose licence it is held under; None: open to everybody."""
    region_id: int | None = None


def _allow(actor: Actor, holder_id: int | None) -> None:
    if not may_write(actor, holder_id):
        raise NotAllowed(
            "Measure sets are loaded by the platform, or by their holder's policy owner."
        )


@transaction.atomic
def draft_edition(
    *, actor: Actor, edition: EditionInput, verb: str = "loaded"
) -> tuple[Edition, dict[str, int]]:
    """Write a draft edition with all that hangs from it. Returns it and the measure ids by code.

    ``verb`` is what its history says was done: loaded from a file, or started by a person.

    RuleBroken when an edition of that name exists.
    """
    _allow(actor, edition.holder_id)
    if Edition.objects.filter(slug=edition.slug).exists():
        raise RuleBroken(f"There is an edition called {edition.slug} already.")
    framework = _framework(edition)
    row = Edition.objects.create(
        framework=framework,
        slug=edition.slug,
        label=edition.label,
        valid_from=edition.valid_from,
        valid_to=edition.valid_to,
        holder_id=edition.holder_id,
        region_id=edition.region_id,
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
        sentence=f"{row} was {verb} with {_many(measures)}.",
        target=row,
    )
    return row, measures


def _many(measures: Mapping[str, int]) -> str:
    return f"{len(measures)} measure{'' if len(measures) == 1 else 's'}"


def _framework(edition: EditionInput) -> Framework:
    """The family, as the file names it. Another holder's family is never touched."""
    said = {key: edition.framework[key] for key in ("name", "owner", "licence", "about")}
    slug = edition.framework["slug"]
    known = Framework.objects.filter(slug=slug).first()
    if known is not None and known.holder_id != edition.holder_id:
        raise RuleBroken("A framework of this name is held by somebody else. Give it another name.")
    family, _ = Framework.objects.update_or_create(
        slug=slug, defaults=said | {"holder_id": edition.holder_id}
    )
    return family


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
    places = {code: outcome.pk for code, outcome in outcomes.items()}
    insert_rows(
        Measure,
        (
            "edition_id", "outcome_id", "code", "code_sort", "title", "description", "unit", "unit_parts",
            "kind", "aggregation", "numerator_label", "denominator_label", "target_requirements",
            "evidence", "counting_rule", "objectives", "is_local_employment", "additionality",
        ),
        [_plain(edition.pk, places[row["outcome"]], row) for row in measures],
    )  # fmt: skip
    return keys_of(Measure, "code", edition_id=edition.pk)


def _plain(edition_id: int, outcome_id: int, row: Mapping[str, Any]) -> tuple[Plain, ...]:
    get = row.get
    objectives = get("objectives") or []
    if "national_2021" in row or "national_2025" in row:
        objectives = [*objectives, *get("national_2021", ()), *get("national_2025", ())]
    certainty, taken_off = get("certainty", ""), get("additionality")
    return (
        edition_id,
        outcome_id,
        row["code"],
        natural_key(row["code"]),
        row["title"],
        with_certainty(row["description"], certainty) if certainty else row["description"],
        row["unit"],
        _parts(*[part["name"] for part in row["unit_parts"]]),
        row["kind"],
        row["aggregation"],
        get("numerator_label") or "",
        get("denominator_label") or "",
        get("target_requirements", ""),
        row["evidence"],
        row["counting_rule"],
        json.dumps(objectives) if objectives else "[]",
        bool(get("is_local_employment", False)),
        json.dumps(taken_off) if taken_off else "{}",
    )


@lru_cache(maxsize=1024)
def _parts(*names: str) -> str:
    return json.dumps([{"name": name} for name in names])


def _add_pairs(pairs: Sequence[Sequence[str]], measures: Mapping[str, int]) -> None:
    ids = {tuple(sorted((measures[first], measures[second]))) for first, second in pairs}
    DoubleCountingPair.objects.bulk_create(
        DoubleCountingPair(first_id=first, second_id=second) for first, second in sorted(ids)
    )


@transaction.atomic
def publish_edition(*, actor: Actor, edition_id: int, checksum: str) -> None:
    """Publish a draft: from now on the database refuses any change under it. Conflict when it is published already."""
    _allow(actor, _holder_of(edition_id))
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


def _holder_of(edition_id: int) -> int | None:
    return Edition.objects.filter(pk=edition_id).values_list("holder_id", flat=True).first()


@transaction.atomic
def withdraw_edition(*, actor: Actor, edition_id: int) -> None:
    """Begin taking back a licensed edition: once and for good. ``remove_withdrawn`` follows in the same transaction."""
    holder_id = _holder_of(edition_id)
    _allow(actor, holder_id)
    moved = Edition.objects.filter(
        pk=edition_id, holder__isnull=False, withdrawn_at__isnull=True
    ).update(withdrawn_at=clock.now())
    if not moved:
        raise Conflict("This edition was taken back already.")


@transaction.atomic
def remove_withdrawn(*, actor: Actor, edition_id: int) -> None:
    """Remove a withdrawn edition and all that hangs from it; its family too when nothing is left of it.

    RuleBroken, with the reason, when it was adopted, is in a crosswalk, or when a tender, a contract or a report rests
    on it: the database protects what is used.
    """
    edition = Edition.objects.select_related("framework").get(pk=edition_id)
    _allow(actor, edition.holder_id)
    if edition.withdrawn_at is None:
        raise Conflict("Only an edition that was withdrawn is removed.")
    family, name = edition.framework, str(edition)
    try:
        DoubleCountingPair.objects.filter(first__edition=edition).delete()
        MeasurePack.objects.filter(edition=edition).delete()
        Measure.objects.filter(edition=edition).delete()
        Outcome.objects.filter(theme__edition=edition).delete()
        Theme.objects.filter(edition=edition).delete()
        record(
            actor=actor,
            deed=FrameworkDeed.EDITION_TAKEN_BACK,
            sentence=f"{name} was taken back before it was used.",
            target=edition,
        )
        edition.delete()
    except ProtectedError as error:
        raise RuleBroken(
            f"This edition is in use, so it stays: {_why_protected(error)}."
        ) from error
    if not family.editions.exists():
        # Priorities and aliases name a family, not an edition: while one does, the family stays without editions.
        with suppress(ProtectedError), transaction.atomic():
            family.delete()


def _why_protected(error: ProtectedError) -> str:
    """Who rests on what was to be removed, in words: all that the database named."""
    kinds = {row._meta.label for row in error.protected_objects}
    said = [reason for label, reason in _RESTS_ON_IT.items() if label in kinds]
    if kinds - _RESTS_ON_IT.keys():
        said.append("a tender, a contract or a report rests on its measures")
    return " and ".join(said)
