"""From draft to published and back: two people, each step once."""

from __future__ import annotations

from django.db import transaction
from django.utils.text import slugify

from procurement.awards import queries as awards
from reporting.showcase.models import Story
from reporting.showcase.permissions import (
    why_not_change,
    why_not_decide,
    why_not_reopen,
    why_not_take_back,
    why_not_withdraw,
)
from reporting.showcase.rules import alt_of, reason_of
from reporting.showcase.services.steps import move, story_for_deed, tell
from reporting.showcase.services.writing import by
from reporting.showcase.vocabulary import StoryDeed, StoryStatus
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import RuleBroken

NOT_SENT = {"sent_by_id": None, "sent_at": None, "has_agreement": False}
NOT_APPROVED = {"approved_by_id": None, "approved_at": None}
LONGEST_SLUG_WORDS = 80


@transaction.atomic
def send_story(*, actor: Actor, story_id: int, expected_version: int, has_agreement: bool) -> Story:
    """Ask for approval. RuleBroken without the agreement of those who can be recognised, or words for the photo."""
    story = story_for_deed(actor, story_id, why_not_change)
    if not has_agreement:
        raise RuleBroken(
            "Confirm that everybody who can be recognised has agreed, and that it holds no personal data",
            field="has_agreement",
        )
    if story.photo:
        try:
            alt_of(story.photo_alt)
        except RuleBroken as error:
            raise RuleBroken("Say what the photo shows before you send the story.") from error
    move(
        story,
        expected_version,
        status=StoryStatus.AWAITING,
        has_agreement=True,
        sent_by_id=actor.person_id,
        sent_at=clock.now(),
        reason="",
        **by(actor, story),
    )
    tell(
        actor,
        StoryDeed.SENT,
        story,
        "sent the story for approval: everybody who can be recognised has agreed, and it holds no personal data.",
        after={"title": story.title, "photo": story.photo_sha256, "has_agreement": True},
    )
    return story


@transaction.atomic
def take_back_story(*, actor: Actor, story_id: int, expected_version: int) -> Story:
    """Back to a draft, before it is answered."""
    story = story_for_deed(actor, story_id, why_not_take_back)
    move(story, expected_version, status=StoryStatus.DRAFT, **NOT_SENT)
    tell(actor, StoryDeed.TAKEN_BACK, story, "took the story back to change it.")
    return story


@transaction.atomic
def publish_story(*, actor: Actor, story_id: int, expected_version: int) -> Story:
    """Approve it: everybody can read it. NotAllowed for whoever wrote part of it.

    RuleBroken when its contract is not a signed one any more. The version is that of the words the approver read.
    """
    story = story_for_deed(actor, story_id, why_not_decide)
    if story.contract_id and awards.contract_brief(story.contract_id).signed_on is None:
        raise RuleBroken("The contract of this story is not signed. Return it with that reason.")
    words = slugify(story.title)[:LONGEST_SLUG_WORDS].strip("-") or "story"
    move(
        story,
        expected_version,
        status=StoryStatus.PUBLISHED,
        slug=f"{words}-{story.pk}",
        approved_by_id=actor.person_id,
        approved_at=clock.now(),
    )
    tell(
        actor,
        StoryDeed.PUBLISHED,
        story,
        "approved and published the story.",
        after={
            "title": story.title,
            "summary": story.summary,
            "body": story.body,
            "contract": story.contract_id,
            "photo": story.photo_sha256,
            "alt": story.photo_alt,
            "slug": story.slug,
        },
    )
    return story


@transaction.atomic
def return_story(*, actor: Actor, story_id: int, expected_version: int, reason: str) -> Story:
    """Back to its author with a reason, as a draft. NotAllowed for whoever wrote part of it."""
    story = story_for_deed(actor, story_id, why_not_decide)
    words = reason_of(reason)
    move(story, expected_version, status=StoryStatus.DRAFT, reason=words, **NOT_SENT)
    tell(
        actor,
        StoryDeed.RETURNED,
        story,
        f"returned the story: {words}",
        after={"reason": words},
    )
    return story


@transaction.atomic
def withdraw_story(*, actor: Actor, story_id: int, expected_version: int, reason: str) -> Story:
    """Take a published story down at once, or put a draft away. The row and its history stay."""
    story = story_for_deed(actor, story_id, why_not_withdraw)
    words, was = reason_of(reason), story.status
    move(
        story,
        expected_version,
        status=StoryStatus.WITHDRAWN,
        reason=words,
        withdrawn_by_id=actor.person_id,
        withdrawn_at=clock.now(),
    )
    tell(
        actor,
        StoryDeed.WITHDRAWN,
        story,
        f"withdrew the story: {words}",
        before={"status": was},
        after={"reason": words},
    )
    return story


@transaction.atomic
def reopen_story(*, actor: Actor, story_id: int, expected_version: int) -> Story:
    """A withdrawn story becomes a draft again; to be published it is approved anew."""
    story = story_for_deed(actor, story_id, why_not_reopen)
    move(
        story,
        expected_version,
        status=StoryStatus.DRAFT,
        reason="",
        withdrawn_by_id=None,
        withdrawn_at=None,
        **NOT_SENT,
        **NOT_APPROVED,
    )
    tell(actor, StoryDeed.REOPENED, story, "opened the story again to work on it.")
    return story
