"""A region with its authorities, the open editions, and a small set of a council's own beside them."""

from __future__ import annotations

from datetime import date
from typing import Any

from socialvalue.accounts.models import Organisation
from socialvalue.accounts.queries import organisation, region
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.actor import SYSTEM, Actor
from tests.factories.accounts import actor_for_role
from toms.frameworks.models import Edition, Measure
from toms.frameworks.rules import Adopter
from toms.frameworks.services import EditionInput, adopt_edition, draft_edition, publish_edition
from toms.imports.services import load_measure_set, load_shipped_sets


def load_sets() -> None:
    """Both editions of the open set and the national model."""
    load_measure_set(actor=SYSTEM)
    load_shipped_sets(actor=SYSTEM)


def policy_owner(slug: str = "warwickshire") -> Actor:
    return actor_for_role(Role.POLICY_OWNER, organisation(slug))


def of(actor: Actor) -> Adopter:
    return Adopter(authority_id=actor.organisation_id)


def wmca_region() -> Adopter:
    return Adopter(region_id=region("west-midlands").pk)


def edition(slug: str) -> Edition:
    return Edition.objects.get(slug=slug)


def ids(slug: str, *codes: str) -> list[int]:
    rows = dict(Measure.objects.filter(edition__slug=slug).values_list("code", "pk"))
    return [rows[code] for code in codes]


def adopted(actor: Actor, slug: str, from_on: date, **more: Any):
    """Adopted by the actor's authority, unless another ``adopter`` is named."""
    return adopt_edition(
        actor=actor,
        **{
            "adopter": of(actor),
            "edition_id": edition(slug).pk,
            "from_on": from_on,
            "reference": "Cabinet, item 7",
        }
        | more,
    )


def own_set(
    holder: Organisation | None = None,
    *,
    slug: str = "county-2026",
    family: str = "county",
    codes: tuple[str, ...] = ("CTY1", "CTY2"),
    region_id: int | None = None,
) -> Edition:
    """A published edition of another family, of two measures with the same theme; held by ``holder`` if given."""
    row, _ = draft_edition(
        actor=SYSTEM,
        edition=EditionInput(
            framework={
                "slug": family, "name": "County set", "owner": "The county",
                "licence": "Open", "about": "",
            },
            slug=slug,
            label="2026",
            valid_from=date(2025, 4, 1),
            valid_to=None,
            themes=[
                {
                    "code": "C", "slug": "county", "name": "Matters of the county",
                    "outcomes": [{"code": "C1", "name": "More of it"}],
                }
            ],
            measures=[
                {
                    "code": code, "title": f"Deeds of kind {code}", "description": "What is done.",
                    "unit": "deeds", "unit_parts": [{"name": "deeds"}], "kind": "record_only",
                    "aggregation": "sum", "outcome": "C1", "evidence": "A list.",
                    "counting_rule": "Each once.",
                }
                for code in codes
            ],
            double_counting=[],
            packs=[
                {"slug": "roads", "name": "Roads", "cpv_prefixes": ["4523"], "measures": codes[:1]}
            ],
            holder_id=holder.pk if holder else None,
            region_id=region_id,
        ),
    )  # fmt: skip
    publish_edition(actor=SYSTEM, edition_id=row.pk, checksum=slug)
    row.refresh_from_db()
    return row
