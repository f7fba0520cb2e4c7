"""Choosing to be public, and to stop."""

from __future__ import annotations

from django.db import transaction

from reporting.open_data.models import Publication
from reporting.open_data.queries.publications import REGION, Publisher, choice_of
from reporting.open_data.vocabulary import Licence, PublicationDeed
from reporting.showcase.rules import reaches_somebody
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, RuleBroken

LONGEST = 500
CHANGED = (
    "Somebody else changed this public page while you were deciding. What you typed is still here."
)


@transaction.atomic
def choose_public(
    *,
    actor: Actor,
    kind: str,
    own_slug: str,
    intro: str,
    licence: str,
    data_note: str,
    expected_version: int,
) -> Publication:
    """Makes the page of the actor's authority, or of a region it leads, public, or changes its words.

    NotVisible for anybody else's, NotAllowed for who is not a manager, RuleBroken for words that are too long, Conflict
    when somebody else decided since ``expected_version`` (0: nobody yet) was seen.
    """
    chosen = choice_of(actor, kind, own_slug)
    words = {
        "intro": _tidy(intro, "intro", "The introduction"),
        "data_note": _tidy(data_note, "data_note", "The note on the data"),
    }
    if licence not in Licence.values:
        raise RuleBroken("Select a licence from the list", field="licence")
    now = clock.now()
    facts = words | {"licence": licence, "chosen_by_id": actor.person_id, "chosen_at": now}
    since = chosen.since or now
    if chosen.publication_id is None:
        if expected_version:
            raise Conflict(CHANGED)
        row = Publication.objects.create(
            organisation_id=None if chosen.is_region else chosen.id,
            region_id=chosen.id if chosen.is_region else None,
            slug=_free_slug(chosen),
            is_public=True,
            since=since,
            **facts,
        )
    else:
        row = _moved(chosen.publication_id, expected_version, is_public=True, since=since, **facts)
    deed = PublicationDeed.CHANGED if chosen.is_public else PublicationDeed.CHOSEN
    verb = "changed the public page of" if chosen.is_public else "made public the page of"
    record(
        actor=actor,
        deed=deed,
        sentence=f"{actor.name} {verb} {chosen.name}.",
        target=row,
        before={"is_public": chosen.is_public, "licence": chosen.licence, "intro": chosen.intro},
        after={"is_public": True, "licence": licence, **words},
    )
    return row


@transaction.atomic
def stop(*, actor: Actor, kind: str, own_slug: str, expected_version: int) -> Publication:
    """The page is no longer public. Conflict when it is not, or when somebody else decided meanwhile."""
    chosen = choice_of(actor, kind, own_slug)
    if not chosen.is_public or chosen.publication_id is None:
        raise Conflict("This page is not public.")
    row = _moved(
        chosen.publication_id,
        expected_version,
        is_public=False,
        since=None,
        chosen_by_id=actor.person_id,
        chosen_at=clock.now(),
    )
    record(
        actor=actor,
        deed=PublicationDeed.STOPPED,
        sentence=f"{actor.name} stopped publishing the page of {chosen.name}.",
        target=row,
        before={"is_public": True},
        after={"is_public": False},
    )
    return row


def _moved(pk: int, expected_version: int, **changes: object) -> Publication:
    found = Publication.objects.filter(pk=pk, version=expected_version)
    if not found.update(version=expected_version + 1, **changes):
        raise Conflict(CHANGED)
    return Publication.objects.get(pk=pk)


def _free_slug(chosen: Publisher) -> str:
    """Its own slug; a region that shares it with an authority says what it is."""
    slug = chosen.own_slug
    if Publication.objects.filter(slug=slug).exists():
        slug = f"{slug}-{'region' if chosen.kind == REGION else 'authority'}"
    return slug


def _tidy(text: str, field: str, name: str) -> str:
    words = text.replace("\r\n", "\n").strip()
    if len(words) > LONGEST:
        raise RuleBroken(f"{name} must be {LONGEST} characters or fewer", field=field)
    if reached := reaches_somebody(words):
        raise RuleBroken(
            f"Take out “{reached}”: a public page does not say how to reach a person", field=field
        )
    return words
