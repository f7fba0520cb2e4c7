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
    # Sealed bids are written anew whether anything in them changed or not.
    "hourly-renew-places": {
        "task": "procurement.bids.tasks.renew_places",
        "schedule": 60 * 60.0,
        "options": {"expires": 60 * 60},
    },
    "daily-clear-loose-evidence": {
        "task": "procurement.deliveries.tasks.clear_loose_evidence",
        "schedule": 24 * 60 * 60.0,
    },
}
