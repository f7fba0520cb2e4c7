"""What every part of a story needs: the values, the people, the days, and a chance that falls the same every time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from socialvalue.accounts.vocabulary import Role
from socialvalue.core.actor import Actor
from socialvalue.core.periods import add_months
from socialvalue.demo.dates import Days
from socialvalue.demo.people import Cast
from socialvalue.demo.stories.shape import Ending, Story

BEFORE_START = 110
"""Days from a tender's deadline to the first day of its contract."""


@dataclass
class Scene:
    story: Story
    days: Days
    cast: Cast
    chance: Random = field(init=False)

    def __post_init__(self) -> None:
        # Seeded by the story's own name: adding a story never changes another one.
        self.chance = Random(self.story.key)  # noqa: S311 - no secret rests on it

    def buyer(self, role: Role) -> Actor:
        return self.cast.at(self.story.authority, role)

    @property
    def officer(self) -> Actor:
        return self.buyer(Role.PROCUREMENT_OFFICER)

    @property
    def evaluators(self) -> list[Actor]:
        """The two of the panel."""
        return [self.cast.at(self.story.authority, Role.EVALUATOR, place) for place in (0, 1)]

    @property
    def starts_on(self) -> date:
        return self.days.quarter(self.story.starts)

    @property
    def ends_on(self) -> date:
        return add_months(self.starts_on, 3 * self.story.quarters) - timedelta(days=1)

    @property
    def deadline_on(self) -> date:
        """The day the tender closes; a weekday."""
        story, today = self.story, self.days.today
        if story.ending == Ending.SEALED:
            return _later_weekday(today + timedelta(days=story.days))
        if story.ending == Ending.DELIVERING:
            return _earlier_weekday(self.starts_on - timedelta(days=BEFORE_START))
        since = {Ending.AWARDED: 45, Ending.RANKED: 10}.get(story.ending, 0)
        return _earlier_weekday(today - timedelta(days=story.days + since))

    @property
    def awarded_on(self) -> date:
        if self.story.ending == Ending.AWARDED:
            return self.days.today - timedelta(days=self.story.days)
        return self.starts_on - timedelta(days=30)


def _earlier_weekday(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - 4))


def _later_weekday(day: date) -> date:
    return day + timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)
