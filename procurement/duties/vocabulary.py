from __future__ import annotations

from django.db.models import TextChoices


class Event(TextChoices):
    """What starts a duty's clock. The label ends the sentence "Waits for …"."""

    COMMENCED = "commenced", "the procurement to commence"
    PUBLISHED = "published", "the tender to be published"
    AWARDED = "awarded", "the award decision"
    NOTICED = "noticed", "the bidders to be told of the award"
    SIGNED = "signed", "the contract to be signed"
    STARTED = "started", "the contract to start"
    ENDED = "ended", "the contract to end"
    HAPPENS = "happens", "it to happen"


class Every(TextChoices):
    """Whether a duty comes back."""

    ONCE = "once", "Once"
    YEAR = "year", "Every year of the contract and at its end"
    TIME = "time", "Each time it happens"


class Unit(TextChoices):
    DAYS = "days", "days"
    WORKING_DAYS = "working_days", "working days"


class LawSide(TextChoices):
    """On which side of the statutory threshold a duty lies."""

    ANY = "any", "Any value"
    AT_OR_ABOVE = "at_or_above", "At or above the threshold"
    BELOW = "below", "Below the threshold"


class DutyState(TextChoices):
    OVERDUE = "overdue", "Overdue"
    DUE = "due", "Due"
    NOT_YET = "not_yet", "Not yet"
    DONE = "done", "Done"
    DOES_NOT_APPLY = "does_not_apply", "Does not apply"


class DutyWindow(TextChoices):
    """What the list of the authority is narrowed to."""

    OPEN = "open", "Everything still to do"
    OVERDUE = "overdue", "Overdue"
    DAYS_30 = "30", "Due in the next 30 days"
    DAYS_90 = "90", "Due in the next 90 days"
    DONE = "done", "Done"


class DutyDeed(TextChoices):
    RECORDED = "duty_recorded", "Duty recorded as done"
    CORRECTED = "duty_corrected", "Record of a duty corrected"
