"""What the record tells of the crosswalk: what it said before titles under a licence were kept to their readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from socialvalue.audit.queries.records import Telling, Told
from socialvalue.core.actor import Actor
from toms.frameworks import queries as frameworks
from toms.frameworks.queries.licences import readership
from toms.priorities.vocabulary import CrosswalkDeed


def tellings() -> list[Telling]:
    return [Telling(frozenset(CrosswalkDeed.values), again=_without_titles)]


def _without_titles(actor: Actor, told: Sequence[Told]) -> Mapping[int, str]:
    """Each sentence with the title of its measure withheld from who may not read it (docs/decisions/0030)."""
    reader = readership(actor)
    infos = frameworks.measure_infos(sorted({row.target_id for row in told if row.target_id}))
    editions = frameworks.editions_by_id(sorted({info.edition_id for info in infos.values()}))
    said: dict[int, str] = {}
    for row in told:
        info = infos.get(row.target_id or 0)
        if info is None:
            continue
        edition = editions[info.edition_id]
        if not reader.may_read(edition.holder_id, edition.region_id):
            said[row.id] = row.sentence.replace(info.title, reader.instead)
    return said
