"""An invented open edition whose values depend on place and sector, written by the services."""

from __future__ import annotations

from datetime import date
from typing import Any

from socialvalue.core.actor import SYSTEM
from toms.frameworks.models import Edition, Measure
from toms.frameworks.services import EditionInput, draft_edition, publish_edition
from toms.proxies.services import add_proxies

KINDS = {
    "LAN1": "localised",
    "LAN2": "localised",
    "LAN3": "localised",
    "LAN4": "proxy",
    "LAN5": "record_only",
}
VALUES = {
    "LAN1": [("coventry", "construction", "10"), ("coventry", "retail", "7"), ("", "retail", "5")],
    "LAN2": [("coventry", "", "20"), ("derby", "", "18")],
    "LAN3": [("", "construction", "30")],
    "LAN4": [("", "", "1"), ("coventry", "", "2"), ("", "retail", "3"), ("coventry", "retail", "4")],
}  # fmt: skip


def measure_row(code: str, **more: Any) -> dict[str, Any]:
    return {
        "code": code, "outcome": "O1", "title": f"Lamps lit {code[-1]}", "description": "Lamps lit at dusk.",
        "unit": "lamps", "unit_parts": [{"name": "lamps"}], "kind": KINDS.get(code, "record_only"),
        "aggregation": "sum", "evidence": "A lamp book.", "counting_rule": "Count each lamp once.",
    } | more  # fmt: skip


def value_row(place: str, sector: str, amount: str, **more: Any) -> dict[str, Any]:
    return {
        "place": place, "sector": sector, "amount": amount, "price_year": "2025", "source_name": "Lamp survey",
        "licence": "Open", "method": "Counted.", "valid_from": "2023-04-01",
    } | more  # fmt: skip


def sectored_edition(slug: str = "lamps-2026", **changes: Any) -> Edition:
    """``changes``: more of the fields of every measure, by code."""
    edition, ids = draft_edition(
        actor=SYSTEM,
        edition=EditionInput(
            framework={"slug": "lamps", "name": "Lamps", "owner": "Nobody", "licence": "Open", "about": ""},
            slug=slug, label=slug, valid_from=date(2020, 1, 1), valid_to=date(2020, 1, 2),
            themes=[{"code": "T1", "slug": "light", "name": "Light", "outcomes": [{"code": "O1", "name": "Light"}]}],
            measures=[measure_row(code, **changes.get(code, {})) for code in KINDS],
            double_counting=[], packs=[],
        ),
    )  # fmt: skip
    add_proxies(
        actor=SYSTEM, edition_id=edition.pk, measure_ids=ids,
        proxies={code: [value_row(*row) for row in rows] for code, rows in VALUES.items()},
    )  # fmt: skip
    publish_edition(actor=SYSTEM, edition_id=edition.pk, checksum=slug)
    edition.refresh_from_db()
    return edition


def lamp(code: str) -> Measure:
    return Measure.objects.get(edition__framework__slug="lamps", code=code)
