"""A second opinion: commitments or entries under another edition, beside what they were valued at.

Nothing is written and nothing is kept: this is another view of the same deliveries.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from socialvalue.accounts.queries import region_of
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from toms.frameworks import queries as frameworks
from toms.frameworks.queries import EditionInfo, MeasureInfo, Readership
from toms.frameworks.vocabulary import DEFAULT_FRAMEWORK
from toms.priorities.models import CodeAlias
from toms.priorities.queries.resolving import ground, refs
from toms.priorities.queries.reviewing import OpinionLine, Reviewer
from toms.priorities.rules.crosswalk import RegionalMeasures, resolve
from toms.priorities.rules.opinions import (
    Known,
    Mapped,
    Place,
    Terms,
    ValuedRow,
    counterpart,
)
from toms.priorities.vocabulary import Counted
from toms.proxies.queries import places, proxies_by_measure
from toms.proxies.rules import place_name
from toms.valuation.rules import Totals, totals

if TYPE_CHECKING:
    from toms.frameworks.models import Edition

HUNDRED = Decimal(100)
FROZEN = "Nothing is changed: this is another view of the same deliveries."


@dataclass(frozen=True, slots=True)
class Opinion:
    """Every line with its sums. The sums are of the rounded figures shown."""

    edition: EditionInfo
    terms: Terms
    lines: tuple[OpinionLine, ...]
    totals: Totals

    @property
    def switched_on(self) -> list[str]:
        return in_words(self.terms)


def reviewer(
    actor: Actor,
    edition_slug: str,
    measure_ids: Collection[int],
    *,
    terms: Terms | None = None,
    authority_id: int | None = None,
    reader: Readership | None = None,
) -> Reviewer:
    """All that is needed to value rows of these measures under an edition, in a fixed number of queries.

    The crosswalk is that of the region of ``authority_id``, else of the actor's own organisation. ``reader``: who is
    not told titles under another's licence. NotVisible when the actor may not read the edition.
    """
    edition = frameworks.edition_info(actor, edition_slug)
    here = frameworks.measure_infos(measure_ids, reader)
    there = {found.id: found for found in frameworks.measures_of(edition.id)}
    families = {
        pk: row.framework for pk, row in frameworks.editions_by_id(
            {found.edition_id for found in here.values()}
        ).items()
    }  # fmt: skip
    place = Place(
        edition.id,
        edition.framework_slug,
        edition.name,
        {found.code: _known(found, edition.framework_slug) for found in there.values()},
    )
    known_as = _aliases(
        {family.slug: {family.slug, family.name.casefold()} for family in families.values()},
        {edition.framework_slug, edition.framework_name.casefold()},
        edition.framework_slug,
    )
    decided = _decided(actor, authority_id, here.values(), there.values(), place)
    counterparts = {}
    for pk, measure in here.items():
        family = families[measure.edition_id].slug
        counterparts[pk] = counterpart(
            _known(measure, family),
            place,
            mapped=decided.get(pk),
            aliases=known_as(family, measure.code),
        )
    found_ids = {row.measure_id for row in counterparts.values() if row.measure_id is not None}
    return Reviewer(
        edition, terms or Terms(), {**there, **here}, counterparts, proxies_by_measure(found_ids)
    )


def _known(measure: MeasureInfo, family: str) -> Known:
    return Known(measure.id, measure.code, measure.unit, measure.edition_id, family)


def _aliases(
    families: Mapping[str, set[str]], other_names: set[str], other: str
) -> Callable[[str, str], set[str]]:
    """Codes by which the other family knows one of these measures, whichever of the two families says so."""
    rows = CodeAlias.objects.filter(framework__slug__in=[*families, other]).values_list(
        "framework__slug", "code", "family", "alias"
    )
    found: dict[tuple[str, str], set[str]] = {}
    for slug, code, named, alias in rows:
        name = named.casefold()
        if name in other_names:
            found.setdefault((slug, code), set()).add(alias)
        if slug == other:
            for family, names in families.items():
                if name in names:
                    found.setdefault((family, alias), set()).add(code)
    return lambda family, code: found.get((family, code), set())


def _decided(
    actor: Actor,
    authority_id: int | None,
    sources: Iterable[MeasureInfo],
    targets: Iterable[MeasureInfo],
    place: Place,
) -> dict[int, Mapped]:
    """What the region's crosswalk says of these measures, where it leads into the edition."""
    asked = authority_id if authority_id is not None else actor.organisation_id
    region = region_of(asked, clock.today()) if asked is not None else None
    if region is None:
        return {}
    decisions = [
        row
        for row in ground(region.pk, clock.today()).decisions
        if row.target is not None and row.target.family == place.family
    ]
    if not decisions:
        return {}
    there = refs(targets)
    edition = RegionalMeasures.of(there.values())
    found = {}
    for pk, source in refs(sources).items():
        resolved = resolve(source, edition, decisions)
        if resolved.standing == Counted.MAPPED and resolved.target_id is not None:
            target = place.measures[there[resolved.target_id].code]
            found[pk] = Mapped(target, resolved.factor)
    return found


def second_opinion(
    actor: Actor,
    rows: Iterable[ValuedRow],
    edition_slug: str,
    *,
    terms: Terms | None = None,
    authority_id: int | None = None,
) -> Opinion:
    """Every row under another edition, with its working, beside what it was valued at. Changes nothing.

    The caller has shown that the actor may see the rows. NotVisible when the actor may not read the edition.
    """
    rows = list(rows)
    looks = reviewer(
        actor,
        edition_slug,
        {row.measure_id for row in rows},
        terms=terms,
        authority_id=authority_id,
    )
    lines = tuple(looks.line(row) for row in rows)
    return Opinion(looks.edition, looks.terms, lines, totals(line.compared for line in lines))


@dataclass(frozen=True, slots=True)
class EditionChoices:
    """Slug and name of the editions to choose from, and the one that is chosen first; empty when there is none."""

    editions: list[tuple[str, str]]
    chosen: str


def edition_choices(actor: Actor, *, awarded_in: Collection[int]) -> EditionChoices:
    """The editions the actor may read; another than the ones awarded in is chosen first, of the same family if any."""
    found = frameworks.edition_infos(actor)
    own = {row.framework_slug for row in found if row.id in awarded_in}
    others = [row for row in found if row.id not in awarded_in]
    others.sort(key=lambda row: row.framework_slug not in own)
    first = next(iter((*others, *found)), None)
    return EditionChoices([(row.slug, row.name) for row in found], first.slug if first else "")


def edition_title(edition: Edition) -> str:
    """An edition by its own name, and its family's where the label alone does not say which."""
    family = edition.framework
    if family.slug == DEFAULT_FRAMEWORK or edition.label.startswith(family.name):
        return edition.label
    return f"{family.name}, {edition.label}"


def places_of(actor: Actor, edition_slug: str) -> list[tuple[str, str]]:
    """The places an edition holds values for, slug and name. NotVisible as for the edition."""
    edition = frameworks.edition_info(actor, edition_slug)
    return [(slug, place_name(slug)) for slug in places(edition.id)]


def in_words(terms: Terms) -> list[str]:
    """What is switched on, one sentence each; nothing is switched on unless asked for."""
    said = []
    if terms.place:
        said.append(
            f"Everything is valued at {place_name(terms.place)}, wherever it was delivered."
        )
    if any(terms.additionality.parts()):
        said.append(f"Taken off: {terms.additionality.in_words}.")
    if terms.is_discounted:
        how = (
            "the Green Book schedule, 3.5% a year at first"
            if terms.rate is None
            else f"{(terms.rate * HUNDRED).normalize():f}% a year"
        )
        said.append(f"Later years are discounted by {how}. A contract's first year is year 0.")
    return said
