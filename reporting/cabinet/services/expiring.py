"""Removes texts that somebody typed and never saved, and those of somebody who is forgotten."""

from __future__ import annotations

from django.db import transaction

from reporting.cabinet.models import SectionDraft
from reporting.cabinet.queries import expired
from socialvalue.core.actor import Actor
from socialvalue.core.purging import Purge, only_the_clock


@transaction.atomic
def remove_old_texts(*, actor: Actor) -> int:
    """Texts typed in a section long ago and not saved; how many."""
    only_the_clock(actor)
    return expired.old_section_drafts().delete()[0]


@transaction.atomic
def forget_person(*, actor: Actor, user_id: int, email: str) -> None:
    """What somebody who is erased has typed and not saved."""
    del actor, email
    SectionDraft.objects.filter(user_id=user_id).delete()


PURGES = (
    Purge(
        "kept_texts",
        "texts of reports that were not saved",
        lambda: expired.old_section_drafts().count(),
        remove_old_texts,
    ),
)
