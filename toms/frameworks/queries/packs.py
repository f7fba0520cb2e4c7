"""Packs of measures that suit a kind of purchase."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from toms.frameworks.models import AdoptedPack, MeasurePack
from toms.frameworks.rules import best_pack


@dataclass(frozen=True, slots=True)
class PackInfo:
    slug: str
    name: str
    cpv_prefixes: tuple[str, ...]
    measure_ids: tuple[int, ...]


def packs_of(edition_id: int) -> list[PackInfo]:
    """The category packs of an edition, measures in reading order."""
    rows = MeasurePack.objects.filter(edition_id=edition_id).order_by("name")
    return [_pack(row) for row in rows.prefetch_related("measures")]


def _pack(row: MeasurePack | AdoptedPack) -> PackInfo:
    measures = sorted(row.measures.all(), key=lambda measure: measure.code_sort)
    return PackInfo(row.slug, row.name, tuple(row.cpv_prefixes), tuple(m.pk for m in measures))


def pack_for_cpv(edition_id: int, cpv: str) -> PackInfo | None:
    """The pack with the longest matching CPV prefix; without a match, the pack that names no prefix."""
    return best_pack(packs_of(edition_id), cpv)


def adopted_packs(adoption_id: int) -> list[PackInfo]:
    """The adopter's own packs, measures in reading order."""
    rows = AdoptedPack.objects.filter(adoption_id=adoption_id).order_by("name")
    return [_pack(row) for row in rows.prefetch_related("measures")]


def packs_used(
    edition_id: int, adoption_id: int | None, measure_ids: Collection[int] | None
) -> list[PackInfo]:
    """The adopter's own packs where it has any, else the edition's; both cut to the sub-set (None: the whole edition).

    A pack of which nothing is left is not there.
    """
    own = adopted_packs(adoption_id) if adoption_id is not None else []
    found = own or packs_of(edition_id)
    if measure_ids is None:
        return found
    cut = [
        replace(pack, measure_ids=tuple(pk for pk in pack.measure_ids if pk in measure_ids))
        for pack in found
    ]
    return [pack for pack in cut if pack.measure_ids]
