"""Stories: as their authority sees them, and as everybody does once they are published."""

from reporting.showcase.queries.facts import ContractFacts
from reporting.showcase.queries.page import StoryPage, story_page, story_page_to
from reporting.showcase.queries.published import (
    PublishedStory,
    StoryCard,
    published_stories,
    published_story,
)
from reporting.showcase.queries.stories import (
    PhotoFile,
    StoryFilters,
    StoryLine,
    WaitingStory,
    contract_choices,
    may_start,
    stories_for,
    stories_returned,
    stories_table,
    stories_waiting,
    story_for,
    story_lines,
    story_photo,
    story_to_change,
)

__all__ = [
    "ContractFacts",
    "PhotoFile",
    "PublishedStory",
    "StoryCard",
    "StoryFilters",
    "StoryLine",
    "StoryPage",
    "WaitingStory",
    "contract_choices",
    "may_start",
    "published_stories",
    "published_story",
    "stories_for",
    "stories_returned",
    "stories_table",
    "stories_waiting",
    "story_for",
    "story_lines",
    "story_page",
    "story_page_to",
    "story_photo",
    "story_to_change",
]
