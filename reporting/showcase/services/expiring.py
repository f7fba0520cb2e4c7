"""Removes photos that nobody is shown any more."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from reporting.showcase.models import Story
from reporting.showcase.queries import expired
from reporting.showcase.services.photos import NO_PHOTO, drop_later
from reporting.showcase.services.steps import tell
from reporting.showcase.vocabulary import StoryDeed
from socialvalue.core.actor import Actor
from socialvalue.core.purging import Purge, only_the_clock


@transaction.atomic
def remove_old_photos(*, actor: Actor) -> int:
    """Photos of stories that were withdrawn long ago; how many. The story itself stays, with its history."""
    only_the_clock(actor)
    removed = 0
    for story in expired.old_photos().select_for_update(of=("self",)):
        name, storage, gone = story.photo.name, story.photo.storage, story.photo_sha256
        Story.objects.filter(pk=story.pk).update(**NO_PHOTO, version=F("version") + 1)
        tell(
            actor,
            StoryDeed.PHOTO_REMOVED,
            story,
            f"removed the photo {story.photo_name}: its time was over.",
            before={"sha256": gone},
        )
        drop_later(storage, name)
        removed += 1
    return removed


PURGES = (
    Purge(
        "story_photos",
        "photos of stories that were withdrawn",
        lambda: expired.old_photos().count(),
        remove_old_photos,
    ),
)
