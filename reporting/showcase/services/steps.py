"""What every deed on a story begins and ends with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import F

from reporting.showcase.models import Story
from reporting.showcase.permissions import ABOUT_THE_PERSON, can_see
from reporting.showcase.vocabulary import StoryDeed
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible
from socialvalue.core.periods import uk_moment

MEANWHILE = "Somebody else changed this story meanwhile. Look at it again, then decide."
WHILE_WRITING = (
    "Somebody else changed this story while you were writing. What you typed is still here."
)


def story_for_deed(actor: Actor, story_id: int, why_not: Callable[[Actor, Story], str]) -> Story:
    """The story under a lock. NotVisible for another authority's, NotAllowed for who may not, Conflict when it has
    moved on since the person saw it."""
    story = (
        Story.objects.select_for_update(of=("self",))
        .select_related("authority")
        .filter(pk=story_id)
        .first()
    )
    if story is None or not can_see(actor, story):
        raise NotVisible
    reason = why_not(actor, story)
    if reason in ABOUT_THE_PERSON:
        raise NotAllowed(reason)
    if reason:
        raise Conflict(reason, changed=_state(story))
    return story


def _state(story: Story) -> dict[str, tuple[str, str]]:
    return {"State": (story.get_status_display(), "As you saw it before")}


def _changed(story: Story) -> dict[str, tuple[str, str]]:
    """Whose words are there now: not every deed has words of its own to compare."""
    on = uk_moment(story.changed_at.astimezone(clock.LONDON))
    return {
        "Story": (f"“{story.title}”, changed by {story.written_by}, {on}", "An earlier version")
    }


def move(story: Story, expected_version: int, **values: Any) -> None:
    """Compare and set: Conflict unless the story is still as the person saw it. ``story`` is as it is afterwards."""
    moved = Story.objects.filter(pk=story.pk, status=story.status, version=expected_version).update(
        version=F("version") + 1, **values
    )
    if not moved:
        raise Conflict(MEANWHILE, changed=_changed(story))
    story.refresh_from_db()


def tell(
    actor: Actor,
    deed: StoryDeed,
    story: Story,
    words: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    record(
        actor=actor,
        deed=deed,
        sentence=f"{actor.name} {words}",
        target=story,
        before=before,
        after=after,
    )
