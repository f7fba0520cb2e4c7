"""Which editions an authority or a region uses on a day. Public knowledge between authorities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from socialvalue.accounts.queries import region_of
from toms.frameworks.models import Adoption
from toms.frameworks.queries.editions import EditionInfo, _edition_info, current_edition


@dataclass(frozen=True, slots=True)
class EditionUsed:
    """An edition in use and what of it may be asked for."""

    edition: EditionInfo
    adoption_id: int | None
    """None: nobody adopted it; it is the open edition that holds on the day."""
    by_region: bool
    measure_ids: frozenset[int] | None
    """The corporate sub-set; None: the whole edition."""
    max_measures: int | None

    def allows(self, measure_id: int) -> bool:
        """Within the sub-set. Says nothing of measures of other editions."""
        return self.measure_ids is None or measure_id in self.measure_ids


@dataclass(frozen=True, slots=True)
class InUse:
    """What new tenders of an authority start with, and what may be asked for beside it."""

    main: EditionUsed
    beside: tuple[EditionUsed, ...]

    @property
    def all(self) -> tuple[EditionUsed, ...]:
        return (self.main, *self.beside)


def in_use(authority_id: int, on: date) -> InUse:
    """The authority's own adoptions on that day, else its region's, else the open edition that is current.

    An authority keeps its own main edition where it has one; editions adopted beside it by the authority and by its
    region are both there, one a family. NotVisible when nothing is adopted and no open edition is published.
    """
    region = region_of(authority_id, on)
    own = _on(Adoption.objects.filter(authority_id=authority_id), on)
    regional = _on(Adoption.objects.filter(region=region), on) if region else []
    return _chosen([*own, *regional], on)


def used_by_region(region_id: int, on: date) -> InUse:
    """What the region itself uses on that day: the measures that its members' count in."""
    return _chosen(_on(Adoption.objects.filter(region_id=region_id), on), on)


def _on(rows: QuerySet[Adoption], on: date) -> list[Adoption]:
    """What holds on the day, the latest begun first."""
    begun = rows.filter(from_on__lte=on).filter(Q(to_on__isnull=True) | Q(to_on__gte=on))
    return list(
        begun.filter(edition__withdrawn_at__isnull=True)
        .select_related("edition__framework")
        .prefetch_related("measures")
        .order_by("-from_on", "-pk")
    )


def _chosen(rows: Sequence[Adoption], on: date) -> InUse:
    main = next((row for row in rows if row.is_main), None)
    used = (
        EditionUsed(_edition_info(current_edition(on)), None, False, None, None)
        if main is None
        else _used(main)
    )
    beside: dict[str, EditionUsed] = {}
    for row in rows:
        family = row.edition.framework.slug
        if not row.is_main and family not in beside and row.edition_id != used.edition.id:
            beside[family] = _used(row)
    return InUse(used, tuple(beside.values()))


def _used(row: Adoption) -> EditionUsed:
    chosen = frozenset(measure.pk for measure in row.measures.all())
    return EditionUsed(
        edition=_edition_info(row.edition),
        adoption_id=row.pk,
        by_region=row.region_id is not None,
        measure_ids=chosen or None,
        max_measures=row.max_measures,
    )
