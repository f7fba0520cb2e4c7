"""Two editions side by side: what a newer one adds, leaves out, re-values and counts in another unit."""

from __future__ import annotations

from itertools import pairwise

from socialvalue.core.actor import Actor
from toms.frameworks import queries as frameworks
from toms.frameworks.queries import EditionInfo, MeasureInfo
from toms.proxies import rules
from toms.proxies.queries import proxies_by_measure


def usual_pair(actor: Actor) -> tuple[str, str] | None:
    """Slugs of the newest edition that has one before it in its family, older first; None when no family has two."""
    found = frameworks.edition_infos(actor)
    for newer, older in pairwise(found):
        if newer.framework_slug == older.framework_slug:
            return older.slug, newer.slug
    return None


def compare_editions(actor: Actor, before: str, after: str) -> rules.Comparison:
    """What is different in ``after``, seen from ``before``. NotVisible when the actor may not read one of them."""
    old, new = frameworks.edition_info(actor, before), frameworks.edition_info(actor, after)
    since = max(old.valid_from, new.valid_from)
    found = rules.difference(_versions(old.id), _versions(new.id), since=since)
    return rules.Comparison(_side(old), _side(new), since, found)


def _side(edition: EditionInfo) -> rules.Side:
    return rules.Side(
        edition.slug, edition.label, edition.name, edition.framework_slug, edition.valid_from
    )


def _versions(edition_id: int) -> list[rules.MeasureVersion]:
    measures = frameworks.measures_of(edition_id)
    values = proxies_by_measure(measure.id for measure in measures)
    found = []
    for measure in measures:
        amounts: dict[rules.Where, list[rules.DatedAmount]] = {}
        for row in values[measure.id]:
            amounts.setdefault((row.value.place, row.value.sector), []).append(
                rules.DatedAmount(row.valid_from, row.value.amount)
            )
        found.append(_version(measure, amounts))
    return found


def _version(
    measure: MeasureInfo, amounts: dict[rules.Where, list[rules.DatedAmount]]
) -> rules.MeasureVersion:
    return rules.MeasureVersion(
        code=measure.code,
        title=measure.title,
        theme=measure.theme_name,
        unit=measure.unit,
        kind=measure.kind_label,
        aggregation=measure.aggregation_label,
        texts={
            "Description": measure.description,
            "Counting rule": measure.counting_rule,
            "What a bidder says": measure.target_requirements,
            "Evidence": measure.evidence,
        },
        amounts=amounts,
    )
