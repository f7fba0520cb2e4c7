"""Stories: some that everybody can read, each with a picture, and one that waits for an approver."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from reporting.showcase.queries import contract_choices, stories_for
from reporting.showcase.services import (
    add_photo,
    describe_photo,
    publish_story,
    send_story,
    start_story,
)
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from socialvalue.demo.dates import Days
from socialvalue.demo.evidence import landscape
from socialvalue.demo.people import Cast


@dataclass(frozen=True, slots=True)
class Shown:
    """What the picture shows: in words, and how many beds, trees or hedges are drawn."""

    alt: str
    beds: int = 0
    trees: int = 0
    hedge: bool = False


@dataclass(frozen=True, slots=True)
class StoryPlan:
    """What is told, and of which contract: the beginning of its title."""

    authority: str
    title: str
    summary: str
    body: str
    contract: str
    shown: Shown | None = None
    is_published: bool = True


PLANS = (
    StoryPlan(
        "warwickshire",
        "A garden that a school had waited for",
        "While a primary school was being extended, the builder’s staff dug a kitchen garden with it.",
        "The yard behind the school was gravel. The builder’s staff asked what the school would like to have from the "
        "months of noise, and the answer was a place to grow things.\n\n"
        "On four Saturdays they brought soil, timber and tools, and built raised beds with families and neighbours. "
        "The first crop went into the school kitchen. The neighbours look after the beds in the holidays.",
        "Extension of a primary school",
        Shown("A drawing of four raised beds with green rows in front of a low hill.", beds=4),
    ),
    StoryPlan(
        "warwickshire",
        "Trees where the path turns to mud",
        "The firm that looks after the country parks planted along the paths that walkers had stopped using.",
        "After two wet winters, walkers left the paths along the ponds and wore new ones through the meadow. The firm "
        "that looks after the parks proposed trees and ditches instead of gravel.\n\n"
        "Volunteers planted with the firm’s staff through one winter, and came back in summer with water. What did not "
        "take was planted again. The paths are dry, and the meadow has closed.",
        "Grounds maintenance",
        Shown("A drawing of seven young trees beside a path.", trees=7),
    ),
    StoryPlan(
        "birmingham",
        "Saturdays on the allotments",
        "A trust that the city buys from opened overgrown allotments to neighbours, one Saturday at a time.",
        "Nine plots had been empty for years. The trust cleared them with neighbours, laid a path that a wheelchair "
        "can use, and put up a shed for tools that everybody may borrow.\n\n"
        "Today the plots are shared by families who cook together on Saturdays. What is over goes to a food bank "
        "around the corner.",
        "Volunteering in parks",
        Shown(
            "A drawing of three beds and a hedge under three trees.", beds=3, trees=3, hedge=True
        ),
    ),
    StoryPlan(
        "warwickshire",
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
        return any(plan.title not in _known(cast, plan.authority) for plan in PLANS)
    except NotVisible:
        return True


def _known(cast: Cast, slug: str) -> set[str]:
    told = stories_for(cast.at(slug, Role.REPORT_AUTHOR))
    return set(told.values_list("title", flat=True))


def tell(days: Days, cast: Cast) -> None:
    """Enter the stories that are missing, each by its author and its approver."""
    for number, plan in enumerate(PLANS):
        if plan.title not in _known(cast, plan.authority):
            author, approver = (
                cast.at(plan.authority, role) for role in (Role.REPORT_AUTHOR, Role.APPROVER)
            )
            _tell(plan, days, 9 + 5 * number, author, approver)


def _tell(plan: StoryPlan, days: Days, ago: int, author: Actor, approver: Actor) -> None:
    chosen = [
        int(key) for key, label in contract_choices(author) if label.startswith(plan.contract)
    ]
    with clock.at(days.by_now(days.today - timedelta(days=ago), 11)):
        story = start_story(
            actor=author,
            title=plan.title,
            summary=plan.summary,
            body=plan.body,
            contract_id=chosen[0] if chosen else None,
        )
        if plan.shown is not None:
            story = add_photo(
                actor=author,
                story_id=story.pk,
                expected_version=story.version,
                name="drawing.png",
                content=landscape(plan.shown.beds, plan.shown.trees, hedge=plan.shown.hedge),
            )
            story = describe_photo(
                actor=author,
                story_id=story.pk,
                expected_version=story.version,
                alt=plan.shown.alt,
            )
        # The tick says that whoever can be recognised agreed. A drawing shows nobody.
        story = send_story(
            actor=author, story_id=story.pk, expected_version=story.version, has_agreement=True
        )
    if plan.is_published:
        with clock.at(days.by_now(days.today - timedelta(days=ago - 2), 15)):
            publish_story(actor=approver, story_id=story.pk, expected_version=story.version)
