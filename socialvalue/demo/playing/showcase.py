"""Warwickshire's stories: one that everybody can read, and one that waits for an approver."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from reporting.showcase.queries import contract_choices, stories_for
from reporting.showcase.services import publish_story, send_story, start_story
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from socialvalue.demo.dates import Days
from socialvalue.demo.people import Cast

AUTHORITY = "warwickshire"


@dataclass(frozen=True, slots=True)
class StoryPlan:
    """What is told, and of which contract: the beginning of its title."""

    title: str
    summary: str
    body: str
    contract: str
    is_published: bool


PLANS = (
    StoryPlan(
        "A garden that a school had waited for",
        "While a primary school was being extended, the builder’s staff dug a kitchen garden with it.",
        "The yard behind the school was gravel. The builder’s staff asked what the school would like to have from the "
        "months of noise, and the answer was a place to grow things.\n\n"
        "On four Saturdays they brought soil, timber and tools, and built raised beds with families and neighbours. "
        "The first crop went into the school kitchen. The neighbours look after the beds in the holidays.",
        "Extension of a primary school",
        is_published=True,
    ),
    StoryPlan(
        "What a cleaner’s van no longer burns",
        "The firm that cleans the county’s offices planned its rounds anew, and drives less for the same work.",
        "Rounds had grown with the contracts, and vans crossed each other’s way. The firm drew them again around the "
        "places its staff live in.\n\n"
        "Shifts now begin nearer to home, and two vans were not replaced.",
        "Building cleaning",
        is_published=False,
    ),
)


def is_untold(cast: Cast) -> bool:
    """Whether any of it is still to be entered."""
    try:
        told = stories_for(cast.at(AUTHORITY, Role.REPORT_AUTHOR))
    except NotVisible:
        return True
    return bool({plan.title for plan in PLANS} - set(told.values_list("title", flat=True)))


def tell(days: Days, cast: Cast) -> None:
    """Enter the stories that are missing, each by its author and its approver."""
    author, approver = (cast.at(AUTHORITY, role) for role in (Role.REPORT_AUTHOR, Role.APPROVER))
    known = set(stories_for(author).values_list("title", flat=True))
    for plan in PLANS:
        if plan.title not in known:
            _tell(plan, days, author, approver)


def _tell(plan: StoryPlan, days: Days, author: Actor, approver: Actor) -> None:
    chosen = [
        int(key) for key, label in contract_choices(author) if label.startswith(plan.contract)
    ]
    with clock.at(days.by_now(days.today - timedelta(days=9), 11)):
        story = start_story(
            actor=author,
            title=plan.title,
            summary=plan.summary,
            body=plan.body,
            contract_id=chosen[0] if chosen else None,
        )
        story = send_story(
            actor=author, story_id=story.pk, expected_version=story.version, has_agreement=True
        )
    if plan.is_published:
        with clock.at(days.by_now(days.today - timedelta(days=7), 15)):
            publish_story(actor=approver, story_id=story.pk, expected_version=story.version)
