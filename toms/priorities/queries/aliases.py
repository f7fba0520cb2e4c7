"""The codes by which other families know much the same measures. Bare codes; public knowledge."""

from __future__ import annotations

from dataclasses import dataclass

from toms.frameworks import queries as frameworks
from toms.frameworks.queries import EditionInfo, MeasureInfo
from toms.priorities.models import CodeAlias
from toms.priorities.rules import Alias
from toms.valuation.rules import natural_key


@dataclass(frozen=True, slots=True)
class AliasLine:
    """One code elsewhere, how sure that is, and our measure."""

    family: str
    alias: str
    certainty: str
    measure: MeasureInfo
    edition: EditionInfo


def all_aliases() -> list[Alias]:
    rows = CodeAlias.objects.values_list("framework__slug", "code", "family", "alias")
    return [Alias(*row) for row in rows]


def aliases_of(framework_slug: str, code: str) -> list[tuple[str, str, str]]:
    """Family, code there and certainty, of one measure."""
    rows = CodeAlias.objects.filter(framework__slug=framework_slug, code=code)
    return list(rows.order_by("family", "alias").values_list("family", "alias", "certainty"))


def alias_lines(edition: EditionInfo, text: str = "") -> list[AliasLine]:
    """Every alias of the measures of an edition, by the code it has elsewhere; ``text`` narrows to lines that hold
    every word of it."""
    measures = {row.code: row for row in frameworks.measures_of(edition.id)}
    rows = CodeAlias.objects.filter(framework__slug=edition.framework_slug)
    found = [
        AliasLine(row.family, row.alias, row.certainty, measures[row.code], edition)
        for row in rows
        if row.code in measures
    ]
    words = text.casefold().split()
    return sorted(
        (line for line in found if all(word in _said(line) for word in words)),
        key=lambda line: (line.family, natural_key(line.alias), line.measure.code_sort),
    )


def _said(line: AliasLine) -> str:
    return f"{line.family} {line.alias} {line.measure.label}".casefold()
