"""Who may see, write and publish a story. ``why_not_…`` gives the reason, empty when the deed is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reporting.showcase.vocabulary import StoryStatus
from socialvalue.accounts.permissions import ANYONE, BUYER, acts_for, allowed, for_deed, is_buyer
from socialvalue.accounts.rules import Sight, elsewhere, everybody, people_of
from socialvalue.accounts.vocabulary import Deed
from socialvalue.core.errors import Conflict, NotAllowed

if TYPE_CHECKING:
    from reporting.showcase.models import Story
    from socialvalue.core.actor import Actor

__all__ = [
    "ABOUT_THE_PERSON",
    "ANYONE",
    "APPROVER",
    "AUTHOR",
    "AUTHOR_OR_APPROVER",
    "BUYER",
    "can_approve",
    "can_see",
    "can_see_photo",
    "can_write",
    "refuse",
    "who_sees_story",
    "why_not_change",
    "why_not_decide",
    "why_not_remove_photo",
    "why_not_reopen",
    "why_not_take_back",
    "why_not_withdraw",
]

AUTHOR = for_deed(Deed.WRITE_STORY)
APPROVER = for_deed(Deed.ANSWER_STORY)
AUTHOR_OR_APPROVER = for_deed(Deed.WRITE_STORY, Deed.ANSWER_STORY)
NOT_AUTHOR = (
    "Only a report author can write a story. Ask your organisation's administrator for that role."
)
NOT_APPROVER = (
    "Only an approver can answer a story. Ask your organisation's administrator for that role."
)
NOT_ALONE = "You wrote part of this story, so another approver must answer it."
NOT_WITHDRAWER = "Only a report author or an approver can withdraw a story."
ABOUT_THE_PERSON = frozenset({NOT_AUTHOR, NOT_APPROVER, NOT_ALONE, NOT_WITHDRAWER})
"""Reasons that stay whatever happens to the story; the others say that it has moved on."""
_WHEN_FIXED = {
    StoryStatus.AWAITING: "This story waits for approval. Take it back to change it.",
    StoryStatus.PUBLISHED: "This story is published. Withdraw it first, then open it again to change it.",
    StoryStatus.WITHDRAWN: "This story is withdrawn. Open it again to change it.",
}


def can_see(actor: Actor, story: Story) -> bool:
    """Before it is published too: people of its authority."""
    return is_buyer(actor) and acts_for(actor, story.authority_id)


def can_see_photo(actor: Actor, story: Story) -> bool:
    """Everybody once the story is published; else people of its authority."""
    return story.status == StoryStatus.PUBLISHED or can_see(actor, story)


def can_write(actor: Actor) -> bool:
    return is_buyer(actor) and allowed(actor, Deed.WRITE_STORY)


def can_approve(actor: Actor) -> bool:
    """The role alone; that it is another person is asked of the story."""
    return is_buyer(actor) and allowed(actor, Deed.ANSWER_STORY)


def why_not_change(actor: Actor, story: Story) -> str:
    """Also of sending it for approval."""
    return _why_not_author(actor, story) or _WHEN_FIXED.get(StoryStatus(story.status), "")


def why_not_take_back(actor: Actor, story: Story) -> str:
    waits = story.status == StoryStatus.AWAITING
    moved = "" if waits else "Only a story that waits for approval can be taken back."
    return _why_not_author(actor, story) or moved


def why_not_decide(actor: Actor, story: Story) -> str:
    """Publish it, or return it."""
    if not (can_see(actor, story) and can_approve(actor)):
        return NOT_APPROVER
    if story.status != StoryStatus.AWAITING:
        return "This story does not wait for approval."
    return NOT_ALONE if actor.user_id in story.writer_ids else ""


def why_not_withdraw(actor: Actor, story: Story) -> str:
    """A published story by an author or an approver, alone: taking down must be quick. A draft by an author."""
    if not (can_see(actor, story) and (can_write(actor) or can_approve(actor))):
        return NOT_WITHDRAWER
    if story.status == StoryStatus.AWAITING:
        return "This story waits for approval. Take it back first, or return it."
    if story.status == StoryStatus.WITHDRAWN:
        return "This story is withdrawn already."
    return _why_not_author(actor, story) if story.status == StoryStatus.DRAFT else ""


def why_not_reopen(actor: Actor, story: Story) -> str:
    withdrawn = story.status == StoryStatus.WITHDRAWN
    moved = "" if withdrawn else "Only a withdrawn story can be opened again."
    return _why_not_author(actor, story) or moved


def why_not_remove_photo(actor: Actor, story: Story) -> str:
    """Also from a withdrawn story: somebody in it may have taken back their agreement."""
    if not story.photo and can_see(actor, story) and can_write(actor):
        return "This story has no photo any more."
    if story.status == StoryStatus.WITHDRAWN:
        return _why_not_author(actor, story)
    return why_not_change(actor, story)


def _why_not_author(actor: Actor, story: Story) -> str:
    return "" if can_see(actor, story) and can_write(actor) else NOT_AUTHOR


def refuse(reason: str) -> None:
    """Nothing without a reason. NotAllowed where the person may not, Conflict where the story has moved on."""
    if reason:
        raise NotAllowed(reason) if reason in ABOUT_THE_PERSON else Conflict(reason)


def who_sees_story(authority: tuple[int, str], *, is_published: bool) -> list[Sight]:
    """What ``can_see`` asks, in words. ``authority`` is its id and its name; the public has an address of its own."""
    place, name = authority
    found = [
        people_of(name, place, Deed.READ_AUTHORITY, what="the story, who wrote it and its history"),
        people_of(name, place, Deed.WRITE_STORY, what="may change it while it is a draft"),
        people_of(
            name, place, Deed.ANSWER_STORY, what="may publish or return it, unless they wrote in it"
        ),
    ]
    if is_published:
        found.append(
            elsewhere(
                everybody(
                    "the story where the organisation shows its stories, without who wrote it",
                    "it is withdrawn",
                )
            )
        )
    return found
