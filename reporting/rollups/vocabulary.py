from __future__ import annotations

from django.db.models import TextChoices


class RunKind(TextChoices):
    DRAIN = "drain", "Drain"
    REBUILD = "rebuild", "Rebuild"
    RECONCILE = "reconcile", "Reconcile"


class RunState(TextChoices):
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class RollupDeed(TextChoices):
    RESTARTED = "rollup_restarted", "Roll-up restarted"
