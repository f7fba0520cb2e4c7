"""Editions: which there are, who may read them, which one holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from socialvalue.accounts.queries import members_of
from socialvalue.accounts.rules import Sight
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from toms.frameworks.models import Edition
from toms.frameworks.permissions import who_sees_edition
from toms.frameworks.queries.licences import readership
from toms.frameworks.vocabulary import (
    DEFAULT_FRAMEWORK,
    EditionStatus,
)


@dataclass(frozen=True, slots=True)
class EditionInfo:
    """A published edition with the family it belongs to."""

    id: int
    slug: str
    label: str
    framework_slug: str
    framework_name: str
    framework_owner: str
    framework_licence: str
    framework_about: str
    valid_from: date
    valid_to: date | None

    @property
    def name(self) -> str:
        """``Open measures 2026``; with its family where the label alone does not say which: ``County set, 2026``."""
        if self.framework_slug == DEFAULT_FRAMEWORK or self.label.startswith(self.framework_name):
            return self.label
        return f"{self.framework_name}, {self.label}"


def published_editions() -> QuerySet[Edition]:
    return Edition.objects.filter(status=EditionStatus.PUBLISHED).select_related("framework")


def edition(slug: str) -> Edition:
    """A published edition by slug. NotVisible when there is none."""
    found = published_editions().filter(slug=slug).first()
    if found is None:
        raise NotVisible(f"There is no published edition called {slug!r}.")
    return found


def editions_by_id(ids: Iterable[int]) -> dict[int, Edition]:
    return {
        row.pk: row for row in Edition.objects.filter(pk__in=set(ids)).select_related("framework")
    }


def edition_infos_by_id(ids: Iterable[int]) -> dict[int, EditionInfo]:
    """Editions by id with their families, without asking who reads."""
    return {key: info_of(row) for key, row in editions_by_id(ids).items()}


def editions_named(ids: Iterable[int]) -> dict[int, str]:
    """The name of each edition with its family. No actor: the caller has shown what rests on them."""
    return {pk: info_of(row).name for pk, row in editions_by_id(ids).items()}


def info_of(row: Edition) -> EditionInfo:
    family = row.framework
    return EditionInfo(
        row.pk, row.slug, row.label, family.slug, family.name, family.owner, family.licence,
        family.about, row.valid_from, row.valid_to,
    )  # fmt: skip


def visible_editions(actor: Actor) -> QuerySet[Edition]:
    """Published editions the actor may read: open ones, licensed ones of its organisation, and its region's."""
    published = published_editions().filter(withdrawn_at__isnull=True)
    if actor.is_system:
        return published
    return published.filter(readership(actor).editions())


def edition_infos(actor: Actor) -> list[EditionInfo]:
    """Every edition the actor may read: the open set first, then by family; the newest of a family first."""
    rows = visible_editions(actor).order_by("framework__name", "-valid_from", "-slug")
    found = [info_of(row) for row in rows]
    return sorted(found, key=lambda row: row.framework_slug != DEFAULT_FRAMEWORK)


def edition_info(actor: Actor, slug: str) -> EditionInfo:
    """One of them by slug. NotVisible when there is none."""
    found = visible_editions(actor).filter(slug=slug).first()
    if found is None:
        raise NotVisible(f"There is no published edition called {slug!r}.")
    return info_of(found)


def current_edition(on: date) -> Edition:
    """The newest published edition of the open set that is valid on that day; before the first one begins, the first.

    Other families (a licensed set, the national model) stand beside it and are never chosen by date alone; only where
    the open set is not loaded is one of them taken. NotVisible when nothing is published.
    """
    may = Q(framework__slug=DEFAULT_FRAMEWORK) | Q(holder__isnull=True)
    # A handful, the newest first: one query, whichever of them it is.
    rows = list(published_editions().filter(may).order_by("-valid_from", "pk"))
    rows = [row for row in rows if row.framework.slug == DEFAULT_FRAMEWORK] or rows
    valid = (
        row for row in rows if row.valid_from <= on and (row.valid_to is None or row.valid_to >= on)
    )
    found = next(valid, None) or next(reversed(rows), None)
    if found is None:
        raise NotVisible(
            "No set of measures is published yet. Load one with manage.py load_measures."
        )
    return found


def holder_of(edition_id: int) -> int | None:
    """The organisation whose licence an edition is held under; None for one that is open to everybody."""
    return Edition.objects.filter(pk=edition_id).values_list("holder_id", flat=True).first()


def held_checksums(actor: Actor) -> dict[int, str]:
    """The checksum of what each licensed edition says that the actor may read, by id."""
    rows = visible_editions(actor).filter(holder__isnull=False)
    return dict(rows.values_list("pk", "checksum"))


def edition_sights(actor: Actor, slug: str) -> tuple[Sight, ...]:
    """Who sees an edition that the actor may read. NotVisible when there is none."""
    found = visible_editions(actor).select_related("holder").filter(slug=slug).first()
    if found is None:
        raise NotVisible(f"There is no published edition called {slug!r}.")
    if found.holder is None:
        return who_sees_edition(None)
    members: list[tuple[int, str]] = []
    if found.region_id is not None:
        today = clock.today()
        members = [
            (row.organisation_id, row.name) for row in members_of(found.region_id, today, today)
        ]
    return who_sees_edition((found.holder.pk, found.holder.name), members)
