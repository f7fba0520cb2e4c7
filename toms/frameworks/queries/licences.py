"""Who may be told the words of a set of measures: the one rule, for pages, files and searches alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from socialvalue.accounts.queries import region_of
from socialvalue.core import clock
from socialvalue.core.actor import Actor

WITHHELD = "title withheld, it is held under another authority's licence"
NOT_PUBLIC = "title not shown, it is held under an authority's licence"


@dataclass(frozen=True, slots=True)
class Readership:
    """Whom titles are told to. Open sets are told to everybody, a licensed one to its holder, and one that a region
    shares to that region's authorities. ``instead`` stands where a title is not told; the code and the unit are."""

    organisation_id: int | None = None
    region_ids: frozenset[int] = frozenset()
    instead: str = WITHHELD

    def may_read(self, holder_id: int | None, region_id: int | None) -> bool:
        """Whether the words of an edition with this holder and region are told."""
        if holder_id is None or holder_id == self.organisation_id:
            return True
        return region_id is not None and region_id in self.region_ids

    def editions(self, path: str = "") -> Q:
        """The same, asked of the database. ``path`` leads to the edition: ``measure__edition__``."""
        may = Q(**{f"{path}holder__isnull": True})
        if self.organisation_id is not None:
            may |= Q(**{f"{path}holder_id": self.organisation_id})
        if self.region_ids:
            may |= Q(**{f"{path}region_id__in": self.region_ids})
        return may


def readership(actor: Actor) -> Readership:
    """The acting organisation, with the region it belongs to today."""
    if actor.organisation_id is None:
        return Readership()
    region = region_of(actor.organisation_id, clock.today())
    return Readership(actor.organisation_id, frozenset({region.pk} if region else ()))


def everybody(region_ids: Iterable[int] = ()) -> Readership:
    """The public. On a region's own page it is told the titles that the region shares with its authorities."""
    return Readership(None, frozenset(region_ids), NOT_PUBLIC)
