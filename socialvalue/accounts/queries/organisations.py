"""Organisations as others may know them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from socialvalue.accounts.models import Organisation
from socialvalue.accounts.vocabulary import (
    AUTHORITY_KINDS,
    COUNTY_OF,
    MORE_AREAS,
    OrganisationKind,
)
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible


def authorities() -> QuerySet[Organisation]:
    """Every council and combined authority. Public knowledge."""
    return Organisation.objects.filter(kind__in=AUTHORITY_KINDS).order_by("name")


def only_examples() -> bool:
    """Every authority here is an example: a site that shows what this is, for those who are not signed in."""
    kinds = authorities().order_by().values_list("is_demonstration", flat=True).distinct()
    return list(kinds) == [True]


def suppliers() -> QuerySet[Organisation]:
    """Every supplier, for an authority that invites. Names only are public knowledge. None that was merged into
    another: whoever means it invites that one."""
    rows = Organisation.objects.filter(kind=OrganisationKind.SUPPLIER, merged_into__isnull=True)
    return rows.order_by("name")


def organisation(slug: str) -> Organisation:
    """One organisation by slug. NotVisible when there is none."""
    # PostgreSQL takes no text with a NUL, not even to look for.
    found = None if "\x00" in slug else Organisation.objects.filter(slug=slug).first()
    if found is None:
        raise NotVisible(f"There is no organisation called {slug!r}.")
    return found


def organisation_names(ids: Sequence[int]) -> dict[int, str]:
    rows = Organisation.objects.filter(pk__in=set(ids)).select_related("merged_into")
    return {row.pk: row.name_now for row in rows}


def surviving(ids: Iterable[int]) -> dict[int, int]:
    """By organisation, the one that goes on for it: itself, unless it was merged into another."""
    rows = Organisation.objects.filter(pk__in=set(ids))
    return dict(rows.values_list("pk", Coalesce("merged_into_id", "pk")))


def authority_named(name: str) -> Organisation | None:
    """The authority a notice means by this name: exact name or known alias, case and spacing aside."""
    wanted = _plain(name)
    for found in authorities():
        if wanted in {_plain(known) for known in (found.name, *found.aliases)}:
            return found
    return None


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", name.lower()).strip()


def name_taken(name: str) -> str:
    """The organisation that has this name already, case and spacing aside; nothing when none has."""
    wanted = _plain(name)
    names = Organisation.objects.order_by("pk").values_list("name", flat=True)
    return next((known for known in names if _plain(known) == wanted), "") if wanted else ""


def council_areas() -> list[tuple[str, str]]:
    """The areas an organisation can say it is in: slug, and the council whose area it is, in alphabetical order."""
    rows = Organisation.objects.filter(kind=OrganisationKind.COUNCIL)
    found = dict(rows.values_list("slug", "name"))
    return sorted((MORE_AREAS | found).items(), key=lambda area: area[1])


def county_of(place: str) -> str:
    """The county council's area that a district lies in; empty where one council does everything."""
    return COUNTY_OF.get(place, "")


def organisation_of(actor: Actor) -> Organisation:
    """The organisation the actor acts for. NotVisible without one."""
    if actor.organisation_id is None:
        raise NotVisible
    return Organisation.objects.get(pk=actor.organisation_id)
