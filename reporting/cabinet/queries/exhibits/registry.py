"""Which builder makes which exhibit."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse

from reporting.cabinet.queries.exhibits import everywhere, own, regional
from reporting.cabinet.rules.content import Json
from reporting.cabinet.rules.exhibits import About, about, has_exhibit
from reporting.figures.queries.reading import Reading
from reporting.showcase import queries as showcase
from reporting.showcase.queries import PublishedStory
from socialvalue.core.errors import NotVisible
from socialvalue.core.money import pounds
from socialvalue.core.periods import uk_date

Builder = Callable[[Reading], Json]
BUILDERS: dict[tuple[str, str], Builder] = {
    ("chart", "themes"): everywhere.theme_bars,
    ("chart", "quarters"): everywhere.quarter_bars,
    ("chart", "directorates"): own.directorate_bars,
    ("chart", "sizes"): own.size_bars,
    ("chart", "members"): regional.member_bars,
    ("table", "themes"): everywhere.themes,
    ("table", "quarters"): everywhere.quarters,
    ("table", "environment"): everywhere.environment,
    ("table", "measures"): everywhere.measures,
    ("table", "compared"): everywhere.compared,
    ("table", "editions"): everywhere.editions,
    ("table", "contracts"): own.contracts,
    ("table", "shortfalls"): own.shortfalls,
    ("table", "overseeing"): own.cost_beside_benefit,
    ("table", "remedies"): own.remedies,
    ("table", "directorates"): own.directorates,
    ("table", "sizes"): own.sizes,
    ("table", "suppliers"): own.suppliers,
    ("table", "routes"): own.routes,
    ("table", "members"): regional.members,
    ("table", "targets"): regional.targets,
}
"""All of ``rules.exhibits`` but the definitions, which are made of the figures themselves."""


def about_of(reading: Reading) -> About:
    return about(region=reading.scope.region_id, directorate=reading.scope.directorate)


def built(reading: Reading, kind: str, name: str) -> Json | None:
    """An exhibit with its two variants; None when reports of this scope have none of this name."""
    if not has_exhibit(kind, name, about_of(reading)) or (kind, name) not in BUILDERS:
        return None
    return BUILDERS[kind, name](reading)


def has_rows(found: Json | None) -> bool:
    return bool(found and (found["money"].get("rows") or found["money"].get("categories")))


def story(authority_id: int, slug: str) -> Json | None:
    """A published story of the authority; None when there is none of this name, or it may not be told now."""
    try:
        found = showcase.published_story(slug)
    except NotVisible:
        return None
    return _story(found) if found.card.authority_id == authority_id else None


def _story(found: PublishedStory) -> Json:
    card, under = found.card, found.card.contract
    return {
        "title": card.title,
        "summary": card.summary,
        "paragraphs": list(found.paragraphs),
        "supplier": card.supplier_name,
        "contract": under.title if under else "",
        "figures": [
            {
                "label": row.label,
                "shown": row.shown,
                "value": pounds(row.value) if row.value is not None else "",
                "opens": f"{under.entries_url}&measure={row.measure_id}",
            }
            for row in under.figures
        ]
        if under
        else [],
        "consent": (
            "Everybody who can be recognised in this story agreed that it is told. "
            f"Published on {uk_date(card.published_on)}."
        ),
        "url": reverse("reporting:open_data:story", args=[card.authority_slug, card.slug]),
    }
