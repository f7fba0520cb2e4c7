"""Letters from stored due dates, each sent once; when they go; calendars."""

from procurement.reminders.services.digests import send_digests
from procurement.reminders.services.feeds import (
    announce_read,
    make_feed,
    note_feed_read,
    revoke_feed,
)
from procurement.reminders.services.returning import tell_of_returns
from procurement.reminders.services.timing import set_rule

__all__ = [
    "announce_read",
    "make_feed",
    "note_feed_read",
    "revoke_feed",
    "send_digests",
    "set_rule",
    "tell_of_returns",
]
