"""Who publishes, and what somebody who decides about it sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from reporting.open_data.models import Publication
from reporting.open_data.permissions import (
    NOT_A_MANAGER,
    can_see_authority,
    can_see_region,
    is_manager,
)
from reporting.open_data.vocabulary import LICENCE_ADDRESSES, Licence
from socialvalue.accounts import queries as accounts
from socialvalue.audit.queries import HistoryLine, history_of
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible

AUTHORITY, REGION = "authority", "region"
KINDS = (AUTHORITY, REGION)


@dataclass(frozen=True, slots=True)
class Publisher:
    """An authority or a region as its public page names it, whether or not it has one."""

    kind: str
    id: int
    own_slug: str
    """Of the authority or region itself."""
    name: str
    is_demonstration: bool
    publication_id: int | None = None
    slug: str = ""
    """The last part of the page's address."""
    is_public: bool = False
    since: datetime | None = None
    intro: str = ""
    licence: str = Licence.OGL3
    data_note: str = ""
    version: int = 0

    @property
    def is_region(self) -> bool:
        return self.kind == REGION

    @property
    def licence_name(self) -> str:
        return Licence(self.licence).label

    @property
    def licence_url(self) -> str:
        return LICENCE_ADDRESSES[Licence(self.licence)]

    @property
    def public_url(self) -> str:
        """Where the page is or would be."""
        return reverse("reporting:open_data:page", args=[self.slug])


def publishers() -> list[Publisher]:
    """Everybody who publishes: regions first, then authorities, by name. Public knowledge."""
    rows = Publication.objects.filter(is_public=True).select_related("organisation", "region__lead")
    found = [_publisher(row) for row in rows]
    return sorted(found, key=lambda row: (not row.is_region, row.name))


def publisher_at(slug: str) -> Publisher:
    """Who publishes at this address. NotVisible when nobody does."""
    row = (
        Publication.objects.filter(slug=slug, is_public=True)
        .select_related("organisation", "region__lead")
        .first()
    )
    if row is None:
        raise NotVisible
    return _publisher(row)


def publishing_ids() -> frozenset[int]:
    """The authorities that publish. Public knowledge."""
    rows = Publication.objects.filter(is_public=True, organisation_id__isnull=False)
    return frozenset(row for row in rows.values_list("organisation_id", flat=True) if row)


def addresses_of() -> dict[int, str]:
    """The public address of every authority that publishes, by its id."""
    rows = Publication.objects.filter(is_public=True, organisation_id__isnull=False)
    return {
        key: reverse("reporting:open_data:page", args=[slug])
        for key, slug in rows.values_list("organisation_id", "slug")
        if key
    }


def choices_of(actor: Actor) -> list[Publisher]:
    """What the actor's organisation may make public: itself, and the regions it leads. NotAllowed for who does not
    decide that."""
    if not is_manager(actor):
        raise NotAllowed(NOT_A_MANAGER)
    own = [choice_of(actor, AUTHORITY, accounts.organisation_of(actor).slug)]
    return own + [
        choice_of(actor, REGION, region.slug) for region in accounts.regions(actor.region_ids)
    ]


def choice_of(actor: Actor, kind: str, own_slug: str) -> Publisher:
    """One of them, by kind and by its own slug. NotVisible for anybody else's."""
    if kind == AUTHORITY:
        organisation = accounts.organisation(own_slug)
        if not can_see_authority(actor, organisation.pk):
            raise NotVisible
        row = Publication.objects.filter(organisation_id=organisation.pk).first()
        blank = Publisher(
            kind, organisation.pk, own_slug, organisation.name, organisation.is_demonstration
        )
    elif kind == REGION:
        region = accounts.region(own_slug)
        if not can_see_region(actor, region.pk):
            raise NotVisible
        row = Publication.objects.filter(region_id=region.pk).first()
        blank = Publisher(kind, region.pk, own_slug, region.name, region.lead.is_demonstration)
    else:
        raise NotVisible
    if not is_manager(actor):
        raise NotAllowed(NOT_A_MANAGER)
    return _publisher(row) if row is not None else blank


def history(actor: Actor, chosen: Publisher) -> list[HistoryLine]:
    """Who made it public and who stopped it; the choice was shown by ``choice_of``."""
    if chosen.publication_id is None:
        return []
    return history_of(target_type="publication", target_id=chosen.publication_id)


def _publisher(row: Publication) -> Publisher:
    subject = row.organisation or row.region
    if subject is None:  # the database says there is one
        raise NotVisible
    lead = row.organisation or (row.region.lead if row.region else None)
    return Publisher(
        REGION if row.region_id else AUTHORITY,
        subject.pk,
        subject.slug,
        subject.name,
        bool(lead and lead.is_demonstration),
        row.pk,
        row.slug,
        row.is_public,
        row.since,
        row.intro,
        row.licence,
        row.data_note,
        row.version,
    )
