"""Reading versioned data files into editions, values and priorities."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction

from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible, RuleBroken
from toms.frameworks import queries as frameworks
from toms.frameworks.services import EditionInput, draft_edition, publish_edition
from toms.priorities.services import put_aliases, put_priorities
from toms.proxies.services import add_proxies

ROOM = Path(__file__).parents[1]
OPEN_SET = ROOM / "data" / "open-2026.json"
SHIPPED_SETS = tuple(
    ROOM / "data" / f"{slug}.json"
    for slug in (
        "open-2026", "open-2026-27", "social-value-model-2020", "social-value-model-2025",
    )
)  # fmt: skip
"""Every edition that comes with the product, oldest first in its family. A published one is never edited: a change is a
new file."""
PRIORITIES = ROOM.parent / "priorities" / "data" / "priorities.json"
ALIASES = PRIORITIES.with_name("aliases.json")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a measure set did: its edition's slug, and how much it holds."""

    edition_slug: str
    measures: int
    proxies: int
    is_new: bool


@transaction.atomic
def load_measure_set(*, actor: Actor, source: Path = OPEN_SET) -> Loaded:
    """Load and publish the measure set of a data file. The same file twice changes nothing.

    RuleBroken when a published edition of the same name holds something else: an edition never changes, so the file
    needs a new slug.
    """
    content = source.read_bytes()
    checksum = hashlib.sha256(content).hexdigest()
    data = json.loads(content)
    slug = data["edition"]["slug"]
    proxies = {row["code"]: row.get("proxies", []) for row in data["measures"]}
    total = sum(len(rows) for rows in proxies.values())
    try:
        published = frameworks.edition(slug)
    except NotVisible:
        published = None
    if published is not None:
        if published.checksum != checksum:
            raise RuleBroken(
                f"{slug} is published with other content. Give the changed file a new edition slug."
            )
        return Loaded(slug, len(data["measures"]), total, is_new=False)
    valid_to = data["edition"].get("valid_to")
    edition, measure_ids = draft_edition(
        actor=actor,
        edition=EditionInput(
            framework=data["framework"],
            slug=slug,
            label=data["edition"]["label"],
            valid_from=date.fromisoformat(data["edition"]["valid_from"]),
            valid_to=date.fromisoformat(valid_to) if valid_to else None,
            themes=data["themes"],
            measures=data["measures"],
            double_counting=data["double_counting"],
            packs=data["packs"],
        ),
    )
    add_proxies(actor=actor, edition_id=edition.pk, measure_ids=measure_ids, proxies=proxies)
    publish_edition(actor=actor, edition_id=edition.pk, checksum=checksum)
    return Loaded(slug, len(measure_ids), total, is_new=True)


def load_shipped_sets(*, actor: Actor) -> list[Loaded]:
    """Load and publish every edition that comes with the product. Twice changes nothing."""
    return [load_measure_set(actor=actor, source=source) for source in SHIPPED_SETS]


def load_priorities(*, actor: Actor, source: Path = PRIORITIES) -> int:
    """Load the statements of priorities of a data file. Returns how many; twice changes nothing."""
    return put_priorities(actor=actor, sets=json.loads(source.read_text())["sets"])


def load_aliases(*, actor: Actor, source: Path = ALIASES) -> int:
    """Load the codes by which other families know measures of ours. Returns how many; twice changes nothing."""
    return put_aliases(actor=actor, families=json.loads(source.read_text())["families"])
