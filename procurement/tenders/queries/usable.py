"""What a tender may ask for: of its own edition, and of those its authority uses beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from procurement.procurements.queries import procurement_brief
from procurement.tenders.models import TenderRequirement
from procurement.tenders.rules import Asked, Most, not_in_use, too_many
from socialvalue.core.errors import RuleBroken
from toms.frameworks.queries import (
    EditionInfo,
    InUse,
    MeasureInfo,
    PackInfo,
    ThemeInfo,
    editions_named,
    in_use,
    measure_infos,
    measures_of,
    themes_of,
)

if TYPE_CHECKING:
    from procurement.tenders.models import Tender


@dataclass(frozen=True, slots=True)
class Usable:
    """Measures, themes and packs of the editions a tender asks from; the tender's own edition comes first."""

    measures: list[MeasureInfo]
    themes: list[ThemeInfo]
    packs: list[PackInfo]
    other_editions: dict[int, str]
    """Names of the editions that are not the tender's own, by id."""
    outside: frozenset[int]
    """Measures the tender asks for that are no longer in use: they can only be unticked."""
    most: int | None
    """The most measures the tender may ask for; None: no limit."""


def editions_in_use(tender: Tender) -> InUse:
    """The tender's own edition as it is adopted for the day the procurement commenced, and those beside it."""
    on = procurement_brief(tender.procurement_id).commenced_on
    return in_use(tender.authority_id, on, edition_id=tender.edition_id)


def usable_in(tender: Tender) -> Usable:
    """What may be asked for, and what is asked for already."""
    used = editions_in_use(tender)
    measures: list[MeasureInfo] = []
    themes: list[ThemeInfo] = []
    packs: list[PackInfo] = []
    for row in used.all:
        name = "" if row is used.main else row.edition.name
        allowed = [info for info in measures_of(row.edition.id) if row.allows(info.id)]
        held = {info.theme_id for info in allowed}
        measures += allowed
        themes += [theme for theme in themes_of(row.edition.id) if theme.id in held]
        packs += [_named(pack, row.edition, name) for pack in row.packs()]
    known = {info.id for info in measures}
    left = [info for info in _asked(tender) if info.id not in known]
    others = {row.edition.id: row.edition.name for row in used.beside}
    elsewhere = {info.edition_id for info in left} - {tender.edition_id} - set(others)
    return Usable(
        measures=[*measures, *left],
        themes=themes,
        packs=packs,
        other_editions=others | editions_named(elsewhere),
        outside=frozenset(info.id for info in left),
        most=used.main.max_measures,
    )


def _named(pack: PackInfo, edition: EditionInfo, name: str) -> PackInfo:
    """A pack of an edition beside the tender's own says so, and is told apart from one of the same name."""
    if not name:
        return pack
    return replace(pack, slug=f"{edition.slug}--{pack.slug}", name=f"{pack.name} ({name})")


def _asked(tender: Tender) -> list[MeasureInfo]:
    rows = TenderRequirement.objects.filter(tender=tender).values_list("measure_id", flat=True)
    return list(measure_infos(list(rows)).values())


def usable_breaches(tender: Tender, infos: Iterable[MeasureInfo] | None = None) -> list[str]:
    """What of these measures, or of what the tender asks for, is no longer in use or beyond a maximum, in words."""
    chosen = _asked(tender) if infos is None else list(infos)
    if not chosen:
        return []
    used = editions_in_use(tender)
    by_edition = {row.edition.id: row for row in used.all}
    asked = [
        Asked(
            info.label,
            info.edition_id,
            info.edition_id in by_edition and by_edition[info.edition_id].allows(info.id),
        )
        for info in chosen
    ]
    return [*not_in_use(asked), *too_many(asked, _limits(used))]


def _limits(used: InUse) -> list[Most]:
    main = used.main.max_measures
    return [
        *([Most(main)] if main else []),
        *(
            Most(row.max_measures, row.edition.id, row.edition.name)
            for row in used.beside
            if row.max_measures
        ),
    ]


def check_usable(tender: Tender, measure_ids: Sequence[int]) -> None:
    """RuleBroken for a measure that is not, or no longer, in use, and for more measures than may be asked for.

    A measure that is neither asked for nor of an edition in use is not named: it may be another's.
    """
    infos = measure_infos(measure_ids)
    editions = {row.edition.id for row in editions_in_use(tender).all}
    already = {info.id for info in _asked(tender)}
    for pk in measure_ids:
        if pk not in infos or (infos[pk].edition_id not in editions and pk not in already):
            raise RuleBroken("Choose measures from the list of this tender's editions only.")
    broken = usable_breaches(tender, infos.values())
    if broken:
        raise RuleBroken(
            broken[0], field="measures", more=[("measures", text) for text in broken[1:]]
        )


def newer_edition(tender: Tender) -> EditionInfo | None:
    """The main edition the authority uses now for the day the procurement commenced, where it is another.

    Only while the tender asks for nothing: a choice of measures is of the edition it was made from.
    """
    if TenderRequirement.objects.filter(tender=tender).exists():
        return None
    on = procurement_brief(tender.procurement_id).commenced_on
    main = in_use(tender.authority_id, on).main.edition
    return main if main.id != tender.edition_id else None
