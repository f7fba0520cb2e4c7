"""Entering the demonstration: the region, its people, and some fifty procurements lived through to today.

Everything is written by the public services, as the person whose deed it is, with the clock held at the day it
happened. Nothing here knows a table. It can be stopped and started again at any point.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from procurement.policies.services import load_policies, load_thresholds
from procurement.procurements import queries as procurements
from reporting.rollups.services import drain, reconcile
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import NotVisible, RuleBroken
from socialvalue.core.jobs import run_inline
from socialvalue.core.letters import unsent
from socialvalue.demo import people
from socialvalue.demo.dates import OLDEST_QUARTER, Days
from socialvalue.demo.people import Cast, sign_ins
from socialvalue.demo.playing import (
    adoption,
    crosswalk,
    departures,
    duties,
    overseeing,
    own_measures,
    priorities,
    region,
    reporting,
    seals,
    showcase,
)
from socialvalue.demo.playing.entering import submission_key
from socialvalue.demo.playing.scene import Scene
from socialvalue.demo.playing.story import play
from socialvalue.demo.stories import STORIES
from socialvalue.demo.stories.shape import Story
from toms.imports.services import (
    load_aliases,
    load_measure_set,
    load_priorities,
    load_shipped_sets,
)

__all__ = ["is_seeded", "seed", "sign_ins"]

Say = Callable[[str], None]


def is_seeded() -> bool:
    """Whether everything of the demonstration has been entered."""
    cast = Cast()
    return (
        not any(_unplayed(cast))
        and not adoption.is_unplayed(cast)
        and not priorities.is_unplayed(cast)
        and not overseeing.is_unplayed(cast)
        and not departures.is_unplayed(cast)
        and not own_measures.is_unplayed(Days(clock.now()), cast)
        and not crosswalk.is_unplayed(cast)
        and not any(duties.unplayed(cast))
        and not any(reporting.unwritten(Days(clock.now()), cast))
        and not region.is_unplayed(cast)
        and not showcase.is_untold(cast)
        and not people.is_unsettled(cast)
        and not seals.is_unsealed()
    )


def seed(say: Say) -> None:
    """Enter what is missing of the demonstration; nothing when it is all there.

    RuleBroken when the database holds authorities that are not marked as demonstration.
    """
    if is_seeded():
        return
    _refuse_real_data()
    days = Days(clock.now())
    with run_inline(), unsent():
        with clock.at(days.moment(days.quarter(OLDEST_QUARTER - 4))):
            say("  policies, thresholds and measures")
            people.load_region()
            load_thresholds(actor=SYSTEM)
            load_policies(actor=SYSTEM)
            load_priorities(actor=SYSTEM)
            load_measure_set(actor=SYSTEM)
            load_aliases(actor=SYSTEM)
            say("  people of five authorities and fourteen suppliers")
            people.settle()
        cast = Cast()
        adoption.play(days, cast)
        priorities.play(days, cast)
        own_measures.play(days, cast)
        overseeing.set_rules(days, cast)
        _play_all(say, days, cast)
        seals.seal(days, 3)
        overseeing.play(days, cast)
        departures.play(days, cast)
        say("  the pipeline and the calendar of duties")
        duties.play(days, cast)
        seals.seal(days, 2)
        say("  totals")
        drain()
        reconcile()
        say("  newer measure sets")
        # Last: what was tendered before keeps the edition that was there, as it would have been.
        load_shipped_sets(actor=SYSTEM)
        load_priorities(actor=SYSTEM)  # again: what serves them is in the sets
        crosswalk.play(days, cast)
        say("  what the region and the public see")
        region.play(days, cast)
        showcase.tell(days, cast)
        say("  reports of every kind")
        # A list: what is written counts as known.
        for report in list(reporting.unwritten(days, cast)):
            reporting.write(report, days, cast)
        people.invite_newcomer()
        seals.seal(days, 1)


def _play_all(say: Say, days: Days, cast: Cast) -> None:
    waiting = list(_unplayed(cast))
    for slug, name in people.AUTHORITIES.items():
        stories = [story for story in waiting if story.authority == slug]
        if stories:
            say(f"  {len(stories)} procurements of {name}")
        for story in stories:
            play(Scene(story, days, cast))


def _unplayed(cast: Cast) -> Iterator[Story]:
    """The stories that are not entered yet."""
    for slug in people.AUTHORITIES:
        known = _known_keys(cast, slug)
        for story in STORIES:
            if story.authority == slug and submission_key(story.key) not in known:
                yield story


def _known_keys(cast: Cast, slug: str) -> set[str]:
    try:
        officer = cast.at(slug, Role.PROCUREMENT_OFFICER)
    except NotVisible:
        return set()
    return set(procurements.procurement_list(officer).values_list("submission_key", flat=True))


def _refuse_real_data() -> None:
    if accounts.authorities().filter(is_demonstration=False).exists():
        raise RuleBroken(
            "This database holds authorities that are not marked as demonstration, so nothing was entered. "
            "Use an empty database for the demonstration."
        )
