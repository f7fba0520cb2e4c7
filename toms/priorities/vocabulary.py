from __future__ import annotations

from django.db.models import TextChoices


class PriorityLevel(TextChoices):
    NATIONAL = "national", "National"
    REGIONAL = "regional", "Regional"
    COUNCIL = "council", "Council plan"


class LinkKind(TextChoices):
    MEASURE = "measure", "Measure"
    OUTCOME = "outcome", "Outcome"


class Standing(TextChoices):
    """Where a dated statement stands on a day."""

    IN_FORCE = "in_force", "In force"
    COMING = "coming", "Coming"
    PAST = "past", "Past"


class StatementDeed(TextChoices):
    STATEMENT_BEGUN = "statement_begun", "Statement of priorities written"
    STATEMENT_CORRECTED = "statement_corrected", "Statement of priorities corrected"
    STATEMENT_LAST_DAY = "statement_last_day", "Last day of a statement changed"
    STATEMENT_DROPPED = "statement_dropped", "Statement of priorities taken away"
    PRIORITY_LINKED = "priority_linked", "Links of a priority changed"


class Counted(TextChoices):
    """How a measure counts in the measures of its region."""

    NOT_MAPPED = "not_mapped", "Not mapped"
    MAPPED = "mapped", "Mapped"
    CARRIED = "carried", "Carried by code"
    EXCLUDED = "excluded", "Deliberately not counted"
    ITSELF = "itself", "Regional measure"


class CrosswalkDeed(TextChoices):
    MEASURE_MAPPED = "measure_mapped", "Measure mapped to a regional one"
    MEASURE_EXCLUDED = "measure_excluded", "Measure left out of the regional ones"
    MEASURE_UNMAPPED = "measure_unmapped", "Mapping of a measure taken away"
