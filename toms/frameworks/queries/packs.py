"""Packs of measures that suit a kind of purchase."""

from __future__ import annotations

from dataclasses import dataclass

from toms.frameworks.models import MeasurePack


@dataclass(frozen=True, slots=True)
class PackInfo:
    slug: str
    name: str
    cpv_prefixes: tuple[str, ...]
    measure_ids: tuple[int, ...]


def packs_of(edition_id: int) -> list[PackInfo]:
    """The category packs of an edition, measures in reading order."""
    found = []
    packs = (
        MeasurePack.objects.filter(edition_id=edition_id)
        .order_by("name")
        .prefetch_related("measures")
    )
    for row in packs:
        measures = sorted(row.measures.all(), key=lambda measure: measure.code_sort)
        found.append(
            PackInfo(row.slug, row.name, tuple(row.cpv_prefixes), tuple(m.pk for m in measures))
        )
    return found


def pack_for_cpv(edition_id: int, cpv: str) -> PackInfo | None:
    """The pack with the longest matching CPV prefix; without a match, the pack that names no prefix."""
    packs = packs_of(edition_id)
    best: tuple[int, PackInfo] | None = None
    for pack in packs:
        for prefix in pack.cpv_prefixes:
            if cpv and cpv.startswith(prefix) and (best is None or len(prefix) > best[0]):
                best = (len(prefix), pack)
    return best[1] if best else next((pack for pack in packs if not pack.cpv_prefixes), None)
