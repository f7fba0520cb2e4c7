"""Every procurement of the demonstration, as values."""

from __future__ import annotations

from socialvalue.demo.stories import birmingham, neighbours, warwickshire, wmca
from socialvalue.demo.stories.shape import Story

STORIES: tuple[Story, ...] = (
    *warwickshire.STORIES,
    *birmingham.STORIES,
    *neighbours.STORIES,
    *wmca.STORIES,
)
