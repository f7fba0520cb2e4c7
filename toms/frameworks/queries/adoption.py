"""Which editions an authority or a region uses on a day. Public knowledge between authorities."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from socialvalue.accounts.queries import region_of
from toms.frameworks.models import Adoption, Edition
from toms.frameworks.queries.editions import (
    EditionInfo,
    current_edition,
    editions_by_id,
    info_of,
)
from toms.frameworks.queries.packs import PackInfo, packs_used


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

    def packs(self) -> list[PackInfo]:
        """The adopter's own, else the edition's, cut to the sub-set."""
        return packs_used(self.edition.id, self.adoption_id, self.measure_ids)


@dataclass(frozen=True, slots=True)
class InUse:
    """What new tenders of an authority start with, and what may be asked for beside it."""

    main: EditionUsed
    beside: tuple[EditionUsed, ...]

    @property
    def all(self) -> tuple[EditionUsed, ...]:
        return (self.main, *self.beside)


def in_use(authority_id: int, on: date, *, edition_id: int | None = None) -> InUse:
    """The authority's own adoptions on that day, else its region's, else the open edition that is current.

    An authority keeps its own main edition where it has one; editions adopted beside it by the authority and by its
    region are both there, one a family. With ``edition_id`` the main edition is that one, whatever was adopted since:
    a tender keeps the edition it was started with. NotVisible when nothing is adopted and no open edition is published.
    """
    region = region_of(authority_id, on)
    own = _on(Adoption.objects.filter(authority_id=authority_id), on)
    regional = _on(Adoption.objects.filter(region=region), on) if region else []
    return _chosen([*own, *regional], on, edition_id)


def used_by_region(region_id: int, on: date) -> InUse:
    """What the region itself uses on that day: the measures that its members' count in."""
    return _chosen(_on(Adoption.objects.filter(region_id=region_id), on), on)


def in_use_of_members(region_id: int, authority_ids: Iterable[int], on: date) -> dict[int, InUse]:
    """What each of these members of a region uses on that day, as ``in_use`` says, without asking for each."""
    wanted = list(authority_ids)
    regional = _on(Adoption.objects.filter(region_id=region_id), on)
    own: dict[int | None, list[Adoption]] = {}
    for row in _on(Adoption.objects.filter(authority_id__in=wanted), on):
        own.setdefault(row.authority_id, []).append(row)
    shared = _chosen(regional, on)
    return {key: _chosen([*own[key], *regional], on) if key in own else shared for key in wanted}


def main_edition_id(
    on: date, *, authority_id: int | None = None, region_id: int | None = None
) -> int:
    """The main edition of ``in_use``, or for a region of ``used_by_region``, and nothing beside it: a query or two.

    NotVisible as there.
    """
    if authority_id is not None:
        region = region_of(authority_id, on)
        region_id = region.pk if region else None
    rows = Adoption.objects.filter(
        Q(authority_id__isnull=False, authority_id=authority_id)
        | Q(region_id__isnull=False, region_id=region_id),
        is_main=True,
    )
    # The authority's own come before its region's.
    found = (
        _holding(rows, on)
        .order_by(F("authority_id").asc(nulls_last=True), "-from_on", "-pk")
        .values_list("edition_id", flat=True)
        .first()
    )
    return current_edition(on).pk if found is None else found


def _holding(rows: QuerySet[Adoption], on: date) -> QuerySet[Adoption]:
    begun = rows.filter(from_on__lte=on).filter(Q(to_on__isnull=True) | Q(to_on__gte=on))
    return begun.filter(edition__withdrawn_at__isnull=True)


def _on(rows: QuerySet[Adoption], on: date) -> list[Adoption]:
    """What holds on the day, the latest begun first."""
    return list(
        _holding(rows, on)
        .select_related("edition__framework")
        .prefetch_related("measures")
        .order_by("-from_on", "-pk")
    )


def _chosen(rows: Sequence[Adoption], on: date, edition_id: int | None = None) -> InUse:
    used = _main(rows, on) if edition_id is None else _kept(rows, edition_id)
    beside: dict[str, EditionUsed] = {}
    for row in rows:
        family = row.edition.framework.slug
        if not row.is_main and family not in beside and row.edition_id != used.edition.id:
            beside[family] = _used(row)
    return InUse(used, tuple(beside.values()))


def _main(rows: Sequence[Adoption], on: date) -> EditionUsed:
    main = next((row for row in rows if row.is_main), None)
    return _used(main) if main is not None else _unadopted(current_edition(on))


def _kept(rows: Sequence[Adoption], edition_id: int) -> EditionUsed:
    """An edition as it is adopted on the day; whole and without a limit where it no longer is."""
    same = [row for row in rows if row.edition_id == edition_id]
    found = next((row for row in same if row.is_main), None) or next(iter(same), None)
    return _used(found) if found else _unadopted(editions_by_id([edition_id])[edition_id])


def _unadopted(edition: Edition) -> EditionUsed:
    return EditionUsed(info_of(edition), None, False, None, None)


def _used(row: Adoption) -> EditionUsed:
    chosen = frozenset(measure.pk for measure in row.measures.all())
    return EditionUsed(
        edition=info_of(row.edition),
        adoption_id=row.pk,
        by_region=row.region_id is not None,
        measure_ids=chosen or None,
        max_measures=row.max_measures,
    )
