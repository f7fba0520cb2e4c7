"""Gathers the rooms' jobs, because Celery looks here."""

from procurement.action_plans.tasks import start_plan
from procurement.bids.tasks import make_places, renew_places, warn_before_deadlines
from procurement.deliveries.tasks import (
    check_upload,
    post_upload,
    restart_silent_uploads,
    reverse_upload,
    write_claims,
)
from procurement.downloads.tasks import restart_silent_files
from procurement.ledger.tasks import write_entries
from procurement.reminders.tasks import note_feed_read, send_digests, tell_of_returns
from procurement.verifications.tasks import draw_samples

__all__ = [
    "check_upload",
    "draw_samples",
    "make_places",
    "note_feed_read",
    "post_upload",
    "renew_places",
    "restart_silent_files",
    "restart_silent_uploads",
    "reverse_upload",
    "send_digests",
    "start_plan",
    "tell_of_returns",
    "warn_before_deadlines",
    "write_claims",
    "write_entries",
]
