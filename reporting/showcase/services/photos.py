"""The photo of a story: kept privately, drawn anew, and described in words."""

from __future__ import annotations

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import transaction

from reporting.showcase.models import Story
from reporting.showcase.permissions import why_not_change, why_not_remove_photo
from reporting.showcase.rules import PHOTO_TYPES, alt_of
from reporting.showcase.services.steps import move, story_for_deed, tell
from reporting.showcase.services.writing import by
from reporting.showcase.vocabulary import StoryDeed
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import RuleBroken
from socialvalue.core.files import CheckedFile, check_file
from socialvalue.core.scanning import scanned

NO_PHOTO = {
    "photo": "",
    "photo_name": "",
    "photo_media_type": "",
    "photo_sha256": "",
    "photo_scanned_by": "",
    "photo_alt": "",
}


def add_photo(
    *, actor: Actor, story_id: int, expected_version: int, name: str, content: bytes
) -> Story:
    """Keep a photo, instead of the one before. It still waits for its words: ``describe_photo``.

    RuleBroken (field ``photo``) for what is no JPEG or PNG, too large, or refused by the scanner; Conflict when the
    story moved on.
    """
    with transaction.atomic():
        story_for_deed(actor, story_id, why_not_change)
    # Outside the transaction: a scanner may take seconds, and the database waits for nobody.
    checked, scanned_by = _looked_through(name, content)
    with transaction.atomic():
        story = story_for_deed(actor, story_id, why_not_change)
        old = story.photo.name
        story.photo.save(checked.name, ContentFile(checked.content), save=False)
        new, storage = story.photo.name or "", story.photo.storage
        try:
            move(
                story,
                expected_version,
                photo=new,
                photo_name=checked.name,
                photo_media_type=checked.media_type,
                photo_sha256=checked.sha256,
                photo_scanned_by=scanned_by,
                photo_alt="",
                changed_at=clock.now(),
                **by(actor, story),
            )
        except Exception:
            # Whatever stopped it, the transaction goes back and the file would stay without a row.
            storage.delete(new)
            raise
        tell(
            actor,
            StoryDeed.PHOTO_ADDED,
            story,
            f"added the photo {checked.name}.",
            after={"sha256": checked.sha256, "size": checked.size},
        )
        drop_later(storage, old)
    return story


def _looked_through(name: str, content: bytes) -> tuple[CheckedFile, str]:
    try:
        checked = check_file(name=name, content=content, max_bytes=settings.EVIDENCE_MAX_BYTES)
        finding = scanned(content)
    except RuleBroken as error:
        raise RuleBroken(error.message, field="photo") from error
    if checked.media_type not in PHOTO_TYPES:
        raise RuleBroken("The photo must be a JPEG or PNG picture", field="photo")
    return checked, finding.by if finding else ""


@transaction.atomic
def describe_photo(*, actor: Actor, story_id: int, expected_version: int, alt: str) -> Story:
    """What the photo shows, in words. RuleBroken (field ``alt``) without them, Conflict when the story moved on."""
    story = story_for_deed(actor, story_id, why_not_change)
    if not story.photo:
        raise RuleBroken("Choose a photo", field="photo")
    words, before = alt_of(alt), story.photo_alt
    move(story, expected_version, photo_alt=words, changed_at=clock.now(), **by(actor, story))
    tell(
        actor,
        StoryDeed.PHOTO_DESCRIBED,
        story,
        "wrote what the photo shows.",
        before={"alt": before},
        after={"alt": words},
    )
    return story


@transaction.atomic
def remove_photo(*, actor: Actor, story_id: int, expected_version: int) -> Story:
    """Take the photo out of a draft or a withdrawn story, and out of the store."""
    story = story_for_deed(actor, story_id, why_not_remove_photo)
    old, storage, gone = story.photo.name, story.photo.storage, story.photo_sha256
    name = story.photo_name
    move(story, expected_version, **NO_PHOTO, changed_at=clock.now(), **by(actor, story))
    tell(
        actor,
        StoryDeed.PHOTO_REMOVED,
        story,
        f"removed the photo {name}.",
        before={"sha256": gone},
    )
    drop_later(storage, old)
    return story


def drop_later(storage: Storage, name: str | None) -> None:
    """Once it is certain that no row names the file."""
    if name:
        transaction.on_commit(lambda: storage.delete(name), robust=True)
