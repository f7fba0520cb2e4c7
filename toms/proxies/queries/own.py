"""An authority's own measures: the version being written, those published, and what a version lacks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from socialvalue.accounts import queries as accounts
from socialvalue.audit.queries import HistoryLine, history_of
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from toms.frameworks import queries as frameworks
from toms.frameworks.permissions import may_write
from toms.frameworks.queries import OwnEdition, ThemeChoice
from toms.frameworks.rules import OwnMeasure, initials, missing_from, next_code, own_family
from toms.frameworks.vocabulary import Aggregation, MeasureKind
from toms.proxies.models import Proxy
from toms.proxies.queries import UnitValue
from toms.proxies.queries.exporting import value_rows
from toms.proxies.rules import OwnValue


@dataclass(frozen=True, slots=True)
class Owner:
    """The authority whose measures these are."""

    id: int
    name: str
    slug: str

    @property
    def family(self) -> str:
        return own_family(self.slug)


@dataclass(frozen=True, slots=True)
class OwnLine:
    """One measure with its value, as it was written."""

    id: int
    measure: OwnMeasure
    theme_name: str
    value: OwnValue | None

    @property
    def kind_label(self) -> str:
        return MeasureKind(self.measure.kind).label

    @property
    def aggregation_label(self) -> str:
        return Aggregation(self.measure.aggregation).label

    @property
    def taken_off(self) -> str:
        """``deadweight 27%, leakage 5%``; "" when the method takes nothing off."""
        return ", ".join(
            f"{name} {(Decimal(text) * 100).normalize():f}%"
            for name, text in self.measure.additionality.items()
        )

    @property
    def unit_value(self) -> UnitValue | None:
        """Its value as every page shows one: with the working behind it. None without a value of its own."""
        if self.value is None:
            return None
        it = self.value
        return UnitValue(
            it.amount, it.source_name, it.price_year, "", it.method, it.source_url, it.licence
        )


@dataclass(frozen=True, slots=True)
class OwnVersion:
    """A version with its measures. ``seen`` changes with everything it says: what an edit was made against."""

    edition: OwnEdition
    lines: tuple[OwnLine, ...]
    seen: str
    may_write: bool
    region_name: str
    history: tuple[HistoryLine, ...]

    def line(self, measure_id: int) -> OwnLine:
        """NotVisible when it is not in this version."""
        found = next((line for line in self.lines if line.id == measure_id), None)
        if found is None:
            raise NotVisible
        return found


@dataclass(frozen=True, slots=True)
class ShelfLine:
    """A version on the list; ``state`` is draft, in_use, planned or published."""

    edition: OwnEdition
    state: str


@dataclass(frozen=True, slots=True)
class Shelf:
    owner: Owner
    lines: tuple[ShelfLine, ...]
    may_write: bool

    @property
    def draft(self) -> OwnEdition | None:
        return next((line.edition for line in self.lines if line.edition.is_draft), None)


def owner_of(actor: Actor) -> Owner:
    """The authority the actor acts for. NotVisible for anybody else."""
    found = accounts.authorities().filter(pk=actor.organisation_id or 0).first()
    if found is None:
        raise NotVisible
    return Owner(found.pk, found.name, found.slug)


def own_shelf(actor: Actor, today: date) -> Shelf:
    """Every version of the actor's authority, newest first, with where it stands on that day."""
    owner = owner_of(actor)
    editions = frameworks.own_editions(actor, owner.family)
    used = {row.edition.id for row in _used(owner, today)}
    lines = (ShelfLine(row, _state(row, row.id in used, today)) for row in editions)
    return Shelf(owner, tuple(lines), may_write(actor, owner.id))


def _state(row: OwnEdition, is_used: bool, today: date) -> str:
    if row.is_draft:
        return "draft"
    if is_used:
        return "in_use"
    return "planned" if row.valid_from > today else "published"


def _used(owner: Owner, today: date) -> tuple[frameworks.EditionUsed, ...]:
    try:
        return frameworks.in_use(owner.id, today).all
    except NotVisible:  # nothing is loaded yet
        return ()


def own_version(actor: Actor, slug: str) -> OwnVersion:
    """One version with all it says. NotVisible for another authority's, and for a draft to who may not write it."""
    owner = owner_of(actor)
    edition = frameworks.own_edition_row(actor, owner.family, slug)
    regions = accounts.regions(frozenset({edition.region_id} if edition.region_id else ()))
    return OwnVersion(
        edition=edition,
        lines=lines_of(edition.id),
        seen=seen(edition.id),
        may_write=may_write(actor, owner.id),
        region_name=", ".join(row.name for row in regions),
        history=tuple(history_of(target_type="edition", target_id=edition.id)),
    )


def lines_of(edition_id: int) -> tuple[OwnLine, ...]:
    names = {row.slug: row.name for row in frameworks.themes_of(edition_id)}
    rows = Proxy.objects.filter(measure__edition_id=edition_id).order_by("valid_from")
    values = {row.measure_id: _value(row) for row in rows}
    return tuple(
        OwnLine(pk, measure, names[measure.theme_slug], values.get(pk))
        for pk, measure in frameworks.written_measures(edition_id).items()
    )


def _value(row: Proxy) -> OwnValue:
    return OwnValue(
        row.amount, row.price_year, row.source_name, row.source_url, row.licence, row.method
    )


def seen(edition_id: int) -> str:
    """SHA-256 of all that a version says: equal exactly when two look the same."""
    rows = frameworks.edition_rows(edition_id)
    pairs = sorted(sorted((row["first"], row["second"])) for row in rows["double_counting"])
    edition = frameworks.editions_by_id([edition_id])[edition_id]
    family = edition.framework
    said = {
        "edition": [
            family.name, family.owner, family.licence, edition.label,
            edition.valid_from.isoformat(), edition.region_id,
        ],
        "themes": rows["themes"],
        "measures": rows["measures"],
        "double_counting": pairs,
        "takes_off": {
            row.code: dict(row.additionality)
            for row in frameworks.written_measures(edition_id).values()
        },
        "values": value_rows(edition_id),
    }  # fmt: skip
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def own_themes(owner: Owner, edition_id: int, today: date) -> list[ThemeChoice]:
    """The themes a measure may stand under: those of the edition the authority uses, so that totals meet, and its own.

    A theme keeps its slug from edition to edition: dashboards put measures of two editions on one line by it.
    """
    used = _used(owner, today)
    main = frameworks.theme_choices(used[0].edition.id) if used else []
    mine = {row.slug: row for row in frameworks.theme_choices(edition_id)}
    both = [_with_outcomes(row, mine.pop(row.slug, None)) for row in main]
    return [*both, *mine.values()]


def _with_outcomes(theme: ThemeChoice, mine: ThemeChoice | None) -> ThemeChoice:
    """The theme with the outcomes of both; one that both have is written as it stands in the draft."""
    if mine is None:
        return theme
    written = {name.casefold(): (code, name) for code, name in mine.outcomes}
    both = [written.pop(name.casefold(), (code, name)) for code, name in theme.outcomes]
    return ThemeChoice(
        theme.code, theme.slug, theme.name, theme.about, theme.position, (*both, *written.values())
    )


def codes_used_elsewhere(owner: Owner, today: date) -> Mapping[str, str]:
    """Codes, in small letters, of the other editions the authority uses, and the name of the edition each is in."""
    return {
        measure.code.casefold(): used.edition.name
        for used in _used(owner, today)
        if used.edition.framework_slug != owner.family
        for measure in frameworks.measures_of(used.edition.id)
    }


def suggested_code(owner: Owner, version: OwnVersion) -> str:
    return next_code(initials(owner.name), [line.measure.code for line in version.lines])


def last_published(actor: Actor, owner: Owner) -> OwnEdition | None:
    """The version that a new one starts from: the one that holds last."""
    rows = [row for row in frameworks.own_editions(actor, owner.family) if not row.is_draft]
    return max(rows, key=lambda row: (row.valid_from, row.id), default=None)


def lacks(actor: Actor, version: OwnVersion) -> list[str]:
    """What keeps a draft from being published, a sentence each."""
    if not version.lines:
        return ["There is no measure in this version. Add one."]
    found = [text for line in version.lines for text in missing_from(line.measure)]
    found += [
        f"{line.measure.code} needs the value of one unit."
        for line in version.lines
        if line.measure.kind == MeasureKind.PROXY and line.value is None
    ]
    before = last_published(actor, owner_of(actor))
    if not found and before is not None and _said(lines_of(before.id)) == _said(version.lines):
        found.append(f"It says the same as {before.label}. Change a measure, or discard the draft.")
    return found


def _said(lines: tuple[OwnLine, ...]) -> list[tuple[OwnMeasure, OwnValue | None]]:
    return [(line.measure, line.value) for line in lines]


def regions_led(actor: Actor) -> list[tuple[int, str]]:
    """The regions the actor's authority leads: id and name."""
    return [(row.pk, row.name) for row in accounts.regions(actor.region_ids)]


def facts(line: OwnLine) -> dict[str, str]:
    """What is written of a measure, by the name shown, in words: for its history and for who saved second."""
    measure, value = line.measure, line.value
    found = {
        "Code": measure.code,
        "Title": measure.title,
        "Description": measure.description,
        "Theme": line.theme_name,
        "Outcome": measure.outcome,
        "Unit": measure.unit,
        "Kind": line.kind_label,
        "How it adds up": line.aggregation_label,
        "Top of the ratio": measure.numerator_label,
        "Bottom of the ratio": measure.denominator_label,
        "Counting rule": measure.counting_rule,
        "What a bidder says": measure.target_requirements,
        "Evidence": measure.evidence,
        "Local employment": "Yes" if measure.is_local_employment else "No",
        "May count the same as": ", ".join(measure.partners),
        "Taken off": line.taken_off,
    }
    if value is not None and line.unit_value is not None:
        found |= {
            "£ of one unit": line.unit_value.shown,
            "Prices of": value.price_year,
            "Source": value.source_name,
            "Source link": value.source_url,
            "Licence": value.licence,
            "Method": value.method,
        }
    return found
