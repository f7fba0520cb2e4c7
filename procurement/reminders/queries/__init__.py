"""Who is reminded of what and when, what was sent, and calendars."""

from procurement.reminders.queries.due import due_for
from procurement.reminders.queries.feeds import FeedCalendar, calendar_of, hashed
from procurement.reminders.queries.pages import (
    FeedView,
    SentAbout,
    SentToMe,
    mine,
    my_feed,
    my_rows,
    sent_about,
)
from procurement.reminders.queries.people import Recipient, people_at, recipients
from procurement.reminders.queries.timing import RuleView, rule_of, timings

__all__ = [
    "FeedCalendar",
    "FeedView",
    "Recipient",
    "RuleView",
    "SentAbout",
    "SentToMe",
    "calendar_of",
    "due_for",
    "hashed",
    "mine",
    "my_feed",
    "my_rows",
    "people_at",
    "recipients",
    "rule_of",
    "sent_about",
    "timings",
]
