"""What runs by the clock. Each entry names a task by its path; the task is a thin door to one service."""

from __future__ import annotations

BEAT_SCHEDULE = {
    # A message may be lost; the sweep finds what it would have announced.
    "drain-pending-postings": {
        "task": "reporting.rollups.tasks.drain",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "nightly-reconcile": {"task": "reporting.rollups.tasks.reconcile", "schedule": 24 * 60 * 60.0},
    "warn-before-deadlines": {
        "task": "procurement.bids.tasks.warn_before_deadlines",
        "schedule": 5 * 60.0,
        "options": {"expires": 5 * 60},
    },
    # It sends on Mondays only; an hour later it tries again what did not go.
    "hourly-weekly-letters": {
        "task": "procurement.reminders.tasks.send_digests",
        "schedule": 60 * 60.0,
        "options": {"expires": 60 * 60},
    },
    "tell-of-returned-claims": {
        "task": "procurement.reminders.tasks.tell_of_returns",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    # Sealed bids are written anew whether anything in them changed or not.
    "hourly-renew-places": {
        "task": "procurement.bids.tasks.renew_places",
        "schedule": 60 * 60.0,
        "options": {"expires": 60 * 60},
    },
    # Everything whose time is over, in every room, once a day; an hour later it tries again what broke off.
    "daily-purge-expired": {
        "task": "socialvalue.accounts.tasks.purge_expired",
        "schedule": 60 * 60.0,
        "options": {"expires": 60 * 60},
    },
    # A worker may be killed, a message lost: the sweep starts the job of a file again.
    "restart-silent-uploads": {
        "task": "procurement.deliveries.tasks.restart_silent_uploads",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    # The same for long lists that are written as files.
    "restart-silent-files": {
        "task": "procurement.downloads.tasks.restart_silent_files",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    # The same for reports that were to be frozen, or their files made.
    "restart-silent-report-jobs": {
        "task": "reporting.cabinet.tasks.restart_silent_jobs",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "hourly-draw-samples": {
        "task": "procurement.verifications.tasks.draw_samples",
        "schedule": 60 * 60.0,
        "options": {"expires": 60 * 60},
    },
    # It seals once a day, from two in the morning; an hour later it tries again what could not be sealed.
    "daily-seal": {
        "task": "socialvalue.audit.tasks.seal_day",
        "schedule": 60 * 60.0,
        "options": {"expires": 60 * 60},
    },
}
